"""Two rows, one for each breast, as one session: only where they really complement one another."""

import ibis
import pytest

from pipelines.checks.sides import join_sides

KINDS = {
    "number": "int64",
    "source_rank": "int64",
    "source_row": "int64",
    "session_group": "string",
    "source_session_id": "string",
    "duration_min": "float64",
    "volume_left_ml": "float64",
    "volume_right_ml": "float64",
    "volume_ml": "float64",
    "pump_type": "string",
}


def joined(*rows: dict) -> list[dict]:
    complete = [
        dict.fromkeys(KINDS) | {"number": 1, "source_rank": 1, "source_row": at} | row
        for at, row in enumerate(rows, start=1)
    ]
    table = join_sides(ibis.memtable(complete, schema=KINDS)).order_by("source_row")
    return table.to_pyarrow().to_pylist()


def test_left_and_right_of_one_group_are_one_session():
    found = joined(
        {"session_group": "a", "volume_left_ml": 40.0, "duration_min": 10.0, "source_session_id": "8"},
        {"session_group": "a", "volume_right_ml": 0.0, "duration_min": 12.0, "source_session_id": "7"},
    )
    assert found == [
        {
            **{name: None for name in KINDS if name != "session_group"},
            "number": 1,
            "source_rank": 1,
            "source_row": 1,
            "source_session_id": "7",
            "duration_min": 12.0,
            "volume_left_ml": 40.0,
            "volume_right_ml": 0.0,
            "volume_ml": 40.0,
            "second_row": 2,
        }
    ]


def test_a_side_without_a_volume_leaves_the_total_unknown():
    [session] = joined(
        {"session_group": "a", "volume_left_ml": 40.0}, {"session_group": "a", "pump_type": "x"}
    )
    assert (session["volume_left_ml"], session["volume_right_ml"], session["volume_ml"]) == (40.0, None, None)
    assert session["pump_type"] == "x"


def test_two_rows_that_give_the_same_total_are_one_session_of_that_total():
    [session] = joined({"session_group": "a", "volume_ml": 130.0}, {"session_group": "a", "volume_ml": 130.0})
    assert (session["volume_ml"], session["volume_left_ml"], session["second_row"]) == (130.0, None, 2)


@pytest.mark.parametrize(
    "rows",
    [
        [{"volume_left_ml": 40.0}, {"volume_right_ml": 30.0}],
        [{"session_group": "a", "volume_left_ml": 40.0}, {"session_group": "b", "volume_right_ml": 30.0}],
        [{"session_group": "a", "volume_left_ml": 40.0}, {"session_group": "a", "volume_left_ml": 30.0}],
        [{"session_group": "a", "volume_left_ml": 40.0}, {"session_group": "a", "volume_ml": 70.0}],
        [{"session_group": "a", "volume_left_ml": 4.0}] * 2
        + [{"session_group": "a", "volume_right_ml": 3.0}],
        [
            {"session_group": "a", "volume_left_ml": 40.0},
            {"session_group": "a", "volume_right_ml": 30.0, "number": 2},
        ],
        [
            {"session_group": "a", "volume_left_ml": 40.0},
            {"session_group": "a", "volume_right_ml": 30.0, "source_rank": 2},
        ],
    ],
)
def test_rows_that_do_not_complement_one_another_stay_sessions_of_their_own(rows):
    found = joined(*rows)
    assert len(found) == len(rows)
    assert {row["second_row"] for row in found} == {None}
