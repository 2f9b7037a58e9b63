"""Look at a file without writing anything: what it is taken for, and what would become of its rows."""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import ibis.expr.types as ir
import pandas as pd

from pipelines.codebook import load_codebook
from pipelines.errors import InputError
from pipelines.readers import scratch_space
from pipelines.readers.base import ColumnMeaning
from pipelines.readers.choices import source_of, suggested
from pipelines.readers.suggestions import TableLook, look
from pipelines.run.claims import SourceFile, looked_at, part_name, why_unknown
from pipelines.run.extracts import read_extract
from pipelines.run.files import find_candidates
from pipelines.run.ingestion import ingest
from pipelines.run.ledger import FileLedger
from pipelines.settings import load_settings
from pipelines.store.write import Workspace, work_folder
from pipelines.study import SourceOptions, Study, default_study
from pipelines.study_file import with_source

# Names of columns that a look at the first rows leaves out: nothing is told by them.
UNKNOWN = "no reader knows this table; this is what its columns may mean"
UNREADABLE = "cannot be read"
NO_MEANING = "no column means anything that the codebook knows"
QUIET = ("source_row", "kind", "session_group", "problem_field", "problem_code")


@dataclass(frozen=True)
class Inspection:
    """One file, or one sheet of it: reader and reason, what each column means, the first rows as they were read,
    and the ledger it would have. `problem` says why it could not be ingested as it stands ("" otherwise). Of a table
    that no reader knows `reader` is empty, and `suggested` is the source that the suggestions make."""

    name: str
    reader: str
    reason: str
    columns: tuple[ColumnMeaning, ...]
    first_rows: tuple[dict[str, Any], ...]
    outcome: FileLedger | None
    problem: str = ""
    suggested: SourceOptions | None = None

    def as_json(self) -> dict[str, Any]:
        """The inspection for machines."""
        outcome = None
        if self.outcome is not None:
            outcome = {
                **self.outcome.counts.columns,
                "warnings": list(self.outcome.warnings),
                "dropped_identifiers": list(self.outcome.dropped_identifiers),
                "quarantine": [vars(each) for each in self.outcome.set_aside],
            }
        return {
            "name": self.name,
            "reader": self.reader,
            "reason": self.reason,
            "columns": [vars(each) for each in self.columns],
            "first_rows": list(self.first_rows),
            "outcome": outcome,
            "problem": self.problem,
            "suggested": with_source("", self.suggested) if self.suggested else None,
        }


def inspect(path: str | Path, study: Study | None = None) -> list[Inspection]:
    """Look at one file; one entry, or one for each sheet of a workbook. Nothing is kept.

    A table that no reader knows gets suggestions for its columns, and the ledger it would have with them. Raises
    InputError when the file is missing, or nothing in it is a table.
    """
    chosen, place = study or default_study(), Path(path)
    candidates, _ = find_candidates([place], chosen)
    ledger, problem = outcomes([place], chosen)
    found = []
    with (
        TemporaryDirectory(prefix="lactoscope-") as folder,
        Workspace(Path(folder) / "rows.duckdb", load_settings()["ingest.memory_limit_mb"]) as workspace,
        scratch_space(work_folder(workspace.path)),
    ):
        for candidate in candidates:
            for part, file, unreadable in looked_at(candidate, chosen):
                if file is not None:
                    found.append(_known(file, chosen, workspace, ledger, str(problem or "")))
                    continue
                name = part_name(candidate, part)
                table = None if unreadable else look(part.path, part.name or candidate.path.stem)
                special = "" if unreadable else why_unknown(part)
                if table is not None:
                    found.append(_foreign(name, table, place, chosen, special))
                elif special:
                    found.append(Inspection(name, "", UNREADABLE, (), (), None, special))
                elif unreadable:
                    found.append(Inspection(name, "", UNREADABLE, (), (), None, unreadable))
    if not found:
        raise InputError(
            f"{place.name}: no reader knows this file, and it is no table whose columns could be mapped."
        )
    return found


