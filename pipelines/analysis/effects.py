"""Effects with intervals that respect that sessions belong to people.

Odds ratios by logistic regression, ratios of mean volumes by quasi-Poisson, differences in mL by least squares:
all sessions, working independence, and a covariance clustered by participant (one-step jackknife, CR3) with t on
the effective number of participants of each coefficient, at most one fewer than there are.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import ibis.expr.types as ir
import numpy as np
import pandas as pd
from scipy import special

from pipelines.analysis.cells import make_cells
from pipelines.analysis.clustered import (
    BINOMIAL,
    GAUSSIAN,
    POISSON,
    Estimates,
    Family,
    critical_value,
    estimate,
)
from pipelines.analysis.refusals import INTERCEPT
from pipelines.errors import NotEstimable


@dataclass(frozen=True)
class Fit:
    """One fitted model; every dict is keyed by predictor and "(Intercept)".

    `coefficients`, `standard_errors` and `intervals` (low, high; 95 %) are on the model's own scale: log odds,
    log of mean volume, or mL. `standard_errors` are one-step jackknife over participants,
    `robust_standard_errors` the usual cluster-robust ones (CR1) for comparison. `effective_participants` says how
    many people really carry a coefficient, `largest_share` (0-1) how much of its variance one person carries.
    `events` is the sum of the outcome (for volumes: mL).
    """

    coefficients: Mapping[str, float]
    standard_errors: Mapping[str, float]
    effective_participants: Mapping[str, float]
    intervals: Mapping[str, tuple[float, float]]
    participants: int
    rows: int
    events: float
    degrees_of_freedom: Mapping[str, float]
    p_values: Mapping[str, float]
    largest_share: Mapping[str, float]
    robust_standard_errors: Mapping[str, float]


def make_fit(names: Sequence[str], estimates: Estimates, participants: int, rows: int, events: float) -> Fit:
    """Name the numbers of a fit; `names` are the predictors in the order of the design, without the intercept."""
    keys = (INTERCEPT, *names)
    errors = estimates.standard_errors
    half = critical_value(estimates.degrees_of_freedom) * errors
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = np.abs(estimates.coefficients) / errors
    p_values = 2 * special.stdtr(estimates.degrees_of_freedom, -ratio)

    def named(values: np.ndarray) -> dict[str, float]:
        return {key: float(value) for key, value in zip(keys, values, strict=True)}

    low, high = named(estimates.coefficients - half), named(estimates.coefficients + half)
    return Fit(
        named(estimates.coefficients),
        named(errors),
        named(estimates.effective),
        {key: (low[key], high[key]) for key in keys},
        participants,
        rows,
        events,
        named(estimates.degrees_of_freedom),
        named(p_values),
        named(estimates.largest_share),
        named(estimates.robust_errors),
    )


def require_columns(data: pd.DataFrame | ir.Table, names: Sequence[str]) -> None:
    """Raise NotEstimable naming the columns that a table does not have."""
    absent = [name for name in dict.fromkeys(names) if name not in data.columns]
    if absent:
        raise NotEstimable(f"The data have no column {', '.join(map(str, absent))}.")


def as_numbers(column: pd.Series) -> np.ndarray:
    """A column as floats, NaN where missing; raises NotEstimable naming one that holds anything but numbers."""
    try:
        numbers = column.astype(float).to_numpy()
    except (TypeError, ValueError):
        raise NotEstimable(f"{column.name} holds something other than numbers.") from None
    if np.isinf(numbers).any():
        raise NotEstimable(f"{column.name} holds an infinite value.")
    return numbers


def _fit(
    data: pd.DataFrame,
    outcome: str,
    predictors: Sequence[str],
    participant: str,
    family: Family,
    offset: str | None = None,
    trials: str | None = None,
) -> Fit:
    predictors = list(predictors)
    wanted = [participant, outcome, *predictors, *(each for each in (offset, trials) if each)]
    require_columns(data, wanted)
    used = data.loc[:, list(dict.fromkeys(wanted))].dropna()
    if used.empty:
        raise NotEstimable(f"No row has {outcome} together with {', '.join(predictors) or 'a participant'}.")
    values = as_numbers(used[outcome])
    count = np.ones(len(values)) if trials is None else _trials(used[trials], values)
    _refuse_outcome(outcome, values, count, family)
    design = np.column_stack([as_numbers(used[name]) for name in predictors] or [np.empty((len(used), 0))])
    people = pd.factorize(used[participant])[0]
    cells = make_cells(predictors, design, people, as_numbers(used[offset]) if offset else None)
    if trials is not None:
        cells = replace(cells, count=cells.total(count))
    estimates = estimate(cells, cells.total(values), family)
    events = int(values.sum()) if family is BINOMIAL else float(values.sum())
    return make_fit(predictors, estimates, cells.participants, int(count.sum()), events)


def _trials(column: pd.Series, events: np.ndarray) -> np.ndarray:
    """How many sessions each row stands for; refused where it is no count or smaller than the events."""
    count = as_numbers(column)
    if not ((count > 0) & (count == np.round(count)) & (events >= 0) & (events <= count)).all():
        raise NotEstimable(f"{column.name} must be whole numbers above 0, at least as large as the events.")
    return count


def _refuse_outcome(name: str, values: np.ndarray, count: np.ndarray, family: Family) -> None:
    """Raise NotEstimable for an outcome that the model cannot have, or that never changes."""
    if family is BINOMIAL and not np.isin(values, (0.0, 1.0)).all() and (count == 1).all():
        raise NotEstimable(f"{name} holds values other than 0 and 1.")
    if family is POISSON and (values < 0).any():
        raise NotEstimable(f"{name} holds negative values.")
    share = values / count
    if (share == share[0]).all() and (
        (family is BINOMIAL and share[0] in (0, 1)) or (share[0] == 0 and family is POISSON)
    ):
        raise NotEstimable(f"{name} has the same value in every row that could be used.")


def logistic(
    data: pd.DataFrame,
    outcome: str,
    predictors: Sequence[str],
    participant: str,
    trials: str | None = None,
) -> Fit:
    """Marginal log odds of a yes/no outcome.

    `data` has one row per session; `outcome` is bool or 0/1, predictors are numbers. With `trials` (a column) a row
    stands for so many sessions and `outcome` counts those that had it. Rows with a missing value in a used column
    are left out. Raises NotEstimable naming the predictor on separation and for a constant or
    aliased predictor; applies no other gate.
    """
    return _fit(data, outcome, predictors, participant, BINOMIAL, trials=trials)


def logistic_with_offset(
    data: pd.DataFrame, outcome: str, predictors: Sequence[str], participant: str, offset: str
) -> Fit:
    """As `logistic`, with a column that enters the log odds unscaled (for calibration in the large)."""
    return _fit(data, outcome, predictors, participant, BINOMIAL, offset)


def volume_ratio(data: pd.DataFrame, outcome: str, predictors: Sequence[str], participant: str) -> Fit:
    """Log ratio of mean volumes: quasi-Poisson with log link, sessions of 0 mL kept.

    `outcome` is in mL and never negative; rows and refusals as in `logistic`.
    """
    return _fit(data, outcome, predictors, participant, POISSON)


def linear(data: pd.DataFrame, outcome: str, predictors: Sequence[str], participant: str) -> Fit:
    """Difference in means, in the outcome's unit (mL), by least squares with the same covariance."""
    return _fit(data, outcome, predictors, participant, GAUSSIAN)


def within_between(data: pd.DataFrame, column: str, participant: str, day: str | None = None) -> pd.DataFrame:
    """Split a column into the person's mean and the deviation from it.

    Returns `data` with `<column>_within` and `<column>_between`. The mean is over the person's rows; with `day`
    (a column) over the person's days, so that a day with many sessions counts once. A missing value stays
    missing in the within part and does not enter the mean. Raises NotEstimable for a column that is absent or holds
    anything but numbers.
    """
    require_columns(data, [column, participant, *([] if day is None else [day])])
    values = pd.Series(as_numbers(data[column]), index=data.index)
    if day is None:
        between = values.groupby(data[participant]).transform("mean")
    else:
        daily = values.groupby([data[participant], data[day]], dropna=False).mean()
        between = data[participant].map(daily.groupby(level=0).mean()).astype(float)
    return data.assign(**{f"{column}_within": values - between, f"{column}_between": between})
