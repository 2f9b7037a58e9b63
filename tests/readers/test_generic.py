"""Plain tables: our own column names, the study file's mapping, units in headers and cells, identifiers."""

import ibis
import pandas as pd
import pytest

from pipelines import readers
from pipelines.errors import InputError, Question
from pipelines.readers import generic
from pipelines.study import Item, SourceOptions
from tests.readers.samples import SAMPLES, as_text, delivered, frame


def rows_of(text: str, folder, **options):
    path = folder / "table.csv"
    path.write_text(text, encoding="utf-8")
    return frame(readers.read(path, SourceOptions(**options)))


@pytest.mark.parametrize(
    ("header", "kind"),
    [
        ("participant_id,started_at,volume_ml", "session"),
        ("participant_id,started_at,date,stress", "session"),
        ("participant_id,date,stress", "day"),
        ("date,stress", "day"),
        ("participant_id,parity,birth_date", "baseline"),
    ],
)
def test_columns_tell_what_a_row_is(header, kind, tmp_path):
    cells = ",".join(["x"] * len(header.split(",")))
    assert rows_of(f"{header}\n{cells}\n", tmp_path).kind.tolist() == [kind]


def test_a_session_without_its_start_stays_a_session(tmp_path):
    rows = rows_of("participant_id,started_at,volume_ml\nA,,50\n", tmp_path)
    assert rows.kind.tolist() == ["session"]


@pytest.mark.parametrize(
    "header", ["date,time,type,amount", "participant_id,mood", "name,stress", "started_at"]
)
def test_a_table_that_says_too_little_is_not_ours(header, tmp_path):
    path = tmp_path / "table.csv"
    path.write_text(header + "\n")
    assert generic.recognise(path) is None


def test_synonyms_are_never_used_silently(tmp_path):
    path = tmp_path / "table.csv"
    path.write_text("participant_id,date,stress,water_l,massage\nA,2026-02-01,3,2,yes\n")
    extract = readers.read(path)
    assert extract.unused_columns == ("water_l", "massage")
    assert not {"fluid_litres", "breast_massage"} & set(extract.rows.columns)


def test_what_is_computed_from_the_log_is_not_read(tmp_path):
    rows = rows_of(
        "participant_id,started_at,interval_hours,day_postpartum\nA,2026-02-01 10:00,3,12\n", tmp_path
    )
    assert not {"interval_hours", "day_postpartum"} & set(rows.columns)


@pytest.mark.parametrize(
    ("header", "cells", "volume", "unit"),
    [
        ("volume_ml", "85", "85", "ml"),
        ("volume_oz", "3", "3", "oz"),
        ("Volume (fl oz)", "3", "3", "oz"),
        ("volume [mL]", "85", "85", "ml"),
        ("volume", "85", "85", None),
        ("volume", "85ml", "85ml", None),
        ("volume_tsp", "85", "85 tsp", None),
        ("volume,unit", "85,mL", "85", "mL"),
        ("volume_ml,volume_oz", ",3", "3 oz", None),
        ("volume_ml,volume_oz", "85,3", "85 ml", None),
    ],
)
def test_the_unit_is_what_header_or_cell_says_and_nothing_else(header, cells, volume, unit, tmp_path):
    rows = rows_of(f"participant_id,started_at,{header}\nA,2026-02-01 10:00,{cells}\n", tmp_path)
    assert rows.volume_total[0] == volume
    assert rows.get("unit", [None])[0] == unit


def test_volumes_without_the_start_of_a_session_are_said_to_be_passed_over(tmp_path):
    path = tmp_path / "table.csv"
    path.write_text("participant_id,date,time,volume_ml\nA,2026-02-01,06:00,85\n")
    (warning,) = readers.read(path).warnings
    assert "started_at" in warning and "volume_ml" in warning
    path.write_text("participant_id,started_at,volume_ml\nA,2026-02-01 06:00,85\n")
    assert not readers.read(path).warnings


def test_a_lone_l_in_the_name_of_a_mapped_column_is_the_left_side_and_no_litre(tmp_path):
    text = "mother,begun,pump_l,pump_r\nA,2026-02-01 10:00,85,60\n"
    items = {"started_at": Item("begun"), "volume_left_ml": Item("pump_l"), "volume_right_ml": Item("pump_r")}
    rows = rows_of(text, tmp_path, participant="column:mother", units="ml", items=items)
    assert (rows.volume_left[0], rows.volume_right[0]) == ("85", "60")


def test_names_and_notes_are_dropped_and_reported(tmp_path):
    path = tmp_path / "table.csv"
    header = "participant_id,date,stress,Mother's name,E-mail,phone2,Date of birth,IP address,notes,colour"
    path.write_text(header + "\nA,2026-02-01,3,x,x,x,x,x,x,x\n")
    extract = readers.read(path)
    assert extract.dropped_identifiers == (
        "Mother's name",
        "E-mail",
        "phone2",
        "Date of birth",
        "IP address",
        "notes",
    )
    assert extract.unused_columns == ("colour",)


