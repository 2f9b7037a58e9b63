"""Qualtrics: exports with two or three header rows, CSV or TSV, today's and the legacy format."""

import json
import re
import zoneinfo
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pandas as pd

from pipelines.errors import InputError
from pipelines.readers.base import Extract, Reader
from pipelines.readers.capture.survey import Survey, extract, text_column
from pipelines.readers.containers.tables import TextTable, cell_name, find_layout, plain_name, read_table
from pipelines.readers.dictionary import wording
from pipelines.study import SourceOptions

_IDS = ("ExternalReference", "ExternalDataReference")
_SYSTEM = frozenset(
    "startdate enddate status progress duration_in_seconds finished recordeddate responseid responseset "
    "externalreference externaldatareference distributionchannel userlanguage".split()
)
_PEOPLE = frozenset(
    "ipaddress recipientlastname recipientfirstname recipientemail locationlatitude locationlongitude "
    "locationaccuracy emailaddress name".split()
)
_LEGACY = re.compile(r"V\d+")
_IMPORT_ID = '{"ImportId"'
_UNANSWERED = "-99"
_TIMES = ("StartDate", "EndDate", "RecordedDate")
_ISO = re.compile(r"\d{4}-\d{2}-\d{2} \d{1,2}:\d{2}(:\d{2})?")
# What `Status` says of responses that no participant gave: numbers, or words in an export with labels.
_STATUS = {
    "1": "a preview, not a participant's response",
    "9": "a preview, not a participant's response",
    "17": "a preview, not a participant's response",
    "survey_preview": "a preview, not a participant's response",
    "spam_survey_preview": "a preview, not a participant's response",
    "offline_survey_preview": "a preview, not a participant's response",
    "2": "a test response, not a participant's",
    "survey_test": "a test response, not a participant's",
    "8": "marked as spam by Qualtrics",
    "12": "marked as spam by Qualtrics",
    "spam": "marked as spam by Qualtrics",
    "imported_spam": "marked as spam by Qualtrics",
}
_UNFINISHED = "begun and not finished; the study file leaves such responses out"


def has_qualtrics_marks(header: Sequence[str]) -> bool:
    """Whether a header is Qualtrics' own: its id and time columns, or the legacy V1, V2, ..."""
    names = {plain_name(name) for name in header}
    legacy = len(header) > 4 and all(_LEGACY.fullmatch(name.strip()) for name in header[:5])
    return legacy or ("responseid" in names and bool(names & {"startdate", "recordeddate", "enddate"}))


def recognise(path: Path) -> str | None:
    """The reason why a file is a Qualtrics export, else None."""
    layout = find_layout(path, has_qualtrics_marks)
    return "its header has Qualtrics' own columns (StartDate, ResponseId, ...)" if layout else None


def read(path: Path, options: SourceOptions, backend: Any = None) -> Extract:
    """Read all responses, one row of `Extract.rows` each.

    Previews, tests and spam are other. Responses that were begun and not finished are kept with what they answer,
    unless the study file says `unfinished = "left_out"`. -99 is "seen but not answered" and means unknown. A row is
    dated by its start, in the zone that the export states. Columns may be named by their name or by the question's
    text, one choice of a multiple answer as `NAME___CHOICE`.
    """
    layout = find_layout(path, has_qualtrics_marks)
    if layout is None:
        raise InputError(f"{path.name}: no header of a Qualtrics export (StartDate, ResponseId, ...).")
    found = _headers(read_table(path, layout))
    header, cells = found.names, found.cells
    places = {plain_name(name): place for place, name in enumerate(header)}
    other = _not_ours(cells, places, options)
    cells, zone_notes = _in_zone(cells, header, found.zones)
    survey = Survey(
        "qualtrics",
        path.name,
        tuple(header),
        cells,
        aliases={name: (text,) for name, text in zip(header, found.texts, strict=True) if text},
        ids=_IDS,
        response=next((name for name in header if plain_name(name) == "responseid"), ""),
        day=next((name for name in header if plain_name(name) == "startdate"), ""),
        day_reason="the day on which the response was begun",
        other=other,
        separator=",",
        system=frozenset(name for name in header if plain_name(name) in _SYSTEM),
        barred=frozenset(name for name in header if plain_name(name) in _PEOPLE),
        warnings=(*found.warnings, *zone_notes, *_said(cells, places, other)),
        facts={"format": "text", "encoding": found.encoding, "header_rows": found.rows},
    )
    missing = tuple(dict.fromkeys([*options.missing_codes, _UNANSWERED]))
    return extract(survey, replace(options, missing_codes=missing))


@dataclass(frozen=True)
class _Headers:
    """The header rows taken apart from the responses."""

    names: list[str]
    texts: list[str]
    zones: list[str]
    cells: pd.DataFrame
    encoding: str
    warnings: tuple[str, ...]
    rows: int


