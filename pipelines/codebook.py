"""What every factor, table and column means: `data/codebook/` as frozen dataclasses, checked on load."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from pipelines import DATA
from pipelines.errors import DataFileError

CODEBOOK = DATA / "codebook"

GRAINS = ("session", "day", "person")
KINDS = ("yes_no", "levels", "scale", "count", "number", "derived_levels")
ORDERS = ("before", "same", "after")
ROLES = ("factor", "adjustment", "rule", "mediator", "collider", "label", "outcome", "placebo")


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
    `derived` factors are computed from the log instead of asked.
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
    adjust_for: tuple[str, ...] = ()
    never_adjust_for: tuple[str, ...] = ()
    synonyms: tuple[str, ...] = ()

    @property
    def is_numeric(self) -> bool:
        """Stored as a number rather than as a level code."""
        return self.kind in ("scale", "count", "number")

    @property
    def varies(self) -> bool:
        """Can differ between sessions of the same person."""
        return "session" in self.grains or "day" in self.grains

    def level(self, code: str) -> Level:
        """The level with this code; an unknown code is a programmer's error."""
        return next(level for level in self.levels if level.code == code)


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
    """A published questionnaire: names, ranges and rules, never protected wording."""

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


@dataclass(frozen=True)
class Codebook:
    """Everything the words mean. Factors stand in keep order: the last is the first to leave a model."""

    factors: Mapping[str, Factor]
    tables: Mapping[str, Table]
    instruments: Mapping[str, Instrument]
    themes: Mapping[str, str]
    base_adjustment: tuple[str, ...] = field(default=())

    def with_role(self, *roles: str) -> tuple[Factor, ...]:
        """Factors that play one of these roles, in keep order."""
        return tuple(factor for factor in self.factors.values() if factor.role in roles)


def _read(path: Path) -> dict:
    with path.open("rb") as file:
        return tomllib.load(file)


def _factor(name: str, entry: dict) -> Factor:
    entry = dict(entry)
    levels = tuple(Level(**level) for level in entry.pop("levels", ()))
    lists = {key: tuple(value) for key, value in entry.items() if isinstance(value, list)}
    return Factor(id=name, levels=levels, **(entry | lists))


def _check_factor(factor: Factor, known: set[str], where: str) -> None:
    """Raise DataFileError naming the file and the entry when a factor contradicts itself or the others."""
    problems = []
    if factor.kind not in KINDS:
        problems.append(f"kind '{factor.kind}' is none of {', '.join(KINDS)}")
    if factor.order not in ORDERS:
        problems.append(f"order '{factor.order}' is none of {', '.join(ORDERS)}")
    if factor.role not in ROLES:
        problems.append(f"role '{factor.role}' is none of {', '.join(ROLES)}")
    if not factor.grains or set(factor.grains) - set(GRAINS):
        problems.append(f"grains must be some of {', '.join(GRAINS)}")
    codes = [level.code for level in factor.levels]
    if len(set(codes)) != len(codes):
        problems.append("a level code stands twice")
    if not factor.is_numeric and factor.reference not in codes:
        problems.append(f"reference '{factor.reference}' is not one of its levels")
    if factor.is_numeric and (factor.minimum is None or factor.maximum is None):
        problems.append("a number needs minimum and maximum")
    unknown = (set(factor.adjust_for) | set(factor.never_adjust_for)) - known
    if unknown:
        problems.append(f"unknown factor {', '.join(sorted(unknown))}")
    if problems:
        raise DataFileError(f"{where}: entry '{factor.id}': {'; '.join(problems)}.")


@cache
def load_codebook(folder: Path = CODEBOOK) -> Codebook:
    """Read and check the codebook.

    `factors.toml` has one table per factor id, in keep order, plus `[themes]` (id to title, in page order) and
    `[base]` with `adjustment`, the set every adjusted estimate starts from; `tables.toml` one per canonical
    table; `instruments/*.toml` one file each.
    Raises DataFileError naming file and entry for an unknown factor, a repeated level or synonym, a missing
    reference.
    """
    content = _read(folder / "factors.toml")
    themes = content.pop("themes")
    base = tuple(content.pop("base")["adjustment"])
    factors = {name: _factor(name, entry) for name, entry in content.items()}
    seen: dict[str, str] = {}
    for factor in factors.values():
        _check_factor(factor, set(factors), "factors.toml")
        if factor.theme not in themes:
            raise DataFileError(f"factors.toml: entry '{factor.id}': unknown theme '{factor.theme}'.")
        for synonym in factor.synonyms:
            if synonym in factors or seen.setdefault(synonym, factor.id) != factor.id:
                raise DataFileError(f"factors.toml: entry '{factor.id}': synonym '{synonym}' is taken.")
    tables = {
        name: Table(name, entry["grain"], tuple(Column(**column) for column in entry["columns"]))
        for name, entry in _read(folder / "tables.toml").items()
    }
    instruments = {}
    for path in sorted((folder / "instruments").glob("*.toml")):
        entry = {key: tuple(value) if isinstance(value, list) else value for key, value in _read(path).items()}
        instrument = Instrument(id=path.stem, **entry)
        if instrument.factor not in factors:
            raise DataFileError(f"{path.name}: unknown factor '{instrument.factor}'.")
        instruments[path.stem] = instrument
    return Codebook(factors, tables, instruments, themes, base)
