"""A study's charts: the rise of milk in the first days is drawn and not judged, a later change is told."""

import numpy as np
import pandas as pd
import pytest

from pipelines.analysis.control_chart import control_chart
from pipelines.evidence.frames import Frames
from pipelines.evidence.trends import MEASURES, _not_judged, measures, reading, trend
from pipelines.settings import load_settings
from tests.unit.evidence.people import frames

VOLUME = next(measure for measure in MEASURES if measure.id == "volume")
FIRST = load_settings()["review.falling_from_day"]
RISE, DAYS = 10, 30


def study(ahead, later: float = 0.0) -> Frames:
    """20 logs of a month with volumes that rise for ten days, then alternate; `later` mL more on the last day.

    `ahead` is what a person's days after birth are ahead of study days.
    """
    made = frames(people=20)
    rows = pd.DataFrame(
        [(f"p{person:03d}", day, day + ahead(person)) for person in range(20) for day in range(DAYS)],
        columns=["participant_id", "day_in_study", "day_postpartum"],
    )
    day = rows["day_in_study"]
    rows["volume_ml"] = 300 + 10.0 * (day % 2) - 25 * np.clip(RISE - day, 0, None) + later * (day == DAYS - 1)
    return Frames(made.info, made.choices, made.sessions, rows, made.everyone)


def test_the_rise_of_milk_after_birth_is_drawn_and_not_more_than_chance():
    found = trend(study(lambda person: 0), VOLUME)
    assert [point.day for point in found.points if point.is_early] == list(range(FIRST))
    assert not any(point.is_special for point in found.points)
    assert found.section == "Milk in a day: no more than chance"
    assert f"Study days 0 to {FIRST - 1} are not judged" in found.reading
    assert [row[-1] for row in found.numbers.rows] == ["not judged"] * FIRST + ["no"] * (DAYS - FIRST)
    assert found.mean == pytest.approx(305)


@pytest.mark.parametrize("ahead", [lambda person: 60, lambda person: np.nan])
def test_a_rise_later_on_or_at_an_unknown_time_is_more_than_chance(ahead):
    found = trend(study(ahead), VOLUME)
    assert not any(point.is_early for point in found.points) and "not judged" not in found.reading
    assert any(point.is_special for point in found.points if point.day < RISE)


def test_a_few_people_in_their_first_days_do_not_keep_a_day_from_being_judged():
    few = int(load_settings()["trends.early_share"] * 20)
    assert not any(
        each.is_early for each in trend(study(lambda person: 0 if person < few else 60), VOLUME).points
    )
    more = trend(study(lambda person: 0 if person <= few else 60), VOLUME)
    assert any(each.is_early for each in more.points)


def test_a_change_after_the_first_days_is_still_found():
    found = trend(study(lambda person: 0, later=200.0), VOLUME)
    assert found.points[-1].is_special and f"day {DAYS - 1} lies above" in found.reading
    assert found.section == "Milk in a day: more than chance"


def test_without_enough_days_after_the_first_there_is_a_reason_and_no_chart():
    made = study(lambda person: 0)
    short = Frames(
        made.info,
        made.choices,
        made.sessions,
        made.days[made.days["day_in_study"] < FIRST + 5],
        made.everyone,
    )
    found = trend(short, VOLUME)
    assert found.unavailable and not found.points and found.section == "Milk in a day"


def test_nothing_is_said_of_days_not_judged_where_all_are():
    assert _not_judged(()) == ""


SESSIONS = next(measure for measure in MEASURES if measure.id == "sessions")
SHARE = next(measure for measure in MEASURES if measure.id == "no_milk")


def logs(column: str, values, people: int = 20, **more) -> Frames:
    """So many people with the same value of one measure on each study day, long after birth."""
    made = frames(people=people)
    rows = pd.DataFrame(
        [
            {
                "participant_id": f"p{person:03d}",
                "day_in_study": day,
                "day_postpartum": day + 60,
                column: value,
            }
            for person in range(people)
            for day, value in enumerate(values)
        ]
    )
    return Frames(made.info, made.choices, made.sessions, rows.assign(**more), made.everyone)


# Sum 74; moving ranges 1, 2, 1, 2, 1, 0, 1, 2, 1, 2, 1: sum 14.
PLAIN = [6, 7, 5, 6, 8, 7, 7, 6, 4, 5, 7, 6]


