"""Columns of an extract that are numbers, times, levels or text, and their plain reading in one pass.

A plain cell ("85", "2024-03-02 06:40") is read at once; anything else is kept as text in NAME_rest, so that the
slower rules run only where a file needs them, and only after its whole column has been looked at.
"""

import datetime
from collections.abc import Mapping, Sequence
from typing import Any

import ibis
import ibis.expr.operations as ops
import ibis.expr.types as ir

from pipelines.codebook import Codebook, Factor

TIMES = ("started_at", "ended_at")
DATES = ("date", "birth_date")
VOLUMES = ("volume_left", "volume_right", "volume_total")
TEXTS = (
    "kind",
    "participant",
    "source_session_id",
    "session_group",
    "unit",
    "instrument",
    "occasion",
    "cohort",
    "tried_nothing_came",
    "end_is_clock",
)
PROBLEM = ("problem_field", "problem_code")
REST = "_rest"
ORDER = "_order"
INSTRUMENT = "_instrument"
# Beyond it a cell holds an id or a slip, and whole numbers would no longer fit the engine's integers.
LARGEST = 1e12
FOUR_DIGIT_YEARS = datetime.datetime(1000, 1, 1)


def rest(name: str) -> str:
    """The column that keeps the text of the cells of `name` that are not plain."""
    return name + REST


def optional(table: ir.Table, name: str, kind: str = "string") -> ir.Value:
    """A column, or one of NULLs of that type where the extract does not have it."""
    if name in table.columns:
        return table[name]
    # A bare NULL is a scalar, which cannot be aggregated; hung on a column it is one.
    return ibis.ifelse(table[table.columns[0]].isnull(), ibis.null(kind), ibis.null(kind))


def unread(table: ir.Table, name: str) -> ir.StringValue | None:
    """The text of the cells of `name` that are not plain; None when a file has no such cell."""
    return table[rest(name)] if rest(name) in table.columns else None


def asked_factors(codebook: Codebook) -> dict[str, Factor]:
    """Factors that a file may hold as a column: all but those computed from the log, and the duration."""
    return {
        name: factor
        for name, factor in codebook.factors.items()
        if not factor.derived and name != "duration_min"
    }


def factors_in(table: ir.Table, codebook: Codebook) -> list[str]:
    """The asked factors that this table has a column for, in the codebook's order."""
    return [name for name in asked_factors(codebook) if name in table.columns]


def numbers_in(table: ir.Table, codebook: Codebook) -> list[str]:
    """Columns of this table that hold numbers: duration, volumes and numeric factors."""
    numeric = [name for name in factors_in(table, codebook) if codebook.factors[name].is_numeric]
    return [name for name in ("duration_min", *VOLUMES) if name in table.columns] + numeric


def times_in(table: ir.Table) -> list[str]:
    """Columns of this table that hold times or dates."""
    return [name for name in (*TIMES, *DATES) if name in table.columns]


def finite(number: ir.FloatingValue) -> ir.FloatingValue:
    """The number, or NULL where it is none that a person can have meant: NaN, infinite or of absurd size."""
    return ibis.ifelse(number.between(-LARGEST, LARGEST), number, ibis.null("float64"))


def _plain_time(text: ir.StringValue) -> ir.Value:
    """YYYY-MM-DD HH:MM with or without seconds, nothing behind; a bare cast would swallow zone offsets.

    A cast takes the 6 of 6/11/23 for the year, so that a year of fewer than four digits is no plain time.
    """
    length = text.length()
    ends_there = text.substr(16, 1).isin(["", ":"]) & (length >= 14) & (length <= 19)
    moment = text.try_cast("timestamp")
    return ibis.ifelse(ends_there & (moment >= FOUR_DIGIT_YEARS), moment, ibis.null("timestamp"))


def _plain_date(text: ir.StringValue) -> ir.Value:
    is_date = (text.length() == 10) & (text.substr(4, 1) == "-")
    return ibis.ifelse(is_date, text.try_cast("timestamp"), ibis.null("timestamp"))


