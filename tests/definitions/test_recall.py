"""Which sessions an answer is joined to, as worked tables; and that the model table joins by the same rule."""

import ibis
import pandas as pd
import pytest

from pipelines.analysis.features import LAG, model_table
from pipelines.analysis.joining import DIARY, Asked, Days, Recall, lasts, recall, recall_days, ways_asked
from pipelines.codebook import load_codebook
from pipelines.metrics.recall import in_days, joined, until_next, with_turn
from pipelines.settings import load_settings

CODEBOOK, SETTINGS = load_codebook(), load_settings()
COUNTS = ("answers", "answers_joined", "sessions", "sessions_covered")
PEOPLE = ("answers_joined_people", "answers_left_people", "sessions_covered_people", "sessions_left_people")


def responses(*rows: tuple, factor: str = "stress"):
    """Answers as (participant, day or None); their file's rows in this order."""
    frame = pd.DataFrame(
        [
            {
                "participant_id": person,
                "day_in_study": day,
                "instrument": None,
                "factor": factor,
                "value": str(at),
                "value_number": float(at),
                "source_id": "file",
                "source_row": at,
            }
            for at, (person, day) in enumerate(rows, start=1)
        ]
    )
    return frame.astype({"day_in_study": "Int32", "instrument": "string"})


def sessions(*rows: tuple[str, int]):
    return pd.DataFrame(rows, columns=["participant_id", "day_in_study"])


def counted(answers, logged, place, names=COUNTS) -> tuple:
    turned = with_turn(ibis.memtable(answers), CODEBOOK.instruments)
    (row,) = joined(place(turned), ibis.memtable(logged), ["factor"]).to_pyarrow().to_pylist()
    return tuple(row[name] for name in names)


def described(window: Days):
    return lambda answers: in_days(answers, window.first, window.last)


LOG = sessions(("A", 0), ("A", 1), ("A", 1), ("A", 3), ("B", 1))


def test_a_diary_answer_describes_its_day_and_may_cause_what_comes_the_next():
    assert DIARY == recall(1) == Recall(Days(0, 0), Days(1, 1))
    answers = responses(("A", 1), ("A", 2))
    assert counted(answers, LOG, described(DIARY.describes)) == (2, 1, 5, 2)
    assert counted(answers, LOG, described(DIARY.possible_cause)) == (2, 1, 5, 1)


def test_a_questionnaire_of_seven_days_looks_six_days_back_and_seven_ahead():
    assert recall(7) == Recall(Days(-6, 0), Days(1, 7))
    log = sessions(*(("A", day) for day in range(20)))
    answers = responses(("A", 10))
    assert counted(answers, log, described(recall(7).describes)) == (1, 1, 20, 7)
    assert counted(answers, log, described(recall(7).possible_cause)) == (1, 1, 20, 7)


def test_a_session_in_two_windows_is_covered_once():
    log = sessions(*(("A", day) for day in range(20)))
    answers = responses(("A", 10), ("A", 12))
    assert counted(answers, log, described(recall(7).describes)) == (2, 2, 20, 9)


def test_an_answer_without_a_day_and_all_but_the_last_of_a_day_are_left_out():
    answers = responses(("A", 1), ("A", 1), ("A", None))
    assert counted(answers, LOG, described(DIARY.describes)) == (3, 1, 5, 2)


def test_people_are_counted_on_both_sides():
    answers = responses(("A", 1), ("B", 1), ("B", 9))
    assert counted(answers, LOG, described(DIARY.describes), PEOPLE) == (2, 1, 2, 1)


def test_a_lasting_answer_holds_until_the_next_and_the_first_one_for_the_days_before():
    answers = responses(("A", 1), ("A", 3))
    assert counted(answers, LOG, until_next) == (2, 2, 5, 4)
    assert counted(responses(("A", None), ("B", None)), LOG, until_next) == (2, 2, 5, 5)


def test_a_lasting_answer_that_the_next_one_follows_before_any_session_is_left_out():
    assert counted(responses(("A", 4), ("A", 6)), LOG, until_next) == (2, 1, 5, 4)