def test_the_study_file_maps_columns_recodes_and_blanks_missing_codes(tmp_path):
    text = "mother;begun;left;mood;shield\nA;01.02.2026 06:10;60;7;2\nB;01.02.2026 07:00;-999;UNK;9\n"
    rows = rows_of(
        text,
        tmp_path,
        participant="column:mother",
        missing_codes=("-999", "UNK"),
        items={
            "started_at": Item("begun"),
            "volume_left_ml": Item("left"),
            "stress": Item("mood"),
            "flange_fit": Item("shield", {"2": "good"}),
        },
    )
    assert rows.participant.tolist() == ["A", "B"]
    assert rows.kind.tolist() == ["session", "session"]
    assert rows.volume_left.fillna("").tolist() == ["60", ""]
    assert rows.stress.fillna("").tolist() == ["7", ""]
    assert rows.flange_fit.tolist() == ["good", "9"]
    assert rows.unit.tolist() == ["ml", "ml"]


def test_units_of_the_study_file_win_over_the_name_of_the_item(tmp_path):
    text = "mother,begun,left\nA,2026-02-01 06:10,3\n"
    items = {"started_at": Item("begun"), "volume_left_ml": Item("left")}
    rows = rows_of(text, tmp_path, participant="column:mother", units="oz", items=items)
    assert "unit" not in rows


def test_a_column_that_the_study_file_names_and_the_file_lacks_is_told(tmp_path):
    path = tmp_path / "table.csv"
    path.write_text("participant_id,date,stress\nA,2026-02-01,3\n")
    some = SourceOptions(items={"stress": Item("stress"), "fatigue": Item("tired")})
    assert readers.read(path, some).warnings == ("the study file's column 'tired' is not in this file",)
    with pytest.raises(InputError, match=r"table\.csv.*'tired'"):
        readers.read(path, SourceOptions(items={"fatigue": Item("tired")}))
    with pytest.raises(InputError, match=r"table\.csv.*'code'"):
        readers.read(path, SourceOptions(participant="column:code"))
    with pytest.raises(InputError, match="neither a factor nor a session field"):
        readers.read(path, SourceOptions(items={"happiness": Item("stress")}))


def test_the_participant_column_gives_way_to_the_files_place_when_asked(tmp_path):
    rows = rows_of("participant_id,date,stress\nA,2026-02-01,3\n", tmp_path, participant="file_name")
    assert "participant" not in rows


@pytest.mark.parametrize("sample", [each for each in SAMPLES if each.reader == "generic"], ids=str)
def test_a_table_read_by_the_engine_becomes_the_same_rows(sample, monkeypatch):
    monkeypatch.setattr(generic, "is_large", lambda path, limit: True)
    backend = ibis.duckdb.connect()
    with readers.scratch_space():
        rows = as_text(frame(readers.read(sample.path, sample.options, backend)))
    assert rows.values.tolist() == delivered(sample)[rows.columns].values.tolist()


def test_two_readers_that_claim_one_file_are_an_error(monkeypatch, tmp_path):
    path = tmp_path / "table.csv"
    path.write_text("participant_id,date,stress\nA,2026-02-01,3\n")
    twin = readers.Reader("twin", "Twin", (), lambda _: "it looks like it", generic.read)
    monkeypatch.setattr(readers, "READERS", (*readers.READERS, twin))
    with pytest.raises(InputError, match="generic and twin"):
        readers.identify(path)


def test_a_reader_of_an_unknown_name_is_an_error_that_names_the_others():
    with pytest.raises(InputError, match="huckleberry"):
        readers.reader_named("pumpco")


def test_a_file_that_no_reader_knows_is_refused_in_words(tmp_path):
    path = tmp_path / "shopping.csv"
    path.write_text("milk,bread\n1,2\n")
    assert readers.identify(path) is None
    with pytest.raises(InputError, match=r"shopping\.csv: no reader knows"):
        readers.read(path)


@pytest.mark.parametrize(("dated_by", "joined"), [("Date", True), ("Ended", False)])
def test_an_end_is_told_to_be_a_clock_only_where_the_starts_own_date_was_put_before_it(
    dated_by, joined, tmp_path
):
    items = {"started_at": Item("Date", time="Start"), "ended_at": Item(dated_by, time="End")}
    text = "participant_id,Date,Start,Ended,End\nA,2026-04-01,23:50,2026-04-02,00:10\n"
    assert ("end_is_clock" in rows_of(text, tmp_path, items=items)) == joined


def test_rows_of_a_repeat_are_not_taken_for_one_persons(tmp_path):
    text = "started_at,volume_ml,PARENT_KEY\n2026-02-03 06:10,30,uuid:1\n2026-02-03 06:10,40,uuid:2\n"
    with pytest.raises(Question, match="PARENT_KEY") as asked:
        rows_of(text, tmp_path)
    (choice,) = asked.value.choices
    assert rows_of(text, tmp_path, participant=choice).participant.tolist() == ["uuid:1", "uuid:2"]
    named = text.replace("PARENT_KEY", "participant_id,PARENT_KEY").replace(",uuid", ",M1,uuid")
    assert rows_of(named, tmp_path).participant.tolist() == ["M1", "M1"]


