"""What foreign columns may mean: every suggestion has its reason, and what is uncertain is not chosen."""

import json

import pytest

from pipelines import readers
from pipelines.readers.choices import chosen_before, meanings, source_of, suggested
from pipelines.readers.field_names import field_names
from pipelines.readers.foreign import sample
from pipelines.readers.patterns import WORDS, looks
from pipelines.readers.suggestions import look
from pipelines.study import Item, SourceOptions

SPREADSHEET = """Date,Time,Type,Amount (oz),,Left (min),Right (min),Comments
04/18/2026,6:32 PM,Pump,3.5,,12,12,with Anna
04/18/2026,9:32 PM,Nursing,,,12,12,
04/19/2026,6:32 AM,pump,2.25,,10,12,
04/19/2026,9:00 AM,Pumped milk fed,2,,,,
"""
HATCH = """Baby Name,Start Time,End Time,Activity,Amount,Percentile,Duration,Info,Notes,
B,03/05/2022 0:00 AM,03/05/2022 0:20 AM,Pumping,3.5,,20,,,
B,03/05/2022 3:00 AM,03/05/2022 3:20 AM,Feeding,2.5,,20,,,
"""
CASTOR = """Participant Id;Birth of the baby (date of birth);pump_start;Left ml;Right ml;Mins;Pump used;Evening stress
P-01;2026-01-05;2026-02-01 06:10;40;35;21;Hospital grade;5
P-02;2026-01-15;2026-02-01 07:10;-99;35;20;Manual;-99
"""
MEDELA = """Data,Ora,x,y,Volume
12-03-2026,10:30,a,b,70
13-03-2026,11:30,a,b,80
"""


def looked(folder, text: str, name: str = "table.csv"):
    path = folder / name
    path.write_text(text, encoding="utf-8")
    table = look(path)
    assert table is not None
    return table


def chosen(table) -> dict[str, str]:
    return {each.column: each.chosen.meaning for each in table.columns if each.chosen}


def source(table, **options) -> SourceOptions:
    return source_of(table, suggested(table), SourceOptions(**options))


def test_a_family_spreadsheet_is_understood_with_its_two_time_columns_and_its_kinds(tmp_path):
    table = looked(tmp_path, SPREADSHEET)
    assert chosen(table) == {"Date": "date", "Time": "time", "Type": "kind", "Amount (oz)": "volume_ml"}
    assert source(table).items == {
        "started_at": Item("Date", time="Time"),
        "kind": Item("Type", session=("Pump", "pump")),
        "volume": Item("Amount (oz)"),
    }
    assert not table.needs_unit


def test_hatch_is_understood_and_its_unit_is_left_open(tmp_path):
    table = looked(tmp_path, HATCH)
    assert chosen(table) == {
        "Start Time": "started_at",
        "End Time": "ended_at",
        "Activity": "kind",
        "Amount": "volume_ml",
        "Duration": "duration_min",
    }
    assert table.needs_unit
    assert "volume" in source(table).items and "volume_ml" in source(table, units="oz").items


def test_a_survey_export_is_understood_with_its_missing_codes(tmp_path):
    table = looked(tmp_path, CASTOR)
    found = source(table)
    assert found.participant == "column:Participant Id"
    assert found.birth_date == "Birth of the baby (date of birth)"
    assert found.missing_codes == ("-99",)
    assert {"started_at", "volume_left", "volume_right", "duration_min", "stress", "pump_type"} == set(
        found.items
    )


def test_every_column_has_a_reason_in_words(tmp_path):
    for text in (SPREADSHEET, HATCH, CASTOR, MEDELA):
        for each in looked(tmp_path, text).columns:
            assert each.chosen.reason if each.chosen else each.why_not, each.column


def test_names_that_identify_people_are_never_chosen(tmp_path):
    table = looked(tmp_path, HATCH)
    assert {each.column for each in table.columns if each.identifies} == {"Baby Name", "Notes"}


def test_minutes_of_one_breast_are_no_volume(tmp_path):
    table = looked(tmp_path, SPREADSHEET)
    assert all(
        not suggestion.meaning.startswith("volume")
        for each in table.columns
        if "(min)" in each.column
        for suggestion in each.suggestions
    )


@pytest.mark.parametrize(
    ("cells", "written"),
    [
        (("0:25", "1:05:00"), "h:mm"),
        (("25:10", "14:30"), "m:ss"),
        (("1 hr 5 min", "20 min"), "words"),
        (("21", "15"), ""),
        (("1260", "900"), "seconds"),
    ],
)
def test_the_form_of_a_length_is_judged_over_the_whole_column(cells, written, tmp_path):
    rows = "".join(f"2026-02-01 0{at}:00,{cell},40 ml\n" for at, cell in enumerate(cells))
    table = looked(tmp_path, "start,duration,amount\n" + rows)
    assert source(table).items["duration_min"].written == written


def test_items_of_a_questionnaire_are_not_taken_for_its_total(tmp_path):
    header = ",".join(["study id", *(f"bses_{at}" for at in range(1, 15)), "bses_sum"])
    table = looked(
        tmp_path, header + "\nA1," + ",".join(["4"] * 14) + ",56\nA2," + ",".join(["3"] * 14) + ",42\n"
    )
    assert chosen(table) == {"study id": "participant", "bses_sum": "breastfeeding_confidence"}


