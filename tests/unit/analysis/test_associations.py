"""Associations: what they find, what they hide, what they refuse."""

import sys
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from pipelines.analysis.associations import associations
from pipelines.analysis.design import covariate, model_data
from pipelines.analysis.effects import linear
from pipelines.analysis.features import model_table
from pipelines.analysis.splines import natural_spline, quantile_knots
from pipelines.settings import Settings
from tests.unit.analysis.study import CODEBOOK, SETTINGS, make_study

NUMBERS = (
    "participants",
    "sessions",
    "events",
    "odds_ratio",
    "ci_low",
    "ci_high",
    "p_value",
    "volume_ratio",
    "share",
)


def found(study, minimum=10, outcome="no_milk"):
    table = model_table(*study.tables(), CODEBOOK, SETTINGS)
    return associations(table, CODEBOOK, SETTINGS, outcome, minimum)


def row(rows, factor, component, model="adjusted", level="yes"):
    return next(
        each
        for each in rows
        if (each.factor, each.component, each.model, each.level) == (factor, component, model, level)
    )


@pytest.fixture(scope="module")
def study():
    return make_study(
        participants=150, days=14, log_odds={"warm_compress": np.log(0.6), "flange_fit": np.log(2.0)}
    )


@pytest.fixture(scope="module")
def rows(study):
    return found(study)


def test_planted_effects_lie_in_their_intervals(rows):
    warm = row(rows, "warm_compress", "within")
    assert warm.ci_low < 0.6 < warm.ci_high < 1
    fit = row(rows, "flange_fit", "total", level="too_small")
    assert fit.ci_low < 2.0 < fit.ci_high
    assert fit.volume_low < np.exp(-0.2) * (1 - fit.share) / (1 - fit.reference_share) < fit.volume_high


def test_a_factor_that_varies_has_within_and_between_rows_and_a_fixed_one_a_total(rows):
    components = {}
    for each in rows:
        components.setdefault(each.factor, set()).add(each.component)
    assert components["warm_compress"] == {"within", "between"}
    assert components["stress"] == {"within", "between", "within_lagged"}
    assert components["flange_fit"] == {"total"}
    assert components["sessions_per_day"] == {"within_lagged", "between"}


def test_counts_are_those_at_the_level(study, rows):
    fit = row(rows, "flange_fit", "total", level="too_small")
    people = study.participants[study.participants["flange_fit"] == "too_small"]["participant_id"]
    sessions = study.sessions[study.sessions["participant_id"].isin(people)]
    assert (fit.participants, fit.sessions, fit.events) == (
        len(people),
        len(sessions),
        sessions["no_milk"].sum(),
    )
    assert fit.share == pytest.approx(sessions["no_milk"].astype(float).mean())
    assert fit.reference == "good"


def test_a_number_says_its_step_and_has_no_level(rows):
    stress = row(rows, "stress", "within_lagged", level=None)
    assert stress.step == "per point" and stress.reference is None
    assert stress.within_person_sd == pytest.approx(1, abs=0.15)


def test_every_estimated_interval_is_finite_and_everything_else_says_why(rows):
    for each in rows:
        if each.status == "estimated":
            assert np.isfinite([each.odds_ratio, each.ci_low, each.ci_high, each.p_value, each.q_value]).all()
            assert each.ci_low <= each.odds_ratio <= each.ci_high
        else:
            assert each.odds_ratio is None and each.reason


def test_adjusted_models_name_what_they_adjust_for_and_unadjusted_ones_nothing(rows):
    assert "day_postpartum" in row(rows, "flange_fit", "total", level="too_small").adjusted_for
    assert row(rows, "flange_fit", "total", "unadjusted", "too_small").adjusted_for == ()


def test_nothing_is_adjusted_for_that_must_not_be(rows):
    for each in rows:
        assert not set(each.adjusted_for) & {each.factor, *CODEBOOK.factors[each.factor].never_adjust_for}


def test_false_discovery_rates_are_never_below_the_p_value(rows):
    assert all(each.q_value >= each.p_value for each in rows if each.p_value is not None)


def with_level(study, people, level):
    participants = study.participants.copy()
    participants.loc[: people - 1, "flange_fit"] = level
    participants.loc[people:, "flange_fit"] = "good"
    return type(study)(study.sessions, study.responses, participants, study.daily)


def test_a_level_of_too_few_people_shows_no_number_at_all(study):
    each = row(found(with_level(study, 9, "too_large")), "flange_fit", "total", level="too_large")
    assert each.status == "suppressed"
    assert [getattr(each, name) for name in NUMBERS] == [None] * len(NUMBERS)
    assert "9" not in each.reason


def test_the_reason_of_a_suppressed_level_is_the_same_for_1_and_for_9_people(study):
    reasons = {
        row(found(with_level(study, people, "too_large")), "flange_fit", "total", level="too_large").reason
        for people in (1, 9)
    }
    assert len(reasons) == 1


