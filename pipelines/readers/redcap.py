"""REDCap raw CSV exports: events, repeating instruments, checkboxes, missing codes, data dictionary."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import ibis
import ibis.expr.types as ir
import pandas as pd

from pipelines.codebook import load_codebook
from pipelines.errors import InputError
from pipelines.readers.base import Extract, Reader
from pipelines.readers.checkboxes import forms, settle
from pipelines.readers.columns import (
    Mapped,
    Plan,
    named_column,
    own_meaning,
    participant_column,
    plan_columns,
)
from pipelines.readers.containers.tables import find_layout, read_table
from pipelines.readers.dictionary import identifier_fields
from pipelines.readers.mapping import SESSION_FIELDS, canonical, with_kind
from pipelines.study import Item, SourceOptions

_REPEAT = "redcap_repeat_instrument"
_SYSTEM = (
    "redcap_event_name",
    _REPEAT,
    "redcap_repeat_instance",
    "redcap_data_access_group",
    "redcap_survey_identifier",
)
_FORM_END = "_complete"
_NOT_COMPLETED = "[not completed]"
# Times and days are used to place a row and are gone afterwards, so a study may mark them as identifiers.
_TIMES = ("started_at", "ended_at", "date", "birth_date")


def has_redcap_marks(header: Sequence[str]) -> bool:
    """Whether a header has columns that REDCap alone writes: `redcap_...`, or a form's status after its fields."""
    names = [column.strip().lower() for column in header]
    status = [name for name in names[1:] if name.endswith(_FORM_END) and len(name) > len(_FORM_END)]
    return bool(set(_SYSTEM) & set(names)) or bool(status)


def recognise(path: Path) -> str | None:
    """The reason why a file is a raw REDCap export, else None."""
    layout = find_layout(path, has_redcap_marks)
    if layout is None:
        return None
    marks = [name for name in layout.header if name in _SYSTEM or name.endswith(_FORM_END)]
    return f"it has REDCap's own columns ({', '.join(marks[:3])}{', ...' if len(marks) > 3 else ''})"


def read(path: Path, options: SourceOptions, backend: Any = None) -> Extract:
    """Read a raw export. One row of `Extract.rows`, a lazy Ibis table, for every data row.

    The first column is the record's id under any name, unless the study file names another participant. Columns
    are used when the study file maps them or when they have our own names. A row is a session when its start or
    another session field is filled, a day when its date is, baseline when any factor or the birth date is, else
    other; a row of the repeating form that asks the start or the date belongs there even when that is blank.
    Raises InputError for a missing data dictionary or mapped columns that are not there.
    """
    layout = find_layout(path, has_redcap_marks)
    if layout is None:
        raise InputError(
            f"{path.name}: no header of a REDCap export; export it as 'CSV / Microsoft Excel (raw data)'."
        )
    table = read_table(path, layout)
    cells, header = settle(table, options.missing_codes)
    options = _with_record_id(options, header)
    barred = _barred(header, identifier_fields(path, options.dictionary), options)
    plan = _plan(header, barred, options, path.name)
    rows = canonical(ibis.memtable(_without_placeholders(cells)), plan, options.missing_codes)
    own = {name for name in header if name in _SYSTEM[:3] or name.endswith(_FORM_END)}
    return Extract(
        reader="redcap",
        rows=with_kind(rows, _kind(rows, plan, header)),
        columns=plan.meanings(),
        dropped_identifiers=tuple(
            name for name in table.header if name in {*plan.identifiers, *barred} - own
        ),
        unused_columns=tuple(name for name in plan.unused if name in table.header and name not in own),
        warnings=(*table.warnings, *plan.warnings, *_refused(barred, options)),
        facts={
            "format": "text",
            "encoding": table.encoding,
            "forms": sorted(set(forms(table.header)) - {""}),
        },
    )


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


def _plan(header: Sequence[str], barred: set[str], options: SourceOptions, file: str) -> Plan:
    """The columns' meanings, with barred columns out of sight and the repeating form's name as instrument."""
    kept = {name: _without(item, barred) for name, item in options.items.items()}
    allowed = {name: item for name, item in kept.items() if item is not None}
    visible = ["" if name in barred else name for name in header]
    plan = plan_columns(visible, replace(options, items=allowed), file)
    if _REPEAT in header and not plan.has("instrument"):
        form = Mapped("instrument", header.index(_REPEAT), _REPEAT, "the form that repeats")
        plan = replace(plan, mapped=(*plan.mapped, form))
    return plan


def _without(item: Item, barred: set[str]) -> Item | None:
    """The item with those of its columns that may be used; None when none may."""
    columns = [column for column in item.columns if column not in barred]
    return replace(item, column=columns[0], others=tuple(columns[1:])) if columns else None


def _refused(barred: set[str], options: SourceOptions) -> list[str]:
    columns = [column for item in options.items.values() for column in item.columns]
    asked = [column for column in columns if column in barred]
    return [f"column '{name}' is an identifier by the data dictionary and was not used" for name in asked]


def _without_placeholders(cells: pd.DataFrame) -> pd.DataFrame:
    """A survey that was begun only has this text where the time of its end would stand."""
    return cells.mask(cells == _NOT_COMPLETED)


def _kind(rows: ir.Table, plan: Plan, header: Sequence[str]) -> ir.StringValue:
    factors = load_codebook().factors
    known = [name for name in rows.columns if name in factors or name in ("birth_date", "cohort")]
    return ibis.cases(
        (_any_filled(rows, SESSION_FIELDS), "session"),
        (~_any_filled(rows, known), "other"),
        (_in_form_of(rows, plan, header, "started_at"), "session"),
        (_any_filled(rows, ("date",)) | _in_form_of(rows, plan, header, "date"), "day"),
        else_="baseline",
    )


def _any_filled(rows: ir.Table, names: Sequence[str]) -> ir.BooleanValue:
    filled = [rows[name].notnull() for name in names if name in rows.columns]
    return ibis.or_(*filled) if filled else ibis.literal(False)


def _in_form_of(rows: ir.Table, plan: Plan, header: Sequence[str], meaning: str) -> ir.BooleanValue:
    """Whether a row belongs to a repeating form that asks for this."""
    places = [each.place for each in plan.mapped if each.meaning == meaning]
    if not places or _REPEAT not in header:
        return ibis.literal(False)
    form_of = forms(header)
    return rows.instrument.isin([form_of[place] for place in places]).fill_null(False)


READER = Reader(
    name="redcap",
    title="REDCap (raw CSV export)",
    suffixes=(".csv", ".xlsx"),
    recognise=recognise,
    read=read,
)
