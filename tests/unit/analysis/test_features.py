"""The model table: one row a session, and nothing in it from after the outcome."""

import numpy as np
import pandas as pd
import pytest

from pipelines.analysis.features import asked_ways, collected, model_table
from pipelines.analysis.joining import Asked
from pipelines.analysis.logged_days import habits_as_of_yesterday
from tests.unit.analysis.study import CODEBOOK, SETTINGS, make_study


@pytest.fixture(scope="module")
def study():
    return make_study(participants=6, days=12, log_odds={"stress": 0.3})


@pytest.fixture(scope="module")
def table(study):
    return model_table(*study.tables(), CODEBOOK, SETTINGS)


def answer(study, rows):
    """The study with further diary answers: (participant, day, factor, value)."""
    more = pd.DataFrame(rows, columns=["participant_id", "day_in_study", "factor", "value"])
    more["value_number"] = pd.to_numeric(more["value"], errors="coerce")
    return pd.concat([study.responses, more.assign(instrument="diary", day_postpartum=0)], ignore_index=True)


def test_one_row_for_each_session(study, table):
    assert len(table) == len(study.sessions)
    assert table["no_milk"].isin([0.0, 1.0]).all()


def test_yesterdays_answer_stands_beside_todays_and_the_first_day_has_none(study, table):
    diary = study.responses.set_index(["participant_id", "day_in_study"])["value_number"]
    row = table[(table["participant_id"] == "p0002") & (table["day_in_study"] == 5)].iloc[0]
    assert row["stress"] == diary[("p0002", 5)]
    assert row["stress__lag"] == diary[("p0002", 4)]
    assert table.loc[table["day_in_study"] == 0, "stress__lag"].isna().all()


def test_a_missing_diary_day_is_unknown_the_day_after_and_not_filled(study):
    holed = study.responses[study.responses["day_in_study"] != 4]
    table = model_table(study.sessions, holed, study.participants, study.daily, CODEBOOK, SETTINGS)
    assert table.loc[table["day_in_study"] == 5, "stress__lag"].isna().all()
    assert table.loc[table["day_in_study"] == 4, "stress"].isna().all()


def test_no_column_known_before_a_session_changes_when_the_future_does(study):
    """A planted leak: everything from day 6 on is replaced; nothing that counts as earlier may notice."""
    day = 6
    later = study.sessions["day_in_study"] >= day
    sessions = study.sessions.copy()
    sessions.loc[later, ["volume_ml", "interval_hours"]] = [0.0, 9.0]
    sessions.loc[later, "no_milk"] = True
    responses = study.responses.copy()
    responses.loc[responses["day_in_study"] >= day, "value_number"] = 10.0
    daily = study.daily.copy()
    daily.loc[daily["day_in_study"] >= day, ["sessions", "night_sessions"]] = [9, 5]
    before = model_table(*study.tables(), CODEBOOK, SETTINGS)
    after = model_table(sessions, responses, study.participants, daily, CODEBOOK, SETTINGS)
    same_day = {"no_milk", "low_output", "volume_ml", "interval_hours", "stress"}
    rows = before["day_in_study"] <= day
    known_before = [name for name in before if name not in same_day]
    assert {"stress__lag", "sessions_per_day__lag", "session_regularity__lag"} <= set(known_before)
    pd.testing.assert_frame_equal(before.loc[rows, known_before], after.loc[rows, known_before])


def test_todays_number_of_sessions_is_not_in_the_table(table):
    assert "sessions_per_day" not in table
    assert "sessions_per_day__lag" in table


def test_an_item_asked_once_lasts_until_the_next_answer(study):
    responses = answer(
        study,
        [("p0001", 0, "hormonal_contraceptive", "none"), ("p0001", 6, "hormonal_contraceptive", "combined")],
    )
    table = model_table(study.sessions, responses, study.participants, study.daily, CODEBOOK, SETTINGS)
    mine = table[table["participant_id"] == "p0001"].groupby("day_in_study")["hormonal_contraceptive"].first()
    assert mine[3] == "none" and mine[6] == "combined" and mine[11] == "combined"


