"""What every factor, table and column means: `data/codebook/` as frozen dataclasses, checked on load."""

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import MISSING, dataclass, field, fields
from functools import cache
from pathlib import Path
from typing import Any

from pipelines import DATA
from pipelines.datafiles import read_entries
from pipelines.errors import DataFileError

CODEBOOK = DATA / "codebook"

GRAINS = ("session", "day", "person")
KINDS = ("yes_no", "levels", "scale", "count", "number", "derived_levels")
ORDERS = ("before", "same", "after")
ROLES = ("factor", "adjustment", "rule", "mediator", "collider", "label", "outcome", "record", "placebo")
NEVER_ADJUSTED = ("rule", "mediator", "collider", "label", "outcome", "record", "placebo")
# What the study itself notes down, and what only checks the methods: nobody leaves them unanswered.
NO_QUESTION = ("record", "placebo")

# What a cell says that says nothing, in small letters.
BLANK_WORDS = ("unknown", "na", "n/a", "nan", "null", "missing", "-", "--", "?", "not known", "don't know")
YES_WORDS = ("yes", "y", "true", "t", "1", "1.0", "checked")
NO_WORDS = ("no", "n", "false", "f", "0", "0.0", "unchecked")
WRITTEN_NUMBER = r"^[+-]?(\d+([.,]\d+)?|[.,]\d+)$"
# Shorter names stand inside too many others ("age" in "baby_age_days").
SHORTEST_PART = 4
# A name with one of these words is about the row, its person or its form, whatever else stands in it.
ROW_WORDS = frozenset({"date", "id", "name", "complete", "timestamp"})


def plain(name: str) -> str:
    """A column's name in lower case without signs and spaces, the form in which names are compared."""
    return "".join(sign for sign in name.lower() if sign.isalnum())


@dataclass(frozen=True)
class Level:
    """One answer of a factor that has answers instead of numbers.

    `code` is the cell value in files and in the store; `label` names the level in a table; `phrase` completes
    "of 100 sessions ..." ("after relaxing first", "with a shield that is too small").
    """

    code: str
    label: str
    phrase: str


@dataclass(frozen=True)
class Factor:
    """One thing that guidance blames, or that an estimate must be adjusted for.

    `grains` says where it can be recorded, finest use first. Numbers carry `unit`, `minimum`, `maximum`
    (outside: quarantine), optional `warn_below`/`warn_above`, and the `step` an odds ratio is given for, with
    `step_label` in words ("per point") and `phrase_more` ("after a day with one point more stress").
    `order` is when it is recorded relative to the session; `output_changes_it` says that low output can change
    it, or its report, on the same day; `use_previous_day` that as a possible cause only yesterday's value counts.
    `derived` factors are computed from the log instead of asked. The first of `grains` is the main one.
    `band_edges` turn a number into a level: the level whose index is the count of edges reached. A number with
    levels and edges (time of day) is stored as a number and compared in bands. As a possible cause it counts for
    sessions from `from_day` postpartum on.
    """

    id: str
    label: str
    question: str
    theme: str
    kind: str
    grains: tuple[str, ...]
    order: str
    output_changes_it: bool
    role: str
    levels: tuple[Level, ...] = ()
    reference: str | None = None
    unit: str = ""
    minimum: float | None = None
    maximum: float | None = None
    warn_below: float | None = None
    warn_above: float | None = None
    step: float = 1.0
    step_label: str = ""
    phrase_more: str = ""
    phrase_less: str = ""
    use_previous_day: bool = False
    derived: bool = False
    restricted: bool = False
    smallest_effect: float | None = None
    band_edges: tuple[float, ...] = ()
    from_day: int = 0
    adjust_for: tuple[str, ...] = ()
    never_adjust_for: tuple[str, ...] = ()
    synonyms: tuple[str, ...] = ()

    @property
    def is_numeric(self) -> bool:
        """Stored as a number rather than as a level code."""
        return self.kind in ("scale", "count", "number")

    @property
    def varies(self) -> bool:
        """Belongs to a session or a day; what is asked once, and again only when it changes, counts as fixed."""
        return self.grains[0] != "person"

    @property
    def is_question(self) -> bool:
        """Whether somebody answers it: neither counted from the log nor the study's own record."""
        return not self.derived and self.role not in NO_QUESTION

    def level(self, code: str) -> Level:
        """The level with this code; an unknown code is a programmer's error."""
        return next(level for level in self.levels if level.code == code)

    def band(self, number: float) -> str:
        """The code of the level that a number falls into; only for factors with `band_edges`."""
        return self.levels[bisect_right(self.band_edges, number)].code


