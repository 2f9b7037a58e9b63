"""Questionnaires in a table: found by name or by the study file, scored, or their total taken as delivered."""

import pytest

from pipelines.errors import InputError, Question
from pipelines.readers import google_forms, redcap
from pipelines.study import Item, Questionnaire, SourceOptions
from tests.readers.samples import as_text, frame


def extract_of(header: str, rows: str, folder, **options):
    path = folder / "export.csv"
    path.write_text(f"record_id,{header},form_complete\n{rows}", encoding="utf-8")
    return redcap.read(path, SourceOptions(**options))


def table_of(header: str, rows: str, folder, **options):
    return as_text(frame(extract_of(header, rows, folder, **options)))


def items(prefix: str, count: int) -> str:
    return ",".join(f"{prefix}{number}" for number in range(1, count + 1))


@pytest.mark.parametrize(
    ("prefix", "answers", "options", "factor", "instrument", "total"),
    [
        ("pss4_", "2,1,1,3", {}, "stress", "pss4", "11"),
        ("PSS", ",".join("0" * 10), {}, "stress", "pss10", "16"),
        ("pss10_q", ",".join("4" * 10), {}, "stress", "pss10", "24"),
        ("gad7_0", ",".join("1" * 7), {}, "anxiety", "gad7", "7"),
        ("gad", "3,3", {}, "anxiety", "gad2", "6"),
        ("epds_", "1,1,2,0,1,1,0,1,0,0", {"answers": "scored"}, "distress_score", "epds", "7"),
        ("bses_", ",".join("3" * 14), {}, "breastfeeding_confidence", "bses_sf", "42"),
        ("sd4a_", "3,3,3,3", {"answers": "scored"}, "sleep_disturbance", "promis_sleep_4a", "54.3"),
        ("sd4a_", "5,5,1,1", {"answers": "as_printed"}, "sleep_disturbance", "promis_sleep_4a", "32"),
    ],
)
def test_items_give_the_worked_total(prefix, answers, options, factor, instrument, total, tmp_path):
    header = items(prefix, answers.count(",") + 1)
    rows = table_of(header, f"1,{answers},2\n", tmp_path, **options)
    assert rows[factor].tolist() == [total]
    assert rows[f"{factor}_instrument"].tolist() == [instrument]


def test_one_or_two_missing_answers_are_prorated_and_more_give_no_total(tmp_path):
    rows = "1,1,1,,1,1,,1,2\n2,1,,,1,1,,1,2\n3,1,1,1,1,1,NA,-99,2\n"
    extract = extract_of(items("gad7_", 7), rows, tmp_path, missing_codes=("-99",))
    assert as_text(frame(extract)).anxiety.tolist() == ["7", "", "7"]
    assert any(note.startswith("1 row with too few answers for a total of gad7") for note in extract.warnings)


def test_a_sum_with_an_answer_missing_is_marked_as_a_lower_bound(tmp_path):
    extract = extract_of(items("epds_", 10), "1,1,1,2,0,1,1,0,1,0,,2\n", tmp_path, answers="scored")
    rows = as_text(frame(extract))
    assert rows.distress_score.tolist() == ["7"]
    assert rows.distress_score_instrument.tolist() == ["epds lower bound"]
    assert any("lower bound" in note for note in extract.warnings)


@pytest.mark.parametrize("wrong", ["9", "often", "1.5", "-1"])
def test_an_answer_outside_its_range_gives_no_total_but_a_problem(wrong, tmp_path):
    rows = table_of(items("pss4_", 4), f"1,2,{wrong},1,3,2\n2,2,1,1,3,2\n", tmp_path)
    assert rows.stress.tolist() == ["", "11"]
    assert rows.problem_code.tolist() == ["item_out_of_range", ""]
    assert rows.problem_field.tolist() == ["pss4", ""]


def test_answers_that_are_all_words_are_left_alone_and_can_be_recoded(tmp_path):
    extract = extract_of(items("gad2_", 2), "1,Not at all,Nearly every day,2\n", tmp_path)
    assert "anxiety" not in frame(extract)
    assert any("are words" in note for note in extract.warnings)
    recode = {"Not at all": "0", "Nearly every day": "3"}
    rows = table_of(
        items("gad2_", 2),
        "1,Not at all,Nearly every day,2\n",
        tmp_path,
        questionnaires={"gad2": Questionnaire(recode=recode)},
    )
    assert rows.anxiety.tolist() == ["3"]


