"""Columns that share only their name with a factor: none of their values is an answer that the codebook knows."""

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from pipelines.codebook import BLANK_WORDS, NO_WORDS, WRITTEN_NUMBER, YES_WORDS, Factor, load_codebook
from pipelines.readers.columns import OWN_NAME, Mapped, Plan
from pipelines.readers.containers.tables import cell_name

if TYPE_CHECKING:
    from pipelines.readers.capture.survey import Survey


def without_namesakes(
    plan: Plan, survey: "Survey", missing_codes: tuple[str, ...]
) -> tuple[Plan, dict[str, str]]:
    """The plan without such columns, and why each of them is not used, by its name.

    Only a column that the study file does not name is one, and only where not a single value can be read: where
    some can, the others are slips, and their rows are set aside. What stands beside the factor goes with it.
    """
    factors = load_codebook().factors
    reasons, gone = {}, set()
    for each in plan.mapped:
        factor = factors.get(each.meaning)
        if factor is None or each.reason != OWN_NAME:
            continue
        said = _said(each, survey, missing_codes)
        if said and not any(is_answer(cell, factor) for cell in set(said)):
            reasons[each.column] = _why(said, factor)
            gone |= {each.meaning, f"{each.meaning}_order", f"{each.meaning}_instrument"}
    left = tuple(each.column for each in plan.mapped if each.meaning in gone)
    kept = tuple(each for each in plan.mapped if each.meaning not in gone)
    return replace(plan, mapped=kept, unused=(*plan.unused, *left)), reasons


def _said(mapped: Mapped, survey: "Survey", missing_codes: tuple[str, ...]) -> list[str]:
    """What the column's cells say, recoded, without those that say that nothing is known."""
    cells = survey.cells[cell_name(mapped.place)].dropna()
    said = [mapped.recode.get(cell, cell) for cell in cells if cell not in missing_codes]
    return [cell for cell in said if not says_nothing(cell)]


def says_nothing(cell: str) -> bool:
    """Whether a cell is blank or has a word for unknown."""
    return _tidy(cell) in ("", *BLANK_WORDS)


def _tidy(cell: str) -> str:
    return " ".join(cell.split()).lower()


def is_answer(cell: str, factor: Factor) -> bool:
    """Whether the checks can read a cell as an answer of this factor."""
    tidy = _tidy(cell)
    if factor.is_numeric:
        return _is_number(tidy)
    known = {level.code for level in factor.levels}
    if factor.kind == "yes_no":
        known |= {*YES_WORDS, *NO_WORDS}
    in_band = bool(factor.band_edges) and _is_number(tidy)
    return in_band or tidy in known or re.sub("[ -]+", "_", tidy) in known


def _is_number(tidy: str) -> bool:
    if re.search(WRITTEN_NUMBER, tidy):
        return True
    try:
        float(tidy)
    except ValueError:
        return False
    return True


def _why(said: list[str], factor: Factor) -> str:
    what = "a number" if factor.is_numeric else "one of our levels"
    none = f"its only value is not {what}" if len(said) == 1 else f"none of its {len(said)} values is {what}"
    return f"{none}; map it in [source.items]"
