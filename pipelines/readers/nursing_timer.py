"""Nursing Timer: sections of events stacked in one CSV; a row with a pump amount is a pumping session."""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from pipelines.errors import InputError
from pipelines.readers.app_tables import is_true, kinds, row_problems, table_extract
from pipelines.readers.base import Extract, Reader
from pipelines.readers.containers.tables import TextTable, find_layout, plain_name, read_table
from pipelines.study import SourceOptions

_HEADER = ("time", "left", "right", "bottle", "pump_amount")
# A spreadsheet program takes 7:37 for a time of day and writes 7:37:00; the app itself never writes hours.
_TIMER = re.compile(r"(\d{1,4}):(\d{1,2})(?::00)?")
_MEANINGS = {
    "time": ("started_at", "clock of the phone, month before day, no zone"),
    "left": ("duration_min", "minutes:seconds on the left side, used where the right side has none"),
    "right": ("duration_min", "minutes:seconds on the right side, used where the left side has none"),
    "pump_amount": ("volume_total", "makes the row a session; each amount has its own unit"),
}


def _is_header(names: Sequence[str]) -> bool:
    return set(_HEADER) <= {plain_name(name) for name in names}


def recognise(path: Path) -> str | None:
    """The reason why a file is a Nursing Timer export, else None."""
    layout = find_layout(path, _is_header)
    return "its columns are #, time, Left, Right, Bottle, ..., Pump Amount" if layout else None


def read(path: Path, options: SourceOptions, backend: Any = None) -> Extract:
    """Read all events of all sections, a pandas frame with one row each; headers within are other.

    The format does not say whether both sides ran together, so a row with time on both has no duration. A row with
    too many cells may hold an amount in the wrong place and is set aside. Raises InputError when the header is
    missing.
    """
    layout = find_layout(path, _is_header)
    if layout is None:
        raise InputError(f"{path.name}: no Nursing Timer header (#, time, Left, Right, ..., Pump Amount).")
    table = read_table(path, layout)
    rows, both = _rows(table)
    warnings = []
    if both:
        warnings.append(
            f"{both} session(s) have time on both sides; whether together or one after the other is not known, so they "
            "have no duration"
        )
    return table_extract(
        "nursing_timer",
        table,
        rows,
        _MEANINGS,
        zero_suspect=True,
        date_order="MDY",
        warnings=warnings,
    )


def _rows(table: TextTable) -> tuple[pd.DataFrame, int]:
    """The rows, and how many sessions have time on both sides."""
    amount, problem = table.column("Pump Amount"), table.cells["problem"]
    heading = table.cells["repeated_header"] | is_true(table.column("time").str.lower().eq("time"))
    session = (amount.notna() | problem.notna()) & ~heading
    left, right = (
        table.column(side).where(session).map(timer_minutes, na_action="ignore").astype("str")
        for side in ("Left", "Right")
    )
    both = left.notna() & right.notna()
    rows = {
        "source_row": table.cells["source_row"],
        "kind": kinds(session),
        "started_at": table.column("time").where(session),
        "duration_min": left.fillna(right).mask(both),
        "volume_total": amount.where(session),
        **row_problems(problem.where(session)),
    }
    return pd.DataFrame(rows), int(both.sum())


def timer_minutes(text: str) -> str | None:
    """A timer's minutes:seconds in minutes; None for one that never ran, any other text as it is."""
    match = _TIMER.fullmatch(text)
    if not match:
        return text
    minutes = int(match[1]) + int(match[2]) / 60
    return f"{minutes:.4g}" if minutes else None


READER = Reader(
    name="nursing_timer",
    title="Nursing Timer (CSV)",
    suffixes=(".csv",),
    recognise=recognise,
    read=read,
    is_app_export=True,
)
