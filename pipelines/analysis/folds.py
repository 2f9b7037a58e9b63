"""Splits by participant: each person is held out once in every repeat, and never stands on both sides."""

import numpy as np
from sklearn.model_selection import GroupKFold

from pipelines.analysis.leaks import require_disjoint

Split = tuple[np.ndarray, np.ndarray]


def grouped_folds(people: np.ndarray, folds: int, repeats: int, seed: int) -> list[list[Split]]:
    """Row numbers of the training and the held-out part for each fold of each repeat.

    Raises Leak should a split ever share a person.
    """
    rows = np.zeros(len(people))
    found = []
    for repeat in range(repeats):
        splitter = GroupKFold(folds, shuffle=True, random_state=seed + repeat)
        splits = list(splitter.split(rows, groups=people))
        for train, test in splits:
            require_disjoint(train, test, people)
        found.append(splits)
    return found


def some_people(people: np.ndarray, most: int, seed: int) -> np.ndarray:
    """Which rows belong to at most `most` people drawn at random; all where there are no more."""
    everyone = np.unique(people)
    if len(everyone) <= most:
        return np.ones(len(people), dtype=bool)
    return np.isin(people, np.random.default_rng(seed).choice(everyone, most, replace=False))
