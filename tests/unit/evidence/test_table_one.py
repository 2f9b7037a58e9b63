"""Table 1: people and sessions counted apart, and no small cell in any way of telling it."""

import re
from dataclasses import replace

import numpy as np
import pytest

from pipelines.evidence.splits import offered, split
from pipelines.evidence.table_one import table_one
from tests.unit.evidence.people import frames


def cells(table, variable, answer):
    """Texts of one row, as (people, sessions) for each column."""
    labels = [row.label for row in table.rows]
    start = next(at for at, label in enumerate(labels) if label.startswith(variable))
    row = next(row for row in table.rows[start + 1 :] if row.label == answer)
    return [tuple(text.replace("\u00a0", " ") for text in (cell.people, cell.sessions)) for cell in row.cells]


def difference(table, variable):
    return next(row.difference for row in table.rows if row.is_variable and row.label.startswith(variable))


def test_a_trait_counts_each_person_once_beside_all_of_her_sessions():
    table = table_one(frames(), "cohort", "no_milk")
    assert [column.label for column in table.columns] == ["Everyone", "A", "B"]
    assert cells(table, "First child", "First birth") == [
        ("40 (50 %)", "240 (50 %)"),
        ("20 (50 %)", "120 (50 %)"),
        ("20 (50 %)", "120 (50 %)"),
    ]
    assert difference(table, "First child") == "0.00 (people)"


def test_what_is_told_by_session_counts_people_who_ever_told_it():
    table = table_one(frames(), "cohort", "no_milk")
    assert cells(table, "Relaxing first", "Yes")[0] == ("80 (100 %)", "240 (50 %)")
    assert difference(table, "Relaxing first").endswith("(sessions)")


def test_numbers_have_median_quartiles_mean_and_spread_of_people_and_of_sessions():
    table = table_one(frames(), "cohort", "no_milk")
    assert (
        cells(table, "Sessions in the log", "Median (quartiles); mean (SD)")[0][0]
        == "6.0 (6.0 to 6.0); 6.0 (0.0)"
    )
    weeks = cells(table, "Weeks of pregnancy", "Median (quartiles); mean (SD)")[0]
    expected = 30.0 + np.arange(80) % 12
    low, middle, high = np.quantile(expected, [0.25, 0.5, 0.75])
    assert (
        weeks[0]
        == f"{middle:.1f} ({low:.1f} to {high:.1f}); {expected.mean():.1f} ({expected.std(ddof=1):.1f})"
    )


def test_groups_of_sessions_share_their_people_and_say_so():
    table = table_one(frames(), "outcome", "no_milk")
    sizes = [(column.label, column.people.replace("\u00a0", " ")) for column in table.columns]
    assert sizes == [("Everyone", "80 people"), ("Without milk", "20 people"), ("With milk", "80 people")]
    assert "one person can be in several" in table.note


def test_a_count_of_nearly_everybody_is_not_told():
    made = frames()
    rows = made.sessions.copy()
    rows.loc[rows["participant_id"].isin(["p000", "p001", "p002"]), "relaxation"] = "no"
    table = table_one(replace(made, sessions=rows), "cohort", "no_milk")
    assert cells(table, "Relaxing first", "Yes")[0][0] == "nearly all"
    everyone = [
        line for line in table.numbers.rows if line[:2] == ("Relaxing first", "Yes") and line[3] == "Everyone"
    ]
    assert [line[5] for line in everyone] == [None, 231]


def test_a_group_of_sessions_that_nearly_everybody_has_is_not_counted_in_people():
    made = frames()
    rows = made.sessions.copy()
    rows.loc[rows["participant_id"].isin(["p000", "p001", "p002"]), "no_milk"] = 1.0
    table = table_one(replace(made, sessions=rows), "outcome", "no_milk")
    assert [column.people for column in table.columns][2] == "nearly all people"
    assert 77 not in [line[5] for line in table.numbers.rows]
    assert all(re.search(r"\b77 \(", text) is None for row in table.rows for text in map(repr, row.cells))


def test_missing_answers_are_told_for_each_group():
    made = frames()
    rows = made.sessions.copy()
    number = rows["participant_id"].str[1:].astype(int)
    rows.loc[number < 30, "parity"] = None
    table = table_one(replace(made, sessions=rows), "cohort", "no_milk")
    assert cells(table, "First child", "Missing") == [
        ("30 (38 %)", "180 (38 %)"),
        ("15 (38 %)", "90 (38 %)"),
        ("15 (38 %)", "90 (38 %)"),
    ]


