"""Sessions of an ingest: candidates of all files beside the touched people's old ones, repeats out, days counted."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import ibis
import ibis.expr.types as ir

from pipelines.checks.duplicates import in_sequence, mark_repeats
from pipelines.checks.passes import PASS
from pipelines.checks.rules import SESSION
from pipelines.checks.sides import GROUP, SECOND_ROW, join_sides
from pipelines.codebook import Codebook
from pipelines.privacy.deidentify import ROW_BITS, key_minute, session_id, session_key
from pipelines.run.people import MINUTES_A_DAY
from pipelines.store.layout import COHORT, SESSION_CORE
from pipelines.store.write import Workspace

if TYPE_CHECKING:
    from pipelines.run.extracts import Batch
    from pipelines.run.state import Plan, Rows, Work

MEASURES = ("duration_min", "volume_left_ml", "volume_right_ml", "volume_ml")


@dataclass(frozen=True)
class Candidates:
    """Sessions that no rule sets aside. `extra` are answers of another grain that stood in session rows."""

    rows: ir.Table
    factors: list[str]
    extra: list[str]


def _factor_type(codebook: Codebook, name: str) -> str:
    return "float64" if name != COHORT and codebook.factors[name].is_numeric else "string"


def kept_sessions(batch: "Batch", rows: ir.Table, workspace: Workspace) -> ir.Table:
    """The sessions of one batch that no rule sets aside; rows that are the two breasts of one session as one."""
    kept = rows.filter(~rows.bad & (rows.kind == SESSION))
    return workspace.keep(f"joined_{batch.number}", join_sides(kept)) if GROUP in kept.columns else kept


def candidates(known_rows: Sequence[ir.Table], codebook: Codebook, *, beside_old: bool) -> Candidates:
    """Session candidates of all batches (tables of `kept_sessions`), as one table.

    Grain: one row per candidate, with `number`, `key`, `position` and the measures; `offset` where any file's
    offset from UTC is known; `session_id` where rows may repeat by an id: a source's own, or that of an old session
    (`beside_old`). Otherwise the ids are made after the repeats are gone, which sorts less.
    """
    present = {name for rows in known_rows for name in rows.columns}
    asked = [name for name in codebook.factors if name in present and name not in MEASURES]
    factors = [name for name in asked if "session" in codebook.factors[name].grains]
    extra = [name for name in (*asked, COHORT) if name in present and name not in factors]
    # In an hour that exists twice the clock does not sort the starts; their moments do, and go by the ids.
    by_id = beside_old or "source_session_id" in present or PASS in present
    tables = []
    for kept in known_rows:
        if "source_session_id" in kept.columns:
            kept = kept.mutate(own_id=kept.source_session_id)
        columns: dict[str, ir.Value] = {"key": session_key(kept)}
        if by_id:
            columns["session_id"] = session_id(kept)
        for name in (*factors, *extra):
            kind = _factor_type(codebook, name)
            columns[name] = kept[name] if name in kept.columns else ibis.null(kind)
        if "offset" in present:
            columns["offset"] = kept.offset.cast("int64") if "offset" in kept.columns else ibis.null("int64")
        if SECOND_ROW in present:
            columns[SECOND_ROW] = kept[SECOND_ROW] if SECOND_ROW in kept.columns else ibis.null("int64")
        tables.append(kept.select("number", "position", *MEASURES, **columns))
    return Candidates(tables[0] if len(tables) == 1 else ibis.union(*tables), factors, extra)


def old_sessions(old: ir.Table, people: ir.Table, factors: Sequence[str], like: ir.Table) -> ir.Table:
    """Touched people's sessions of the present store, shaped like the candidates; they come before all new ones.

    Adds the interval they have now and the session it counts from: it stays where that session stays, since the
    store does not know in which pass of a repeated hour a session began. Sessions that the birth date, known only
    now, shows to lie before the birth are left out.
    """
    dated = people.filter(people.old_first_day.notnull() & ~people.blocked)
    dated = dated.select("participant_id", "number", "old_first_day", "birth_day")
    rows = old.inner_join(dated, "participant_id")
    day = rows.old_first_day + rows.day_in_study
    rows = rows.mutate(minute=(day * MINUTES_A_DAY + rows.minute_of_day).cast("int64"))
    rows = rows.mutate(key=session_key(rows))
    window = ibis.window(group_by="participant_id", order_by=["key", "volume_ml", "session_id"])
    columns = {
        "number": rows.number,
        "key": rows.key,
        "position": ibis.literal(-1, "int64"),
        "session_id": rows.session_id,
        "old_interval": rows.interval_hours,
        "old_previous": rows.session_id.lag().over(window),
        "old_source_id": rows.source_id,
        "old_source_row": rows.source_row,
    }
    if SECOND_ROW in rows.columns:
        columns[SECOND_ROW] = rows[SECOND_ROW]
    for name in like.columns:
        if name not in columns:
            kind = like[name].type()
            columns[name] = rows[name].cast(kind) if name in rows.columns else ibis.null(kind)
    for name in factors:
        if name not in like.columns and name in rows.columns:
            columns[name] = rows[name]
    found = rows.mutate(early=(rows.minute // MINUTES_A_DAY < rows.birth_day).fill_null(False))
    return found.select(**columns, early=found.early).filter(lambda table: ~table.early).drop("early")


def merge(new: ir.Table, old: ir.Table) -> ir.Table:
    """New candidates and old sessions in one table with the columns of both."""

    def shaped(table: ir.Table, other: ir.Table) -> ir.Table:
        missing = {name: ibis.null(other[name].type()) for name in other.columns if name not in table.columns}
        return table.mutate(**missing)

    left, right = shaped(new, old), shaped(old, new)
    return ibis.union(left, right.select(left.columns))


def with_moments(rows: ir.Table) -> ir.Table:
    """Add `moment`, which sorts a person's sessions by true time in the night that has an hour twice.

    Minutes from 1970 in UTC for people all of whose starts' offsets are known, on the local clock for all others.
    """
    if "offset" not in rows.columns or "session_id" not in rows.columns:
        return rows
    unknown = rows.offset.isnull().any().over(ibis.window(group_by="number"))
    minute = key_minute(rows.key)
    return rows.mutate(moment=ibis.ifelse(unknown, minute, minute - rows.offset))


def interval_hours(found: ir.Table) -> ir.FloatingValue:
    """Hours that really passed since the person's previous start, for a table of `in_sequence`.

    Where both starts' offsets from UTC are known, a change between them is taken out. NULL for the first session,
    and where two clocks contradict each other.
    """
    passed = key_minute(found.key) - key_minute(found.previous_key)
    if "offset" in found.columns:
        passed = passed - (found.offset - found.previous_offset).fill_null(0)
    hours = ibis.ifelse(passed < 0, None, passed / 60)
    if "old_interval" in found.columns:
        same = found.old_source_id.notnull() & found.old_previous.identical_to(found.previous_id)
        hours = ibis.ifelse(same, found.old_interval, hours)
    return hours


def repeats_by_source(rows: ir.Table) -> ir.Table:
    """How many candidate rows of each new file repeat another session: `rank`, `repeats`."""
    marked = mark_repeats(rows)
    marked = marked.filter(marked.repeats & (marked.position >= 0))
    return marked.group_by(rank=marked.position // ROW_BITS).aggregate(repeats=rows_behind(marked))


def rows_behind(sessions: ir.Table) -> ir.IntegerValue:
    """How many rows of files stand behind the sessions of a table: the ledger counts rows."""
    second = sessions[SECOND_ROW].count() if SECOND_ROW in sessions.columns else 0
    return sessions.count() + second


def session_rows(
    found: ir.Table, people: ir.Table, sources: dict[int, str], factors: Sequence[str]
) -> ir.Table:
    """The store's session rows: dates become days, the position becomes file and row.

    Grain: one row per session. `day_postpartum` is NULL where the birth date is not known.
    """
    dates = people.select("number", "participant_id", "secret", "first_day", "birth_day")
    rows = found.mutate(interval_hours=interval_hours(found), minute=key_minute(found.key))
    rows = rows.inner_join(dates, "number")
    day = rows.minute // MINUTES_A_DAY
    source_id, source_row = _origin(rows, sources)
    columns = {
        "session_id": rows.session_id if "session_id" in rows.columns else session_id(rows),
        "participant_id": rows.participant_id,
        "day_postpartum": (day - rows.birth_day).cast("int32"),
        "day_in_study": (day - rows.first_day).cast("int32"),
        "minute_of_day": (rows.minute - day * MINUTES_A_DAY).cast("int32"),
        "interval_hours": rows.interval_hours,
        **{name: rows[name] for name in MEASURES},
        **{name: rows[name] for name in factors},
        "source_id": source_id,
        "source_row": source_row,
    }
    if SECOND_ROW in rows.columns:
        columns[SECOND_ROW] = rows[SECOND_ROW]
    assert list(columns)[: len(SESSION_CORE)] == list(SESSION_CORE), "columns in the contract's order"
    return rows.select(**columns)


def _origin(rows: ir.Table, sources: dict[int, str]) -> tuple[ir.StringValue, ir.IntegerValue]:
    """File and row of a new session by its position, of an old one as it was."""
    if len(sources) == 1:
        (only,) = sources
        source_id: ir.Value = ibis.literal(sources[only])
        source_row: ir.Value = rows.position - only * ROW_BITS
    else:
        rank = rows.position // ROW_BITS
        source_id = rank.cases(*sources.items(), else_=None)
        source_row = rows.position - rank * ROW_BITS
    if "old_source_id" in rows.columns:
        old = rows.position < 0
        source_id = ibis.ifelse(old, rows.old_source_id, source_id)
        source_row = ibis.ifelse(old, rows.old_source_row, source_row)
    return source_id, source_row.cast("int64")


@dataclass(frozen=True)
class Written:
    """What became of the session candidates: accepted rows and repeats by file rank.

    `found` are the sessions with answers of another grain (`extra`) that stood in their rows, None without such.
    """

    accepted: dict[int, int]
    repeated: dict[int, int]
    found: ir.Table | None
    extra: list[str]


def write_sessions(work: "Work", plan: "Plan", rows: "Rows") -> Written:
    """Write `session_rows`: the touched people's sessions with days and intervals counted anew, others as they are."""
    workspace = work.workspace
    old = plan.remains(workspace.old("session_rows"))
    kept = [kept_sessions(batch, table, workspace) for batch, table in rows.tables]
    new = candidates(kept, work.codebook, beside_old=old is not None)
    factors, merged = new.factors, new.rows
    if old is not None:
        recorded = {*factors, *old.columns} - set(SESSION_CORE)
        factors = [name for name in work.codebook.factors if name in recorded]
        merged = merge(merged, old_sessions(old, rows.people, factors, merged))
    last = in_sequence(with_moments(merged))
    if new.extra:
        last = workspace.keep("sequenced", last)
    written = session_rows(last, rows.people, plan.source_ids, factors)
    if old is not None:
        rest = old.anti_join(placed_people(rows.people), "participant_id")
        written = ibis.union(
            written, rest.select(**{name: _like(rest, name, written) for name in written.columns})
        )
    table = workspace.write("session_rows", written)
    accepted = _accepted(table, plan, workspace)
    repeated = {}
    if sum(fate.sessions for fate in rows.fates.values()) != sum(accepted.values()):
        found = workspace.rows(repeats_by_source(merged))
        repeated = {row["rank"]: row["repeats"] for row in found}
    return Written(accepted, repeated, last if new.extra else None, new.extra)


def placed_people(people: ir.Table) -> ir.Table:
    """People of this ingest whose old rows can be placed in time."""
    return people.filter(people.old_first_day.notnull() & ~people.blocked).select("participant_id")


def _like(table: ir.Table, name: str, like: ir.Table) -> ir.Value:
    kind = like[name].type()
    return table[name].cast(kind) if name in table.columns else ibis.null(kind)


def _accepted(table: ir.Table, plan: "Plan", workspace: Workspace) -> dict[int, int]:
    """Rows of this ingest's files that are in a written table, by file rank."""
    ranks = {source_id: rank for rank, source_id in plan.source_ids.items()}
    new = table.filter(table.source_id.isin(list(ranks)))
    counted = new.group_by("source_id").aggregate(rows=rows_behind(new))
    return {ranks[row["source_id"]]: row["rows"] for row in workspace.rows(counted)}
