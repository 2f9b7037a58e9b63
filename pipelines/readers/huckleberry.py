"""Huckleberry: one CSV with all kinds of events; a `Pump` row is a pumping session."""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from pipelines.errors import InputError
from pipelines.readers.base import ColumnMeaning, Extract, Reader
from pipelines.readers.containers.tables import TextTable, find_layout, plain_name, read_table
from pipelines.study import SourceOptions

_HEADER = ("type", "start", "end", "duration", "start_condition", "end_condition")
_CLOCK = re.compile(r"(\d{1,3}):(\d{2})(?::(\d{2}))?")
_IDENTIFIERS = ("Logged By", "Notes")
_MEANINGS = (
    ColumnMeaning("Type", "kind", "Pump is a session, everything else is not ours"),
    ColumnMeaning("Start", "started_at", "clock of the phone, no zone"),
    ColumnMeaning("End", "ended_at", "often empty"),
    ColumnMeaning("Duration", "duration_min", "hours:minutes, may differ from end minus start by one minute"),
    ColumnMeaning(
        "Start Condition", "volume_left, volume_total", "left breast when End Condition is filled, else total"
    ),
    ColumnMeaning(
        "End Condition",
        "volume_right, volume_total",
        "right breast when Start Condition is filled, else total",
    ),
)


def _is_header(names: Sequence[str]) -> bool:
    return set(_HEADER) <= {plain_name(name) for name in names}


def recognise(path: Path) -> str | None:
    """The reason why a file is a Huckleberry export, else None."""
    layout = find_layout(path, _is_header)
    return "its columns are Type, Start, End, Duration, Start Condition, ..." if layout else None


def read(path: Path, options: SourceOptions, backend: Any = None) -> Extract:
    """Read all events, a pandas frame with one row each.

    With both amounts filled they are left and right; with one of them, the app may have been in its mode for totals,
    so it is the total and the side stays unknown. Amounts keep their unit in the cell. Zero is suspect: families
    log the time alone with 0. Raises InputError when the header is missing.
    """
    layout = find_layout(path, _is_header)
    if layout is None:
        raise InputError(
            f"{path.name}: no Huckleberry header (Type, Start, End, Duration, Start Condition, ...)."
        )
    table = read_table(path, layout)
    used = {plain_name(meaning.column) for meaning in _MEANINGS}
    dropped = tuple(name for name in table.header if plain_name(name) in map(plain_name, _IDENTIFIERS))
    return Extract(
        reader="huckleberry",
        rows=_rows(table),
        columns=_MEANINGS,
        zero_suspect=True,
        dropped_identifiers=dropped,
        unused_columns=tuple(
            name for name in table.header if plain_name(name) not in used and name not in dropped
        ),
        warnings=table.warnings,
        facts={"format": "text", "encoding": table.encoding, "delimiter": layout.delimiter},
    )


def _rows(table: TextTable) -> pd.DataFrame:
    kind_word = table.column("Type").str.lower()
    # A row without its type could be anything, so it is looked at as a session and told apart by the checks.
    pump = kind_word.eq("pump").fillna(False).astype(bool) | kind_word.isna()
    first = table.column("Start Condition").where(pump)
    second = table.column("End Condition").where(pump)
    both = first.notna() & second.notna()
    problem = (
        table.cells["problem"].mask(kind_word.isna() & table.cells["problem"].isna(), "no_type").where(pump)
    )
    return pd.DataFrame(
        {
            "source_row": table.cells["source_row"],
            "kind": pd.Series("session", index=pump.index, dtype="str").where(pump, "other"),
            "started_at": table.column("Start").where(pump),
            "ended_at": table.column("End").where(pump),
            "duration_min": table.column("Duration").where(pump).map(clock_minutes, na_action="ignore"),
            "volume_left": first.where(both),
            "volume_right": second.where(both),
            "volume_total": first.fillna(second).where(~both),
            "problem_field": pd.Series("row", index=pump.index, dtype="str").where(problem.notna()),
            "problem_code": problem,
        }
    )


def clock_minutes(text: str) -> str:
    """A duration written as hours:minutes(:seconds) in minutes; any other text is returned as it is."""
    match = _CLOCK.fullmatch(text)
    if not match:
        return text
    minutes = int(match[1]) * 60 + int(match[2]) + int(match[3] or 0) / 60
    return f"{minutes:.10g}"


READER = Reader(
    name="huckleberry",
    title="Huckleberry (CSV)",
    suffixes=(".csv",),
    recognise=recognise,
    read=read,
    is_app_export=True,
)
