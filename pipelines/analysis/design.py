"""Factors as columns of a model: bands and dummies, steps, the spline of the day, within and between."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pandas as pd

from pipelines.analysis.features import LAG
from pipelines.analysis.splines import natural_spline, quantile_knots
from pipelines.codebook import Codebook, Factor
from pipelines.settings import Settings

MINUTES_A_DAY = 1440
DAY = "day_postpartum"
MINUTE = "minute_of_day"
# A variance inflation this large is rounding: the others determine the column.
DETERMINED = 1e10


@dataclass(frozen=True)
class Term:
    """Columns that belong together, kept as one code a row and a table of what each code means.

    `codes` has one entry per row (-1 = unknown, then all columns are), `table` one row per code and one column per
    name. A `between` part takes each person's mean from `centre` (people x columns) instead, a `within` part the
    deviation from it. `fixed`: the code never changes within a person.
    """

    factor: str
    names: tuple[str, ...]
    codes: np.ndarray
    table: np.ndarray
    fixed: bool = False
    part: str = ""
    centre: np.ndarray | None = None

    def columns(self, rows: np.ndarray, people: np.ndarray) -> np.ndarray:
        """The columns at some rows, which belong to these people."""
        if self.centre is None:
            return self.table[self.codes[rows]]
        if self.part == "between":
            return self.centre[people]
        return self.table[self.codes[rows]] - self.centre[people]

    def keep(self, positions: Sequence[int]) -> "Term":
        """The term with some of its columns."""
        where = list(positions)
        names = tuple(self.names[position] for position in where)
        centre = None if self.centre is None else self.centre[:, where]
        return replace(self, names=names, table=self.table[:, where], centre=centre)

    def without(self, name: str) -> "Term":
        """The term without one column; its level joins the reference."""
        return self.keep([position for position, other in enumerate(self.names) if other != name])


@dataclass
class ModelData:
    """A model table as codes, for the sessions with a known outcome; `table` is the whole one, used or not.

    `used` are their positions in the table. `people` and `person_days` are codes from 0 for each used session;
    `outcome` is 0/1, `volume` mL. Columns are turned into codes when first asked for and kept.
    """

    table: pd.DataFrame
    codebook: Codebook
    settings: Settings
    used: np.ndarray
    all_people: np.ndarray
    all_days: np.ndarray
    outcome: np.ndarray
    volume: np.ndarray
    kept: dict = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.people = self.all_people[self.used]
        self.person_days = self.all_days[self.used]

    def values(self, column: str) -> np.ndarray:
        """A column as floats: numbers as they are, levels as their position in the codebook; NaN = unknown."""
        return self._once(("values", column), lambda: self.all_values(column)[self.used])

    def all_values(self, column: str) -> np.ndarray:
        """The same for every session of the table."""
        factor = self.codebook.factors[column.removesuffix(LAG)]
        return self._once(("all", column), lambda: numbers(self.table[column], factor))

    def codes(self, column: str) -> tuple[np.ndarray, np.ndarray]:
        """A column as codes from 0 (-1 = unknown), and the value that each code stands for."""
        factor = self.codebook.factors[column.removesuffix(LAG)]
        return self._once(("codes", column), lambda: _codes(self.values(column), factor))

    def minutes(self) -> tuple[np.ndarray, np.ndarray]:
        """The minute of the day as codes and what they stand for, whatever bands it is compared in."""
        return self._once(
            ("minutes", MINUTE),
            lambda: _numbered(self.table[MINUTE].astype("Float64").astype(float).to_numpy()[self.used]),
        )

    def day_knots(self, later: np.ndarray, is_after: np.ndarray) -> np.ndarray:
        """The knots of the course since the birth, those of all sessions, on the scale `later` of the days' codes."""
        return self._once(("knots", DAY), lambda: self._day_knots(later, is_after))

    def _day_knots(self, later: np.ndarray, is_after: np.ndarray) -> np.ndarray:
        codes = self.codes(DAY)[0]
        known = codes[codes >= 0]
        after = later[known[is_after[known]]]
        return quantile_knots(after, int(self.settings["models.day_knots"]))

    def is_fixed(self, column: str) -> bool:
        """Whether no person ever changes in this column, unknown counting as a value."""
        return self._once(("fixed", column), lambda: self._never_changes(self.codes(column)[0]))

    def _never_changes(self, codes: np.ndarray) -> bool:
        one_of = np.zeros(self.participants, dtype=codes.dtype)
        one_of[self.people] = codes
        return bool((one_of[self.people] == codes).all())

    def _once(self, key: tuple[str, str], compute: Callable[[], Any]) -> Any:
        if key not in self.kept:
            self.kept[key] = compute()
        return self.kept[key]

    @property
    def participants(self) -> int:
        """How many people have a session with a known outcome."""
        return self._once(("people", ""), lambda: int(self.people.max(initial=-1)) + 1)

    def sessions_of_people(self) -> np.ndarray:
        """How many sessions with a known outcome each person has."""
        return self._once(("sessions", ""), lambda: np.bincount(self.people, minlength=self.participants))


