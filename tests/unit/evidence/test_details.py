"""What stands behind a claim's details: what would undo it."""

from dataclasses import replace

import pytest

from pipelines.evidence.claim_rows import _complete, _millilitres, _unlogged
from pipelines.results import Association, ClaimFinding


def finding(ratio, low, high, measure="odds_ratio", level="yes"):
    found = Association("warm_compress", level, "no", "within", "adjusted", odds_ratio=ratio)
    return ClaimFinding(
        "c", "supported", measure=measure, odds_ratio=ratio, ci_low=low, ci_high=high, association=found
    )


@pytest.mark.parametrize(
    ("numbers", "percent", "side"),
    [((1.6, 1.25, 2.0), "25", "compared with"), ((0.6, 0.5, 0.8), "25", "with it")],
)
def test_unlogged_sessions_on_one_side_that_bring_the_interval_to_no_difference(numbers, percent, side):
    ((_, text),) = _unlogged(finding(*numbers), "no_milk")
    assert text.startswith(percent) and side in text


def test_an_unlogged_share_really_brings_the_limit_to_1():
    """100 of 500 sessions against 80 of 500: adding the share to the smaller side makes the odds alike."""
    odds = (100 / 400) / (80 / 420)
    more = odds - 1
    assert (100 / 400) / ((80 * (1 + more)) / 420) == pytest.approx(1)


@pytest.mark.parametrize(
    "made",
    [finding(1.2, 0.9, 1.6), finding(1.6, 1.2, 2.0, "volume_ratio"), finding(1.6, 1.2, 2.0, level=None)],
)
def test_nothing_needs_to_undo_what_is_open_and_numbers_have_no_sides(made):
    assert _unlogged(made, "no_milk") == []


@pytest.mark.parametrize(("share", "words"), [(0.84, "84"), (1.0, ""), (None, "")])
def test_sessions_that_the_adjusted_model_had_to_leave_out_are_told(share, words):
    found = Association("flange_fit", "too_small", "good", "total", "adjusted", complete_share=share)
    told = _complete(found)
    assert [words in text for _, text in told] == ([True] if words else [])


def test_an_adjusted_difference_in_millilitres_has_its_sign_step_and_interval():
    found = Association("stress", None, None, "within", "adjusted", step="per point")
    assert _millilitres(found) == []
    told = replace(found, volume_difference=-4.26, volume_difference_low=-8.0, volume_difference_high=0.02)
    ((name, text),) = _millilitres(told)
    assert name == "Milk a session"
    assert text.startswith("\N{MINUS SIGN}4.3\N{NO-BREAK SPACE}mL (\N{MINUS SIGN}8.0 to 0.0) per point")
