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
    of_people, people_rows = cells.of_people(cells.count * (high - low)), cells.of_people(cells.count)
    averaged = difference - (rows * difference - of_people) / (rows - people_rows)
    moved = estimates.changes @ gradient + averaged
    moved = moved - moved.mean()
    error = float(np.sqrt((len(moved) - 1) / len(moved) * (moved @ moved)))
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
