"""What an estimate says in words: natural frequencies, the adjusted difference, what negligible means."""

import pytest

from pipelines.codebook import load_codebook
from pipelines.evidence import sentences, words
from pipelines.results import Association, ClaimFinding

CODEBOOK = load_codebook()


def plain(text):
    return text.replace("\N{NO-BREAK SPACE}", " ")


@pytest.mark.parametrize(
    ("numbers", "expected"),
    [
        ((0.03, 0.004, 0.062), "3.0 more per 100 sessions (0.4 to 6.2 more)"),
        ((-0.014, -0.024, -0.004), "1.4 fewer per 100 sessions (0.4 to 2.4 fewer)"),
        ((0.01, -0.01, 0.03), "1.0 more per 100 sessions (1.0 fewer to 3.0 more)"),
    ],
)
def test_a_difference_of_shares_is_told_per_100_sessions(numbers, expected):
    assert plain(words.per_hundred(*numbers)) == expected


def association(**changes):
    numbers = {
        "odds_ratio": 1.44,
        "share": 0.11,
        "reference_share": 0.076,
        "risk_difference": 0.03,
        "risk_low": -0.056,
        "risk_high": 0.116,
        "expected_share": 0.111,
        "expected_reference_share": 0.081,
    }
    return Association("flange_fit", "too_small", "good", "total", "adjusted", **(numbers | changes))


def test_raw_shares_come_first_and_then_the_adjusted_difference():
    text = plain(sentences.association(association(), CODEBOOK, "no_milk"))
    assert "11 ended without milk" in text
    assert text.endswith(
        "What was adjusted for being alike: 3.0 more per 100 sessions (5.6 fewer to 11.6 more)."
    )


def test_an_estimate_without_a_difference_says_only_the_shares():
    text = sentences.association(association(risk_difference=None), CODEBOOK, "no_milk")
    assert "alike" not in text and text


def test_negligible_names_the_effect_that_it_rules_out():
    claim = ClaimFinding(
        "cause.pump_fit",
        "negligible",
        factor="flange_fit",
        odds_ratio=1.02,
        association=association(odds_ratio=1.02),
    )
    text = sentences.finding(claim, CODEBOOK, "no_milk")
    assert text.startswith("No sign of an effect as large as the smallest that matters (a ratio of ")
