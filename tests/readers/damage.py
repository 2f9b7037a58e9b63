"""Eleven ways in which an export gets damaged, each a function from the bytes of a sample to damaged bytes.

They keep the sample's format, so they work on every reader's clean sample of text: tables, dumps without a header,
and PiyoLog.
"""

import csv
import io
import re
from collections.abc import Callable

_VOLUME_HEADER = re.compile(r"(?i)volume|amount|condition|quantity|pump_left|pump_right|\b(?:ml|oz)\b")
_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_UNIT = re.compile(r"(?i)(?<=\d)\s?(ml|oz)\b")
Cells = list[list[str]]


def _is_table(text: str) -> bool:
    return not text.startswith(("[Piyo", "【"))


def _delimiter(first_line: str) -> str:
    return next((sign for sign in "\t;" if sign in first_line), ",")


def _rewrite(data: bytes, change: Callable[[Cells], Cells]) -> bytes:
    """A table with its cells changed; the delimiter is a tab or semicolon where the first line holds one."""
    text = data.decode("utf-8")
    delimiter = _delimiter(text.split("\n", 1)[0])
    rows = list(csv.reader(io.StringIO(text), delimiter=delimiter, skipinitialspace=True))
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, lineterminator="\n").writerows(change(rows))
    return out.getvalue().encode("utf-8")


def _volume_places(row: list[str], header: list[str]) -> list[int]:
    """Where a row holds volumes: below the headers that say so; in a dump without a header, last in its type 14."""
    if header[0].isdigit():
        return [7] if row[0] == "14" else []
    return [place for place, name in enumerate(header[: len(row)]) if _VOLUME_HEADER.search(name)]


def _on_volumes(data: bytes, in_cell: Callable[[str, int], str]) -> bytes:
    """Change every filled cell of the volume columns; the function gets the cell and its row's number."""

    def change(rows: Cells) -> Cells:
        for number, row in enumerate(rows, start=-1):
            for place in _volume_places(row, rows[0]):
                if _NUMBER.match(row[place]):
                    row[place] = in_cell(row[place], number)
        return rows

    return _rewrite(data, change)


def truncated(data: bytes) -> bytes:
    """Cut off in the middle of the last line."""
    end = len(data.rstrip())
    start = data.rstrip().rfind(b"\n")
    return data[: (start + end) // 2]


def wrong_encoding(data: bytes) -> bytes:
    """Saved as UTF-16, as some spreadsheet programs do."""
    return data.decode("utf-8").encode("utf-16")


def mixed_line_ends(data: bytes) -> bytes:
    """Line ends of three systems by turns."""
    ends = (b"\r\n", b"\n", b"\r")
    return b"".join(line + ends[number % 3] for number, line in enumerate(data.rstrip(b"\n").split(b"\n")))


def extra_header_rows(data: bytes) -> bytes:
    """Two title lines above, and the first line again in the middle and at the end."""
    lines = data.rstrip(b"\n").split(b"\n")
    middle = len(lines) // 2
    titles = [b"Exported by somebody", b""]
    return b"\n".join([*titles, *lines[:middle], lines[0], *lines[middle:], lines[0]]) + b"\n"


def ragged_rows(data: bytes) -> bytes:
    """Every third row a cell too long, every third one too short."""
    lines = data.decode("utf-8").replace("\r\n", "\n").rstrip("\n").split("\n")
    delimiter = _delimiter(lines[0])
    for number in range(1, len(lines)):
        if number % 3 == 1 and lines[number]:
            lines[number] += f"{delimiter}one{delimiter}more"
        elif number % 3 == 2:
            lines[number] = lines[number].rpartition(delimiter)[0] or lines[number]
    return ("\n".join(lines) + "\n").encode("utf-8")


def unknown_unit(data: bytes) -> bytes:
    """All volumes in teaspoons, in headers and cells."""
    text = data.decode("utf-8")
    if not _is_table(text):
        return _UNIT.sub("tsp", text).encode("utf-8")
    header, rest = text.split("\n", 1)
    header = re.sub(r"_(ml|oz)\b", "_tsp", header)
    rest = re.sub(r'(?<=["' + _delimiter(header) + "])(ml|oz)\\b", "tsp", rest)
    return _on_volumes(
        f"{header}\n{rest}".encode(),
        lambda cell, _: _UNIT.sub("", cell) + ("" if "_tsp" in header else " tsp"),
    )


def both_units(data: bytes) -> bytes:
    """One column with millilitres and ounces by turns, stated in each cell."""
    text = data.decode("utf-8")
    if _is_table(text):
        return _on_volumes(data, lambda cell, row: _UNIT.sub("", cell) + ("ml", " oz")[row % 2])
    numbers = iter(range(len(text)))
    return _UNIT.sub(lambda _: ("ml", " oz")[next(numbers) % 2], text).encode("utf-8")


def impossible_volume(data: bytes) -> bytes:
    """Every volume is more than any breast holds."""
    text = data.decode("utf-8")
    if _is_table(text):
        return _on_volumes(data, lambda cell, _: _NUMBER.sub("99999", cell, count=1))
    return re.sub(r"(?i)[\d.]+(?=\s?(ml|oz)\b)", "99999", text).encode("utf-8")


def negative_volume(data: bytes) -> bytes:
    """Every volume below 0."""
    text = data.decode("utf-8")
    if _is_table(text):
        return _on_volumes(data, lambda cell, _: f"-{cell}")
    return re.sub(r"(?i)(?<![\d.])[\d.]+(?=\s?(ml|oz)\b)", r"-\g<0>", text).encode("utf-8")


def future_date(data: bytes) -> bytes:
    """Every year seventy years ahead."""
    return re.sub(rb"\b20([0-2]\d)(?=[-/ \xe5]|$|\n)", lambda year: b"20%d" % (int(year[1]) + 70), data)


def empty(data: bytes) -> bytes:
    """Nothing left."""
    return b""


DAMAGES: dict[str, Callable[[bytes], bytes]] = {
    "truncated": truncated,
    "wrong_encoding": wrong_encoding,
    "mixed_line_ends": mixed_line_ends,
    "extra_header_rows": extra_header_rows,
    "ragged_rows": ragged_rows,
    "unknown_unit": unknown_unit,
    "both_units": both_units,
    "impossible_volume": impossible_volume,
    "negative_volume": negative_volume,
    "future_date": future_date,
    "empty": empty,
}
