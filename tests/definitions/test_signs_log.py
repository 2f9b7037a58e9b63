"""Warning signs in the log of sessions, each as a worked table: it fires, it just does not, and what is missing."""

import pytest

from pipelines.metrics.signs import RULES
from pipelines.metrics.signs.log import (
    delayed_activation,
    falling_volume,
    long_night_gap,
    low_frequency,
    not_at_volume,
    persistent_no_milk,
    severe_pain,
)
from tests.definitions.signs import days, found, log, study

PUMPS_ONLY = {"A": {"feeding_mode": "pump_only"}}


def empty_runs(volumes, **more):
    return found(persistent_no_milk, study(log(volumes), **more))


def test_five_of_six_sessions_in_a_row_without_milk_on_two_days_are_a_sign():
    [episode] = empty_runs({0: [60, 0, 0, 0], 1: [50, 0, 0]})
    assert (episode.first_day, episode.last_day, episode.state) == (0, 1, "current")
    assert episode.numbers == {"empty": 5, "sessions": 6, "days": 2}
    assert episode.rows == tuple(("log", row) for row in (2, 3, 4, 5, 6, 7))


@pytest.mark.parametrize(
    "volumes",
    [
        {0: [0, 0, 0, 50], 1: [50, 0, 0]},
        {0: [0, 0, 0, 0, 0, 0]},
        {0: [0, 0, 0], 1: [0, 0]},
    ],
    ids=["only four of any six", "all on one day", "only five sessions"],
)
def test_less_than_that_is_no_sign(volumes):
    assert empty_runs(volumes) == []


def test_a_volume_that_is_missing_is_passed_over_and_never_a_zero():
    assert empty_runs({0: [None, None, None], 1: [None, None, 0]}) == []
    [episode] = empty_runs({0: [0, None, 0, 0], 1: [0, None, 0, 60]})
    assert [row for _, row in episode.rows] == [1, 3, 4, 5, 7, 8]


def test_sessions_up_to_day_four_after_birth_do_not_count():
    volumes = {0: [0, 0, 0], 1: [0, 0, 0]}
    assert empty_runs(volumes, birth_before=4) == []
    assert len(empty_runs(volumes, birth_before=5)) == 1


def test_without_a_birth_date_days_count_from_the_first_session():
    assert empty_runs({0: [0, 0, 0], 1: [0, 0, 0]}, birth_before=None) == []
    late = {0: [50], 5: [0, 0, 0], 6: [0, 0, 0]}
    assert days(empty_runs(late, birth_before=None)) == [("A", 5, 6)]


def test_midnight_makes_two_days():
    night = [{"day_in_study": 0, "minute_of_day": minute, "volume_ml": 0} for minute in (1320, 1380, 1439)]
    night += [{"day_in_study": 1, "minute_of_day": minute, "volume_ml": 0} for minute in (0, 60, 120)]
    assert days(found(persistent_no_milk, study(night))) == [("A", 0, 1)]


def test_a_run_that_ended_three_logged_days_ago_is_past():
    volumes = {0: [0, 0, 0], 1: [0, 0, 0, 90, 90], 2: [90], 3: [90], 4: [90]}
    assert [episode.state for episode in empty_runs(volumes)] == ["past"]
    assert [episode.state for episode in empty_runs({day: volumes[day] for day in range(4)})] == ["current"]


def test_two_runs_with_milk_between_are_two_episodes_and_people_stay_apart():
    run = {0: [0, 0, 0], 1: [0, 0, 0, 90, 90], 2: [90] * 6, 3: [90, 0, 0, 0], 4: [0, 0, 0]}
    assert days(empty_runs(run)) == [("A", 0, 1), ("A", 3, 4)]
    two = log({0: [0, 0, 0]}) + log({1: [0, 0, 0]}, participant_id="B")
    assert found(persistent_no_milk, study(two)) == []


# Seven days of two sessions of 100 mL, then three complete days; the first and the last day of a log are cut.
def falling(recent, *, birth_before=14, people=None, answers="", earlier=(100, 100), last=(50,)):
    volumes = {0: [100]} | {day: list(earlier) for day in range(1, 8)}
    volumes |= {8 + place: list(own) for place, own in enumerate(recent)}
    volumes[8 + len(recent)] = list(last)
    made = study(log(volumes), answers, birth_before=birth_before, people=people)
    return found(falling_volume, made)


def test_three_days_well_below_the_seven_before_are_a_fall():
    [episode] = falling([(50, 50), (50, 50), (50, 50)])
    assert days([episode]) == [("A", 8, 10)]
    assert (episode.numbers["recent_session"], episode.numbers["earlier_session"]) == (50, 100)
    assert episode.numbers["share"] == 0.5
    assert [row for _, row in episode.rows] == list(range(2, 22))


@pytest.mark.parametrize(
    "recent",
    [
        [(60, 60), (60, 60), (60, 60)],
        [(40, 40), (40, 40), (80, 80)],
        [(50, 50, 50, 50)] * 3,
        [(50, None), (None, None), (None, None)],
    ],
    ids=["at six tenths", "one day above three quarters", "less a session, as much a day", "one day known"],
)
def test_a_smaller_or_a_patchy_fall_is_none(recent):
    assert falling(recent) == []