def joined_to(study, rows, factor, person="p0001"):
    """The one answer of each day of a person's sessions, None where there is none."""
    table = model_table(
        study.sessions, answer(study, rows), study.participants, study.daily, CODEBOOK, SETTINGS
    )
    of_day = table[table["participant_id"] == person].groupby("day_in_study", sort=True)[factor].first()
    return [None if pd.isna(value) else value for value in of_day]


def test_a_questionnaire_of_the_person_counts_for_its_own_window_after_the_answer_and_no_longer(study):
    rows = [("p0001", 0, "sleep_disturbance", "50"), ("p0001", 2, "sleep_disturbance", "52")]
    expected = [None, 50, 50, *[52] * 7, None, None]
    assert joined_to(study, rows, "sleep_disturbance") == expected


def questionnaire(study, scale, days, value="3"):
    """The study with a scale of every person on these days beside, or instead of, its diary of stress."""
    rows = [(name, day, "stress", value) for name in study.participants["participant_id"] for day in days]
    answered = answer(study, rows)
    answered.loc[len(study.responses) :, "instrument"] = scale
    return answered


def table_of(study, responses):
    return model_table(study.sessions, responses, study.participants, study.daily, CODEBOOK, SETTINGS)


def test_a_scale_of_the_same_factor_is_not_mixed_into_a_diary_and_the_other_way_round(study):
    alone = table_of(study, study.responses)
    both = questionnaire(study, "pss4", (3, 6), "16")
    pd.testing.assert_frame_equal(table_of(study, both), alone)
    assert asked_ways(both, CODEBOOK, SETTINGS)["stress"] == Asked("", 1, ("pss4",))
    seldom = both[(both["instrument"] == "pss4") | (both["day_in_study"] == 0)]
    assert asked_ways(seldom, CODEBOOK, SETTINGS)["stress"] == Asked("pss4", 30, ("",))
    assert set(table_of(study, seldom)["stress"].dropna()) == {16.0}


def test_a_scale_describes_the_days_that_it_asks_about_and_may_cause_only_what_follows(study):
    scale = questionnaire(study, "gad7", (4, 9)).assign(factor="anxiety")
    scale = scale[scale["instrument"] == "gad7"]
    scale.loc[scale["day_in_study"] == 9, "value_number"] = 7.0
    table = table_of(study, scale)
    mine = (
        table[table["participant_id"] == "p0002"].groupby("day_in_study")[["anxiety", "anxiety__lag"]].first()
    )
    assert mine["anxiety"].tolist()[:10] == [3.0] * 5 + [7.0] * 5 and mine["anxiety"][10:].isna().all()
    assert (
        mine["anxiety__lag"][:5].isna().all() and mine["anxiety__lag"].tolist()[5:] == [3.0] * 5 + [7.0] * 2
    )


def test_a_session_without_a_pump_gets_the_persons_main_pump(study):
    sessions = study.sessions.copy()
    sessions["pump_type"] = None
    sessions.loc[0, "pump_type"] = "manual"
    participants = study.participants.assign(pump_type="wearable")
    table = model_table(sessions, study.responses, participants, study.daily, CODEBOOK, SETTINGS)
    assert sorted(table["pump_type"].unique()) == ["manual", "wearable"]
    assert (table["pump_type"] == "manual").sum() == 1


@pytest.mark.parametrize(
    ("hours", "feeding", "known"),
    [(24.0, "pump_only", True), (25.0, "pump_only", False), (4.0, "mostly_breast", False)],
)
def test_an_interval_counts_only_where_the_log_tells_it(study, hours, feeding, known):
    sessions = study.sessions.assign(interval_hours=hours)
    participants = study.participants.assign(feeding_mode=feeding)
    table = model_table(sessions, study.responses, participants, study.daily, CODEBOOK, SETTINGS)
    assert ("interval_hours" in table) is known


