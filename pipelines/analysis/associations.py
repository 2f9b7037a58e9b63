"""How each collected factor goes with the outcome and with the volume, unadjusted and adjusted.

One model per factor and adjustment holds all levels; factors that vary within a person are split into within and
between. What cannot or must not be shown carries its reason instead of a number.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd
from statsmodels.stats.multitest import multipletests

from pipelines.analysis.comparisons import Comparison, column_name, compare
from pipelines.analysis.design import ModelData, Term, model_data
from pipelines.analysis.effects import Fit
from pipelines.analysis.exposures import Contrast, Counts, count, exposures, plain_contrasts, varying_people
from pipelines.analysis.gates import (
    Gates,
    event_gate,
    inflation_gate,
    insufficient,
    people_gate,
    size_gate,
    weight_gate,
    within_gate,
)
from pipelines.analysis.models import Adjustment, Models, adjustment, entanglement, fit_models
from pipelines.codebook import Codebook, Factor
from pipelines.results import Association
from pipelines.settings import Settings

TESTED_ROLES = ("factor", "adjustment", "placebo")
SUFFIX = {"within": " (within)", "within_lagged": " (within)", "between": " (between)", "total": ""}


def associations(
    model_table: pd.DataFrame, codebook: Codebook, settings: Settings, outcome: str, minimum_cell: int
) -> tuple[Association, ...]:
    """Every collected factor against the outcome (`no_milk` or `low_output`) and the volume.

    `model_table` is that of `features.model_table`. Returns rows in the codebook's order: per factor its
    exposures, levels, components, then unadjusted before adjusted. Numbers that rest on fewer than `minimum_cell`
    people are None, as are counts that differ from the whole cohort's by fewer people than that.
    """
    data = model_data(model_table, codebook, settings, outcome)
    found: list[Association] = []
    if data.participants >= minimum_cell:
        for factor in codebook.with_role(*TESTED_ROLES):
            # The course since the birth is drawn as a curve and is in every adjusted model.
            if factor.id != "day_postpartum" and not factor.restricted:
                found += factor_associations(data, factor, plain_contrasts(factor), minimum_cell)
    return with_q_values(found)


def factor_associations(
    data: ModelData,
    factor: Factor,
    contrasts: Sequence[Contrast],
    minimum_cell: int,
    models: Iterable[str] = ("unadjusted", "adjusted"),
) -> list[Association]:
    """The associations of one factor for these contrasts, which must share their reference."""
    found = []
    for exposure in exposures(factor, data):
        comparison = compare(data, exposure, contrasts, minimum_cell)
        rest = [contrast for contrast in contrasts if contrast not in comparison.separated]
        for model in models:
            rows = _fitted_rows(comparison, model)
            if comparison.separated and rest:
                # One level without an odds ratio must not cost the others theirs; it keeps its volume ratio.
                without = _fitted_rows(compare(data, exposure, rest, minimum_cell), model)
                rows = [
                    row for row in rows if row.level not in {contrast.level for contrast in rest}
                ] + without
            found += rows
    return found


def _fitted_rows(comparison: Comparison, model: str) -> list[Association]:
    data, exposure, terms = comparison.data, comparison.exposure, comparison.terms
    if not terms:
        return [
            row
            for contrast in range(len(comparison.contrasts))
            for row in _rows(comparison, contrast, model, None)
        ]
    width = sum(len(term.names) for term in terms)
    adjusting = (
        adjustment(data, exposure, comparison.rows, width, comparison.minimum_cell)
        if model == "adjusted"
        else Adjustment()
    )
    models = fit_models(data, terms, comparison.rows, adjusting)
    return [
        row
        for contrast in range(len(comparison.contrasts))
        for row in _rows(comparison, contrast, model, models)
    ]


def _rows(comparison: Comparison, number: int, model: str, models: Models | None) -> list[Association]:
    """The rows of one contrast under one model, a row per component."""
    contrast, counts = comparison.contrasts[number], comparison.level_counts[number]
    factor = comparison.exposure.factor
    found = []
    for component in comparison.exposure.components:
        blank = Association(
            factor.id,
            contrast.level,
            contrast.reference,
            component,
            model,
            step=factor.step_label if contrast.level is None else "",
        )
        refusal = comparison.refusals[number]
        if refusal is not None or models is None:
            status, reason = refusal or ("not_estimable", "no session could be used")
            found.append(replace(blank, status=status, reason=reason))
            continue
        if contrast.level is None:
            # The people of an adjusted number are those in its model.
            counts = _number_counts(comparison, models)
            if counts.participants < comparison.minimum_cell:
                reason = f"fewer than {comparison.minimum_cell} people have all the answers this model needs"
                found.append(replace(blank, status="suppressed", reason=reason))
                continue
        described = _describe(blank, comparison, counts)
        found.append(_estimated(described, comparison, number, component, models))
    return found


def _number_counts(comparison: Comparison, models: Models) -> Counts:
    return count(comparison.data, models.rows)


def _describe(blank: Association, comparison: Comparison, counts: Counts) -> Association:
    """Fill in counts, raw shares and means; counts too close to the whole cohort's stay hidden."""
    reference = comparison.reference_counts
    is_level = blank.level is not None
    described = replace(
        blank,
        participants=counts.participants,
        sessions=counts.sessions,
        events=counts.events,
        share=counts.share,
        mean_volume_ml=counts.volume,
        reference_share=reference.share if is_level else None,
        reference_volume_ml=reference.volume if is_level else None,
        reference_participants=reference.participants if is_level else None,
    )
    rest = comparison.data.participants - counts.participants
    if 0 < rest < comparison.minimum_cell:
        reason = "counts stay hidden: they come too close to those of the whole cohort"
        return replace(described, participants=None, sessions=None, events=None, reason=reason)
    return described


