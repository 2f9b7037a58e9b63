"""KoBoToolbox: CSV with semicolons, or a workbook whose further sheets hold the repeating groups."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pandas as pd

from pipelines.codebook import load_codebook
from pipelines.errors import InputError
from pipelines.readers.base import Extract, Reader
from pipelines.readers.capture.participants import usual_column
from pipelines.readers.capture.survey import Survey, extract
from pipelines.readers.columns import find_column, own_meaning, participant_column
from pipelines.readers.containers.tables import TextTable, cell_name, find_layout, plain_name, read_table
from pipelines.readers.containers.workbooks import sibling_sheets
from pipelines.study import SourceOptions

_MARKS = frozenset(["_id", "_uuid", "_submission_time", "_index", "_validation_status", "_submitted_by"])
_PARENT = ("_parent_index", "_parent_table_name")
_PEOPLE = frozenset(
    ["_submitted_by", "username", "deviceid", "phonenumber", "simserial", "subscriberid", "_geolocation"]
)
_START, _SENT = "start", "_submission_time"
_SEPARATOR = re.compile(r"[/:.|>-]+")
_NO_OFFSET = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?")


def has_kobo_marks(header: Sequence[str]) -> bool:
    """Whether a header has columns that KoBoToolbox adds to every export, or to a repeating group's sheet."""
    names = {name.strip() for name in header}
    return len(names & _MARKS) >= 3 or ("_index" in names and bool(names & set(_PARENT)))


def recognise(path: Path) -> str | None:
    """The reason why a file, or a sheet of a workbook, is a KoBoToolbox export, else None."""
    layout = find_layout(path, has_kobo_marks)
    return "it has KoBoToolbox's own columns (_id, _uuid, _index, ...)" if layout else None


def read(path: Path, options: SourceOptions, backend: Any = None) -> Extract:
    """Read all submissions, or all rows of a repeating group's sheet, one row of `Extract.rows` each.

    A column may be named with or without its groups. A repeated row belongs to the person and day of the submission
    that `_parent_index` names, found in the same workbook. A row is dated by its `start` on the phone's own clock,
    else by the time of sending, which is UTC. Raises InputError for a repeating group's sheet without its workbook.
    """
    layout = find_layout(path, has_kobo_marks)
    if layout is None:
        raise InputError(f"{path.name}: no columns of a KoBoToolbox export (_id, _uuid, _index, ...).")
    survey = _survey(path.name, read_table(path, layout))
    return extract(_with_parent(path, survey, options), options)


def _survey(file: str, table: TextTable) -> Survey:
    header = tuple(name.strip() for name in table.header)
    cells = table.cells
    if _SENT in header:
        name = cell_name(header.index(_SENT))
        cells = cells.assign(**{name: cells[name].map(_as_utc, na_action="ignore")})
    day = _START if _START in header else _SENT if _SENT in header else ""
    system = {name for name in header if name.startswith("_") or name in (_START, "end", "today")}
    return Survey(
        "kobo",
        file,
        header,
        cells,
        aliases=_short_names(header, cells),
        day=day,
        day_reason="the day on which the form was begun"
        if day == _START
        else "the day on which the form was sent",
        separator=" ",
        system=frozenset(system),
        barred=frozenset(name for name in header if plain_name(name) in map(plain_name, _PEOPLE)),
        warnings=table.warnings,
        facts={"format": "text", "encoding": table.encoding},
    )


def _as_utc(cell: str) -> str:
    return cell + "Z" if _NO_OFFSET.fullmatch(cell) else cell


def _short_names(header: Sequence[str], cells: pd.DataFrame) -> dict[str, tuple[str, ...]]:
    """Each column's name without its outer groups, one group less at a time.

    A column of 0 and 1 may be one choice of a question ("problems/stress"), which is no number of that name.
    """
    found = {}
    for place, name in enumerate(header):
        ends = [match.end() for match in _SEPARATOR.finditer(name)]
        shorter = tuple(name[end:] for end in ends if name[end:] and not name.startswith("_"))
        if shorter and not (_is_tick(cells[cell_name(place)]) and _is_no_tick(shorter[-1])):
            found[name] = shorter
    return found


def _is_tick(column: pd.Series) -> bool:
    return bool(column.dropna().isin(["0", "1"]).all())


def _is_no_tick(name: str) -> bool:
    factor = load_codebook().factors.get(own_meaning(name)[0])
    return factor is not None and factor.kind != "yes_no"


@dataclass(frozen=True)
class _Parent:
    """A sheet of submissions that repeated rows belong to."""

    title: str
    survey: Survey


def _with_parent(path: Path, survey: Survey, options: SourceOptions) -> Survey:
    """A repeating group's rows with the participant and the day of their submissions."""
    if not set(_PARENT) & set(survey.header):
        return survey
    parents = [
        _Parent(title, _survey(copy.name, read_table(copy, layout)))
        for title, copy in sibling_sheets(path)
        if (layout := find_layout(copy, has_kobo_marks)) is not None
    ]
    chosen = _parent_of(survey, parents)
    if chosen is None:
        raise InputError(
            f"{path.name}: this is a repeating group of KoBoToolbox; its rows need the workbook (XLSX) that holds the "
            "submissions they belong to."
        )
    return _joined(survey, chosen.survey, options)


def _parent_of(survey: Survey, parents: Sequence[_Parent]) -> _Parent | None:
    """The sheet that the rows name, else the only one that is no repeating group itself."""
    tops = [each for each in parents if not set(_PARENT) & set(each.survey.header)]
    if "_parent_table_name" in survey.header:
        named = survey.column("_parent_table_name").dropna().unique()
        tops = [each for each in tops if each.title in named] or tops
    return tops[0] if tops else None


def _joined(survey: Survey, parent: Survey, options: SourceOptions) -> Survey:
    wanted = {parent.day, _owner(parent, options) or ""} - {""}
    index = parent.column("_index")
    rows = pd.Series(range(len(index)), index=index)
    rows = rows[~rows.index.duplicated() & rows.index.notna()]
    places = survey.column("_parent_index").map(rows)
    for name in sorted(wanted - set(survey.header)):
        values = parent.column(name)
        carried = places.map(lambda place, values=values: None if pd.isna(place) else values.iloc[int(place)])
        survey = survey.with_column(name, carried.astype("str"))
    aliases = {**survey.aliases, **{name: parent.aliases[name] for name in wanted if name in parent.aliases}}
    lost = int(places.isna().sum())
    notes = (f"{lost} row(s) name no submission of this workbook",) if lost else ()
    return replace(
        survey,
        aliases=aliases,
        day=survey.day or parent.day,
        day_reason=survey.day_reason if survey.day else parent.day_reason,
        warnings=(*survey.warnings, *notes),
    )


def _owner(parent: Survey, options: SourceOptions) -> str | None:
    """The submission sheet's column for the participant; None where nothing tells it."""
    asked = participant_column(options)
    if not asked:
        return usual_column(parent)
    for name in parent.header:
        if any(find_column([each], asked) is not None for each in (name, *parent.aliases.get(name, ()))):
            return name
    return None


READER = Reader(
    name="kobo",
    title="KoBoToolbox (CSV, XLSX with repeating groups)",
    suffixes=(".csv", ".xlsx"),
    recognise=recognise,
    read=read,
)
