"""Rules on all rows of an ingest: who is set aside, what each file's rows became, and every reason in words."""

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass

import ibis
import ibis.expr.types as ir

from pipelines.checks.columns import INSTRUMENT
from pipelines.checks.levels import known as any_of
from pipelines.checks.rules import OTHER, SESSION, Problem, Remark, antenatal, problems, remarks
from pipelines.codebook import Codebook
from pipelines.privacy.deidentify import ROW_BITS
from pipelines.run.extracts import Batch
from pipelines.run.people import MINUTES_A_DAY, Checked, Fates, joined
from pipelines.settings import Settings
from pipelines.store.write import Workspace

NO_LINK = (
    "this participant is already in the store, but the link file that holds the dates is missing or of another "
    "key; restore it, or ingest all files into a new store."
)


@dataclass(frozen=True)
class Rules:
    """What the rules need besides the rows. `today` is in days since 1970."""

    codebook: Codebook
    settings: Settings
    today: int


def _instruments(batch: Batch, rows: ir.Table, rules: Rules) -> dict[str, str | ir.StringValue]:
    """The questionnaire behind a numeric factor: as the study file's column name tells, else as the rows say."""
    mapped: dict[str, str | ir.StringValue] = dict(named_instruments(batch, rules.codebook))
    if "instrument" in rows.columns:
        mapped = dict.fromkeys(batch.factors, rows.instrument) | mapped
    return mapped | {
        name: ibis.coalesce(rows[name + INSTRUMENT], mapped.get(name, ibis.null("string")))
        for name in batch.factors
        if name + INSTRUMENT in rows.columns
    }


def named_instruments(batch: Batch, codebook: Codebook) -> dict[str, str]:
    """Questionnaires that the study file's column names name, as in `stress = { column = "pss4_total" }`."""
    found = {}
    for name, item in batch.sources[0].file.options.items.items():
        column = item.column.lower().replace("-", "").replace(" ", "")
        for instrument in codebook.instruments.values():
            if instrument.factor == name and instrument.id.replace("_", "") in column.replace("_", ""):
                found[name] = instrument.id
    return found


def own_problems(batch: Batch, rows: ir.Table, rules: Rules) -> list[Problem]:
    """The rules on a row's own values, for the batch's cells or any part of them."""
    return problems(
        rows,
        rules.codebook,
        rules.settings,
        today=rules.today,
        has_zone=batch.has_zone,
        factors=batch.factors,
        instruments=_instruments(batch, rows, rules),
    )