def test_a_few_people_more_give_an_estimate_without_a_verdict(study):
    each = row(found(with_level(study, 14, "too_large")), "flange_fit", "total", level="too_large")
    assert each.status == "estimated" and each.insufficient and each.gates


def test_a_level_without_any_event_has_no_odds_ratio_but_a_ratio_of_volumes(study):
    people = set(study.participants["participant_id"][:25])
    changed = with_level(study, 25, "too_large")
    participants = changed.participants.copy()
    participants.loc[30:80, "flange_fit"] = "too_small"
    sessions = study.sessions.copy()
    mine = sessions["participant_id"].isin(people)
    sessions.loc[mine & (sessions["volume_ml"] == 0), "volume_ml"] = 30.0
    sessions.loc[mine, "no_milk"] = False
    rows = found(type(study)(sessions, study.responses, participants, study.daily))
    separated = row(rows, "flange_fit", "total", level="too_large")
    assert separated.status == "not_estimable" and "always or never" in separated.reason
    assert separated.odds_ratio is None and separated.volume_ratio is not None
    assert row(rows, "flange_fit", "total", level="too_small").status == "estimated"


def test_counts_that_come_too_close_to_the_cohorts_stay_hidden(study):
    """Diaries of all but four people: a count of them would tell of the four."""
    four = study.participants["participant_id"][:4]
    responses = study.responses[~study.responses["participant_id"].isin(four)]
    rows = found(type(study)(study.sessions, responses, study.participants, study.daily))
    each = row(rows, "stress", "within", level=None)
    assert each.odds_ratio is not None
    assert (each.participants, each.sessions, each.events) == (None, None, None)
    assert "hidden" in each.reason


def test_a_copy_of_something_adjusted_for_is_refused_by_name(study):
    parity = np.where(np.arange(150) % 2 == 0, "first_birth", "later_birth")
    fit = np.where(np.arange(150) % 2 == 0, "too_small", "good")
    participants = study.participants.assign(parity=parity, flange_fit=fit)
    rows = found(type(study)(study.sessions, study.responses, participants, study.daily))
    each = row(rows, "flange_fit", "total", level="too_small")
    assert each.status == "not_estimable" and CODEBOOK.factors["parity"].label.lower() in each.reason


def test_something_to_adjust_for_that_few_answered_is_left_out_and_named(study):
    parity = pd.Series(["first_birth", "later_birth"] * 75).where(np.arange(150) < 40)
    rows = found(
        type(study)(study.sessions, study.responses, study.participants.assign(parity=parity), study.daily)
    )
    each = row(rows, "flange_fit", "total", level="too_small")
    assert "parity" not in each.adjusted_for and "first child (missing too often)" in each.reason


@pytest.mark.parametrize(
    ("answers", "why"),
    [
        (np.where(np.arange(150) < 4, "first_birth", "later_birth"), "the same for nearly everybody"),
        (
            np.where(np.arange(150) % 15 == 0, "first_birth", "later_birth"),
            "the outcome always or never goes with it",
        ),
    ],
)
def test_something_to_adjust_for_that_tells_nothing_is_left_out_and_named(study, answers, why):
    """Four people with a first child; then ten, none of whom ever has an empty session."""
    first = study.participants["participant_id"][answers == "first_birth"]
    sessions = study.sessions.copy()
    theirs = sessions["participant_id"].isin(first)
    sessions.loc[theirs, "no_milk"], sessions.loc[theirs, "volume_ml"] = False, 50.0
    people = study.participants.assign(parity=answers)
    each = row(
        found(type(study)(sessions, study.responses, people, study.daily)),
        "flange_fit",
        "total",
        level="too_small",
    )
    assert each.odds_ratio is not None and "parity" not in each.adjusted_for
    assert f"first child ({why})" in each.reason


def with_unknown_parity(study, few, complete):
    """The first `few` people have a flange that is too small, and of them only `complete` told whether it is a first child."""
    number = np.arange(150)
    parity = pd.Series(np.where(number % 2, "first_birth", "later_birth"), dtype=object)
    people = study.participants.assign(
        flange_fit=np.where(number < few, "too_small", "good"),
        parity=parity.where((number < complete) | (number >= few)),
    )
    rows = found(type(study)(study.sessions, study.responses, people, study.daily))
    return row(rows, "flange_fit", "total", "unadjusted", "too_small"), row(
        rows, "flange_fit", "total", "adjusted", "too_small"
    )


def test_an_adjusted_estimate_of_too_few_people_with_all_answers_stays_hidden(study):
    plain, adjusted = with_unknown_parity(study, few=30, complete=8)
    assert plain.odds_ratio is not None and plain.complete_share == 1
    assert adjusted.status == "suppressed" and "all the answers this model needs" in adjusted.reason
    assert all(getattr(adjusted, name) is None for name in NUMBERS)


