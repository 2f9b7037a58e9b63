"""Feed Baby: a zip of one CSV for each kind of event; only `pumpings.csv` holds sessions.

The app counts its entries from 1 on every phone, so its ids would make sessions of two phones look like repeats of
one another; they are not used.
"""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from pipelines.errors import InputError
from pipelines.readers.app_tables import is_true, kinds, row_problems, table_extract, with_units
from pipelines.readers.base import Extract, Reader
from pipelines.readers.containers.tables import TextTable, find_layout, plain_name, read_table
from pipelines.readers.sides import session_groups
from pipelines.study import SourceOptions

_PUMPINGS = frozenset({"pumping_time", "side", "quantity", "unit"})
# What tells the app's other files: all of these names, and for short headers no other.
_FEEDS = frozenset({"start_time", "end_time", "feed_type", "food_type"})
_OTHERS = (
    frozenset({"id", "start_time", "end_time", "feeding_history_id"}),
    frozenset({"id", "start_time", "end_time", "notes", "approximate_duration_minutes"}),
    frozenset({"id", "time", "type", "notes"}),
    frozenset({"id", "day", "weight", "weight_unit", "height", "head", "length_unit", "notes"}),
    frozenset({"id", "start_time", "end_time", "category", "sub_category", "notes", "uses_timer"}),
    frozenset({"id", "start_time", "end_time", "category", "sub_category", "notes"}),
    frozenset({"id", "category", "sub_category"}),
    frozenset({"id", "day_of_the_month", "month_of_the_year", "year"}),
)
_OWN_TIME = re.compile(r"^(\d{2}:\d{2}:\d{2}) (\d{2})-(\d{2})-(\d{4})$")
_BOTH, _LEFT, _RIGHT = "left_and_right", "left", "right"
_MEANINGS = {
    "pumping_time": ("started_at", "clock of the phone, time before date, month before day, no zone"),
    "side": ("volume_left, volume_right, volume_total", "which breast the quantity is of"),
    "quantity": ("volume_left, volume_right, volume_total", "of the side that the row names"),
    "unit": ("volume_left, volume_right, volume_total", "IMPERIAL is ounces, METRIC is millilitres"),
    "finished_time": ("ended_at", "only newer versions of the app write it"),
    "duration": ("duration_min", "minutes; only newer versions of the app write it"),
}


def _is_header(names: Sequence[str]) -> bool:
    plain = {plain_name(name) for name in names if name.strip()}
    return plain >= _PUMPINGS or plain >= _FEEDS or plain in _OTHERS


def recognise(path: Path) -> str | None:
    """The reason why a file is one of a Feed Baby export, else None."""
    layout = find_layout(path, _is_header)
    if layout is None:
        return None
    if _is_pumpings(layout.header):
        return "its columns are Pumping Time, Side, Quantity, Unit, ..."
    return "its columns are those of a Feed Baby file of something other than pumping"


def _is_pumpings(names: Sequence[str]) -> bool:
    return {plain_name(name) for name in names} >= _PUMPINGS


def read(path: Path, options: SourceOptions, backend: Any = None) -> Extract:
    """Read all entries, a pandas frame with one row each; files of anything but pumping are other throughout.

    Left and right of one session stand in two rows of the same minute and become one session; a row of both sides
    is the total. Raises InputError when the header is missing.
    """
    layout = find_layout(path, _is_header)
    if layout is None:
        raise InputError(f"{path.name}: no Feed Baby header (id, Pumping Time, Side, Quantity, Unit, ...).")
    table = read_table(path, layout)
    pumping = _is_pumpings(layout.header)
    return table_extract(
        "feedbaby",
        table,
        _rows(table) if pumping else _others(table),
        _MEANINGS if pumping else {},
        zero_suspect=True,
        date_order="MDY",
    )


def _others(table: TextTable) -> pd.DataFrame:
    nothing = pd.Series(False, index=table.cells.index)
    return pd.DataFrame({"source_row": table.cells["source_row"], "kind": kinds(nothing)})


def _rows(table: TextTable) -> pd.DataFrame:
    session = ~table.cells["repeated_header"]
    side = table.column("Side").map(plain_name, na_action="ignore").astype("str")
    left, right, both = (is_true(side.eq(name)) & session for name in (_LEFT, _RIGHT, _BOTH))
    known = left | right | both
    quantity = with_units(table.column("Quantity"), table.column("Unit"))
    started = _times(table.column("Pumping Time").where(session))
    problem = table.cells["problem"]
    problem = problem.mask(session & ~known & problem.isna(), "unknown_side").where(session)
    return pd.DataFrame(
        {
            "source_row": table.cells["source_row"],
            "kind": kinds(session),
            "session_group": session_groups(_minute(started), left, right),
            "started_at": started,
            "ended_at": _times(table.column("Finished Time").where(session)),
            "duration_min": table.column("Duration").where(session),
            "volume_left": quantity.where(left),
            "volume_right": quantity.where(right),
            "volume_total": quantity.where(both),
            **row_problems(problem),
        }
    )


def _times(written: pd.Series) -> pd.Series:
    """Times of the app's own form, which is month first whatever the phone's language, as ISO; others as they are."""
    return written.str.replace(_OWN_TIME, lambda time: f"{time[4]}-{time[2]}-{time[3]} {time[1]}", regex=True)


def _minute(started: pd.Series) -> pd.Series:
    """A start without its seconds; the two breasts are entered one after the other."""
    return started.str.replace(r"(\d{1,2}:\d{2}):\d{2}", r"\1", regex=True)


READER = Reader(
    name="feedbaby",
    title="Feed Baby (zip, or its CSV files)",
    suffixes=(".csv", ".zip"),
    recognise=recognise,
    read=read,
    is_app_export=True,
    same_name_everywhere=True,
)