def _person_problems(rows: ir.Table) -> list[Problem]:
    """The rules that need to know the person, for a table of `people.joined`."""
    days = ibis.ifelse(rows.kind == SESSION, rows.minute // MINUTES_A_DAY - rows.birth_day_known, None)
    return [antenatal(days), Problem("participant", "no_link", rows.blocked.fill_null(False), NO_LINK)]


def check(batch: Batch, rules: Rules, workspace: Workspace) -> Checked:
    """Mark the rows that a rule on their own values sets aside, and count every file's fates.

    One pass counts for every rule and every remark the rows it is about; the mark is then made of the rules that
    found any, which is none for most files. Rows that are none of our business are left alone.
    """
    rows = batch.cells
    broken = rows.problem_code.notnull() if "problem_code" in rows.columns else ibis.literal(False)
    concerned = (rows.kind != OTHER) | broken
    conditions = [each.condition for each in own_problems(batch, rows, rules)]
    odd = remarks(rows, rules.codebook, rules.settings, batch.factors)
    counted = rows.group_by("source_rank").aggregate(
        read=rows.count(),
        other=(~concerned).sum(),
        sessions=(rows.kind == SESSION).sum(),
        **{f"rule_{at}": (concerned & condition).sum() for at, condition in enumerate(conditions)},
        **{f"remark_{at}": each.condition.sum() for at, each in enumerate(odd)},
    )
    found = workspace.rows(counted)
    hits = [condition for at, condition in enumerate(conditions) if any(row[f"rule_{at}"] for row in found)]
    bad = concerned & any_of(hits) if hits else ibis.literal(False)
    position = rows.source_rank * ROW_BITS + rows.source_row
    marked = workspace.call(f"checked_{batch.number}", rows.mutate(bad=bad, position=position))
    return Checked(
        batch, marked, batch.sources[0].file.options.centre, _fates(batch, found, odd), bool(hits), odd
    )


def _fates(batch: Batch, found: Sequence[dict], odd: Sequence[Remark]) -> dict[int, Fates]:
    """Counts by file rank, as if no row were set aside yet."""
    fates = {source.rank: Fates() for source in batch.sources}
    for row in found:
        counts = {each.code: row[f"remark_{at}"] or 0 for at, each in enumerate(odd)}
        sessions, other = row["sessions"] or 0, row["other"] or 0
        answers = row["read"] - other - sessions
        fates[row["source_rank"]] = Fates(row["read"], other, 0, sessions, answers, counts)
    return fates


def check_with_people(checked: Checked, people: ir.Table, workspace: Workspace, *, dated: bool) -> ir.Table:
    """Rows with their person, those set aside included that only the person's dates tell (where `dated`)."""
    rows = joined(checked, people)
    if dated:
        person = any_of([each.condition for each in _person_problems(rows)])
        rows = rows.mutate(bad=rows.bad | ((rows.kind != OTHER) & person))
    return workspace.call(f"rows_{checked.batch.number}", rows)


def final_fates(
    checked: Checked, rows: ir.Table, rules: Rules, workspace: Workspace, *, dated: bool
) -> tuple[dict[int, Fates], Sequence[Remark]]:
    """Fates by file rank once the rows set aside are known, with the remarks that were counted.

    Nothing is counted again where no row is set aside and no date of birth is known.
    """
    if not checked.any_bad and not dated:
        return checked.fates, checked.odd
    kept = ~rows.bad
    odd = remarks(rows, rules.codebook, rules.settings, checked.batch.factors)
    counted = rows.group_by("source_rank").aggregate(
        quarantined=rows.bad.sum(),
        other=(kept & (rows.kind == OTHER)).sum(),
        sessions=(kept & (rows.kind == SESSION)).sum(),
        answers=(kept & ~rows.kind.isin([SESSION, OTHER])).sum(),
        **{f"remark_{at}": (kept & each.condition).sum() for at, each in enumerate(odd)},
    )
    found = dict(checked.fates)
    for row in workspace.rows(counted):
        rank = row.pop("source_rank")
        counts = {each.code: row.pop(f"remark_{at}") or 0 for at, each in enumerate(odd)}
        found[rank] = dataclasses.replace(found[rank], remarks=counts, **row)
    return found, odd


def reasons(
    batch: Batch, rows: ir.Table, rules: Rules, workspace: Workspace, sources: dict[int, str]
) -> ir.Table:
    """Every reason of every row that is set aside, as the store's quarantine rows; there must be such rows.

    The rules run once more, on the rows set aside alone, so that all problems of a row are told.
    """
    own = {source.rank: sources[source.rank] for source in batch.sources}
    # Named once: with hundreds of files in every rule's expression, writing it down would take longest.
    named = rows.filter(rows.bad).mutate(source_id=rows.source_rank.cases(*own.items(), else_=None))
    aside = workspace.keep(f"aside_{batch.number}", named)
    rules_here = [*own_problems(batch, aside, rules), *_person_problems(aside)]
    (counts,) = workspace.rows(
        aside.aggregate(**{f"rule_{at}": each.condition.sum() for at, each in enumerate(rules_here)})
    )
    hits = [each for at, each in enumerate(rules_here) if counts[f"rule_{at}"]]
    assert hits, "a row set aside has a reason"
    told = [_told(aside.filter(each.condition), each) for each in hits]
    return ibis.union(*told) if len(told) > 1 else told[0]


def _told(rows: ir.Table, problem: Problem) -> ir.Table:
    """Quarantine rows of one rule. The problem's expressions belong to the table that was filtered."""

    def text(value: str | ir.StringValue) -> ir.StringValue:
        return ibis.literal(value) if isinstance(value, str) else value

    return rows.select(
        source_id=rows.source_id,
        source_row=rows.source_row,
        field=text(problem.field),
        code=text(problem.code),
        message=text(problem.message),
    )


def remark_sentences(counted: Fates, odd: Sequence[Remark]) -> list[str]:
    """Warnings of one file, "3 rows: longer than 60 minutes"; zeros are told only by readers where 0 is doubtful."""
    found = []
    for each in odd:
        count = counted.remarks.get(each.code, 0)
        if count and each.code != "zero":
            found.append(f"{count} {'row' if count == 1 else 'rows'}: {each.sentence}")
    return found
