"""Baby Tracker by Nighp: a zip with `pump.csv` and one CSV for each baby and kind of event, in three generations.

`pump.csv` is milk expressed and has no column Baby. Every file with a column Baby is about a baby: `..._pumped.csv`
and `..._expressed.csv` are pumped milk that was fed, however much their names sound like pumping. Notes are left
behind, also where a mother wrote minutes into them: people write names there.
"""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from pipelines.errors import InputError
from pipelines.readers.app_tables import kinds, row_problems, table_extract, with_units
from pipelines.readers.base import Extract, Reader
from pipelines.readers.containers.tables import TextTable, find_layout, plain_name, read_table
from pipelines.study import SourceOptions

_AMOUNT = re.compile(r"(?:(left|right|total)_)?amount(?:_(\w+))?")
_DURATION = re.compile(r"(?:(left|right|total)_)?duration(?:_?(?:min|minutes))?")
_WORDS = re.compile(r"(?:(\d+) ?hrs?\.?)? ?(?:(\d+) ?mins?\.?)? ?(?:(\d+) ?secs?\.?)?", re.IGNORECASE)
_FED = re.compile(r"(?i)(?:^|[ _-])(?:pumped|expressed)(?: ?\(\d+\))?$")
_REASONS = {
    "time": ("started_at", "clock of the phone, in the order that its language has, no zone"),
    "total": ("volume_total", "both breasts together"),
    "left": ("volume_left", "left breast"),
    "right": ("volume_right", "right breast"),
}


def _plain(names: Sequence[str]) -> list[str]:
    return [plain_name(name) for name in names]


def _is_pump(names: Sequence[str]) -> bool:
    """Time, amounts, durations and a note, and nothing else."""
    plain = [name for name in _plain(names) if name]
    amounts = [name for name in plain if _AMOUNT.fullmatch(name)]
    rest = {name for name in plain if name not in amounts and not _DURATION.fullmatch(name)}
    return bool(amounts) and rest <= {"time", "start_side", "note"} and {"time", "note"} <= rest


def _is_of_a_baby(names: Sequence[str]) -> bool:
    plain = [name for name in _plain(names) if name]
    return plain[:2] == ["baby", "time"] and plain[-1] == "note"


def _is_header(names: Sequence[str]) -> bool:
    return _is_pump(names) or _is_of_a_baby(names)


def recognise(path: Path) -> str | None:
    """The reason why a file is one of a Baby Tracker export, else None.

    Raises InputError when the columns are those of milk expressed and the name is that of milk fed.
    """
    layout = find_layout(path, _is_header)
    if layout is None:
        return None
    if _is_of_a_baby(layout.header):
        return "its columns begin with Baby and Time, as in Baby Tracker's files about a baby"
    if _FED.search(path.stem):
        raise InputError(
            f"{path.name}: the columns are those of milk expressed and the name is that of milk fed; rename the file "
            "to pump.csv if it is milk expressed."
        )
    return "its columns are Time, amounts and Note without Baby, as in Baby Tracker's pump.csv"


def read(path: Path, options: SourceOptions, backend: Any = None) -> Extract:
    """Read all entries, a pandas frame with one row each; files about a baby are other throughout.

    The unit of an amount stands in its cell or in the header. The length of a session is the total that the app
    tells, which adds up both sides. Raises InputError when the header is missing.
    """
    layout = find_layout(path, _is_header)
    if layout is None:
        raise InputError(f"{path.name}: no Baby Tracker header (Time, ..., Amount, Note).")
    table = read_table(path, layout)
    if _is_of_a_baby(layout.header):
        nothing = pd.Series(False, index=table.cells.index)
        rows = pd.DataFrame({"source_row": table.cells["source_row"], "kind": kinds(nothing)})
        return table_extract("nighp", table, rows, {}, identifiers=("baby",))
    rows, warnings = _rows(table)
    return table_extract("nighp", table, rows, _meanings(table.header), warnings=warnings)


def _meanings(header: Sequence[str]) -> dict[str, tuple[str, str]]:
    """Canonical column and reason of every column that is used, by plain name."""
    found = {"time": _REASONS["time"]}
    for name in _plain(header):
        if match := _AMOUNT.fullmatch(name):
            found[name] = _REASONS[match[1] or "total"]
        elif match := _DURATION.fullmatch(name):
            told = "as the app adds up both sides" if match[1] in (None, "total") else "without a total"
            found[name] = ("duration_min", told)
    return found


def _amounts(table: TextTable) -> dict[str, pd.Series]:
    """The amounts by side, each with the unit of its cell, else of its header; one that names no side is the total."""
    found = {}
    for name in table.header:
        if match := _AMOUNT.fullmatch(plain_name(name)):
            column = table.column(name)
            unit = pd.Series(match[2], index=column.index, dtype="str")
            found[f"volume_{match[1] or 'total'}"] = with_units(column, unit)
    return found


def _minutes(table: TextTable) -> tuple[pd.Series, pd.Series]:
    """The length of each session in minutes, and whether it has minutes on both sides."""
    sides = {
        match[1] or "total": table.column(name).map(word_minutes, na_action="ignore").astype("str")
        for name in table.header
        if (match := _DURATION.fullmatch(plain_name(name)))
    }
    none = pd.Series(None, index=table.cells.index, dtype="str")
    left, right = sides.get("left", none), sides.get("right", none)
    both = left.notna() & right.notna()
    # Without a total, the minutes of two sides may have passed together or one after the other.
    return sides.get("total", none).fillna(left.fillna(right).mask(both)), both


def _rows(table: TextTable) -> tuple[pd.DataFrame, list[str]]:
    session = ~table.cells["repeated_header"]
    length, both = _minutes(table)
    rows = {
        "source_row": table.cells["source_row"],
        "kind": kinds(session),
        "started_at": table.column("Time").where(session),
        "duration_min": length.where(session),
        **{name: column.where(session) for name, column in _amounts(table).items()},
        **row_problems(table.cells["problem"].where(session)),
    }
    doubtful = int((both & session).sum())
    warnings = [
        f"{doubtful} session(s) have minutes on both sides, and the app's total adds them up; where both breasts were "
        "pumped at once, the session was shorter"
    ]
    return pd.DataFrame(rows), warnings if doubtful else []


def word_minutes(text: str) -> str:
    """A duration such as "1 hr 52 min" in minutes; any other text, a bare number too, is returned as it is."""
    match = _WORDS.fullmatch(text)
    if not match or not any(match.groups()):
        return text
    hours, minutes, seconds = (int(part or 0) for part in match.groups())
    return f"{hours * 60 + minutes + seconds / 60:.10g}"


READER = Reader(
    name="nighp",
    title="Baby Tracker by Nighp (zip, or its CSV files)",
    suffixes=(".csv", ".zip"),
    recognise=recognise,
    read=read,
    is_app_export=True,
    same_name_everywhere=True,
    mailed_as=frozenset({"csv"}),
)
