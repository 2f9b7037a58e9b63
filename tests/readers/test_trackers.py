"""Baby Tracker by Nighp, Nara Baby and Feed Baby: which milk, which breast, whose clock."""

import pytest

from pipelines.errors import InputError
from pipelines.readers import feedbaby, nara, nighp
from pipelines.readers.nara import zoned
from pipelines.readers.nighp import word_minutes
from pipelines.study import SourceOptions

OPTIONS = SourceOptions()


def extract(reader, text: str, folder, name: str = "export.csv"):
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return reader.read(path, OPTIONS)


def read(reader, text: str, folder) -> list[dict]:
    return extract(reader, text, folder).rows.astype(object).fillna("").to_dict("records")


@pytest.mark.parametrize(
    ("header", "kind"),
    [
        ("Time,Amount,Note", "session"),
        ("Time,Amount (ml),Note", "session"),
        (
            "Time,Start side,Left duration,Right Duration,Total duration,Left Amount,Right Amount,Total amount,Note",
            "session",
        ),
        ("Baby,Time,Amount,Note", "other"),
        ("Baby,Time,Amount (oz.),Note", "other"),
        ("Baby,Time,Start Side,Left duration (min),Right duration (min),Total Duration (min),Note", "other"),
        ("Baby,Time,Status,Note", "other"),
        ("Baby,Time,Duration,Note", "other"),
    ],
)
def test_only_nighp_files_without_a_baby_are_milk_expressed(header, kind, tmp_path):
    [row] = read(nighp, f"{header}\n{','.join('1' * len(header.split(',')))}\n", tmp_path)
    assert row["kind"] == kind


@pytest.mark.parametrize("name", ["Baby One_pumped.csv", "expressed.csv", "A_Expressed (2).csv"])
def test_the_columns_of_milk_expressed_under_the_name_of_milk_fed_are_refused(name, tmp_path):
    path = tmp_path / name
    path.write_text("Time,Amount,Note\n1,2,3\n")
    with pytest.raises(InputError, match="rename the file"):
        nighp.recognise(path)
    path.write_text("Baby,Time,Amount,Note\n1,2,3,4\n")
    assert nighp.recognise(path)


@pytest.mark.parametrize(
    "header", ["Time,Note", "Time,Amount", "Time,Amount,Note,Formula", "Name,Time,Amount,Note"]
)
def test_other_tables_are_no_nighp_export(header, tmp_path):
    path = tmp_path / "log.csv"
    path.write_text(f"{header}\n1,2,3,4\n")
    assert nighp.recognise(path) is None


@pytest.mark.parametrize(
    ("header", "cell", "amount"),
    [
        ("Amount", "110 ml", "110 ml"),
        ("Amount", "110", "110"),
        ("Amount (oz.)", "2.75", "2.75 oz"),
        ("Amount (ml)", "0", "0 ml"),
        ("Amount (ml)", "3 oz", "3 oz"),
        ("Amount (cups)", "1", "1 cups"),
        ("Amount (oz.)", "some", "some"),
    ],
)
def test_a_nighp_amount_has_the_unit_of_its_cell_else_of_its_header(header, cell, amount, tmp_path):
    [row] = read(nighp, f"Time,{header},Note\nx,{cell},\n", tmp_path)
    assert row["volume_total"] == amount


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("12 min", "12"),
        ("1 hr 52 min", "112"),
        ("75 hrs 29 min", "4529"),
        ("2 hrs", "120"),
        ("1 min 30 sec", "1.5"),
        ("23", "23"),
        ("soon", "soon"),
        ("12 min or so", "12 min or so"),
    ],
)
def test_a_duration_in_words_becomes_minutes_or_stays(text, minutes):
    assert word_minutes(text) == minutes


def test_minutes_in_a_note_are_left_behind_with_the_note(tmp_path):
    found = extract(nighp, "Time,Amount,Note\nx,95 ml,15min\n", tmp_path)
    assert found.rows["duration_min"].isna().all() and found.dropped_identifiers == ("Note",)


@pytest.mark.parametrize(
    ("cells", "minutes", "doubtful"),
    [("12,11,23", "23", True), ("12,,12", "12", False), (",9,", "9", False), ("12,11,", "", True)],
)
def test_the_length_of_a_nighp_session_is_the_apps_total_and_told_where_it_adds_up(
    cells, minutes, doubtful, tmp_path
):
    header = "Time,Left duration (min),Right duration (min),Total Duration (min),Total amount (ml),Note"
    found = extract(nighp, f"{header}\nx,{cells},50,\n", tmp_path)
    assert found.rows["duration_min"].fillna("").tolist() == [minutes]
    assert bool(found.warnings) == doubtful


