"""Individuals charts: limits worked by hand, and each rule where it fires and where it just does not."""

import pytest

from pipelines.analysis.control_chart import NEAR, OUTSIDE, RUN, TREND, control_chart


def signals(values, rule):
    return [
        (each.first, each.last, each.up) for each in control_chart(values, 7, 7).signals if each.rule == rule
    ]


def test_limits_lie_2_66_mean_moving_ranges_from_the_mean():
    chart = control_chart([10, 12, 11, 13, 14, 12], 7, 7)
    assert chart.mean == 12
    # moving ranges 2, 1, 2, 1, 2: mean 1.6
    assert chart.high == pytest.approx(12 + 2.66 * 1.6, abs=0.01)
    assert chart.low == pytest.approx(12 - 2.66 * 1.6, abs=0.01)
    assert chart.signals == ()


def test_a_point_outside_the_limits_is_a_signal():
    quiet = [10, 11] * 8
    assert signals([*quiet, 20, *quiet], OUTSIDE) == [(16, 16, True)]
    assert signals([*quiet, 12, *quiet], OUTSIDE) == []


def test_seven_in_a_row_on_one_side_are_a_run_and_six_are_none():
    low, high = [9, 10], [12, 13, 12, 13, 12, 13, 12]
    assert (8, 14, True) in signals([*low * 4, *high], RUN)
    assert signals([*low * 4, *high[:6]], RUN) == [(0, 7, False)]


def test_seven_points_each_higher_than_the_last_are_a_trend_and_six_are_none():
    assert signals([5, 1, 2, 3, 4, 5, 6, 7, 1], TREND) == [(1, 7, True)]
    assert signals([5, 1, 2, 3, 4, 5, 6, 1, 5], TREND) == []
    assert signals([1, 7, 6, 5, 4, 3, 2, 1, 9], TREND) == [(1, 7, False)]


def test_two_of_three_near_the_same_limit_are_a_signal():
    values = [*[11, 12] * 5, 14.5, 12, 14.5, *[11, 12] * 4]
    assert [(first, last) for first, last, _ in signals(values, NEAR)] == [(10, 12)]
    assert signals([*values[:12], 12, *values[13:]], NEAR) == []
