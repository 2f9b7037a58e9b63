"""Baby Connect: one CSV with all kinds of events; an `Expressed` row is a pumping session."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from pipelines.errors import InputError
from pipelines.readers.app_tables import is_true, kinds, row_problems, table_extract
from pipelines.readers.base import Extract, Reader
from pipelines.readers.containers.tables import TextTable, find_layout, plain_name, read_table
from pipelines.study import SourceOptions

_HEADER = ("start_time", "end_time", "activity", "quantity", "extra_data", "text")
_SIDES = r"\(\s*(?:(\d+(?:[.,]\d+)?)\s*L)?\s*,?\s*(?:(\d+(?:[.,]\d+)?)\s*R)?\s*\)"
_MEANINGS = {
    "start_time": ("started_at", "clock of the phone, no zone"),
    "end_time": ("ended_at", "may differ from the duration"),
    "activity": ("kind", "Expressed is a session, everything else is not ours"),
    "duration_min": ("duration_min", "minutes, as the app counted them"),
    "quantity": ("volume_total", "both breasts together"),
    "extra_data": ("unit", "for expressed milk this is the unit of the quantity"),
    "text": (
        "volume_left, volume_right",
        "only the part such as (40L, 35R) is read, the rest is left behind",
    ),
}


def _is_header(names: Sequence[str]) -> bool:
    return set(_HEADER) <= {plain_name(name) for name in names}


def recognise(path: Path) -> str | None:
    """The reason why a file is a Baby Connect export, else None."""
    layout = find_layout(path, _is_header)
    return (
        "its columns are Start Time, End Time, Activity, Quantity, Extra data, Text, ..." if layout else None
    )


def read(path: Path, options: SourceOptions, backend: Any = None) -> Extract:
    """Read all events, a pandas frame with one row each.

    The unit of a session stands in its own row and holds for the sides in the text too; where it is missing the
    unit has to be told. Raises InputError when the header is missing.
    """
    layout = find_layout(path, _is_header)
    if layout is None:
        raise InputError(f"{path.name}: no Baby Connect header (Start Time, End Time, Activity, ...).")
    table = read_table(path, layout)
    return table_extract("babyconnect", table, _rows(table), _MEANINGS)


def _rows(table: TextTable) -> pd.DataFrame:
    activity = table.column("Activity").str.lower()
    # A row without its activity could be anything, so it is looked at as a session and set aside by the checks.
    session = is_true(activity.eq("expressed")) | activity.isna()
    problem = table.cells["problem"].mask(activity.isna() & table.cells["problem"].isna(), "no_type")
    unit = table.column("Extra data").where(session)
    sides = table.column("Text").where(session).str.extract(_SIDES)
    return pd.DataFrame(
        {
            "source_row": table.cells["source_row"],
            "kind": kinds(session),
            "started_at": table.column("Start Time").where(session),
            "ended_at": table.column("End Time").where(session),
            "duration_min": table.column("Duration (min)").where(session),
            "volume_left": _with_unit(sides[0], unit),
            "volume_right": _with_unit(sides[1], unit),
            "volume_total": _with_unit(table.column("Quantity").where(session), unit),
            **row_problems(problem.where(session)),
        }
    )


def _with_unit(amount: pd.Series, unit: pd.Series) -> pd.Series:
    """Amounts with the row's unit behind them; bare where the row has none, NULL where there is no amount."""
    return amount + (" " + unit).fillna("")


READER = Reader(
    name="babyconnect",
    title="Baby Connect (CSV)",
    suffixes=(".csv",),
    recognise=recognise,
    read=read,
    is_app_export=True,
)
