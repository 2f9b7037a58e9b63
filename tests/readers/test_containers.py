"""Opening text, tables, workbooks and Parquet: every row accounted for, whatever happened to the file."""

import csv
import io
from datetime import date, datetime, time, timedelta
from pathlib import Path

import ibis
import openpyxl
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines import readers
from pipelines.errors import InputError
from pipelines.readers.containers.large import is_plain, lazy_csv
from pipelines.readers.containers.records import records
from pipelines.readers.containers.tables import Layout, find_layout, read_table
from pipelines.readers.containers.text import decode
from pipelines.readers.containers.workbooks import cell_text

HEADER = ("participant_id", "started_at", "volume_ml")
CELL = st.text(alphabet=st.sampled_from('ab1 é,;"\n\t'), max_size=6)
WORD = st.text(alphabet="abc123", min_size=1, max_size=5)


def written(rows: list[list[str]], delimiter: str = ",") -> str:
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, lineterminator="\n").writerows(rows)
    return out.getvalue()


def table_of(text: str | bytes, folder: Path, header=HEADER):
    path = folder / "table.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    layout = find_layout(path, lambda names: [name.lower() for name in names] == list(header))
    assert layout is not None
    return read_table(path, layout)


@given(st.lists(st.lists(CELL, min_size=3, max_size=3), max_size=12), st.sampled_from(",;\t|"))
@settings(max_examples=150, deadline=None)
def test_what_the_csv_module_writes_comes_back_row_by_row(rows, delimiter):
    text = written(rows, delimiter)
    found = [record.cells for record in records(text.split("\n"), delimiter, 3)]
    expected = [[cell.strip() for cell in row] for row in rows if any(cell.strip() for cell in row)]
    assert found == expected


@given(st.lists(st.lists(WORD, min_size=3, max_size=3), min_size=2, max_size=15), st.data())
@settings(max_examples=150, deadline=None)
def test_a_quote_that_is_never_closed_costs_its_own_row_only(rows, data):
    place = data.draw(st.integers(0, len(rows) - 1))
    lines = [",".join(row) for row in rows]
    lines[place] = f'{rows[place][0]},"{rows[place][1]},{rows[place][2]}'
    found = list(records(lines, ",", 3))
    assert len(found) == len(rows)
    assert [number for number, record in enumerate(found) if record.problem] == [place]
    assert all(
        record.cells == row
        for number, (record, row) in enumerate(zip(found, rows, strict=True))
        if number != place
    )


def test_two_quotes_that_are_never_closed_do_not_swallow_what_stands_between():
    lines = ['a,"b,c', "1,2,3", 'd,"e,f', 'g,"h,i']
    found = [(record.cells[0], record.problem) for record in records(lines, ",", 3)]
    assert found == [("a", "unclosed_quote"), ("1", ""), ("d", "unclosed_quote"), ("g", "unclosed_quote")]


def test_a_quote_within_a_cell_is_part_of_its_text():
    found = [(record.cells, record.problem) for record in records(['a,"b" or so,c', '1,5" tall,3'], ",", 3)]
    assert found == [(["a", "b or so", "c"], ""), (["1", '5" tall', "3"], "")]


@given(st.lists(st.text(alphabet='a,"\t;x ', max_size=8), max_size=20))
@settings(max_examples=200, deadline=None)
def test_every_filled_line_ends_up_in_some_record(lines):
    found = list(records(lines, ",", 3))
    letters = sum(line.count("a") + line.count("x") for line in lines)
    assert sum(cell.count("a") + cell.count("x") for record in found for cell in record.cells) == letters


@given(st.lists(st.lists(CELL, min_size=2, max_size=4), min_size=1, max_size=8), st.booleans())
@settings(max_examples=40, deadline=None)
def test_the_engine_and_we_read_the_same_wherever_a_file_is_called_plain(
    tmp_path_factory, backend, rows, quoted
):
    path = tmp_path_factory.mktemp("plain") / "table.csv"
    lines = [",".join(row) for row in rows]
    text = written(rows) if quoted else "\n".join(lines) + "\n"
    path.write_text("first,second,third\n" + text, encoding="utf-8", newline="")
    layout = Layout(",", ("first", "second", "third"))
    ours = read_table(path, layout).cells
    with readers.scratch_space():
        theirs = lazy_csv(path, layout, backend)[0].order_by("source_row").to_pandas()
    columns = ["source_row", "c0", "c1", "c2"]
    plain = is_plain(path, layout)
    ours, theirs = ours[columns].fillna(""), theirs[columns].fillna("")
    if not plain:  # the tidied copy has one line a row
        ours = ours.replace("\n", " ", regex=True)
    assert ours.values.tolist() == theirs.values.tolist()


