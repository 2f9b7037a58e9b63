"""How strong a penalty the classifier needs: grouped log loss along a path of penalties."""

from collections.abc import Sequence

import numpy as np
from scipy import special
from sklearn.model_selection import GroupKFold

STEPS = 60
# Each penalty starts where the one before ended; a change this small no longer moves the log loss.
CLOSE_ENOUGH = 1e-4
# A step this much shorter than the one before shows that the curvature in hand still serves.
SHRINKS = 0.5


def penalty_path(design: np.ndarray, event: np.ndarray, penalties: Sequence[float]) -> list[np.ndarray]:
    """Ridge logistic coefficients (intercept first, unpenalised) for each C of `penalties`, weakest fit first.

    The same objective as scikit-learn's: C times the summed log loss plus half the squared coefficients. Newton
    steps, each penalty started from the last, with the curvature computed anew only when steps stop shrinking:
    computing it takes nearly all of the time.
    """
    full = np.column_stack([np.ones(len(design), dtype=design.dtype), design])
    ridge = np.ones(full.shape[1])
    ridge[0] = 0
    coefficients = np.zeros(full.shape[1])
    coefficients[0] = special.logit(np.clip(event.mean(), 1e-6, 1 - 1e-6))
    climb = _Climb(full, event.astype(full.dtype))
    path = []
    for penalty in penalties:
        coefficients = climb.to_top(ridge / penalty, coefficients)
        path.append(coefficients)
    return path


class _Climb:
    """Newton's method on one design, holding on to the curvature of the log loss between steps and penalties."""

    def __init__(self, full: np.ndarray, event: np.ndarray):
        self.full, self.event = full, event
        self.curvature: np.ndarray | None = None

    def to_top(self, strength: np.ndarray, coefficients: np.ndarray) -> np.ndarray:
        """Where the penalised likelihood is largest, from a start near by."""
        reached, last = self._loss(coefficients, strength), np.inf
        for _ in range(STEPS):
            chance = self._chance(coefficients)
            if self.curvature is None:
                self.curvature = self._curve(chance)
            uphill = self.full.T @ (self.event - chance) - strength * coefficients
            step = np.linalg.solve(self.curvature + np.diag(strength), uphill)
            length = float(np.abs(step).max())
            if length < CLOSE_ENOUGH:
                break
            new = self._loss(coefficients + step, strength)
            while new > reached and np.abs(step).max() > CLOSE_ENOUGH:
                step = step / 2
                new = self._loss(coefficients + step, strength)
            if new > reached:
                break
            coefficients, reached = coefficients + step, new
            if length > SHRINKS * last:
                self.curvature = None
            last = length
        return coefficients

    def _eta(self, coefficients: np.ndarray) -> np.ndarray:
        return self.full @ coefficients.astype(self.full.dtype)

    def _chance(self, coefficients: np.ndarray) -> np.ndarray:
        return special.expit(self._eta(coefficients))

    def _loss(self, coefficients: np.ndarray, strength: np.ndarray) -> float:
        eta = self._eta(coefficients)
        losses = np.logaddexp(0, eta) - self.event * eta
        return float(losses.sum(dtype=float) + (strength * coefficients**2).sum() / 2)

    def _curve(self, chance: np.ndarray) -> np.ndarray:
        weighted = self.full * (chance * (1 - chance))[:, None]
        return (self.full.T @ weighted).astype(float)


def choose_penalty(
    design: np.ndarray, event: np.ndarray, people: np.ndarray, penalties: Sequence[float], folds: int
) -> float:
    """The C with the smallest log loss on people that the fit did not see.

    In single precision, which halves the time; the losses that are compared differ far more than its rounding.
    """
    ordered = sorted(penalties)
    losses = np.zeros(len(ordered))
    design = design.astype(np.float32)
    for train, test in GroupKFold(folds).split(design, event, people):
        for position, coefficients in enumerate(penalty_path(design[train], event[train], ordered)):
            eta = coefficients[0] + design[test] @ coefficients[1:]
            losses[position] += (np.logaddexp(0, eta) - event[test] * eta).sum()
    return ordered[int(np.argmin(losses))]
