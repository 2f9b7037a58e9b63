"""Effects with person-wise uncertainty: against refits, against statsmodels, and what they refuse."""

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm

from pipelines.analysis.effects import (
    linear,
    logistic,
    volume_ratio,
    within_between,
)
from pipelines.analysis.refusals import INTERCEPT
from pipelines.errors import NotEstimable


@pytest.fixture(scope="module")
def people():
    """30 people with 12 sessions each; a trait of the person and a coin of the session."""
    random = np.random.default_rng(11)
    person = np.repeat(np.arange(30), 12)
    trait = random.normal(size=30)[person]
    coin = random.integers(0, 2, len(person))
    level = random.normal(0, 0.8, 30)[person]
    chance = 1 / (1 + np.exp(1 - 0.5 * coin - 0.3 * trait - level))
    volume = np.where(random.random(len(person)) < 0.1, 0.0, np.exp(3 + 0.2 * coin + level / 2))
    return pd.DataFrame(
        {
            "person": person,
            "trait": trait,
            "coin": coin,
            "empty": random.random(len(person)) < chance,
            "volume": volume,
        }
    )


def refitted(fitter, data, outcome, names):
    """Standard errors from really leaving each person out."""
    estimates = []
    for person in data["person"].unique():
        fit = fitter(data[data["person"] != person], outcome, names, "person")
        estimates.append([fit.coefficients[name] for name in (INTERCEPT, *names)])
    estimates = np.array(estimates)
    centred = estimates - estimates.mean(axis=0)
    errors = np.sqrt((len(estimates) - 1) / len(estimates) * (centred**2).sum(axis=0))
    return dict(zip((INTERCEPT, *names), errors, strict=True))


def test_one_step_errors_are_close_to_really_leaving_each_person_out(people):
    fit = logistic(people, "empty", ["trait", "coin"], "person")
    for name, error in refitted(logistic, people, "empty", ["trait", "coin"]).items():
        assert fit.standard_errors[name] == pytest.approx(error, rel=0.05)


def test_for_least_squares_one_step_is_leaving_each_person_out(people):
    fit = linear(people, "volume", ["trait", "coin"], "person")
    for name, error in refitted(linear, people, "volume", ["trait", "coin"]).items():
        assert fit.standard_errors[name] == pytest.approx(error, rel=1e-9)


@pytest.mark.parametrize(
    ("fitter", "family", "outcome"),
    [(logistic, sm.families.Binomial(), "empty"), (volume_ratio, sm.families.Poisson(), "volume")],
)
def test_estimates_and_robust_errors_are_those_of_statsmodels(people, fitter, family, outcome):
    fit = fitter(people, outcome, ["trait", "coin"], "person")
    design = sm.add_constant(people[["trait", "coin"]])
    other = sm.GLM(people[outcome].astype(float), design, family=family).fit(
        cov_type="cluster", cov_kwds={"groups": people["person"]}, tol=1e-12
    )
    rows, parameters = len(people), 3
    for name, key in ((INTERCEPT, "const"), ("trait", "trait"), ("coin", "coin")):
        assert fit.coefficients[name] == pytest.approx(other.params[key], abs=1e-8)
        # statsmodels multiplies by (n-1)/(n-k) besides G/(G-1).
        plain = other.bse[key] / np.sqrt((rows - 1) / (rows - parameters))
        assert fit.robust_standard_errors[name] == pytest.approx(plain, rel=1e-6)


def test_a_ratio_of_mean_volumes_keeps_the_empty_sessions():
    data = pd.DataFrame(
        {"person": range(8), "yes": [0, 0, 0, 0, 1, 1, 1, 1], "ml": [0, 50, 100, 50, 0, 0, 100, 300]}
    )
    fit = volume_ratio(data, "ml", ["yes"], "person")
    assert np.exp(fit.coefficients["yes"]) == pytest.approx(100 / 50)


def test_a_fit_is_the_same_whichever_unit_a_predictor_has(people):
    in_grams = people.assign(trait=people["trait"] * 1e6 + 3e8)
    first = logistic(people, "empty", ["trait", "coin"], "person")
    second = logistic(in_grams, "empty", ["trait", "coin"], "person")
    assert second.coefficients["trait"] * 1e6 == pytest.approx(first.coefficients["trait"], rel=1e-6)
    assert second.effective_participants["trait"] == pytest.approx(
        first.effective_participants["trait"], rel=1e-6
    )


def test_a_fit_does_not_depend_on_the_order_of_rows(people):
    shuffled = people.sample(frac=1, random_state=1)
    first = logistic(people, "empty", ["trait", "coin"], "person")
    second = logistic(shuffled, "empty", ["trait", "coin"], "person")
    assert second.standard_errors == pytest.approx(first.standard_errors)


def test_rows_with_a_missing_value_in_a_used_column_are_left_out(people):
    holed = people.astype({"trait": float}).copy()
    holed.loc[:9, "trait"] = np.nan
    holed["unused"] = np.nan
    assert logistic(holed, "empty", ["trait"], "person").rows == len(people) - 10
    assert logistic(holed, "empty", ["coin"], "person").rows == len(people)


def test_few_people_carry_a_predictor_that_few_people_have(people):
    rare = people.assign(rare=(people["person"] < 3).astype(float))
    fit = logistic(rare, "empty", ["rare", "coin"], "person")
    assert fit.effective_participants["rare"] < 5 < fit.effective_participants["coin"]
    assert fit.degrees_of_freedom["rare"] == fit.effective_participants["rare"]


