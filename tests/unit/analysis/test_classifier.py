"""The classifier is judged on people it never saw, from what is known before a session."""

import numpy as np
import pandas as pd
import pytest
from sklearn.linear_model import LogisticRegression
from threadpoolctl import threadpool_limits

from pipelines.analysis.classifier import classify, earlier_share
from pipelines.analysis.classifier_inputs import Used, inputs, usable_factors
from pipelines.analysis.features import model_table
from pipelines.analysis.folds import grouped_folds, some_people
from pipelines.analysis.importance import correlated_groups
from pipelines.analysis.leaks import Leak, require_disjoint, require_known_before
from pipelines.analysis.penalty import penalty_path
from tests.unit.analysis.study import CODEBOOK, SETTINGS, make_study


def table_of(**options):
    return model_table(*make_study(**options).tables(), CODEBOOK, SETTINGS)


@pytest.fixture(scope="module", autouse=True)
def one_thread():
    """Small algebra on many threads only waits."""
    with threadpool_limits(1):
        yield


@pytest.fixture(scope="module")
def table():
    return table_of(participants=80, days=8, log_odds={"warm_compress": np.log(0.3), "flange_fit": np.log(3)})


@pytest.fixture(scope="module")
def result(table):
    return classify(table, CODEBOOK, SETTINGS, "no_milk", repeats=2)


def test_nobody_is_on_both_sides_of_a_split(table):
    people = pd.factorize(table["participant_id"])[0]
    for splits in grouped_folds(people, 5, 2, seed=1):
        tested = np.concatenate([test for _, test in splits])
        assert sorted(tested) == list(range(len(table)))
        for train, test in splits:
            assert not set(people[train]) & set(people[test])


def test_a_participant_planted_in_two_folds_is_caught():
    people = np.array([0, 0, 1, 1, 2, 2])
    require_disjoint(np.array([0, 1, 2, 3]), np.array([4, 5]), people)
    with pytest.raises(Leak, match="1 participants"):
        require_disjoint(np.array([0, 2, 3]), np.array([1, 4, 5]), people)


@pytest.mark.parametrize(
    "column",
    [
        "volume_ml",
        "no_milk",
        "low_output",
        "let_down_felt",
        "duration_min",
        "stress",
        "supplementation__lag",
        "epds_total",
    ],
)
def test_a_column_planted_from_after_the_outcome_is_caught(table, column):
    with pytest.raises(Leak, match=column):
        require_known_before(["flange_fit", column], CODEBOOK)


def test_the_inputs_themselves_refuse_a_planted_leak(table):
    planted = Used(CODEBOOK.factors["duration_min"], "duration_min")
    with pytest.raises(Leak, match="duration_min"):
        inputs(table.assign(duration_min=20.0), [planted], CODEBOOK)


def test_from_a_large_cohort_whole_people_are_drawn_and_the_same_ones_each_time():
    people = np.repeat(np.arange(50), 3)
    drawn = some_people(people, 20, seed=1)
    assert drawn.sum() == 60 and len(set(people[drawn])) == 20
    assert (drawn == some_people(people, 20, seed=1)).all()
    assert some_people(people, 50, seed=1).all()


def test_a_trait_that_only_names_the_person_does_not_help_on_other_people():
    """A planted leak: a number of its own for each person, which a random split would reward."""
    table = table_of(participants=60, days=8)
    own = dict(zip(table["participant_id"].unique(), np.random.default_rng(0).normal(0, 50, 60), strict=True))
    table["gestational_age_weeks"] = table["participant_id"].map(own)
    assert classify(table, CODEBOOK, SETTINGS, "no_milk", repeats=1).auc_low < 0.5


def test_nothing_the_session_itself_brings_is_used(table):
    more = table.assign(duration_min=20.0, let_down_felt="yes", pump_pain=3.0, supplementation="some")
    used = {each.factor.id: each.column for each in usable_factors(more, CODEBOOK, SETTINGS)[0]}
    assert not {"duration_min", "let_down_felt", "pump_pain", "supplementation", "volume_ml"} & set(used)
    assert used["stress"] == "stress__lag"


