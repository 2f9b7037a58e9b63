"""Build the new store's tables from checked batches and from what the present store keeps."""

from collections.abc import Sequence

import ibis.expr.types as ir
import pandas as pd

from pipelines.checks.days import day_sentences, overfull_days
from pipelines.checks.rules import Remark
from pipelines.privacy.links import Links
from pipelines.results import RowCounts
from pipelines.run.answers import write_responses
from pipelines.run.checking import check, check_with_people, final_fates, remark_sentences
from pipelines.run.extracts import Batch
from pipelines.run.people import (
    Checked,
    Fates,
    code_people,
    first_old_days,
    known_people,
    named_people,
    new_links,
    people_table,
    with_first_days,
)
from pipelines.run.records import write_participants, write_quarantine, write_sources
from pipelines.run.sessions import write_sessions
from pipelines.run.state import Built, Plan, Rows, Work
from pipelines.store.write import Workspace

PHYSICAL = (
    "session_rows",
    "response_rows",
    "participant_rows",
    "source_rows",
    "quarantine_rows",
    "remark_rows",
)
STEPS = 4


def build(work: Work, plan: Plan, batches: Sequence[Batch], links: Links | None) -> Built:
    """Write every table of the new store but `study`. The ledger's numbers are asserted on the way."""
    built = Built()
    if not batches:
        for name in PHYSICAL:
            table = work.workspace.old(name)
            assert table is not None, "without files there is a store to copy"
            work.workspace.write(name, table)
        built.links = dict(links.people) if links else {}
        return built
    work.progress("checking", 0, STEPS)
    rows = _check(work, plan, batches, links, built)
    work.progress("sessions", 1, STEPS)
    sessions = write_sessions(work, plan, rows)
    _remark_on_days(work, plan)
    work.progress("answers", 2, STEPS)
    answers = write_responses(work, plan, rows, sessions)
    for rank, fate in rows.fates.items():
        counts = RowCounts(
            fate.read,
            sessions.accepted.get(rank, 0) + answers.accepted.get(rank, 0),
            sessions.repeated.get(rank, 0) + answers.repeated.get(rank, 0),
            fate.quarantined,
            fate.other,
        )
        assert counts.adds_up, f"file {rank}: {counts} of {fate}"
        built.counts[rank] = counts
    work.progress("ledger", 3, STEPS)
    lost = write_quarantine(work, plan, rows, built)
    write_participants(work, plan, rows)
    write_sources(work, plan, built, lost)
    built.links = new_links(rows.known, rows.coded)
    work.progress("ledger", STEPS, STEPS)
    return built


def _remark_on_days(work: Work, plan: Plan) -> None:
    """Say of each new file how many of its days hold more than a day can."""
    workspace, sentences = work.workspace, day_sentences(work.settings)
    sessions = workspace.new("session_rows")
    days = workspace.keep("overfull_days", overfull_days(sessions, work.settings))
    new = sessions.filter(sessions.source_id.isin(list(plan.source_ids.values())))
    touched = new.inner_join(days, ["participant_id", "day_in_study"])
    touched = touched.select("source_id", "participant_id", "day_in_study", *sentences).distinct()
    counted = touched.group_by("source_id").aggregate(**{name: touched[name].sum() for name in sentences})
    found = {row["source_id"]: row for row in workspace.rows(counted)}
    for source in plan.sources:
        for name, sentence in sentences.items():
            count = found.get(source.source_id, {}).get(name) or 0
            if count:
                source.warnings.append(f"{count} {'day' if count == 1 else 'days'}: {sentence}")


def _gone_people(work: Work, plan: Plan) -> list[str]:
    """Participants who lose rows, because their file is read anew."""
    found: set[str] = set()
    for name in ("session_rows", "response_rows"):
        table = work.workspace.old(name)
        if table is not None and plan.gone:
            lost = table.filter(table.source_id.isin(plan.gone)).select("participant_id").distinct()
            found |= {row["participant_id"] for row in work.workspace.rows(lost)}
    return sorted(found)


def _check(work: Work, plan: Plan, batches: Sequence[Batch], links: Links | None, built: Built) -> Rows:
    """Decide every row's fate but repeats, and from which day each person's days count."""
    workspace = work.workspace
    checked = [check(batch, work.rules, workspace) for batch in batches]
    known = known_people(workspace, links)
    named = named_people(checked, workspace)
    several = int((named.births > 1).sum())
    if several:
        built.warnings.append(f"{several} people have more than one birth date; the one given last is used")
    coded = code_people(named, work.key.value, known, _gone_people(work, plan))
    people = people_table(workspace, coded, "people_known")
    dated = bool(coded.birth_day.notna().any() or coded.blocked.any())
    tables: list[tuple[Batch, ir.Table]] = []
    counted: dict[int, Fates] = {}
    for each in checked:
        rows = check_with_people(each, people, workspace, dated=dated)
        found, odd = final_fates(each, rows, work.rules, workspace, dated=dated)
        _remark(each, found, odd)
        tables.append((each.batch, rows))
        counted |= found
    sessions = [
        _first_sessions(workspace, tables, coded, dated=dated),
        first_old_days(plan.remains(workspace.old("session_rows")), people, workspace),
    ]
    answers = [
        _by_number(coded, "first_answer"),
        first_old_days(plan.remains(workspace.old("response_rows")), people, workspace),
    ]
    coded = with_first_days(coded, sessions, answers)
    return Rows(tables, coded, people_table(workspace, coded), known, counted)


def _remark(checked: Checked, found: dict[int, Fates], odd: Sequence[Remark]) -> None:
    """Say of each file what is odd about rows that were kept."""
    for source in checked.batch.sources:
        fates = found[source.rank]
        if not fates.read:
            source.warnings.append("the file has no rows of data")
        source.warnings += remark_sentences(fates, odd)
        zeros = fates.remarks.get("zero", 0)
        if zeros and source.extract.zero_suspect and source.file.options.zero == "measured":
            source.warnings.append(
                f"{zeros} {'row' if zeros == 1 else 'rows'} with a volume of 0, taken as measured; in this app 0 may mean not measured: "
                'if so, say zero = "not_measured" in the study file'
            )


def _by_number(coded: pd.DataFrame, column: str) -> dict[int, int]:
    there = coded[coded[column].notna()]
    return dict(zip(there.number, there[column].astype("int64"), strict=True))


def _first_sessions(
    workspace: Workspace, tables: Sequence[tuple[Batch, ir.Table]], coded: pd.DataFrame, *, dated: bool
) -> dict[int, int]:
    """Day of each person's first session in this ingest, in days since 1970, by the person's number."""
    if not dated:
        return _by_number(coded, "first_session")
    found: dict[int, int] = {}
    for _, rows in tables:
        kept = rows.filter(~rows.bad & (rows.kind == "session"))
        for row in workspace.rows(kept.group_by("number").aggregate(minute=kept.minute.min())):
            day = row["minute"] // 1440
            found[row["number"]] = min(day, found.get(row["number"], day))
    return found
