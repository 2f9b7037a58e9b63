"""Warning signs in answers and at the end of a log, each as a worked table."""

import pandas as pd
import pytest

from pipelines.metrics.signs.diary import (
    breast_infection,
    damaged_nipples,
    distress_protocol,
    infant_weight,
    latch_difficulty,
    medicine_or_condition,
    unresolved_fullness,
)
from pipelines.metrics.signs.ends import gone_quiet, planned_end
from pipelines.run.log_ends import silent
from tests.definitions.signs import days, found, log, study


def answered(rule, *lines, **more):
    return found(rule, study((), "day_in_study factor value\n" + "\n".join(lines), **more))


def test_fever_with_a_sore_breast_the_same_day_or_the_day_before_is_a_sign():
    [episode] = answered(breast_infection, "3 temperature_c 38.0", "3 breast_pain 4")
    assert (days([episode]), episode.state) == ([("A", 3, 3)], "current")
    assert episode.rows == (("form", 1), ("form", 2))
    assert not episode.numbers["is_high"] and not episode.numbers["is_lasting"]
    assert len(answered(breast_infection, "3 temperature_c 38.6", "2 breast_redness yes")) == 1


@pytest.mark.parametrize(
    "lines",
    [
        ("3 temperature_c 37.9", "3 breast_pain 9"),
        ("3 temperature_c 39", "3 breast_pain 3"),
        ("3 temperature_c 39", "3 breast_redness no"),
        ("3 temperature_c 39", "1 blocked_duct yes"),
        ("3 temperature_c 39", "4 blocked_duct yes"),
        ("3 temperature_c 39",),
        ("3 breast_pain 9", "3 breast_redness yes"),
    ],
    ids=[
        "below 38",
        "little pain",
        "no redness",
        "two days before",
        "a day after",
        "fever alone",
        "no fever",
    ],
)
def test_fever_or_a_sore_breast_alone_is_none(lines):
    assert answered(breast_infection, *lines) == []


def test_high_fever_on_two_days_running_is_called_high_and_lasting():
    [episode] = answered(
        breast_infection,
        "3 temperature_c 38.5",
        "3 ill_shivery yes",
        "4 temperature_c 38.1",
        "4 ill_shivery yes",
    )
    assert (episode.first_day, episode.last_day) == (3, 4)
    assert episode.numbers["is_high"] and episode.numbers["is_lasting"]


def test_a_lump_in_three_diary_entries_in_a_row_is_a_sign():
    [episode] = answered(unresolved_fullness, *(f"{day} blocked_duct yes" for day in (3, 4, 5)))
    assert (days([episode]), len(episode.rows)) == ([("A", 3, 5)], 3)
    assert answered(unresolved_fullness, "3 blocked_duct yes", "4 blocked_duct yes") == []
    split = ("3 blocked_duct yes", "4 blocked_duct yes", "5 blocked_duct no", "6 blocked_duct yes")
    assert answered(unresolved_fullness, *split) == []


def test_one_missing_diary_day_does_not_cut_a_run_and_two_do():
    assert days(answered(unresolved_fullness, *(f"{day} blocked_duct yes" for day in (3, 5, 6)))) == [
        ("A", 3, 6)
    ]
    assert answered(unresolved_fullness, *(f"{day} blocked_duct yes" for day in (3, 6, 7))) == []


def test_severe_pain_makes_two_days_enough_when_both_hurt():
    two = ("3 blocked_duct yes", "4 blocked_duct yes", "3 breast_pain 7")
    assert answered(unresolved_fullness, *two, "4 breast_pain 6") == []
    [episode] = answered(unresolved_fullness, *two, "4 breast_pain 7")
    assert episode.numbers["with_pain"] and len(episode.rows) == 4


def test_overfull_breasts_count_only_after_day_six_unless_they_hurt_badly():
    three = tuple(f"{day} engorgement yes" for day in (3, 4, 5))
    assert answered(unresolved_fullness, *three, birth_before=3) == []
    assert len(answered(unresolved_fullness, *three, birth_before=4)) == 1
    painful = tuple(f"{day} breast_pain 8" for day in (3, 4))
    assert len(answered(unresolved_fullness, *three, *painful, birth_before=0)) == 1
    assert (
        answered(unresolved_fullness, "3 blocked_duct yes", "4 engorgement yes", "5 blocked_duct yes") == []
    )


