"""Baby Buddy: the admin's CSV export of pumping, in its newer form and the one before June 2023."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from pipelines.errors import InputError
from pipelines.readers.base import ColumnMeaning, Extract, Reader
from pipelines.readers.containers.tables import TextTable, find_layout, plain_name, read_table
from pipelines.study import SourceOptions

_CHILD = ("child_id", "child_first_name", "child_last_name")
_PUMPING = frozenset({"id", "child", *_CHILD, "start", "end", "time", "amount", "duration", "notes", "tags"})
_IDENTIFIERS = ("child_first_name", "child_last_name", "notes", "tags", "note")
_MEANINGS = {
    "id": ("source_session_id", "the server's own number of the entry"),
    "start": ("started_at", "clock of the server, no zone"),
    "time": ("started_at", "the older form has a single time"),
    "end": ("ended_at", "empty where it equals the start: entries from before there was an end"),
    "amount": ("volume_total", "both breasts together; the unit is the family's choice and stands nowhere"),
}


def _is_header(names: Sequence[str]) -> bool:
    """A pumping export, or another of its models (feedings, sleep, nappies, ...), which all name the child."""
    plain = {plain_name(name) for name in names}
    return len(plain) > 2 and (bool(plain & set(_CHILD)) or (_is_pumping(names) and {"id", "end"} <= plain))


def _is_pumping(names: Sequence[str]) -> bool:
    plain = {plain_name(name) for name in names if name.strip()}
    return "amount" in plain and bool(plain & {"start", "time"}) and plain <= _PUMPING


def recognise(path: Path) -> str | None:
    """The reason why a file is a Baby Buddy export, else None."""
    layout = find_layout(path, _is_header)
    if layout is None:
        return None
    what = "of pumping" if _is_pumping(layout.header) else "of something other than pumping"
    return f"its columns are those of a Baby Buddy export {what}"


def read(path: Path, options: SourceOptions, backend: Any = None) -> Extract:
    """Read all entries, a pandas frame with one row each; exports of anything but pumping are other throughout.

    No unit is stated anywhere in this format, so `unit` is missing and has to be told. An end before the start is
    handed on: it happens in the night when clocks go back. Raises InputError when the header is missing.
    """
    layout = find_layout(path, _is_header)
    if layout is None:
        raise InputError(f"{path.name}: no Baby Buddy header (child_id, start, end, amount, ...).")
    table = read_table(path, layout)
    pumping = _is_pumping(layout.header)
    plain = {name: plain_name(name) for name in table.header}
    meanings = [
        ColumnMeaning(name, *_MEANINGS[key]) for name, key in plain.items() if pumping and key in _MEANINGS
    ]
    used = {meaning.column for meaning in meanings}
    dropped = tuple(name for name, key in plain.items() if key in _IDENTIFIERS)
    return Extract(
        reader="babybuddy",
        rows=_rows(table) if pumping else _others(table),
        columns=tuple(meanings),
        dropped_identifiers=dropped,
        unused_columns=tuple(
            name for name in table.header if name and name not in used and name not in dropped
        ),
        warnings=table.warnings,
        facts={"format": "text", "encoding": table.encoding, "delimiter": layout.delimiter},
    )


def _rows(table: TextTable) -> pd.DataFrame:
    repeated = table.cells["repeated_header"]
    started = table.column("start").fillna(table.column("time"))
    ended = table.column("end")
    problem = table.cells["problem"]
    return pd.DataFrame(
        {
            "source_row": table.cells["source_row"],
            "kind": pd.Series("session", index=repeated.index, dtype="str").mask(repeated, "other"),
            "source_session_id": table.column("id"),
            "started_at": started,
            "ended_at": ended.mask((ended == started).fillna(False).astype(bool)),
            "volume_total": table.column("amount"),
            "problem_field": pd.Series("row", index=repeated.index, dtype="str").where(problem.notna()),
            "problem_code": problem,
        }
    )


def _others(table: TextTable) -> pd.DataFrame:
    rows = table.cells[["source_row"]].copy()
    return rows.assign(kind=pd.Series("other", index=rows.index, dtype="str"))


READER = Reader(
    name="babybuddy",
    title="Baby Buddy (CSV)",
    suffixes=(".csv", ".xlsx"),
    recognise=recognise,
    read=read,
    is_app_export=True,
)