def _headers(table: TextTable) -> _Headers:
    """Names, question texts and stated zones; what is left are the responses, counted from 1."""
    width = len(table.header)
    columns = [cell_name(place) for place in range(width)]
    rows = table.cells[columns].head(2).fillna("").values.tolist()
    legacy = all(_LEGACY.fullmatch(name.strip()) for name in table.header[:5])
    ids = next((at for at, row in enumerate(rows) if any(cell.startswith(_IMPORT_ID) for cell in row)), None)
    if legacy:
        taken = 1
    elif ids is not None:
        taken = ids + 1
    else:
        taken = 1 if rows and _is_texts(table.header, rows[0]) else 0
    texts = [wording(text) for text in rows[0]] if taken and ids != 0 and rows else [""] * width
    names = [wording(name) for name in table.header]
    if legacy:
        names = [
            text if _LEGACY.fullmatch(name) and text else name
            for name, text in zip(names, texts, strict=True)
        ]
    zones = [_zone(cell) for cell in rows[ids]] if ids is not None else [""] * width
    cells = table.cells.iloc[taken:].reset_index(drop=True)
    cells = cells.assign(source_row=range(1, len(cells) + 1))
    return _Headers(names, texts, zones, cells, table.encoding, table.warnings, taken + 1)


def _is_texts(header: Sequence[str], row: list[str]) -> bool:
    """Whether a row below the header is the one with the questions' texts: no digit where times should stand."""
    times = [cell for name, cell in zip(header, row, strict=True) if name.strip() in _TIMES]
    return bool(times) and not any(any(sign.isdigit() for sign in cell) for cell in times)


def _zone(cell: str) -> str:
    """The zone that the third header row states for a column of times; empty for none."""
    try:
        content = json.loads(cell)
    except ValueError:
        return ""
    return str(content.get("timeZone", "")) if isinstance(content, dict) else ""


def _not_ours(cells: pd.DataFrame, places: dict[str, int], options: SourceOptions) -> pd.Series:
    """Why a response is none of a participant's; NULL where it is one."""
    reasons = text_column([None] * len(cells), cells.index)
    if "status" in places:
        said = cells[cell_name(places["status"])].map(plain_name, na_action="ignore")
        reasons = said.map(_STATUS.get, na_action="ignore").astype("str")
    if options.unfinished == "left_out":
        reasons = reasons.where(~_unfinished(cells, places) | reasons.notna(), _UNFINISHED)
    return reasons


def _unfinished(cells: pd.DataFrame, places: dict[str, int]) -> pd.Series:
    if "finished" not in places:
        return pd.Series(False, index=cells.index)
    return cells[cell_name(places["finished"])].str.lower().isin(["0", "false"])


def _said(cells: pd.DataFrame, places: dict[str, int], other: pd.Series) -> list[str]:
    """What was decided about unfinished responses and unanswered questions, with counts."""
    notes = []
    unfinished = int((_unfinished(cells, places) & other.isna()).sum())
    if unfinished:
        notes.append(
            f"{unfinished} response(s) were begun and not finished; what they answer was kept "
            '(unfinished = "left_out" in the study file leaves them out)'
        )
    unanswered = int((cells[[cell_name(place) for place in places.values()]] == _UNANSWERED).sum().sum())
    if unanswered:
        notes.append(f"{unanswered} answer(s) of -99 (seen but not answered) were read as unknown")
    return notes


def _in_zone(
    cells: pd.DataFrame, header: Sequence[str], zones: Sequence[str]
) -> tuple[pd.DataFrame, list[str]]:
    """Times with the offset of the zone that the export states, so that the day is the right one."""
    changed, notes = {}, []
    for place, zone in enumerate(zones):
        try:
            known = zoneinfo.ZoneInfo(zone) if zone else None
        except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
            known = None
        if known is None:
            continue
        name = cell_name(place)
        changed[name] = cells[name].map(
            lambda cell, known=known: _with_offset(cell, known), na_action="ignore"
        )
        notes.append(
            f"times are in {zone}, as the export says; export in the participants' zone if theirs differs"
        )
    return cells.assign(**changed), list(dict.fromkeys(notes))


def _with_offset(cell: str, zone: zoneinfo.ZoneInfo) -> str:
    """An ISO time with its offset, Z for UTC; other forms are left as they are."""
    if not _ISO.fullmatch(cell):
        return cell
    try:
        offset = datetime.fromisoformat(cell).replace(tzinfo=zone).isoformat(" ", "seconds")
    except ValueError:
        return cell
    return f"{cell}Z" if zone.key in ("UTC", "GMT", "Etc/UTC") else offset


READER = Reader(
    name="qualtrics",
    title="Qualtrics (CSV or TSV, three header rows or legacy)",
    suffixes=(".csv", ".tsv", ".txt"),
    recognise=recognise,
    read=read,
)
