"""Clinical marks of one course, each reached, just not reached, and not to be told; day of birth = day 0."""

import pandas as pd
import pytest

from pipelines.guidance.marks import load_marks
from pipelines.metrics.signs.marks import (
    MARKS,
    NOT_REACHED,
    REACHED,
    UNKNOWN,
    Reached,
    early_volume,
    established_volume,
    milk_came_in,
)
from pipelines.settings import load_settings

SETTINGS = load_settings()
NONE = pd.DataFrame()


def came_in(volumes: dict[int, list[float | None]]) -> Reached:
    rows = [(day, volume) for day, own in volumes.items() for volume in own]
    sessions = pd.DataFrame(rows, columns=["day_postpartum", "volume_ml"]).astype("float64")
    return milk_came_in(sessions, NONE, SETTINGS)


def test_three_sessions_in_a_row_of_twenty_ml_begun_by_day_three_are_milk_that_came_in():
    assert came_in({0: [0], 1: [5], 2: [12], 3: [20, 20], 4: [20]}) == Reached(REACHED, 3)
    assert came_in({0: [0], 1: [30, 30], 2: [30, 5]}) == Reached(REACHED, 1)


def test_a_later_start_and_a_session_just_below_are_not_in_time():
    assert came_in({0: [0], 3: [20, 19.9], 4: [20, 20, 20]}) == Reached(NOT_REACHED, 4)
    assert came_in({0: [0], 2: [30, 30], 3: [0, 30, 30], 4: [0]}) == Reached(NOT_REACHED)


def test_a_volume_that_is_missing_is_passed_over():
    assert came_in({0: [0], 2: [20, None, 20], 3: [20]}) == Reached(REACHED, 2)


@pytest.mark.parametrize(
    "volumes",
    [{}, {0: [None], 5: [None]}, {2: [30, 30, 30]}, {0: [0], 1: [5], 3: [10]}],
    ids=["no log", "no volume", "begun on day 2", "ended on day 3"],
)
def test_a_log_that_does_not_show_the_first_days_leaves_it_open(volumes):
    assert came_in(volumes) == Reached(UNKNOWN)


def test_a_log_whose_first_volume_was_not_written_down_still_shows_the_first_days():
    assert came_in({0: [None], 2: [30, 30, 30]}) == Reached(REACHED, 2)


def by_day(volumes: dict[int, float | None]) -> pd.DataFrame:
    return pd.DataFrame(
        {"day_postpartum": list(volumes), "volume_ml": pd.Series(list(volumes.values()), dtype=float)}
    )


@pytest.mark.parametrize(
    ("volumes", "reached"),
    [
        ({3: 10, 4: 350, 5: 350, 6: 350, 7: 10}, Reached(REACHED, 6)),
        ({4: 350, 5: 349.9, 6: 350}, Reached(NOT_REACHED)),
        ({4: 300, 5: None, 6: None}, Reached(NOT_REACHED)),
        ({4: None, 5: 350, 6: 400}, Reached(UNKNOWN)),
        ({5: 350, 6: 350, 7: 350}, Reached(UNKNOWN)),
        ({}, Reached(UNKNOWN)),
    ],
    ids=["all three", "one just below", "one below decides", "one unknown", "counted from day 1", "no log"],
)
def test_the_early_volume_is_that_of_days_four_five_and_six(volumes, reached):
    assert early_volume(NONE, by_day(volumes), SETTINGS) == reached


@pytest.mark.parametrize(
    ("volumes", "reached"),
    [
        ({10: 400, 14: 500, 15: 100}, Reached(REACHED, 14)),
        ({9: 500, 14: 600}, Reached(REACHED, 9)),
        ({14: 499.9, 15: 900}, Reached(NOT_REACHED)),
        ({13: 400, 14: None}, Reached(UNKNOWN)),
        ({15: 900, 16: 900}, Reached(UNKNOWN)),
    ],
    ids=["on the last day", "earlier", "a day late", "log ends there", "log begins later"],
)
def test_an_established_volume_is_one_day_of_500_ml_by_day_14(volumes, reached):
    assert established_volume(NONE, by_day(volumes), SETTINGS) == reached


def test_every_mark_of_the_codebook_is_computed_or_comes_from_the_note_on_nights():
    assert set(load_marks()) == {*MARKS, "night_gaps"}


def test_a_mark_is_switched_off_in_the_codebook(tmp_path):
    from pipelines.codebook import CODEBOOK

    text = (CODEBOOK / "clinical_marks.toml").read_text(encoding="utf-8")
    assert all(mark.shown for mark in load_marks().values())
    (tmp_path / "clinical_marks.toml").write_text(text.replace("shown = true", "shown = false", 1))
    shown = [mark.shown for mark in load_marks(tmp_path).values()]
    assert shown == [False, True, True, True]
