"""Generalised linear models on rows that belong to people: one fit, one jackknife, for every kind of outcome.

A model here has a canonical link, so one Newton iteration serves all: score `X'(y - mean)`, information
`X'WX`. Rows with equal predictors inside a participant are counted together first; that changes no answer.
Predictors are standardised for the fit and turned back afterwards, so that units do not decide stability.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from scipy import special

from pipelines.analysis.cells import Cells
from pipelines.analysis.refusals import (
    Refused,
    furthest,
    refuse_aliased,
    refuse_runaway,
    refuse_separated_levels,
    separated,
)
from pipelines.errors import NotEstimable
from pipelines.settings import load_settings

CONFIDENCE: float = load_settings()["inference.confidence"]
MAXIMUM_STEPS = 30
CONVERGED_STEP = 1e-5
# Leaving a person out must keep at least this share of the information in every direction.
LEFT_OUT_TOLERANCE = 1e-9
ROWS_PER_BLOCK = 16_384


Moments = tuple[np.ndarray, np.ndarray, np.ndarray]


@dataclass(frozen=True)
class Family:
    """An outcome's distribution: `moments` are its cumulant, and mean and weight, the cumulant's derivatives."""

    name: str
    moments: Callable[[np.ndarray], Moments]
    start: Callable[[float], float]


def _binomial(eta: np.ndarray) -> Moments:
    mean = 1 / (1 + np.exp(-eta))
    rest = 1 - mean
    # log(1 + exp(eta)), of which the larger of the two chances leaves no large number to take the logarithm of.
    return np.maximum(eta, 0) - np.log(np.maximum(mean, rest)), mean, mean * rest


def _poisson(eta: np.ndarray) -> Moments:
    mean = np.exp(eta)
    return mean, mean, mean


BINOMIAL = Family("binomial", _binomial, special.logit)
POISSON = Family("poisson", _poisson, np.log)
GAUSSIAN = Family("gaussian", lambda eta: (eta**2 / 2, eta, np.ones_like(eta)), float)


@dataclass(frozen=True)
class Standardised:
    """Predictors with mean 0 and variance 1 behind a column of ones, and the way back.

    `deviation` is each predictor's standard deviation, `correlation` their correlations, rows counting once.
    """

    design: np.ndarray
    back: np.ndarray
    deviation: np.ndarray
    correlation: np.ndarray

    @property
    def size(self) -> int:
        """Number of parameters, intercept included."""
        return self.design.shape[1]


def way_back(mean: np.ndarray, deviation: np.ndarray) -> np.ndarray:
    """The matrix that turns coefficients of standardised predictors into those of the predictors as given."""
    back = np.diag(np.concatenate([[1.0], 1 / deviation]))
    back[0, 1:] = -mean / deviation
    return back


def standardise(cells: Cells) -> Standardised:
    """Standardise the predictors, each row counting once.

    Raises NotEstimable naming a predictor that is constant or a combination of those before it.
    """
    weight = cells.count / cells.count.sum()
    mean = weight @ cells.design
    design = np.ones((len(cells.design), len(cells.names) + 1))
    scaled = design[:, 1:]
    np.subtract(cells.design, mean, out=scaled)
    deviation = np.sqrt(np.einsum("i,ij,ij->j", weight, scaled, scaled))
    for name, spread, centre in zip(cells.names, deviation, mean, strict=True):
        if not spread > 1e-12 * max(1.0, abs(centre)):
            raise Refused(name, f"{name} has the same value in every row that could be used.")
    scaled /= deviation
    weighted = scaled * np.sqrt(weight)[:, None]
    correlation = weighted.T @ weighted
    refuse_aliased(cells.names, weighted, correlation)
    return Standardised(design, way_back(mean, deviation), deviation, correlation)


def newton_step(
    information: np.ndarray, score: np.ndarray, coefficients: np.ndarray, names: Sequence[str]
) -> np.ndarray:
    """Solve for one Newton step; a singular information is a predictor that ran away (separation)."""
    try:
        step = np.linalg.solve(information, score)
    except np.linalg.LinAlgError:
        step = np.full(len(score), np.nan)
    if not np.isfinite(step).all():
        raise separated(furthest(names, coefficients))
    return step


@dataclass(frozen=True)
class Sums:
    """Log likelihood, score and information at some coefficients, summed over all cells."""

    likelihood: float
    score: np.ndarray
    information: np.ndarray


def _sums(
    cells: Cells, total: np.ndarray, family: Family, standard: Standardised, coefficients: np.ndarray
) -> Sums:
    """One pass over the cells, in blocks that stay in the processor's cache."""
    likelihood, score = 0.0, np.zeros(standard.size)
    information = np.zeros((standard.size, standard.size))
    room = np.empty((min(len(total), ROWS_PER_BLOCK), standard.size))
    for begin in range(0, len(total), ROWS_PER_BLOCK):
        rows = slice(begin, begin + ROWS_PER_BLOCK)
        design, count, happened = standard.design[rows], cells.count[rows], total[rows]
        eta = _linear_predictor(design, coefficients, cells, rows)
        with np.errstate(over="ignore"):
            cumulant, mean, weight = family.moments(eta)
            likelihood += float(happened @ eta - count @ cumulant)
            score += (happened - count * mean) @ design
            root = np.sqrt(count * weight)[:, None]
            rooted = np.multiply(design, root, out=room[: len(design)])
        information += rooted.T @ rooted
    return Sums(likelihood, score, information)


