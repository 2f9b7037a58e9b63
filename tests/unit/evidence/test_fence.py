"""No count that tells of fewer people than the minimum cell leaves the evidence layer."""

from dataclasses import fields, replace

import pytest

from pipelines.evidence.fence import COUNTS, NEARLY_ALL, NUMBERS, TOO_CLOSE, fence, fence_classifier
from pipelines.results import Association, ClaimFinding, Classifier, Cohort, Findings, ReverseAssociation

COHORT = Cohort(100, 5000, 300, "no_milk", False, 1, minimum_cell=10, share_of_sessions=0.06)
ESTIMATED = Association(
    "pcos",
    "yes",
    "no",
    "total",
    "adjusted",
    participants=30,
    reference_participants=70,
    sessions=1000,
    events=80,
    odds_ratio=1.4,
    ci_low=1.1,
    ci_high=1.8,
    share=0.08,
    reference_share=0.05,
)


def fenced(association: Association, cohort: Cohort = COHORT) -> Association:
    claim = ClaimFinding("x", "supported", association=association, odds_ratio=association.odds_ratio)
    return fence(Findings(cohort, (association,), Classifier(auc=0.6), (claim,))).associations[0]


def test_groups_of_enough_people_pass_unchanged():
    assert fenced(ESTIMATED) == ESTIMATED


@pytest.mark.parametrize("few", [{"participants": 9}, {"reference_participants": 9}])
def test_a_group_below_the_minimum_loses_every_number(few):
    result = fenced(replace(ESTIMATED, **few))
    assert result.status == "suppressed"
    assert {getattr(result, name) for name in NUMBERS} == {None}
    assert "9" not in result.reason


@pytest.mark.parametrize("nearly_all", [91, 99])
def test_a_group_of_nearly_everybody_loses_its_counts_but_keeps_its_estimate(nearly_all):
    result = fenced(replace(ESTIMATED, participants=nearly_all, reference_participants=None))
    assert result.status == "estimated" and result.odds_ratio == 1.4
    assert {getattr(result, name) for name in COUNTS} == {None}
    assert result.reason


def test_everybody_may_be_counted():
    everyone = replace(ESTIMATED, participants=100, reference_participants=None)
    assert fenced(everyone).participants == 100


def test_a_cohort_below_the_minimum_has_no_number_anywhere():
    small = replace(COHORT, participants=9, sessions=400, events=30)
    claim = ClaimFinding("x", "supported", association=ESTIMATED, odds_ratio=1.4, q_value=0.01)
    silent = ClaimFinding("y", "not_testable", reason="No log can test it.")
    result = fence(Findings(small, (ESTIMATED,), Classifier(auc=0.6, folds=5), (claim, silent)))
    numbers = [
        value
        for part in (result.cohort, *result.associations, result.classifier, *result.claims)
        for field in fields(part)
        if isinstance(value := getattr(part, field.name), int | float) and not isinstance(value, bool)
        if field.name not in ("minimum_cell", "data_version", "low_output_ml")
    ]
    assert numbers == []
    assert [each.verdict for each in result.claims] == ["insufficient_data", "not_testable"]
    assert result.claims[1].reason == "No log can test it."
    assert result.cohort.reason and result.classifier.reason


def test_a_claim_falls_silent_with_its_association():
    claim = ClaimFinding(
        "x", "supported", "relevant", odds_ratio=1.4, association=replace(ESTIMATED, participants=3)
    )
    result = fence(Findings(COHORT, (), Classifier(), (claim,))).claims[0]
    assert (result.verdict, result.detail, result.odds_ratio) == ("insufficient_data", "gate", None)
    assert result.reason


def test_a_claim_falls_silent_in_a_sentence():
    hidden = replace(ESTIMATED, status="suppressed", reason="fewer than 10 people gave this answer")
    claim = ClaimFinding("x", "supported", "relevant", association=hidden)
    result = fence(Findings(COHORT, (), Classifier(), (claim,))).claims[0]
    assert result.reason == "Fewer than 10 people gave this answer."


def test_hidden_counts_are_explained_beside_another_reason():
    found = replace(ESTIMATED, reference_participants=95, reason="not adjusted for age (too few people)")
    assert fenced(found).reason == f"{found.reason}; {NEARLY_ALL}"


def test_levels_taken_together_do_not_give_a_hidden_one_away():
    treated = replace(ESTIMATED, factor="hypothyroidism", level="treated", reference="none", participants=12)
    few = replace(treated, level="untreated", participants=4)
    both = replace(treated, level="treated+untreated", participants=16)
    claim = ClaimFinding("x", "inconclusive", odds_ratio=1.4, association=both)
    result = fence(Findings(COHORT, (treated, few), Classifier(), (claim,))).claims[0]
    assert result.association is not None and result.odds_ratio == 1.4
    assert {getattr(result.association, name) for name in COUNTS} == {None}


def test_a_selection_that_may_not_be_told_has_no_number_and_keeps_its_reason():
    left_out = replace(COHORT, participants=99, reason="This selection leaves out fewer than 10 people.")
    result = fence(Findings(left_out, (ESTIMATED,), Classifier(auc=0.6), ()))
    assert (result.cohort.participants, result.cohort.sessions, result.cohort.events) == (None, None, None)
    assert result.cohort.reason == result.classifier.reason == left_out.reason
    assert result.associations[0].odds_ratio is None


def test_hidden_counts_of_the_other_direction_say_why():
    close = ReverseAssociation("stress", "difference", 0.25, participants=97, days=900, value=0.1)
    found = fence(Findings(COHORT, reverse=(close, replace(close, participants=60)))).reverse
    assert (found[0].participants, found[0].days, found[0].value, found[0].reason) == (
        None,
        None,
        0.1,
        TOO_CLOSE,
    )
    assert (found[1].participants, found[1].reason) == (60, "")


def test_the_classifier_counts_nobody_whom_the_cohort_would_tell():
    close = Classifier(auc=0.6, participants=97, sessions=900, events=80)
    hidden = fence_classifier(close, COHORT)
    assert (hidden.auc, hidden.participants, hidden.sessions, hidden.events) == (0.6, None, None, None)
    assert fence_classifier(replace(close, participants=60), COHORT).participants == 60
