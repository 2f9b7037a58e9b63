"""How a log was written: worked tables for every sign, and that habits and outcomes are none."""

import ibis
import pytest

from pipelines.metrics.logs import DOUBTS, doubts, habits, silence
from pipelines.settings import load_settings
from tests.definitions.worked import rows_of, table

SETTINGS = load_settings()
OUNCE = SETTINGS["limits.ml_per_ounce"]


def log(rows: list[tuple], participant: str = "A") -> str:
    """Rows of day, minute, volume as a text table, intervals worked out."""
    lines, before = (
        ["participant_id day_in_study day_postpartum minute_of_day interval_hours volume_ml"],
        None,
    )
    for day, minute, volume in rows:
        started = day * 1440 + minute
        interval = "-" if before is None else (started - before) / 60
        lines.append(
            f"{participant} {day} {day + 10} {minute} {interval} {'-' if volume is None else volume}"
        )
        before = started
    return "\n".join(lines)


def ordinary(days: int = 6) -> list[tuple]:
    """A believable log: five sessions a day at odd times, volumes in tens, one try in five without milk."""
    return [
        (day, 400 + 170 * at + (7 * day + 13 * at) % 37, 10 * (4 + (day + 2 * at) % 6) if at != 3 else 0)
        for day in range(days)
        for at in range(5)
    ]


def told(rows: list[tuple], *names: str) -> tuple:
    return rows_of(doubts(habits(table(log(rows)), SETTINGS), SETTINGS), *names)[0]


def signs(rows: list[tuple]) -> set[str]:
    return {name for name, true in zip(DOUBTS, told(rows, *DOUBTS), strict=True) if true}


def test_an_ordinary_log_gives_no_reason_for_doubt():
    assert signs(ordinary()) == set() and told(ordinary(), "doubtful", "long_enough") == (False, True)


def test_the_zero_share_is_that_of_the_measured_sessions_and_unknown_without_one():
    assert told([(0, 400, 0), (0, 500, None), (0, 600, 30)], "zero_share") == (0.5,)
    assert told([(0, 400, None)], "zero_share", "tens_share", "same_volume_share") == (None, None, None)


def test_the_share_of_the_day_logged_is_from_its_first_entry_to_its_last():
    assert told(
        [(0, 360, 10), (0, 1080, 10), (1, 600, 10), (3, 480, 10), (3, 840, 10)], "day_span_share"
    ) == (0.25,)


def test_half_and_quarter_ounces_are_seen_after_conversion():
    rows = [(0, 400 + 60 * at, round(ounces * OUNCE, 4)) for at, ounces in enumerate((1.25, 2.5, 3, 2.1))]
    assert told(rows, "quarter_ounce_share", "half_ounce_share", "tens_share") == (0.75, 0.5, 0)


def test_round_starts_are_told_and_are_no_reason_for_doubt():
    rows = [(day, minute - minute % 5, volume) for day, minute, volume in ordinary()]
    assert told(rows, "round_start_share", "doubtful") == (1, False)


@pytest.mark.parametrize("factor", [1 / OUNCE, OUNCE])
def test_a_unit_switched_on_the_phone_is_a_jump(factor):
    rows = ordinary(8)
    switched = [
        (day, minute, round(volume * factor, 4) if day >= 4 else volume) for day, minute, volume in rows
    ]
    assert signs(switched) == {"unit_jump"}


def test_a_sixfold_rise_is_none():
    rows = [(day, minute, volume * 6 if day >= 4 else volume) for day, minute, volume in ordinary(8)]
    assert signs(rows) == set()


def test_the_rise_of_the_first_days_after_birth_is_none():
    rows = [(day, minute, volume * 30 if day >= 3 else volume) for day, minute, volume in ordinary(8)]
    text = "\n".join(
        " ".join([*line.split()[:2], line.split()[1], *line.split()[3:]]) if number else line
        for number, line in enumerate(log(rows).splitlines())
    )
    found = rows_of(doubts(habits(table(text), SETTINGS), SETTINGS), "unit_jump")
    assert found == [(False,)]


def test_ounces_written_into_a_ml_column_are_seen_and_small_whole_volumes_are_not():
    ounces = [(day, minute, volume / 40) for day, minute, volume in ordinary()]
    drops = [(day, minute, volume / 10) for day, minute, volume in ordinary()]
    assert signs(ounces) == {"ounces_as_ml"} and signs(drops) == set()


def test_several_starts_within_minutes_are_a_burst_and_left_and_right_are_not():
    burst = [*ordinary()[:-4], (9, 1200, 50), (9, 1202, 60), (9, 1203, 40), (9, 1207, 70)]
    assert told(burst, "burst_share") == (4 / 30,) and "burst" in signs(burst)
    sides = [(day, minute + side, volume / 2) for day, minute, volume in ordinary() for side in (0, 4)]
    assert told(sides, "burst_share") == (0,)


def test_intervals_that_are_always_the_same_are_a_timetable():
    rows = [(day, 360 + 180 * at, 40 + 10 * ((day + at) % 5)) for day in range(6) for at in range(5)]
    assert told(rows, "equal_interval_share") == ((6 * 3) / 28,)
    assert signs(rows) == {"equal_intervals"}


def test_one_volume_all_the_time_was_not_measured():
    assert signs([(day, minute, 60) for day, minute, _ in ordinary()]) == {"same_volume"}


def test_few_days_and_few_volumes_are_said():
    sparse = [(3 * day, minute, volume) for day, minute, volume in ordinary()]
    assert signs(sparse) == {"few_days"}
    unmeasured = [
        (day, minute, volume if at % 3 == 0 else None) for at, (day, minute, volume) in enumerate(ordinary())
    ]
    assert signs(unmeasured) == {"without_volume"}


@pytest.mark.parametrize("volumes", ["none", "always"])
def test_how_often_nothing_came_is_never_a_reason_for_doubt(volumes):
    rows = [(day, minute, 0 if volumes == "none" else (volume or 35)) for day, minute, volume in ordinary()]
    assert signs(rows) == set()


def test_a_short_log_is_not_judged():
    assert told([(0, 400, 60)] * 3, "long_enough", "doubtful") == (False, False)


def test_days_after_the_last_session_have_no_log_and_are_not_days_without_milk():
    from pipelines.metrics.days import daily
    from pipelines.metrics.sessions import with_outcomes

    sessions = table(log([(0, 400, 50), (1, 400, 50), (2, 400, 50)]))
    answers = ibis.memtable({"participant_id": ["A", "A", "B"], "day_in_study": [1, 9, 4]})
    found = rows_of(
        silence(sessions, answers),
        "participant_id",
        "last_session_day",
        "last_answer_day",
        "silent_days",
        order=("participant_id",),
    )
    assert found == [("A", 2, 9, 7), ("B", None, 4, 0)]
    days = rows_of(daily(with_outcomes(sessions, 15), SETTINGS), "day_in_study", "volume_ml")
    assert max(days)[0] == 2 and not any(volume == 0 for _, volume in days)
