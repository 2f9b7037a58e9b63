"""Individuals charts (XmR): what a series does by chance, and where it does something else.

Limits: mean plus and minus 2.66 times the mean moving range, that is three standard deviations of which one is the
mean moving range over 1.128 (Wheeler, Understanding Variation). Rules as in "Making Data Count" of NHS England.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

SIGMAS_OF_RANGE = 1.128
OUTSIDE, RUN, TREND, NEAR = "outside", "run", "trend", "near"


@dataclass(frozen=True)
class Signal:
    """A stretch of points, both ends included, that one rule calls more than chance; `up` tells the direction."""

    rule: str
    first: int
    last: int
    up: bool


@dataclass(frozen=True)
class ControlChart:
    """Mean and limits of a series, in its own unit, and the signals in it; places count from 0."""

    mean: float
    low: float
    high: float
    signals: tuple[Signal, ...]


def control_chart(values: Sequence[float], run_points: int, trend_points: int) -> ControlChart:
    """The chart of a series in order, without missing values and at least two long."""
    series = np.asarray(values, dtype=float)
    mean = float(series.mean())
    sigma = float(np.abs(np.diff(series)).mean()) / SIGMAS_OF_RANGE
    high, low = mean + 3 * sigma, mean - 3 * sigma
    signals = [
        *_each(series > high, OUTSIDE, up=True),
        *_each(series < low, OUTSIDE, up=False),
        *_runs(series > mean, run_points, RUN, up=True),
        *_runs(series < mean, run_points, RUN, up=False),
        *_trends(series, trend_points),
        *_near(series, mean, sigma),
    ]
    return ControlChart(
        mean, low, high, tuple(sorted(signals, key=lambda each: (each.first, each.last, each.rule)))
    )


def _each(true: np.ndarray, rule: str, *, up: bool) -> list[Signal]:
    return [Signal(rule, int(place), int(place), up) for place in np.flatnonzero(true)]


def _stretches(true: np.ndarray) -> list[tuple[int, int]]:
    """First and last place of every unbroken stretch."""
    edges = np.flatnonzero(np.diff(np.concatenate([[0], true.astype(int), [0]])))
    return [(int(first), int(end) - 1) for first, end in zip(edges[::2], edges[1::2], strict=True)]


def _runs(true: np.ndarray, least: int, rule: str, *, up: bool) -> list[Signal]:
    return [Signal(rule, first, last, up) for first, last in _stretches(true) if last - first + 1 >= least]


def _trends(series: np.ndarray, least: int) -> list[Signal]:
    """Points in a row each above, or each below, the one before; the first of them counts."""
    steps = np.diff(series)
    return [
        Signal(TREND, first, last + 1, up)
        for up, true in ((True, steps > 0), (False, steps < 0))
        for first, last in _stretches(true)
        if last - first + 2 >= least
    ]


def _near(series: np.ndarray, mean: float, sigma: float) -> list[Signal]:
    """Two of three points in a row in the outer third between mean and limit, on the same side, inside the limit."""
    found = []
    for up, distance in ((True, series - mean), (False, mean - series)):
        near = (distance > 2 * sigma) & (distance <= 3 * sigma)
        found += [
            Signal(NEAR, place, place + 2, up)
            for place in range(len(series) - 2)
            if near[place : place + 3].sum() >= 2
        ]
    return found
