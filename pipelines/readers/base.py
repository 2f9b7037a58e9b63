"""The contract of a reader: recognise a file by its content, hand on its rows as text in canonical columns."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import ibis.expr.types as ir
import pandas as pd

from pipelines.study import SourceOptions

# Columns every reader may deliver, all text (NULL where the source says nothing) but `source_row`. Besides
# these a frame may hold any factor id of the codebook as a column, with their text as it stands in the file, and
# `NAME_order` beside a technique.
ROW_COLUMNS = (
    "source_row",  # 1-based number of the data row, counted as the ledger counts
    "kind",  # session | day | baseline | other
    "participant",  # raw identifier, or NULL when the file's place decides
    "source_session_id",  # the source's own id of the session, if it has one
    "session_group",  # the same text in two rows: they are the left and the right breast of one session
    "started_at",  # local clock as written, or ISO with offset
    "ended_at",
    "end_is_clock",  # yes where the end was a clock only and the start's date was put before it
    "date",  # the day an answer belongs to
    "birth_date",
    "duration_min",
    "tried_nothing_came",  # yes where a session gave no milk at all: a measured 0
    "volume_left",  # cell text, the unit inside it kept
    "volume_right",
    "volume_total",
    "unit",  # ml | oz from a header or a unit column of that row
    "instrument",  # form or instrument an answer came from
    "occasion",  # which visit or repeat of a form an answer without a date is of
    "cohort",
    "problem_field",  # the reader itself could not make sense of this row: field and code
    "problem_code",
)


@dataclass(frozen=True)
class ColumnMeaning:
    """What one source column was taken for, and why; `meaning` empty when it is not used."""

    column: str
    meaning: str
    reason: str


@dataclass(frozen=True)
class Extract:
    """What one file holds, before anything is decided about values.

    `rows` is a pandas frame (phone exports) or a lazy Ibis table (large tables) with some of ROW_COLUMNS and
    factor ids; a missing column means NULL throughout. One data row of the file is one row here, whatever its
    kind, so that the ledger adds up. `zero_suspect` says that 0 is known to mean "not measured" in this format;
    `dropped_identifiers` and `unused_columns` name columns that were left behind. `date_order` (DMY or MDY) is the
    order of day and month that the format itself writes, for files whose dates do not show it.
    """

    reader: str
    rows: pd.DataFrame | ir.Table
    columns: tuple[ColumnMeaning, ...] = ()
    zero_suspect: bool = False
    dropped_identifiers: tuple[str, ...] = ()
    unused_columns: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    date_order: str | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Reader:
    """One kind of export.

    `recognise(path)` returns the reason in words when the file's content is this kind, else None; it reads no
    more than the first part of a file. `read(path, options, backend)` returns the Extract; `backend` is an Ibis
    backend for readers that hand on lazy tables, others ignore it. Both raise `pipelines.errors.InputError` with
    file, row and column for what they cannot read, and never anything else.
    `same_name_everywhere` marks apps that give every export the same file name, so that the folder tells people
    apart; `mailed_as` are the names, in lower case and without ending, of zips that are called the same for everybody.
    """

    name: str
    title: str
    suffixes: tuple[str, ...]
    recognise: Callable[[Path], str | None]
    read: Callable[[Path, SourceOptions, Any], Extract]
    is_app_export: bool = False
    same_name_everywhere: bool = False
    mailed_as: frozenset[str] = frozenset()
