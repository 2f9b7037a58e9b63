"""What a reader delivered of one file, on its way to the checks."""

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass, field

import ibis
import ibis.expr.types as ir
import pandas as pd

from pipelines.codebook import Codebook
from pipelines.errors import Question
from pipelines.readers.base import Extract
from pipelines.run.claims import SourceFile
from pipelines.study import Item, Study


@dataclass
class Source:
    """One file on its way: its rank in this ingest, what the reader said of it, what was found out about it.

    `questions` are what only the researcher can say of it; with any, nothing of this ingest may be kept.
    """

    rank: int
    file: SourceFile
    extract: Extract
    warnings: list[str]
    source_id: str = ""
    questions: list[Question] = field(default_factory=list)

    @property
    def owner_by_place(self) -> bool:
        """Whether the file's place says whose the rows are, because no row names a person."""
        rows = self.extract.rows
        if "participant" not in rows.columns:
            return True
        return isinstance(rows, pd.DataFrame) and not rows["participant"].notna().any()

    @property
    def dropped_identifiers(self) -> tuple[str, ...]:
        """Columns left behind because they identify people."""
        return self.extract.dropped_identifiers

    @property
    def unused_columns(self) -> tuple[str, ...]:
        """Columns that mean nothing to us."""
        return self.extract.unused_columns

    def let_go(self) -> None:
        """Free the rows, once they are staged."""
        self.extract = dataclasses.replace(self.extract, rows=pd.DataFrame())


@dataclass(frozen=True)
class Batch:
    """Files that travel together. `cells` is the table of `checks.cells.read_cells`."""

    number: int
    sources: tuple[Source, ...]
    cells: ir.Table
    factors: list[str]
    has_zone: bool
    has_births: bool
    has_dates: bool


def read_extract(file: SourceFile, study: Study, codebook: Codebook, backend) -> Extract:
    """Read one file; when the study's cohort is one of its columns, read it with that column.

    Restricted answers (distress scores) are left at the door unless the study has agreed a procedure for them.
    """
    extract = file.reader.read(file.path, file.options, backend)
    if study.cohort_column and "cohort" not in file.options.items:
        for column in extract.unused_columns:
            if column.strip().lower() == study.cohort_column:
                options = dataclasses.replace(
                    file.options, items={**file.options.items, "cohort": Item(column)}
                )
                extract = file.reader.read(file.path, options, backend)
                break
    return extract if study.distress_protocol else _without_restricted(extract, codebook)


def _without_restricted(extract: Extract, codebook: Codebook) -> Extract:
    restricted = [
        name
        for name in extract.rows.columns
        if name in codebook.factors and codebook.factors[name].restricted
    ]
    if not restricted:
        return extract
    rows = extract.rows
    if isinstance(rows, pd.DataFrame):
        left: pd.DataFrame | ir.Table = rows.drop(columns=restricted)
    else:
        left = _without_their_problems(rows.drop(*restricted), restricted, codebook)
    note = (
        f"{', '.join(restricted)} was not taken in: say [review] distress_protocol = true in the study file once a "
        "procedure for such scores is agreed"
    )
    return dataclasses.replace(extract, rows=left, warnings=(*extract.warnings, note))


def _without_their_problems(rows: ir.Table, restricted: Sequence[str], codebook: Codebook) -> ir.Table:
    """Rows that are not set aside for an answer that is not taken in anyway."""
    theirs = [each.id for each in codebook.instruments.values() if each.factor in restricted]
    if "problem_field" not in rows.columns:
        return rows
    ours = ~rows.problem_field.isin(theirs).fill_null(False)
    return rows.mutate(
        problem_field=ibis.ifelse(ours, rows.problem_field, ibis.null("string")),
        problem_code=ibis.ifelse(ours, rows.problem_code, ibis.null("string")),
    )


def row_count(extract: Extract) -> int:
    """Rows of an extract that lies in memory; 0 for a lazy one, which costs none."""
    return len(extract.rows) if isinstance(extract.rows, pd.DataFrame) else 0
