"""Decision curve: what acting on the predicted chance would be worth beside acting on everyone or on nobody."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from pipelines.analysis.clustered import critical_value
from pipelines.analysis.performance import clustered_mean
from pipelines.results import DecisionPoint


def decision_curve(
    outcome: pd.Series, probability: pd.Series, participant: pd.Series, thresholds: Sequence[float]
) -> tuple[DecisionPoint, ...]:
    """Net benefit per session at each threshold (Vickers and Elkin, Med Decis Making 2006;26:565).

    Sessions with the outcome whose predicted chance reaches the threshold, less those without it times the
    threshold's odds, per session; the interval is clustered by participant. Acting on nobody is worth 0.
    """
    event, chance = outcome.astype(float).to_numpy(), probability.astype(float).to_numpy()
    people = pd.factorize(participant)[0]
    return tuple(_point(event, chance, people, threshold) for threshold in thresholds)


def _point(event: np.ndarray, chance: np.ndarray, people: np.ndarray, threshold: float) -> DecisionPoint:
    odds = threshold / (1 - threshold)
    worth = event - (1 - event) * odds
    above = chance >= threshold
    value, error, participants = clustered_mean(np.where(above, worth, 0.0), people)
    half = float(critical_value(participants - 1)) * error
    return DecisionPoint(
        threshold, value, value - half, value + half, float(worth.mean()), int(np.unique(people[above]).size)
    )
