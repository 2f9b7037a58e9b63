"""Phone apps: what is a session, which amount is which, what is never read."""

import pytest

from pipelines.readers import babybuddy, huckleberry, piyolog
from pipelines.readers.huckleberry import clock_minutes
from pipelines.study import SourceOptions

OPTIONS = SourceOptions()


def read(reader, text: str, folder):
    path = folder / "export"
    path.write_text(text, encoding="utf-8")
    return reader.read(path, OPTIONS).rows


@pytest.mark.parametrize(
    ("first", "second", "left", "right", "total"),
    [
        ("85ml", "60ml", "85ml", "60ml", ""),
        ("85ml", "", "", "", "85ml"),
        ("", "60ml", "", "", "60ml"),
        ("0oz", "2oz", "0oz", "2oz", ""),
        ("", "", "", "", ""),
    ],
)
def test_one_huckleberry_amount_is_a_total_of_unknown_side(first, second, left, right, total, tmp_path):
    header = "Type,Start,End,Duration,Start Condition,Start Location,End Condition,Notes\n"
    rows = read(huckleberry, f"{header}Pump,2026-02-03 06:10,,,{first},,{second},\n", tmp_path).fillna("")
    assert rows[["volume_left", "volume_right", "volume_total"]].values.tolist() == [[left, right, total]]


@pytest.mark.parametrize(
    ("text", "minutes"),
    [("00:20", "20"), ("01:05", "65"), ("0:20:30", "20.5"), ("20 min", "20 min"), ("1:5", "1:5")],
)
def test_a_huckleberry_duration_becomes_minutes_or_stays(text, minutes):
    assert clock_minutes(text) == minutes


def test_huckleberry_zeros_are_suspect_and_babybuddy_zeros_are_not(tmp_path):
    path = tmp_path / "export"
    path.write_text("Type,Start,End,Duration,Start Condition,Start Location,End Condition,Notes\n")
    assert huckleberry.read(path, OPTIONS).zero_suspect
    path.write_text("child_id,amount,time\n")
    assert not babybuddy.read(path, OPTIONS).zero_suspect


@pytest.mark.parametrize(
    "header",
    [
        "child_id,start,end,type,method,amount,notes",
        "id,child_id,child_first_name,child_last_name,time,wet,solid,color,amount,notes,tags",
        "child_id,start,end,nap,notes",
        "child_id,bmi,date,notes",
    ],
)
def test_babybuddy_exports_of_anything_else_are_other(header, tmp_path):
    rows = read(babybuddy, f"{header}\n{','.join(['1'] * len(header.split(',')))}\n", tmp_path)
    assert rows.kind.tolist() == ["other"]


def test_babybuddy_without_the_child_columns_is_still_known(tmp_path):
    rows = read(
        babybuddy, "id,start,end,amount,notes\n5,2026-02-03 06:40:00,2026-02-03 07:02:00,95.0,\n", tmp_path
    )
    assert rows[["source_session_id", "volume_total"]].values.tolist() == [["5", "95.0"]]


@pytest.mark.parametrize(
    "heading",
    [
        "2026/3/1(日)",
        "2026年3月1日 周日",
        "Sun, 1 Mar 2026",
        "Sun, Mar 1, 2026",
        "1 March 2026",
        "[PiyoLog]Sun, 1 Mar 2026",
        "【ぴよログ】2026/3/1(日)",
    ],
)
def test_piyolog_day_headings_of_three_languages_are_read(heading, tmp_path):
    rows = read(piyolog, f"[PiyoLog]\n{heading}\n06:10   Pumping 95ml   \n", tmp_path)
    assert rows.started_at.tolist() == ["2026-03-01 06:10"]


@pytest.mark.parametrize(
    ("line", "amount"),
    [
        ("06:10   Pumping 95ml   ", "95ml"),
        ("06:10   搾乳 95ml   ", "95ml"),
        ("06:10   95ml   ", "95ml"),
        ("06:10   Pumping 3.5oz   slow today 20ml less", "3.5oz"),
        ("06:10 AM   Pumping 95ml", "95ml"),
    ],
)
def test_piyolog_milk_expressed_is_a_session(line, amount, tmp_path):
    rows = read(piyolog, f"[PiyoLog]\n2026/3/1\n{line}\n", tmp_path)
    assert rows.kind.tolist() == ["session"]
    assert rows.volume_total.tolist() == [amount]


@pytest.mark.parametrize("line", ["06:10   Pumping -95ml", "06:10   -95ml", "06:10   搾乳 -95ml"])
def test_the_sign_of_a_piyolog_amount_is_kept_so_that_the_row_is_set_aside(line, tmp_path):
    assert read(piyolog, f"[PiyoLog]\n2026/3/1\n{line}\n", tmp_path).volume_total.tolist() == ["-95ml"]


@pytest.mark.parametrize(
    "line",
    [
        "07:00   Expressed Breast Milk 60ml   ",
        "07:00   搾母乳 60ml",
        "07:00   瓶喂母乳 145ml   ",
        "07:00   Formula 40ml   before pumping 20ml",
        "07:00   体重 3.32kg",
        "07:00   ミルク 40ml   搾乳 80ml のあと",
    ],
)
def test_piyolog_milk_fed_is_other(line, tmp_path):
    assert read(piyolog, f"[PiyoLog]\n2026/3/1\n{line}\n", tmp_path).kind.tolist() == ["other"]


def test_piyolog_totals_and_diary_are_no_rows_but_times_in_the_diary_are_told(tmp_path):
    path = tmp_path / "export"
    path.write_text(
        "[PiyoLog]Sun, 1 Mar 2026\nBaby (1m)\n\n06:10   Pumping 95ml\n\nTotal Formula 1 times 40ml\n\n20:00   90ml\n"
    )
    extract = piyolog.read(path, OPTIONS)
    assert len(extract.rows) == 1
    assert extract.warnings == ("1 line(s) of the diary begin with a clock time and were not read as events",)


def test_piyolog_sessions_without_a_day_or_a_time_are_kept_and_marked(tmp_path):
    rows = read(piyolog, "[PiyoLog]Mar 2026\n06:10   Pumping 95ml\n2026/3/1\nPumping 80ml\n07:00\n", tmp_path)
    assert rows.kind.tolist() == ["session"] * 3
    assert rows.problem_code.tolist() == ["no_date", "unreadable_line", "unreadable_line"]
