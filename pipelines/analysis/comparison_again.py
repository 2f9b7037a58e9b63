"""A claim's comparison run again, in the same or another way: on other sessions, outcomes or adjustments."""

from collections.abc import Sequence
from dataclasses import dataclass

from pipelines.analysis.associations import chosen_adjustment, factor_associations
from pipelines.analysis.comparisons import Comparison, column_name, compare
from pipelines.analysis.design import ModelData
from pipelines.analysis.estimates import SUFFIX
from pipelines.analysis.exposures import Contrast, exposures, joined_contrast, plain_contrasts
from pipelines.analysis.models import Models, fit_models
from pipelines.results import Association


def contrasts_of(found: Association, data: ModelData) -> tuple[Contrast, ...]:
    """The contrasts of the model that an association came from, its own among them."""
    factor = data.codebook.factors[found.factor]
    plain = plain_contrasts(factor)
    if any((each.level, each.reference) == (found.level, found.reference) for each in plain):
        return plain
    assert found.level is not None and found.reference is not None, "a number has a single contrast"
    return (joined_contrast(factor, found.level, found.reference),)


def again(
    found: Association,
    data: ModelData,
    minimum_cell: int,
    model: str = "adjusted",
    adjust_for: Sequence[str] | None = None,
) -> Association | None:
    """The same association from other data or another model; None where these data do not hold its comparison."""
    factor = data.codebook.factors[found.factor]
    if not any(found.component in exposure.components for exposure in exposures(factor, data)):
        return None
    rows = factor_associations(data, factor, contrasts_of(found, data), minimum_cell, [model], adjust_for)
    key = (found.level, found.component)
    return next((row for row in rows if (row.level, row.component) == key), None)


@dataclass(frozen=True)
class Fits:
    """The adjusted models behind an association, and the name of the coefficient that it shows."""

    comparison: Comparison
    models: Models
    name: str


def comparison_of(found: Association, data: ModelData, minimum_cell: int) -> Comparison | None:
    """The comparison behind an association, ready to be fitted; None where these data do not hold it."""
    factor = data.codebook.factors[found.factor]
    exposure = next((each for each in exposures(factor, data) if found.component in each.components), None)
    if exposure is None:
        return None
    comparison = compare(data, exposure, contrasts_of(found, data), minimum_cell)
    separated = comparison.separated
    if separated and found.level not in {each.level for each in separated}:
        # As for the association itself: one level without an odds ratio must not cost the others theirs.
        rest = [each for each in comparison.contrasts if each not in separated]
        comparison = compare(data, exposure, rest, minimum_cell)
    return comparison if comparison.terms else None


def coefficient_of(found: Association, comparison: Comparison) -> str:
    """The name of the coefficient that an association shows."""
    contrast = next(each for each in comparison.contrasts if each.level == found.level)
    return column_name(comparison.exposure.factor, contrast) + SUFFIX[found.component]


def fits_of(found: Association, data: ModelData, minimum_cell: int) -> Fits | None:
    """The models themselves; None where the comparison cannot be made."""
    comparison = comparison_of(found, data, minimum_cell)
    if comparison is None:
        return None
    models = fit_models(data, comparison.terms, comparison.rows, chosen_adjustment(comparison))
    return Fits(comparison, models, coefficient_of(found, comparison))
