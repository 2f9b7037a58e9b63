"""Delimited text as a table: where its header stands, and all its rows as text."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from pathlib import Path

import pandas as pd

from pipelines.errors import InputError
from pipelines.readers.containers.records import TRUNCATED, Record, records
from pipelines.readers.containers.text import first_lines, whole_text
from pipelines.settings import load_settings

DELIMITERS = (",", ";", "\t", "|")
HeaderTest = Callable[[Sequence[str]], bool]


@dataclass(frozen=True)
class Layout:
    """Where the header of a delimited text stands: cell separator, names, and records above it (title lines).

    `in_file` is false for a format without a header, whose names are those of its description. `nameless` counts the
    columns behind the last one with a name (see `nameless_columns`).
    """

    delimiter: str
    header: tuple[str, ...]
    titles: int = 0
    in_file: bool = True
    nameless: int = 0


@dataclass(frozen=True)
class TextTable:
    """A delimited text, whole.

    `cells` has one row per data row: columns `c0`, `c1`, ... in the header's order (text without spaces around
    it, NULL for an empty cell), `source_row` (1-based), `repeated_header` (true where the header stands again
    among the rows) and `problem` (NULL, or a code of `records`).
    """

    layout: Layout
    cells: pd.DataFrame
    encoding: str
    warnings: tuple[str, ...] = ()

    @property
    def header(self) -> tuple[str, ...]:
        """Column names as written."""
        return self.layout.header

    def column(self, name: str) -> pd.Series:
        """The cells under a header name, told apart by letters and digits alone; all NULL without such a column."""
        wanted = plain_name(name)
        for position, written in enumerate(self.header):
            if plain_name(written) == wanted:
                return self.cells[cell_name(position)]
        return pd.Series(None, index=self.cells.index, dtype="str")


def cell_name(position: int) -> str:
    """The frame's name for the column at this place of the header."""
    return f"c{position}"


@lru_cache(maxsize=4096)
def plain_name(name: str) -> str:
    """A header in lower case with `_` for everything that is no letter or digit: " Started at" is started_at."""
    return "_".join("".join(sign if sign.isalnum() else " " for sign in name.lower()).split())


CODE_LENGTH = 16


def header_code(header: Sequence[str]) -> str:
    """A short code of a table's column names, the same whatever signs and capitals they are written with."""
    names = [plain_name(name) for name in header]
    while names and not names[-1]:
        names.pop()
    return hashlib.sha256("\x1f".join(names).encode()).hexdigest()[:CODE_LENGTH]


@lru_cache(maxsize=8)
def _opening(path: Path, size: int, modified: int) -> tuple[str, ...]:
    """First lines, kept because several readers look at the same file one after the other."""
    return tuple(first_lines(path))


def opening_lines(path: Path) -> tuple[str, ...]:
    """The first lines of a file. Raises InputError when it is empty or cannot be opened."""
    try:
        status = path.stat()
    except OSError as error:
        raise InputError(f"{path.name}: cannot be opened ({error.strerror}).") from None
    return _opening(path, status.st_size, status.st_mtime_ns)


def find_layout(path: Path, is_header: HeaderTest) -> Layout | None:
    """The delimiter and header with which the first lines satisfy `is_header`; None when none does.

    The header may stand below title lines. Telling the delimiter by the header is safer than by counting: rows
    with decimal commas hold more commas than semicolons.
    """
    lines = opening_lines(path)
    within = load_settings()["readers.header_within_rows"]
    for delimiter in DELIMITERS:
        if not any(delimiter in line for line in lines[: within * 2]) and delimiter != DELIMITERS[0]:
            continue
        found = [record.cells for record in islice(records(lines, delimiter), within + 1)]
        for place, cells in enumerate(found[:within]):
            header = with_names(cells)
            if is_header(header):
                _require_fewer(path, len(cells))
                nameless = nameless_columns(cells, found[place + 1 : place + 2])
                return Layout(delimiter, tuple(header), place, nameless=nameless)
    return None


def _require_fewer(path: Path, columns: int) -> None:
    most = load_settings()["readers.most_columns"]
    if columns > most:
        raise InputError(
            f"{path.name}: the table has {columns:,} columns, more than {most:,}; keep those that are needed."
        )


def with_names(cells: Sequence[str]) -> list[str]:
    """A header's cells up to its last name."""
    header = list(cells)
    while header and not header[-1]:
        header.pop()
    return header


def nameless_columns(cells: Sequence[str], below: Sequence[Sequence[str]]) -> int:
    """How many columns stand behind a header's last name: the choices of a survey's last question, which have their
    words in a second heading, a row without a respondent. Empty cells behind a header alone are none: a row that
    reaches there has a cell too many.
    """
    behind = len(cells) - len(with_names(cells))
    told = bool(below) and len(below[0]) == len(cells) and not below[0][0] and bool(below[0][-1])
    return behind if told else 0


def read_table(path: Path, layout: Layout) -> TextTable:
    """All rows of a delimited text that fits into memory."""
    text, encoding, replaced = whole_text(path)
    lines = text.split("\n")
    rows = list(records_below(lines, layout))
    if rows and _cut_short(rows, layout, ended=text.endswith("\n")):
        rows[-1] = Record(rows[-1].cells, TRUNCATED)
    warnings = []
    if layout.titles:
        warnings.append(f"{layout.titles} title line(s) above the header were left out")
    unread = sum(1 for row in rows if len(row.cells) > len(layout.header) and not row.problem)
    if unread:
        told = "1 row has" if unread == 1 else f"{unread} rows have"
        warnings.append(
            f"{told} a cell in a column without a name behind the last one; it was left out: give it a name in the first line"
        )
    if replaced:
        warnings.append(f"some characters could not be read as {encoding}")
    return TextTable(layout, frame(rows, layout), encoding, tuple(warnings))


def records_below(lines, layout: Layout):
    """The records that stand below the header; with `layout.header` known, damage is noticed."""
    found = records(lines, layout.delimiter, len(layout.header), layout.nameless)
    return islice(found, layout.titles + layout.in_file, None)


def frame(rows: Sequence[Record], layout: Layout) -> pd.DataFrame:
    """Records as the frame that `TextTable` describes; short records are filled up with NULL."""
    width = len(layout.header)
    header = [plain_name(name) for name in layout.header]
    padded = [(row.cells + [""] * (width - len(row.cells)))[:width] for row in rows]
    cells = pd.DataFrame(padded, columns=[cell_name(place) for place in range(width)], dtype="str")
    cells = cells.mask(cells == "")
    cells["source_row"] = range(1, len(rows) + 1)
    cells["repeated_header"] = [is_repeated_header(row.cells, header) for row in rows]
    cells["problem"] = pd.array([row.problem or None for row in rows], dtype="str")
    return cells


def is_repeated_header(cells: Sequence[str], header: Sequence[str]) -> bool:
    """Whether these cells are the header again; `header` as plain names."""
    return plain_name(cells[0]) == header[0] and [plain_name(cell) for cell in cells] == list(header)


def _cut_short(rows: Sequence[Record], layout: Layout, ended: bool) -> bool:
    """Whether the last record was cut off: no line end, and shorter than the header as no other record is."""
    width = len(layout.header)
    return not ended and len(rows[-1].cells) < width and all(len(row.cells) >= width for row in rows[:-1])
