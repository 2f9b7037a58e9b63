"""Parts of one person's course: days without a log, where a volume lies, the clinical marks and their switch."""

from dataclasses import replace

import pandas as pd
import pytest

from pipelines.evidence import course
from pipelines.evidence.review import Note
from pipelines.guidance.marks import load_marks
from pipelines.results import CurvePoint
from tests.unit.evidence.test_handout import made


def test_days_without_a_session_are_gaps_up_to_the_last_entry_of_any_kind():
    days = pd.DataFrame({"day_in_study": [0, 1, 4, 5]})
    told = [(gap.first_day, gap.last_day) for gap in course._gaps(days, 8, 10)]
    assert told == [(12, 13), (16, 18)]
    assert course._gaps(days, 5, 10)[1:] == ()
    assert course._gaps(pd.DataFrame({"day_in_study": [3]}), 3, 0) == ()


def bands(*volumes: float) -> tuple[CurvePoint, ...]:
    shares = (0.05, 0.25, 0.5, 0.75, 0.95)
    return tuple(
        CurvePoint("", 12, share, volume, None, None, 40, "estimated")
        for share, volume in zip(shares, volumes, strict=True)
    )


@pytest.mark.parametrize(
    ("volume", "words"),
    [
        (99, ", among the lowest 5 of 100 that day"),
        (100, ", more than 5 of 100 mothers that day"),
        (450, ", more than 50 of 100 mothers that day"),
        (2000, ", more than 95 of 100 mothers that day"),
    ],
)
def test_a_volume_is_placed_by_the_highest_line_that_it_reaches(volume, words):
    shown = replace(made(), bands=bands(100, 200, 400, 600, 900))
    assert course._place(shown, 12, volume) == words
    assert course._place(shown, 13, volume) == "" == course._place(replace(shown, bands=()), 12, volume)


def test_the_title_tells_an_unknown_volume_apart_from_no_milk():
    assert course._title(replace(made(), known=0)) == "No volume is known"
    cut = replace(made(), days=(replace(made().days[0], volume_ml=None),))
    assert course._title(cut) == "One of 2 sessions without milk"
    dry = replace(made(), bands=(), days=(replace(made().days[0], volume_ml=0.0),))
    assert course._title(dry).endswith("; no milk on her last complete day")


EARLY = [(0, [5, 10]), (1, [20, 20]), (2, [30, 40]), (3, [60, 60])]
GAPS = Note("long_night_gap", "Long night gaps", 5, 11, "More than 7 hours on 5 of 7 nights")


def marks(beside=(), feeding="pump_only", known_birth=True):
    rows = [(day, volume) for day, own in EARLY for volume in own]
    sessions = pd.DataFrame(rows, columns=["day_postpartum", "volume_ml"]).assign(feeding_mode=feeding)
    days = pd.DataFrame(
        {"day_postpartum": [0, 4, 5, 6, 7, 14, 15], "volume_ml": [None, 350, 350, 350, 100, 450, None]}
    )
    return {mark.id: mark for mark in course._marks(sessions, days, beside, known_birth)}


def test_the_marks_say_in_words_whether_and_when():
    found = marks()
    assert {name: mark.words for name, mark in found.items()} == {
        "milk_came_in": "reached on day 1 after birth",
        "early_volume": "reached on day 6 after birth",
        "established_volume": "not reached in time",
    }
    assert all(mark.shown and mark.source and "{" not in mark.definition for mark in found.values())


def test_marks_are_for_mothers_who_feed_by_pump_alone_and_need_a_birth_date():
    assert marks(feeding="mostly_breast") == marks(feeding=None) == marks(known_birth=False) == {}


def test_night_gaps_are_told_of_anybody_who_has_the_note_listed_or_not():
    assert marks((GAPS,))["night_gaps"].words == GAPS.reason
    assert "night_gaps" not in marks((replace(GAPS, id="low_frequency"),))


def test_a_mark_switched_off_in_the_codebook_is_not_shown_at_first(monkeypatch):
    off = {name: replace(mark, shown=name != "early_volume") for name, mark in load_marks().items()}
    monkeypatch.setattr(course, "load_marks", lambda: off)
    assert [name for name, mark in marks((GAPS,)).items() if not mark.shown] == ["early_volume"]
