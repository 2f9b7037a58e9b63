"""Factors as columns of a model: bands and dummies, steps, the spline of the day, within and between."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from pipelines.analysis.features import LAG
from pipelines.analysis.splines import natural_spline, quantile_knots
from pipelines.codebook import Codebook, Factor
from pipelines.settings import Settings

MINUTES_A_DAY = 1440
DAY = "day_postpartum"
MINUTE = "minute_of_day"


@dataclass(frozen=True)
class Term:
    """Columns that belong together; a row with a missing value is missing in all of them."""

    factor: str
    names: tuple[str, ...]
    columns: np.ndarray

    def without(self, name: str) -> "Term":
        """The term without one column; its level joins the reference."""
        keep = [position for position, other in enumerate(self.names) if other != name]
        return Term(self.factor, tuple(self.names[position] for position in keep), self.columns[:, keep])


@dataclass
class ModelData:
    """A model table as arrays, sessions with a known outcome only; `everything` is the table with the others.

    `people` and `person_days` are codes from 0; `outcome` is 0/1, `volume` mL. Columns are turned into numbers
    when first asked for and kept.
    """

    everything: pd.DataFrame
    table: pd.DataFrame
    codebook: Codebook
    settings: Settings
    people: np.ndarray
    person_days: np.ndarray
    outcome: np.ndarray
    volume: np.ndarray
    kept: dict = field(default_factory=dict)

    def values(self, column: str) -> np.ndarray:
        """A column as floats: numbers as they are, levels as their position in the codebook; NaN = unknown."""
        if column not in self.kept:
            self.kept[column] = numbers(self.table[column], self.codebook.factors[column.removesuffix(LAG)])
        return self.kept[column]

    @property
    def participants(self) -> int:
        """How many people have a session with a known outcome."""
        return int(self.people.max()) + 1 if len(self.people) else 0


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
    codes = pd.Categorical(values, categories=[level.code for level in factor.levels]).codes.astype(float)
    return np.where(codes < 0, np.nan, codes)


def model_data(table: pd.DataFrame, codebook: Codebook, settings: Settings, outcome: str) -> ModelData:
    """Take the sessions whose outcome and volume are known."""
    used = table[table[outcome].notna() & table["volume_ml"].notna()]
    people = pd.factorize(used["participant_id"])[0]
    days = pd.factorize(pd.MultiIndex.from_arrays([people, used["day_in_study"].fillna(-1)]))[0]
    return ModelData(
        table,
        used,
        codebook,
        settings,
        people,
        days,
        used[outcome].astype(float).to_numpy(),
        used["volume_ml"].astype(float).to_numpy(),
    )


def level_positions(factor: Factor, codes: str) -> list[int]:
    """Positions of one level, or of several joined by "+", in the codebook's order."""
    known = [level.code for level in factor.levels]
    return [known.index(code) for code in codes.split("+")]


def count_people(people: np.ndarray) -> int:
    """How many different people."""
    return int(np.unique(people).size)


def person_means(columns: np.ndarray, people: np.ndarray, units: np.ndarray) -> np.ndarray:
    """Each row's person mean over units: over rows, or over days where a unit is a person's day."""
    first = np.unique(units, return_index=True)[1]
    owner = people[first]
    total = np.bincount(owner, minlength=people.max() + 1)
    with np.errstate(invalid="ignore"):
        means = np.column_stack(
            [np.bincount(owner, weights=column[first], minlength=len(total)) / total for column in columns.T]
        )
    return means[people]


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
        angle = 2 * np.pi * data.table[MINUTE].astype(float).to_numpy()[rows] / MINUTES_A_DAY
        return Term(
            name, (f"{name} (cosine)", f"{name} (sine)"), np.column_stack([np.cos(angle), np.sin(angle)])
        )
    values = data.values(column)[rows]
    if is_number(factor):
        return Term(name, (name,), values[:, None])
    return _level_term(factor, values, data.people[rows], smallest)


def _column_in_time(data: ModelData, factor: Factor, lagged: bool) -> str | None:
    today, yesterday = factor.id, factor.id + LAG
    of_the_day = factor.grains[0] == "day"
    if of_the_day and yesterday in data.table and (lagged or factor.order != "before" or factor.derived):
        return yesterday
    if today not in data.table or (of_the_day and factor.order != "before"):
        return None
    return today


def _level_term(factor: Factor, values: np.ndarray, people: np.ndarray, smallest: int) -> Term | None:
    """Dummies of the levels that enough people have; rarer ones join the reference."""
    names, columns = [], []
    for position, level in enumerate(factor.levels):
        if level.code != factor.reference and count_people(people[values == position]) >= smallest:
            names.append(f"{factor.id}={level.code}")
            columns.append(np.where(np.isnan(values), np.nan, values == position))
    return Term(factor.id, tuple(names), np.column_stack(columns)) if names else None


def day_term(data: ModelData, rows: np.ndarray, smallest: int) -> Term | None:
    """The course since the birth: a level for each of the first days, a natural spline of log(day + 1) after."""
    if DAY not in data.table:
        return None
    day = data.table[DAY].astype("Float64").astype(float).to_numpy()[rows]
    last = int(data.settings["models.last_colostrum_day"])
    people = data.people[rows]
    names: list[str] = []
    columns = []
    early = [number for number in range(last + 1) if count_people(people[day == number]) >= smallest]
    for number in early:
        names.append(f"{DAY}={number}")
        columns.append(np.where(np.isnan(day), np.nan, day == number))
    later = np.log1p(np.maximum(day, last + 1))
    after = later[(day > last) & ~np.isnan(day)]
    if np.unique(after).size > 1:
        basis = natural_spline(later, quantile_knots(after, int(data.settings["models.day_knots"])))
        names += [f"{DAY} (curve {position + 1})" for position in range(basis.shape[1])]
        columns += list(basis.T)
    return Term(DAY, tuple(names), np.column_stack(columns)) if names else None


def simpler_day(term: Term) -> Term:
    """The course since the birth with two columns, for few people: the first days together, then a straight line."""
    first = [position for position, name in enumerate(term.names) if "=" in name]
    curve = [position for position, name in enumerate(term.names) if "curve" in name][:1]
    columns = [term.columns[:, first].sum(axis=1)] if first else []
    names = [f"{DAY} (first days)"] if first else []
    columns += [term.columns[:, position] for position in curve]
    names += [f"{DAY} (line)"] * len(curve)
    return Term(DAY, tuple(names), np.column_stack(columns))


def inflation_of(group: np.ndarray, others: np.ndarray) -> float:
    """Generalised variance inflation of a group of columns by others, per column of the group.

    From determinants of correlation matrices, raised to 1 / columns so that it compares to the usual factor
    (Fox and Monette, J Am Stat Assoc 1992;87:178). Infinite where the others determine the group.
    """
    if not others.shape[1]:
        return 1.0
    both = np.corrcoef(np.column_stack([group, others]), rowvar=False)
    width = group.shape[1]
    sign, whole = np.linalg.slogdet(both)
    parts = (
        np.linalg.slogdet(both[:width, :width].reshape(width, width))[1]
        + np.linalg.slogdet(both[width:, width:])[1]
    )
    if sign <= 0 or not np.isfinite(whole) or not np.isfinite(parts):
        return float("inf")
    return float(np.exp((parts - whole) / width))


def stack(terms: Sequence[Term], rows: int) -> np.ndarray:
    """All columns of several terms side by side."""
    return np.column_stack([term.columns for term in terms]) if terms else np.empty((rows, 0))