@pytest.mark.parametrize(
    ("count", "zone", "moment"),
    [
        ("1793511000000", "America/Toronto", "2026-11-01 01:30:00-04:00"),
        ("1793514600000", "America/Toronto", "2026-11-01 01:30:00-05:00"),
        ("1793514600000.0", "America/Toronto", "2026-11-01 01:30:00-05:00"),
        ("1.7935E+12", "America/Toronto", None),
        ("1793511000", "America/Toronto", None),
        ("1793511000000", "Mars/Olympus", None),
        ("1793511000000", "../../etc/passwd", None),
        ("1793511000000", None, None),
        (None, "America/Toronto", None),
    ],
)
def test_milliseconds_are_told_on_the_clock_of_their_zone(count, zone, moment):
    assert zoned(count, zone) == moment


NARA = "_activityKey,Type,Start Date/time (Epoch),Start Date/time,Time Zone,[Pump] Left Volume,[Pump] Left Volume Unit"


def test_a_nara_row_without_milliseconds_keeps_its_clock_and_each_amount_its_unit(tmp_path):
    first, second = read(
        nara, f"{NARA}\na,Pump,,2026-03-01 06:10:00,Europe/Berlin,3,FLOZ\nb,pump,,,,90,ML\n", tmp_path
    )
    assert (first["started_at"], first["volume_left"]) == ("2026-03-01 06:10:00", "3 FLOZ")
    assert (second["source_session_id"], second["volume_left"]) == ("b", "90 ML")


def births(folder, *days: str):
    rows = "".join(f",Profile,,,,,,{day}\n" for day in days)
    return extract(nara, f"{NARA},[Profile] Birth Date\n{rows}", folder)


def test_one_birth_date_is_used_and_several_are_not(tmp_path):
    one = births(tmp_path, "2026-03-01", "", "2026-03-01")
    assert one.rows[["kind", "birth_date"]].fillna("").values.tolist() == [
        ["baseline", "2026-03-01"],
        ["other", ""],
        ["baseline", "2026-03-01"],
    ]
    several = births(tmp_path, "2026-03-01", "2023-05-20")
    assert several.rows["kind"].tolist() == ["other", "other"] and several.rows["birth_date"].isna().all()
    assert several.warnings == ("the file tells several birth dates; none of them was used",)


FEEDBABY = "id, Pumping Time, Side, Quantity, Unit, Notes, Bottle Feed Id\n"


@pytest.mark.parametrize(
    ("side", "place"),
    [
        ("LEFT", "volume_left"),
        ("RIGHT", "volume_right"),
        ("LEFT_AND_RIGHT", "volume_total"),
        ("left", "volume_left"),
    ],
)
def test_a_feed_baby_amount_is_of_the_side_that_its_row_names(side, place, tmp_path):
    [row] = read(feedbaby, f"{FEEDBABY}7,06:41:10 03-04-2025,{side},1.25,oz,,\n", tmp_path)
    sides = ("volume_left", "volume_right", "volume_total")
    assert {name: row[name] for name in sides if row[name]} == {place: "1.25 oz"}
    assert row["started_at"] == "2025-03-04 06:41:10"


@pytest.mark.parametrize("side", ["", "BOTH OR SO"])
def test_an_unknown_side_is_set_aside(side, tmp_path):
    [row] = read(feedbaby, f"{FEEDBABY}7,06:41:10 03-04-2025,{side},1.25,oz,,\n", tmp_path)
    assert (row["problem_field"], row["problem_code"]) == ("row", "unknown_side")


def test_left_and_right_belong_together_within_a_minute_one_by_one(tmp_path):
    rows = [("06:41:50", "LEFT"), ("06:41:10", "RIGHT"), ("06:41:09", "LEFT"), ("06:42:00", "RIGHT")]
    text = "".join(f"{at},{clock} 03-04-2025,{side},1,oz,,\n" for at, (clock, side) in enumerate(rows))
    groups = [row["session_group"] for row in read(feedbaby, FEEDBABY + text, tmp_path)]
    assert groups[0] == groups[1] and len(set(groups)) == 3


@pytest.mark.parametrize(
    "header",
    [
        "id, Start Time, End Time, Feed Type, Quantity (oz), Quantity (ml or g), Notes, Duration (Minutes), Food Type, Unit",
        "id, Start Time, End Time, Feeding History ID",
        "id, Start Time, End Time, Notes, Approximate Duration (Minutes)",
        "id, Time, Type, Notes",
        "Id, Category, Sub Category",
    ],
)
def test_other_files_of_feed_baby_are_other_throughout(header, tmp_path):
    [row] = read(feedbaby, f"{header}\n{','.join('1' * len(header.split(',')))}\n", tmp_path)
    assert row == {"source_row": 1, "kind": "other"}
