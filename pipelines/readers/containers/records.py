"""Lines to records: delimited text that may be damaged, without ever losing a row."""

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from pipelines.settings import load_settings

RAGGED = "ragged_row"
UNCLOSED = "unclosed_quote"
TRUNCATED = "truncated_row"


@dataclass(frozen=True)
class Record:
    """One data row as written; `problem` is empty, RAGGED (more cells than the header), UNCLOSED or TRUNCATED."""

    cells: list[str]
    problem: str = ""


class _Feed:
    """Hands lines to the csv module and remembers those of the record being read, so that they can be taken back.

    It runs dry at the end of the text, and when one cell would reach over more lines than any note does.
    """

    def __init__(self, lines: Iterable[str]):
        self._lines = iter(lines)
        self._returned: list[str] = []
        self._limit = load_settings()["readers.cell_lines"]
        self.taken: list[str] = []
        self.ran_dry = False

    def __iter__(self) -> "_Feed":
        return self

    def __next__(self) -> str:
        if len(self.taken) >= self._limit:
            self.ran_dry = True
            raise StopIteration
        if self._returned:
            line = self._returned.pop()
        else:
            try:
                line = next(self._lines)
            except StopIteration:
                self.ran_dry = True
                raise
        self.taken.append(line)
        return line + "\n"

    def begin(self) -> None:
        """A new record begins."""
        self.taken = []
        self.ran_dry = False

    def take_back(self) -> None:
        """All lines of this record but its first are handed out again."""
        self._returned.extend(reversed(self.taken[1:]))


def _reader(feed: Iterable[str], delimiter: str, strict: bool = True):
    return csv.reader(feed, delimiter=delimiter, skipinitialspace=delimiter != "\t", strict=strict)


def _single_line(line: str, delimiter: str) -> list[str]:
    """The cells of one line on its own, its last quote closed by the line's end."""
    try:
        return next(_reader([line], delimiter, strict=False), [])
    except csv.Error:
        return line.split(delimiter)


def _tidy(cells: list[str], width: int | None) -> list[str]:
    """Cells without spaces around them and without the empty ones beyond the header."""
    cells = [cell.strip() for cell in cells]
    while width is not None and len(cells) > width and not cells[-1]:
        cells.pop()
    return cells


def records(
    lines: Iterable[str], delimiter: str, width: int | None = None, nameless: int = 0
) -> Iterator[Record]:
    """Split lines (without line ends) into records; blank lines and rows of empty cells are no records.

    `width` is the number of header cells (None while it is not known). A quoted cell may reach over several lines
    when its quotes are in order and the record then fits the header; otherwise the quote was never closed: the first
    line becomes a record of its own, marked UNCLOSED, and reading goes on with the next line. Quotes out of order
    within a line that fits the header are part of the text. Records with more cells than the header, with its
    `nameless` ones behind the last name, are marked RAGGED. Shorter ones are returned as they are, since several exports leave out empty cells at the end.
    """
    feed = _Feed(lines)
    reader = _reader(feed, delimiter)
    while True:
        feed.begin()
        try:
            cells = next(reader, None)
            badly_quoted = False
        except csv.Error:
            cells, badly_quoted = [], True
        if cells is None and not feed.taken:
            return
        cells = _tidy(cells or [], width)
        several = len(feed.taken) > 1
        alone = badly_quoted or feed.ran_dry or (several and width is not None and len(cells) != width)
        if alone:
            feed.take_back()
            cells = _tidy(_single_line(feed.taken[0], delimiter), width)
            reader = _reader(feed, delimiter)
        problem = RAGGED if width is not None and len(cells) > width + nameless else ""
        if alone and (several or feed.ran_dry or (width is not None and len(cells) != width)):
            problem = UNCLOSED
        if any(cells):
            yield Record(cells, problem)
