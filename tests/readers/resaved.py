"""A table as a spreadsheet program writes it after opening it: other signs between cells, other numbers and dates.

Cells are changed as the program changes them: a text such as "85 ml" stays, a number loses its last zeros, a long one
all but its first digits, a time of day its leading zero, and a date takes the order of the computer's language.
"""

import csv
import io
import re
from collections.abc import Callable

Cell = Callable[[str], str]

_NUMBER = re.compile(r"-?\d+\.\d+")
_LONG_NUMBER = re.compile(r"\d{12,}")
_CLOCK = re.compile(r"(\d{1,3}):(\d{1,2})")
_ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:[ T](\d{2}):(\d{2})(?::\d{2})?)?")
_US = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{2}) (\d{2}):(\d{2})(?::\d{2})?")
_DOTTED = re.compile(r"(\d{2})\.(\d{2})\.(\d{4}) (\d{2}):(\d{2})(?::\d{2})?")


def _cell(text: str) -> str:
    """What every program does to a cell that it takes for a number, a truth or a time of day."""
    text = text.strip()
    if _NUMBER.fullmatch(text):
        return f"{float(text):.10g}"
    if _LONG_NUMBER.fullmatch(text):
        return f"{int(text):.5E}"
    if text.lower() in ("true", "false"):
        return text.upper()
    clock = _CLOCK.fullmatch(text)
    if clock and int(clock[2]) < 60:
        hours = int(clock[1])
        return f"{hours}:{int(clock[2]):02d}" + (":00" if hours > 23 else "")
    return text


def _decimal_comma(text: str) -> str:
    return text.replace(".", ",") if _NUMBER.fullmatch(text) else text


def _local(text: str) -> str:
    """A date as day/month/year, or in the order that the format had; seconds are not shown."""
    iso, american, dotted = _ISO.fullmatch(text), _US.fullmatch(text), _DOTTED.fullmatch(text)
    if iso:
        date = f"{int(iso[3])}/{int(iso[2])}/{iso[1]}"
        return f"{date} {int(iso[4])}:{iso[5]}" if iso[4] else date
    if american:
        return f"{int(american[1])}/{int(american[2])}/20{american[3]} {int(american[4])}:{american[5]}"
    if dotted:
        return f"{dotted[1]}.{dotted[2]}.{dotted[3]} {int(dotted[4])}:{dotted[5]}"
    return text


def _rows(data: bytes) -> list[list[str]]:
    text = data.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
    opening = "".join(text.split("\n")[:3])
    delimiter = max("\t;,", key=opening.count)
    rows = list(csv.reader(io.StringIO(text), delimiter=delimiter, skipinitialspace=delimiter != "\t"))
    width = max(map(len, rows))
    return [row + [""] * (width - len(row)) for row in rows]


def _written(data: bytes, delimiter: str, encoding: str, *changes: Cell) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter, lineterminator="\r\n")
    for row in _rows(data):
        cells = [_cell(cell) for cell in row]
        for change in changes:
            cells = [change(cell) for cell in cells]
        writer.writerow(cells)
    return out.getvalue().encode(encoding, "replace")


VARIANTS: dict[str, Callable[[bytes], bytes]] = {
    "mark_and_crlf": lambda data: _written(data, ",", "utf-8-sig"),
    "semicolons": lambda data: _written(data, ";", "utf-8-sig"),
    "decimal_comma": lambda data: _written(data, ";", "utf-8-sig", _decimal_comma),
    "local_dates": lambda data: _written(data, ",", "utf-8-sig", _local),
    "all_local": lambda data: _written(data, ";", "cp1252", _decimal_comma, _local),
    "utf16_tabs": lambda data: _written(data, "\t", "utf-16", _decimal_comma, _local),
}
