"""Look at a file without writing anything: what it is taken for, and what would become of its rows."""

import itertools
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import ibis.expr.types as ir
import pandas as pd

from pipelines.codebook import load_codebook
from pipelines.errors import InputError
from pipelines.readers import scratch_space
from pipelines.readers.base import ColumnMeaning
from pipelines.run.files import claim_files, find_candidates
from pipelines.run.ingestion import ingest
from pipelines.run.ledger import FileLedger
from pipelines.run.staging import read_extract
from pipelines.settings import load_settings
from pipelines.store.write import Workspace, work_folder
from pipelines.study import Study, default_study

# Names of columns that a look at the first rows leaves out: nothing is told by them.
QUIET = ("source_row", "kind", "session_group", "problem_field", "problem_code")


@dataclass(frozen=True)
class Inspection:
    """One file, or one sheet of it: reader and reason, what each column means, the first rows as they were read,
    and the ledger it would have. `problem` says why it could not be ingested as it stands ("" otherwise)."""

    name: str
    reader: str
    reason: str
    columns: tuple[ColumnMeaning, ...]
    first_rows: tuple[dict[str, Any], ...]
    outcome: FileLedger | None
    problem: str = ""

    def as_json(self) -> dict[str, Any]:
        """The inspection for machines."""
        outcome = None
        if self.outcome is not None:
            counts = self.outcome.counts
            outcome = {
                "rows_read": counts.read,
                "rows_accepted": counts.accepted,
                "rows_duplicate": counts.duplicate,
                "rows_quarantined": counts.quarantined,
                "rows_other": counts.other,
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
        }


def inspect(path: str | Path, study: Study | None = None) -> list[Inspection]:
    """Look at one file; one entry, or one for each sheet of a workbook. Nothing is kept.

    Raises InputError when the file is missing or no reader knows it.
    """
    chosen, place = study or default_study(), Path(path)
    found, _ = find_candidates([place], chosen)
    with TemporaryDirectory(prefix="lactoscope-") as folder:
        store = Path(folder) / "look.duckdb"
        problem, outcomes = "", {}
        try:
            outcomes = {each.name: each for each in ingest([place], chosen, store).files}
        except InputError as error:
            problem = str(error)
        with (
            Workspace(Path(folder) / "rows.duckdb", load_settings()["ingest.memory_limit_mb"]) as workspace,
            scratch_space(work_folder(workspace.path)),
        ):
            files, _ = claim_files(found, chosen)
            return [
                Inspection(
                    file.name,
                    file.reader.name,
                    file.reason,
                    extract.columns,
                    _first_rows(extract.rows, workspace),
                    outcomes.get(file.name),
                    problem,
                )
                for file, extract in (
                    (file, read_extract(file, chosen, load_codebook(), workspace.backend)) for file in files
                )
            ]


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
