"""Percentiles of daily expressed volume by day postpartum, people weighted equally."""

import warnings
from collections.abc import Iterable, Sequence

import numpy as np
import pandas as pd
from scipy import sparse
from scipy.sparse.linalg import spsolve
from statsmodels.regression.quantile_regression import QuantReg
from statsmodels.tools.sm_exceptions import IterationLimitWarning

from pipelines.analysis.clustered import critical_value
from pipelines.analysis.effects import as_numbers, require_columns
from pipelines.analysis.splines import natural_spline
from pipelines.errors import NotEstimable
from pipelines.results import CurvePoint
from pipelines.settings import Settings

# Milk comes in within days and then settles for weeks: even steps in log day put the knots where the bends are.
KNOTS = 6
SOLVER_ROUNDS = 500


def weighted_quantile(values: np.ndarray, weights: np.ndarray, probabilities: np.ndarray) -> np.ndarray:
    """Quantiles of weighted values; equal weights give the usual linear interpolation ("type 7").

    With other weights the same rule is applied to the effective number of values (Kish): each quantile is the
    mean over a window of that width in the cumulated weights. Source: Akinshin, arXiv:2304.07265.
    """
    order = np.argsort(values, kind="stable")
    values, weights = values[order], weights[order] / weights.sum()
    effective = 1 / (weights**2).sum()
    edges = np.minimum(np.concatenate([[0.0], np.cumsum(weights)]), 1.0)
    edges[-1] = 1.0
    below = np.asarray(probabilities, dtype=float) * (effective - 1) / effective
    covered = np.clip((edges[None, :] - below[:, None]) * effective, 0, 1)
    return np.diff(covered, axis=1) @ values


def _equal_people(people: np.ndarray) -> np.ndarray:
    """Weights that sum to one for each person."""
    return 1 / np.bincount(people)[people]


def share_error(below: np.ndarray, people: np.ndarray) -> tuple[float, int]:
    """Standard error of the mean over people of their own share of true values, and the number of people."""
    shares = np.bincount(people, weights=below) / np.bincount(people)
    count = len(shares)
    return (float(shares.std(ddof=1) / np.sqrt(count)) if count > 1 else float("nan")), count


def _with_intervals(values: np.ndarray, people: np.ndarray, probabilities: np.ndarray) -> pd.DataFrame:
    weights = _equal_people(people)
    estimates = weighted_quantile(values, weights, probabilities)
    limits = []
    for probability, estimate in zip(probabilities, estimates, strict=True):
        error, count = share_error(values <= estimate, people)
        if count < 2:
            limits.append((np.nan, np.nan))
            continue
        half = float(critical_value(count - 1)) * error
        reached = np.clip([probability - half, probability + half], 0, 1)
        low, high = weighted_quantile(values, weights, reached)
        limits.append((min(low, estimate), max(high, estimate)))
    low, high = np.array(limits).T
    return pd.DataFrame(
        {
            "probability": probabilities,
            "value": estimates,
            "low": low,
            "high": high,
            "participants": len(np.unique(people)),
        }
    )


def quantiles(
    data: pd.DataFrame,
    value: str,
    by: str | Sequence[str] | None,
    participant: str,
    probabilities: Iterable[float],
) -> pd.DataFrame:
    """Quantiles of a column in each group, people weighted equally, with participant-clustered 95 % intervals.

    Returns one row per group and probability: the `by` columns, probability, value, low, high, participants.
    Intervals after Woodruff: the clustered standard error of the share at or below the quantile, then the
    quantiles at that share plus and minus t times it; missing with a single person. Rows with a missing value,
    group or participant are left out. Applies no gate. Raises NotEstimable for a probability outside 0 to 1, and for a
    column that is absent or, for the value, holds anything but numbers.
    """
    groups = [] if by is None else [by] if isinstance(by, str) else list(by)
    wanted = np.array(list(probabilities), dtype=float)
    if not ((wanted >= 0) & (wanted <= 1)).all():
        raise NotEstimable("Quantiles need probabilities between 0 and 1.")
    require_columns(data, [*groups, participant, value])
    used = data[[*groups, participant, value]].dropna()
    used[value] = as_numbers(used[value])
    pieces = []
    for key, piece in used.groupby(groups, sort=True) if groups else [((), used)]:
        table = _with_intervals(piece[value].to_numpy(), pd.factorize(piece[participant])[0], wanted)
        for position, (name, label) in enumerate(zip(groups, key, strict=True)):
            table.insert(position, name, label)
        pieces.append(table)
    columns = [*groups, "probability", "value", "low", "high", "participants"]
    return pd.concat(pieces, ignore_index=True) if pieces else pd.DataFrame(columns=columns)