def test_damaged_nipples_count_after_day_three_and_sore_ones_never():
    assert len(answered(damaged_nipples, "0 nipple_damage cracked_or_bleeding", birth_before=4)) == 1
    assert answered(damaged_nipples, "0 nipple_damage cracked_or_bleeding", birth_before=3) == []
    assert answered(damaged_nipples, "5 nipple_damage sore") == []


def test_a_baby_that_lost_more_than_a_tenth_or_is_late_to_regain_is_a_sign():
    [lost] = answered(infant_weight, "3 infant_weight_loss_percent 10.5")
    assert lost.numbers["lost"] == 10.5
    assert answered(infant_weight, "3 infant_weight_loss_percent 10") == []
    [below] = answered(infant_weight, "11 infant_weight_loss_percent 1")
    assert below.numbers["below_on"] == 21
    assert answered(infant_weight, "10 infant_weight_loss_percent 1") == []
    assert answered(infant_weight, "11 infant_weight_loss_percent -2") == []
    [worry] = answered(infant_weight, "3 infant_weight_concern yes")
    assert worry.numbers["worried"]


def test_the_weight_of_a_baby_in_hospital_is_left_to_its_staff():
    lines = ("1 infant_status in_hospital", "5 infant_weight_concern yes")
    assert answered(infant_weight, *lines) == []
    assert len(answered(infant_weight, *lines, "4 infant_status home")) == 1


def test_trouble_latching_counts_on_two_days_or_at_the_start_and_again():
    assert len(answered(latch_difficulty, "3 latch_difficulty yes", "9 latch_difficulty yes")) == 1
    assert answered(latch_difficulty, "3 latch_difficulty yes", "9 latch_difficulty no") == []
    assert len(answered(latch_difficulty, "- latch_difficulty yes", "14 latch_difficulty yes")) == 1
    assert answered(latch_difficulty, "- latch_difficulty yes", "13 latch_difficulty yes") == []


def test_bleeding_and_a_retained_placenta_list_and_other_conditions_are_notes():
    [urgent] = answered(medicine_or_condition, "- blood_loss ml_1000_plus")
    assert (urgent.lists, urgent.first_day) == (True, 0)
    assert answered(medicine_or_condition, "- retained_placenta yes")[0].lists
    [note] = answered(medicine_or_condition, "- pcos yes", "4 decongestant yes", "5 decongestant no")
    assert (note.lists, note.first_day, note.last_day) == (False, 0, 4)
    assert (
        answered(medicine_or_condition, "- pcos no", "- hypothyroidism treated", "- breast_surgery none")
        == []
    )


def test_a_distress_score_counts_only_with_a_procedure_and_goes_no_further():
    lines = ("14 distress_score 13", "28 distress_score 12")
    assert answered(distress_protocol, *lines) == []
    [episode] = answered(distress_protocol, *lines, distress=True)
    assert days([episode]) == [("A", 14, 14)]
    assert episode.numbers == {"days_old": 14, "is_stale": True, "is_dated": True}


def test_a_diary_sign_is_current_for_seven_diary_days():
    lines = ["0 temperature_c 39", "0 ill_shivery yes", *(f"{day} ill_shivery no" for day in range(1, 7))]
    assert answered(breast_infection, *lines)[0].state == "current"
    assert answered(breast_infection, *lines, "7 ill_shivery no")[0].state == "past"


def quiet(logged=5, *, silent=True, withdrawn=None, others=(), answers=""):
    sessions = log({day: [50] for day in range(logged)})
    for name, length in others:
        sessions += log({day: [50] for day in range(length)}, participant_id=name)
    people = {"A": {"silent": silent, "withdrawn": withdrawn}} | {
        name: {"silent": True} for name, _ in others
    }
    return study(sessions, answers, people=people)


