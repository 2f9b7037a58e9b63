"""What a prediction must not have seen: its own person, and anything that a session or a later day brings."""

from collections.abc import Iterable

import numpy as np

from pipelines.analysis.features import LAG
from pipelines.codebook import Codebook, Factor

PREDICTS = ("factor", "adjustment")


class Leak(ValueError):
    """A programmer's error: what is to be predicted reached the model by another way."""


def require_disjoint(train: np.ndarray, test: np.ndarray, people: np.ndarray) -> None:
    """Raises Leak when anybody's sessions stand on both sides of a split."""
    both = np.intersect1d(people[train], people[test])
    if both.size:
        raise Leak(f"{both.size} participants are both in the training and in the held-out part.")


def column_before(factor: Factor) -> str | None:
    """The column that holds what is known of a factor before a session starts; None where nothing is.

    Of the day's diary only yesterday's counts, unless an item is about the time before the session.
    """
    if factor.grains[0] == "day" and factor.order != "before":
        return factor.id + LAG
    return factor.id if factor.order == "before" else None


def require_known_before(columns: Iterable[str], codebook: Codebook) -> None:
    """Raises Leak for a column that is not known before a session starts, or that output itself decides.

    Outcomes, mediators, colliders, rules and labels of the codebook, placebos, and everything that is no factor, such
    as a volume, are refused whatever day they are of.
    """
    for column in columns:
        factor = codebook.factors.get(column.removesuffix(LAG))
        if factor is None or factor.role not in PREDICTS or factor.restricted:
            raise Leak(f"{column} must not enter a prediction: it is no factor that comes before the output.")
        if column != column_before(factor):
            raise Leak(f"{column} is not known before a session starts.")