def percentile_curves(
    daily: pd.DataFrame, settings: Settings, minimum_cell: int, cohort: str = ""
) -> tuple[CurvePoint, ...]:
    """Percentiles of 24-hour expressed volume for each day postpartum (birth = day 0).

    `daily` has one row per participant-day with participant_id, day_postpartum and volume_ml (mL; NULL = not a
    complete day, left out). Up to `curves.regression_limit` participant-days: quantile regression on a natural
    spline of log(day + 1); above: each day's quantiles, smoothed. Curves are sorted on each day so that they
    cannot cross. A point is suppressed with its reason where too few people are near the day; days after the
    last one that can be estimated are left out.
    """
    used = daily[["participant_id", "day_postpartum", "volume_ml"]].dropna()
    used = used[used["day_postpartum"] >= 0]
    probabilities = np.array(settings["curves.probabilities"], dtype=float)
    if used["participant_id"].nunique() < minimum_cell:
        return ()
    day = used["day_postpartum"].to_numpy(int)
    volume = used["volume_ml"].to_numpy(float)
    people = pd.factorize(used["participant_id"])[0]
    needed = max(int(settings["curves.minimum_people"]), minimum_cell)
    window = int(settings["curves.window_days"])
    days = _days_with_enough(day, people, needed, window)
    if days.size == 0:
        return ()
    grid = np.arange(day.max() + 1)
    if len(used) <= settings["curves.regression_limit"]:
        fitted = _regression(day, volume, probabilities, grid)
    else:
        fitted = _smoothed(day, volume, people, probabilities, grid, settings["curves.smoothness"])
    fitted = np.sort(np.maximum(fitted, 0), axis=1)
    points = []
    for number in range(days[0], days[-1] + 1):
        near = _near(day, number, window)
        distances = volume[near] - fitted[day[near]].T
        tail = int(settings["curves.smallest_tail"])
        points += _points_of_day(
            cohort, number, distances, people[near], fitted[number], probabilities, needed, tail
        )
    return tuple(points)


