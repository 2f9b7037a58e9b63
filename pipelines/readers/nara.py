"""Nara Baby: one CSV per child with all kinds of events; a `Pump` row is the mother's session."""

import re
import zoneinfo
from collections.abc import Sequence
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd

from pipelines.errors import InputError
from pipelines.readers.app_tables import is_true, kinds, row_problems, table_extract, with_units
from pipelines.readers.base import Extract, Reader
from pipelines.readers.containers.tables import TextTable, find_layout, plain_name, read_table
from pipelines.study import SourceOptions

_HEADER = frozenset({"type", "start_date_time_epoch", "activitykey"})
_IDENTIFIERS = ("familykey", "profilekey", "profile_birth_date_adjusted")
# Milliseconds since 1970 in full; a spreadsheet program may have cut them to 1.79E+12, which tells no minute.
_EPOCH = re.compile(r"(\d{11,13})(?:\.0+)?")
_MEANINGS = {
    "type": ("kind", "Pump is a session, Profile tells the birth date, everything else is not ours"),
    "start_date_time": (
        "started_at",
        "local clock, used where the count of milliseconds or the zone is missing",
    ),
    "start_date_time_epoch": ("started_at", "milliseconds since 1970, told on the clock of the row's zone"),
    "time_zone": ("started_at", "the zone whose clock the family lives by"),
    "pump_end_date_time": ("ended_at", "used where the count of milliseconds is missing"),
    "pump_end_date_time_epoch": ("ended_at", "milliseconds since 1970, told on the clock of the row's zone"),
    "pump_duration_seconds": ("duration_min", "seconds"),
    "pump_left_volume": ("volume_left", "unit in the next column"),
    "pump_left_volume_unit": ("volume_left", "ML or FLOZ, row by row"),
    "pump_right_volume": ("volume_right", "unit in the next column"),
    "pump_right_volume_unit": ("volume_right", "ML or FLOZ, row by row"),
    "pump_total_volume": ("volume_total", "unit in the next column"),
    "pump_total_volume_unit": ("volume_total", "ML or FLOZ, row by row"),
    "profile_birth_date": ("birth_date", "the child's, turned into days after birth and dropped"),
    "activitykey": ("source_session_id", "the app's own id of the entry"),
}


def _is_header(names: Sequence[str]) -> bool:
    return {plain_name(name) for name in names} >= _HEADER


def recognise(path: Path) -> str | None:
    """The reason why a file is a Nara Baby export, else None."""
    layout = find_layout(path, _is_header)
    return "it has the columns Type, Start Date/time (Epoch) and _activityKey" if layout else None


def read(path: Path, options: SourceOptions, backend: Any = None) -> Extract:
    """Read all entries, a pandas frame with one row each; columns are found by name, as their set and order vary.

    Times are those of the row's own zone with the offset, so nights in which clocks change are right. The birth date
    of the `Profile` row is the mother's, one for all her rows; where a file tells several, none is used. Raises
    InputError when the header is missing.
    """
    layout = find_layout(path, _is_header)
    if layout is None:
        raise InputError(
            f"{path.name}: no Nara Baby header (Type, Start Date/time (Epoch), _activityKey, ...)."
        )
    table = read_table(path, layout)
    rows, warnings = _rows(table)
    return table_extract("nara", table, rows, _MEANINGS, identifiers=_IDENTIFIERS, warnings=warnings)


def _rows(table: TextTable) -> tuple[pd.DataFrame, list[str]]:
    kind, repeated = table.column("Type").str.lower(), table.cells["repeated_header"]
    # A row without its type could be anything, so it is looked at as a session and set aside by the checks.
    session = (is_true(kind.eq("pump")) | kind.isna()) & ~repeated
    problem = table.cells["problem"].mask(kind.isna() & table.cells["problem"].isna(), "no_type")
    births = table.column("[Profile] Birth Date").where(is_true(kind.eq("profile")))
    several = births.nunique() > 1
    profile = births.notna() & (not several)
    warnings = ["the file tells several birth dates; none of them was used"] if several else []
    rows = {
        "source_row": table.cells["source_row"],
        "kind": kinds(session).mask(profile, "baseline"),
        "source_session_id": table.column("_activityKey").where(session),
        "started_at": _moments(table, "Start Date/time").where(session),
        "ended_at": _moments(table, "[Pump] End Date/time").where(session),
        "birth_date": births.where(profile),
        "duration_min": table.column("[Pump] Duration (Seconds)")
        .where(session)
        .map(_minutes, na_action="ignore"),
        **{f"volume_{side}": _volume(table, side).where(session) for side in ("left", "right", "total")},
        **row_problems(problem.where(session | profile)),
    }
    return pd.DataFrame(rows), warnings


def _volume(table: TextTable, side: str) -> pd.Series:
    """The amounts of one side, each with its own unit behind it."""
    return with_units(table.column(f"[Pump] {side} Volume"), table.column(f"[Pump] {side} Volume Unit"))


def _moments(table: TextTable, name: str) -> pd.Series:
    """Local clock with its offset where the count of milliseconds and the zone tell it, else the clock as written."""
    counts, zones = table.column(f"{name} (Epoch)"), table.column("Time Zone")
    exact = [zoned(count, zone) for count, zone in zip(counts, zones, strict=True)]
    return pd.Series(exact, index=counts.index, dtype="str").fillna(table.column(name))


@cache
def _zone(name: str) -> zoneinfo.ZoneInfo | None:
    try:
        return zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        return None


def zoned(count: object, zone: object) -> str | None:
    """Milliseconds since 1970 as "2026-09-20 07:05:00-04:00" on the clock of a zone; None where one of them is no
    such thing."""
    found = _EPOCH.fullmatch(count) if isinstance(count, str) else None
    info = _zone(zone) if found and isinstance(zone, str) else None
    if not found or info is None:
        return None
    return datetime.fromtimestamp(int(found[1]) // 1000, info).isoformat(" ", "seconds")


def _minutes(seconds: str) -> str:
    """Seconds as minutes; a text that is no number stays as it is."""
    try:
        return f"{float(seconds.replace(',', '.')) / 60:.10g}"
    except ValueError:
        return seconds


READER = Reader(
    name="nara",
    title="Nara Baby (CSV)",
    suffixes=(".csv",),
    recognise=recognise,
    read=read,
    is_app_export=True,
)