def few_lack_parity(people):
    made = frames()
    rows = made.sessions.copy()
    rows.loc[rows["participant_id"].isin([f"p{at:03d}" for at in range(people)]), "parity"] = None
    return replace(made, sessions=rows)


@pytest.mark.parametrize("people", [1, 5, 9])
def test_where_few_lack_an_answer_shares_replace_the_counts_that_would_tell_of_them(people):
    table = table_one(few_lack_parity(people), "cohort", "no_milk")
    assert set(cells(table, "First child", "Missing")) == {("Hidden", "Hidden")}
    for answer in ("First birth", "Later birth"):
        for shown in cells(table, "First child", answer):
            assert all(re.fullmatch(r"\d+ %", text) for text in shown)
    counts = [line for line in table.numbers.rows if line[0] == "First child"]
    assert counts and all(line[5] is None for line in counts)


def test_a_group_of_few_is_hidden_whole_with_another_and_in_the_download():
    made = frames(cohorts=("A", "B", "C"))
    rows = made.sessions.copy()
    number = rows["participant_id"].str[1:].astype(int)
    rows["cohort"] = np.select([number < 4, number < 34], ["few", "some"], "many")
    table = table_one(replace(made, sessions=rows), "cohort", "no_milk")
    assert {column.label: column.is_hidden for column in table.columns} == {
        "Everyone": False,
        "few": True,
        "some": True,
        "many": False,
    }
    assert all(line[5:12] == (None,) * 7 for line in table.numbers.rows if line[3] in ("few", "some"))
    assert any(line[3] == "many" and line[5] for line in table.numbers.rows)
    assert difference(table, "First child") == ""


def test_a_rare_answer_is_hidden_together_with_what_would_give_it_away():
    made = frames()
    rows = made.sessions.copy()
    number = rows["participant_id"].str[1:].astype(int)
    rows["birth_mode"] = np.select(
        [number < 6, number < 40], ["caesarean_planned", "caesarean_urgent"], "vaginal"
    )
    table = table_one(replace(made, sessions=rows), "cohort", "no_milk")
    shown = {row: cells(table, "Kind of birth", row)[0][0] for row in ("Planned caesarean", "Vaginal")}
    hidden = [
        cells(table, "Kind of birth", row)[0][0] == "Hidden"
        for row in ("Planned caesarean", "Urgent caesarean")
    ]
    assert all(hidden) and shown["Vaginal"] == "40 (50 %)"


def test_quartiles_need_more_people_than_a_median():
    made = frames(people=24, cohorts=("A", "B"))
    text = cells(table_one(made, "cohort", "no_milk"), "Weeks of pregnancy", "Median (quartiles); mean (SD)")
    assert "quartiles hidden" not in text[0][0] and "quartiles hidden" in text[1][0]


def test_where_few_are_in_no_group_sizes_are_rounded_and_counts_left_out():
    made = few_lack_parity(5)
    table = table_one(made, "parity", "no_milk")
    assert [column.people.replace("\u00a0", " ") for column in table.columns][1:] == [
        "about 35 people",
        "about 40 people",
    ]
    assert all(re.fullmatch(r"\d+ %", text) for text in cells(table, "Relaxing first", "Yes")[1])


def test_an_unknown_split_is_the_first_one():
    assert table_one(frames(), "zebra", "no_milk").key == "ever"


def test_every_way_to_split_that_is_offered_puts_people_or_sessions_into_groups():
    made = frames()
    keys = [key for key, _ in offered(made, "no_milk")]
    assert {"ever", "outcome", "cohort", "pump", "term", "parity", "relaxation"} <= set(keys)
    for key in keys:
        found = split(made, key, "no_milk")
        assert set(found.group.dropna().unique()) <= set(found.groups), key
        if found.of == "people":
            assert (found.group.groupby(made.sessions["participant_id"]).nunique() <= 1).all(), key


def test_preterm_is_a_birth_before_37_weeks_and_the_main_pump_the_most_used():
    made = frames()
    rows = made.sessions.copy()
    rows.loc[rows["day_in_study"] == 0, "pump_type"] = "hospital_grade"
    made = replace(made, sessions=rows)
    people = rows["participant_id"]
    term = split(made, "term", "no_milk").group.groupby(people).first()
    assert term["p006"] == "Before 37 weeks" and term["p007"] == "From 37 weeks"
    pump = split(made, "pump", "no_milk").group.groupby(people).first()
    assert pump["p000"] == "Hand pump" and pump["p001"] == "Wearable"
