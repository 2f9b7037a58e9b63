"""Baby Connect, Nursing and Nursing Timer: where their amounts, units, sides and times stand."""

import pandas as pd
import pytest

from pipelines.readers import babyconnect, droste, nursing_timer
from pipelines.readers.nursing_timer import timer_minutes
from pipelines.study import SourceOptions

VOLUMES = ["volume_left", "volume_right", "volume_total"]


def read(reader, text: str, folder, options: SourceOptions | None = None):
    path = folder / "export"
    path.write_text(text, encoding="utf-8")
    return reader.read(path, options or SourceOptions())


@pytest.mark.parametrize(
    ("quantity", "unit", "text", "volumes"),
    [
        ("75", "ml", "75 ml Expressed (40L, 35R) (18m)", ["40 ml", "35 ml", "75 ml"]),
        ("2.5", "oz", "2.5 oz Expressed (1.5L, 1R)", ["1.5 oz", "1 oz", "2.5 oz"]),
        ("60", "ml", "60 ml Expressed (60L)", ["60 ml", "", "60 ml"]),
        ("60", "ml", "60 ml Expressed (60R) (9m)", ["", "60 ml", "60 ml"]),
        ("60", "ml", "60 ml Expressed", ["", "", "60 ml"]),
        ("60", "", "60 Expressed (30L, 30R)", ["30", "30", "60"]),
        ("", "ml", "Expressed", ["", "", ""]),
    ],
)
def test_baby_connect_sides_stand_in_the_text_and_share_the_rows_unit(
    quantity, unit, text, volumes, tmp_path
):
    header = (
        "Start Time,End Time,Activity,Duration (min),Quantity,Extra data,Text,Notes,Caregiver,Child Name\n"
    )
    row = f'2021-05-02 06:10,2021-05-02 06:28,"Expressed",18,{quantity},"{unit}","{text}",,"A","B01"\n'
    rows = read(babyconnect, header + row, tmp_path).rows
    assert rows[VOLUMES].astype(object).fillna("").values.tolist() == [volumes]


def dump(*rows: str) -> str:
    return "".join(f'"14";"22.02.2026 06:21:10";"22.02.2026 06:35:16";{row}\n' for row in rows)


LEFT, RIGHT = '"9";"1";"__EMPTY__";"1";70.0', '"10";"1";"__EMPTY__";"1";60.5'


def test_the_two_rows_of_a_dump_give_one_total(tmp_path):
    rows = read(droste, dump(LEFT, RIGHT), tmp_path).rows
    assert rows.volume_total.tolist() == ["130.5", "130.5"]
    assert rows.session_group.nunique() == 1
    assert "volume_left" not in rows


@pytest.mark.parametrize(("sides", "first"), [("9=left", "volume_left"), ("10=left", "volume_right")])
def test_the_study_file_says_which_code_is_left(sides, first, tmp_path):
    extract = read(droste, dump(LEFT, RIGHT), tmp_path, SourceOptions(sides=sides))
    assert extract.rows[first].fillna("").tolist() == ["70.0", ""]
    assert "volume_total" not in extract.rows
    assert not extract.warnings


def test_one_row_alone_is_the_total_of_its_session(tmp_path):
    assert read(droste, dump(RIGHT), tmp_path).rows.volume_total.tolist() == ["60.5"]


def test_a_blank_side_leaves_the_total_unknown(tmp_path):
    rows = read(droste, dump(LEFT, RIGHT.replace("60.5", "null")), tmp_path).rows
    assert rows.volume_total.isna().all()
    assert rows.problem_code.isna().all()


def test_an_unreadable_side_takes_the_other_one_with_it(tmp_path):
    rows = read(droste, dump(LEFT, RIGHT.replace("60.5", "6O.5")), tmp_path).rows
    assert rows.volume_total.tolist() == ["70.0", "6O.5"]
    assert rows.problem_code.fillna("").tolist() == ["other_side_unreadable", ""]


@pytest.mark.parametrize(
    ("text", "minutes"),
    [("14:3", "14.05"), ("75:10", "75.17"), ("7:37:00", "7.617"), ("0:0", None), ("3:xx", "3:xx")],
)
def test_a_timer_writes_minutes_and_seconds(text, minutes):
    assert timer_minutes(text) == minutes


def test_time_on_both_sides_gives_no_duration_and_is_said(tmp_path):
    header = "#, time, Left, Right, Bottle, Bottle Amount, Sleep time, wet, solid, Pump Amount\n"
    rows = (
        "1, 10/24/25 23:31:25, 5:0, 7:30, , , , , , 100ml\n2, 10/25/25 03:31:25, 0:0, 7:30, , , , , , 1oz\n"
    )
    extract = read(nursing_timer, header + rows, tmp_path)
    assert extract.rows.duration_min.isna().tolist() == [True, False]
    assert extract.warnings[0].startswith("1 session(s) have time on both sides")
    assert pd.Series(extract.rows.volume_total).tolist() == ["100ml", "1oz"]


def test_sections_that_restart_and_headers_between_them_are_other(tmp_path):
    header = "#, time, Left, Right, Bottle, Bottle Amount, Sleep time, wet, solid, Pump Amount\n"
    text = f"{header}1, 10/24/25 23:31:25, , , , , , , , 100ml\n#, time, Left\n1, 10/24/25 13:45:00, , , , , 1:20\n"
    assert read(nursing_timer, text, tmp_path).rows.kind.tolist() == ["session", "other", "other"]
