"""The classifier is judged on people it never saw, from what is known before a session."""

import numpy as np
import pandas as pd
import pytest
from sklearn.linear_model import LogisticRegression

from pipelines.analysis.classifier import _folds, classify, earlier_share, usable_factors
from pipelines.analysis.features import model_table
from pipelines.analysis.penalty import penalty_path
from tests.unit.analysis.study import CODEBOOK, SETTINGS, make_study


def table_of(**options):
    return model_table(*make_study(**options).tables(), CODEBOOK, SETTINGS)


@pytest.fixture(scope="module")
def table():
    return table_of(participants=80, days=8, log_odds={"warm_compress": np.log(0.3), "flange_fit": np.log(3)})


@pytest.fixture(scope="module")
def result(table):
    return classify(table, CODEBOOK, SETTINGS, "no_milk")


def test_nobody_is_on_both_sides_of_a_split(table):
    people = pd.Series(pd.factorize(table["participant_id"])[0])
    for splits in _folds(people, SETTINGS):
        tested = np.concatenate([test for _, test in splits])
        assert sorted(tested) == list(range(len(table)))
        for train, test in splits:
            assert not set(people[train]) & set(people[test])


def test_a_trait_that_only_names_the_person_does_not_help_on_other_people():
    """A planted leak: a number of its own for each person, which a random split would reward."""
    table = table_of(participants=60, days=8)
    own = dict(zip(table["participant_id"].unique(), np.random.default_rng(0).normal(0, 50, 60), strict=True))
    table["gestational_age_weeks"] = table["participant_id"].map(own)
    assert classify(table, CODEBOOK, SETTINGS, "no_milk").auc_low < 0.5


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
    assert classify(table, CODEBOOK, SETTINGS, "no_milk") == result


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