@dataclass(frozen=True)
class Column:
    """One column of a canonical table: meaning, type, unit, and what NULL means."""

    name: str
    type: str
    meaning: str
    unit: str = ""
    null: str = ""


@dataclass(frozen=True)
class Table:
    """One canonical table; `grain` completes "one row per ..."."""

    name: str
    grain: str
    columns: tuple[Column, ...]


@dataclass(frozen=True)
class Instrument:
    """A published questionnaire: names, ranges and rules, never protected wording.

    `total_minimum` to `total_maximum` is the range of the total as it is used: of the sum of the items, or of
    what `score_table` makes of it (first entry = lowest sum). At most `missing_allowed` items may lack an answer;
    the total is then `prorated` (mean times items) or a `lower_bound`, as `missing_gives` says.
    `total_columns` are names under which files deliver the total ready-made, `item_columns` beginnings of names
    under which they hold the numbered items ("pss4" for pss4_1, PSS4_q2). `come_either_way` says that exports hold
    the answers as ticked as often as already turned round, so that somebody has to say which.
    """

    id: str
    name: str
    factor: str
    items: int
    item_minimum: int
    item_maximum: int
    reversed_items: tuple[int, ...]
    total_minimum: float
    total_maximum: float
    missing_rule: str
    recall_days: int
    licence: str
    citation: str
    cut_offs: str = ""
    score_table: tuple[float, ...] = ()
    notes: str = ""
    missing_allowed: int = 0
    missing_gives: str = "prorated"
    total_columns: tuple[str, ...] = ()
    item_columns: tuple[str, ...] = ()
    come_either_way: bool = False

    def total(self, answers: Sequence[float | None], scored: bool = False) -> float | None:
        """The total of one person's answers, in the order of the items; None where it must not be given.

        None when an answer lies outside the items' range or more are missing than `missing_allowed`. Answers are
        turned for `reversed_items` unless they come `scored`. A lower bound is returned as a plain number: the
        caller sees by a missing answer that it is one.
        """
        known = [
            value
            if scored or position not in self.reversed_items
            else self.item_minimum + self.item_maximum - value
            for position, value in enumerate(answers, start=1)
            if value is not None
        ]
        missing = self.items - len(known)
        in_range = all(self.item_minimum <= value <= self.item_maximum for value in known)
        if len(answers) != self.items or missing > self.missing_allowed or not known or not in_range:
            return None
        total = sum(known)
        if missing and self.missing_gives == "prorated":
            total = total / len(known) * self.items
        return self.score_table[round(total) - self.items * self.item_minimum] if self.score_table else total


@dataclass(frozen=True)
class Codebook:
    """Everything the words mean. Factors stand in keep order: the last is the first to leave a model."""

    factors: Mapping[str, Factor]
    tables: Mapping[str, Table]
    instruments: Mapping[str, Instrument]
    themes: Mapping[str, str]
    base_adjustment: tuple[str, ...] = field(default=())

    def has_questionnaire(self, factor: str) -> bool:
        """Whether a published questionnaire measures this factor."""
        return any(instrument.factor == factor for instrument in self.instruments.values())

    def with_role(self, *roles: str) -> tuple[Factor, ...]:
        """Factors that play one of these roles, in keep order."""
        return tuple(factor for factor in self.factors.values() if factor.role in roles)


def _words(name: str) -> tuple[str, ...]:
    """The words of a name: split at signs and where a capital follows a small letter; digits stay with letters."""
    return tuple(re.findall(r"[a-z0-9]+", re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name).lower()))


