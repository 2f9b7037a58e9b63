"""Excel workbooks: every sheet becomes a text table of its own, because the ledger counts sheets like files."""

import csv
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote
from zipfile import ZipFile

import openpyxl
from openpyxl.utils.exceptions import InvalidFileException

from pipelines.errors import InputError
from pipelines.readers.containers.archives import DAMAGED, refuse_oversize
from pipelines.readers.containers.scratch import scratch_folder

# What the library raises for workbooks that are damaged, encrypted or not quite workbooks.
_DAMAGED = (*DAMAGED, ArithmeticError, AttributeError, InvalidFileException, SyntaxError, TypeError)
_PREFIX = "workbook-"


def is_workbook(path: Path) -> bool:
    """Whether the content is an Excel workbook (.xlsx, .xlsm), whatever the file is called."""
    try:
        with path.open("rb") as file:
            if file.read(4) != b"PK\x03\x04":
                return False
        with ZipFile(path) as archive:
            return "xl/workbook.xml" in archive.namelist()
    except DAMAGED:
        return False


def sheets(path: Path) -> list[tuple[str, Path]]:
    """Name and text copy (UTF-8 CSV in the scratch space) of each sheet that holds anything.

    Dates become ISO text, whole numbers lose their `.0`, formulas give the value last calculated. Raises
    InputError when the workbook is protected, damaged or oversized, or all its sheets are empty.
    """
    try:
        with ZipFile(path) as archive:
            refuse_oversize(path.name, archive.infolist())
        workbook = openpyxl.load_workbook(path, read_only=True, data_only=True)
        folder = scratch_folder(_PREFIX)
        copies = [
            (sheet.title, _copy(sheet, _file_of(folder, number, sheet.title)))
            for number, sheet in enumerate(workbook.worksheets)
        ]
    except _DAMAGED as error:
        reason = type(error).__name__
        raise InputError(f"{path.name}: this workbook cannot be opened ({reason}); save it anew.") from None
    found = [(title, copy) for title, copy in copies if copy is not None]
    if not found:
        raise InputError(f"{path.name}: the workbook is empty.")
    return found


def _file_of(folder: Path, number: int, title: str) -> Path:
    """Where a sheet is copied to; its title stands in the name, cut to what a file system allows."""
    return folder / f"{number:04d}-{quote(title, safe=' ')[:180]}.csv"


def sibling_sheets(copy: Path) -> list[tuple[str, Path]]:
    """The other sheets of the workbook that a sheet was copied from, as `sheets` gives them; none for other files."""
    if not copy.parent.name.startswith(_PREFIX):
        return []
    others = (path for path in sorted(copy.parent.glob("*.csv")) if path != copy and path.stat().st_size)
    return [(unquote(path.stem[5:]), path) for path in others]


def _copy(sheet: Any, copy: Path) -> Path | None:
    filled = False
    with copy.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        for row in sheet.iter_rows():
            cells = [cell_text(cell.value, getattr(cell, "number_format", "")) for cell in row]
            filled = filled or any(cells)
            writer.writerow(cells)
    return copy if filled else None


def cell_text(value: Any, number_format: str = "") -> str:
    """A cell's value as the text a CSV export would hold: ISO dates and times, `yes`-like truth as true/false."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime):
        only_date = value.time() == time() and "h" not in number_format.lower()
        return value.date().isoformat() if only_date else value.isoformat(" ", "seconds")
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, timedelta):
        hours, rest = divmod(round(value.total_seconds()), 3600)
        return f"{hours:02d}:{rest // 60:02d}:{rest % 60:02d}"
    return str(value)
