"""How much the classifier leans on each group of factors that go together. Never an effect of anything."""

from collections.abc import Callable, Sequence

import numpy as np
import pandas as pd
from scipy import special
from scipy.cluster.hierarchy import fcluster, linkage
from scipy.spatial.distance import squareform
from sklearn.pipeline import Pipeline

from pipelines.analysis.classifier_models import owners
from pipelines.analysis.folds import Split
from pipelines.analysis.performance import auc_difference
from pipelines.results import GroupImportance, Interval


def correlated_groups(design: np.ndarray, names: Sequence[str], least: float) -> tuple[tuple[str, ...], ...]:
    """Factors put together where they go together: average linkage on 1 - |correlation|, cut at 1 - `least`.

    `names` gives the factor of each column of `design`; two factors correlate as their closest columns do.
    """
    factors = list(dict.fromkeys(names))
    if len(factors) < 2:
        return tuple((factor,) for factor in factors)
    apart = 1 - _closest(design, names, factors)
    np.fill_diagonal(apart, 0)
    cluster = fcluster(linkage(squareform(apart, checks=False), "average"), 1 - least, "distance")
    groups: dict[int, list[str]] = {}
    for factor, number in zip(factors, cluster, strict=True):
        groups.setdefault(int(number), []).append(factor)
    return tuple(tuple(group) for group in groups.values())


def _closest(design: np.ndarray, names: Sequence[str], factors: Sequence[str]) -> np.ndarray:
    """The largest absolute correlation between the columns of each pair of factors."""
    with np.errstate(divide="ignore", invalid="ignore"):
        between = np.nan_to_num(np.abs(np.corrcoef(design, rowvar=False)))
    place = np.array([factors.index(name) for name in names])
    closest = np.zeros((len(factors), len(factors)))
    np.maximum.at(closest, (place[:, None], place[None, :]), between)
    return closest


def group_importance(
    models: Sequence[Pipeline],
    splits: Sequence[Split],
    inputs: pd.DataFrame,
    event: pd.Series,
    people: pd.Series,
    factor_of: Callable[[str], str],
    least: float,
    shuffles: int,
    seed: int,
) -> tuple[GroupImportance, ...]:
    """Loss of AUC on held-out people when a group's values are shuffled among their sessions, largest first.

    `models` are those of `splits`, each judged on its own held-out part. The preparation works row by row, so a
    group's part of the log odds is shuffled as a whole. Intervals are clustered by participant, over `shuffles`.
    """
    names = [factor_of(column) for column in owners(models[0])]
    groups = correlated_groups(models[0][:-1].transform(inputs), names, least)
    parts = np.zeros((len(groups), len(inputs)))
    whole = np.zeros(len(inputs))
    for model, (_, test) in zip(models, splits, strict=True):
        design = model[:-1].transform(inputs.iloc[test])
        regression = model.named_steps["regression"]
        weighted = design * regression.coef_[0]
        whole[test] = weighted.sum(axis=1) + regression.intercept_[0]
        for number, group in enumerate(groups):
            parts[number, test] = weighted[:, np.isin(names, group)].sum(axis=1)
    random = np.random.default_rng(seed)
    found = []
    for number, group in enumerate(groups):
        losses = []
        for _ in range(shuffles):
            moved = _shuffled(parts[number], splits, random)
            score = pd.Series(special.expit(whole - parts[number] + moved))
            losses.append(auc_difference(event, pd.Series(special.expit(whole)), score, people))
        found.append(_mean_loss(group, losses))
    return tuple(sorted(found, key=lambda each: -each.auc_loss))


def _shuffled(part: np.ndarray, splits: Sequence[Split], random: np.random.Generator) -> np.ndarray:
    moved = part.copy()
    for _, test in splits:
        moved[test] = part[random.permutation(test)]
    return moved


def _mean_loss(group: tuple[str, ...], losses: Sequence[Interval]) -> GroupImportance:
    value, low, high = np.mean([(each.value, each.low, each.high) for each in losses], axis=0)
    return GroupImportance(group, float(value), float(low), float(high))
