import pytest

from pipelines.codebook import load_codebook
from pipelines.evidence import sentences, words
from pipelines.evidence.claim_rows import is_turned
from pipelines.guidance import load_guidance
from pipelines.results import Association, ClaimFinding


@pytest.mark.parametrize(
    ("share", "text"), [(0.06, "6 of 100"), (0.004, "4 of 1,000"), (0.0, "0 of 100"), (1.0, "100 of 100")]
)
def test_shares_are_natural_frequencies_that_never_break_across_lines(share, text):
    said = words.of_hundred(share)
    assert said.replace(words.NO_BREAK, " ") == text and " " not in said


def test_two_shares_that_would_read_alike_get_a_decimal():
    assert (words.frequency(0.061, 0.056), words.frequency(0.056, 0.061)) == ("6.1", "5.6")
    assert (words.frequency(0.07, 0.05), words.frequency(0.05, 0.07)) == ("7", "5")


def test_a_hidden_count_is_said_to_be_hidden():
    assert words.people(None) == "number of people hidden"
    assert words.people(1).endswith("person") and words.people(2400).startswith("2,400")


def test_a_level_is_told_with_both_shares():
    found = Association(
        "pcos", "yes", "no", "total", "adjusted", odds_ratio=1.5, share=0.09, reference_share=0.06
    )
    said = sentences.association(found, load_codebook(), "no_milk").replace(words.NO_BREAK, " ")
    assert "9 ended without milk" in said and said.endswith(", 6.")


def test_a_step_is_told_as_the_share_its_odds_ratio_leads_to():
    found = Association("pump_pain", None, None, "within", "adjusted", odds_ratio=2.0, share=0.10)
    said = sentences.association(found, load_codebook(), "no_milk")
    assert "about 18 ended without milk" in said and said.endswith("on average, 10.")


def test_a_finding_without_an_estimate_says_why():
    claim = ClaimFinding("x", "not_testable", reason="No log can test it.")
    assert sentences.finding(claim, load_codebook(), "no_milk") == "No log can test it."


def test_an_estimate_stopped_by_a_gate_shows_the_gate():
    found = Association(
        "pcos", "yes", "no", "total", "adjusted", odds_ratio=1.5, share=0.09, reference_share=0.06
    )
    claim = ClaimFinding(
        "x",
        "insufficient_data",
        "gate",
        "Fewer than 20 people.",
        odds_ratio=1.5,
        association=found,
        measure="odds_ratio",
    )
    assert sentences.finding(claim, load_codebook(), "no_milk").endswith("No verdict: fewer than 20 people.")


def test_a_finding_on_the_day_before_says_what_it_cannot_see():
    found = Association("stress", None, None, "within_lagged", "adjusted", odds_ratio=1.1, share=0.1)
    claim = ClaimFinding("x", "negligible", odds_ratio=1.1, association=found, measure="odds_ratio")
    assert sentences.finding(claim, load_codebook(), "no_milk").endswith(sentences.ONLY_A_DAY)


@pytest.mark.parametrize(
    ("claim", "turned"),
    [
        ("cause.pump_fit", False),
        ("strategy.relaxing.warm", True),
        ("cause.dehydration", False),
        ("strategy.hydration", False),
        ("cause.blocked_duct", False),
    ],
)
def test_claims_that_predict_a_ratio_below_one_are_turned(claim, turned):
    """Little to drink, less milk: as a ratio per litre more, milk is predicted to rise, so nothing is turned."""
    assert is_turned(load_guidance().claims[claim]) is turned
