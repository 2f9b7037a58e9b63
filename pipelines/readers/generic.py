"""Plain tables (CSV, TSV, sheets, Parquet) with our own column names, or with columns that a study file maps."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import ibis
import ibis.expr.types as ir
import pyarrow as pa
import pyarrow.parquet

from pipelines.codebook import load_codebook
from pipelines.errors import InputError, Question
from pipelines.readers.base import Extract, Reader
from pipelines.readers.columns import (
    VOLUMES,
    Plan,
    find_column,
    own_meaning,
    participant_column,
    plan_columns,
)
from pipelines.readers.containers.large import is_large, lazy_csv, lazy_parquet
from pipelines.readers.containers.tables import Layout, TextTable, cell_name, find_layout, read_table
from pipelines.readers.google_forms import has_form_marks
from pipelines.readers.kobo import has_kobo_marks
from pipelines.readers.mapping import canonical, kind_of_file, with_kind
from pipelines.readers.missing import likely_missing_codes
from pipelines.readers.qualtrics import has_qualtrics_marks
from pipelines.readers.redcap import has_redcap_marks
from pipelines.readers.second_heading import NOTE, is_second_heading, without_second_heading
from pipelines.settings import load_settings
from pipelines.study import SourceOptions

_PARQUET_MARK = b"PAR1"
# A header with one of these belongs to a questionnaire system, whatever else it holds.
_CAPTURE_MARKS = (has_redcap_marks, has_qualtrics_marks, has_kobo_marks, has_form_marks)
# ODK Central: the rows of a repeat name the submission that they belong to, which stands in another table.
_PARENT = "PARENT_KEY"
_REPEAT_TOLD = (
    f"these rows of a repeat belong to submissions of another table ({_PARENT} names its KEY), where it says whose they "
    "are; add a column with the participant's code to this table"
)
_SAID_OF_PEOPLE = ("participant", "date", "birth_date", "cohort")


def claim(header: Sequence[str]) -> str | None:
    """Why a header is one of ours, in words; None when it is not.

    It is when it names the start of sessions and something about them, or a participant or a day and something
    about either. A questionnaire system's own columns leave the file to its reader.
    """
    if any(has_marks(header) for has_marks in _CAPTURE_MARKS):
        return None
    known = {column: own_meaning(column)[0] for column in header}
    meanings = {meaning for meaning in known.values() if meaning}
    factors = meanings - {*_SAID_OF_PEOPLE, "instrument", "unit", "source_session_id"}
    sessions = "started_at" in meanings and len(meanings) > 1
    people = "participant" in meanings and len(meanings) > 1
    days = "date" in meanings and bool(factors - set(VOLUMES))
    if not (sessions or people or days):
        return None
    named = [column.strip() for column, meaning in known.items() if meaning]
    return f"{len(named)} of its columns have our own names ({', '.join(named[:4])}{', ...' if len(named) > 4 else ''})"


def recognise(path: Path) -> str | None:
    """The reason why a file is a plain table of ours, else None."""
    if is_parquet(path):
        return claim(parquet_header(path))
    layout = find_layout(path, lambda header: claim(header) is not None)
    return claim(layout.header) if layout else None


def mapped_claim(path: Path, options: SourceOptions) -> str | None:
    """Why a table that no reader knows can be read with the study file's items; None when it cannot."""
    if not options.items:
        return None
    if is_parquet(path):
        found = _mapped(parquet_header(path), options)
    else:
        found = find_layout(path, lambda header: _mapped(header, options)) is not None
    return "the study file says what its columns mean" if found else None


def is_parquet(path: Path) -> bool:
    """Whether the content is a Parquet file."""
    with path.open("rb") as file:
        return file.read(4) == _PARQUET_MARK


def parquet_header(path: Path) -> list[str]:
    """Column names of a Parquet file. Raises InputError when it is damaged."""
    try:
        return list(pyarrow.parquet.read_schema(path).names)
    except (pa.ArrowException, OSError):
        raise InputError(f"{path.name}: this Parquet file is damaged; write it anew.") from None


def read(path: Path, options: SourceOptions, backend: Any = None) -> Extract:
    """Read a plain table. One row of `Extract.rows`, a lazy Ibis table, for every data row of the file.

    Small text is read here, with all its damage marked row by row; large text and Parquet are handed on from
    `backend` (Ibis's own default without one) and not loaded. All rows of a file are of one kind: sessions when a column holds their start,
    else a person's day when a column holds the date, else baseline. Raises InputError when no header is found or
    the study file's columns are not there.
    """
    table, header, facts, warnings = _open(path, options, backend)
    plan = plan_columns(header, options, path.name)
    if _PARENT in header and not plan.has("participant") and options.participant == "auto":
        raise _of_a_submission(path.name)
    if isinstance(table, TextTable):
        table, notes = _in_memory(table, plan, options)
        warnings = (*warnings, *notes)
    rows = canonical(table, plan, options.missing_codes)
    return Extract(
        reader="generic",
        rows=with_kind(rows, kind_of_file(plan)),
        columns=plan.meanings(),
        dropped_identifiers=plan.identifiers,
        unused_columns=plan.unused,
        warnings=(*warnings, *plan.warnings, *_without_start(plan)),
        facts=facts,
    )