@pytest.fixture(scope="module")
def backend():
    return ibis.duckdb.connect()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_unicode_in_any_form_is_told_by_its_bytes(encoding):
    assert decode("größe,搾乳,Мама\n1,2,3\n".encode(encoding))[0] == "größe,搾乳,Мама\n1,2,3\n"


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("cp1252", "Müller,Zoë,Anaïs,größer,février,très bien,où,là-bas\n"),
        ("cp1251", "Мама сцеживала молоко утром и вечером каждый день\n"),
        ("cp932", "搾乳しました。左のほうが少ないです。ミルクも少し\n"),
    ],
)
def test_legacy_encodings_are_told_by_their_letters(encoding, text):
    assert decode(text.encode(encoding))[0] == text


def test_one_broken_byte_does_not_turn_the_file_into_another_language(tmp_path):
    text = (
        "participant_id,started_at,volume_ml\nАнна Zoë Мария,2026-01-01 10:00,5\n".encode() + b"K\xff,1,2\n"
    )
    table = table_of(text, tmp_path)
    assert table.cells.c0.tolist() == ["Анна Zoë Мария", "K\ufffd"]
    assert table.warnings == ("some characters could not be read as utf-8",)


def test_spaces_of_all_kinds_are_plain_spaces():
    assert decode("6:02\u202fAM\u00a0\u3000x\ufeff".encode())[0] == "6:02 AM  x"


def test_line_ends_of_three_systems_in_one_file_separate_rows(tmp_path):
    table = table_of("participant_id,started_at,volume_ml\r\nA,1,2\rB,3,4\nC,5,6\r\n\r\nD,7,8", tmp_path)
    assert table.cells.c0.tolist() == ["A", "B", "C", "D"]


def test_null_bytes_are_no_characters(tmp_path):
    table = table_of("participant_id,started_at,volume_ml\nA\0,1,2\0\0\n", tmp_path)
    assert table.cells.iloc[0, :3].tolist() == ["A", "1", "2"]


def test_the_delimiter_is_told_by_the_header_not_by_decimal_commas(tmp_path):
    table = table_of("participant_id;started_at;volume_ml\nA;1,5;2,5\nB;3,25;4,75\n", tmp_path)
    assert table.layout.delimiter == ";"
    assert table.cells.c2.tolist() == ["2,5", "4,75"]


def test_title_lines_above_the_header_are_no_rows(tmp_path):
    table = table_of(
        "Log of ward 3\n\nprinted, today\nparticipant_id,started_at,volume_ml\nA,1,2\n", tmp_path
    )
    assert len(table.cells) == 1
    assert table.warnings == ("2 title line(s) above the header were left out",)


def test_short_rows_are_filled_up_and_long_ones_marked(tmp_path):
    table = table_of("participant_id,started_at,volume_ml\nA\nB,1,2,3\nC,1,2,,,\n", tmp_path)
    assert table.cells.c0.tolist() == ["A", "B", "C"]
    assert table.cells.problem.fillna("").tolist() == ["", "ragged_row", ""]


def test_a_last_row_cut_short_is_marked(tmp_path):
    table = table_of("participant_id,started_at,volume_ml\nA,1,2\nB,1", tmp_path)
    assert table.cells.problem.fillna("").tolist() == ["", "truncated_row"]


def test_a_note_over_several_lines_is_one_row(tmp_path):
    table = table_of('participant_id,started_at,volume_ml\nA,"one\ntwo, ""three""\n",2\nB,1,2\n', tmp_path)
    assert table.cells.c1.tolist() == ['one\ntwo, "three"', "1"]


@pytest.mark.parametrize(
    "text",
    [
        "a,b\n1,2\n\n3,4\n",
        "a,b\n1,2\n3\n",
        "a,b\n1,2,3\n",
        'a,b\n1,"2\n3"\n',
        'a,b\n1,x"2"\n',
        "a,b\n1, 2\n",
        "a,b\n1,2\na,b\n3,4\n",
        "a,b\n1,2\n,\n",
        "a,b\n1,2\r\n3,4\n",
        "a,b\n1,\0\n",
    ],
)
def test_a_file_with_anything_odd_is_not_called_plain(text, tmp_path):
    path = tmp_path / "odd.csv"
    path.write_text(text, encoding="utf-8", newline="")
    assert not is_plain(path, Layout(",", ("a", "b")))


@pytest.mark.parametrize(
    "text", ["a,b\n1,2\n3,4\n", "a,b\r\n1,2\r\n3,4", '"a","b"\n"1","x, ""y"""\n', "a,b\nä,ö\n"]
)
def test_a_tidy_file_is_called_plain(text, tmp_path):
    path = tmp_path / "tidy.csv"
    path.write_text(text, encoding="utf-8", newline="")
    assert is_plain(path, Layout(",", ("a", "b")))


def test_a_file_name_with_wildcards_means_that_file(tmp_path, backend):
    for name in ("log[1].csv", "log1.csv"):
        (tmp_path / name).write_text(f"a,b\n{name},2\n")
    with readers.scratch_space():
        rows = lazy_csv(tmp_path / "log[1].csv", Layout(",", ("a", "b")), backend)[0].to_pandas()
    assert rows.c0.tolist() == ["log[1].csv"]


