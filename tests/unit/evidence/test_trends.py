"""A study's charts: the rise of milk in the first days is drawn and not judged, a later change is told."""

import numpy as np
import pandas as pd
import pytest

from pipelines.evidence.frames import Frames
from pipelines.evidence.trends import MEASURES, _not_judged, trend
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
