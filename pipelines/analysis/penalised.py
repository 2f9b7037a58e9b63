"""A penalised estimate where one answer separates the outcome: descriptive, without an interval or a verdict."""

import math
import warnings

import numpy as np
from firthmodels import FirthLogisticRegression
from sklearn.exceptions import ConvergenceWarning

from pipelines.analysis.cells import Cells

STEPS = 100


def penalised_odds_ratio(cells: Cells, events: np.ndarray, name: str) -> float | None:
    """The odds ratio of one predictor by Firth's penalised likelihood; None where that does not converge either.

    Each cell enters as its sessions with and without the outcome. Source: Heinze and Schemper, Stat Med
    2002;21:2409.
    """
    spread = cells.design.std(axis=0)
    varying = spread > 0
    design = cells.design[:, varying] / spread[varying]
    names = [each for each, varies in zip(cells.names, varying, strict=True) if varies]
    if name not in names:
        return None
    counts = np.concatenate([events, cells.count - events])
    some = counts > 0
    outcome = np.repeat([1, 0], len(events))
    model = FirthLogisticRegression(max_iter=STEPS)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        try:
            model.fit(np.vstack([design, design])[some], outcome[some], sample_weight=counts[some])
        except (np.linalg.LinAlgError, ValueError):
            return None
    position = names.index(name)
    log_odds = float(model.coef_[position]) / float(spread[varying][position])
    return math.exp(log_odds) if model.converged_ and abs(log_odds) < 50 else None
