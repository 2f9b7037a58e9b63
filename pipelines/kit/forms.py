"""The forms of the study kit, by the level at which the codebook asks each factor."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from pipelines import DATA
from pipelines.codebook import Codebook, Factor, Instrument, Level, load_codebook
from pipelines.datafiles import read_entries
from pipelines.settings import Settings, load_settings

KIT = DATA / "kit"
FORMS_FILE = KIT / "forms.toml"
NEVER_ASKED = ("placebo",)
ASKED_AS_FORMS = ("session_log", "daily_diary", "baseline")


@dataclass(frozen=True)
class Asked:
    """One field of a form.

    `name` is unique in the whole kit, `column` the name that the pipeline knows it by (a factor's id, or a session
    field). `kind` is date, datetime, number, whole, yes_no, levels or text. `unless` hides the field where another
    one has that answer.
    """

    name: str
    column: str
    kind: str
    label: str
    question: str
    unit: str = ""
    minimum: float | None = None
    maximum: float | None = None
    levels: tuple[Level, ...] = ()
    note: str = ""
    required: bool = False
    identifies: bool = False
    unless: tuple[str, str] | None = None

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes that may stand in a cell; none where any number, date or text may."""
        return tuple(level.code for level in self.levels)


@dataclass(frozen=True)
class Ticks:
    """Yes/no fields that REDCap asks as one list of ticks."""

    name: str
    question: str
    columns: tuple[str, ...]


@dataclass(frozen=True)
class Form:
    """One form; `instrument` is the questionnaire that it holds the total of, "" for our own forms."""

    name: str
    title: str
    explanation: str
    repeats: bool
    fields: tuple[Asked, ...]
    ticks: Ticks | None = None
    instrument: str = ""


@dataclass(frozen=True)
class Kit:
    """All forms: the study's own (baseline, session log, diary), and one for each questionnaire.

    `together` is the one sheet that takes the totals of all questionnaires.
    """

    own: tuple[Form, ...]
    questionnaires: tuple[Form, ...]
    together: Form


@cache
def load_kit() -> Kit:
    """The forms as the codebook, the settings and `data/kit/forms.toml` make them."""
    content = read_entries(FORMS_FILE)
    codebook, settings = load_codebook(), load_settings()
    own = tuple(_own(name, content, codebook, settings) for name in reversed(ASKED_AS_FORMS))
    words = content["questionnaires"]
    scored = [each for each in codebook.instruments.values() if each.factor in codebook.factors]
    forms = tuple(_questionnaire(each, words) for each in scored)
    return Kit(own, forms, _together(words, scored, codebook))


def asked_of(codebook: Codebook, grain: str, left_out: Mapping[str, str]) -> list[Factor]:
    """The factors that are asked at this level, in the codebook's order.

    Not those that the log tells, those left out with a reason, and those of a person that a questionnaire measures:
    its total is asked for instead.
    """
    measured = {each.factor for each in codebook.instruments.values()}
    return [
        factor
        for factor in codebook.factors.values()
        if factor.grains[0] == grain
        and not factor.derived
        and factor.role not in NEVER_ASKED
        and factor.id not in left_out
        and not (grain == "person" and factor.id in measured)
    ]


def _own(name: str, content: Mapping[str, Any], codebook: Codebook, settings: Settings) -> Form:
    form, hidden = content[name], content["unless"]
    given = [_given(each, hidden, codebook, settings) for each in form["fields"]]
    factors = asked_of(codebook, form["grain"], content["left_out"])
    asked = [_factor(each, hidden) for each in factors]
    ticks = _ticks(form["ticks"], factors) if "ticks" in form else None
    return Form(name, form["title"], form["explanation"], form["repeats"], (*given, *asked), ticks)


def _given(entry: Mapping[str, Any], hidden: Mapping, codebook: Codebook, settings: Settings) -> Asked:
    """A field that is no factor, as the forms' file describes it."""
    is_number, yes_no = entry["kind"] == "number", entry["kind"] == "yes_no"
    return Asked(
        name=entry["name"],
        column=entry.get("column", entry["name"]),
        kind=entry["kind"],
        label=entry["label"],
        question=entry["question"],
        unit=entry.get("unit", ""),
        minimum=0 if is_number else None,
        maximum=settings[entry["limit"]] if "limit" in entry else None,
        levels=_yes_and_no(codebook) if yes_no else (),
        required=entry.get("required", False),
        identifies=entry.get("identifies", False),
        unless=_unless(entry["name"], hidden),
    )


