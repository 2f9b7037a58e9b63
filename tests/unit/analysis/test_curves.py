"""Percentiles with people weighted equally: the quantile itself, its interval, the curves and their gates."""

import numpy as np
import pandas as pd
import pytest

from pipelines.analysis.curves import percentile_curves, quantiles, weighted_quantile
from pipelines.errors import NotEstimable
from tests.unit.analysis.study import SETTINGS


def days_of(people=60, days=20, seed=1):
    """Milk that comes in over the first week; people differ by a factor of about two."""
    random = np.random.default_rng(seed)
    person, day = np.divmod(np.arange(people * days), days)
    level = random.normal(0, 0.4, people)[person]
    volume = 700 * np.exp(level + random.normal(0, 0.15, len(day))) / (1 + (5 / (day + 0.5)) ** 2)
    return pd.DataFrame({"participant_id": person, "day_postpartum": day, "volume_ml": volume})


def test_one_value_a_person_gives_the_usual_quantile():
    random = np.random.default_rng(0)
    data = pd.DataFrame({"ml": random.normal(size=57), "who": range(57), "group": "all"})
    found = quantiles(data, "ml", "group", "who", [0.1, 0.5, 0.9])
    assert found["value"].tolist() == pytest.approx(np.quantile(data["ml"], [0.1, 0.5, 0.9]).tolist())
    assert found["group"].tolist() == ["all"] * 3
    assert (found["low"] < found["value"]).all() and (found["value"] < found["high"]).all()


def test_a_person_with_many_rows_counts_as_much_as_one_with_few():
    data = pd.DataFrame({"who": ["a"] * 98 + ["b", "c"], "ml": [100.0] * 98 + [10.0, 20.0]})
    assert quantiles(data, "ml", None, "who", [0.5])["value"].iloc[0] < 50
    assert data["ml"].median() == 100


def test_repeating_every_row_does_not_narrow_the_interval():
    random = np.random.default_rng(4)
    data = pd.DataFrame({"who": range(80), "ml": random.normal(100, 20, 80)})
    once = quantiles(data, "ml", None, "who", [0.5]).iloc[0]
    often = quantiles(pd.concat([data] * 10), "ml", None, "who", [0.5]).iloc[0]
    assert often["high"] - often["low"] > 0.8 * (once["high"] - once["low"])


def test_groups_are_kept_apart_and_missing_values_left_out():
    data = pd.DataFrame({"who": [1, 2, 1, 2, 3], "day": [0, 0, 1, 1, 1], "ml": [1.0, 3.0, 5.0, None, 7.0]})
    found = quantiles(data, "ml", "day", "who", [0.5])
    assert found[["day", "value", "participants"]].to_numpy().tolist() == [[0, 2, 2], [1, 6, 2]]


def test_a_single_person_has_a_quantile_without_an_interval():
    found = quantiles(pd.DataFrame({"who": [1, 1], "ml": [4.0, 6.0]}), "ml", None, "who", [0.5]).iloc[0]
    assert found["value"] == 5 and np.isnan(found["low"]) and np.isnan(found["high"])


@pytest.mark.parametrize(
    ("column", "probabilities", "words"),
    [
        ("ml", [50], "between 0 and 1"),
        ("fit", [0.5], "no column fit"),
        ("word", [0.5], "word holds something"),
    ],
)
def test_what_has_no_quantile_is_refused(column, probabilities, words):
    data = pd.DataFrame({"who": [1, 2], "ml": [4.0, 6.0], "word": ["much", "little"]})
    with pytest.raises(NotEstimable, match=words):
        quantiles(data, column, None, "who", probabilities)


def test_extreme_probabilities_are_the_smallest_and_the_largest_value():
    values = np.array([3.0, 1.0, 2.0])
    assert weighted_quantile(values, np.ones(3), np.array([0.0, 1.0])).tolist() == [1, 3]


def test_curves_do_not_cross_and_hold_their_interval():
    points = [point for point in percentile_curves(days_of(), SETTINGS, 10) if point.status == "estimated"]
    by_day: dict[int, list] = {}
    for point in points:
        assert 0 <= point.ci_low <= point.volume_ml <= point.ci_high
        by_day.setdefault(point.day_postpartum, []).append((point.probability, point.volume_ml))
    assert len(by_day) == 20
    for pairs in by_day.values():
        volumes = [volume for _, volume in sorted(pairs)]
        assert volumes == sorted(volumes)


@pytest.mark.parametrize("limit", [30_000, 100])
def test_both_ways_of_smoothing_find_the_median_course(limit):
    settings = {name: entry.value for name, entry in SETTINGS.entries.items()} | {
        "curves.regression_limit": limit
    }
    points = percentile_curves(days_of(people=400), settings, 10)
    for day in (1, 5, 15):
        found = next(point for point in points if point.day_postpartum == day and point.probability == 0.5)
        assert found.volume_ml == pytest.approx(700 / (1 + (5 / (day + 0.5)) ** 2), rel=0.12)


def test_an_extreme_percentile_of_few_people_is_suppressed_with_a_reason():
    points = percentile_curves(days_of(people=30), SETTINGS, 10)
    extreme = [point for point in points if point.probability == 0.05]
    assert extreme and all(point.status == "suppressed" and point.volume_ml is None for point in extreme)
    assert all(point.reason for point in extreme)
    assert any(point.status == "estimated" for point in points if point.probability == 0.5)


def test_too_few_people_have_no_curve_at_all():
    assert percentile_curves(days_of(people=9), SETTINGS, 10) == ()
    assert percentile_curves(days_of(people=15), SETTINGS, 10) == ()


def test_days_that_few_people_reach_are_left_out_at_the_end():
    data = days_of()
    data = data[(data["day_postpartum"] < 12) | (data["participant_id"] < 12)]
    assert max(point.day_postpartum for point in percentile_curves(data, SETTINGS, 10)) == 12


@pytest.mark.demand
def test_the_interval_of_a_median_holds_it_as_often_as_it_says():
    random = np.random.default_rng(8)
    held = 0
    for _ in range(400):
        level = np.repeat(random.normal(100, 30, 50), 6)
        data = pd.DataFrame({"who": np.repeat(range(50), 6), "ml": level + random.normal(0, 10, 300)})
        found = quantiles(data, "ml", None, "who", [0.5]).iloc[0]
        held += found["low"] <= 100 <= found["high"]
    assert 0.92 <= held / 400 <= 0.985
