"""Verdicts and intervals on cohorts with known truth: a few cohorts always, more on demand (see tests.benchmarks)."""

from collections import Counter
from math import log

import numpy as np
import pytest
from threadpoolctl import threadpool_limits

from pipelines.analysis.effects import logistic
from pipelines.analysis.features import model_table
from pipelines.evidence.error_rates import Share
from pipelines.evidence.error_rates import error_rates as measured
from tests.benchmarks.error_rates import WANTED
from tests.simulation import scenarios
from tests.simulation.cohorts import Plan, make_cohort
from tests.simulation.verdicts import CODEBOOK, SETTINGS, findings

SEED = 7


@pytest.fixture(autouse=True)
def one_thread():
    """More threads inside an algebra routine would only wait for each other."""
    with threadpool_limits(1, "blas"):
        yield


def kept(scenario, people, cohorts):
    """What is kept of each claim over some cohorts, one seed after the other."""
    found = [getattr(scenarios, scenario)(people, [SEED, people, number]) for number in range(cohorts)]
    return {claim: [each[claim] for each in found if claim in each] for claim in found[0]}


def test_a_planted_odds_ratio_is_that_of_the_whole_cohort():
    plan = Plan(3000, {"flange_fit": "too_small"}, days=4, log_odds={"flange_fit": log(1.5)})
    sessions, _, people, _ = make_cohort(plan, CODEBOOK, SEED).tables()
    rows = sessions.merge(people, on="participant_id")
    rows["small"] = (rows["flange_fit"] == "too_small").astype(float)
    fit = logistic(rows, "no_milk", ["small"], "participant_id")
    assert abs(fit.coefficients["small"] - log(1.5)) < 2.5 * fit.standard_errors["small"]
    assert fit.standard_errors["small"] < 0.1
    assert abs(rows.loc[rows["small"] == 0, "no_milk"].mean() - plan.no_milk) < 0.015


def test_reverse_causation_raises_the_same_day_s_odds_and_hardly_ever_the_verdict():
    plan = Plan(120, {"stress": None}, **scenarios.STRONG_REVERSE)
    same_day = []
    for number in range(4):
        table = model_table(*make_cohort(plan, CODEBOOK, [SEED, number]).tables(), CODEBOOK, SETTINGS)
        found = table.groupby("no_milk")["stress"].mean()
        same_day.append(found[1] - found[0])
        assert findings(table)["cause.stress"].component == "within_lagged"
    assert min(same_day) > 0.4
    verdicts = [each.verdict for each in kept("reverse_causation", 100, 12)["cause.stress"]]
    assert verdicts.count("supported") <= 1 and verdicts.count("contradicted") == 0


def test_without_an_effect_hardly_a_claim_is_supported_or_contradicted():
    found = kept("no_effect", 100, 5)
    verdicts = Counter(each.verdict for cohorts in found.values() for each in cohorts)
    assert len(found) >= 30 and verdicts["negligible"] > 20
    assert verdicts["supported"] + verdicts["contradicted"] <= 2


def test_intervals_hold_planted_effects_about_as_often_as_they_say():
    found = kept("known_effects", 100, 10)
    held = [each.held for cohorts in found.values() for each in cohorts if each.held is not None]
    assert len(held) > 30 and np.mean(held) >= 0.85


def test_a_large_effect_within_people_is_found_in_most_cohorts():
    assert sum(scenarios.supported(2.0, 100, "within", [SEED, number]) for number in range(4)) >= 3


@pytest.mark.demand
@pytest.mark.parametrize("scenario", sorted(WANTED))
def test_rates_of_200_cohorts_keep_their_limits_up_to_chance(scenario):
    plan = next(each for each in measured().scenarios if each.id == scenario)
    for people in plan.people:
        for claim, cohorts in kept(scenario, people, 200).items():
            for verdict, limit in plan.limits.items():
                count = sum(each.verdict == verdict for each in cohorts)
                assert Share(count, len(cohorts)).value <= limit + 3 * (limit / len(cohorts)) ** 0.5, claim
            held = [each.held for each in cohorts if each.held is not None]
            if plan.coverage_at_least and held:
                assert np.mean(held) >= plan.coverage_at_least - 0.05, claim
