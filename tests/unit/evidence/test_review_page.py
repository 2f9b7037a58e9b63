"""The order of the list, its days in words, what changed since, and what a row behind a sign says."""

from dataclasses import replace

import pandas as pd
import pytest

from pipelines.codebook import load_codebook
from pipelines.evidence.parts import Basis
from pipelines.evidence.review import FiredSign, ListedPerson, Review
from pipelines.evidence.review_done import with_marks
from pipelines.evidence.review_page import ReviewPage, arranged, day_words, headline
from pipelines.evidence.review_rows import NOT_SHOWN, ShownRow, _answers, _volume, rows_behind
from pipelines.store.notes import DoneMark, SeenSign

FALL = FiredSign(
    "falling_volume", "Less milk", "B", "within one or two days", "current", 10, 12, "r", (("f", 1),), ()
)
FEVER = replace(FALL, id="breast_infection", wording="Feverish", priority="A")
QUIET = replace(FALL, id="gone_quiet", wording="No entries", priority="C")


def past(sign: FiredSign) -> FiredSign:
    return replace(sign, state="past")


def page(**people: tuple[FiredSign, ...]) -> ReviewPage:
    listed = tuple(ListedPerson(code, "", signs, ()) for code, signs in people.items())
    found = Review("S", False, 3, "", "", 9, listed, ())
    basis = Basis("S", False, 3, None, None, "", "")
    return ReviewPage(basis, found, "", "", 9, listed, dict.fromkeys(people, (10, True)))


def codes(shown: ReviewPage, marks=None) -> dict[str, list[str]]:
    marks = marks or {}
    made = arranged(shown, with_marks(shown.found, marks), marks)
    return {group.id: [line.participant_id for line in group.lines] for group in made.groups}


def mark(code: str, *signs: FiredSign) -> dict[str, DoneMark]:
    seen = tuple(SeenSign(sign.id, sign.first_day, sign.last_day, sign.state) for sign in signs)
    return {code: DoneMark(code, "KM", "2026-11-24T08:00:00+00:00", 3, seen)}


def test_what_is_current_comes_before_what_is_past_even_when_that_was_more_urgent():
    shown = page(OLD=(past(FEVER),), NOW=(FALL,), BOTH=(FALL, past(FEVER)), HOT=(FEVER,), STILL=(QUIET,))
    assert codes(shown) == {"A": ["HOT"], "B": ["NOW", "BOTH"], "gone_quiet": ["STILL"], "past": ["OLD"]}
    assert arranged(shown, with_marks(shown.found, {}), {}).first == "HOT"


def test_silence_decides_a_persons_place_only_when_nothing_else_is_current():
    assert headline(ListedPerson("A", "", (QUIET, FALL), ())) == FALL
    assert headline(ListedPerson("A", "", (QUIET, past(FALL)), ())) == QUIET


def test_whoever_was_looked_at_is_folded_until_something_new_comes():
    shown = page(SEEN=(FALL,), NEWS=(FEVER, FALL))
    marks = mark("SEEN", FALL) | mark("NEWS", FALL) | mark("GONE", FALL)
    assert codes(shown, marks) == {"A": ["NEWS"], "done": ["SEEN"]}
    since = " ".join(arranged(shown, with_marks(shown.found, marks), marks).since)
    assert since == "Since you last looked: NEWS: new: feverish. No longer listed: GONE."


def test_nothing_new_is_said_so_and_nobody_looked_at_too():
    shown = page(SEEN=(FALL,))
    marks = mark("SEEN", FALL)
    assert arranged(shown, with_marks(shown.found, marks), marks).since[-1] == "nothing has changed."
    assert arranged(shown, with_marks(shown.found, {}), {}).since == (
        "Nobody has been marked as looked at yet.",
    )


@pytest.mark.parametrize(
    ("sign", "birth", "words"),
    [
        (FALL, True, "days 20 to 22, recent"),
        (FALL, False, "study days 20 to 22, recent"),
        (past(FALL), True, "days 20 to 22, past"),
        (past(replace(FALL, last_day=10)), False, "study day 20, past"),
        (QUIET, True, "last entry on day 22"),
    ],
)
def test_days_say_from_where_they_count_and_whether_it_is_still_so(sign, birth, words):
    assert day_words(sign, 10, birth) == words


def answers(**values) -> pd.DataFrame:
    return pd.DataFrame(
        [{"factor": name, "value": value, "value_number": number} for name, (value, number) in values.items()]
    )


def test_a_row_says_what_was_reported_in_the_codebooks_words_and_unit():
    said = _answers(answers(blocked_duct=("yes", 1.0), temperature_c=(None, 38.5)), load_codebook())
    factors = load_codebook().factors
    assert said.startswith(f"{factors['blocked_duct'].label}; {factors['temperature_c'].label}: 38.5")
    assert "1.0" not in said


def test_a_restricted_answer_is_never_shown():
    restricted = [name for name, factor in load_codebook().factors.items() if factor.restricted]
    assert "distress_score" in restricted
    for name in restricted:
        assert _answers(answers(**{name: (None, 19.0)}), load_codebook()) == NOT_SHOWN


def test_an_unknown_volume_is_not_no_milk_and_a_row_that_says_nothing_keeps_its_place():
    assert _volume(0.0) == "no milk (0 mL)" and _volume(float("nan")) == "volume not known"
    known = {("f", 1): ShownRow("f", 1, "20", "06:40", "30 mL")}
    shown = rows_behind((("f", 1), ("f", 2)), known)
    assert shown[0].says == "30 mL" and (shown[1].source_row, shown[1].says) == (2, NOT_SHOWN)
