"""A table of raw cells to canonical columns, as one Ibis expression for small and for very large tables."""

from collections.abc import Sequence

import ibis
import ibis.expr.types as ir

from pipelines.codebook import load_codebook
from pipelines.readers.columns import KIND, VOLUMES, Mapped, Plan
from pipelines.readers.containers.tables import cell_name
from pipelines.readers.written import counted_time, in_minutes
from pipelines.study import DURATIONS, EPOCHS

_HAS_LETTER = "[A-Za-z]"
_IS_MEANT = "is_meant"
SESSION_FIELDS = ("started_at", "ended_at", "duration_min", "tried_nothing_came", *VOLUMES)
SEVERAL_ANSWERS = "several_answers"


def canonical(table: ir.Table, plan: Plan, missing_codes: tuple[str, ...] = ()) -> ir.Table:
    """The mapped columns under their canonical names, with `source_row`, `problem_field` and `problem_code`.

    `table` has cells `c0`, `c1`, ... and `source_row`, perhaps `problem`, `problem_field` and `repeated_header`. Missing codes
    become NULL, values are recoded. A column whose header states the unit gives `unit`; where columns state
    different units, each bare number gets its own. Everything else stays as written. One row in is one row out;
    columns that were not mapped are gone. Rows come without `kind`: `with_kind` adds it.
    """
    volumes = [each for each in plan.mapped if each.meaning in VOLUMES]
    units = {each.unit for each in volumes}
    # One unit for all volumes goes into its own column; anything less simple goes into the cells.
    in_cells = len(units) > 1 or not units <= {"", "ml", "oz"}
    columns: dict[str, ir.Value] = {}
    for each in plan.mapped:
        if each.meaning == KIND:
            columns[_IS_MEANT] = _is_meant(table, each)
            continue
        cell = _cell(table, each, missing_codes)
        if in_cells and each in volumes and each.unit:
            cell = ibis.ifelse(cell.re_search(_HAS_LETTER), cell, cell + f" {each.unit}")
        columns[each.meaning] = (
            ibis.coalesce(columns[each.meaning], cell) if each.meaning in columns else cell
        )
    for each in plan.mapped:
        if each.instrument:
            answered = columns[each.meaning].notnull()
            columns[f"{each.meaning}_instrument"] = ibis.ifelse(
                answered, each.instrument, ibis.null("string")
            )
    if volumes and not in_cells and units != {""}:
        columns["unit"] = ibis.literal(next(iter(units)))
    if "repeated_header" in table.columns:
        columns["repeated_header"] = table.repeated_header
    if _end_is_clock(plan):
        columns["end_is_clock"] = ibis.literal("yes")
    field, code = _problem(table, plan, missing_codes)
    return table.select(source_row=table.source_row, **columns, problem_field=field, problem_code=code)


def _end_is_clock(plan: Plan) -> bool:
    """Whether the ends are clocks that were joined with the column that dates the starts or the rows."""
    ends = [each for each in plan.mapped if each.meaning == "ended_at"]
    dated = {each.place for each in plan.mapped if each.meaning in ("started_at", "date")}
    return bool(ends) and all(each.clock is not None and each.place in dated for each in ends)


def _problem(
    table: ir.Table, plan: Plan, missing_codes: tuple[str, ...]
) -> tuple[ir.StringValue, ir.StringValue]:
    """What is wrong with a row as a whole: damage, or two of the columns that say the same both filled."""
    damage = table.problem if "problem" in table.columns else ibis.null("string")
    where: ir.StringValue = ibis.literal("row")
    if "problem_field" in table.columns:
        where = ibis.coalesce(table.problem_field, where)
    field = ibis.ifelse(damage.notnull(), where, ibis.null("string"))
    for meaning, alike in _alike(plan).items():
        filled = sum(_cell(table, each, missing_codes).notnull().cast("int8") for each in alike)
        several = damage.isnull() & (filled > 1)
        field = ibis.ifelse(several, ibis.literal(meaning), field)
        damage = ibis.ifelse(several, ibis.literal(SEVERAL_ANSWERS), damage)
    return field, damage


def _alike(plan: Plan) -> dict[str, list[Mapped]]:
    """Columns that the study file names for one and the same answer, by its name, where there are several."""
    found: dict[tuple[str, str], list[Mapped]] = {}
    for each in plan.mapped:
        found.setdefault((each.meaning, each.unit), []).append(each)
    return {meaning: alike for (meaning, _), alike in found.items() if len(alike) > 1}


def _cell(table: ir.Table, mapped: Mapped, missing_codes: tuple[str, ...]) -> ir.StringValue:
    cell = table[cell_name(mapped.place)]
    if missing_codes and mapped.meaning != "participant":
        cell = ibis.ifelse(cell.isin(missing_codes), ibis.null("string"), cell)
    if mapped.recode:
        cell = cell.cases(*mapped.recode.items(), else_=cell)
    if mapped.clock is not None:
        clock = table[cell_name(mapped.clock)]
        # Where one of the two is missing the other one is no time, and the row is set aside for it.
        both = (cell.fill_null("") + " " + clock.fill_null("")).strip()
        cell = ibis.ifelse(cell.isnull() & clock.isnull(), ibis.null("string"), both)
    if mapped.written in EPOCHS:
        return counted_time(cell, mapped.written)
    return in_minutes(cell, mapped.written) if mapped.written in DURATIONS else cell


def _is_meant(table: ir.Table, mapped: Mapped) -> ir.BooleanValue:
    """Whether a row is one of those that the study file takes for sessions, capitals aside."""
    said = table[cell_name(mapped.place)].strip().lower()
    return said.isin([value.strip().lower() for value in mapped.session]).fill_null(False)


def with_kind(rows: ir.Table, kind: ir.StringValue) -> ir.Table:
    """What `canonical` returned with its `kind`; rows that repeat the header, and those of a kind that the study
    file does not mean, are other."""
    if _IS_MEANT in rows.columns:
        kind = ibis.ifelse(rows[_IS_MEANT], kind, "other")
    if "repeated_header" in rows.columns:
        kind = ibis.ifelse(rows.repeated_header, "other", kind)
    helpers = [name for name in (_IS_MEANT, "repeated_header") if name in rows.columns]
    return rows.mutate(kind=kind).drop(*helpers)


def any_filled(rows: ir.Table, names: Sequence[str]) -> ir.BooleanValue:
    """Whether any of these columns says something; false where the table has none of them."""
    filled = [rows[name].notnull() for name in names if name in rows.columns]
    return ibis.or_(*filled) if filled else ibis.literal(False)


def kind_by_row(
    rows: ir.Table, session_form: ir.BooleanValue | None = None, day_form: ir.BooleanValue | None = None
) -> ir.StringValue:
    """Each row's kind by what it fills: a session field, else a date, else any factor or a birth date, else other.

    `session_form` and `day_form` say which rows belong to a form that asks for a start or a date, even where that
    is blank.
    """
    no = ibis.literal(False)
    factors = load_codebook().factors
    known = [name for name in rows.columns if name in factors or name in ("birth_date", "cohort")]
    return ibis.cases(
        (any_filled(rows, SESSION_FIELDS), "session"),
        (~any_filled(rows, known), "other"),
        (no if session_form is None else session_form, "session"),
        (any_filled(rows, ("date",)) | (no if day_form is None else day_form), "day"),
        else_="baseline",
    )


def kind_of_file(plan: Plan) -> ir.StringValue:
    """One kind for all rows: session where a column holds their start, else day where one holds the date, else
    baseline."""
    kind = "session" if plan.has("started_at") else "day" if plan.has("date") else "baseline"
    return ibis.literal(kind)
