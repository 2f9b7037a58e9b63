"""What an odds ratio means in shares: the average predicted share with and without, and their difference."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from scipy import special

from pipelines.analysis.cells import Cells
from pipelines.analysis.clustered import Estimates, critical_value


@dataclass(frozen=True)
class Difference:
    """Predicted shares (0-1) with and without, averaged over the same sessions, and their difference with interval."""

    without: float
    having: float
    value: float
    low: float
    high: float


@dataclass(frozen=True)
class Share:
    """A predicted share (0-1), averaged over sessions, with its 95 % interval."""

    value: float
    low: float
    high: float


def predicted_share(
    cells: Cells, estimates: Estimates, changed: Mapping[str, np.ndarray], degrees_of_freedom: float
) -> Share:
    """The average predicted share of all sessions with some predictors changed, the others as they are.

    The standard error is that of `share_difference`; the interval is symmetric in log odds, so that it stays within
    0 and 1.
    """
    chance, slopes = _predicted(cells, estimates, changed)
    rows = cells.count.sum()
    value = float(cells.count @ chance / rows)
    moved = estimates.changes @ (slopes / rows) + _averaged(cells, chance)
    half = float(critical_value(degrees_of_freedom)) * _jackknife_error(moved) / (value * (1 - value))
    middle = special.logit(value)
    return Share(value, float(special.expit(middle - half)), float(special.expit(middle + half)))


def _averaged(cells: Cells, chance: np.ndarray) -> np.ndarray:
    """How far the average over sessions moves with each person's sessions in it, at fixed coefficients."""
    rows, mean = cells.count.sum(), cells.count @ chance / cells.count.sum()
    of_people, people_rows = cells.of_people(cells.count * chance), cells.of_people(cells.count)
    return mean - (rows * mean - of_people) / (rows - people_rows)


def _jackknife_error(moved: np.ndarray) -> float:
    moved = moved - moved.mean()
    return float(np.sqrt((len(moved) - 1) / len(moved) * (moved @ moved)))


def share_difference(
    cells: Cells,
    estimates: Estimates,
    without: Mapping[str, np.ndarray],
    having: Mapping[str, np.ndarray],
    degrees_of_freedom: float,
) -> Difference:
    """Marginal standardisation of a logistic fit: every session predicted twice, the differences averaged.

    `without` and `having` give the predictors that change, one value per cell; the others stay as they are. The
    standard error is a one-step jackknife over participants, in which both the coefficients and the sessions
    averaged over lose the person; at fixed sessions it equals the delta method with the same covariance.
    """
    low, low_slopes = _predicted(cells, estimates, without)
    high, high_slopes = _predicted(cells, estimates, having)
    rows = cells.count.sum()
    difference = float(cells.count @ (high - low) / rows)
    gradient = (high_slopes - low_slopes) / rows
    error = _jackknife_error(estimates.changes @ gradient + _averaged(cells, high - low))
    half = float(critical_value(degrees_of_freedom)) * error
    return Difference(
        float(cells.count @ low / rows),
        float(cells.count @ high / rows),
        difference,
        max(difference - half, -1.0),
        min(difference + half, 1.0),
    )


def _predicted(
    cells: Cells, estimates: Estimates, changed: Mapping[str, np.ndarray]
) -> tuple[np.ndarray, np.ndarray]:
    """The predicted share of each cell, and how their sum over rows moves with each coefficient."""
    slopes = estimates.coefficients
    eta = slopes[0] + cells.design @ slopes[1:]
    for name, values in changed.items():
        eta = eta + slopes[1 + cells.names.index(name)] * (values - cells.column(name))
    chance = special.expit(eta)
    weight = cells.count * chance * (1 - chance)
    gradient = np.concatenate([[weight.sum()], weight @ cells.design])
    for name, values in changed.items():
        gradient[1 + cells.names.index(name)] = weight @ values
    return chance, gradient
