"""Every claim has one finding, from the comparison that may answer it."""

import math
from dataclasses import replace

import numpy as np
import pytest

from pipelines.analysis.associations import associations
from pipelines.analysis.claims import claim_findings, claimed_log_ratio
from pipelines.analysis.contrasts import claim_contrasts
from pipelines.analysis.features import model_table
from pipelines.analysis.sample_size import people_needed
from pipelines.guidance import load_guidance
from pipelines.results import ANSWERED, VERDICTS, Association
from tests.unit.analysis.study import CODEBOOK, SETTINGS, make_study

GUIDANCE = load_guidance()


def findings(study):
    table = model_table(*study.tables(), CODEBOOK, SETTINGS)
    rows = associations(table, CODEBOOK, SETTINGS, "no_milk", 10)
    contrasts = claim_contrasts(table, GUIDANCE, CODEBOOK, SETTINGS, "no_milk", 10)
    return {
        each.id: each for each in claim_findings(GUIDANCE, CODEBOOK, rows, SETTINGS, "no_milk", contrasts)
    }


@pytest.fixture(scope="module")
def claims():
    return findings(make_study(150, 8, log_odds={"warm_compress": np.log(0.55), "flange_fit": np.log(2.0)}))


def made_up(**changes):
    """The findings when only one association exists, built by hand."""
    good = Association(
        "warm_compress",
        "yes",
        "no",
        "within",
        "adjusted",
        odds_ratio=0.6,
        ci_low=0.5,
        ci_high=0.72,
        p_value=1e-6,
        standard_error=0.09,
        degrees_of_freedom=80.0,
    )
    rows = [replace(good, **changes)]
    found = claim_findings(GUIDANCE, CODEBOOK, rows, SETTINGS, "no_milk", {}, participants=240)
    return next(each for each in found if each.id == "strategy.relaxing.warm")


def test_every_claim_stands_once_in_the_guidances_order(claims):
    assert list(claims) == list(GUIDANCE.claims)
    assert {each.verdict for each in claims.values()} <= set(VERDICTS)


def test_a_claim_without_an_answer_always_says_why(claims):
    for each in claims.values():
        if each.verdict in ("not_testable", "not_collected", "insufficient_data"):
            assert each.reason, each.id


def test_what_was_not_asked_says_which_question_to_add(claims):
    each = claims["letdown.skin_to_skin"]
    assert each.verdict == "not_collected"
    assert CODEBOOK.factors["skin_to_skin_before"].question in each.next_step


def test_a_planted_effect_is_supported_and_a_planted_nothing_is_not(claims):
    assert claims["strategy.relaxing.warm"].verdict == "supported"
    assert claims["cause.stress"].verdict in ("negligible", "inconclusive")


def test_levels_are_taken_together_where_a_claim_means_them_together(claims):
    each = claims["cause.pump_fit"]
    assert (each.association.level, each.association.reference) == ("too_small+too_large", "good")
    assert each.component == "total" and each.ci_low < 2 < each.ci_high


@pytest.mark.parametrize(
    "repeat", [claim for claim in GUIDANCE.claims.values() if claim.repeats], ids=lambda claim: claim.id
)
def test_a_repeat_has_the_numbers_of_the_finding_it_names(claims, repeat):
    finding = claims[repeat.id]
    owner = claims[finding.finding_of]
    assert owner.finding_of == owner.id
    assert finding.expected == repeat.direction
    if repeat.testable != "no":
        assert (finding.odds_ratio, finding.volume_ratio, finding.verdict) == (
            owner.odds_ratio,
            owner.volume_ratio,
            owner.verdict,
        )


def test_strain_is_judged_by_the_day_before_within_the_person(claims):
    assert claims["cause.stress"].component == "within_lagged"


def test_what_output_can_change_during_the_session_is_not_testable(claims):
    each = claims["cause2.let_down"]
    assert (each.verdict, each.detail) == ("not_testable", "no_time_order")


def test_a_statement_without_direction_has_no_verdict(claims):
    assert (claims["pump.choice"].verdict, claims["pump.choice"].detail) == ("not_testable", "description")