@pytest.mark.parametrize(
    ("factor", "instrument", "days"),
    [
        ("stress", "pss4", 30),
        ("stress", "evening_entry", None),
        ("sleep_disturbance", "", 7),
        ("sleep_hours", "", None),
        ("parity", "", None),
    ],
)
def test_the_questionnaire_tells_how_many_days_are_asked_about(factor, instrument, days):
    assert recall_days(CODEBOOK.factors[factor], instrument, CODEBOOK) == days


def test_an_answer_lasts_where_most_people_answer_on_too_few_days():
    diary = CODEBOOK.factors["stress"]
    assert lasts(diary, pd.Series([1, 2, 30]), 3) and not lasts(diary, pd.Series([1, 3, 30]), 3)
    assert lasts(CODEBOOK.factors["parity"], pd.Series([30]), 3)


@pytest.mark.parametrize("factor", ["stress", "sleep_hours", "fluid_litres"])
def test_the_model_table_covers_the_very_sessions_that_are_counted_here(factor):
    """Diary, its next day, and a lasting answer: the counts equal the filled cells of the model table."""
    log = sessions(*((person, day) for person in "AB" for day in (0, 1, 1, 2, 3, 5, 8)))
    log = log.assign(minute_of_day=400, interval_hours=None, day_postpartum=None, volume_ml=50.0)
    log = log.assign(no_milk=False, low_output=False, pump_type=None)
    daily = log.groupby(["participant_id", "day_in_study"], as_index=False).size()
    daily = daily.rename(columns={"size": "sessions"}).assign(night_sessions=0)
    people = pd.DataFrame({"participant_id": ["A", "B"]})
    often = responses(*((person, day) for person in "AB" for day in (0, 1, 4, 7)), factor=factor)
    table = model_table(log, often, people, daily, CODEBOOK, SETTINGS)
    assert counted(often, log, described(DIARY.describes))[3] == table[factor].notna().sum() > 0
    assert counted(often, log, described(DIARY.possible_cause))[3] == table[factor + LAG].notna().sum() > 0
    seldom = responses(("A", 2), ("A", 5), factor=factor)
    table = model_table(log, seldom, people, daily, CODEBOOK, SETTINGS)
    assert counted(seldom, log, until_next)[3] == table[factor].notna().sum() == 7


def test_the_model_table_covers_the_sessions_of_a_questionnaires_own_windows():
    log = sessions(*((person, day) for person in "AB" for day in range(0, 60, 3)))
    log = log.assign(minute_of_day=400, interval_hours=None, day_postpartum=None, volume_ml=50.0)
    log = log.assign(no_milk=False, low_output=False, pump_type=None)
    daily = log.groupby(["participant_id", "day_in_study"], as_index=False).size()
    daily = daily.rename(columns={"size": "sessions"}).assign(night_sessions=0)
    people = pd.DataFrame({"participant_id": ["A", "B"]})
    asked = responses(("A", 10), ("A", 17), ("B", 50), factor="anxiety").assign(instrument="gad2")
    table = model_table(log, asked, people, daily, CODEBOOK, SETTINGS)
    windows = recall(14)
    assert counted(asked, log, described(windows.describes))[3] == table["anxiety"].notna().sum() == 10
    assert counted(asked, log, described(windows.possible_cause))[3] == table["anxiety" + LAG].notna().sum()


def test_answers_to_two_scales_of_one_factor_do_not_replace_each_other():
    both = responses(("A", 1), ("A", 1)).assign(instrument=["pss4", "evening"])
    assert counted(both, LOG, described(DIARY.describes)) == (2, 2, 5, 2)


def test_a_diary_comes_before_a_scale_and_else_the_way_with_the_most_answers_counts():
    def asked(**days):
        rows = [
            ("stress", form, f"p{at}", each) for form, given in days.items() for at, each in enumerate(given)
        ]
        frame = pd.DataFrame(rows, columns=["factor", "form", "participant_id", "days"])
        frame["form"] = frame["form"].replace("own", "")
        return ways_asked(frame, CODEBOOK, 3)["stress"]

    assert asked(own=[4, 5], pss4=[9, 9]) == Asked("", 1, ("pss4",))
    assert asked(own=[1, 2], pss4=[2, 2]) == Asked("pss4", 30, ("",))
    assert asked(own=[2, 2], pss10=[1, 1]) == Asked("", None, ("pss10",))
    assert asked(pss4=[1], pss10=[1, 1]) == Asked("pss10", 30, ("pss4",))