def test_planted_effects_are_found_on_held_out_people(result):
    assert result.auc_low > 0.5
    assert result.auc > result.baseline_auc
    assert {"warm_compress", "flange_fit"} <= set(result.factors)
    assert result.grouped_by == "participant_id" and result.folds == SETTINGS["classifier.folds"]


def test_its_figures_are_within_their_bounds(result):
    assert 0 < result.auc_low < result.auc < result.auc_high < 1
    assert 0 < result.brier < 0.25
    assert result.slope_low < result.calibration_slope < result.slope_high
    assert result.calibration and abs(result.calibration_intercept) < 0.5


def test_the_same_study_gives_the_same_figures(table, result):
    assert classify(table, CODEBOOK, SETTINGS, "no_milk", repeats=2) == result


def test_too_few_people_give_a_reason_and_no_number():
    few = classify(table_of(participants=20, days=4), CODEBOOK, SETTINGS, "no_milk")
    assert few.auc is None and few.reason


def test_an_empty_selection_gives_a_reason(table):
    assert classify(table.iloc[:0], CODEBOOK, SETTINGS, "no_milk").reason


def test_the_own_share_is_of_earlier_sessions_only():
    event = pd.Series([1.0, 0.0, 1.0, 0.0, 1.0])
    people = pd.Series([0, 0, 0, 1, 1])
    assert earlier_share(event, people).tolist()[1:3] == [1.0, 0.5]
    assert earlier_share(event, people).isna().tolist() == [True, False, False, True, False]


@pytest.mark.parametrize("penalty", [0.01, 1.0])
def test_the_penalised_path_is_scikit_learns(penalty):
    random = np.random.default_rng(6)
    design = random.normal(size=(300, 4))
    event = (random.random(300) < 1 / (1 + np.exp(-design[:, 0]))).astype(float)
    mine = penalty_path(design, event, [0.001, penalty])[1]
    other = LogisticRegression(C=penalty, tol=1e-10, max_iter=1000).fit(design, event)
    assert mine == pytest.approx(np.concatenate([other.intercept_, other.coef_[0]]), abs=1e-3)


def test_gradient_boosting_is_judged_on_the_same_people(result):
    assert result.challenger_low < result.challenger_auc < result.challenger_high
    assert result.simplicity_costs.low < result.simplicity_costs.value < result.simplicity_costs.high
    assert 0 < result.challenger_brier < 0.25
    assert result.simplicity_costs.value == pytest.approx(result.challenger_auc - result.auc)


def test_what_was_planted_is_what_the_model_leans_on(result):
    first = [each.factors for each in result.importance[:2]]
    assert {("warm_compress",), ("flange_fit",)} == set(first)
    assert all(each.low > 0 for each in result.importance[:2])


def test_factors_that_go_together_are_one_group():
    random = np.random.default_rng(0)
    one, other = random.normal(size=(2, 400))
    design = np.column_stack([one, one + random.normal(0, 0.3, 400), other, -one])
    assert correlated_groups(design, ["a", "b", "c", "d"], 0.5) == (("a", "b", "d"), ("c",))
    assert correlated_groups(design, ["a", "b", "c", "c"], 0.5) == (("a", "b", "c"),)


def test_the_decision_curve_lies_between_acting_on_everyone_and_perfection(result):
    lowest = result.decision[0]
    assert lowest.model == pytest.approx(lowest.everyone, abs=0.02)
    assert all(point.low <= point.model <= point.high for point in result.decision)
    assert all(point.model < result.prevalence for point in result.decision)


def test_points_of_few_people_are_left_out(table):
    strict = classify(table, CODEBOOK, SETTINGS, "no_milk", minimum_cell=70, repeats=1)
    assert strict.repeats == 1
    assert all(point.participants >= 70 for point in (*strict.calibration, *strict.decision))
    assert len(strict.decision) < len(SETTINGS["classifier.thresholds"])


def test_progress_counts_every_fit_and_what_follows_from_them_up_to_the_end(table):
    steps = []
    classify(table, CODEBOOK, SETTINGS, "no_milk", repeats=1, progress=lambda *step: steps.append(step))
    assert [done for _, done, _ in steps] == list(range(14)) and steps[-1][2] == 13
