"""Answers of an ingest: rows of diaries and forms to one row per answer, and the participants they describe."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import ibis
import ibis.expr.types as ir

from pipelines.checks.columns import INSTRUMENT
from pipelines.checks.rules import OTHER, SESSION
from pipelines.codebook import Codebook
from pipelines.privacy.deidentify import ROW_BITS, answers_id, banded, key_minute
from pipelines.run.checking import named_instruments
from pipelines.run.people import MINUTES_A_DAY
from pipelines.run.sessions import Written
from pipelines.settings import Settings
from pipelines.store.layout import COHORT, person_factors
from pipelines.store.write import Workspace

if TYPE_CHECKING:
    from pipelines.run.state import Plan, Rows, Work

OCCASION = "occasion"
ANSWER_COLUMNS = ("number", "day", "position", "row_id", "instrument", "factor", "value", "value_number")


def answer_rows(rows: ir.Table, factors: Sequence[str]) -> ir.Table:
    """Rows of one batch that hold answers and are not set aside, with `row_id`, the keyed hash of all they say."""
    kept = rows.filter(~rows.bad & ~rows.kind.isin([SESSION, OTHER]))
    if OCCASION in kept.columns:
        # Answers with a date are told apart by it, in whatever way the visits are named.
        undated = ibis.ifelse(kept.day.isnull(), kept[OCCASION], ibis.null("string"))
        kept = kept.mutate(**{OCCASION: undated})
    named = [name for name in (*factors, COHORT, "instrument", OCCASION) if name in kept.columns]
    return kept.mutate(row_id=answers_id(kept, named))


def mark_repeats(rows: ir.Table, old_ids: ir.Table | None) -> ir.Table:
    """Add `repeats`: the same person gave the same answers for the same day in an earlier row or in the store.

    Also `first_rank`, the file of this ingest that gave them first.
    """
    window = ibis.window(group_by="row_id", order_by="position")
    marked = rows.mutate(
        repeats=ibis.row_number().over(window) > 0,
        first_rank=rows.position.first().over(window) // ROW_BITS,
    )
    if old_ids is None:
        return marked
    known = old_ids.select("row_id").distinct().mutate(in_store=True)
    found = marked.left_join(known, "row_id").drop("row_id_right")
    return found.mutate(repeats=found.repeats | found.in_store.fill_null(False)).drop("in_store")


def _number_text(value: ir.NumericValue) -> ir.StringValue:
    whole = value == value.floor()
    return ibis.ifelse(whole, value.cast("int64").cast("string"), value.cast("string"))


def _one(
    rows: ir.Table, name: str, codebook: Codebook, settings: Settings, instrument: ir.StringValue
) -> ir.Table:
    """All answers to one factor; rows without one are left out."""
    kept = rows.filter(rows[name].notnull())
    factor = codebook.factors.get(name)
    if factor is not None and factor.is_numeric:
        number = banded(name, kept[name], settings)
        value: ir.Value = _number_text(number)
    else:
        value = kept[name]
        is_yes_no = factor is not None and factor.kind == "yes_no"
        number = value.cases(("yes", 1.0), ("no", 0.0)) if is_yes_no else ibis.null("float64")
    return kept.select(
        "number",
        "day",
        "position",
        row_id=kept.row_id if "row_id" in kept.columns else ibis.null("string"),
        instrument=instrument,
        factor=ibis.literal(name),
        value=value,
        value_number=number.cast("float64"),
    )


def long_answers(
    rows: ir.Table,
    names: Sequence[str],
    codebook: Codebook,
    settings: Settings,
    instruments: Mapping[str, str],
) -> list[ir.Table]:
    """One table per factor with one row per answer: ANSWER_COLUMNS, `day` counted since 1970."""
    tables = []
    for name in names:
        form = rows.instrument if "instrument" in rows.columns else ibis.null("string")
        instrument = ibis.literal(instruments[name]) if name in instruments else form
        if name + INSTRUMENT in rows.columns:
            instrument = ibis.coalesce(rows[name + INSTRUMENT], instrument)
        tables.append(_one(rows, name, codebook, settings, instrument))
    return tables


def session_answers(
    found: ir.Table, names: Sequence[str], codebook: Codebook, settings: Settings
) -> list[ir.Table]:
    """Answers of another grain that stood in session rows, like those of `long_answers`.

    What is repeated on every session is one answer: one a day for a factor that may change from day to day, one in
    all for what is asked once, dated by the session it was first seen with.
    """
    rows = found.filter(found.position >= 0).mutate(day=key_minute(found.key) // MINUTES_A_DAY)
    tables = []
    for name in names:
        factor = codebook.factors.get(name)
        by_day = factor is not None and "day" in factor.grains
        keys = ["number", name, *(["day"] if by_day else [])]
        first = {"position": rows.position.min()} | ({} if by_day else {"day": rows.day.min()})
        distinct = rows.group_by(keys).aggregate(**first)
        tables += long_answers(distinct, [name], codebook, settings, {})
    return tables


def response_rows(
    answers: ir.Table, people: ir.Table, sources: dict[int, str], orders: dict[int, int]
) -> ir.Table:
    """The store's response rows for new answers: dates become days, the position becomes file and row."""
    dates = people.select("number", "participant_id", "first_day", "birth_day")
    rows = answers.inner_join(dates, "number")
    rank = rows.position // ROW_BITS
    return rows.select(
        participant_id=rows.participant_id,
        day_postpartum=(rows.day - rows.birth_day).cast("int32"),
        day_in_study=(rows.day - rows.first_day).cast("int32"),
        instrument=rows.instrument,
        factor=rows.factor,
        value=rows.value,
        value_number=rows.value_number,
        source_id=rank.cases(*sources.items(), else_=None),
        source_row=(rows.position - rank * ROW_BITS).cast("int64"),
        row_id=rows.row_id,
        given_order=rank.cases(*orders.items(), else_=None).cast("int64"),
    )


