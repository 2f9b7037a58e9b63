"""Files through readers and checks, as an ingest takes them there, without a store."""

import datetime
from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from pipelines.codebook import load_codebook
from pipelines.readers import reader_named, scratch_space
from pipelines.run.checking import Rules, check
from pipelines.run.claims import SourceFile
from pipelines.run.extracts import Source, read_extract
from pipelines.run.files import Candidate
from pipelines.run.staging import stage
from pipelines.settings import load_settings
from pipelines.store.write import Workspace
from pipelines.study import SourceOptions, Study, default_study

TODAY = (datetime.date(2027, 1, 1) - datetime.date(1970, 1, 1)).days


def checked(
    reader: str,
    files: Sequence[Path],
    options: SourceOptions,
    folder: Path,
    study: Study | None = None,
) -> list[pd.DataFrame]:
    """The rows of each file after the checks, in the file's order; all files are read by one reader.

    Columns are those of `checks.cells.read_cells`, with `bad` for a row that is set aside; the same participant in all of
    them where the rows name none. Warnings of the checks are in `frame.attrs["warnings"]`.
    """
    known, settings, study = load_codebook(), load_settings(), study or default_study()
    with scratch_space(), Workspace(folder / "rows.duckdb", settings["ingest.memory_limit_mb"]) as workspace:
        sources = []
        for rank, path in enumerate(files, start=1):
            candidate = Candidate(path, options, path.parent, named=True)
            file = SourceFile(candidate, path, path.name, reader_named(reader), "", str(rank), "somebody")
            extract = read_extract(file, study, known, workspace.backend)
            sources.append(Source(rank, file, extract, list(extract.warnings)))
        batches = stage(sources, workspace, study, known, settings, 0)
        rules = Rules(known, settings, TODAY)
        tables = [workspace.backend.to_pandas(check(batch, rules, workspace).rows) for batch in batches]
    rows = pd.concat(tables).sort_values(["source_rank", "source_row"])
    found = []
    for source in sources:
        own = rows[rows.source_rank == source.rank].drop(columns=["source_rank", "position"])
        own.attrs["warnings"] = source.warnings
        found.append(own.reset_index(drop=True))
    return found
