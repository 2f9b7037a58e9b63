"""The fit inside the store gives the answers of the fit in memory."""

from pathlib import Path

import ibis
import numpy as np
import pandas as pd
import pytest

from pipelines.analysis import table_fit
from pipelines.analysis.effects import logistic, within_between
from pipelines.analysis.table_fit import logistic_on_table
from pipelines.errors import NotEstimable

LOG = Path(__file__).parents[2] / "reference" / "sim_pumping.csv"
PREDICTORS = ["poor_fit", "hosp_pump", "stress_within", "stress_between", "gap_h"]


@pytest.fixture(scope="module")
def log():
    data = within_between(pd.read_csv(LOG), "stress", "pid", "study_day")
    return data.assign(no_milk=data["no_milk"] == 1)


def in_store(data):
    return ibis.memtable(data)


def test_the_store_gives_the_answers_of_memory(log):
    inside = logistic_on_table(in_store(log), "no_milk", PREDICTORS, "pid")
    outside = logistic(log, "no_milk", PREDICTORS, "pid")
    for part in ("coefficients", "standard_errors", "effective_participants", "p_values", "largest_share"):
        assert getattr(inside, part) == pytest.approx(getattr(outside, part), abs=1e-6, rel=1e-6)
    assert (inside.rows, inside.participants, inside.events) == (
        outside.rows,
        outside.participants,
        outside.events,
    )


def test_rows_with_a_missing_value_are_left_out_in_the_store_too(log):
    holed = log.copy()
    holed.loc[:200, "stress_within"] = None
    inside = logistic_on_table(in_store(holed), "no_milk", PREDICTORS, "pid")
    assert inside.coefficients == pytest.approx(
        logistic(holed, "no_milk", PREDICTORS, "pid").coefficients, abs=1e-6
    )


def test_a_warm_start_on_some_people_changes_nothing(log, monkeypatch):
    monkeypatch.setattr(table_fit, "WARM_START_FROM", 1000)
    monkeypatch.setattr(table_fit, "WARM_START_PART", 3)
    inside = logistic_on_table(in_store(log), "no_milk", PREDICTORS, "pid")
    assert inside.coefficients == pytest.approx(
        logistic(log, "no_milk", PREDICTORS, "pid").coefficients, abs=1e-6
    )


def test_predictors_that_go_along_with_each_other_are_no_separation_in_the_store_either(log):
    random = np.random.default_rng(3)
    near = log.assign(near=log["gap_h"] + 1e-3 * random.normal(size=len(log)))
    inside = logistic_on_table(in_store(near), "no_milk", ["gap_h", "near"], "pid")
    outside = logistic(near, "no_milk", ["gap_h", "near"], "pid")
    assert inside.coefficients == pytest.approx(outside.coefficients, rel=1e-4)


@pytest.mark.parametrize(
    ("change", "names"),
    [
        ({"same": 2.0}, ["gap_h", "same"]),
        ({"sum": lambda data: data["poor_fit"] + 2 * data["hosp_pump"]}, ["poor_fit", "hosp_pump", "sum"]),
        ({"split": lambda data: (data["no_milk"] & (data["gap_h"] > 3)).astype(float)}, ["gap_h", "split"]),
        ({"split": lambda data: data["no_milk"] * 3.0 + data["gap_h"] / 100}, ["split"]),
        ({"no_milk": False}, ["gap_h"]),
        ({"far": lambda data: data["gap_h"].where(data.index > 0, np.inf)}, ["far"]),
        ({"word": "much"}, ["gap_h", "word"]),
        ({}, ["gap_h", "absent"]),
    ],
)
def test_the_store_refuses_what_memory_refuses_in_the_same_words(log, change, names):
    data = log.assign(**change)
    with pytest.raises(NotEstimable) as inside:
        logistic_on_table(in_store(data), "no_milk", names, "pid")
    with pytest.raises(NotEstimable) as outside:
        logistic(data, "no_milk", names, "pid")
    assert str(inside.value) == str(outside.value)
