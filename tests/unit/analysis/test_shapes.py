"""The shape of a number's course: a straight one passes, a bent one is told in words, too few values are no course."""

import numpy as np
import pytest

from pipelines.analysis.associations import associations
from pipelines.analysis.features import model_table
from pipelines.analysis.shapes import STRAIGHT, UNCHECKED
from tests.unit.analysis.study import CODEBOOK, SETTINGS, make_study


def row(bend):
    """The stress of the day before, whose log odds bend by `bend` beyond the middle."""
    study = make_study(participants=150, days=14, log_odds={"stress": 0.3})
    table = model_table(*study.tables(), CODEBOOK, SETTINGS)
    random = np.random.default_rng(3)
    stress = table["stress__lag"].fillna(5)
    log_odds = -1.5 + 0.3 * (stress - 5) + bend * np.abs(stress - 5)
    table["no_milk"] = (random.random(len(table)) < 1 / (1 + np.exp(-log_odds))).astype(float)
    rows = associations(table, CODEBOOK, SETTINGS, "no_milk", 10)
    return next(
        each
        for each in rows
        if (each.factor, each.component, each.model) == ("stress", "within_lagged", "adjusted")
    )


def test_a_straight_course_is_called_straight():
    assert row(0.0).shape == STRAIGHT


def test_a_bent_course_is_told_with_the_odds_ratio_on_both_sides():
    found = row(0.6)
    assert found.shape_p_value < 0.01
    assert found.shape.startswith("not a straight line: odds ratio 0.") and "per point up to 5" in found.shape


def test_a_number_with_hardly_any_values_has_no_shape():
    study = make_study(participants=60, days=8)
    responses = study.responses.assign(value_number=study.responses["value_number"].gt(5).astype(float))
    table = model_table(study.sessions, responses, study.participants, study.daily, CODEBOOK, SETTINGS)
    rows = associations(table, CODEBOOK, SETTINGS, "no_milk", 10)
    shapes = {each.shape for each in rows if each.factor == "stress" and each.status == "estimated"}
    assert shapes <= {UNCHECKED, ""} and UNCHECKED in shapes


@pytest.mark.parametrize("component", ["within", "between"])
def test_only_effects_have_a_difference_per_100_sessions(component):
    study = make_study(participants=80, days=8)
    table = model_table(*study.tables(), CODEBOOK, SETTINGS)
    rows = associations(table, CODEBOOK, SETTINGS, "no_milk", 10)
    found = next(
        each
        for each in rows
        if (each.factor, each.component, each.model) == ("warm_compress", component, "adjusted")
    )
    assert (found.risk_difference is None) == (component == "between")