def test_a_log_of_five_days_that_stopped_is_quiet_unless_she_left():
    [episode] = found(gone_quiet, quiet())
    assert (days([episode]), episode.state, episode.rows) == ([("A", 4, 4)], "current", (("log", 5),))
    assert found(gone_quiet, quiet(4)) == []
    assert found(gone_quiet, quiet(silent=False)) == []
    assert found(gone_quiet, quiet(silent=None)) == []
    assert found(gone_quiet, quiet(withdrawn="yes")) == []
    assert len(found(gone_quiet, quiet(withdrawn="no"))) == 1


def test_a_log_that_reached_the_study_s_planned_end_is_finished_and_not_quiet():
    others = [(f"P{number}", 12) for number in range(10)]
    assert planned_end(quiet(5, others=others)) == 11
    assert [episode.participant_id for episode in found(gone_quiet, quiet(9, others=others))] == ["A"]
    assert found(gone_quiet, quiet(10, others=others)) == []
    scattered = [(f"P{number}", 5 + 4 * number) for number in range(10)]
    assert planned_end(quiet(5, others=scattered)) is None


def test_silence_counts_in_whole_hours_up_to_the_last_entry_of_all():
    minutes = pd.DataFrame(
        {"participant_id": ["A", "B", "C", "D"], "earliest": [0, 2880, 0, 0], "latest": [0, 2880, 1, 0]}
    )
    found_silent = silent(minutes, {"A": 100, "B": 100, "C": 100}, 48)
    assert found_silent["silent"].tolist() == [True, False, False, pd.NA]


def test_fever_on_days_apart_is_not_lasting():
    apart = ("3 temperature_c 38", "3 ill_shivery yes", "5 temperature_c 38", "5 ill_shivery yes")
    [episode] = answered(breast_infection, *apart)
    assert (episode.first_day, episode.last_day, episode.numbers["fever_days"]) == (3, 5, 2)
    assert not episode.numbers["is_lasting"]


def test_an_answer_without_a_date_is_no_diary_entry():
    assert answered(breast_infection, "- mastitis_signs yes", "0 temperature_c 39") == []
    assert answered(breast_infection, "- temperature_c 39", "0 mastitis_signs yes") == []
    three = ("- blocked_duct yes", "1 blocked_duct yes", "2 blocked_duct yes")
    assert answered(unresolved_fullness, *three) == []


def test_a_diary_sign_is_past_when_the_log_went_on_for_seven_days_without_a_diary():
    lines = "day_in_study factor value\n3 temperature_c 39\n3 ill_shivery yes"

    def state(last_day):
        made = study(log({day: [50] for day in range(last_day + 1)}), lines)
        return found(breast_infection, made)[0].state

    assert (state(9), state(10)) == ("current", "past")


def test_what_somebody_without_any_dated_entry_says_is_the_latest_that_is_known():
    [bleeding] = answered(medicine_or_condition, "- blood_loss ml_1000_plus")
    assert (bleeding.lists, bleeding.state) == (True, "current")
    [score] = answered(distress_protocol, "- distress_score 13", distress=True)
    assert (score.state, score.numbers["is_dated"], score.numbers["is_stale"]) == ("current", False, False)


def test_a_distress_answer_is_old_after_more_than_seven_days():
    def stale(last):
        lines = ("14 distress_score 13", f"{last} stress 3")
        return answered(distress_protocol, *lines, distress=True)[0].numbers["is_stale"]

    assert (stale(21), stale(22)) == (False, True)


def test_a_note_on_medicine_names_each_of_its_kinds():
    lines = (
        "- hormonal_contraceptive combined",
        "- breast_surgery reduction",
        "- breast_hypoplasia suspected",
        "- hypothyroidism untreated",
        "3 medicine_other dopamine_agonist",
    )
    [note] = answered(medicine_or_condition, *lines, "4 medicine_other antibiotic")
    assert not note.lists and (note.first_day, note.last_day) == (0, 3)
    assert set(note.numbers["factors"]) == {line.split()[1] for line in lines}
