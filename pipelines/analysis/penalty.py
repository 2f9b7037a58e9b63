"""How strong a penalty the classifier needs: grouped log loss along a path of penalties."""

from collections.abc import Sequence

import numpy as np
from scipy import special
from sklearn.model_selection import GroupKFold

STEPS = 6
# Each penalty starts where the one before ended; a change this small no longer moves the log loss.
CLOSE_ENOUGH = 1e-4


def penalty_path(design: np.ndarray, event: np.ndarray, penalties: Sequence[float]) -> list[np.ndarray]:
    """Ridge logistic coefficients (intercept first, unpenalised) for each C of `penalties`, weakest fit first.

    The same objective as scikit-learn's: C times the summed log loss plus half the squared coefficients. Newton
    steps, each penalty started from the last, because fitting each anew takes ten times as long.
    """
    full = np.column_stack([np.ones(len(design)), design])
    ridge = np.ones(full.shape[1])
    ridge[0] = 0
    coefficients = np.zeros(full.shape[1])
    coefficients[0] = special.logit(np.clip(event.mean(), 1e-6, 1 - 1e-6))
    path = []
    for penalty in penalties:
        coefficients = _climb(full, event, ridge / penalty, coefficients)
        path.append(coefficients)
    return path


def _loss(full: np.ndarray, event: np.ndarray, strength: np.ndarray, coefficients: np.ndarray) -> float:
    eta = full @ coefficients
    return float((np.logaddexp(0, eta) - event * eta).sum() + (strength * coefficients**2).sum() / 2)


def _climb(full: np.ndarray, event: np.ndarray, strength: np.ndarray, coefficients: np.ndarray) -> np.ndarray:
    """A few Newton steps from here, each halved until the penalised loss falls."""
    reached = _loss(full, event, strength, coefficients)
    for _ in range(STEPS):
        chance = special.expit(full @ coefficients)
        weight = chance * (1 - chance)
        information = full.T @ (full * weight[:, None]) + np.diag(strength)
        step = np.linalg.solve(information, full.T @ (event - chance) - strength * coefficients)
        new = _loss(full, event, strength, coefficients + step)
        while new > reached and np.abs(step).max() > CLOSE_ENOUGH:
            step = step / 2
            new = _loss(full, event, strength, coefficients + step)
        if new > reached or np.abs(step).max() < CLOSE_ENOUGH:
            break
        coefficients, reached = coefficients + step, new
    return coefficients


def choose_penalty(
    design: np.ndarray, event: np.ndarray, people: np.ndarray, penalties: Sequence[float], folds: int
) -> float:
    """The C with the smallest log loss on people that the fit did not see."""
    ordered = sorted(penalties)
    losses = np.zeros(len(ordered))
    for train, test in GroupKFold(folds).split(design, event, people):
        for position, coefficients in enumerate(penalty_path(design[train], event[train], ordered)):
            eta = coefficients[0] + design[test] @ coefficients[1:]
            losses[position] += (np.logaddexp(0, eta) - event[test] * eta).sum()
    return ordered[int(np.argmin(losses))]