def _estimated(
    described: Association, comparison: Comparison, number: int, component: str, models: Models
) -> Association:
    contrast = comparison.contrasts[number]
    name = column_name(comparison.exposure.factor, contrast) + SUFFIX[component]
    group = comparison.terms[0 if component in ("total", "between") else -1]
    notes = [note for note in (described.reason, _left_out(models.adjustment.left_out)) if note]
    adjusted = replace(described, adjusted_for=models.adjustment.factors, reason="; ".join(notes))
    settings = comparison.data.settings
    inflation, entangled = entanglement(models, (group,), comparison.data, comparison.rows)
    if inflation > settings["gates.vif_refuse"]:
        return _not_estimable(adjusted, f"cannot be told apart from {entangled}")
    varying = _varying(comparison, group, name, models) if component.startswith("within") else None
    if varying is not None and varying < settings["gates.participants_for_estimate"]:
        return _not_estimable(
            adjusted,
            f"fewer than {settings['gates.participants_for_estimate']} people in whom both this and the outcome vary",
        )
    outcome, volume = models.outcome, models.volume
    filled = adjusted
    if not any(fitted.fit and name in fitted.fit.coefficients for fitted in (outcome, volume)):
        return _not_estimable(adjusted, _plain_refusal(outcome.reason or "same value", comparison))
    if volume.fit is not None:
        filled = _with_volume(filled, volume.fit, name, settings["gates.widest_interval"])
    if outcome.fit is None:
        reason = f"no odds ratio: {_plain_refusal(outcome.reason, comparison)}"
        return replace(
            filled,
            status="not_estimable",
            reason=reason,
            **_gates(comparison, number, component, models, varying, name, (inflation, entangled)),
        )
    filled = _with_odds(filled, outcome.fit, name, settings["gates.widest_interval"])
    filled = replace(
        filled, **_gates(comparison, number, component, models, varying, name, (inflation, entangled))
    )
    if component.startswith("within") and contrast.level is None:
        position = group.names.index(name)
        filled = replace(
            filled, within_person_sd=float(group.columns[:, position].std() * comparison.exposure.factor.step)
        )
    return filled


def _left_out(left_out: Sequence[str]) -> str:
    return f"not adjusted for {', '.join(left_out)}" if left_out else ""


def _plain_refusal(text: str, comparison: Comparison) -> str:
    """A refusal in plain words: which pattern stands in the way, without column names or counts."""
    if "separation" in text:
        return "one answer goes with the outcome always or never, so no finite estimate exists"
    if "single participant" in text:
        return "it rests on a single person"
    if "follows exactly" in text:
        return "it follows exactly from what is adjusted for"
    if "same value" in text or "same in every" in text:
        return "it does not vary among the sessions that could be used"
    return "too few people have the answers this model needs"


