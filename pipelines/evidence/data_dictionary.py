"""The data dictionary: every factor with levels, unit and range, and where this study collected it."""

from collections.abc import Mapping
from dataclasses import dataclass

from pipelines.codebook import Codebook, Factor, load_codebook
from pipelines.evidence import words
from pipelines.evidence.parts import Numbers
from pipelines.privacy.disclosure import hides
from pipelines.store.tables import Store

NOT_COLLECTED = "not collected in this study"
OWN_RECORD = "the study’s own record, no question"
RECORD = "record"
KIND_WORDS = {
    "yes_no": "yes or no",
    "levels": "one of",
    "derived_levels": "worked out from the log: one of",
    "scale": "scale",
    "count": "whole number",
    "number": "number",
}
GRAIN_WORDS = {"session": "in the session", "day": "in the diary", "person": "once a person"}
COLUMNS = (
    "factor",
    "label",
    "theme",
    "kind",
    "levels",
    "unit",
    "minimum",
    "maximum",
    "recorded",
    "time_order",
    "role",
    "people_in_this_study",
    "note",
)


@dataclass(frozen=True)
class FactorEntry:
    """One factor: name, what its values are, where it can stand, and whether this study has it."""

    id: str
    label: str
    theme: str
    values: str
    recorded: str
    here: str

    @property
    def text(self) -> str:
        """What a search looks through."""
        return " ".join((self.id, self.label, self.theme, self.values, self.recorded, self.here)).lower()


@dataclass(frozen=True)
class InstrumentEntry:
    """One published questionnaire: what it measures, how it is scored, and under which terms it may be used."""

    name: str
    measures: str
    scoring: str
    missing: str
    recall: str
    licence: str
    citation: str


@dataclass(frozen=True)
class DataDictionary:
    """All factors and questionnaires; `collected` of the `known` factors, its own records aside, are in this study."""

    factors: tuple[FactorEntry, ...]
    instruments: tuple[InstrumentEntry, ...]
    collected: int
    known: int
    numbers: Numbers


def data_dictionary(store: Store) -> DataDictionary:
    """The dictionary of an open store."""
    codebook = load_codebook()
    factors = [each for each in codebook.factors.values() if each.role != "placebo"]
    counted = [each for each in factors if each.role != RECORD]
    people = _people(store, codebook)
    everyone, minimum = int(store.participants.count().execute()), store.info.minimum_cell
    told = {each.id: _here(each, people.get(each.id, 0), everyone, minimum) for each in factors}
    return DataDictionary(
        tuple(_entry(each, codebook, told[each.id][1]) for each in factors),
        tuple(_instrument(name, codebook) for name in codebook.instruments),
        sum(people.get(each.id, 0) > 0 for each in counted),
        len(counted),
        Numbers("data-dictionary", COLUMNS, tuple(_row(each, codebook, *told[each.id]) for each in factors)),
    )


def _people(store: Store, codebook: Codebook) -> Mapping[str, int]:
    """How many people have a value of each factor, wherever it was recorded; what nobody has is left out."""
    sessions, people = store.sessions, store.participants
    known = {
        name: sessions.participant_id.nunique(where=sessions[name].notnull())
        for name in _columns(sessions, codebook)
    }
    fixed = {name: people[name].count() for name in _columns(people, codebook)}
    answers = store.responses.group_by("factor").aggregate(people=store.responses.participant_id.nunique())
    found: dict[str, int] = {}
    for counts in (sessions.aggregate(**known), people.aggregate(**fixed)):
        for name, count in counts.to_pyarrow().to_pylist()[0].items():
            found[name] = max(found.get(name, 0), int(count))
    for row in answers.to_pyarrow().to_pylist():
        found[row["factor"]] = max(found.get(row["factor"], 0), int(row["people"]))
    return found


def _columns(table, codebook: Codebook) -> list[str]:
    return [name for name in table.columns if name in codebook.factors]


def _here(factor: Factor, people: int, everyone: int, minimum: int) -> tuple[int | None, str]:
    """How many people of this study have it, None where that stays hidden; and the words."""
    if factor.derived:
        return None, "worked out from the log"
    if factor.restricted:
        return None, "restricted: told nowhere"
    if factor.role == RECORD:
        return None, OWN_RECORD
    if people == 0:
        return 0, NOT_COLLECTED
    if hides(people, everyone, minimum):
        return None, "collected; how many have it stays hidden"
    return people, f"collected, {words.people(people)}"


def _entry(factor: Factor, codebook: Codebook, here: str) -> FactorEntry:
    recorded = (
        "from the log" if factor.derived else words.joined([GRAIN_WORDS[each] for each in factor.grains])
    )
    return FactorEntry(
        factor.id, factor.label, codebook.themes[factor.theme], _values(factor), recorded, here
    )


def _values(factor: Factor) -> str:
    """Kind with levels, or unit and range."""
    levels = ", ".join(f"{level.label} ({level.code})" for level in factor.levels)
    if not factor.is_numeric:
        return KIND_WORDS[factor.kind] if factor.kind == "yes_no" else f"{KIND_WORDS[factor.kind]} {levels}"
    unit = f" {factor.unit}" if factor.unit else ""
    limits = f"{factor.minimum:g} to {factor.maximum:g}{unit}"
    bands = f"; compared as {levels}" if levels else ""
    return f"{KIND_WORDS[factor.kind]}, {limits}{bands}"


def _row(factor: Factor, codebook: Codebook, people: int | None, here: str) -> tuple[str | float | None, ...]:
    return (
        factor.id,
        factor.label,
        codebook.themes[factor.theme],
        factor.kind,
        " | ".join(f"{level.code}={level.label}" for level in factor.levels),
        factor.unit,
        factor.minimum,
        factor.maximum,
        " | ".join(factor.grains),
        factor.order,
        factor.role,
        people,
        here,
    )


def _instrument(name: str, codebook: Codebook) -> InstrumentEntry:
    entry = codebook.instruments[name]
    turned = (
        f"; items {words.listed([str(item) for item in entry.reversed_items])} are turned round"
        if entry.reversed_items
        else ""
    )
    scored = "turned into a T score by the publisher's table" if entry.score_table else "added up"
    scoring = (
        f"{entry.items} items from {entry.item_minimum} to {entry.item_maximum}{turned}; {scored}, "
        f"{entry.total_minimum:g} to {entry.total_maximum:g}. {_sentence('Marks in use: ' + entry.cut_offs) if entry.cut_offs else ''}"
    )
    recall = f"asks about {entry.recall_days} days" if entry.recall_days > 1 else "asks about that day"
    return InstrumentEntry(
        entry.name,
        codebook.factors[entry.factor].label,
        scoring.strip(),
        entry.missing_rule,
        recall,
        entry.licence,
        entry.citation,
    )


def _sentence(text: str) -> str:
    return text if text.endswith(".") else f"{text}."
