"""Average predictions: the share of the outcome if a factor were at each of its levels, all else as observed."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from pipelines.analysis.cells import Cells
from pipelines.analysis.comparison_again import Fits, fits_of
from pipelines.analysis.comparison_choice import among
from pipelines.analysis.comparisons import column_name
from pipelines.analysis.design import count_people, model_data
from pipelines.analysis.estimates import SUFFIX, Place, plain_refusal, reference_columns
from pipelines.analysis.gates import model_refusal
from pipelines.analysis.standardisation import predicted_share
from pipelines.codebook import Codebook
from pipelines.guidance import Claim
from pipelines.results import Association, ClaimFinding, Prediction, Predictions
from pipelines.settings import Settings

MIDDLE = 0.5


def predictions(
    table: pd.DataFrame,
    claim: Claim,
    finding: ClaimFinding,
    codebook: Codebook,
    settings: Settings,
    outcome: str,
    minimum_cell: int,
) -> Predictions:
    """Every session of the claim's adjusted model predicted with the factor at each level, and averaged.

    `table` is the model table, `claim` the one that owns `finding`. For a number the levels are quantiles of the
    sessions in the model (`what_if.quantiles`); within a person they are distances from her own mean, the middle one
    being none. Levels with too few people carry a reason instead of a share, and so does the whole where the
    comparison is refused, is one between different people of what varies, or holds too few for a verdict.
    """
    found = finding.association
    if found is None or found.status != "estimated" or found.odds_ratio is None:
        return Predictions(reason=finding.reason or "There is no estimate of the outcome to predict from.")
    if found.insufficient:
        return Predictions(reason=_sentence("; ".join(found.gates)))
    if found.component == "between" and codebook.factors[found.factor].varies:
        return Predictions(
            reason="Only different mothers are compared in what changes from day to day; that is no effect to predict from."
        )
    limited = among(claim, found, codebook, table)
    if limited:
        table = table[table[limited[0]] == limited[1]]
    fits = fits_of(found, model_data(table, codebook, settings, outcome), minimum_cell)
    if (
        fits is None
        or fits.models.outcome.fit is None
        or fits.name not in fits.models.outcome.fit.coefficients
    ):
        refusal = "no comparison" if fits is None else fits.models.outcome.reason
        return Predictions(reason=_sentence(plain_refusal(refusal)))
    levels = _steps(fits, settings) if found.level is None else _levels(fits, found)
    return Predictions(levels, fits.models.participants, len(fits.models.rows), found.component)


def _sentence(reason: str) -> str:
    return f"{reason[:1].upper()}{reason[1:]}."


def _levels(fits: Fits, found: Association) -> tuple[Prediction, ...]:
    """The reference, then every level of the comparison."""
    cells = _cells(fits)
    comparison = fits.comparison
    group = comparison.terms[0 if found.component in ("total", "between") else -1]
    reference = reference_columns(group, cells, fits.models.owners)
    predicted = [_prediction(fits, reference, level=found.reference)]
    for number, contrast in enumerate(comparison.contrasts):
        name = column_name(comparison.exposure.factor, contrast) + SUFFIX[found.component]
        sides = Place(comparison, number, found.component, fits.models).sides
        refusal = comparison.refusals[number] or model_refusal(
            sides, comparison.minimum_cell, comparison.data.settings
        )
        if refusal is not None or name not in cells.names:
            why = refusal[1] if refusal else plain_refusal("same value")
            predicted.append(Prediction(contrast.level, reason=_sentence(why)))
        else:
            changed = dict(reference) | {name: reference[name] + 1}
            predicted.append(_prediction(fits, changed, level=contrast.level))
    return tuple(predicted)


def _steps(fits: Fits, settings: Settings) -> tuple[Prediction, ...]:
    """A number at quantiles of the sessions; those with too few people at or beyond them are left out."""
    cells, comparison = _cells(fits), fits.comparison
    column, step = cells.column(fits.name), comparison.exposure.factor.step
    is_within = fits.name.endswith(SUFFIX["within"])
    predicted = []
    for share in settings["what_if.quantiles"]:
        value = 0.0 if is_within and share == MIDDLE else _quantile(column, cells.count, share)
        beyond = min(count_people(fits.models.owners[side]) for side in (column <= value, column >= value))
        if beyond >= comparison.minimum_cell:
            everywhere = {fits.name: np.full(len(column), value)}
            predicted.append(_prediction(fits, everywhere, value=value * step))
    return tuple({each.value: each for each in predicted}.values())


def _quantile(values: np.ndarray, counts: np.ndarray, share: float) -> float:
    """The smallest value that at least this share of the counted sessions does not exceed."""
    order = np.argsort(values, kind="stable")
    reached = np.cumsum(counts[order]) / counts.sum()
    return float(values[order][np.searchsorted(reached, share - 1e-12)])


def _cells(fits: Fits) -> Cells:
    cells = fits.models.outcome.cells
    assert cells is not None, "a fit comes with its cells"
    return cells


def _prediction(
    fits: Fits, changed: Mapping[str, np.ndarray], level: str | None = None, value: float | None = None
) -> Prediction:
    fitted = fits.models.outcome
    assert fitted.fit is not None and fitted.estimates is not None
    freedom = fitted.fit.degrees_of_freedom[fits.name]
    found = predicted_share(_cells(fits), fitted.estimates, changed, freedom)
    return Prediction(level, value, found.value, found.low, found.high)


def spread(levels: Sequence[Prediction]) -> tuple[Prediction, Prediction] | None:
    """The levels with the smallest and the largest share; None where fewer than two have one."""
    known = [each for each in levels if each.share is not None]
    if len(known) < 2:
        return None
    ordered = sorted(known, key=lambda each: each.share or 0.0)
    return ordered[0], ordered[-1]
