"""How each collected factor goes with the outcome and with the volume, unadjusted and adjusted.

One model per factor and adjustment holds all levels; factors that vary within a person are split into within and
between. What cannot or must not be shown carries its reason instead of a number.
"""

import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace

import pandas as pd
from statsmodels.stats.multitest import multipletests

from pipelines.analysis.comparisons import Comparison, compare
from pipelines.analysis.design import ModelData, model_data, total_width
from pipelines.analysis.estimates import Place, estimated
from pipelines.analysis.exposures import Contrast, Counts, exposures, plain_contrasts
from pipelines.analysis.gates import model_refusal
from pipelines.analysis.models import Adjustment, Models, adjustment, fit_models
from pipelines.analysis.shapes import shapes
from pipelines.codebook import Codebook, Factor
from pipelines.results import Association
from pipelines.settings import Settings

TURN_SECONDS = 0.0002
TESTED_ROLES = ("factor", "adjustment", "placebo")
MODELS = ("unadjusted", "adjusted")


def associations(
    model_table: pd.DataFrame,
    codebook: Codebook,
    settings: Settings,
    outcome: str,
    minimum_cell: int,
    models: Sequence[str] = MODELS,
) -> tuple[Association, ...]:
    """Every collected factor against the outcome (`no_milk` or `low_output`) and the volume.

    `model_table` is that of `features.model_table`. Returns rows in the codebook's order: per factor its
    exposures, levels, components, then unadjusted before adjusted. Numbers that rest on fewer than `minimum_cell`
    people are None, as are counts that differ from the whole cohort's by fewer people than that. `models` says
    which of the two to work out: verdicts rest on the adjusted one alone.
    """
    data = model_data(model_table, codebook, settings, outcome)
    if data.participants < minimum_cell:
        return ()
    # The course since the birth is drawn as a curve and is in every adjusted model.
    tested = [
        factor
        for factor in codebook.with_role(*TESTED_ROLES)
        if factor.id != "day_postpartum" and not factor.restricted
    ]

    def of_factor(factor: Factor) -> list[Association]:
        return factor_associations(data, factor, plain_contrasts(factor), minimum_cell, models)

    # In a large study the algebra dominates, which several processors can share; in a small one Python does.
    is_large = len(data.used) >= settings["inference.parallel_from_sessions"]
    if not is_large:
        found = [row for factor in tested for row in of_factor(factor)]
    else:
        with _quick_turns(), ThreadPoolExecutor(os.cpu_count()) as pool:
            found = [row for rows in pool.map(of_factor, tested) for row in rows]
    return with_q_values(found, [factor.id for factor in codebook.with_role("placebo")])


@contextmanager
def _quick_turns() -> Iterator[None]:
    """Let threads take turns often.

    Each step of the algebra is far shorter than the interpreter's usual turn of 5 ms, so that a thread that comes
    back from one would wait for the other's turn to end each time.
    """
    usual = sys.getswitchinterval()
    sys.setswitchinterval(TURN_SECONDS)
    try:
        yield
    finally:
        sys.setswitchinterval(usual)


def factor_associations(
    data: ModelData,
    factor: Factor,
    contrasts: Sequence[Contrast],
    minimum_cell: int,
    models: Iterable[str] = MODELS,
    adjust_for: Sequence[str] | None = None,
) -> list[Association]:
    """The associations of one factor for these contrasts, which must share their reference.

    `adjust_for` limits the adjusted model to these of the factors that it would have.
    """
    found = []
    for exposure in exposures(factor, data):
        comparison = compare(data, exposure, contrasts, minimum_cell)
        rest = [contrast for contrast in contrasts if contrast not in comparison.separated]
        for model in models:
            rows = _fitted_rows(comparison, model, adjust_for)
            if comparison.separated and rest:
                # One level without an odds ratio must not cost the others theirs; it keeps its volume ratio.
                without = _fitted_rows(compare(data, exposure, rest, minimum_cell), model, adjust_for)
                rows = [
                    row for row in rows if row.level not in {contrast.level for contrast in rest}
                ] + without
            found += rows
    return found


def _fitted_rows(comparison: Comparison, model: str, adjust_for: Sequence[str] | None) -> list[Association]:
    adjusting = chosen_adjustment(comparison, adjust_for) if model == "adjusted" else Adjustment()
    models = (
        fit_models(comparison.data, comparison.terms, comparison.rows, adjusting)
        if comparison.terms
        else None
    )
    found = [
        row
        for contrast in range(len(comparison.contrasts))
        for row in _rows(comparison, contrast, model, models)
    ]
    return _with_shape(found, comparison, adjusting) if model == "adjusted" else found


def chosen_adjustment(comparison: Comparison, adjust_for: Sequence[str] | None = None) -> Adjustment:
    """What the adjusted model of a comparison adjusts for."""
    width = total_width(comparison.terms)
    if not width:
        return Adjustment()
    return adjustment(
        comparison.data, comparison.exposure, comparison.rows, width, comparison.minimum_cell, adjust_for
    )


def _with_shape(found: list[Association], comparison: Comparison, adjusting: Adjustment) -> list[Association]:
    """Say of an estimated number whether one odds ratio per step does justice to it."""
    if not any(row.level is None and row.status == "estimated" for row in found):
        return found
    known = shapes(comparison.data, comparison.exposure, comparison.rows, adjusting)
    return [
        replace(row, shape=known[row.component].words, shape_p_value=known[row.component].p_value)
        if row.status == "estimated" and row.component in known
        else row
        for row in found
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
        place = Place(comparison, number, component, models)
        refusal = model_refusal(place.sides, comparison.minimum_cell, comparison.data.settings)
        if refusal is not None:
            found.append(replace(blank, status=refusal[0], reason=refusal[1]))
            continue
        # The people of an adjusted number are those in its model.
        described = _describe(blank, comparison, place.sides[0] if contrast.level is None else counts)
        found.append(estimated(described, place))
    return found


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
    # Both those who are not in it at all and those of whom some sessions are not.
    left_out = (comparison.data.participants - counts.participants, counts.others)
    if any(0 < people < comparison.minimum_cell for people in left_out):
        reason = "counts stay hidden: they come too close to those of the whole cohort"
        return replace(described, participants=None, sessions=None, events=None, reason=reason)
    return described


def with_q_values(found: Sequence[Association], placebos: Sequence[str] = ()) -> tuple[Association, ...]:
    """Add false discovery rates (Benjamini-Hochberg) within each model and component; placebos by themselves."""
    result = list(found)
    families: dict[tuple[str, str, bool], list[int]] = {}
    for position, row in enumerate(result):
        if row.p_value is not None:
            family = (row.model, row.component, row.factor in placebos)
            families.setdefault(family, []).append(position)
    for members in families.values():
        adjusted = multipletests([result[position].p_value for position in members], method="fdr_bh")[1]
        for position, q_value in zip(members, adjusted, strict=True):
            result[position] = replace(result[position], q_value=float(q_value))
    return tuple(result)