@pytest.mark.parametrize(
    ("change", "predictors", "words"),
    [
        ({"same": 1.0}, ["coin", "same"], "same has the same value"),
        (
            {"double": lambda data: 2 * data["trait"] - 3},
            ["trait", "double"],
            "double follows exactly from trait",
        ),
        (
            {"sum": lambda data: data["trait"] + data["coin"]},
            ["trait", "coin", "sum"],
            "sum follows exactly from trait, coin",
        ),
        (
            {"never": lambda data: (~data["empty"] & (data["coin"] == 1)).astype(int)},
            ["never"],
            "never.*separation",
        ),
        (
            {"score": lambda data: data["empty"] * 3.0 + data["trait"] / 10},
            ["coin", "score"],
            "score.*separation",
        ),
        (
            {"alone": lambda data: (data["person"] == 4).astype(float)},
            ["alone"],
            "alone rests on a single participant",
        ),
        ({"word": "much"}, ["word"], "word holds something other than numbers"),
    ],
)
def test_a_refusal_names_the_predictor(people, change, predictors, words):
    with pytest.raises(NotEstimable, match=words):
        logistic(people.assign(**change), "empty", predictors, "person")


def test_separation_by_two_predictors_together_is_refused():
    random = np.random.default_rng(2)
    data = pd.DataFrame(
        {"one": random.normal(size=200), "two": random.normal(size=200), "person": range(200)}
    )
    data["outcome"] = data["one"] + data["two"] > 0
    with pytest.raises(NotEstimable, match="separation"):
        logistic(data, "outcome", ["one", "two"], "person")


def test_predictors_that_go_along_with_each_other_are_no_separation(people):
    random = np.random.default_rng(3)
    near = people.assign(near=people["trait"] + 1e-4 * random.normal(size=len(people)))
    fit = logistic(near, "empty", ["trait", "near"], "person")
    design = sm.add_constant(near[["trait", "near"]].astype(float))
    slow = sm.GLM(near["empty"].astype(float), design, family=sm.families.Binomial()).fit(tol=1e-14)
    assert fit.coefficients["near"] == pytest.approx(slow.params["near"], rel=1e-6)
    apart = near.assign(near=near["near"] + 1e-3 * near["empty"])
    with pytest.raises(NotEstimable, match="separation"):
        logistic(apart, "empty", ["trait", "near"], "person")


@pytest.mark.parametrize("value", [0, 1])
def test_an_outcome_that_never_changes_is_refused(people, value):
    with pytest.raises(NotEstimable, match="empty has the same value"):
        logistic(people.assign(empty=value), "empty", ["coin"], "person")


def test_one_person_alone_has_no_standard_error(people):
    with pytest.raises(NotEstimable, match="two participants"):
        logistic(people[people["person"] == 3], "empty", ["coin"], "person")


def test_the_person_mean_counts_each_day_once_when_a_day_is_given():
    data = pd.DataFrame(
        {"who": ["a"] * 4 + ["b"] * 2, "day": [1, 1, 1, 2, 1, 2], "stress": [8.0, 8.0, 8.0, 2.0, 1.0, None]}
    )
    by_day = within_between(data, "stress", "who", "day")
    by_row = within_between(data, "stress", "who")
    assert by_day["stress_between"].tolist() == [5, 5, 5, 5, 1, 1]
    assert by_day["stress_within"].iloc[3] == -3
    assert by_row["stress_between"].iloc[0] == 6.5
    assert np.isnan(by_day["stress_within"].iloc[5])


@pytest.mark.parametrize(
    ("change", "column", "words"),
    [
        ({}, "fit", "no column fit"),
        ({"stress": "much"}, "stress", "stress holds something other than numbers"),
    ],
)
def test_a_split_of_something_else_than_a_number_is_refused(people, change, column, words):
    with pytest.raises(NotEstimable, match=words):
        within_between(people.assign(**change), column, "person")


def test_a_column_that_is_not_there_is_named(people):
    with pytest.raises(NotEstimable, match="no column fit, pump"):
        logistic(people, "empty", ["coin", "fit", "pump"], "person")


def test_a_huge_effect_is_not_said_to_have_no_finite_estimate():
    random = np.random.default_rng(4)
    data = pd.DataFrame({"amount": random.normal(size=200), "person": range(200)})
    data["outcome"] = random.random(200) < 1 / (1 + np.exp(-40 * data["amount"]))
    with pytest.raises(NotEstimable, match="amount separates the outcome completely or nearly so"):
        logistic(data, "outcome", ["amount"], "person")


def test_every_kind_of_column_that_holds_the_same_numbers_gives_the_same_fit(people):
    plain = logistic(people, "empty", ["coin", "trait"], "person")
    other = people.assign(
        empty=people["empty"].astype("boolean"),
        coin=people["coin"].astype("Int64"),
        trait=people["trait"].astype("Float64"),
        person=("p" + people["person"].astype(str)).astype("category"),
    )
    fit = logistic(other.sample(frac=1, random_state=1), "empty", ["coin", "trait"], "person")
    assert fit.coefficients == pytest.approx(plain.coefficients)
    assert fit.standard_errors == pytest.approx(plain.standard_errors)
    assert (fit.rows, fit.participants, fit.events) == (plain.rows, plain.participants, plain.events)
