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
    names = {"factor": "flange_fit", "level": "too_small", "reference": "good"}
    return Association(component="total", model="adjusted", **(names | numbers | changes))


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


def glance(measure="odds_ratio", **changes):
    """A finding on the shield whose association has these numbers."""
    found = association(participants=76, **changes)
    numbers = {"odds_ratio": 1.32, "ci_low": 0.67, "ci_high": 2.62}
    volumes = {"volume_ratio": 0.9, "volume_low": 0.8, "volume_high": 1.01}
    return ClaimFinding(
        "cause.pump_fit", "inconclusive", measure=measure, association=found, **numbers, **volumes
    )


@pytest.mark.parametrize(
    ("claim", "figures", "line"),
    [
        (glance(), "11 beside 8 of 100", "1.32 (0.67 to 2.62) · 76 people"),
        (glance(share=0.0761), "8 of 100 both ways", "1.32 (0.67 to 2.62) · 76 people"),
        (
            glance(level=None, reference=None, step="per point"),
            "11 beside 8 of 100",
            "1.32 (0.67 to 2.62) per point · 76 people",
        ),
        (
            glance("volume_ratio", mean_volume_ml=60.2, reference_volume_ml=79.0, volume_ratio=0.9),
            "60 mL beside 79 mL",
            "0.90 (0.80 to 1.01) · 76 people",
        ),
        (
            glance("volume_ratio", level=None, reference=None, volume_ratio=0.9),
            "10 % less milk",
            "0.90 (0.80 to 1.01) · 76 people",
        ),
        (glance(share=None), "", "1.32 (0.67 to 2.62) · 76 people"),
        (glance(status="suppressed"), "", "1.32 (0.67 to 2.62) · 76 people"),
        (ClaimFinding("cause.pump_fit", "not_collected"), "", ""),
    ],
)
def test_a_finding_at_a_glance_is_two_figures_and_its_ratio_with_people(claim, figures, line):
    assert (plain(sentences.brief(claim)), plain(sentences.brief_line(claim))) == (figures, line)