def redated(rows: ir.Table, people: ir.Table) -> ir.Table:
    """Touched people's old responses with days counted anew; others unchanged."""
    dates = people.filter(people.old_first_day.notnull() & ~people.blocked).select(
        "participant_id", "old_first_day", "first_day", "birth_day"
    )
    found = rows.left_join(dates, "participant_id")
    day = found.old_first_day + found.day_in_study
    touched = found.old_first_day.notnull()
    return found.select(
        **{
            name: {
                "day_in_study": ibis.ifelse(
                    touched, (day - found.first_day).cast("int32"), found.day_in_study
                ),
                "day_postpartum": ibis.ifelse(
                    touched, (day - found.birth_day).cast("int32"), found.day_postpartum
                ),
            }.get(name, found[name])
            for name in rows.columns
        }
    )


def participants(
    responses: ir.Table, people: ir.Table, codebook: Codebook, workspace: Workspace, label: str | None
) -> ir.Table:
    """One row per participant (`people` names them all): the last known value of every factor asked once.

    Last is the latest day; answers without a date come before all dated ones, then the order of the files counts.
    `label` is the cohort of whoever has none, where no file has a column for it.
    """
    names = [COHORT, *person_factors(codebook)]
    asked = {row["factor"] for row in workspace.rows(responses.select("factor").distinct())}
    present = [name for name in names if name in asked]
    found = people
    if present:
        values = last_values(responses, present, codebook)
        found = people.left_join(values, "participant_id").drop("participant_id_right")
    if COHORT in present:
        return found
    before = workspace.old("participant_rows")
    own: ir.Value = ibis.literal(label) if label else ibis.null("string")
    if before is None or COHORT not in before.columns:
        return found.mutate(**{COHORT: own})
    old = before.select("participant_id", old_cohort=before[COHORT])
    found = found.left_join(old, "participant_id").drop("participant_id_right")
    return found.mutate(**{COHORT: ibis.coalesce(own, found.old_cohort)}).drop("old_cohort")


def last_values(responses: ir.Table, names: Sequence[str], codebook: Codebook) -> ir.Table:
    """The last answer of every participant to these factors. Grain: one row per participant with any of them."""
    window = ibis.window(
        order_by=[responses.day_in_study.fill_null(-(10**6)), "given_order", "source_id", "source_row"]
    )
    ordered = responses.filter(responses.factor.isin(names)).mutate(place=ibis.row_number().over(window))
    last = {}
    for name in names:
        factor = codebook.factors.get(name)
        column = ordered.value_number if factor is not None and factor.is_numeric else ordered.value
        counts = ordered.factor == name
        if factor is not None and factor.grains[0] == "day":
            # A diary answer tells of its day; what is true of the person is what was asked without one.
            counts = counts & ordered.day_in_study.isnull()
        last[name] = column.argmax(ordered.place, where=counts)
    return ordered.group_by("participant_id").aggregate(**last)