def _linear_predictor(design: np.ndarray, coefficients: np.ndarray, cells: Cells, rows: slice) -> np.ndarray:
    eta = design @ coefficients
    return eta if cells.offset is None else eta + cells.offset[rows]


@dataclass(frozen=True)
class Maximum:
    """Where Newton's method ended, on standardised predictors."""

    coefficients: np.ndarray
    information: np.ndarray


def maximise(cells: Cells, total: np.ndarray, family: Family, standard: Standardised) -> Maximum:
    """Maximum likelihood by Newton steps, each halved until the likelihood grows.

    Raises NotEstimable naming a predictor that separates the outcome.
    """
    coefficients = np.zeros(standard.size)
    offset = 0.0 if cells.offset is None else np.average(cells.offset, weights=cells.count)
    coefficients[0] = family.start(total.sum() / cells.count.sum()) - offset
    reached = _sums(cells, total, family, standard, coefficients)
    step = np.zeros(standard.size)
    converged = False
    for _ in range(MAXIMUM_STEPS):
        step = newton_step(reached.information, reached.score, coefficients, cells.names)
        trial = _sums(cells, total, family, standard, coefficients + step)
        # Near the maximum a step may lose in rounding what it gains; only a real loss is halved.
        least = reached.likelihood - 1e-10 * abs(reached.likelihood)
        while not trial.likelihood >= least and np.abs(step).max() > CONVERGED_STEP:
            step = step / 2
            trial = _sums(cells, total, family, standard, coefficients + step)
        coefficients, reached = coefficients + step, trial
        # Newton squares the distance: after a step this small the next would be below rounding.
        converged = bool(np.abs(step).max() < CONVERGED_STEP)
        if converged:
            break
    if family is not GAUSSIAN:
        refuse_runaway(cells.names, coefficients, reached.information, step, converged, standard.correlation)
    return Maximum(coefficients, reached.information)


def _participant_blocks(cells: Cells) -> Iterator[tuple[slice, np.ndarray]]:
    """Consecutive participants in blocks of bounded size: the rows, and where each participant begins in them."""
    ends = np.append(cells.starts[1:], len(cells.count))
    first = 0
    while first < len(cells.starts):
        begin = cells.starts[first]
        last = max(first + 1, int(np.searchsorted(ends, begin + ROWS_PER_BLOCK, side="right")))
        yield slice(begin, ends[last - 1]), cells.starts[first:last] - begin
        first = last


