"""A table that no reader knows: where its header stands, and its first rows as they are written."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import pyarrow.parquet

from pipelines.readers.containers.records import records
from pipelines.readers.containers.tables import (
    DELIMITERS,
    Layout,
    header_code,
    nameless_columns,
    opening_lines,
    records_below,
    with_names,
)
from pipelines.readers.generic import is_parquet, parquet_header
from pipelines.settings import load_settings

_VALUE = re.compile(r"[\d\s.,:/+-]*\d[\d\s.,:/+-]*(?:am|pm|ml|oz)?", re.IGNORECASE)


@dataclass(frozen=True)
class Sample:
    """Column names and first rows of a table, all cells as text; every row is as long as the header."""

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    @property
    def code(self) -> str:
        """What the table is known by next time."""
        return header_code(self.header)

    def column(self, place: int) -> list[str]:
        """The first cells of one column."""
        return [row[place] for row in self.rows]


def sample(path: Path) -> Sample | None:
    """The first rows of a table; None for what is none. Raises InputError for an empty or damaged file."""
    most = load_settings()["mapping.sampled_rows"]
    if is_parquet(path):
        header = parquet_header(path)
        first = next(pyarrow.parquet.ParquetFile(path).iter_batches(batch_size=most), None)
        rows = first.to_pylist() if first is not None else []
        cells = [tuple("" if row[name] is None else str(row[name]) for name in header) for row in rows]
        return Sample(tuple(header), tuple(cells))
    layout = likely_layout(opening_lines(path))
    if layout is None:
        return None
    width = len(layout.header)
    found = islice(records_below(opening_lines(path), layout), most)
    return Sample(layout.header, tuple(tuple((row.cells + [""] * width)[:width]) for row in found))


def likely_layout(lines: Sequence[str]) -> Layout | None:
    """The delimiter and the line with names that the following rows fit best; None when these lines are no table."""
    best, chosen = 0.0, None
    for delimiter in DELIMITERS:
        if not any(delimiter in line for line in lines):
            continue
        within = load_settings()["readers.header_within_rows"]
        found = [record.cells for record in islice(records(lines, delimiter), 4 * within)]
        for place, cells in enumerate(found[:within]):
            score = _fit(cells, found[place + 1 :])
            if score > best:
                nameless = nameless_columns(cells, found[place + 1 : place + 2])
                best, chosen = (
                    score,
                    Layout(delimiter, tuple(with_names(cells)), place, nameless=nameless),
                )
    return chosen


def _fit(header: Sequence[str], rows: Sequence[Sequence[str]]) -> float:
    """How well rows fit names: names times the share of rows that are not longer and have two cells; 0 for none."""
    names = [cell for cell in header if cell]
    values = sum(1 for cell in names if _VALUE.fullmatch(cell))
    if len(names) < 2 or values or not rows or not all(name.isprintable() for name in names):
        return 0.0
    share = sum(1 for row in rows if 2 <= len(row) <= max(len(header), len(names))) / len(rows)
    return share * len(names) if share >= load_settings()["mapping.alike_share"] else 0.0