def test_what_may_come_turned_or_not_is_asked_for(tmp_path):
    with pytest.raises(Question, match="promis_sleep_4a") as asked:
        extract_of(items("promis_sleep_", 4), "1,3,3,3,3,2\n", tmp_path)
    assert (asked.value.key, set(asked.value.choices)) == ("answers", {"as_printed", "scored"})


def test_the_answer_to_that_question_leaves_other_questionnaires_alone(tmp_path):
    header = f"{items('promis_sleep_', 4)},{items('pss4_', 4)}"
    rows = table_of(header, "1,3,3,3,3,2,1,1,3,2\n", tmp_path, answers="scored")
    assert rows[["sleep_disturbance", "stress"]].values.tolist() == [["54.3", "11"]]


def test_a_distress_score_is_not_asked_about_but_left_unscored(tmp_path):
    extract = extract_of(items("epds_", 10), "1,1,1,2,0,1,1,0,1,0,0,2\n", tmp_path)
    assert "distress_score" not in frame(extract)
    assert any("epds" in note and "not scored" in note for note in extract.warnings)


def test_the_study_file_names_the_items_and_how_they_were_written(tmp_path):
    named = Questionnaire(("b", "a", "d", "c"), "scored")
    rows = table_of("a,b,c,d", "1,1,2,3,4,2\n", tmp_path, questionnaires={"promis_sleep_4a": named})
    assert rows.sleep_disturbance.tolist() == ["50.5"]
    with pytest.raises(InputError, match="4 item columns"):
        table_of("a,b,c,d", "1,1,2,3,4,2\n", tmp_path, questionnaires={"pss4": Questionnaire(("a", "x"))})
    with pytest.raises(InputError, match="no questionnaire 'pss5'"):
        table_of("a,b,c,d", "1,1,2,3,4,2\n", tmp_path, questionnaires={"pss5": Questionnaire()})


def test_a_total_is_taken_as_delivered_and_said_to_be_one(tmp_path):
    extract = extract_of("pss10_total,gad7", "1,31,12,2\n", tmp_path)
    rows = as_text(frame(extract))
    assert rows[["stress", "stress_instrument"]].values.tolist() == [["31", "pss10"]]
    assert rows[["anxiety", "anxiety_instrument"]].values.tolist() == [["12", "gad7"]]
    assert sum("as delivered" in note for note in extract.warnings) == 2


def test_items_count_before_a_delivered_total_and_fill_what_a_single_rating_leaves_open(tmp_path):
    header = f"{items('pss4_', 4)},pss4_total,stress"
    extract = extract_of(header, "1,2,1,1,3,10,,2\n2,,,,,,5,2\n", tmp_path)
    rows = as_text(frame(extract))
    assert rows.stress.tolist() == ["11", "5"]
    assert rows.stress_instrument.tolist() == ["pss4", ""]
    assert any(note.startswith("pss4_total was not used") for note in extract.warnings)


def test_a_table_without_rows_has_nothing_to_score(tmp_path):
    assert len(frame(extract_of(items("pss4_", 4), "", tmp_path))) == 0


def test_the_last_of_a_row_of_items_is_no_total(tmp_path):
    assert "anxiety" not in table_of("gad1,gad3,gad7", "1,1,2,3,2\n", tmp_path)


def test_the_study_file_comes_before_items_that_only_have_telling_names(tmp_path):
    rows = table_of(
        f"{items('pss4_', 4)},tension", "1,2,1,1,3,8,2\n", tmp_path, items={"stress": Item("tension")}
    )
    assert rows.stress.tolist() == ["8"]
    assert "stress_instrument" not in rows


def test_an_export_that_may_count_from_one_is_noticed(tmp_path):
    extract = extract_of(items("pss4_", 4), "1,2,1,1,3,2\n", tmp_path)
    assert any("no answer of pss4 is 0" in note for note in extract.warnings)
    extract = extract_of(items("pss4_", 4), "1,2,0,1,3,2\n", tmp_path)
    assert not any("no answer" in note for note in extract.warnings)


def test_questionnaires_are_scored_from_any_system(tmp_path):
    path = tmp_path / "form.csv"
    path.write_text(
        "Timestamp,Participant ID,GAD-7 1,GAD7 2,GAD7_3,gad7 4,gad7 5,gad7 6,gad7 7,Anything else today?\n"
        "2026-02-01 20:15:00,M01,1,1,1,1,1,1,1,no\n"
    )
    rows = as_text(frame(google_forms.read(path, SourceOptions())))
    assert rows[["anxiety", "anxiety_instrument"]].values.tolist() == [["7", "gad7"]]