def _holds(words: tuple[str, ...], part: tuple[str, ...]) -> bool:
    return any(words[start : start + len(part)] == part for start in range(len(words) - len(part) + 1))


def suggest(column_name: str, codebook: "Codebook | None" = None) -> tuple[tuple[str, str], ...]:
    """Factors that a foreign column may be, best first, each as (factor id, reason in words).

    The whole name is compared without capitals and signs; only where nothing is equal, ids and synonyms of at
    least SHORTEST_PART letters that stand in it as whole words count, the longest first. Suggestions to be
    confirmed by a person; empty when nothing is alike.
    """
    factors = (codebook or load_codebook()).factors
    name, words = plain(column_name), _words(column_name)
    may_be_part = ROW_WORDS.isdisjoint(words)
    inside: list[tuple[int, str, str]] = []
    for factor in factors.values():
        for known in (factor.id, *factor.synonyms):
            if plain(known) == name:
                return ((factor.id, "same name" if known == factor.id else f"also known as '{known}'"),)
            if may_be_part and len(plain(known)) >= SHORTEST_PART and _holds(words, _words(known)):
                inside.append((len(plain(known)), factor.id, f"contains '{known}'"))
    found: dict[str, str] = {}
    for _, factor_id, reason in sorted(inside, key=lambda entry: -entry[0]):
        found.setdefault(factor_id, reason)
    return tuple(found.items())


def instrument_of(column_name: str, codebook: "Codebook | None" = None) -> Instrument | None:
    """The questionnaire whose ready-made total a column of this name holds, or None."""
    instruments = (codebook or load_codebook()).instruments.values()
    name = plain(column_name)
    return next((one for one in instruments if name in map(plain, one.total_columns)), None)


def _build(kind: type, values: dict, where: str) -> Any:
    """One frozen object of a file's entry; an unknown or a missing key is an error that names the entry."""
    allowed = {one.name: one for one in fields(kind)}
    unknown = set(values) - set(allowed)
    needed = {
        name for name, one in allowed.items() if one.default is MISSING and one.default_factory is MISSING
    }
    missing = needed - set(values)
    if unknown:
        raise DataFileError(f"{where}: unknown key {', '.join(sorted(unknown))}.")
    if missing:
        raise DataFileError(f"{where}: lacks {', '.join(sorted(missing))}.")
    return kind(**{key: tuple(value) if isinstance(value, list) else value for key, value in values.items()})


def _factor(name: str, entry: dict) -> Factor:
    where = f"factors.toml: entry '{name}'"
    if not isinstance(entry, dict):
        raise DataFileError(f"{where}: is not a table.")
    levels = [
        _build(Level, level, f"{where}, level {level.get('code')!r}") for level in entry.get("levels", ())
    ]
    return _build(Factor, entry | {"id": name, "levels": levels}, where)


def _wrong_words(factor: Factor) -> Iterator[str]:
    if factor.kind not in KINDS:
        yield f"kind '{factor.kind}' is none of {', '.join(KINDS)}"
    if factor.order not in ORDERS:
        yield f"order '{factor.order}' is none of {', '.join(ORDERS)}"
    if factor.role not in ROLES:
        yield f"role '{factor.role}' is none of {', '.join(ROLES)}"
    if not factor.grains or set(factor.grains) - set(GRAINS):
        yield f"grains must be some of {', '.join(GRAINS)}"


def _wrong_values(factor: Factor) -> Iterator[str]:
    codes = [level.code for level in factor.levels]
    if len(set(codes)) != len(codes):
        yield "a level code stands twice"
    if (codes or not factor.is_numeric) and factor.reference not in codes:
        yield f"reference '{factor.reference}' is not one of its levels"
    if factor.kind == "yes_no" and codes != ["no", "yes"]:
        yield "a yes_no factor has the levels no and yes, in this order"
    if factor.is_numeric and (factor.minimum is None or factor.maximum is None):
        yield "a number needs minimum and maximum"
    if factor.band_edges and len(factor.band_edges) >= len(codes):
        yield "there must be more levels than band_edges"


