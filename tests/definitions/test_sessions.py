import pytest

from pipelines.metrics.sessions import shares, time_band, with_outcomes
from tests.definitions.worked import parse, rows_of, table


def test_no_milk_is_a_measured_zero_and_missing_is_neither():
    sessions = table("""
        minute_of_day volume_ml
        1             0
        2             0.5
        3             14.9
        4             15
        5             -
    """)
    expected = parse("""
        minute_of_day no_milk low_output
        1             yes     yes
        2             no      yes
        3             no      yes
        4             no      no
        5             -       -
    """)
    result = rows_of(with_outcomes(sessions, 15), *expected[0], order=("minute_of_day",))
    assert result == [tuple(row.values()) for row in expected]


def test_flow_is_volume_over_duration_and_unknown_without_either():
    sessions = table("""
        minute_of_day volume_ml duration_min
        1             60        20
        2             0         10
        3             60        -
        4             -         10
        5             60        0
    """)
    result = rows_of(with_outcomes(sessions, 15), "flow_ml_per_min", order=("minute_of_day",))
    assert result == [(3.0,), (0.0,), (None,), (None,), (None,)]


def test_share_differs_between_sessions_and_people_when_one_person_pumps_more():
    sessions = with_outcomes(
        table("""
        participant_id volume_ml
        A              0
        A              0
        A              0
        A              80
        B              80
        B              -
        C              -
    """),
        15,
    )
    [row] = rows_of(
        shares(sessions, "no_milk"),
        "participants",
        "sessions",
        "events",
        "share_of_sessions",
        "mean_participant_share",
    )
    assert row[:3] == (2, 5, 3)
    assert row[3] == pytest.approx(3 / 5)
    assert row[4] == pytest.approx((3 / 4 + 0) / 2)


def test_share_of_no_known_session_is_unknown_not_zero():
    sessions = with_outcomes(table("volume_ml\n-\n-"), 15)
    [row] = rows_of(shares(sessions, "no_milk"), "sessions", "share_of_sessions", "mean_participant_share")
    assert row == (0, None, None)


def test_time_bands_start_at_midnight_five_eleven_and_seventeen():
    sessions = table("minute_of_day\n0\n299\n300\n659\n660\n1019\n1020\n1439\n-")
    banded = sessions.mutate(band=time_band(sessions.minute_of_day))
    assert [row[0] for row in rows_of(banded, "band")] == [
        *["night"] * 2,
        *["morning"] * 2,
        *["day"] * 2,
        *["evening"] * 2,
        None,
    ]
