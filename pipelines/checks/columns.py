"""Columns of an extract that are numbers, times, levels or text, and their plain reading in one pass.

A plain cell ("85", "2024-03-02 06:40") is read at once; anything else is kept as text in NAME_rest, so that the
slower rules run only where a file needs them, and only after its whole column has been looked at.
"""

import ibis
import ibis.expr.types as ir

from pipelines.codebook import Codebook, Factor

TIMES = ("started_at", "ended_at")
DATES = ("date", "birth_date")
VOLUMES = ("volume_left", "volume_right", "volume_total")
TEXTS = ("kind", "participant", "source_session_id", "unit", "instrument", "cohort")
PROBLEM = ("problem_field", "problem_code")
# Columns of the canonical sessions table that are not factors there.
SESSION_CORE = ("duration_min", "pump_type")
REST = "_rest"
ORDER = "_order"


def rest(name: str) -> str:
    """The column that keeps the text of the cells of `name` that are not plain."""
    return name + REST


def optional(table: ir.Table, name: str, kind: str = "string") -> ir.Value:
    """A column, or NULL of that type where the extract does not have it."""
    return table[name] if name in table.columns else ibis.null(kind)


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


def session_factors(codebook: Codebook) -> list[str]:
    """Asked factors with a column in sessions, in the codebook's order, the kind of pump first."""
    names = [name for name, factor in asked_factors(codebook).items() if "session" in factor.grains]
    return ["pump_type", *(name for name in names if name != "pump_type")]


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


def _plain_time(text: ir.StringValue) -> ir.Value:
    """YYYY-MM-DD HH:MM with or without seconds, nothing behind; a bare cast would swallow zone offsets."""
    length = text.length()
    ends_there = text.substr(16, 1).isin(["", ":"]) & (length >= 14) & (length <= 19)
    return ibis.ifelse(ends_there, text.try_cast("timestamp"), ibis.null("timestamp"))


def _plain_date(text: ir.StringValue) -> ir.Value:
    is_date = (text.length() == 10) & (text.substr(4, 1) == "-")
    return ibis.ifelse(is_date, text.try_cast("timestamp"), ibis.null("timestamp"))


def read_plain(rows: ir.Table, codebook: Codebook) -> ir.Table:
    """Read the plain cells of an extract; one row in, one row out.

    Numbers become DOUBLE, times and dates TIMESTAMP (local clock as written), each with its NAME_rest: the text
    of a cell that was not plain, NULL otherwise. Levels and other columns stay text.
    """
    columns: dict[str, ir.Value] = {}
    for name in ("source_rank", "source_row"):
        if name in rows.columns:
            columns[name] = rows[name].cast("int64")
    for name in (*TEXTS, *PROBLEM):
        if name in rows.columns:
            columns[name] = rows[name].cast("string")
    for name in times_in(rows):
        text = rows[name].cast("string")
        columns[name] = _plain_time(text) if name in TIMES else _plain_date(text)
    for name in numbers_in(rows, codebook):
        columns[name] = rows[name].cast("string").try_cast("float64")
    for name in [*times_in(rows), *numbers_in(rows, codebook)]:
        columns[rest(name)] = ibis.ifelse(
            columns[name].isnull(), rows[name].cast("string"), ibis.null("string")
        )
    for name in factors_in(rows, codebook):
        if name not in columns:
            columns[name] = rows[name].cast("string")
        if name + ORDER in rows.columns:
            columns[name + ORDER] = rows[name + ORDER].cast("string")
    return rows.select(**columns)


def rests_in(staged: ir.Table) -> list[str]:
    """Columns of a plainly read table that may still hold unread text."""
    return [name.removesuffix(REST) for name in staged.columns if name.endswith(REST)]


def plain_evidence(staged: ir.Table) -> ir.Table:
    """One row per source: `rows`, `unread_NAME` (cells that are not plain), first and last start."""
    counts = {f"unread_{name}": staged[rest(name)].count() for name in rests_in(staged)}
    started = optional(staged, "started_at", "timestamp")
    return staged.group_by("source_rank").aggregate(
        rows=staged.count(), first_start=started.min(), last_start=started.max(), **counts
    )


def without_empty_rests(staged: ir.Table, unread_names: set[str]) -> ir.Table:
    """Leave out the NAME_rest columns in which no file of the table has anything, so that no rule looks at them."""
    return staged.drop(*(rest(name) for name in rests_in(staged) if name not in unread_names))