def outcomes(paths: Sequence[Path], study: Study) -> tuple[dict[str, FileLedger], InputError | None]:
    """What an ingest into an empty store would do: each file's ledger by its name, or why it would stop."""
    with TemporaryDirectory(prefix="lactoscope-") as folder:
        try:
            return {
                each.name: each for each in ingest(paths, study, Path(folder) / "look.duckdb").files
            }, None
        except InputError as error:
            return {}, error


def with_sources(study: Study, *sources: SourceOptions) -> Study:
    """A study that knows these sources besides its own; a later one about the same header counts."""
    headers = {source.header for source in sources if source.header}
    kept = tuple(source for source in study.sources if not source.header or source.header not in headers)
    return replace(study, sources=(*kept, *sources))


def _known(
    file: SourceFile, study: Study, workspace: Workspace, ledger: dict[str, FileLedger], problem: str
) -> Inspection:
    """A part that a reader knows, as that reader reads it; what it does not use may still mean something."""
    try:
        extract = read_extract(file, study, load_codebook(), workspace.backend)
    except InputError as error:
        return Inspection(file.name, file.reader.name, file.reason, (), (), None, problem or str(error))
    columns = extract.columns
    if not file.reader.is_app_export and extract.unused_columns:
        columns = _with_suggestions(columns, look(file.path))
    rows = _first_rows(extract.rows, workspace)
    return Inspection(file.name, file.reader.name, file.reason, columns, rows, ledger.get(file.name), problem)


def _with_suggestions(
    columns: tuple[ColumnMeaning, ...], table: TableLook | None
) -> tuple[ColumnMeaning, ...]:
    """Unused columns with what they may mean, to be confirmed in a study file."""
    taken = {each.meaning for each in columns if each.meaning}
    chosen = {each.column: each.chosen for each in (table.columns if table else ()) if each.chosen}
    found = []
    for each in columns:
        may_be = chosen.get(each.column)
        if not each.meaning and may_be and may_be.meaning not in taken:
            each = replace(each, reason=f"{each.reason}; perhaps {may_be.meaning}: {may_be.reason}")
        found.append(each)
    return tuple(found)


def _foreign(name: str, table: TableLook, place: Path, study: Study, special: str) -> Inspection:
    """A table that no reader knows, with the suggested mapping and the ledger it would have with it; `special` says
    what else it is."""
    source = source_of(table, suggested(table), SourceOptions())
    columns = tuple(
        ColumnMeaning(
            each.column,
            each.chosen.meaning if each.chosen else "",
            each.chosen.reason if each.chosen else each.why_not,
        )
        for each in table.columns
    )
    ledger, problem = outcomes([place], with_sources(study, source)) if source.items else ({}, None)
    words = str(problem) if problem else "" if source.items else f"{special or NO_MEANING}."
    return Inspection(name, "", UNKNOWN, columns, shown_rows(table), ledger.get(name), words, source)


def shown_rows(table: TableLook) -> tuple[dict[str, Any], ...]:
    """The first rows of a table, without columns that identify people."""
    shown = [each.column for each in table.columns if not each.identifies]
    count = load_settings()["mapping.first_rows"]
    return tuple(
        {name: cell for name, cell in zip(table.sample.header, row, strict=True) if cell and name in shown}
        for row in table.sample.rows[:count]
    )


def _first_rows(rows: pd.DataFrame | ir.Table, workspace: Workspace) -> tuple[dict[str, Any], ...]:
    """The first rows' filled cells, under our column names."""
    count = load_settings()["ingest.shown_problems"]
    if isinstance(rows, pd.DataFrame):
        records = rows.head(count).astype(object).where(rows.head(count).notna(), None).to_dict("records")
    else:
        records = workspace.rows(rows.limit(count))
    return tuple(
        {str(name): value for name, value in record.items() if value is not None and name not in QUIET}
        for record in itertools.islice(records, count)
    )