def _in_memory(text: TextTable, plan: Plan, options: SourceOptions) -> tuple[ir.Table, tuple[str, ...]]:
    """The raw cells of a small text without its second heading, and that there was one."""
    if not is_second_heading(text.cells, plan, options.missing_codes):
        return ibis.memtable(text.cells), ()
    return ibis.memtable(without_second_heading(text)), (NOTE,)


def of_a_repeat(path: Path) -> str:
    """What to do with a table of a repeat, whose rows name a submission of another table; "" for any other table."""
    if is_parquet(path):
        return ""
    return _REPEAT_TOLD if find_layout(path, lambda header: _PARENT in header) else ""


def _of_a_submission(file: str) -> Question:
    """The place of a repeat's rows tells nothing: they are of as many people as there are submissions."""
    return Question(
        f'{file}: {_REPEAT_TOLD}. If everybody sent one submission, say participant = "column:{_PARENT}" in the study '
        'file here and "column:KEY" for the table of the submissions.',
        "participant",
        {f"column:{_PARENT}": "everybody sent one submission"},
    )


def _unsaid(text: TextTable, options: SourceOptions) -> tuple[str, ...]:
    """That some answers look like codes for unknown, where the study file names none."""
    factors = load_codebook().factors
    answers = [cell_name(place) for place, name in enumerate(text.header) if own_meaning(name)[0] in factors]
    missing = likely_missing_codes(cell for name in answers for cell in text.cells[name].dropna().unique())
    if options.missing_codes or not missing:
        return ()
    codes = ", ".join(f'"{code}"' for code in missing)
    return (f"{codes} may stand for unknown; if so, say missing_codes = [{codes}] in the study file",)


def _nameless(text: TextTable) -> tuple[str, ...]:
    """That columns with cells have no name: nothing can be said of them in a study file."""
    filled = [place for place, name in enumerate(text.header) if not name.strip()]
    count = sum(1 for place in filled if text.cells[cell_name(place)].notna().any())
    what = "1 column has" if count == 1 else f"{count} columns have"
    return (f"{what} no name in the first line and cannot be used; give each a name there",) if count else ()


def _without_start(plan: Plan) -> tuple[str, ...]:
    """That volumes or durations are passed over, where no column says when a session began."""
    passed = [each.column for each in plan.mapped if each.meaning in (*VOLUMES, "duration_min")]
    if not passed or plan.has("started_at"):
        return ()
    return (f"no column holds the start of a session (started_at), so {', '.join(passed)} was not used",)


def _open(
    path: Path, options: SourceOptions, backend: Any
) -> tuple[ir.Table | TextTable, Sequence[str], dict[str, Any], tuple[str, ...]]:
    """The raw cells, of a large file as an Ibis table, with the header, what was found out about the file, and
    warnings."""
    if is_parquet(path):
        parquet_header(path)
        table, header = lazy_parquet(path, backend or ibis.get_backend())
        return table, header, {"format": "parquet"}, ()
    layout = _layout(path, options)
    facts = {"format": "text", "delimiter": layout.delimiter}
    if is_large(path, load_settings()["readers.small_file_bytes"]):
        table, warnings = lazy_csv(path, layout, backend or ibis.get_backend())
        return table, layout.header, facts, warnings
    text = read_table(path, layout)
    warnings = (*text.warnings, *_unsaid(text, options), *_nameless(text))
    return text, text.header, facts | {"encoding": text.encoding}, warnings


def _layout(path: Path, options: SourceOptions) -> Layout:
    layout = find_layout(path, lambda header: claim(header) is not None or _mapped(header, options))
    if layout is None:
        raise InputError(
            f"{path.name}: no line among the first ones names columns that we or the study file know."
        )
    return layout


def _mapped(header: Sequence[str], options: SourceOptions) -> bool:
    names = [column for item in options.items.values() for column in item.columns]
    needed = participant_column(options)
    if needed and find_column(header, needed) is None:
        return False
    return any(find_column(header, name) is not None for name in names)


READER = Reader(
    name="generic",
    title="Plain table with our own column names (CSV, TSV, Excel, Parquet)",
    suffixes=(".csv", ".tsv", ".txt", ".xlsx", ".parquet"),
    recognise=recognise,
    read=read,
)