def _plain_cells(rows: ir.Table, codebook: Codebook) -> dict[str, ir.Value]:
    """The value of every plain cell of the columns that hold values, NULL for all other cells."""
    columns: dict[str, ir.Value] = {}
    for name in times_in(rows):
        text = rows[name].cast("string")
        columns[name] = _plain_time(text) if name in TIMES else _plain_date(text)
    for name in numbers_in(rows, codebook):
        columns[name] = finite(rows[name].cast("string").try_cast("float64"))
    for name in factors_in(rows, codebook):
        if name not in columns:
            text = rows[name].cast("string")
            codes = [level.code for level in codebook.factors[name].levels]
            columns[name] = ibis.ifelse(text.isin(codes), text, None)
    return columns


def read_plain(rows: ir.Table, codebook: Codebook, *, keep_rests: bool = True) -> ir.Table:
    """Read the plain cells of an extract; one row in, one row out.

    Numbers become DOUBLE, times and dates TIMESTAMP (local clock as written), levels their code, each with its
    NAME_rest: the text of a cell that was not plain, NULL otherwise. Other columns stay text. Without
    `keep_rests` there is one column `unread` instead, which tells whether the row has any cell that is not plain:
    for large tables, most of which have none, that is quicker.
    """
    columns: dict[str, ir.Value] = {
        name: rows[name].cast("int64") for name in ("source_rank", "source_row") if name in rows.columns
    }
    for name in (*TEXTS, *PROBLEM):
        if name in rows.columns:
            columns[name] = rows[name].cast("string")
    plain = _plain_cells(rows, codebook)
    columns |= plain
    if keep_rests:
        for name, value in plain.items():
            columns[rest(name)] = ibis.ifelse(value.isnull(), rows[name].cast("string"), ibis.null("string"))
    else:
        unread_cells = [value.isnull() & rows[name].notnull() for name, value in plain.items()]
        columns["unread"] = ibis.or_(*unread_cells) if unread_cells else ibis.literal(False)
    for name in factors_in(rows, codebook):
        for beside in (name + ORDER, name + INSTRUMENT):
            if beside in rows.columns:
                columns[beside] = rows[beside].cast("string")
    return rows.select(**columns)


def rests_in(staged: ir.Table) -> list[str]:
    """Columns of a plainly read table that may still hold unread text."""
    return [name.removesuffix(REST) for name in staged.columns if name.endswith(REST)]


def is_constant(table: ir.Table, name: str) -> bool:
    """Whether a column was added to this very table as a constant."""
    project = table.op()
    return isinstance(project, ops.Project) and not project.values[name].find(ops.Field)


# Text columns that are mostly the same in all rows: as a constant they cost nothing later on.
STEADY = ("kind", "unit")


def plain_evidence(staged: ir.Table) -> ir.Table:
    """One row per source: `rows`, `unread_NAME` (cells that are not plain), first and last start.

    For columns that are mostly the same in all rows also `least_NAME`, `most_NAME` and `known_NAME`.
    """
    counts: dict[str, ir.Value] = {f"unread_{name}": staged[rest(name)].count() for name in rests_in(staged)}
    for name in STEADY:
        if name in staged.columns and not is_constant(staged, name):
            counts[f"least_{name}"] = staged[name].min()
            counts[f"most_{name}"] = staged[name].max()
            counts[f"known_{name}"] = staged[name].count()
    started = optional(staged, "started_at", "timestamp")
    return staged.group_by("source_rank").aggregate(
        rows=staged.count(), first_start=started.min(), last_start=started.max(), **counts
    )


def as_found(staged: ir.Table, evidence: Sequence[Mapping[str, Any]]) -> ir.Table:
    """A staged table without what its evidence (rows of `plain_evidence`) shows to be needless.

    NAME_rest columns without any cell go, so that no rule looks at them; a column that says the same in every row
    becomes that constant.
    """
    empty = [name for name in rests_in(staged) if not any(row[f"unread_{name}"] for row in evidence)]
    found = staged.drop(*(rest(name) for name in empty), *(["unread"] if "unread" in staged.columns else []))
    for name in STEADY:
        if not evidence or f"least_{name}" not in evidence[0]:
            continue
        values = {row[f"{side}_{name}"] for row in evidence for side in ("least", "most")}
        if (
            len(values) == 1
            and None not in values
            and all(row[f"known_{name}"] == row["rows"] for row in evidence)
        ):
            found = found.mutate(**{name: ibis.literal(values.pop())})
    return found
