"""Huckleberry: one CSV with all kinds of events; a `Pump` row is a pumping session."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from pipelines.errors import InputError
from pipelines.readers.app_tables import clock_minutes, is_true, kinds, row_problems, table_extract
from pipelines.readers.base import Extract, Reader
from pipelines.readers.containers.tables import TextTable, find_layout, plain_name, read_table
from pipelines.study import SourceOptions

_HEADER = ("type", "start", "end", "duration", "start_condition", "end_condition")
_MEANINGS = {
    "type": ("kind", "Pump is a session, everything else is not ours"),
    "start": ("started_at", "clock of the phone, no zone"),
    "end": ("ended_at", "often empty"),
    "duration": ("duration_min", "hours:minutes, may differ from end minus start by one minute"),
    "start_condition": (
        "volume_left, volume_total",
        "left breast when End Condition is filled, else total",
    ),
    "end_condition": (
        "volume_right, volume_total",
        "right breast when Start Condition is filled, else total",
    ),
}


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
    return table_extract("huckleberry", table, _rows(table), _MEANINGS, zero_suspect=True)


def _rows(table: TextTable) -> pd.DataFrame:
    kind_word = table.column("Type").str.lower()
    # A row without its type could be anything, so it is looked at as a session and told apart by the checks.
    pump = is_true(kind_word.eq("pump")) | kind_word.isna()
    first = table.column("Start Condition").where(pump)
    second = table.column("End Condition").where(pump)
    both = first.notna() & second.notna()
    problem = (
        table.cells["problem"].mask(kind_word.isna() & table.cells["problem"].isna(), "no_type").where(pump)
    )
    return pd.DataFrame(
        {
            "source_row": table.cells["source_row"],
            "kind": kinds(pump),
            "started_at": table.column("Start").where(pump),
            "ended_at": table.column("End").where(pump),
            "duration_min": table.column("Duration").where(pump).map(clock_minutes, na_action="ignore"),
            "volume_left": first.where(both),
            "volume_right": second.where(both),
            "volume_total": first.fillna(second).where(~both),
            **row_problems(problem),
        }
    )


READER = Reader(
    name="huckleberry",
    title="Huckleberry (CSV)",
    suffixes=(".csv",),
    recognise=recognise,
    read=read,
    is_app_export=True,
)
