"""Volumes: number and unit of a cell, the unit of a file by what the file or the study says, never by magnitude."""

import ibis
import ibis.expr.types as ir

from pipelines.checks.columns import VOLUMES, finite, optional, unread
from pipelines.checks.written_times import tidy
from pipelines.codebook import BLANK_WORDS
from pipelines.errors import Question

NUMBER_AND_UNIT = r"^([+-]?\d+(?:[.,]\d+)?|[+-]?[.,]\d+) ?([a-z][a-z. ]*)?$"
ML_WORDS = ("ml", "mls", "milliliter", "milliliters", "millilitre", "millilitres", "cc", "metric")
OUNCE_WORDS = (
    "oz",
    "ozs",
    "ounce",
    "ounces",
    "floz",
    "fluidounce",
    "fluidounces",
    "imperial",
    "flozus",
    "usfloz",
)


def unit_word(text: ir.StringValue) -> ir.StringValue:
    """ml or oz for any usual spelling of a unit; NULL for anything else."""
    plain = tidy(text).re_replace("[^a-z]", "")
    return ibis.cases((plain.isin(ML_WORDS), "ml"), (plain.isin(OUNCE_WORDS), "oz"))


def blank(text: ir.StringValue) -> ir.BooleanValue:
    """Whether a cell says nothing: empty, or a word for not known."""
    plain = tidy(text)
    return plain.isnull() | plain.isin(BLANK_WORDS)


def written_number(text: ir.StringValue) -> ir.FloatingValue:
    """The number a cell holds, with a point or a comma, a unit behind it or not; NULL when it is no number."""
    return finite(tidy(text).re_extract(NUMBER_AND_UNIT, 1).replace(",", ".").try_cast("float64"))


def written_unit(text: ir.StringValue) -> ir.StringValue:
    """The unit word behind the number of a cell, "" when there is none or the cell is no number."""
    return tidy(text).re_extract(NUMBER_AND_UNIT, 2)


def unit_evidence(staged: ir.Table) -> dict[str, ir.Value]:
    """Aggregates on the unit of a source's volumes.

    `unitless` counts numbers other than 0 without a unit in the cell or the row, `fractions` the plain numbers in
    rows that say mL that are no whole numbers.
    """
    present = [name for name in VOLUMES if name in staged.columns]
    row_unit = _row_unit(staged)
    unitless, fractions = ibis.literal(0), ibis.literal(0)
    for name in present:
        bare = staged[name].fill_null(0) != 0
        text = unread(staged, name)
        if text is not None:
            number = written_number(text).fill_null(0)
            bare = bare | ((number != 0) & (written_unit(text) == ""))
        unitless = unitless + (bare & row_unit.isnull()).sum().fill_null(0)
        fractions = fractions + ((staged[name] != staged[name].floor()) & (row_unit == "ml")).sum().fill_null(
            0
        )
    return {"unitless": unitless, "fractions": fractions}


def small_step_evidence(staged: ir.Table, step: float) -> dict[str, ir.Value]:
    """Aggregates on the plain volumes above 0 in rows that say mL: `numbers`, their `median`, and how many of them
    are whole `steps`."""
    plain = ibis.coalesce(
        *(staged[name].nullif(0) for name in VOLUMES if name in staged.columns), ibis.null("float64")
    )
    in_ml = ibis.ifelse(_row_unit(staged) == "ml", plain, ibis.null("float64"))
    return {
        "numbers": in_ml.count(),
        "median": in_ml.median(),
        "steps": (in_ml / step == (in_ml / step).floor()).sum().fill_null(0),
    }


def _row_unit(staged: ir.Table) -> ir.StringValue:
    unit = optional(staged, "unit")
    return ibis.ifelse(unit.isin(["ml", "oz"]), unit, unit_word(unit))


def looks_like_ounces(numbers: int, median: float | None, steps: int, *, below: float, fewest: int) -> bool:
    """Small numbers in quarter steps, some of them fractions, in a column that says mL.

    The three counts are those of `small_step_evidence`, of a source that has fractions.
    """
    return numbers >= fewest and median is not None and median < below and steps == numbers


def decide_unit(name: str, stated: str, unitless: int) -> str | None:
    """The unit of the numbers that carry none themselves: what the study says, or None when no number needs it.

    Raises Question naming the file when a number other than 0 has no unit anywhere; 0 is 0 in every unit.
    """
    if stated != "auto":
        return stated
    if unitless:
        raise Question(
            f'{name}: volumes without a unit; say units = "ml" or "oz" in the study file.',
            "units",
            {"ml": "millilitres", "oz": "US fluid ounces"},
        )
    return None


def volume_ml(
    staged: ir.Table, name: str, file_unit: ir.StringValue, ml_per_ounce: float
) -> tuple[ir.FloatingValue, ir.BooleanValue]:
    """One volume column in mL, and whether its cell is unreadable (not a number, or a unit we do not know).

    The unit is the cell's, else the row's, else `file_unit`; a zero needs none. NULL where nothing was recorded.
    """
    text = unread(staged, name)
    row_unit = _row_unit(staged)
    if text is None:
        unit = ibis.coalesce(row_unit, file_unit)
        return ibis.ifelse(unit == "oz", staged[name] * ml_per_ounce, staged[name]), ibis.literal(False)
    number = ibis.coalesce(staged[name], written_number(text))
    word = written_unit(text).nullif("")
    unit = ibis.coalesce(unit_word(word), ibis.ifelse(word.isnull(), row_unit, None), file_unit)
    unknown = (word.notnull() & unit_word(word).isnull()).fill_null(False)
    unreadable = ibis.ifelse(text.isnull(), False, (~blank(text) & written_number(text).isnull()) | unknown)
    in_ml = ibis.ifelse(unit == "oz", number * ml_per_ounce, number)
    return ibis.ifelse(unreadable, ibis.null("float64"), in_ml), unreadable
