"""The store's tables about files and people: quarantine, participants, sources, remarks."""

from collections import Counter

import ibis
import ibis.expr.types as ir
import pandas as pd

from pipelines.checks.rules import ANTENATAL
from pipelines.checks.sides import SECOND_ROW
from pipelines.run.answers import participants
from pipelines.run.checking import reasons
from pipelines.run.known_sources import HIDDEN
from pipelines.run.ledger import SetAside
from pipelines.run.state import Built, Plan, Rows, Work
from pipelines.store.layout import QUARANTINE

REMARKS = {"source_id": "VARCHAR", "kind": "VARCHAR", "sentence": "VARCHAR"}


def write_quarantine(work: Work, plan: Plan, rows: Rows, built: Built) -> Counter[str]:
    """Write `quarantine_rows`; rows that older files lose to it, because a birth date is known only now.

    The first reasons of every new file go into `built.set_aside`.
    """
    workspace = work.workspace
    names = list(QUARANTINE)
    tables = []
    for batch, table in rows.tables:
        if any(rows.fates[source.rank].quarantined for source in batch.sources):
            tables.append(reasons(batch, table, work.rules, workspace, plan.source_ids).select(names))
    before = _antenatal(work, plan, rows)
    lost: Counter[str] = Counter()
    if before is not None:
        lost = Counter(row["source_id"] for row in workspace.rows(before.select("source_id")))
        if lost:
            tables.append(before.select(names))
    old = plan.remains(workspace.old("quarantine_rows"))
    if old is not None:
        tables.append(old.select(names))
    if not tables:
        empty = {name: ibis.null("int64" if name == "source_row" else "string") for name in names}
        tables.append(rows.people.limit(0).select(**empty))
    table = workspace.write("quarantine_rows", ibis.union(*tables) if len(tables) > 1 else tables[0])
    _show(work, plan, table, built)
    return lost


def _show(work: Work, plan: Plan, table: ir.Table, built: Built) -> None:
    """Keep the first rows' reasons of each new file for the ledger."""
    window = ibis.window(group_by="source_id", order_by=["source_row", "field", "code"])
    new = table.filter(table.source_id.isin(list(plan.source_ids.values())))
    first = new.mutate(place=ibis.row_number().over(window))
    first = first.filter(first.place < work.settings["ingest.shown_problems"]).order_by("source_id", "place")
    found: dict[str, list[SetAside]] = {}
    for row in work.workspace.rows(first):
        problem = SetAside(row["source_row"], row["field"], row["code"], row["message"])
        found.setdefault(row["source_id"], []).append(problem)
    built.set_aside = {source_id: tuple(problems) for source_id, problems in found.items()}


def _antenatal(work: Work, plan: Plan, rows: Rows) -> ir.Table | None:
    """Sessions of the present store that a birth date known only now shows to lie before the birth."""
    old = plan.remains(work.workspace.old("session_rows"))
    if old is None:
        return None
    dates = rows.people.filter(rows.people.birth_day.notnull() & ~rows.people.blocked)
    dates = dates.select("participant_id", "old_first_day", "birth_day")
    dated = old.inner_join(dates, "participant_id")
    early = dated.filter((dated.old_first_day + dated.day_in_study < dated.birth_day).fill_null(False))
    if SECOND_ROW in early.columns:
        second = early.filter(early[SECOND_ROW].notnull())
        early = ibis.union(early, second.mutate(source_row=second[SECOND_ROW]))
    return early.select(
        source_id=early.source_id,
        source_row=early.source_row,
        field=ibis.literal("started_at"),
        code=ibis.literal("antenatal"),
        message=ibis.literal(ANTENATAL),
    )


def write_participants(work: Work, plan: Plan, rows: Rows) -> None:
    """Write `participant_rows`: everybody with a session, an answer or an accepted row, as last known."""
    workspace = work.workspace
    sessions, responses = workspace.new("session_rows"), workspace.new("response_rows")
    named = rows.people.filter(rows.people.raw.notnull() & ~rows.people.blocked)
    everybody = ibis.union(
        sessions.select("participant_id"),
        responses.select("participant_id"),
        named.select("participant_id"),
        distinct=True,
    )
    everybody = workspace.keep("everybody", everybody)
    written = participants(responses, everybody, work.codebook, workspace, work.study.cohort_label)
    workspace.write("participant_rows", written.order_by("participant_id"))


def write_sources(work: Work, plan: Plan, built: Built, lost: Counter[str]) -> None:
    """Write `source_rows`, one per file with its counts, and `remark_rows`, what is to be said of them."""
    workspace = work.workspace
    now = work.now.replace(tzinfo=None, microsecond=0)
    first = 1 + max((source.given_order for source in plan.kept), default=0)
    entries = []
    for order, source in enumerate(plan.sources, start=first):
        identity = plan.identities[source.rank]
        counts = built.counts[source.rank]
        entries.append(
            {
                "source_id": source.source_id,
                "reader": source.file.reader.name,
                **counts.columns,
                "ingested_at": now,
                "content_hash": source.file.content_hash,
                "options_hash": identity.options_hash,
                "participant_rule": identity.participant_rule,
                "owner": identity.place_code if source.owner_by_place else None,
                "given_order": order,
            }
        )
    old = plan.remains(workspace.old("source_rows"))
    if old is not None:
        for row in workspace.rows(old.order_by("given_order")):
            gone = lost.get(row["source_id"], 0)
            row |= {
                "rows_accepted": row["rows_accepted"] - gone,
                "rows_quarantined": row["rows_quarantined"] + gone,
            }
            entries.append(row)
    frame = pd.DataFrame(entries, columns=list(HIDDEN)).sort_values("given_order", ignore_index=True)
    workspace.write_frame("source_rows", frame, HIDDEN)
    remarks = [
        {"source_id": source.source_id, "kind": kind, "sentence": sentence}
        for source in plan.sources
        for kind, sentences in (("reason", [source.file.reason]), ("warning", dict.fromkeys(source.warnings)))
        for sentence in sentences
    ]
    old = plan.remains(workspace.old("remark_rows"))
    before = workspace.rows(old) if old is not None else []
    frame = pd.DataFrame([*before, *remarks], columns=list(REMARKS)).astype("string")
    workspace.write_frame("remark_rows", frame, REMARKS)