def test_mothers_at_work_are_judged_by_the_session_alone():
    more_often = [(50, 50, 50, 50)] * 3
    assert falling(more_often, people={"A": {"work_status": "not_working"}}) == []
    assert len(falling(more_often, people={"A": {"work_status": "full_time"}})) == 1


def test_small_volumes_before_day_fourteen_and_weaning_are_no_fall():
    fall = [(50, 50), (50, 50), (50, 50)]
    assert falling([(10, 10)] * 3, earlier=(24, 24), last=(10,)) == []
    assert falling(fall, birth_before=3) == []
    assert days(falling(fall, birth_before=4)) == [("A", 8, 10)]
    weaning = "day_in_study factor value\n5 weaning yes"
    assert falling(fall, answers=weaning) == []
    assert len(falling(fall, answers=f"{weaning}\n6 weaning no")) == 1


def test_a_day_without_any_known_volume_is_missing_and_not_a_fall():
    assert falling([(None, None), (None, None), (None, None)]) == []
    [episode] = falling([(None, None), (50, 50), (50, 50)])
    assert episode.numbers["recent_day"] == 100


def volume_at_two_weeks(daily, people=PUMPS_ONLY):
    """`daily` on days 12, 13, 14 after birth; the log begins on day 10 and ends on day 16."""
    volumes = {0: [50], 1: [50]} | {2 + place: own for place, own in enumerate(daily)} | {5: [50], 6: [50]}
    return found(not_at_volume, study(log(volumes), people=people))


def test_a_low_median_volume_of_days_twelve_to_fourteen_lists_and_a_higher_one_is_a_note():
    [low] = volume_at_two_weeks([[100, 99], [150], [400]])
    assert (low.lists, low.numbers["median"], low.first_day, low.last_day) == (True, 199, 2, 4)
    [note] = volume_at_two_weeks([[100, 100], [150], [400]])
    assert (note.lists, note.numbers["median"]) == (False, 200)
    assert volume_at_two_weeks([[250, 250]] * 3) == []


def test_low_volume_needs_two_complete_days_and_feeding_by_pump_alone():
    assert len(volume_at_two_weeks([[100], [100], [None]])) == 1
    assert volume_at_two_weeks([[100], [None], [None]]) == []
    assert volume_at_two_weeks([[100]] * 3, people={"A": {"feeding_mode": "mostly_breast"}}) == []
    assert volume_at_two_weeks([[100]] * 3, people={"A": {}}) == []


def pain(*sessions, birth_before=10):
    rows = [{"day_in_study": day, "volume_ml": 50, "pump_pain": value} for day, value in sessions]
    return found(severe_pain, study(rows, birth_before=birth_before))


def test_severe_pain_in_three_sessions_on_two_days_is_a_sign():
    [episode] = pain((0, 7), (0, 2), (0, 7), (1, 10))
    assert (days([episode]), episode.numbers["sessions"]) == ([("A", 0, 1)], 3)
    assert [row for _, row in episode.rows] == [1, 3, 4]
    assert pain((0, 7), (0, 6), (1, 7)) == []
    assert pain((0, 7), (0, 7), (0, 7)) == []
    assert pain((0, 7), (0, None), (1, 7)) == []
    assert pain((0, 7), (0, 7), (1, 7), birth_before=2) == []


def test_few_sessions_on_three_complete_days_running_are_a_note():
    few = {0: [50] * 6, 1: [50] * 4, 2: [50] * 4, 3: [50] * 4, 4: [50] * 6}
    [note] = found(low_frequency, study(log(few), people=PUMPS_ONLY))
    assert (note.lists, note.first_day, note.last_day) == (False, 1, 3)
    assert found(low_frequency, study(log(few), people={"A": {"feeding_mode": "half_half"}})) == []
    assert found(low_frequency, study(log(few | {2: [50] * 5}), people=PUMPS_ONLY)) == []
    assert found(low_frequency, study(log({day: few[day] for day in (0, 1, 3, 4)}), people=PUMPS_ONLY)) == []
    assert found(low_frequency, study(log(few), people=PUMPS_ONLY, birth_before=3)) == []


def nights(hours, *, minute=420, count=5, birth_before=10):
    rows = [
        {"day_in_study": day, "minute_of_day": minute, "interval_hours": hours, "volume_ml": 50}
        for day in range(1, 1 + count)
    ]
    return found(long_night_gap, study(rows, people=PUMPS_ONLY, birth_before=birth_before))


def test_five_nights_of_seven_with_a_gap_over_seven_hours_are_a_note():
    [note] = nights(7.5)
    assert (note.lists, note.first_day, note.last_day, note.numbers["nights"]) == (False, 1, 5, 5)
    assert nights(7.0) == []
    assert nights(7.5, count=4) == []
    assert nights(7.5, minute=900) == []
    assert nights(30) == []
    assert nights(7.5, birth_before=40) == []