def test_a_total_under_a_studys_own_name_can_name_its_questionnaire(tmp_path):
    text = "participant_id,date,worry\nA,2026-02-03,4\nA,2026-02-04,\n"
    rows = as_text(rows_of(text, tmp_path, items={"anxiety": Item("worry", instrument="gad2")}))
    assert rows[["anxiety", "anxiety_instrument"]].values.tolist() == [["4", "gad2"], ["", ""]]
    with pytest.raises(
        InputError, match=r"'pss4' is no questionnaire that measures anxiety; known are .*gad2"
    ):
        rows_of(text, tmp_path, items={"anxiety": Item("worry", instrument="pss4")})


def test_answers_that_look_like_codes_for_unknown_are_told_where_the_study_file_names_none(tmp_path):
    path = tmp_path / "table.csv"
    path.write_text("Participant Id;stress;sleep_hours;score\n110001;-95;6,5;-40\n110002;4;-99;-41\n")
    words = '"-95", "-99" may stand for unknown; if so, say missing_codes = ["-95", "-99"] in the study file'
    assert words in readers.read(path, SourceOptions()).warnings
    said = readers.read(path, SourceOptions(missing_codes=("-95", "-99")))
    assert not [note for note in said.warnings if "unknown" in note]
    assert as_text(frame(said)).stress.tolist() == ["", "4"]


SURVEY = (
    "Respondent ID,Start Date,How stressed?,Flange?,Which of these?,,Where?,\n"
    ",,Response,Response,Pain,Lump,Left,Right\n"
    "1140001,03/13/2026 08:15:22 AM,4,Good,Pain,,Left,\n"
    "1140002,03/14/2026 08:05:22 AM,7,Too small,,Lump,,Right\n"
)
SURVEY_ITEMS = {
    "date": Item("Start Date"),
    "stress": Item("How stressed?"),
    "flange_fit": Item("Flange?", {"Too small": "too_small"}),
}


def survey(text: str, folder):
    path = folder / "survey.csv"
    path.write_text(text, encoding="utf-8")
    return readers.read(path, SourceOptions(participant="column:Respondent ID", items=SURVEY_ITEMS))


def test_a_second_heading_below_the_column_names_is_other_and_told(tmp_path):
    extract = survey(SURVEY, tmp_path)
    rows = as_text(frame(extract))
    assert rows.kind.tolist() == ["other", "day", "day"]
    assert rows.stress.tolist() == ["", "4", "7"]
    assert any("is a second heading, not an answer" in note for note in extract.warnings)


def test_cells_in_columns_without_a_name_are_told_and_their_rows_live(tmp_path):
    extract = survey(SURVEY, tmp_path)
    assert as_text(frame(extract)).get("problem_code", pd.Series([""] * 3)).tolist() == [""] * 3
    assert any(note.startswith("1 column has no name in the first line") for note in extract.warnings)
    assert any(note.startswith("2 rows have a cell in a column without a name") for note in extract.warnings)
    longer = survey(SURVEY.replace("Right\n", "Right,more\n"), tmp_path)
    assert as_text(frame(longer)).problem_code.tolist() == ["", "", "ragged_row"]


@pytest.mark.parametrize(
    ("written", "instead"),
    [
        (",,Response,Response", "M1,,Response,Response"),  # somebody gave it
        (",,Response,Response", ",3/1/2026,Response,Response"),  # or it has a day
        (",,Response,Response", ",,3,Response"),  # or one answer
        (",,Response,Response", ",,,Good"),
        (",,Response,Response", ",,,"),  # or no word that could be a heading
        ("1140001", ""),  # or nobody is named in later rows either
    ],
)
def test_a_first_row_that_may_be_an_answer_is_no_heading(written, instead, tmp_path):
    text = SURVEY.replace(written, instead, 1)
    if instead == "":
        text = text.replace("1140002", "")
    assert not [note for note in survey(text, tmp_path).warnings if "second heading" in note]


def test_units_below_the_column_names_are_a_second_heading(tmp_path):
    text = "participant_id,started_at,volume_ml,duration_min\n,,ml,min\nA,2026-02-03 06:10,30,20\n"
    assert rows_of(text, tmp_path).kind.tolist() == ["other", "session"]


def test_a_table_wider_than_any_export_is_refused_at_once(tmp_path):
    more = ",".join(f"c{number}" for number in range(10_000))
    with pytest.raises(InputError, match=r"table\.csv: the table has 10,003 columns, more than 10,000"):
        rows_of(f"participant_id,started_at,volume_ml,{more}\nA,2026-02-01 06:10,50\n", tmp_path)
