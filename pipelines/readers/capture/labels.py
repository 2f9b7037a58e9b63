"""Codes and their labels: value labels of a file matched to the codebook's levels, numbers freed of their units."""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from pipelines.codebook import Factor, load_codebook, plain
from pipelines.readers.columns import Mapped, Plan
from pipelines.readers.containers.tables import cell_name

if TYPE_CHECKING:
    from pipelines.readers.capture.survey import Survey

_NUMBER_AND_WORD = re.compile(r"([+-]?\d+(?:[.,]\d+)?)\s*([^\W\d_]+)\.?")
# Everybody's codes of no and yes, in whatever language their labels are.
_NO_AND_YES = frozenset({"0", "1"})
_SHORT = {"h": "hour", "hr": "hour", "min": "minute", "l": "litre", "liter": "litre", "wk": "week"}


def recoded(plan: Plan, labels: Mapping[str, Mapping[str, str]]) -> Plan:
    """The plan with the recoding that value labels and the codebook's own words give.

    A study file may recode by code or by label; what it says comes first.
    """
    factors = load_codebook().factors
    mapped = tuple(
        replace(each, recode=level_recode(factors[each.meaning], labels.get(each.column, {}), each.recode))
        if each.meaning in factors and not factors[each.meaning].is_numeric
        else _numeric(each, labels.get(each.column, {}))
        for each in plan.mapped
    )
    return replace(plan, mapped=mapped)


def _numeric(mapped: Mapped, labels: Mapping[str, str]) -> Mapped:
    """A number keeps its code, unless the study file recodes it by code or by label."""
    by_code = {code: mapped.recode[label] for code, label in labels.items() if label in mapped.recode}
    return replace(mapped, recode={**by_code, **mapped.recode})


def level_recode(factor: Factor, labels: Mapping[str, str], stated: Mapping[str, str]) -> dict[str, str]:
    """From what a cell may say to the factor's level codes.

    `labels` are the file's codes with what they stand for, `stated` is the study file's recoding. A label counts
    when it is a level's code or label, apart from capitals and signs. A code that would be read for what its label
    does not say becomes its label, so that 1 for "nein" is not yes, nor 2 for "overweight" a number in a band.
    """
    words = {plain(word): level.code for level in factor.levels for word in (level.label, level.code)}
    recode = {level.label: level.code for level in factor.levels}
    for code, label in labels.items():
        target = stated.get(code) or stated.get(label) or words.get(plain(label))
        if target:
            recode |= {label: target, code: target}
        elif factor.band_edges or (factor.kind == "yes_no" and set(labels) != _NO_AND_YES):
            recode.setdefault(code, label)
    return {**recode, **stated}


def without_units(survey: "Survey", plan: Plan) -> "Survey":
    """Cells of numeric factors that name the factor's own unit behind the number, as bare numbers: "6 hours" is 6."""
    factors = load_codebook().factors
    changed = {}
    for each in plan.mapped:
        factor = factors.get(each.meaning)
        if factor is None or not factor.is_numeric or not factor.unit:
            continue
        name = cell_name(each.place)
        unit = _unit(factor.unit.split()[0])
        cells = survey.cells[name].map(lambda cell, unit=unit: _bare(cell, unit), na_action="ignore")
        changed[name] = cells.astype("str")
    return replace(survey, cells=survey.cells.assign(**changed))


def _unit(word: str) -> str:
    singular = word.lower().removesuffix("s")
    return _SHORT.get(singular, singular)


def _bare(cell: str, unit: str) -> str:
    match = _NUMBER_AND_WORD.fullmatch(cell.strip())
    return match[1] if match and _unit(match[2]) == unit else cell
