"""Nursing (C. and M. Droste): the app's raw dump, without a header; type 14 is pumping, one row for each side."""

import re
from pathlib import Path
from typing import Any

import pandas as pd

from pipelines.errors import InputError
from pipelines.readers.app_tables import is_true, kinds, row_problems, table_extract
from pipelines.readers.base import Extract, Reader
from pipelines.readers.containers.records import records
from pipelines.readers.containers.tables import DELIMITERS, Layout, TextTable, opening_lines, read_table
from pipelines.readers.sides import session_groups
from pipelines.settings import load_settings
from pipelines.study import SourceOptions

_NAMES = ("type", "start", "end", "side", "session", "note", "flag", "amount")
_PUMPING = "14"
_BLANKS = ("__EMPTY__", "null")
_CODES = ("9", "10")
_TYPE = re.compile(r"\d{1,2}")
_NUMBER = r"(\d+(?:[.,]\d+)?)"
_MEANINGS = {
    "type": ("kind", "14 is pumping, every other type is not ours"),
    "start": ("started_at", "clock of the phone, day before month, no zone"),
    "end": ("ended_at", "the same for both sides"),
    "side": ("volume_left, volume_right", "codes 9 and 10, of which the file does not say which is left"),
    "amount": ("volume_total", "millilitres by the format; both sides of a session added"),
}


def _layout(path: Path) -> Layout | None:
    """The delimiter with which the first lines are a dump, and the lines above it; None when they are none."""
    lines = opening_lines(path)
    if not any("__EMPTY__" in line for line in lines):
        return None
    within = load_settings()["readers.header_within_rows"]
    for delimiter in DELIMITERS:
        found = [record.cells for record in records(lines, delimiter)]
        first = next((place for place, cells in enumerate(found[:within]) if _is_event(cells)), None)
        if first is not None and any("__EMPTY__" in cells for cells in found):
            return Layout(delimiter, _NAMES, first, in_file=False)
    return None


def _is_event(cells: list[str]) -> bool:
    return len(cells) > 2 and _TYPE.fullmatch(cells[0]) is not None


def recognise(path: Path) -> str | None:
    """The reason why a file is a dump of Nursing, else None."""
    found = _layout(path)
    return "it has no header, numbered kinds of rows, and __EMPTY__ for what is empty" if found else None


def read(path: Path, options: SourceOptions, backend: Any = None) -> Extract:
    """Read all events, a pandas frame with one row each.

    The two rows of a session are one session: its total, which needs no side, or left and right where the study
    file says `sides`. Amounts are millilitres by the format. Zero is suspect, as in every app with a timer. Raises
    InputError when the file is no such dump.
    """
    layout = _layout(path)
    if layout is None:
        raise InputError(f"{path.name}: no dump of the app Nursing (numbered kinds of rows, __EMPTY__).")
    table = read_table(path, layout)
    rows = _rows(table, options.sides)
    warnings = []
    if options.sides is None and "session" in set(rows["kind"]):
        warnings.append(
            "the file does not say which of its sides 9 and 10 is left, so only totals are used; say "
            'sides = "9=left" or "10=left" in the study file if you know'
        )
    return table_extract(
        "droste", table, rows, _MEANINGS, zero_suspect=True, date_order="DMY", warnings=warnings
    )


def _rows(table: TextTable, sides: str | None) -> pd.DataFrame:
    # A row without its type could be anything, so it is looked at as a session and set aside by the checks.
    pumping = is_true(table.column("type").eq(_PUMPING)) | table.column("type").isna()
    cells = {name: _filled(table.column(name)).where(pumping) for name in _NAMES}
    problem = table.cells["problem"].where(pumping)
    problem = problem.mask(pumping & ~cells["side"].isin(_CODES) & problem.isna(), "unknown_side")
    problem = problem.mask(table.column("type").isna() & problem.isna(), "no_type")
    group = _sessions(cells).where(pumping & problem.isna())
    if sides:
        volumes = _by_side(cells, sides)
    else:
        volumes, lost = _totals(cells, group)
        lost |= cells["start"].isin(set(cells["start"][problem.notna()].dropna()))
        problem = problem.mask(lost & problem.isna(), "other_side_unreadable")
    return pd.DataFrame(
        {
            "source_row": table.cells["source_row"],
            "kind": kinds(pumping),
            "session_group": group.where(problem.isna()),
            "started_at": cells["start"],
            "ended_at": cells["end"],
            **volumes,
            "unit": pd.Series("ml", index=pumping.index, dtype="str").where(pumping),
            **row_problems(problem),
        }
    )


def _filled(cells: pd.Series) -> pd.Series:
    return cells.mask(cells.isin(_BLANKS))


def _sessions(cells: dict[str, pd.Series]) -> pd.Series:
    """What the two rows of a session have in common."""
    moment = cells["start"] + "|" + cells["end"].fillna("") + "|" + cells["session"].fillna("")
    return session_groups(moment, cells["side"].eq(_CODES[0]), cells["side"].eq(_CODES[1]))


def _by_side(cells: dict[str, pd.Series], sides: str) -> dict[str, pd.Series]:
    """Each row's amount as the side that the study file says it is."""
    left = is_true(cells["side"].eq(sides.removesuffix("=left")))
    return {"volume_left": cells["amount"].where(left), "volume_right": cells["amount"].where(~left)}


def _totals(cells: dict[str, pd.Series], group: pd.Series) -> tuple[dict[str, pd.Series], pd.Series]:
    """The sum of a session's rows in each of them, as one total; and which rows have lost their total.

    It is unknown where one of two sides is blank. Where one cannot be read, neither row can be used.
    """
    amount, several = cells["amount"], group.groupby(group).transform("size") > 1
    number = amount.str.extract(f"^{_NUMBER}$")[0].str.replace(",", ".").astype("float64")
    unreadable = amount.notna() & number.isna()
    either = unreadable.groupby(group).transform("any")
    total = number.groupby(group).transform(lambda values: values.sum(skipna=False))
    text = total.map(lambda value: f"{value:.10g}", na_action="ignore").astype("str")
    volumes = amount.mask(is_true(several), text.where(total.notna()))
    lost = is_true(several) & is_true(either)
    return {"volume_total": volumes.mask(lost, amount)}, lost & ~unreadable


READER = Reader(
    name="droste",
    title="Nursing by C. and M. Droste (raw dump)",
    suffixes=(".csv", ".txt"),
    recognise=recognise,
    read=read,
    is_app_export=True,
)