def _codes(values: np.ndarray, factor: Factor) -> tuple[np.ndarray, np.ndarray]:
    if is_number(factor):
        return _numbered(values)
    return np.where(np.isnan(values), -1, values).astype(np.int64), np.arange(len(factor.levels), dtype=float)


def has_bands(factor: Factor) -> bool:
    """A number that is compared in bands, such as the time of day."""
    return factor.is_numeric and bool(factor.levels)


def is_number(factor: Factor) -> bool:
    """Enters a model as a number with a step, not as levels."""
    return factor.is_numeric and not factor.levels


def numbers(values: pd.Series, factor: Factor) -> np.ndarray:
    """A column as floats; see `ModelData.values`."""
    if is_number(factor):
        return values.astype(float).to_numpy()
    if has_bands(factor):
        raw = pd.to_numeric(values, errors="coerce").astype("Float64").astype(float).to_numpy()
        return np.where(np.isnan(raw), np.nan, np.searchsorted(factor.band_edges, raw, side="right"))
    codes, known = pd.factorize(values)
    places = pd.Index([level.code for level in factor.levels], dtype=object).get_indexer(known.astype(object))
    # The last place is that of what is not known, whose code is -1.
    return np.append(np.where(places < 0, np.nan, places), np.nan)[codes]


def _numbered(values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    codes, known = pd.factorize(values)
    return codes, np.asarray(known, dtype=float)


def model_data(table: pd.DataFrame, codebook: Codebook, settings: Settings, outcome: str) -> ModelData:
    """Take the sessions whose outcome and volume are known."""
    event = table[outcome].astype("Float64").astype(float).to_numpy()
    volume = table["volume_ml"].astype("Float64").astype(float).to_numpy()
    used = np.flatnonzero(~np.isnan(event) & ~np.isnan(volume))
    people = _people_codes(table["participant_id"], used)
    day = table["day_in_study"].astype("Float64").fillna(-1).astype(int).to_numpy()
    days = pd.factorize(people.astype(np.int64) * (day.max(initial=0) + 2) + day + 1)[0]
    return ModelData(table, codebook, settings, used, people, days, event[used], volume[used])


def _people_codes(names: pd.Series, used: np.ndarray) -> np.ndarray:
    """Codes from 0 for the people with a used session, in the table's order; the others come after them."""
    codes, known = pd.factorize(names)
    place = np.full(len(known), -1)
    mine = pd.unique(codes[used])
    place[mine] = np.arange(len(mine))
    place[place < 0] = np.arange(len(mine), len(known))
    return place[codes]


def level_positions(factor: Factor, codes: str) -> list[int]:
    """Positions of one level, or of several joined by "+", in the codebook's order."""
    known = [level.code for level in factor.levels]
    return [known.index(code) for code in codes.split("+")]


def count_people(people: np.ndarray) -> int:
    """How many different people."""
    return int((np.bincount(people) > 0).sum()) if len(people) else 0


def person_means(table: np.ndarray, codes: np.ndarray, people: np.ndarray, units: np.ndarray) -> np.ndarray:
    """Each person's mean (people x columns) over units: over rows, or over days where a unit is a person's day.

    `table` says what each code means; a person without a row has a mean of NaN.
    """
    first = np.full(int(units.max(initial=-1)) + 1, -1)
    first[units[::-1]] = np.arange(len(units) - 1, -1, -1)
    first = first[first >= 0]
    owner, mine = people[first], codes[first]
    total = np.bincount(owner)
    with np.errstate(invalid="ignore"):
        return np.column_stack(
            [np.bincount(owner, weights=column[mine], minlength=len(total)) / total for column in table.T]
        )


def covariate(data: ModelData, name: str, rows: np.ndarray, lagged: bool, smallest: int) -> Term | None:
    """The columns of something to adjust for, on these rows; None where the study has no answer to it.

    What happens during the day counts as of yesterday, unless it is recorded before a session starts; for a lagged
    exposure everything of the day does.
    """
    factor = data.codebook.factors[name]
    if name == DAY:
        return day_term(data, rows, smallest)
    column = _column_in_time(data, factor, lagged)
    if column is None:
        return None
    if name == MINUTE:
        # As something to adjust for it is a circle, not the bands that it is compared in.
        codes, minutes = data.minutes()
        angle = 2 * np.pi * minutes / MINUTES_A_DAY
        columns = np.column_stack([np.cos(angle), np.sin(angle)])
        return Term(name, (f"{name} (cosine)", f"{name} (sine)"), codes[rows], columns)
    codes, known = data.codes(column)
    fixed = data.is_fixed(column)
    if is_number(factor):
        return Term(name, (name,), codes[rows], known[:, None], fixed)
    return _level_term(factor, codes[rows], data.people[rows], smallest, fixed)


def is_asked(data: ModelData, name: str, lagged: bool) -> bool:
    """Whether the study has an answer, given early enough, to something to adjust for."""
    if name == DAY:
        return DAY in data.table
    return _column_in_time(data, data.codebook.factors[name], lagged) is not None


def _column_in_time(data: ModelData, factor: Factor, lagged: bool) -> str | None:
    today, yesterday = factor.id, factor.id + LAG
    of_the_day = factor.grains[0] == "day"
    if of_the_day and yesterday in data.table and (lagged or factor.order != "before" or factor.derived):
        return yesterday
    if today not in data.table or (of_the_day and factor.order != "before"):
        return None
    return today


def _level_term(
    factor: Factor, codes: np.ndarray, people: np.ndarray, smallest: int, fixed: bool
) -> Term | None:
    """Dummies of the levels that enough people have; rarer ones join the reference.

    Where nobody is left to compare with, the first level takes the reference's place.
    """
    shown = [
        position
        for position, level in enumerate(factor.levels)
        if level.code != factor.reference and count_people(people[codes == position]) >= smallest
    ]
    if np.isin(codes[codes >= 0], shown).all():
        shown = shown[1:]
    names = tuple(f"{factor.id}={factor.levels[position].code}" for position in shown)
    return Term(factor.id, names, codes, np.eye(len(factor.levels))[:, shown], fixed) if shown else None


def day_term(data: ModelData, rows: np.ndarray, smallest: int) -> Term | None:
    """The course since the birth: a level for each of the first days, a natural spline of log(day + 1) after.

    The spline's knots are those of all sessions, so that every model draws the course alike.
    """
    if DAY not in data.table:
        return None
    all_codes, day = data.codes(DAY)
    codes, people = all_codes[rows], data.people[rows]
    last = int(data.settings["models.last_colostrum_day"])
    # The last place is that of what is not known, whose code is -1.
    day_of_row = np.append(day, np.nan)[codes]
    early = [number for number in range(last + 1) if count_people(people[day_of_row == number]) >= smallest]
    names = [f"{DAY}={number}" for number in early]
    columns = [(day == number).astype(float) for number in early]
    later = np.log1p(np.maximum(day, last + 1))
    if (day[np.unique(codes[codes >= 0])] > last).sum() > 1:
        basis = natural_spline(later, data.day_knots(later, day > last))
        names += [f"{DAY} (curve {position + 1})" for position in range(basis.shape[1])]
        columns += list(basis.T)
    return Term(DAY, tuple(names), codes, np.column_stack(columns)) if names else None


def simpler_day(term: Term) -> Term:
    """The course since the birth with two columns, for few people: the first days together, then a straight line."""
    first = [position for position, name in enumerate(term.names) if "=" in name]
    curve = [position for position, name in enumerate(term.names) if "curve" in name][:1]
    columns = [term.table[:, first].sum(axis=1)] if first else []
    names = [f"{DAY} (first days)"] if first else []
    columns += [term.table[:, position] for position in curve]
    names += [f"{DAY} (line)"] * len(curve)
    return replace(term, names=tuple(names), table=np.column_stack(columns))


def inflation_of(correlation: np.ndarray, group: Sequence[int], others: Sequence[int]) -> float:
    """Generalised variance inflation of a group of columns by others, per column of the group.

    Positions in the correlations of all columns. From determinants, raised to 1 / columns so that it compares to
    the usual factor (Fox and Monette, J Am Stat Assoc 1992;87:178). Infinite where the others determine the group.
    """
    if not len(group) or not len(others):
        return 1.0

    def log_determinant(where: Sequence[int]) -> float:
        sign, size = np.linalg.slogdet(correlation[np.ix_(where, where)])
        return size if sign > 0 else -np.inf

    whole = log_determinant([*group, *others])
    parts = log_determinant(group) + log_determinant(others)
    if not np.isfinite(whole + parts):
        return float("inf")
    inflation = float(np.exp((parts - whole) / len(group)))
    return inflation if inflation < DETERMINED else float("inf")


def total_width(terms: Iterable[Term]) -> int:
    """How many columns several terms have."""
    return sum(len(term.names) for term in terms)
