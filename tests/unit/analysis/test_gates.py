"""Gates: what carries no verdict, and the words that say why."""

import numpy as np
import pytest

from pipelines.analysis.associations import associations
from pipelines.analysis.design import inflation_of
from pipelines.analysis.features import model_table
from pipelines.analysis.gates import answer_gate, inflation_gate
from tests.unit.analysis.study import CODEBOOK, SETTINGS, make_study


@pytest.mark.parametrize(("answered", "stops"), [(50, False), (49, True), (100, False)])
def test_a_question_that_more_than_half_left_open_is_inconclusive_at_best(answered, stops):
    gate = answer_gate(answered, 100, SETTINGS)
    assert bool(gate.reasons) is stops and not gate.insufficient
    assert str(answered) not in "".join(gate.reasons)


def test_entangled_factors_are_judged_together_and_none_alone():
    assert not inflation_gate(4.9, "sleep", 0.001, SETTINGS).reasons
    (clear,) = inflation_gate(6.2, "sleep", 0.001, SETTINGS).reasons
    assert "hard to tell apart from sleep (variance inflation 6)" in clear and "go clearly" in clear
    (unclear,) = inflation_gate(6.2, "sleep", 0.4, SETTINGS).reasons
    assert "do not go clearly" in unclear
    assert inflation_gate(6.2, "sleep", None, SETTINGS).reasons


def rows_with(share_alike):
    """A shield that goes with parity in so many of 100 people."""
    study = make_study(participants=300, days=6)
    random = np.random.default_rng(5)
    first = random.random(300) < 0.5
    alike = random.random(300) < share_alike
    misfit = np.where(alike, first, random.random(300) < 0.5)
    people = study.participants.assign(
        parity=np.where(first, "first_birth", "later_birth"),
        flange_fit=np.where(misfit, "too_small", "good"),
    )
    table = model_table(study.sessions, study.responses, people, study.daily, CODEBOOK, SETTINGS)
    found = associations(table, CODEBOOK, SETTINGS, "no_milk", 10)
    return next(each for each in found if (each.level, each.model) == ("too_small", "adjusted"))


def test_somewhat_entangled_keeps_its_estimate_without_a_verdict_and_more_is_refused_by_name():
    label = CODEBOOK.factors["parity"].label.lower()
    free, some, hopeless = rows_with(0.3), rows_with(0.935), rows_with(0.985)
    assert free.status == "estimated" and not any("tell apart" in gate for gate in free.gates)
    assert some.status == "estimated" and any(f"tell apart from {label}" in gate for gate in some.gates)
    assert hopeless.status == "not_estimable" and f"told apart from {label}" in hopeless.reason
    assert hopeless.odds_ratio is None


def test_what_others_determine_up_to_rounding_is_inflated_without_limit():
    random = np.random.default_rng(0)
    columns = random.normal(size=(200, 2))
    both = columns.sum(axis=1) + 1e-9 * random.normal(size=200)
    correlation = np.corrcoef(np.column_stack([columns, both]), rowvar=False)
    assert inflation_of(correlation, [2], [0, 1]) == float("inf")
    assert inflation_of(np.eye(3), [2], [0, 1]) == pytest.approx(1)
