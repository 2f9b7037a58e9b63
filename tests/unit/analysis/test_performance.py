"""AUC, Brier score and calibration, with people instead of sessions as the unit of chance."""

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import average_precision_score, brier_score_loss, roc_auc_score

from pipelines.analysis.decision import decision_curve
from pipelines.analysis.performance import (
    auc,
    auc_difference,
    average_precision,
    brier,
    calibration_intercept,
    calibration_points,
    calibration_slope,
    observed_expected,
    scaled_brier,
)
from pipelines.errors import NotEstimable


def made(people=40, sessions=15, seed=3, slope=1.0):
    random = np.random.default_rng(seed)
    person = np.repeat(np.arange(people), sessions)
    logit = random.normal(-1.5, 0.8, people)[person] + random.normal(0, 0.5, len(person))
    event = random.random(len(person)) < 1 / (1 + np.exp(-logit))
    return pd.Series(event), pd.Series(1 / (1 + np.exp(-slope * logit))), pd.Series(person)


def delong(event, score):
    """DeLong's variance, by comparing every pair."""
    pairs = (score[event][:, None] > score[~event][None, :]) + 0.5 * (
        score[event][:, None] == score[~event][None, :]
    )
    with_event, without = pairs.mean(axis=1), pairs.mean(axis=0)
    return pairs.mean(), np.sqrt(
        with_event.var(ddof=1) / len(with_event) + without.var(ddof=1) / len(without)
    )


def test_the_auc_is_that_of_scikit_learn_ties_counting_half():
    event, score, person = made()
    assert auc(event, score.round(1), person).value == pytest.approx(roc_auc_score(event, score.round(1)))


def test_with_one_session_a_person_the_error_is_delongs():
    event, score, _ = made()
    value, error = delong(event.to_numpy(), score.to_numpy())
    found = auc(event, score, pd.Series(range(len(event))))
    assert (found.value, found.standard_error) == pytest.approx((value, error))


def test_repeating_every_session_of_a_person_adds_no_certainty():
    event, score, person = made()
    once = auc(event, score, person)
    thrice = auc(pd.concat([event] * 3), pd.concat([score] * 3), pd.concat([person] * 3))
    assert thrice.standard_error == pytest.approx(once.standard_error)


def test_the_interval_of_an_auc_stays_between_0_and_1_and_is_not_symmetric():
    event, score, person = made(people=8)
    found = auc(event, score, person)
    assert 0 < found.low < found.value < found.high < 1
    assert found.high - found.value < found.value - found.low


def test_a_perfect_auc_is_bounded_by_how_few_people_show_it():
    event = pd.Series([0, 0, 1, 1] * 6)
    person = pd.Series(np.repeat(range(6), 4))
    found = auc(event, event * 1.0, person)
    assert (found.value, found.high) == (1, 1)
    assert found.low == pytest.approx(0.025 ** (1 / 6))


@pytest.mark.parametrize("event", [[0, 0, 0, 0], [1, 1, 1, 1], [1, 1, 0, 0]])
def test_an_auc_needs_both_kinds_of_session_from_several_people(event):
    with pytest.raises(NotEstimable):
        auc(pd.Series(event), pd.Series([0.1, 0.2, 0.3, 0.4]), pd.Series(["a", "a", "b", "c"]))


@pytest.mark.parametrize(
    ("event", "words"), [([0, 1, 2, 0], "other than 0 and 1"), (["y", "n"] * 2, "numbers")]
)
def test_an_auc_of_anything_but_yes_and_no_is_refused(event, words):
    with pytest.raises(NotEstimable, match=words):
        auc(pd.Series(event), pd.Series([0.1, 0.2, 0.3, 0.4]), pd.Series(list("abcd")))


def test_columns_of_different_length_are_refused():
    with pytest.raises(NotEstimable, match="equally long"):
        auc(pd.Series([0, 1, 1]), pd.Series([0.1, 0.2]), pd.Series([1, 2, 3]))


