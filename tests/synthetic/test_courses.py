"""Planted courses and true warning signs: what a review must find, and what it must not."""

import numpy as np
import pytest

from pipelines.synthetic import simulate
from pipelines.synthetic.forms import answer_forms
from pipelines.synthetic.log import round_total, write_log
from pipelines.synthetic.recipe import load_recipe
from pipelines.synthetic.signs import true_signs

COURSES = {
    "persistent_no_milk": 4,
    "falling_volume": 4,
    "gone_quiet": 3,
    "breast_infection": 3,
    "unresolved_fullness": 2,
    "not_at_volume": 2,
    "distress_protocol": 2,
}
SEEN_IN_SESSIONS = (
    "persistent_no_milk",
    "falling_volume",
    "breast_infection",
    "unresolved_fullness",
    "not_at_volume",
)


@pytest.fixture(scope="module", params=[0, 1, 2])
def cohort(request):
    return simulate(240, seed=request.param)


def test_twenty_persons_have_a_planted_course(cohort):
    counts = {sign: sum(course.sign == sign for course in cohort.courses) for sign in COURSES}
    assert counts == COURSES
    assert len(cohort.planted) == 20


def test_planted_persons_stay_and_show_nothing_of_their_own(cohort):
    assert cohort.people["withdrawn_day"].iloc[cohort.planted].isna().all()
    assert not set(cohort.planted) & set(cohort.signs["person"])


def test_the_planted_courses_meet_their_rule(cohort):
    spoilt = true_signs(cohort.recipe, cohort.people, cohort.days, cohort.sessions)
    found = set(zip(spoilt["person"], spoilt["sign"], strict=True))
    missing = [course for course in cohort.courses if course.sign in SEEN_IN_SESSIONS]
    missing = [course for course in missing if (course.person, course.sign) not in found]
    assert len(missing) <= 1, missing


def test_true_signs_of_others_are_about_as_many_as_expected(cohort):
    assert 20 <= cohort.signs["person"].nunique() <= 60


def test_a_log_gone_quiet_has_no_entry_after_it_and_no_withdrawal(cohort):
    log, _ = write_log(cohort)
    forms = answer_forms(cohort)
    for course in cohort.courses:
        if course.sign == "gone_quiet":
            assert log.loc[log["person"] == course.person, "study_day"].max() <= course.first_day + 2
            entries = forms.entries
            assert entries.loc[entries["person"] == course.person, "study_day"].max() <= course.first_day + 2


def test_high_distress_scores_are_the_planted_ones(cohort):
    entries = answer_forms(cohort).entries
    answered = entries[entries["fortnight"]]
    high = set(answered.loc[answered["distress_score"] >= 13, "person"])
    planted = {course.person for course in cohort.courses if course.sign == "distress_protocol"}
    assert high == planted
    assert (answered["distress_item_10"] > 0).sum() == 1


def test_in_the_clean_variant_nobody_else_shows_a_sign():
    cohort = simulate(120, seed=0, variant="review_clean")
    assert len(cohort.people) == 120
    assert len(cohort.signs) == 0
    assert cohort.people["participant"].is_unique
    assert cohort.sessions["person"].nunique() == 120


def test_half_of_the_zeros_are_lost_when_missing_is_not_at_random():
    def written(variant: str) -> float:
        cohort = simulate(400, seed=2, variant=variant)
        log, _ = write_log(cohort)
        return (
            cohort.sessions["no_milk"].to_numpy()[np.unique(log["session"])].sum()
            / cohort.sessions["no_milk"].sum()
        )

    assert written("base") == pytest.approx(0.95, abs=0.02)
    # Half are lost, seven in ten where the shield does not fit.
    assert 0.30 < written("mnar") < 0.50


def test_rounding_never_makes_a_zero_unless_the_variant_says_so():
    volume = np.array([0.0, 0.3, 1.4, 6.0, 14.9, 15.1, 73.0])
    for style in ("fives", "exact", "ounces"):
        styles = np.full(len(volume), style, dtype=object)
        for coarse in (True, False):
            chosen = np.full(len(volume), coarse)
            honest = round_total(volume, styles, chosen, load_recipe()["log"])
            assert ((honest == 0) == (volume == 0)).all(), (style, coarse)
    fives = np.full(len(volume), "fives", dtype=object)
    careless = round_total(volume, fives, np.ones(len(volume), bool), load_recipe("rounded_zero")["log"])
    assert careless.tolist() == [0, 0, 0, 10, 10, 20, 70]