@dataclass(frozen=True)
class Answered:
    """What became of the rows of answers, by file rank."""

    accepted: dict[int, int]
    repeated: dict[int, int]


def write_responses(work: "Work", plan: "Plan", rows: "Rows", sessions: Written) -> Answered:
    """Write `response_rows`: the answers of this ingest that are new, and the store's with days counted anew."""
    workspace = work.workspace
    old = plan.remains(workspace.old("response_rows"))
    kept = []
    for batch, table in rows.tables:
        if any(rows.fates[source.rank].answers for source in batch.sources):
            found = answer_rows(table, batch.factors)
            kept.append((batch, workspace.keep(f"answers_{batch.number}", found)))
    accepted: dict[int, int] = {}
    repeated: dict[int, int] = {}
    long: list[ir.Table] = []
    if kept:
        narrow = [table.select("row_id", "position") for _, table in kept]
        marked = mark_repeats(ibis.union(*narrow) if len(narrow) > 1 else narrow[0], old)
        marked = workspace.keep("answers_marked", marked)
        rank = (marked.position // ROW_BITS).name("rank")
        counted = marked.group_by(rank, "first_rank").aggregate(
            repeats=marked.repeats.sum(), rows=marked.count()
        )
        for row in workspace.rows(counted):
            rank_of, repeats = row["rank"], row["repeats"]
            accepted[rank_of] = accepted.get(rank_of, 0) + row["rows"] - repeats
            repeated[rank_of] = repeated.get(rank_of, 0) + repeats
            if row["first_rank"] != rank_of:
                _remark_on_exports(plan, rank_of, row["first_rank"], repeats)
        first = marked.filter(~marked.repeats).select("position")
        for batch, table in kept:
            names = [name for name in (*batch.factors, COHORT) if name in table.columns]
            new = table.semi_join(first, "position")
            long += long_answers(
                new, names, work.codebook, work.settings, named_instruments(batch, work.codebook)
            )
    if sessions.found is not None:
        long += session_answers(sessions.found, sessions.extra, work.codebook, work.settings)
    orders = {rank: at for at, rank in enumerate(plan.source_ids, start=_next_order(plan))}
    tables = []
    if long:
        answers = workspace.keep("answers_new", ibis.union(*long) if len(long) > 1 else long[0])
        tables.append(response_rows(answers, rows.people, plan.source_ids, orders))
    if old is not None:
        before = redated(old, rows.people)
        tables.append(before.select(tables[0].columns) if tables else before)
    if not tables:
        tables.append(_no_answers(rows))
    workspace.write("response_rows", ibis.union(*tables) if len(tables) > 1 else tables[0])
    return Answered(accepted, repeated)


def _remark_on_exports(plan: "Plan", rank: int, first: int, repeats: int) -> None:
    """Say that a file repeats another export of its project, one raw and one with labels."""
    sources = {source.rank: source for source in plan.sources}
    ways = [sources[each].extract.facts.get("export") for each in (rank, first)]
    if None in ways or ways[0] == ways[1]:
        return
    rows = "1 row repeats" if repeats == 1 else f"{repeats} rows repeat"
    sources[rank].warnings.append(
        f"{rows} answers of the same records, forms and visits that another export of this ingest ({ways[1]}) has: "
        "the same project exported raw and with labels counts once; the raw export is enough"
    )


def _next_order(plan: "Plan") -> int:
    """Files are numbered in the order they came, over all ingests."""
    return 1 + max((source.given_order for source in plan.kept), default=0)


def _no_answers(rows: "Rows") -> ir.Table:
    """An empty table of responses with the right columns."""
    kinds = {
        "participant_id": "string",
        "day_postpartum": "int32",
        "day_in_study": "int32",
        "instrument": "string",
        "factor": "string",
        "value": "string",
        "value_number": "float64",
        "source_id": "string",
        "source_row": "int64",
        "row_id": "string",
        "given_order": "int64",
    }
    return rows.people.limit(0).select(**{name: ibis.null(kind) for name, kind in kinds.items()})