def test_experience_is_known_from_birth_on_or_once_the_log_itself_is_long_enough(study):
    late = model_table(*study.tables(), CODEBOOK, SETTINGS)
    assert late.groupby("participant_id")["pumping_experience"].head(20).isna().all()
    assert (late.groupby("participant_id")["pumping_experience"].tail(1) == "later").all()
    sessions = study.sessions.assign(day_postpartum=study.sessions["day_in_study"])
    early = model_table(sessions, study.responses, study.participants, study.daily, CODEBOOK, SETTINGS)
    mine = early[early["participant_id"] == "p0000"]["pumping_experience"].tolist()
    assert mine[:7] == ["sessions_1_5"] * 5 + ["sessions_6_20"] * 2
    assert mine[20] == "later"


def test_fever_makes_mastitis_only_with_a_sore_breast_today_or_yesterday(study):
    fever = [("p0003", day, "temperature_c", "38.6" if day in (5, 9) else "36.8") for day in range(12)]
    pain = [("p0003", day, "breast_pain", "6" if day in (4, 10) else "1") for day in range(12)]
    table = model_table(
        study.sessions, answer(study, fever + pain), study.participants, study.daily, CODEBOOK, SETTINGS
    )
    mine = table[table["participant_id"] == "p0003"].groupby("day_in_study")["mastitis_signs"].first()
    assert mine[5] == "yes"
    assert mine[9] == "no", "pain that follows the fever is not known yet"


def test_a_hormonal_disorder_follows_from_its_parts(study):
    people = study.participants.assign(
        pcos=["yes", "no", "no", None, "no", "no"],
        hypothyroidism=["none", "untreated", "treated", "none", None, "none"],
    )
    table = model_table(study.sessions, study.responses, people, study.daily, CODEBOOK, SETTINGS)
    found = table.groupby("participant_id")["hormonal_imbalance"].first()
    assert found[["p0000", "p0001", "p0002", "p0005"]].tolist() == ["yes", "yes", "no", "no"]
    assert found[["p0003", "p0004"]].isna().all()


def test_a_restricted_score_never_enters(study):
    responses = answer(study, [("p0001", day, "distress_score", "20") for day in range(10)])
    people = study.participants.assign(distress_score=20.0)
    table = model_table(study.sessions, responses, people, study.daily, CODEBOOK, SETTINGS)
    assert not [name for name in table if name.startswith("distress")]


def test_a_factor_nobody_answered_has_no_column(table):
    assert "relaxation" not in table
    assert set(collected(table, CODEBOOK)) >= {"stress", "flange_fit", "warm_compress", "sessions_per_day"}


def test_habits_are_those_of_the_days_before(study):
    daily = study.daily[study.daily["participant_id"] == "p0000"].copy()
    daily["sessions"] = [1, 4, 4, 4, 4, 4, 4, 4, 2, 2, 2, 4]
    habits = habits_as_of_yesterday(study.sessions, daily, SETTINGS).loc["p0000"]
    assert habits.loc[9, "sessions_per_day"] == 2
    assert np.isnan(habits.loc[1, "sessions_per_day"]), "the first day of a log is cut"
    assert habits.loc[9, "missed_sessions"] == 2
    assert habits.loc[8, "missed_sessions"] == 0
    assert habits.loc[11, "frequency_change"] == "fewer"
    assert habits.loc[8, "frequency_change"] == "same"


def test_an_undated_answer_counts_for_every_session_but_never_as_a_diary_day(study):
    oats = [("p0001", None, "oats", "yes"), ("p0002", None, "oats", "no"), ("p0001", None, "stress", "9")]
    table = model_table(
        study.sessions, answer(study, oats), study.participants, study.daily, CODEBOOK, SETTINGS
    )
    assert table.groupby("participant_id")["oats"].nunique().to_dict() | {"p0001": 1, "p0002": 1} == {
        "p0000": 0, "p0001": 1, "p0002": 1, "p0003": 0, "p0004": 0, "p0005": 0,
    }  # fmt: skip
    assert (table.loc[table["participant_id"] == "p0001", "oats"] == "yes").all()
    assert table.loc[table["day_in_study"] == 0, "stress__lag"].isna().all()