def test_people_without_all_answers_do_not_count_towards_a_verdict(study):
    plain, adjusted = with_unknown_parity(study, few=36, complete=12)
    assert adjusted.odds_ratio is not None and adjusted.complete_share == 0.84
    assert not plain.insufficient and adjusted.insufficient
    assert any("fewer than 20 people with such a session" in gate for gate in adjusted.gates)


def test_a_factor_of_the_person_asked_by_day_is_compared_between_people(study):
    """Nobody's answer changes, so there is nothing within a person, and that must not cost the other component."""
    oats = study.participants.assign(oats=np.where(np.arange(150) < 70, "yes", "no"))
    rows = found(type(study)(study.sessions, study.responses, oats, study.daily))
    assert row(rows, "oats", "between").status == "estimated"
    assert row(rows, "oats", "within").status == "not_estimable"


def test_a_cohort_below_the_minimum_has_no_association(study):
    few = study.sessions[study.sessions["participant_id"].isin(study.participants["participant_id"][:9])]
    assert found(type(study)(few, study.responses, study.participants, study.daily)) == ()


def test_low_output_can_be_the_outcome(study):
    each = row(found(study, outcome="low_output"), "warm_compress", "within")
    assert each.status == "estimated" and each.ci_low < 0.75 < 1


def test_a_cohort_that_never_has_an_empty_session_still_compares_volumes(study):
    sessions = study.sessions.assign(volume_ml=study.sessions["volume_ml"].clip(lower=20))
    sessions["no_milk"] = sessions["no_milk"] & False
    rows = found(type(study)(sessions, study.responses, study.participants, study.daily))
    each = row(rows, "warm_compress", "within")
    assert each.status == "not_estimable" and each.odds_ratio is None and each.reason
    assert each.volume_low < each.volume_ratio < each.volume_high and not each.volume_gates


def test_a_covariate_whose_reference_nobody_gave_takes_its_first_level_instead(study):
    """All three shown levels would add up to the intercept, which the model would have to untangle each time."""
    modes = np.array(["pump_only", "mostly_pump", "half_half"])[np.arange(150) % 3]
    changed = study.participants.assign(feeding_mode=modes)
    table = model_table(study.sessions, study.responses, changed, study.daily, CODEBOOK, SETTINGS)
    data = model_data(table, CODEBOOK, SETTINGS, "no_milk")
    term = covariate(data, "feeding_mode", np.arange(len(data.used)), False, 10)
    assert len(term.names) == 2 and CODEBOOK.factors["feeding_mode"].reference not in modes


def test_a_large_study_shared_among_processors_has_the_same_answers_and_leaves_the_interpreter_as_it_was(
    study, rows
):
    usual = sys.getswitchinterval()
    name = "inference.parallel_from_sessions"
    settings = Settings({**SETTINGS.entries, name: replace(SETTINGS.explain(name), value=1)})
    table = model_table(*study.tables(), CODEBOOK, SETTINGS)
    assert associations(table, CODEBOOK, settings, "no_milk", 10) == rows
    assert sys.getswitchinterval() == usual


def test_counts_that_leave_some_sessions_of_few_people_out_stay_hidden(study):
    """Everybody answered, but four people missed a session: what is left out would be about these four."""
    sessions = study.sessions.assign(interval_hours=4.0)
    first = sessions.groupby("participant_id").head(1).index
    sessions.loc[first[:4], "interval_hours"] = np.nan
    few = row(
        found(type(study)(sessions, study.responses, study.participants, study.daily)),
        "interval_hours",
        "within",
        "unadjusted",
        None,
    )
    assert (few.participants, few.sessions, few.events) == (None, None, None) and "hidden" in few.reason
    sessions.loc[first[:40], "interval_hours"] = np.nan
    many = row(
        found(type(study)(sessions, study.responses, study.participants, study.daily)),
        "interval_hours",
        "within",
        "unadjusted",
        None,
    )
    assert (many.participants, many.sessions) == (150, len(sessions) - 40)


def test_a_difference_in_millilitres_is_that_of_least_squares_and_stands_beside_adjusted_effects_only(
    study, rows
):
    each = row(rows, "flange_fit", "total", level="too_small")
    plain = row(rows, "flange_fit", "total", "unadjusted", "too_small")
    assert plain.volume_difference is None
    assert row(rows, "stress", "between", level=None).volume_difference is None
    data = study.sessions.merge(study.participants, on="participant_id")
    data["small"] = (data["flange_fit"] == "too_small").astype(float)
    course = np.log1p(data["day_postpartum"].to_numpy(float))
    curve = natural_spline(course, quantile_knots(course, int(SETTINGS["models.day_knots"])))
    names = [f"day {number}" for number in range(curve.shape[1])]
    data = data.assign(**dict(zip(names, curve.T, strict=True)))
    assert each.adjusted_for == ("day_postpartum",)
    fit = linear(data, "volume_ml", ["small", *names], "participant_id")
    assert each.volume_difference == pytest.approx(fit.coefficients["small"])
    limits = (each.volume_difference_low, each.volume_difference_high)
    assert limits == pytest.approx(fit.intervals["small"])
