"""Volumes: number and unit of a cell, the unit of a file by what the file or the study says, never by magnitude."""

from dataclasses import dataclass

import ibis
import ibis.expr.types as ir

from pipelines.checks.columns import VOLUMES, optional, unread
from pipelines.checks.times import tidy
from pipelines.errors import InputError

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
BLANK_WORDS = ("unknown", "na", "n/a", "nan", "null", "missing", "-", "--", "?", "not known", "don't know")


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
    return tidy(text).re_extract(NUMBER_AND_UNIT, 1).replace(",", ".").try_cast("float64")


def written_unit(text: ir.StringValue) -> ir.StringValue:
    """The unit word behind the number of a cell, "" when there is none or the cell is no number."""
    return tidy(text).re_extract(NUMBER_AND_UNIT, 2)


def unit_evidence(staged: ir.Table) -> dict[str, ir.Value]:
    """Aggregates on the unit of a source's volumes.

    `volumes` counts numbers, `unitless` those without a unit in the cell or the row; `ml_numbers`, `ml_median`,
    `ml_steps` and `ml_fractions` describe the plain numbers of a source that says mL: how many there are above 0, their
    median, how many are whole quarters, and how many are no whole numbers.
    """
    present = [name for name in VOLUMES if name in staged.columns]
    row_unit = _row_unit(staged)
    volumes, unitless = ibis.literal(0), ibis.literal(0)
    for name in present:
        volumes = volumes + staged[name].count()
        bare = staged[name].fill_null(0) != 0
        text = unread(staged, name)
        if text is not None:
            number = written_number(text).fill_null(0)
            volumes = volumes + written_number(text).count()
            bare = bare | ((number != 0) & (written_unit(text) == ""))
        unitless = unitless + (bare & row_unit.isnull()).sum().fill_null(0)
    plain = ibis.coalesce(*(staged[name].nullif(0) for name in present), ibis.null("float64"))
    in_ml = ibis.ifelse(row_unit == "ml", plain, ibis.null("float64"))
    return {
        "volumes": volumes,
        "unitless": unitless,
        "ml_numbers": in_ml.count(),
        "ml_median": in_ml.approx_median(),
        "ml_steps": ((in_ml * 4) % 1 == 0).sum().fill_null(0),
        "ml_fractions": (in_ml % 1 != 0).sum().fill_null(0),
    }


def _row_unit(staged: ir.Table) -> ir.StringValue:
    unit = optional(staged, "unit")
    return ibis.ifelse(unit.isin(["ml", "oz"]), unit, unit_word(unit))


@dataclass(frozen=True)
class UnitEvidence:
    """What a source's volumes tell about their unit; the fields of `unit_evidence`."""

    volumes: int
    unitless: int
    ml_numbers: int
    ml_median: float | None
    ml_steps: int
    ml_fractions: int

    def looks_like_ounces(self, median_below: float, fewest: int) -> bool:
        """Small numbers in quarter steps, some of them fractions, in a column that says mL."""
        return (
            self.ml_numbers >= fewest
            and self.ml_median is not None
            and self.ml_median < median_below
            and self.ml_steps == self.ml_numbers
            and self.ml_fractions > 0
        )


def decide_unit(name: str, stated: str, evidence: UnitEvidence) -> str | None:
    """The unit of the numbers that carry none themselves: what the study says, or None when no number needs it.

    Raises InputError naming the file when a number other than 0 has no unit anywhere; 0 is 0 in every unit.
    """
    if stated != "auto":
        return stated
    if evidence.unitless:
        raise InputError(f'{name}: volumes without a unit; say units = "ml" or "oz" in the study file.')
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
    unreadable = (staged[name].isnull() & ~blank(text) & written_number(text).isnull()).fill_null(
        False
    ) | unknown
    in_ml = ibis.ifelse(unit == "oz", number * ml_per_ounce, number)
    return ibis.ifelse(unreadable, ibis.null("float64"), in_ml), unreadable