def _near(day: np.ndarray, number: int, window: int) -> np.ndarray:
    """Rows of the days around one day: `window` days each side, more when the course has slowed down."""
    return np.abs(day - number) <= max(window, number // 14)


def _days_with_enough(day: np.ndarray, people: np.ndarray, needed: int, window: int) -> np.ndarray:
    enough = [
        number for number in np.unique(day) if np.unique(people[_near(day, number, window)]).size >= needed
    ]
    return np.array(enough, dtype=int)


def _regression(
    day: np.ndarray, volume: np.ndarray, probabilities: np.ndarray, grid: np.ndarray
) -> np.ndarray:
    """Quantile regression on a natural spline of log(day + 1); days by probabilities.

    Fitted on the square root of the volume and squared: quantiles survive that, and the curve bends less. A day
    has one row a person, so on each day people count equally without weights.
    """
    knots = np.linspace(np.quantile(np.log1p(day), 0.01), np.quantile(np.log1p(day), 0.99), KNOTS)
    basis = _with_ones(natural_spline(np.log1p(day), knots))
    at_grid = _with_ones(natural_spline(np.log1p(grid), knots))
    # The last columns of a spline basis run to hundreds; scaled, the solver needs a fifth of the rounds.
    scale = np.abs(basis).max(axis=0)
    model = QuantReg(np.sqrt(volume), basis / scale)
    with warnings.catch_warnings():
        # Where values are tied the solver circles between solutions that differ by less than 1 mL.
        warnings.simplefilter("ignore", IterationLimitWarning)
        roots = [at_grid / scale @ model.fit(q=p, max_iter=SOLVER_ROUNDS).params for p in probabilities]
    return np.column_stack(roots).clip(0) ** 2


def _with_ones(basis: np.ndarray) -> np.ndarray:
    return np.column_stack([np.ones(len(basis)), basis])


def _smoothed(
    day: np.ndarray,
    volume: np.ndarray,
    people: np.ndarray,
    probabilities: np.ndarray,
    grid: np.ndarray,
    smoothness: float,
) -> np.ndarray:
    """Each day's quantiles, smoothed along log(day + 1) with a penalty on bending; days by probabilities.

    Smoothed as square roots, like the regression.
    """
    table = quantiles(
        pd.DataFrame({"day": day, "volume": volume, "person": people}),
        "volume",
        "day",
        "person",
        probabilities,
    )
    raw = table.pivot(index="day", columns="probability", values="value").reindex(grid)
    weight = table.groupby("day")["participants"].first().reindex(grid).fillna(0).to_numpy(float)
    position = np.log1p(grid)
    slopes = sparse.diags(1 / np.diff(position)) @ sparse.diags(
        [-1.0, 1.0], [0, 1], (len(grid) - 1, len(grid))
    )
    middle = (position[2:] - position[:-2]) / 2
    bends = sparse.diags([-1.0, 1.0], [0, 1], (len(grid) - 2, len(grid) - 1)) @ slopes
    penalty = bends.T @ sparse.diags(1 / middle) @ bends
    system = (sparse.diags(weight) + smoothness * weight.sum() / len(grid) * penalty).tocsc()
    roots = np.sqrt(raw.fillna(0).clip(lower=0))
    return np.column_stack(
        [spsolve(system, weight * roots[p].to_numpy()).clip(0) ** 2 for p in roots.columns]
    )


def _points_of_day(
    cohort: str,
    number: int,
    distances: np.ndarray,
    people: np.ndarray,
    curve: np.ndarray,
    probabilities: np.ndarray,
    needed: int,
    smallest_tail: int,
) -> list[CurvePoint]:
    """All percentiles of one day; `distances` are volumes near the day minus each curve on their own day."""
    count = np.unique(people).size
    if count < needed:
        reason = f"fewer than {needed} people logged a complete day around this day"
        return [
            CurvePoint(cohort, number, float(p), None, None, None, None, "suppressed", reason)
            for p in probabilities
        ]
    people = pd.factorize(people)[0]
    points = []
    for probability, value, distance in zip(probabilities, curve, distances, strict=True):
        if count * min(probability, 1 - probability) < smallest_tail:
            reason = "too few people for a percentile this far from the middle"
            points.append(
                CurvePoint(cohort, number, float(probability), None, None, None, None, "suppressed", reason)
            )
            continue
        low, high = _limits(distance, people, probability)
        points.append(
            CurvePoint(
                cohort,
                number,
                float(probability),
                float(value),
                float(max(0.0, value + min(low, 0.0))),
                float(value + max(high, 0.0)),
                count,
                "estimated",
            )
        )
    return points


def _limits(distance: np.ndarray, people: np.ndarray, probability: float) -> tuple[float, float]:
    """How far the curve could lie below and above, by the clustered error of the share of days under it."""
    error, count = share_error(distance <= 0, people)
    half = float(critical_value(count - 1)) * error
    reached = np.clip([probability - half, probability + half], 0, 1)
    low, high = weighted_quantile(distance, _equal_people(people), reached)
    return float(low), float(high)