def _wrong_adjustment(factor: Factor, factors: Mapping[str, Factor]) -> Iterator[str]:
    named = factor.adjust_for + factor.never_adjust_for
    unknown = sorted(set(named) - set(factors))
    if unknown:
        yield f"unknown factor {', '.join(unknown)}"
    both = sorted(set(factor.adjust_for) & set(factor.never_adjust_for))
    if both:
        yield f"{', '.join(both)} is both to be adjusted for and never"
    unfit = sorted(
        name for name in factor.adjust_for if name in factors and factors[name].role in NEVER_ADJUSTED
    )
    if unfit:
        yield f"{', '.join(unfit)} must not be adjusted for: it follows output or lies on the way"


def _check_factor(factor: Factor, codebook: "Codebook") -> None:
    """Raise DataFileError naming the file and the entry when a factor contradicts itself or the others."""
    problems = [*_wrong_words(factor), *_wrong_values(factor), *_wrong_adjustment(factor, codebook.factors)]
    if factor.theme not in codebook.themes:
        problems.append(f"unknown theme '{factor.theme}'")
    if problems:
        raise DataFileError(f"factors.toml: entry '{factor.id}': {'; '.join(problems)}.")


def _check_names(factors: Mapping[str, Factor]) -> None:
    """Raise DataFileError when a name, signs and capitals aside, could mean two factors."""
    owner = {plain(name): name for name in factors}
    for factor in factors.values():
        if len(set(factor.synonyms)) < len(factor.synonyms):
            raise DataFileError(f"factors.toml: entry '{factor.id}': a synonym stands twice.")
        for synonym in factor.synonyms:
            taken_by = owner.setdefault(plain(synonym), factor.id)
            if taken_by != factor.id:
                raise DataFileError(
                    f"factors.toml: entry '{factor.id}': synonym '{synonym}' is taken by '{taken_by}'."
                )


def _tables(path: Path) -> dict[str, Table]:
    tables = {}
    for name, entry in read_entries(path).items():
        where = f"{path.name}: entry '{name}'"
        columns = [
            _build(Column, column, f"{where}, column {column.get('name')!r}") for column in entry["columns"]
        ]
        tables[name] = _build(Table, entry | {"name": name, "columns": columns}, where)
    return tables


def _instrument(path: Path, factors: Mapping[str, Factor]) -> Instrument:
    instrument = _build(Instrument, read_entries(path) | {"id": path.stem}, path.name)
    sums = instrument.items * (instrument.item_maximum - instrument.item_minimum) + 1
    if instrument.factor not in factors:
        raise DataFileError(f"{path.name}: unknown factor '{instrument.factor}'.")
    if instrument.score_table and len(instrument.score_table) != sums:
        raise DataFileError(f"{path.name}: score_table needs {sums} entries, one for each possible sum.")
    if set(instrument.reversed_items) - set(range(1, instrument.items + 1)):
        raise DataFileError(f"{path.name}: reversed_items names an item that does not exist.")
    return instrument


@cache
def load_codebook(folder: Path = CODEBOOK) -> Codebook:
    """Read and check the codebook.

    `factors.toml` has one table per factor id, in keep order, plus `[themes]` (id to title, in page order) and
    `[base]` with `adjustment`, the set every adjusted estimate starts from; `tables.toml` one per canonical
    table; `instruments/*.toml` one file each.
    Raises DataFileError naming file and entry for an unknown key, factor or theme, a repeated level or synonym, a
    missing reference, an adjustment for something that follows output.
    """
    content = read_entries(folder / "factors.toml")
    themes = content.pop("themes", {})
    base = tuple(content.pop("base", {}).get("adjustment", ()))
    factors = {name: _factor(name, entry) for name, entry in content.items()}
    if set(base) - set(factors):
        raise DataFileError(
            f"factors.toml: entry 'base': unknown factor {', '.join(sorted(set(base) - set(factors)))}."
        )
    tables = _tables(folder / "tables.toml")
    paths = sorted((folder / "instruments").glob("*.toml"))
    instruments = {path.stem: _instrument(path, factors) for path in paths}
    codebook = Codebook(factors, tables, instruments, themes, base)
    for factor in factors.values():
        _check_factor(factor, codebook)
    _check_names(factors)
    return codebook