@pytest.mark.parametrize(
    ("value", "number_format", "text"),
    [
        (None, "", ""),
        (True, "", "true"),
        (95.0, "0.0", "95"),
        (95.5, "0.0", "95.5"),
        (datetime(2026, 2, 1, 6, 10), "yyyy-mm-dd hh:mm", "2026-02-01 06:10:00"),
        (datetime(2026, 2, 1), "yyyy-mm-dd", "2026-02-01"),
        (datetime(2026, 2, 1), "yyyy-mm-dd hh:mm", "2026-02-01 00:00:00"),
        (date(2026, 2, 1), "", "2026-02-01"),
        (time(6, 10), "hh:mm", "06:10:00"),
        (timedelta(minutes=20), "[h]:mm", "00:20:00"),
        ("left", "", "left"),
    ],
)
def test_a_cell_of_a_workbook_becomes_the_text_of_a_csv(value, number_format, text):
    assert cell_text(value, number_format) == text


def workbook(path: Path, sheets: dict[str, list[list]]) -> Path:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    book.save(path)
    return path


def test_every_filled_sheet_is_a_part_of_its_own(tmp_path):
    log = [["participant_id", "started_at", "volume_ml"], ["A", datetime(2026, 2, 1, 6, 10), 95.0]]
    diary = [["participant_id", "date", "stress"], ["A", date(2026, 2, 1), 7]]
    path = workbook(tmp_path / "study.xlsx", {"log": log, "empty": [], "diary": diary})
    with readers.scratch_space():
        found = {part.name: readers.read(part.path).rows.to_pandas() for part in readers.parts(path)}
    assert found["log"][["started_at", "volume_total", "kind"]].values.tolist() == [
        ["2026-02-01 06:10:00", "95", "session"]
    ]
    assert found["diary"][["date", "stress", "kind"]].values.tolist() == [["2026-02-01", "7", "day"]]
    assert set(found) == {"log", "diary"}


def test_a_workbook_of_several_sheets_is_not_read_as_one_file(tmp_path):
    rows = [["participant_id", "date", "stress"], ["A", "2026-02-01", 7]]
    path = workbook(tmp_path / "study.xlsx", {"one": rows, "two": rows})
    with pytest.raises(InputError, match="several parts"):
        readers.read(path)


def test_a_damaged_workbook_is_refused_in_words(tmp_path):
    path = workbook(tmp_path / "study.xlsx", {"log": [["participant_id"], ["A"]]})
    data = path.read_bytes()
    for end in range(len(data) // 4, len(data), len(data) // 7):
        path.write_bytes(data[:end])
        with pytest.raises(InputError, match=r"study\.xlsx"):
            readers.read(path)


def test_copies_are_gone_after_the_scratch_space(tmp_path):
    path = workbook(tmp_path / "study.xlsx", {"log": [["participant_id", "parity"], ["A", "first_birth"]]})
    with readers.scratch_space() as folder:
        copy = readers.parts(path)[0].path
        assert copy.exists()
        assert copy.is_relative_to(folder)
    assert not copy.exists()


def test_parquet_gives_the_rows_that_the_same_csv_gives(tmp_path, backend):
    frame = pd.DataFrame(
        {
            "participant_id": ["A", "B", None],
            "started_at": pd.to_datetime(["2026-02-01 06:10", "2026-02-01 10:35", None]),
            "volume_ml": [95.0, float("nan"), 0.0],
            "relaxation": [True, False, None],
        }
    )
    frame.to_parquet(tmp_path / "log.parquet")
    rows = readers.read(tmp_path / "log.parquet", backend=backend).rows.order_by("source_row").to_pandas()
    assert rows.source_row.tolist() == [1, 2, 3]
    assert rows.started_at.fillna("").tolist() == ["2026-02-01 06:10:00", "2026-02-01 10:35:00", ""]
    assert rows.volume_total.fillna("").tolist() == ["95.0", "", "0.0"]
    assert rows.relaxation.fillna("").tolist() == ["true", "false", ""]


def test_a_damaged_parquet_file_is_refused_in_words(tmp_path):
    path = tmp_path / "log.parquet"
    path.write_bytes(b"PAR1 and then nothing that belongs there")
    with pytest.raises(InputError, match=r"log\.parquet"):
        readers.identify(path)


def test_a_large_table_needs_no_backend_of_the_caller(tmp_path):
    frame = pd.DataFrame({"participant_id": ["A"], "date": ["2026-02-01"], "stress": [4]})
    frame.to_parquet(tmp_path / "diary.parquet")
    rows = readers.read(tmp_path / "diary.parquet").rows.to_pandas()
    assert rows[["kind", "stress"]].values.tolist() == [["day", "4"]]
