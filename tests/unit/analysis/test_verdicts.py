"""The verdict rule: contradicted before negligible before supported, gates apart."""

import math

import pytest

from pipelines.analysis.verdicts import verdict

CASES = [
    # theta, standard error, degrees of freedom, q, verdict, detail; the smallest effect is an odds ratio of 1.25
    (0.6, 0.15, 25, 0.0, "supported", "relevant"),
    (0.6, 0.3, 25, 0.0, "inconclusive", "interval_includes_none_and_relevant"),
    (0.6, 0.305, 25, 0.0, "inconclusive", "interval_includes_none_and_relevant"),
    (0.1, 0.04, 60, 0.0, "negligible", "in_claimed_direction_but_small"),
    (0.1, 0.06, 60, 0.0, "negligible", "no_relevant_effect"),
    (-0.5, 0.2, 40, 0.0, "contradicted", "opposite"),
    (-0.3, 0.4, 40, 0.0, "inconclusive", "interval_includes_none_and_relevant"),
    (0.02, 0.05, 200, 0.0, "negligible", "no_relevant_effect"),
    (0.02, 0.15, 200, 0.0, "inconclusive", "interval_includes_none_and_relevant"),
    (0.22, 0.11, 300, 0.0, "supported", "size_open"),
    (0.2231, 0.0001, 300, 0.0, "supported", "size_open"),
    (0.2232, 0.0001, 300, 0.0, "supported", "size_open"),
    (1.2, 0.5, 4, 0.0, "inconclusive", "interval_includes_none_and_relevant"),
    (1.5, 0.5, 4, 0.0, "supported", "size_open"),
    (0.6, 0.15, 25, 0.08, "inconclusive", "fails_multiplicity"),
    (0.6, 0.15, 25, 0.04, "supported", "relevant"),
    (-0.5, 0.2, 40, 0.09, "negligible", "no_effect_as_large_as_claimed"),
    (-0.6, 0.1, 60, 0.001, "contradicted", "opposite"),
    (-0.1, 0.12, 100, 0.3, "negligible", "no_effect_as_large_as_claimed"),
    (0.12, 0.05, 100, 0.2, "negligible", "in_claimed_direction_but_small"),
    (-0.4, 0.25, 60, 0.2, "negligible", "no_effect_as_large_as_claimed"),
]


@pytest.mark.parametrize(("theta", "error", "freedom", "q", "word", "detail"), CASES)
def test_the_rule_gives_the_known_verdict(theta, error, freedom, q, word, detail):
    assert verdict(theta, error, freedom, 1.25, q) == (word, detail)


def test_a_smallest_effect_below_1_means_the_same_as_its_inverse():
    assert verdict(0.1, 0.04, 60, 1 / 1.25) == verdict(0.1, 0.04, 60, 1.25)


def test_without_enough_people_even_a_large_effect_stays_open():
    assert verdict(math.log(3), 0.5, 3, 1.25)[0] == "inconclusive"
