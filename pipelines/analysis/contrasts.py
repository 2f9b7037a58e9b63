"""The comparisons of claims that take levels together, name another reference, or hold among some people only."""

import pandas as pd

from pipelines.analysis.associations import factor_associations
from pipelines.analysis.comparison_choice import Wanted, is_plain, wanted_comparisons
from pipelines.analysis.design import ModelData, model_data
from pipelines.analysis.exposures import joined_contrast
from pipelines.analysis.features import collected
from pipelines.codebook import Codebook
from pipelines.guidance import Guidance
from pipelines.results import Association
from pipelines.settings import Settings


def claim_contrasts(
    model_table: pd.DataFrame,
    guidance: Guidance,
    codebook: Codebook,
    settings: Settings,
    outcome: str,
    minimum_cell: int,
) -> dict[Wanted, Association]:
    """Adjusted associations for every comparison that a claim wants and `associations` does not hold.

    `model_table` as for `associations`. An association's `level` and `reference` are codes joined by "+".
    """
    data = model_data(model_table, codebook, settings, outcome)
    if data.participants < minimum_cell:
        return {}
    known = collected(model_table, codebook)
    wanted = {
        comparison
        for claim in guidance.claims.values()
        if claim.testable != "no" and claim.is_directional
        for comparison in wanted_comparisons(claim, codebook, known)
        if not is_plain(comparison, codebook)
    }
    return {
        comparison: found
        for comparison in wanted
        if (found := _compute(comparison, data, codebook, settings, outcome, minimum_cell)) is not None
    }


def _compute(
    wanted: Wanted,
    everyone: ModelData,
    codebook: Codebook,
    settings: Settings,
    outcome: str,
    minimum_cell: int,
) -> Association | None:
    data = everyone
    if wanted.among:
        factor, level = wanted.among
        if factor not in everyone.table:
            return None
        some = everyone.table[everyone.table[factor] == level]
        data = model_data(some, codebook, settings, outcome)
    if data.participants < minimum_cell:
        reason = f"fewer than {minimum_cell} people are in this comparison, so its numbers stay hidden"
        return Association(
            wanted.factor,
            wanted.level,
            wanted.reference,
            wanted.component,
            "adjusted",
            status="suppressed",
            reason=reason,
        )
    factor_entry = codebook.factors[wanted.factor]
    assert wanted.level is not None and wanted.reference is not None, "numbers need no contrast of their own"
    contrast = joined_contrast(factor_entry, wanted.level, wanted.reference)
    rows = factor_associations(data, factor_entry, [contrast], minimum_cell, ["adjusted"])
    return next((row for row in rows if row.component == wanted.component), None)