def test_answers_are_matched_to_levels_and_numbers_are_left_to_the_researcher(tmp_path):
    text = "mother,shield fit,pump type\nA,1,Wearable pump\nB,2,double\nC,good,xyz\n"
    (_, fit, pump) = looked(tmp_path, text).columns
    assert {each.value: each.code for each in fit.chosen.recode} == {"1": "", "2": ""}
    assert {each.value: each.code for each in pump.chosen.recode} == {
        "Wearable pump": "wearable",
        "double": "electric_double",
        "xyz": "",
    }
    assert all(each.reason for each in (*fit.chosen.recode, *pump.chosen.recode))


def test_milk_that_is_fed_is_not_taken_for_a_session(tmp_path):
    feeds = [{"amountML": 50, "isFormula": True, "date": "2021-12-20T20:15:00+01:00"}] * 2
    pumped = [{"amountML": 50 + at, "date": 1640027700.5 + at * 9000} for at in range(3)]
    path = tmp_path / "baby.json"
    path.write_text(json.dumps({"baby_bottlefeed": feeds, "baby_expressingfeed": pumped, "settings": {}}))
    with readers.scratch_space():
        found = {part.name: look(part.path, part.name) for part in readers.parts(path)}
        assert set(found) == {"baby_bottlefeed", "baby_expressingfeed"}
        assert not {"started_at", "volume_ml"} & set(chosen(found["baby_bottlefeed"]).values())
        items = source(found["baby_expressingfeed"]).items
    assert items == {"volume": Item("amountML"), "started_at": Item("date", written="epoch_s")}


def test_a_time_alone_makes_no_session(tmp_path):
    assert chosen(looked(tmp_path, "when,weight\n2026-01-01 10:00,x\n2026-01-01 11:00,y\n")) == {}


@pytest.mark.parametrize("text", ["one word\n", '{"a": 1}', "[PiyoLog]Mar 2025\n\n06:10   Pumping 95ml\n"])
def test_what_is_no_table_is_none(text, tmp_path):
    path = tmp_path / "a.txt"
    path.write_text(text)
    assert sample(path) is None


def test_a_header_below_title_lines_is_found(tmp_path):
    table = looked(tmp_path, "My pumping log\n\nDate;Time;ml\n01.03.2026;06:10;85\n14.03.2026;07:10;75\n")
    assert chosen(table) == {"Date": "date", "Time": "time", "ml": "volume_ml"}
    assert table.sample.header == ("Date", "Time", "ml")


def test_every_field_name_names_kinds_that_there_are():
    for name, entry in field_names().items():
        assert set(entry.values) | set(entry.telling) <= set(WORDS), name
    assert set(field_names()) <= set(meanings())


def test_cells_that_are_typed_wrongly_do_not_change_what_a_column_looks_like():
    assert "time" in looks(["2026-02-01 06:10"] * 9 + ["soon"]).kinds
    assert "time" not in looks(["2026-02-01 06:10"] * 5 + ["soon"] * 5).kinds


def test_an_end_that_is_a_clock_is_joined_with_the_rows_date(tmp_path):
    table = looked(
        tmp_path,
        "Date,Start time,End time,Amount (ml)\n2026-04-18,16:00,16:20,50\n2026-04-19,06:00,06:25,40\n",
    )
    source = source_of(table, suggested(table), SourceOptions())
    assert source.items["started_at"] == Item("Date", time="Start time")
    assert source.items["ended_at"] == Item("Date", time="End time")
    assert {each.meaning for each in chosen_before(source)} == {"date", "time", "ended_at", "volume_ml"}
    again = source_of(table, chosen_before(source), SourceOptions())
    assert again.items["ended_at"] == source.items["ended_at"]
    with readers.scratch_space():
        rows = readers.read(tmp_path / "table.csv", source).rows
    frame = rows if hasattr(rows, "to_dict") else rows.to_pandas()
    assert list(frame["ended_at"]) == ["2026-04-18 16:20", "2026-04-19 06:25"]
    assert set(frame["end_is_clock"]) == {"yes"}


def test_the_times_of_a_form_are_the_day_of_its_answers_and_no_session(tmp_path):
    header = "RespondentID,CollectorID,StartDate,EndDate,How do you pump?\n"
    row = "31000{0},77,02/{0}/2026 20:11:09,02/{0}/2026 20:15:09,Electric double\n"
    table = looked(tmp_path, header + "".join(row.format(day) for day in (13, 14, 15)))
    source = source_of(table, suggested(table), SourceOptions())
    assert source.items["date"] == Item("StartDate")
    assert not {"started_at", "ended_at"} & set(source.items)
    other = looked(tmp_path, header.replace("CollectorID", "Pump") + row.format(13))
    assert "started_at" in source_of(other, suggested(other), SourceOptions()).items


def test_a_name_that_is_only_like_a_factors_is_not_chosen_without_a_value_that_fits(tmp_path):
    empty = looked(tmp_path, "mother_id,day,BF Statu\nM1,2026-02-03,\nM2,2026-02-04,\n")
    assert "BF Statu" not in chosen(empty)
    filled = looked(tmp_path, "mother_id,day,BF Statu\nM1,2026-02-03,exclusive\nM2,2026-02-04,exclusive\n")
    assert chosen(filled)["BF Statu"] == "feeding_mode"