def test_gates_come_before_the_rule():
    assert made_up().verdict == "supported"
    few = made_up(gates=("too few people",), insufficient=True)
    assert (few.verdict, few.detail, few.reason) == ("insufficient_data", "gate", "Too few people.")
    heavy = made_up(gates=("one person carries it",), insufficient=False)
    assert (heavy.verdict, heavy.odds_ratio) == ("inconclusive", 0.6)


def strain(same_day=None):
    """The verdict on strain where yesterday's goes clearly with fewer sessions without milk."""
    numbers = {"p_value": 1e-6, "standard_error": 0.04, "degrees_of_freedom": 60.0}
    yesterday = Association(
        "stress",
        None,
        None,
        "within_lagged",
        "adjusted",
        odds_ratio=0.8,
        ci_low=0.74,
        ci_high=0.87,
        **numbers,
    )
    rows = [yesterday]
    if same_day:
        low, high = same_day
        rows.append(
            replace(yesterday, component="within", odds_ratio=(low * high) ** 0.5, ci_low=low, ci_high=high)
        )
    found = claim_findings(GUIDANCE, CODEBOOK, rows, SETTINGS, "no_milk", {}, participants=240)
    return next(each for each in found if each.id == "cause.stress")


def test_yesterday_contradicts_nothing_where_the_same_day_goes_clearly_the_other_way():
    assert strain().verdict == "contradicted"
    assert strain((0.97, 1.4)).verdict == "contradicted"
    pulled = strain((1.1, 1.4))
    assert (pulled.verdict, pulled.detail) == ("inconclusive", "gate")
    assert "same day" in pulled.reason and pulled.next_step


def test_a_suppressed_comparison_is_insufficient_with_its_reason():
    each = made_up(
        status="suppressed", reason="fewer than 10 people", odds_ratio=None, ci_low=None, ci_high=None, p_value=None,
        standard_error=None, degrees_of_freedom=None,
    )  # fmt: skip
    assert (each.verdict, each.reason, each.odds_ratio) == (
        "insufficient_data",
        "Fewer than 10 people.",
        None,
    )


def test_an_open_verdict_says_how_many_more_people_it_takes():
    each = made_up(odds_ratio=0.9, ci_low=0.6, ci_high=1.35, p_value=0.6, standard_error=0.2)
    assert each.verdict == "inconclusive"
    # 240 x (0.2 x (1.96 + 0.84) / log 1.25)^2 = 1,514 people in all, in tens.
    assert "About 1,280 more people like these 240" in each.next_step


def test_far_too_many_people_are_called_a_trial():
    each = made_up(odds_ratio=0.9, ci_low=0.2, ci_high=4.0, p_value=0.9, standard_error=0.75)
    assert each.next_step.startswith("It needs a trial")


def test_the_sample_size_is_that_of_the_textbook():
    """One session a person, half exposed, half with the outcome: n = 16 (1.96 + 0.84)^2 / log(1.25)^2."""
    error = math.sqrt(16 / 100)
    expected = 16 * (1.959964 + 0.841621) ** 2 / math.log(1.25) ** 2
    assert 0 <= people_needed(100, error, 1.25, SETTINGS) - expected < 10
    assert people_needed(400, error / 2, 1.25, SETTINGS) == people_needed(100, error, 1.25, SETTINGS)


def test_every_open_claim_says_what_would_settle_it(claims):
    for each in claims.values():
        if each.verdict not in ANSWERED:
            assert each.next_step, each.id


def test_a_ratio_is_turned_into_the_claimed_direction():
    dry, warm = GUIDANCE.claims["cause.dehydration"], GUIDANCE.claims["strategy.relaxing.warm"]
    litres = Association("fluid_litres", None, None, "within_lagged", "adjusted")
    yes = Association("warm_compress", "yes", "no", "within", "adjusted")
    # Less to drink, less milk: more milk per litre is as claimed.
    assert claimed_log_ratio(dry, litres, 1.2) > 0
    # Warmth, fewer sessions without milk.
    assert claimed_log_ratio(warm, yes, 0.8) > 0 > claimed_log_ratio(warm, yes, 1.2)


def test_a_question_that_was_asked_of_too_few_is_not_called_unasked():
    found = claim_findings(GUIDANCE, CODEBOOK, [], SETTINGS, "no_milk", collected=["stress"])
    by_id = {each.id: each for each in found}
    assert by_id["cause.stress"].verdict == "insufficient_data"
    assert by_id["cause.dehydration"].verdict == "not_collected"