def came_in(volumes, birth_before=0, people=PUMPS_ONLY, answers=""):
    return found(delayed_activation, study(log(volumes), answers, people=people, birth_before=birth_before))


def test_milk_that_has_not_come_in_by_day_three_or_six_is_a_note():
    early = {0: [0, 1], 1: [5], 2: [10], 3: [20, 20, 20], 4: [50]}
    assert came_in(early) == []
    [late] = came_in({0: [0, 1], 1: [5], 2: [10], 3: [20, 20, 19], 4: [50, 50, 50]})
    assert (late.lists, late.numbers["by_day"], late.first_day, late.last_day) == (False, 3, 3, 4)
    [very] = came_in({day: [10, 10] for day in range(8)})
    assert (very.numbers["by_day"], very.first_day, very.last_day) == (6, 6, 7)


def test_late_milk_needs_a_log_from_the_first_day_on_that_goes_on_long_enough():
    assert came_in({day: [10, 10] for day in range(8)}, birth_before=2) == []
    assert came_in({day: [10, 10] for day in range(4)}) == []
    assert came_in({day: [10, 10] for day in range(8)}, people={"A": {}}) == []
    [reported] = came_in(
        {0: [50]}, people={}, answers="day_in_study factor value\n- delayed_lactogenesis yes"
    )
    assert (reported.lists, reported.first_day) == (False, 0)


def test_milk_in_the_evening_does_not_make_one_bad_night_two_days():
    assert empty_runs({0: [60], 1: [0, 0, 0, 0, 0]}) == []
    assert empty_runs({0: [0, 0, 0, 0, 0], 1: [60]}) == []
    [two] = empty_runs({0: [60, 0], 1: [0, 0, 0, 0]})
    assert two.numbers == {"empty": 5, "sessions": 6, "days": 2}


def test_days_without_a_log_between_are_missing_and_no_days_without_milk():
    [apart] = empty_runs({0: [0, 0, 0], 9: [0, 0, 0]})
    assert apart.numbers == {"empty": 6, "sessions": 6, "days": 2}
    few = {0: [50] * 6, 1: [50] * 4, 2: [50] * 4, 4: [50] * 4, 5: [50] * 6}
    assert found(low_frequency, study(log(few), people=PUMPS_ONLY)) == []


def test_starts_within_minutes_count_as_one_session_of_a_day():
    rows = log({day: [50] * 4 for day in range(1, 4)}) + log({0: [50] * 6, 4: [50] * 6})
    again = [
        {"day_in_study": day, "minute_of_day": 490, "interval_hours": 1 / 6, "volume_ml": 5}
        for day in (1, 2, 3)
    ]
    assert len(found(low_frequency, study(rows + again, people=PUMPS_ONLY))) == 1
    apart = [row | {"interval_hours": 0.5} for row in again]
    assert found(low_frequency, study(rows + apart, people=PUMPS_ONLY)) == []


def test_the_last_logged_day_is_cut_wherever_it_lies():
    daily = [[100], [100], [100]]
    volumes = {0: [50], 1: [50]} | {2 + place: own for place, own in enumerate(daily)}
    [two_days] = found(not_at_volume, study(log(volumes), people=PUMPS_ONLY))
    assert (two_days.numbers["days"], two_days.last_day) == (2, 3)
    assert found(not_at_volume, study(log({1: [50], 2: [100], 3: [100]}), people=PUMPS_ONLY)) == []


def test_volumes_written_in_ounces_meet_the_same_marks():
    ounce = 29.5735295625
    assert came_in({0: [0], 3: [0.75 * ounce] * 3, 4: [50]}) == []
    [late] = came_in({0: [0], 3: [0.5 * ounce] * 3, 4: [0.5 * ounce] * 3})
    assert late.numbers["by_day"] == 3


def test_a_log_whose_first_volume_was_not_written_down_still_begins_that_day():
    [late] = came_in({0: [None], 2: [5], 3: [10], 4: [10]})
    assert (late.numbers["by_day"], late.first_day) == (3, 3)
    assert came_in({0: [None], 2: [30, None, 30, 30], 4: [10]}) == []


def test_a_night_gap_over_midnight_counts_for_the_morning_and_a_long_day_does_not():
    def gap(start, hours):
        row = {"minute_of_day": start, "interval_hours": hours, "volume_ml": 50}
        return found(
            long_night_gap, study([row | {"day_in_study": day} for day in range(1, 6)], people=PUMPS_ONLY)
        )

    assert len(gap(30, 7.1)) == 1  # 17:24 to 00:30 the next day
    assert len(gap(719, 7.1)) == 1  # 04:53 to 11:59
    assert gap(741, 7.1) == []  # 05:15 to 12:21


@pytest.mark.parametrize("volumes", [{}, {0: [0]}, {0: [0] * 12}, {0: [None] * 6}])
def test_a_log_of_one_day_or_none_lists_nobody(volumes):
    made = study(log(volumes), people=PUMPS_ONLY)
    assert [each for rule in RULES for each in rule(made)] == []
