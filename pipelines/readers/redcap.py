"""REDCap CSV exports: events, repeating instruments, checkboxes, missing codes, labels, data dictionary."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import ibis
import ibis.expr.types as ir
import pandas as pd

from pipelines.errors import InputError
from pipelines.readers.base import Extract, Reader
from pipelines.readers.capture.survey import Survey, extract
from pipelines.readers.checkboxes import forms, settle
from pipelines.readers.columns import Plan, named_column, own_meaning, participant_column
from pipelines.readers.containers.tables import find_layout, read_table
from pipelines.readers.dictionary import is_dictionary, load_dictionary
from pipelines.readers.mapping import kind_by_row
from pipelines.readers.redcap_labels import has_label_marks, to_raw, wordings
from pipelines.study import SourceOptions

_REPEAT = "redcap_repeat_instrument"
_SYSTEM = (
    "redcap_event_name",
    _REPEAT,
    "redcap_repeat_instance",
    "redcap_data_access_group",
    "redcap_survey_identifier",
)
_FORM_END = "_complete"
_WORDS_ONLY = "descriptive"
_NOT_COMPLETED = "[not completed]"
# Times and days are used to place a row and are gone afterwards, so a study may mark them as identifiers.
_TIMES = ("started_at", "ended_at", "date", "birth_date")


def has_redcap_marks(header: Sequence[str]) -> bool:
    """Whether a header has columns that REDCap alone writes: `redcap_...`, or a form's status after its fields."""
    if has_label_marks(header):
        return True
    names = [column.strip().lower() for column in header]
    status = [name for name in names[1:] if name.endswith(_FORM_END) and len(name) > len(_FORM_END)]
    return bool(set(_SYSTEM) & set(names)) or bool(status)


def recognise(path: Path) -> str | None:
    """The reason why a file is a REDCap export, raw or with labels, else None."""
    layout = find_layout(path, has_redcap_marks)
    if layout is None:
        return None
    marks = [
        name
        for name in layout.header
        if name in _SYSTEM or name.endswith(_FORM_END) or has_label_marks([name])
    ]
    return f"it has REDCap's own columns ({', '.join(marks[:3])}{', ...' if len(marks) > 3 else ''})"


def dictionary_beside(export: Path) -> Path | None:
    """The data dictionary that lies beside an export and belongs to it; None where none or several do.

    It belongs to it when every field that has answers is a column of the export, by its name or, in an export with
    labels, by its wording; fields that it marks as identifiers may have been left out. REDCap itself calls it
    PROJECT_DataDictionary_DAY.csv, so that only files with "dict" in their name are looked into.
    """
    layout = find_layout(export, has_redcap_marks)
    if layout is None:
        return None
    near = [
        path for path in sorted(export.parent.iterdir()) if _is_called_dictionary(path) and path != export
    ]
    fitting = [path for path in near if is_dictionary(path) and _belongs(path, layout.header)]
    return fitting[0] if len(fitting) == 1 else None


def _is_called_dictionary(path: Path) -> bool:
    return path.suffix.lower() == ".csv" and "dict" in path.stem.lower()


def _belongs(dictionary: Path, header: Sequence[str]) -> bool:
    """Whether the fields of a dictionary that have answers, all but identifiers, are columns of an export."""
    known = load_dictionary(dictionary, str(dictionary))
    asked = [each for each in known.fields if each.kind != _WORDS_ONLY and not each.is_identifier]
    if has_label_marks(header):
        names, there = {each.label for each in asked}, wordings(header)
    else:
        names, there = {each.name for each in asked}, {name.strip().split("___")[0] for name in header}
    return bool(names) and names <= there


def read(path: Path, options: SourceOptions, backend: Any = None) -> Extract:
    """Read an export. One row of `Extract.rows`, a lazy Ibis table, for every data row.

    The first column is the record's id under any name, unless the study file names another participant. Columns
    are used when the study file maps them, when they have our own names, or when they hold a questionnaire of the
    codebook. A row is a session when its start or another session field is filled, a day when its date is, baseline
    when any factor or the birth date is, else other; a row of the repeating form that asks the start or the date
    belongs there even when that is blank. Labels are turned back into codes where the data dictionary tells them.
    Raises InputError for a missing data dictionary or mapped columns that are not there.
    """
    layout = find_layout(path, has_redcap_marks)
    if layout is None:
        raise InputError(
            f"{path.name}: no header of a REDCap export; export it as 'CSV / Microsoft Excel (raw data)'."
        )
    dictionary = load_dictionary(path, options.dictionary)
    unlabelled = to_raw(read_table(path, layout), dictionary)
    table = unlabelled.table
    cells, header = settle(table, options.missing_codes)
    options = _with_record_id(options, header)
    survey = Survey(
        "redcap",
        path.name,
        tuple(header),
        _without_placeholders(cells),
        form=_REPEAT if _REPEAT in header else "",
        occasion=tuple(name for name in _SYSTEM[:3] if name in header),
        labels={each.name: each.choices for each in dictionary.fields if each.choices},
        system=frozenset(name for name in header if name in _SYSTEM[:3] or name.endswith(_FORM_END)),
        barred=frozenset(_barred(header, dictionary.identifiers, options)),
        warnings=(*table.warnings, *unlabelled.warnings),
        facts={
            "format": "text",
            "encoding": table.encoding,
            "export": "labels" if unlabelled.had_labels else "raw",
            "forms": sorted(set(forms(table.header)) - {""}),
        },
    )
    return extract(survey, options, _kind)


def _with_record_id(options: SourceOptions, header: Sequence[str]) -> SourceOptions:
    """The first column with a name is the record's id; statistics programs put an unnamed one before it."""
    if options.participant != "auto":
        return options
    return replace(options, participant=f"column:{next(name for name in header if name.strip())}")


def _barred(header: Sequence[str], marked: frozenset[str], options: SourceOptions) -> set[str]:
    """Columns of fields that the dictionary marks as identifiers, but the record's id and times."""
    items = options.items.items()
    times = [column for name, item in items if own_meaning(name)[0] in _TIMES for column in item.columns]
    kept = {participant_column(options), named_column(options.birth_date), *times}
    return {
        name
        for name in header
        if name.split("___")[0] in marked and name not in kept and own_meaning(name)[0] not in _TIMES
    }


def _without_placeholders(cells: pd.DataFrame) -> pd.DataFrame:
    """A survey that was begun only has this text where the time of its end would stand."""
    return cells.mask(cells == _NOT_COMPLETED)


def _kind(rows: ir.Table, plan: Plan, header: Sequence[str]) -> ir.StringValue:
    return kind_by_row(
        rows, _in_form_of(rows, plan, header, "started_at"), _in_form_of(rows, plan, header, "date")
    )


def _in_form_of(rows: ir.Table, plan: Plan, header: Sequence[str], meaning: str) -> ir.BooleanValue:
    """Whether a row belongs to a repeating form that asks for this."""
    places = [each.place for each in plan.mapped if each.meaning == meaning]
    if not places or "instrument" not in rows.columns:
        return ibis.literal(False)
    form_of = forms(header)
    return rows.instrument.isin([form_of[place] for place in places]).fill_null(False)


READER = Reader(
    name="redcap",
    title="REDCap (CSV, raw or with labels; data dictionary)",
    suffixes=(".csv", ".xlsx"),
    recognise=recognise,
    read=read,
)