def _not_estimable(row: Association, reason: str) -> Association:
    joined = f"{reason}; {row.reason}" if row.reason else reason
    return replace(row, status="not_estimable", reason=joined)


def _varying(comparison: Comparison, group: Term, name: str, models: Models) -> int:
    inside = np.isin(comparison.rows, models.rows, assume_unique=True)
    column = group.columns[inside][:, group.names.index(name)]
    data = comparison.data
    return varying_people(column, data.outcome[models.rows], data.people[models.rows]) if len(column) else 0


def _with_odds(row: Association, fit: Fit, name: str, widest: float) -> Association:
    ratio, low, high = (_exponential(value) for value in (fit.coefficients[name], *fit.intervals[name]))
    if ratio is None or low is None or high is None or high / low > widest:
        return _not_estimable(row, "its interval is so wide that it says nothing")
    return replace(
        row,
        odds_ratio=ratio,
        ci_low=low,
        ci_high=high,
        p_value=fit.p_values[name],
        standard_error=fit.standard_errors[name],
        degrees_of_freedom=fit.degrees_of_freedom[name],
        effective_participants=fit.effective_participants[name],
        largest_share=fit.largest_share[name],
    )


def _with_volume(row: Association, fit: Fit, name: str, widest: float) -> Association:
    ratio, low, high = (_exponential(value) for value in (fit.coefficients[name], *fit.intervals[name]))
    if ratio is None or low is None or high is None or high / low > widest:
        return row
    return replace(
        row,
        volume_ratio=ratio,
        volume_low=low,
        volume_high=high,
        volume_standard_error=fit.standard_errors[name],
        volume_degrees_of_freedom=fit.degrees_of_freedom[name],
        volume_p_value=fit.p_values[name],
    )


def _exponential(value: float) -> float | None:
    """The ratio of a log ratio; None where it is too large or too small to be a finite positive number."""
    return math.exp(value) if abs(value) < 300 else None


def _gates(
    comparison: Comparison,
    number: int,
    component: str,
    models: Models,
    varying: int | None,
    name: str,
    inflation: tuple[float, str],
) -> dict:
    """The gates of one estimate: those of the odds ratio and, where they differ, those of the volume ratio."""
    data = comparison.data
    settings = data.settings
    contrast = comparison.contrasts[number]
    if contrast.level is None:
        sides: tuple[Counts, ...] = (count(data, models.rows),)
    else:
        sides = (comparison.level_counts[number], comparison.reference_counts)
    both = inflation_gate(*inflation, settings) + size_gate(models.participants, models.parameters, settings)
    both += comparison.logging[number]
    if varying is not None:
        both += within_gate(varying, settings)
    if len(models.rows) == 0:
        both += insufficient("nobody has all the answers this model needs")
    share = float(data.outcome[models.rows].mean()) if len(models.rows) else 0.0
    odds = both + event_gate(sides, share, settings) + _weight(models.outcome.fit, name, settings)
    volume = both + people_gate(sides, settings) + _weight(models.volume.fit, name, settings)
    return {
        "gates": odds.reasons,
        "insufficient": odds.insufficient,
        "volume_gates": volume.reasons,
        "volume_insufficient": volume.insufficient,
    }


def _weight(fit: Fit | None, name: str, settings: Settings) -> Gates:
    if fit is None:
        return Gates()
    return weight_gate(fit.largest_share[name], fit.effective_participants[name], settings)


def with_q_values(found: Sequence[Association]) -> tuple[Association, ...]:
    """Add false discovery rates (Benjamini-Hochberg) within each model and component."""
    result = list(found)
    families: dict[tuple[str, str], list[int]] = {}
    for position, row in enumerate(result):
        if row.p_value is not None:
            families.setdefault((row.model, row.component), []).append(position)
    for members in families.values():
        adjusted = multipletests([result[position].p_value for position in members], method="fdr_bh")[1]
        for position, q_value in zip(members, adjusted, strict=True):
            result[position] = replace(result[position], q_value=float(q_value))
    return tuple(result)
