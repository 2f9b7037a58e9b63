"""The simulated cohort against the published figures it should resemble, and against its own planted effects."""

import numpy as np
import pandas as pd
import pytest

from pipelines.synthetic import load_recipe, simulate
from pipelines.synthetic.people import make_people
from tests.reference.cohort_fit import (
    design,
    direct_truths,
    fit,
    logged_intervals,
    model_cohort,
    stress_ratios,
    z_scores,
)

PEOPLE = 2000


@pytest.fixture(scope="module")
def cohort():
    return simulate(PEOPLE, seed=11)


@pytest.fixture(scope="module")
def sessions(cohort):
    group = cohort.people["group"].to_numpy()[cohort.sessions["person"]]
    return cohort.sessions.assign(group=group)


@pytest.fixture(scope="module")
def daily(sessions):
    return sessions.groupby(["person", "day_postpartum", "group"])["volume_ml"].sum().reset_index()


def test_sessions_a_day_are_those_of_the_three_groups(cohort, sessions):
    count = sessions.groupby(["person", "study_day", "group"]).size().groupby("group").mean()
    assert count["preterm"] == pytest.approx(5.6, abs=0.3)
    assert count["exclusive"] == pytest.approx(6.2, abs=0.3)
    assert count["working"] == pytest.approx(2.8, abs=0.3)


def test_sessions_without_milk_are_many_at_first_and_few_later(sessions):
    pumping = sessions[sessions["group"] != "working"].groupby("day_postpartum")["no_milk"].mean()
    expected = {0: 0.49, 1: 0.27, 2: 0.14, 3: 0.094, 5: 0.069, 7: 0.061, 14: 0.054}
    for day, share in expected.items():
        assert pumping[day] == pytest.approx(share, rel=0.30), day
    assert sessions["no_milk"].mean() == pytest.approx(0.067, abs=0.010)


def test_a_session_after_day_14_gives_what_pumping_mothers_report(sessions):
    late = sessions.loc[sessions["day_postpartum"] > 14, "volume_ml"]
    assert 60 < late.mean() < 130
    assert late.median() == pytest.approx(73, rel=0.12)


def test_preterm_daily_volumes_rise_as_published(daily):
    preterm = daily[daily["group"] == "preterm"].groupby("day_postpartum")["volume_ml"]
    assert preterm.quantile(0.9)[0] <= 11.2
    assert 2.2 <= preterm.median()[1] <= 40
    assert preterm.mean()[6] == pytest.approx(341, rel=0.15)
    assert preterm.mean()[14] == pytest.approx(514, rel=0.15)
    reached = (
        (daily[daily["day_postpartum"] == 14].set_index("group")["volume_ml"] >= 500).groupby(level=0).mean()
    )
    assert reached["preterm"] == pytest.approx(0.42, abs=0.07)
    assert reached["exclusive"] == pytest.approx(0.47, abs=0.08)


def test_persons_differ_in_how_often_nothing_comes(sessions):
    late = sessions[sessions["day_postpartum"] > 4]
    share = late.groupby("person")["no_milk"].mean()
    assert (share == 0).mean() == pytest.approx(0.22, abs=0.05)
    assert share.quantile(0.5) == pytest.approx(0.023, abs=0.01)
    assert share.quantile(0.95) == pytest.approx(0.25, abs=0.08)


def test_daily_totals_of_one_person_vary_as_in_a_real_log(sessions):
    late = sessions[sessions["study_day"] >= 14].groupby(["person", "study_day"])["volume_ml"].sum()
    spread = late.groupby(level="person").agg(lambda volume: volume.std() / max(volume.mean(), 1.0))
    assert spread.median() == pytest.approx(0.20, abs=0.03)


def test_most_stay_to_the_end(cohort):
    assert cohort.people["withdrawn_day"].isna().mean() == pytest.approx(0.84, abs=0.03)
    assert cohort.days.groupby("person")["mastitis_signs"].any().mean() == pytest.approx(0.044, abs=0.015)


def test_the_planted_effects_come_back_with_everything_else_given(cohort):
    rows = model_cohort(cohort)
    z = z_scores(cohort, fit(design(cohort, rows), rows), direct_truths(cohort))
    # 28 estimates at this size: a wrong ratio in the recipe is far outside, chance seldom beyond four.
    assert z.abs().max() < 4.0, z.round(1).to_dict()
    assert (z.abs() < 2).mean() > 0.75


