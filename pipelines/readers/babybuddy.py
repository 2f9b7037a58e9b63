"""Baby Buddy: the admin's export of pumping (CSV, sheet, JSON; newer form and before June 2023) and the API's JSON."""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from pipelines.errors import InputError
from pipelines.readers.app_tables import clock_minutes, is_true, kinds, row_problems, table_extract
from pipelines.readers.base import Extract, Reader
from pipelines.readers.containers.documents import begins_like_json, json_documents
from pipelines.readers.containers.records import Record
from pipelines.readers.containers.tables import (
    Layout,
    TextTable,
    find_layout,
    frame,
    opening_lines,
    plain_name,
    read_table,
)
from pipelines.study import SourceOptions

_CHILD = ("child_id", "child_first_name", "child_last_name")
_PUMPING = frozenset({"id", "child", *_CHILD, "start", "end", "time", "amount", "duration", "notes", "tags"})
_IDENTIFIERS = ("child_first_name", "child_last_name", "notes", "tags", "note")
_MEANINGS = {
    "id": ("source_session_id", "the server's own number of the entry"),
    "start": ("started_at", "clock of the server; the API adds its distance from UTC"),
    "time": ("started_at", "the older form has a single time"),
    "end": ("ended_at", "empty where it equals the start: entries from before there was an end"),
    "duration": ("duration_min", "hours:minutes:seconds, in the API alone"),
    "amount": ("volume_total", "both breasts together; the unit is the family's choice and stands nowhere"),
}
# A page of the API, or a list of entries: what stands at its beginning, since a file may be one long line.
_PAGE = re.compile(r'\{\s*"count"\s*:\s*\d+\s*,\s*"next"\s*:.*?"results"\s*:\s*\[', re.DOTALL)
_ENTRY = re.compile(r'[\[{]\s*\{?\s*"id"\s*:\s*\d+\s*,\s*"child(?:_id|_first_name)?"\s*:')


def _is_header(names: Sequence[str]) -> bool:
    """A pumping export, or another of its models (feedings, sleep, nappies, ...), which all name the child."""
    plain = {plain_name(name) for name in names}
    return len(plain) > 2 and (bool(plain & set(_CHILD)) or (_is_pumping(names) and {"id", "end"} <= plain))


def _is_pumping(names: Sequence[str]) -> bool:
    plain = {plain_name(name) for name in names if name.strip()}
    return "amount" in plain and bool(plain & {"start", "time"}) and plain <= _PUMPING


def _is_entry(names: Sequence[str]) -> bool:
    """An entry of the API or of the admin's JSON: it has a number and names the child."""
    return "id" in names and any(name in names for name in ("child", *_CHILD))


def recognise(path: Path) -> str | None:
    """The reason why a file is a Baby Buddy export, else None."""
    opening = "\n".join(opening_lines(path))
    if begins_like_json(opening):
        page, entry = _PAGE.match(opening.lstrip()), _ENTRY.search(opening)
        empty = page and opening.lstrip()[page.end() :].lstrip().startswith("]")
        return "its entries name id and child as Baby Buddy does" if entry or empty else None
    layout = find_layout(path, _is_header)
    if layout is None:
        return None
    what = "of pumping" if _is_pumping(layout.header) else "of something other than pumping"
    return f"its columns are those of a Baby Buddy export {what}"


def read(path: Path, options: SourceOptions, backend: Any = None) -> Extract:
    """Read all entries, a pandas frame with one row each; exports of anything but pumping are other throughout.

    No unit is stated anywhere in this format, so `unit` is missing and has to be told. An end before the start is
    handed on: it happens in the night when clocks go back. Of JSON all pages in the file are read. Raises InputError
    when the header is missing or the JSON is damaged.
    """
    if begins_like_json("\n".join(opening_lines(path))):
        table, pumping = _entries(path)
    else:
        table = _table(path)
        pumping = pd.Series(_is_pumping(table.header), index=table.cells.index, dtype=bool)
    rows = _rows(table, pumping) if _is_pumping(table.header) or pumping.any() else _others(table)
    meanings = _MEANINGS if "started_at" in rows else {}
    return table_extract("babybuddy", table, rows, meanings, identifiers=_IDENTIFIERS)


def _table(path: Path) -> TextTable:
    layout = find_layout(path, _is_header)
    if layout is None:
        raise InputError(f"{path.name}: no Baby Buddy header (child_id, start, end, amount, ...).")
    return read_table(path, layout)


def _entries(path: Path) -> tuple[TextTable, pd.Series]:
    """The entries of all pages and lists of a JSON file as a table, and which of them are pumping.

    An entry that is no object with an id and a child is a row with a problem, and counts as pumping.
    """
    found: list[Any] = []
    for document in json_documents(path):
        results = document.get("results", [document]) if isinstance(document, dict) else document
        found += results if isinstance(results, list) else [results]
    entries = [entry if isinstance(entry, dict) and _is_entry(list(entry)) else {} for entry in found]
    if found and not any(entries):
        raise InputError(f"{path.name}: no Baby Buddy entries (id, child, start, end, amount, ...).")
    names = list(dict.fromkeys(name for entry in entries for name in entry))
    records = [
        Record([_text(entry.get(name)) for name in names], "" if entry else "no_entry") for entry in entries
    ]
    layout = Layout("", tuple(names))
    pumping = pd.Series([not entry or _is_pumping(list(entry)) for entry in entries], dtype=bool)
    return TextTable(layout, frame(records, layout), "utf-8"), pumping


def _text(value: Any) -> str:
    return "" if value is None or isinstance(value, list | dict) else str(value).strip()


def _rows(table: TextTable, pumping: pd.Series) -> pd.DataFrame:
    session = pumping & ~table.cells["repeated_header"]
    started = table.column("start").fillna(table.column("time"))
    ended = table.column("end")
    columns = {
        "source_session_id": table.column("id"),
        "started_at": started,
        "ended_at": ended.mask(is_true(ended == started)),
        "duration_min": table.column("duration").map(clock_minutes, na_action="ignore"),
        "volume_total": table.column("amount"),
    }
    return pd.DataFrame(
        {
            "source_row": table.cells["source_row"],
            "kind": kinds(session),
            **{name: cells.where(pumping) for name, cells in columns.items()},
            **row_problems(table.cells["problem"].where(pumping)),
        }
    )


def _others(table: TextTable) -> pd.DataFrame:
    rows = table.cells[["source_row"]].copy()
    return rows.assign(kind=pd.Series("other", index=rows.index, dtype="str"))


READER = Reader(
    name="babybuddy",
    title="Baby Buddy (CSV, JSON)",
    suffixes=(".csv", ".xlsx", ".json"),
    recognise=recognise,
    read=read,
    is_app_export=True,
)
