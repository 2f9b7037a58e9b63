"""Answers and limits: which code a cell means, and which rows are set aside."""

import pytest

from pipelines.checks.rules import problems, remarks
from pipelines.codebook import load_codebook
from pipelines.settings import load_settings
from tests.unit.checks.tables import Engine

TODAY = 20_000


@pytest.fixture(scope="module")
def engine() -> Engine:
    return Engine()


def codes(engine: Engine, factors=(), instruments=None, **columns) -> set[tuple[str, str]]:
    """Field and code of every rule that finds something in the only row."""
    cells = engine.cells(**columns)
    rules = problems(
        cells,
        load_codebook(),
        load_settings(),
        today=TODAY,
        has_zone=False,
        factors=list(factors),
        instruments=instruments or {},
    )
    (row,) = engine.rows(cells.aggregate(**{f"r{at}": each.condition.sum() for at, each in enumerate(rules)}))
    return {(each.field, each.code) for at, each in enumerate(rules) if row[f"r{at}"]}


@pytest.mark.parametrize(
    ("factor", "cell", "wanted"),
    [
        ("relaxation", "yes", "yes"),
        ("relaxation", "TRUE", "yes"),
        ("relaxation", "0", "no"),
        ("relaxation", "unknown", None),
        ("pump_type", "Electric double", "electric_double"),
        ("pump_type", " hospital-grade ", "hospital_grade"),
        ("maternal_age_band", "34", "30_34"),
        ("maternal_age_band", "19", "under_20"),
        ("maternal_age_band", "47", "40_plus"),
        ("maternal_age_band", "nan", None),
        ("stress", "7", 7),
        ("stress", "6,5", 6.5),
        ("stress", "n/a", None),
        ("stress", "NaN", None),
        ("temperature_c", "37.5", 37.5),
        ("temperature_c", "98,6", 37),
        ("temperature_c", "101.3", 38.5),
    ],
)
def test_a_cell_becomes_the_codebooks_code_or_number(engine, factor, cell, wanted):
    ((found, unreadable),) = engine.values(factor, f"unreadable_{factor}", **{factor: [cell]})
    assert found == (pytest.approx(wanted) if isinstance(wanted, int | float) else wanted)
    assert not unreadable


@pytest.mark.parametrize(
    ("factor", "cell"),
    [("relaxation", "maybe"), ("pump_type", "Spectra"), ("stress", "high"), ("stress", "9" * 20)],
)
def test_an_answer_that_is_none_of_the_known_ones_is_unreadable(engine, factor, cell):
    assert engine.values(factor, f"unreadable_{factor}", **{factor: [cell]}) == [(None, True)]
    assert (factor, "unreadable") in codes(
        engine, [factor], started_at=["2024-01-01 10:00"], **{factor: [cell]}
    )


@pytest.mark.parametrize(
    ("columns", "wanted"),
    [
        ({"volume_left": "600"}, set()),
        ({"volume_left": "600.5"}, {("volume_left_ml", "above_limit")}),
        ({"volume_right": "-0.5"}, {("volume_right_ml", "below_limit")}),
        ({"volume_total": "900"}, set()),
        ({"volume_total": "901"}, {("volume_ml", "above_limit")}),
        ({"volume_left": "500", "volume_right": "500"}, {("volume_ml", "above_limit")}),
        ({"duration_min": "240"}, set()),
        ({"duration_min": "241"}, {("duration_min", "above_limit")}),
        ({"duration_min": "-1"}, {("duration_min", "below_limit")}),
        ({"started_at": "2024-10-05 10:00"}, set()),
        ({"started_at": "2024-10-06 10:00"}, {("started_at", "future")}),
        ({"started_at": "1999-12-31 10:00"}, {("started_at", "too_early")}),
        ({"started_at": None}, {("started_at", "missing")}),
        ({"started_at": "yesterday"}, {("started_at", "unreadable")}),
        ({"participant": None}, {("participant", "missing")}),
        ({"ended_at": "2024-01-01 09:01"}, set()),
        ({"ended_at": "2024-01-01 08:59"}, {("ended_at", "before_start")}),
        ({"ended_at": "2024-01-01 08:59", "end_is_clock": "yes"}, {("ended_at", "before_start")}),
        ({"ended_at": "2024-01-01 00:10", "started_at": "2024-01-01 23:50"}, {("ended_at", "before_start")}),
        ({"birth_date": "31.12.2099"}, {("birth_date", "future")}),
    ],
)
def test_limits_of_a_session_hold_to_the_edge(engine, columns, wanted):
    row = {"started_at": "2024-01-01 10:00"} | columns
    assert codes(engine, unit="ml", **{name: [cell] for name, cell in row.items()}) == wanted


def test_answers_are_held_to_the_range_of_their_questionnaire(engine):
    day = {"kind": ["day"], "date": ["2024-01-01"]}
    assert codes(engine, ["stress"], stress=["11"], **day) == {("stress", "out_of_range")}
    assert codes(engine, ["stress"], {"stress": "pss10"}, stress=["30"], **day) == set()
    assert codes(engine, ["stress"], {"stress": "pss4"}, stress=["17"], **day) == {("stress", "out_of_range")}


def test_a_day_without_a_date_is_set_aside(engine):
    assert codes(engine, kind=["day"], date=[None], stress=["3"]) == {("date", "missing")}


def test_odd_values_are_kept_and_counted(engine):
    cells = engine.cells(
        started_at=["2024-01-01 10:00"] * 4,
        duration_min=["2", "61", "20", None],
        volume_left=["301", "10", "0", None],
        volume_right=["10", "10", "0", None],
        volume_total=[None, "25.5", None, "451"],
        unit="ml",
    )
    found = remarks(cells, load_codebook(), load_settings(), [])
    (row,) = engine.rows(cells.aggregate(**{each.code: each.condition.sum() for each in found}))
    assert {code: count for code, count in row.items() if count} == {
        "large_side": 1,
        "large_total": 1,
        "sides_differ": 1,
        "short": 1,
        "long": 1,
        "zero": 1,
    }


@pytest.mark.parametrize(
    ("nothing", "volume", "wanted"),
    [("yes", None, 0), ("1", None, 0), ("no", None, None), ("yes", "0", 0), ("no", "30", 30)],
)
def test_a_try_from_which_nothing_came_is_a_measured_nothing(engine, nothing, volume, wanted):
    found = engine.values("volume_ml", unit="ml", tried_nothing_came=[nothing], volume_total=[volume])
    assert found == [(wanted,)]


def test_a_try_without_milk_stays_nothing_where_the_app_means_not_measured_by_0(engine):
    columns = {"tried_nothing_came": ["yes"], "volume_total": ["0"]}
    assert engine.values("volume_ml", unit="ml", zero_unmeasured=True, **columns) == [(0,)]


@pytest.mark.parametrize("volume", ["volume_left", "volume_right", "volume_total"])
def test_nothing_and_something_in_one_session_contradict_each_other(engine, volume):
    found = codes(engine, unit="ml", tried_nothing_came=["yes"], **{volume: ["30"]})
    assert ("tried_nothing_came", "contradicts") in found
    assert codes(engine, unit="ml", tried_nothing_came=["yes"], **{volume: ["0"]}) == codes(
        engine, unit="ml", tried_nothing_came=["no"], **{volume: ["30"]}
    )


def test_neither_yes_nor_no_is_unreadable(engine):
    assert ("tried_nothing_came", "unreadable") in codes(engine, unit="ml", tried_nothing_came=["a bit"])