def test_the_between_person_volume_ratio_is_the_recipes(cohort):
    rows = model_cohort(cohort)
    late = rows[(rows["day_postpartum"] > 14) & ~rows["no_milk"]]
    person = late.groupby("person")["volume_ml"].mean()
    tissue = (cohort.people["breast_hypoplasia"] != "none").to_numpy()[person.index]
    assert person[tissue].mean() / person[~tissue].mean() == pytest.approx(0.50, abs=0.10)


def test_a_variant_without_effects_has_none():
    cohort = simulate(1500, seed=3, variant="null")
    assert all(effect.odds_ratio == 1 for effect in cohort.recipe.effects)
    rows = model_cohort(cohort)
    columns = {
        name: values
        for name, values in design(cohort, rows).items()
        if name in ("intercept", "working", "curve", "flange_fit.misfit", "pump_pain", "warm_compress.yes")
    }
    found = fit(columns, rows)
    z = found["estimate"] / found["se"]
    assert z[["flange_fit.misfit", "pump_pain", "warm_compress.yes"]].abs().max() < 3.5


def _crude_stress_slope(cohort) -> float:
    days = cohort.days[cohort.days["sessions"] > 0]
    share = days["nothing_came"] / days["sessions"]
    within = days["stress"] - days.groupby("person")["stress"].transform("mean")
    return float(np.polyfit(share - share.groupby(days["person"]).transform("mean"), within, 1)[0])


def test_doubling_the_feedback_doubles_what_a_bad_day_does_to_stress():
    base, reverse = (_crude_stress_slope(simulate(600, seed=5, variant=name)) for name in ("base", "reverse"))
    assert reverse / base == pytest.approx(2.0, abs=0.3)


def test_in_the_power_pump_variant_those_with_little_milk_pump_more():
    def slope(variant: str) -> float:
        people = make_people(load_recipe(variant), 3000, seed=5)
        pumping = people[people["group"] != "working"]
        return float(np.polyfit(pumping["z"], np.log(pumping["rate"]), 1)[0])

    assert slope("power_pump") == pytest.approx(0.12, abs=0.02)
    assert slope("base") == pytest.approx(0.0, abs=0.02)


@pytest.mark.demand
def test_ten_thousand_persons_recover_every_effect():
    cohort = simulate(10_000, seed=2)
    rows = model_cohort(cohort)
    z = z_scores(cohort, fit(design(cohort, rows), rows), direct_truths(cohort))
    print(z.round(2).to_string())
    assert z.abs().max() < 3.2
    assert (z**2).mean() < 2.0
    total = fit(design(cohort, rows, left_out=("pump_pain",)), rows)
    for name, ratio in (("flange_fit.misfit", 1.84), ("mastitis_signs.yes", 2.63)):
        assert abs(total.loc[name, "estimate"] - np.log(ratio)) < 3 * total.loc[name, "se"]


@pytest.mark.demand
def test_stress_looks_harmful_until_time_order_is_respected():
    found = pd.Series({name: ratio for name, (ratio, _) in stress_ratios(simulate(10_000, seed=2)).items()})
    print(found.round(3).to_string())
    expected = {"crude": 1.34, "adjusted": 1.33, "within": 1.14, "between": 1.45, "lagged": 1.00}
    for name, ratio in expected.items():
        assert found[name] == pytest.approx(ratio, abs=0.03), name


@pytest.mark.demand
def test_unlogged_sessions_blur_the_interval_as_the_recipe_says():
    cohort = simulate(4000, seed=21)
    sessions = logged_intervals(cohort)
    columns = design(cohort, sessions, left_out=("interval_hours", "hormonal_contraceptive.progestin_only"))
    columns.pop("working")
    mean = sessions.groupby("person")["gap"].transform("mean")
    found = fit(
        columns | {"within": (sessions["gap"] - mean).to_numpy(), "between": (mean - 4).to_numpy()}, sessions
    )
    (logged,) = [each.odds_ratio_logged for each in cohort.recipe.effects if each.id == "interval_hours"]
    assert np.exp(found.loc["within", "estimate"]) == pytest.approx(logged, abs=0.015)