def _yes_and_no(codebook: Codebook) -> tuple[Level, ...]:
    """The levels of any yes/no question: they are the same for all."""
    return next(factor.levels for factor in codebook.factors.values() if factor.kind == "yes_no")


def _unless(name: str, hidden: Mapping[str, Mapping[str, str]]) -> tuple[str, str] | None:
    entry = hidden.get(name)
    return (entry["field"], entry["answer"]) if entry else None


def _factor(factor: Factor, hidden: Mapping) -> Asked:
    kind = factor.kind
    if factor.is_numeric:
        kind = "number" if factor.kind == "number" else "whole"
    return Asked(
        factor.id,
        factor.id,
        kind,
        factor.label,
        factor.question,
        factor.unit,
        factor.minimum,
        factor.maximum,
        factor.levels,
        unless=_unless(factor.id, hidden),
    )


def _ticks(entry: Mapping[str, str], factors: list[Factor]) -> Ticks:
    """The yes/no questions of one theme as one list."""
    columns = [each.id for each in factors if each.kind == "yes_no" and each.theme == entry["theme"]]
    return Ticks(entry["name"], entry["question"], tuple(columns))


def _score(instrument: Instrument, name: str) -> Asked:
    return Asked(
        name=name,
        column=instrument.factor,
        kind="number" if instrument.score_table or instrument.missing_allowed else "whole",
        label=f"{instrument.name}, {'T score' if instrument.score_table else 'total'}",
        question=f"{instrument.name}: {'T score' if instrument.score_table else 'total of all items'}",
        unit="T points" if instrument.score_table else "points",
        minimum=instrument.total_minimum,
        maximum=instrument.total_maximum,
        note=f"{instrument.missing_rule} {instrument.licence}",
    )


def _questionnaire(instrument: Instrument, words: Mapping[str, str]) -> Form:
    """The form of one questionnaire; its name tells the pipeline whose total it is."""
    day = _day(f"{instrument.id}_date", words)
    total = _score(instrument, f"{instrument.id}_total")
    return Form(
        instrument.id, instrument.name, words["explanation"], True, (day, total), instrument=instrument.id
    )


def _day(name: str, words: Mapping[str, str]) -> Asked:
    label, question = words["date_label"], words["date_question"]
    return Asked(name, "date", "date", label, question, required=True, identifies=True)


def _together(words: Mapping[str, str], instruments: list[Instrument], codebook: Codebook) -> Form:
    """One sheet for all: the day, which questionnaire, and its total in the column of what it measures."""
    which = Asked(
        "instrument",
        "instrument",
        "levels",
        words["instrument_label"],
        words["instrument_question"],
        levels=tuple(Level(each.id, each.name, "") for each in instruments),
        required=True,
    )
    totals = [
        _total(codebook.factors[factor], [each for each in instruments if each.factor == factor])
        for factor in dict.fromkeys(each.factor for each in instruments)
    ]
    fields = (_day("date", words), which, *totals)
    return Form("questionnaires", words["title"], words["explanation"], True, fields)


def _total(factor: Factor, instruments: list[Instrument]) -> Asked:
    """The column of what these questionnaires measure, in the widest of their ranges."""
    scores = [_score(each, factor.id) for each in instruments]
    ranges = [f"{each.id} {each.total_minimum:g} to {each.total_maximum:g}" for each in instruments]
    return Asked(
        name=factor.id,
        column=factor.id,
        kind="number" if any(each.kind == "number" for each in scores) else "whole",
        label=factor.label,
        question=f"Total of {' or '.join(each.name for each in instruments)}",
        unit=scores[0].unit,
        minimum=min(each.total_minimum for each in instruments),
        maximum=max(each.total_maximum for each in instruments),
        note=f"Ranges: {', '.join(ranges)}. " + " ".join(score.note for score in scores),
    )