def test_limits_are_those_worked_by_hand():
    found = trend(logs("sessions", PLAIN), SESSIONS)
    assert found.mean == pytest.approx(74 / 12)
    assert found.high == pytest.approx(74 / 12 + 2.66 * 14 / 11, abs=0.002)
    assert found.low == pytest.approx(74 / 12 - 2.66 * 14 / 11, abs=0.002)
    assert found.section == "Sessions a day: no more than chance"
    assert found.reading == (
        "It goes up and down by chance, around 6.2 sessions: any day between 2.8 sessions and 9.6 sessions is ordinary."
    )
    assert found.numbers.rows[0] == (0, 6.0, 6.17, 2.78, 9.55, "no")


def test_each_rule_is_said_in_words_with_its_days():
    def said(values):
        return reading(control_chart(values, 7, 7), list(range(10, 10 + len(values))), str)

    quiet = [10.0, 11.0] * 8
    assert "day 26 lies above what chance explains" in said([*quiet, 20, *quiet])
    assert "day 26 lies below what chance explains" in said([*quiet, 1, *quiet])
    run = said([9, 10] * 4 + [12, 13, 12, 13, 12, 13, 12])
    assert "seven days in a row above the mean (days 18 to 24)" in run
    assert "7 days" not in run
    assert "seven days in a row each higher than the one before (days 11 to 17)" in said(
        [5, 1, 2, 3, 4, 5, 6, 7, 1, 4, 1, 4]
    )
    near = said([*[11, 12] * 5, 14.5, 12, 14.5, *[11, 12] * 4])
    assert "two of three days close to the upper limit (days 20 to 22)" in near


def test_a_share_never_has_a_limit_below_nothing():
    found = trend(logs("no_milk_share", [0.1, 0.3] * 8), SHARE)
    assert found.low == 0 and found.mean == pytest.approx(20)
    assert "between 0.0 of 100 sessions and" in found.reading


def test_a_day_with_too_few_people_or_too_few_with_an_empty_session_is_left_out():
    made = logs("no_milk_share", [0.2] * 16)
    few_people = made.days[(made.days["day_in_study"] != 3) | (made.days["participant_id"] < "p009")]
    found = trend(Frames(made.info, made.choices, made.sessions, few_people, made.everyone), SHARE)
    assert [point.day for point in found.points] == [day for day in range(16) if day != 3]
    nine = made.days.assign(
        no_milk_share=made.days["no_milk_share"].where(
            (made.days["day_in_study"] != 5) | (made.days["participant_id"] < "p009"), 0.0
        )
    )
    found = trend(Frames(made.info, made.choices, made.sessions, nine, made.everyone), SHARE)
    assert 5 not in [point.day for point in found.points] and len(found.points) == 15


def test_the_last_week_of_each_log_is_compared_with_the_week_before_person_by_person():
    made = logs("sessions", [4] * 7 + [6] * 7)
    late = made.days["participant_id"].eq("p000")
    shifted = made.days.assign(day_in_study=made.days["day_in_study"] + 30 * late)
    found = trend(Frames(made.info, made.choices, made.sessions, shifted, made.everyone), SESSIONS)
    assert found.week == (
        "In the last week of each log: 6.0 sessions; in the week before: 4.0 sessions "
        "(20\N{NO-BREAK SPACE}people with both)."
    )
    assert (
        found.headline == "Sessions a day: 6.0 sessions in each log's last week, 4.0 sessions the week before"
    )
    short = trend(logs("sessions", [4] * 7), SESSIONS)
    assert short.week == "Too few people have two weeks to compare." and short.headline == "Sessions a day"
    few = logs("no_milk_share", [0.5] * 14)
    nine = few.days.assign(
        no_milk_share=few.days["no_milk_share"].where(few.days["participant_id"] < "p009", 0.0)
    )
    hidden = trend(Frames(few.info, few.choices, few.sessions, nine, few.everyone), SHARE)
    assert hidden.week == "Too few people have two weeks to compare."


def test_volumes_are_told_in_ounces_where_they_are_wanted():
    made = logs("volume_ml", [295.735 + 29.5735 * (day % 2) for day in range(16)])
    in_ml, in_oz = (trend(made, measures(unit)[1]) for unit in ("ml", "oz"))
    assert (in_ml.unit, in_oz.unit) == ("mL", "oz")
    assert in_oz.mean == pytest.approx(10.5, abs=0.001) and in_ml.mean == pytest.approx(310.5, abs=0.1)
    assert "around 10.5\N{NO-BREAK SPACE}oz" in in_oz.reading and "mL" not in in_oz.reading + in_oz.week
    assert (in_ml.numbers.name, in_oz.numbers.name) == ("trend-volume-mL", "trend-volume-oz")
    assert [each.id for each in measures("oz")] == [each.id for each in MEASURES]
    assert measures("oz")[2] == MEASURES[2]
