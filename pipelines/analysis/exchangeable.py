"""The same logistic with sessions of a person taken as equally alike (GEE, exchangeable): a sensitivity row.

More precise than independence where people differ much, but unstable with few of them.
"""

from dataclasses import dataclass

import numpy as np
from scipy import special

from pipelines.analysis.cells import Cells
from pipelines.analysis.clustered import BINOMIAL, maximise, standardise
from pipelines.analysis.refusals import refuse_separated_levels
from pipelines.errors import NotEstimable

STEPS = 50
CLOSE_ENOUGH = 1e-8


@dataclass(frozen=True)
class ExchangeableFit:
    """Coefficients (intercept first) and robust standard errors on the predictors' own scale, and the correlation
    of two sessions of one person."""

    coefficients: np.ndarray
    standard_errors: np.ndarray
    correlation: float


@dataclass(frozen=True)
class _State:
    """Everything that one step needs, at some coefficients; sums over each person's sessions."""

    score: np.ndarray
    bread: np.ndarray
    meat: np.ndarray
    correlation: float


def exchangeable(cells: Cells, events: np.ndarray) -> ExchangeableFit:
    """Fit by generalised estimating equations; `events` is the outcome summed per cell.

    Standard errors are the sandwich ones without a small-sample correction. Sessions with equal predictors are
    counted together, which changes no answer. Raises NotEstimable on separation, as the ordinary fit does, and where
    the equations do not converge. Source: Liang and Zeger, Biometrika 1986;73:13.
    """
    standard = standardise(cells)
    refuse_separated_levels(cells, events, can_be_certain=True)
    coefficients = maximise(cells, events, BINOMIAL, standard).coefficients
    for _ in range(STEPS):
        with np.errstate(divide="ignore", invalid="ignore"):
            state = _state(cells, events, standard.design, coefficients)
        if not (np.isfinite(state.bread).all() and np.isfinite(state.score).all()):
            break
        step = np.linalg.solve(state.bread, state.score)
        coefficients = coefficients + step
        if np.abs(step).max() < CLOSE_ENOUGH:
            inverse = np.linalg.inv(state.bread)
            covariance = standard.back @ inverse @ state.meat @ inverse @ standard.back.T
            errors = np.sqrt(np.diag(covariance))
            return ExchangeableFit(standard.back @ coefficients, errors, state.correlation)
    raise NotEstimable("The equations with equally alike sessions did not converge.")


def _state(cells: Cells, events: np.ndarray, design: np.ndarray, coefficients: np.ndarray) -> _State:
    chance = special.expit(design @ coefficients)
    spread = np.sqrt(chance * (1 - chance))
    residual = events - cells.count * chance
    sizes = cells.of_people(cells.count)
    pearson = cells.of_people(residual / spread)
    correlation = _correlation(cells, events, chance, pearson, sizes, len(coefficients))
    # The inverse of an exchangeable matrix is (I - shrink * ones) / (1 - correlation).
    shrink = correlation / (1 + (sizes - 1) * correlation)
    weighted = design * (cells.count * spread)[:, None]
    of_people = cells.of_people(weighted)
    scores = cells.of_people(design * residual[:, None]) - of_people * (shrink * pearson)[:, None]
    bread = (design * spread[:, None]).T @ weighted - (of_people * shrink[:, None]).T @ of_people
    scale = 1 / (1 - correlation)
    return _State(scale * scores.sum(axis=0), scale * bread, scale**2 * scores.T @ scores, float(correlation))


def _correlation(
    cells: Cells,
    events: np.ndarray,
    chance: np.ndarray,
    pearson: np.ndarray,
    sizes: np.ndarray,
    parameters: int,
) -> float:
    """Moment estimate: mean product of two sessions' residuals over their mean square."""
    squares = events * (1 - chance) / chance + (cells.count - events) * chance / (1 - chance)
    scale = squares.sum() / (sizes.sum() - parameters)
    products = (pearson**2 - cells.of_people(squares)).sum() / 2
    pairs = (sizes * (sizes - 1)).sum() / 2
    found = products / scale / max(pairs - parameters, 1)
    # Beyond these ends no matrix of correlations exists; the lower one depends on the largest person.
    return float(np.clip(found, -0.9 / max(sizes.max() - 1, 1), 0.99))
