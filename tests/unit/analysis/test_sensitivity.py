"""The E-value's edges; its published values stand with the reference cases."""

import pytest

from pipelines.analysis.sensitivity import e_value, risk_ratio


def test_no_effect_needs_nothing_to_be_explained_away():
    assert e_value(1.0, 0.8, 1.2) == (1.0, 1.0)


def test_protection_and_harm_of_the_same_size_have_the_same_e_value():
    assert e_value(2.0, 1.5, 3.0) == pytest.approx(e_value(1 / 2, 1 / 3, 1 / 1.5))


def test_an_odds_ratio_of_a_common_outcome_is_taken_as_its_square_root():
    assert risk_ratio(4.0, 0.2) == 2.0
    assert risk_ratio(4.0, 0.1) == 4.0


def test_an_interval_that_does_not_hold_its_estimate_is_an_error():
    with pytest.raises(ValueError, match="low <= ratio"):
        e_value(2.0, 2.5, 3.0)
