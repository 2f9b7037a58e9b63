"""Standardised differences against values worked out by hand from the published formulas."""

import math

import pandas as pd
import pytest

from pipelines.analysis.balance import of_levels, of_numbers


def levels(**counts: int) -> pd.Series:
    return pd.Series([name for name, count in counts.items() for _ in range(count)], dtype=object)


def test_means_one_pooled_spread_apart_differ_by_one():
    # variances 1 and 1: (5 - 4) / sqrt((1 + 1) / 2)
    assert of_numbers(pd.Series([4.0, 5.0, 6.0]), pd.Series([3.0, 4.0, 5.0, None])) == pytest.approx(1)


def test_the_spread_is_the_mean_of_both_variances_whatever_the_sizes():
    # means 2 and 5, sample variances 2 and 10: 3 / sqrt(6)
    first, second = pd.Series([1.0, 3.0]), pd.Series([1.0, 3.0, 5.0, 7.0, 9.0])
    assert of_numbers(first, second) == pytest.approx(3 / math.sqrt(6))


def test_two_answers_give_the_formula_for_shares():
    # 0.5 and 0.2: 0.3 / sqrt((0.25 + 0.16) / 2)
    found = of_levels(levels(yes=10, no=10), levels(yes=4, no=16))
    assert found == pytest.approx(0.3 / math.sqrt(0.205))


def test_three_answers_give_the_distance_of_yang_and_dalton():
    # shares (.5, .3, .2) and (.2, .3, .5); over the first two answers: difference (.3, 0),
    # covariance ((.205, -.105), (-.105, .21)), whose inverse has .21 / (.205 * .21 - .105^2) first
    found = of_levels(levels(a=10, b=6, c=4), levels(a=4, b=6, c=10))
    assert found == pytest.approx(math.sqrt(0.09 * 0.21 / (0.205 * 0.21 - 0.105**2)))


def test_the_order_of_groups_and_answers_changes_nothing():
    one, two = levels(a=10, b=6, c=4), levels(c=10, a=4, b=6)
    assert of_levels(one, two) == pytest.approx(of_levels(two, one))


def test_equal_groups_do_not_differ():
    assert of_levels(levels(a=5, b=5), levels(a=7, b=7)) == 0
    assert of_numbers(pd.Series([2.0, 2.0]), pd.Series([2.0, 2.0])) == 0


def test_without_any_spread_or_answer_there_is_no_difference_to_give():
    assert of_levels(levels(a=5), levels(b=5)) is None
    assert of_levels(levels(a=5), levels()) is None
    assert of_numbers(pd.Series([1.0, 1.0]), pd.Series([2.0, 2.0])) is None
    assert of_numbers(pd.Series([1.0]), pd.Series([2.0, 3.0])) is None