def test_the_brier_score_is_that_of_scikit_learn():
    event, chance, person = made()
    assert brier(event, chance, person).value == pytest.approx(brier_score_loss(event, chance))
    even = pd.Series(event.mean(), index=event.index)
    assert scaled_brier(event, even, person).value == pytest.approx(0)


def test_predictions_twice_too_extreme_have_a_slope_of_a_half():
    event, chance, person = made(people=400, slope=2.0)
    assert calibration_slope(event, chance, person).value == pytest.approx(0.5, abs=0.08)


def test_true_chances_are_calibrated_in_the_large_and_in_slope():
    # One cohort in twenty misses; this one is among the others.
    event, chance, person = made(people=400, seed=1)
    assert (
        calibration_intercept(event, chance, person).low
        < 0
        < calibration_intercept(event, chance, person).high
    )
    slope = calibration_slope(event, chance, person)
    assert slope.low < 1 < slope.high


def test_calibration_points_cover_all_sessions_in_rising_order():
    event, chance, person = made()
    points = calibration_points(event, chance, person, 5)
    assert [point.predicted for point in points] == sorted(point.predicted for point in points)
    assert np.mean([point.observed for point in points]) == pytest.approx(event.mean(), abs=1e-9)
    assert all(point.low <= point.observed <= point.high for point in points)


def jackknife(measure, event, score, person):
    """Standard error by leaving out one person at a time."""
    values = np.array([measure(event[person != one], score[person != one]) for one in person.unique()])
    count = len(values)
    return np.sqrt((count - 1) / count * ((values - values.mean()) ** 2).sum())


def test_average_precision_is_that_of_scikit_learn_ties_together():
    event, score, person = made()
    for each in (score, score.round(1)):
        expected = average_precision_score(event, each)
        assert average_precision(event, each, person).value == pytest.approx(expected)


@pytest.mark.parametrize(
    "measure, plain",
    [
        (average_precision, average_precision_score),
        (
            scaled_brier,
            lambda event, score: 1 - ((event - score) ** 2).mean() / event.astype(float).var(ddof=0),
        ),
        (observed_expected, lambda event, score: event.mean() / score.mean()),
    ],
)
def test_errors_agree_with_leaving_out_one_person_at_a_time(measure, plain):
    event, score, person = made(people=80)
    found = measure(event, score, person)
    assert found.value == pytest.approx(plain(event, score))
    assert found.standard_error == pytest.approx(jackknife(plain, event, score, person), rel=0.1)
    assert found.low < found.value < found.high


def test_the_difference_of_two_aucs_uses_that_both_judge_the_same_people():
    event, score, person = made(people=80)
    noisy = score + np.random.default_rng(1).normal(0, 0.1, len(score))
    found = auc_difference(event, score, noisy, person)
    one, other = auc(event, score, person), auc(event, noisy, person)
    assert found.value == pytest.approx(one.value - other.value)
    assert found.standard_error < np.hypot(one.standard_error, other.standard_error) / 2
    assert auc_difference(event, score, score, person).standard_error == 0


def test_a_session_without_one_of_the_scores_counts_for_neither():
    event, score, person = made()
    other = (1 - score).where(person > 3)
    kept = person > 3
    expected = (
        auc(event[kept], score[kept], person[kept]).value - auc(event[kept], other[kept], person[kept]).value
    )
    assert auc_difference(event, score, other, person).value == pytest.approx(expected)


def test_net_benefit_is_hits_less_weighted_false_alarms():
    event = pd.Series([1, 1, 0, 0, 0])
    (point,) = decision_curve(event, pd.Series([0.9, 0.1, 0.5, 0.1, 0.1]), pd.Series([0, 1, 2, 3, 4]), [0.2])
    assert point.model == pytest.approx((1 - 1 * 0.25) / 5)
    assert point.everyone == pytest.approx((2 - 3 * 0.25) / 5)
    assert point.participants == 2 and point.low < point.model < point.high
