"""Forms of a study file's items: date and clock in two columns, a column that tells the sessions, durations."""

import pytest

from pipelines import readers
from pipelines.errors import InputError
from pipelines.readers.containers.tables import header_code
from pipelines.study import Item, SourceOptions
from tests.readers.samples import frame

SPREADSHEET = (
    "Date,Time,Type,Amount (oz),,Left (min),Comments\n"
    "04/18/2026,6:32 PM,Pump,3.5,,12,first\n"
    "04/18/2026,9:00 PM,Nursing,,,12,\n"
    "04/19/2026,,pump ,2.25,,10,\n"
)


def rows_of(folder, text: str, **items):
    path = folder / "P01.csv"
    path.write_text(text, encoding="utf-8")
    return frame(readers.read(path, SourceOptions(items=items)))


def test_date_and_clock_are_joined_and_rows_of_another_kind_are_other(tmp_path):
    rows = rows_of(
        tmp_path,
        SPREADSHEET,
        started_at=Item("Date", time="Time"),
        kind=Item("Type", session=("PUMP",)),
        volume_ml=Item("Amount (oz)"),
    )
    assert rows.started_at.tolist() == ["04/18/2026 6:32 PM", "04/18/2026 9:00 PM", "04/19/2026"]
    assert rows.kind.tolist() == ["session", "other", "session"]
    assert rows.unit.tolist() == ["oz"] * 3 and rows.volume_total.tolist()[0] == "3.5"


@pytest.mark.parametrize(
    ("written", "cell", "minutes"),
    [
        ("h:mm", "0:25", "25.0"),
        ("h:mm", "1:05:30", "65.5"),
        ("m:ss", "25:30", "25.5"),
        ("m:ss", "1:05:30", "65.5"),
        ("words", "1 hr 52 min", "112.0"),
        ("words", "23 min", "23.0"),
        ("seconds", "1260", "21.0"),
        ("hours", "0,5", "30.0"),
        ("h:mm", "soon", "soon"),
    ],
)
def test_durations_become_minutes_and_what_is_none_stays(written, cell, minutes, tmp_path):
    text = f"start;length\n2026-02-01 10:00;{cell}\n"
    rows = rows_of(tmp_path, text, started_at=Item("start"), duration_min=Item("length", written=written))
    assert rows.duration_min.tolist() == [minutes]


@pytest.mark.parametrize(("written", "cell"), [("epoch_s", "1640027700.5"), ("epoch_ms", "1640027700500")])
def test_counts_since_1970_are_times_in_utc(written, cell, tmp_path):
    rows = rows_of(
        tmp_path, f"t,ml\n{cell},50\n", started_at=Item("t", written=written), volume_ml=Item("ml")
    )
    assert rows.started_at.tolist() == ["2021-12-20 19:15:00Z"]


@pytest.mark.parametrize(
    ("cell", "local"),
    [
        ("46054.2569444444", "2026-02-01 06:10:00"),
        ("46054,5", "2026-02-01 12:00:00"),
        ("7", "7"),
        ("soon", "soon"),
    ],
)
def test_a_spreadsheets_days_are_the_local_clock_and_what_is_none_stays(cell, local, tmp_path):
    items = {"started_at": Item("t", written="excel_days"), "volume_ml": Item("ml")}
    assert rows_of(tmp_path, f"t;ml\n{cell};50\n", **items).started_at.tolist() == [local]


def test_a_clock_column_that_is_not_there_is_named(tmp_path):
    with pytest.raises(InputError, match="Uhr"):
        rows_of(tmp_path, SPREADSHEET, started_at=Item("Date", time="Uhr"))


def test_a_header_is_known_by_its_names_below_titles_and_with_other_signs(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("My log\n\ndate;TIME;type;amount_oz;;left min;comments;\n1;2;3;4;5;6;7\n")
    code = header_code(SPREADSHEET.splitlines()[0].split(","))
    assert readers.has_header(path, code) and not readers.has_header(path, header_code(["date"]))
