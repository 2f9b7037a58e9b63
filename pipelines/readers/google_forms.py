"""Google Forms: the sheet of responses, a time and the questions' full texts."""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from pipelines.errors import InputError
from pipelines.readers.base import Extract, Reader
from pipelines.readers.capture.survey import Survey, extract
from pipelines.readers.columns import own_meaning
from pipelines.readers.containers.tables import find_layout, read_table
from pipelines.study import SourceOptions

# The first column, in the language of the form's owner.
_TIMESTAMP = (
    "timestamp",
    "zeitstempel",
    "horodateur",
    "marca temporal",
    "carimbo de data/hora",
    "informazioni cronologiche",
    "tijdstempel",
    "sygnatura czasowa",
    "отметка времени",
    "タイムスタンプ",
    "时间戳记",
)
_FEWEST_WORDS = 4
# The CSV download writes the zone of the form's owner behind the time: GMT+1, or letters such as EET.
_ZONE = re.compile(
    r"(.*\d(?:\s*[AaPp]\.?[Mm]\.?)?)\s+(?:(?:GMT|UTC)([+-]\d{1,2})(?::?(\d{2}))?|((?![AP]M$)[A-Z]{2,5}))"
)


def has_form_marks(header: Sequence[str]) -> bool:
    """Whether a header is a form's: its time first, and at least one column that reads like a question."""
    names = [name.strip() for name in header]
    if len(names) < 2 or names[0].lower() not in _TIMESTAMP:
        return False
    if any(own_meaning(name)[0] == "started_at" for name in names):
        return False
    return any(name.endswith(("?", "？")) or len(name.split()) >= _FEWEST_WORDS for name in names[1:])


def recognise(path: Path) -> str | None:
    """The reason why a file is a sheet of form responses, else None."""
    layout = find_layout(path, has_form_marks)
    return f"it begins with {layout.header[0].strip()} and goes on with questions" if layout else None


def read(path: Path, options: SourceOptions, backend: Any = None) -> Extract:
    """Read all responses, one row of `Extract.rows` each, dated by the time of sending.

    Columns are named by the question's text, on one line; a question asked twice by `TEXT (2)`. One choice of a
    multiple answer is `TEXT___CHOICE`. The time carries an offset only where the file writes one.
    """
    layout = find_layout(path, has_form_marks)
    if layout is None:
        raise InputError(f"{path.name}: no header of Google Forms (Timestamp and the questions).")
    table = read_table(path, layout)
    header, repeated = told_apart(table.header)
    sent = table.cells["c0"].map(_with_offset, na_action="ignore")
    notes = (
        [f"{len(repeated)} question(s) stand twice; the second one is called '{repeated[0]}' here"]
        if repeated
        else []
    )
    lettered = table.cells["c0"].map(_has_letters, na_action="ignore").fillna(False).astype(bool).any()
    if lettered:
        notes.append("the zone written behind the times is left out; they count as local")
    survey = Survey(
        "google_forms",
        path.name,
        tuple(header),
        table.cells.assign(c0=sent),
        day=header[0],
        day_reason="the day on which the form was sent",
        separator=",",
        system=frozenset(header[:1]),
        warnings=(*table.warnings, *notes),
        facts={"format": "text", "encoding": table.encoding},
    )
    return extract(survey, options)


def told_apart(header: Sequence[str]) -> tuple[list[str], list[str]]:
    """Column names on one line, a repeated one with its number behind it; and those that got a number."""
    counted: dict[str, int] = {}
    names, numbered = [], []
    for name in (" ".join(each.split()) for each in header):
        counted[name] = counted.get(name, 0) + 1
        if name and counted[name] > 1:
            name = f"{name} ({counted[name]})"
            numbered.append(name)
        names.append(name)
    return names, numbered


def _with_offset(cell: str) -> str:
    match = _ZONE.fullmatch(cell)
    if match is None:
        return cell
    return match[1] if match[4] else f"{match[1]} {int(match[2]):+03d}:{match[3] or '00'}"


def _has_letters(cell: str) -> bool:
    match = _ZONE.fullmatch(cell)
    return match is not None and match[4] is not None


READER = Reader(
    name="google_forms",
    title="Google Forms (sheet of responses, XLSX or CSV)",
    suffixes=(".xlsx", ".csv"),
    recognise=recognise,
    read=read,
)