def scores_and_informations(
    design: np.ndarray, residual: np.ndarray, weight: np.ndarray, starts: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Score (participants x parameters) and information (participants x parameters x parameters) of each person."""
    size = design.shape[1]
    scores = np.add.reduceat(design * residual[:, None], starts, axis=0)
    rooted = design * np.sqrt(weight)[:, None]
    informations = np.empty((len(starts), size, size))
    for person, (begin, end) in enumerate(pairwise([*starts, len(design)])):
        mine = rooted[begin:end]
        np.matmul(mine.T, mine, out=informations[person])
    return scores, informations


def one_step_changes(
    total: np.ndarray, scores: np.ndarray, informations: np.ndarray, names: Sequence[str]
) -> np.ndarray:
    """How far each coefficient moves, to one Newton step, when a person is left out.

    Raises NotEstimable naming a predictor that a single person carries alone.
    """
    inverse_root = np.linalg.inv(np.linalg.cholesky(total))
    # The trace bounds the largest share of information a person has, so most people need no eigenvalues.
    traces = np.einsum("gij,ij->g", informations, inverse_root.T @ inverse_root)
    for person in np.flatnonzero(traces > 1 - LEFT_OUT_TOLERANCE):
        shares, directions = np.linalg.eigh(inverse_root @ informations[person] @ inverse_root.T)
        if shares[-1] > 1 - LEFT_OUT_TOLERANCE:
            name = furthest(names, inverse_root.T @ directions[:, -1])
            raise Refused(name, f"{name} rests on a single participant, so its uncertainty is unknown.")
    return np.linalg.solve(total[None] - informations, scores[:, :, None])[:, :, 0]


@dataclass(frozen=True)
class Estimates:
    """Coefficients (intercept first) with their one-step jackknife, on the predictors' own scale.

    `changes` (participants x parameters, centred) says how far each coefficient moves when a person is left out,
    with the sign turned: without her it is the coefficient minus her change. `robust_errors` are the ordinary cluster-robust ones (CR1), kept for comparison only: they are too small
    with few people.
    """

    coefficients: np.ndarray
    covariance: np.ndarray
    changes: np.ndarray
    robust_errors: np.ndarray
    effective: np.ndarray
    degrees_of_freedom: np.ndarray
    largest_share: np.ndarray

    @property
    def standard_errors(self) -> np.ndarray:
        """One-step jackknife standard errors."""
        return np.sqrt(np.diag(self.covariance))


def summarise(
    coefficients: np.ndarray, changes: np.ndarray, influences: np.ndarray, back: np.ndarray
) -> Estimates:
    """Covariance, effective participants and largest share from each person's change and influence.

    V = (G-1)/G * D'D with centred changes D; effective participants (sum U^2)^2 / sum U^4 with U = score times
    inverse information; at most G-1 degrees of freedom.
    """
    changes = (changes - changes.mean(axis=0)) @ back.T
    influences = influences @ back.T
    people = len(changes)
    squares = influences**2
    moved = changes**2
    with np.errstate(invalid="ignore"):
        effective = squares.sum(axis=0) ** 2 / (squares**2).sum(axis=0)
        largest = moved.max(axis=0) / moved.sum(axis=0)
    # Without any residual nobody moves anything: then everybody counts alike.
    effective = np.where(np.isnan(effective), people, effective)
    return Estimates(
        back @ coefficients,
        (people - 1) / people * changes.T @ changes,
        changes,
        np.sqrt(people / (people - 1) * squares.sum(axis=0)),
        effective,
        np.minimum(effective, people - 1),
        np.where(np.isnan(largest), 1 / people, largest),
    )


def estimate(
    cells: Cells, total: np.ndarray, family: Family, standard: Standardised | None = None
) -> Estimates:
    """Fit one model and its person-wise jackknife.

    `total` is the outcome summed per cell (mL, events); `standard` the cells' own standardised predictors where
    they are at hand. Raises NotEstimable naming a predictor that is constant,
    aliased, separating, or carried by one person alone; and when there are fewer than two participants.
    """
    if cells.participants < 2:
        raise NotEstimable("Fewer than two participants are left, so their differences cannot be judged.")
    standard = standard or standardise(cells)
    if family is not GAUSSIAN:
        refuse_separated_levels(cells, total, can_be_certain=family is BINOMIAL)
    maximum = maximise(cells, total, family, standard)
    changes, influences = [], []
    inverse = np.linalg.inv(maximum.information)
    for rows, starts in _participant_blocks(cells):
        design, count = standard.design[rows], cells.count[rows]
        eta = _linear_predictor(design, maximum.coefficients, cells, rows)
        _, mean, weight = family.moments(eta)
        scores, informations = scores_and_informations(
            design, total[rows] - count * mean, count * weight, starts
        )
        changes.append(one_step_changes(maximum.information, scores, informations, cells.names))
        influences.append(scores @ inverse)
    return summarise(maximum.coefficients, np.vstack(changes), np.vstack(influences), standard.back)


def critical_value(degrees_of_freedom: float | np.ndarray) -> np.ndarray:
    """Student's t at the upper end of the 95 % interval."""
    return special.stdtrit(degrees_of_freedom, (1 + CONFIDENCE) / 2)
