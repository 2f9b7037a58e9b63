"""Answers: text to the codebook's codes, numbers with a comma, Fahrenheit to Celsius."""

from collections.abc import Sequence

import ibis
import ibis.expr.types as ir

from pipelines.checks.columns import ORDER, finite, unread
from pipelines.checks.units import blank
from pipelines.checks.written_times import tidy
from pipelines.codebook import NO_WORDS, WRITTEN_NUMBER, YES_WORDS, Factor
from pipelines.settings import Settings


def _level_code(text: ir.StringValue, factor: Factor) -> ir.StringValue:
    """The code behind a cell that is not written exactly as a code; NULL when there is none."""
    word = tidy(text).re_replace("[ -]+", "_")
    codes = [level.code for level in factor.levels]
    branches = [(word.isin(codes), word)]
    if factor.kind == "yes_no":
        branches += [(word.isin(YES_WORDS), ibis.literal("yes")), (word.isin(NO_WORDS), ibis.literal("no"))]
    if factor.band_edges:
        number = finite(tidy(text).replace(",", ".").try_cast("float64"))
        bands = list(zip(factor.band_edges, codes[1:], strict=False))
        for edge, code in reversed(bands):
            branches.append((number >= edge, ibis.literal(code)))
        branches.append((number.notnull(), ibis.literal(codes[0])))
    return ibis.cases(*branches)


def level_value(staged: ir.Table, factor: Factor) -> tuple[ir.StringValue, ir.BooleanValue]:
    """The factor's level code, and whether the cell says something that is none of its levels.

    yes/no also as true/false or 1/0. NULL is unknown, never a level.
    """
    value, text = staged[factor.id], unread(staged, factor.id)
    if text is None:
        return value, ibis.literal(False)
    # A branch is evaluated only for the rows that reach it; a conjunction would look at every cell.
    code = ibis.ifelse(text.isnull(), value, _level_code(text, factor))
    return code, ibis.ifelse(text.isnull(), False, _level_code(text, factor).isnull() & ~blank(text))


def yes_no_value(text: ir.StringValue) -> tuple[ir.BooleanValue, ir.BooleanValue]:
    """A plain yes or no, and whether the cell says something else. NULL is unknown."""
    word = tidy(text)
    answer = ibis.cases((word.isin(YES_WORDS), True), (word.isin(NO_WORDS), False))
    return answer, (answer.isnull() & ~blank(text)).fill_null(False)


def number_value(staged: ir.Table, name: str) -> tuple[ir.FloatingValue, ir.BooleanValue]:
    """A number column, decimal commas included, and whether a cell is no number. NULL is unknown."""
    text = unread(staged, name)
    if text is None:
        return staged[name], ibis.literal(False)
    plain = tidy(text)
    is_number = plain.re_search(WRITTEN_NUMBER)
    read = finite(ibis.ifelse(is_number, plain.replace(",", "."), None).try_cast("float64"))
    unreadable = ibis.ifelse(text.isnull(), False, read.isnull() & ~blank(text))
    return ibis.coalesce(staged[name], read), unreadable


def is_temperature(factor: Factor) -> bool:
    """Whether values may have been taken in Fahrenheit."""
    return factor.unit == "degrees Celsius"


def in_celsius(value: ir.FloatingValue, settings: Settings) -> tuple[ir.FloatingValue, ir.BooleanValue]:
    """A body temperature in Celsius, and whether it was written in Fahrenheit (no body has 95 to 106 C)."""
    fahrenheit = value.between(settings["limits.fahrenheit_from"], settings["limits.fahrenheit_to"])
    return ibis.ifelse(fahrenheit, (value - 32) * 5 / 9, value), fahrenheit.fill_null(False)


def ticked_after(staged: ir.Table, name: str) -> ir.BooleanValue | None:
    """Whether a technique was ticked after the session had begun; None when the file does not say."""
    if name + ORDER not in staged.columns:
        return None
    return tidy(staged[name + ORDER]).isin(["after", "after_start"]).fill_null(False)


def known(values: Sequence[ir.BooleanValue]) -> ir.BooleanValue:
    """True where any of these is true; NULL counts as false."""
    return ibis.or_(*values).fill_null(False) if values else ibis.literal(False)
