"""Repeats and previous sessions against a slow and obvious twin."""

import ibis
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.checks.duplicates import in_sequence, mark_repeats

SESSIONS = st.lists(
    st.tuples(st.integers(0, 2), st.integers(0, 4), st.sampled_from([None, 0.0, 5.0, 7.5])),
    min_size=1,
    max_size=30,
)


def rows_of(sessions, with_id: bool):
    rows = [
        {"number": number, "key": key, "volume_ml": volume, "position": position}
        for position, (number, key, volume) in enumerate(sessions)
    ]
    for row in rows:
        if with_id:
            row["session_id"] = f"{row['key']}|{row['volume_ml']}"
    kinds = {
        "number": "int64",
        "key": "int64",
        "volume_ml": "float64",
        "position": "int64",
        "session_id": "string",
    }
    return ibis.memtable(rows, schema={name: kinds[name] for name in rows[0]})


def slowly(sessions) -> dict[int, int | None]:
    """Position of every session that stays, with the key of the person's session before it."""
    kept: dict[tuple, int] = {}
    for position, session in enumerate(sessions):
        kept.setdefault(session, position)
    found = {}
    for number in {number for number, _, _ in kept}:
        mine = [
            (key, volume is None, volume or 0, position)
            for (who, key, volume), position in kept.items()
            if who == number
        ]
        before = None
        for key, _, _, position in sorted(mine):
            found[position] = before
            before = key
    return found


@pytest.mark.parametrize("with_id", [False, True])
@settings(max_examples=25, deadline=None)
@given(SESSIONS)
def test_repeats_and_previous_sessions_are_those_of_the_slow_twin(with_id, sessions):
    table = rows_of(sessions, with_id)
    wanted = slowly(sessions)
    marked = mark_repeats(table).to_pyarrow().to_pylist()
    assert {row["position"] for row in marked if not row["repeats"]} == set(wanted)
    found = in_sequence(table).to_pyarrow().to_pylist()
    assert {row["position"]: row["previous_key"] for row in found} == wanted


def test_the_same_own_id_at_another_time_is_a_repeat():
    rows = ibis.memtable(
        [
            {"number": 1, "key": 10, "volume_ml": 5.0, "position": 1, "session_id": "a"},
            {"number": 1, "key": 12, "volume_ml": 5.0, "position": 2, "session_id": "b"},
            {"number": 1, "key": 14, "volume_ml": 6.0, "position": 3, "session_id": "a"},
            {"number": 2, "key": 14, "volume_ml": 6.0, "position": 4, "session_id": "a"},
        ]
    )
    found = {row["position"]: row["repeats"] for row in mark_repeats(rows).to_pyarrow().to_pylist()}
    assert found == {1: False, 2: False, 3: True, 4: False}
