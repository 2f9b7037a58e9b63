"""One row of the associations from its fitted models: the two ratios, their gates, or why there is none."""

import math
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from pipelines.analysis.cells import Cells
from pipelines.analysis.comparisons import Comparison, column_name
from pipelines.analysis.design import Term, level_positions
from pipelines.analysis.effects import Fit
from pipelines.analysis.exposures import Contrast, Counts, count
from pipelines.analysis.gates import (
    Gates,
    answer_gate,
    event_gate,
    inflation_gate,
    people_gate,
    size_gate,
    weight_gate,
    within_gate,
)
from pipelines.analysis.models import SAME, Entanglement, Fitted, Models, entanglement, together
from pipelines.analysis.penalised import penalised_odds_ratio
from pipelines.analysis.standardisation import share_difference
from pipelines.results import Association
from pipelines.settings import Settings

# A larger variance inflation cannot be told from rounding: the others determine the factor, and its size says nothing.
EXACT = 1 / np.sqrt(np.finfo(float).eps)
SUFFIX = {"within": " (within)", "within_lagged": " (within)", "between": " (between)", "total": ""}


@dataclass(frozen=True)
class Place:
    """Where one row comes from: a comparison's contrast, a component, and the models that were fitted."""

    comparison: Comparison
    number: int
    component: str
    models: Models

    @property
    def contrast(self) -> Contrast:
        """The level and its reference."""
        return self.comparison.contrasts[self.number]

    @property
    def name(self) -> str:
        """The column whose coefficient this row shows."""
        return column_name(self.comparison.exposure.factor, self.contrast) + SUFFIX[self.component]

    @property
    def group(self) -> Term:
        """The columns of all contrasts of this component."""
        return self.comparison.terms[0 if self.component in ("total", "between") else -1]

    @property
    def is_within(self) -> bool:
        """Compares the same person with herself."""
        return self.component.startswith("within")

    @property
    def is_effect(self) -> bool:
        """Whether it may be told as a difference in sessions; what varies has none between people."""
        return self.component != "between" or not self.comparison.exposure.factor.varies

    @property
    def settings(self) -> Settings:
        """The thresholds in force."""
        return self.comparison.data.settings

    @cached_property
    def sides(self) -> tuple[Counts, ...]:
        """The counts of both sides among the sessions in the model; for a number those of all of them."""
        comparison, rows = self.comparison, self.models.rows
        if self.contrast.level is None:
            return (count(comparison.data, rows),)
        if len(rows) == len(comparison.rows):
            return comparison.level_counts[self.number], comparison.reference_counts
        factor = comparison.exposure.factor
        values = comparison.data.values(comparison.exposure.column)[rows]
        reference = level_positions(factor, self.contrast.reference or "")
        return tuple(
            count(comparison.data, rows[np.isin(values, positions)])
            for positions in (self.contrast.positions, reference)
        )

    @property
    def complete_share(self) -> float:
        """Share of the sessions compared that have every answer the model needs; in hundredths, to tell of nobody."""
        return round(len(self.models.rows) / len(self.comparison.rows), 2)


def estimated(described: Association, place: Place) -> Association:
    """Fill a described row with its ratios and gates, or with the reason why there is no odds ratio.

    The two ratios are refused apart: where nobody ever has a session without milk the volumes still compare.
    """
    notes = [note for note in (described.reason, _left_out(place)) if note]
    row = replace(
        described,
        adjusted_for=place.models.adjustment.factors,
        reason="; ".join(notes),
        complete_share=place.complete_share,
    )
    inflation = entanglement(place.models, place.group.names, place.comparison.data)
    if inflation.inflation > place.settings["gates.vif_refuse"]:
        size = "" if inflation.inflation > EXACT else f" (variance inflation {inflation.inflation:.0f})"
        return _not_estimable(row, f"cannot be told apart from {inflation.label}{size}")
    odds_varying = _varying(place, place.models.outcome_varies)
    volume_varying = _varying(place, place.models.volume_varies)
    row = _with_volume(row, place, _refusal(place, place.models.volume, volume_varying))
    row = _with_odds(row, place, _refusal(place, place.models.outcome, odds_varying))
    row = _with_difference(row, place)
    row = _with_millilitres(row, place)
    row = replace(row, **_gates(place, inflation, odds_varying, volume_varying))
    if place.is_within and place.contrast.level is None:
        row = replace(row, within_person_sd=_within_deviation(place))
    return row


def _left_out(place: Place) -> str:
    """What could not be adjusted for, by the names a reader knows."""
    factors = place.comparison.data.codebook.factors
    parts = (each.partition(" ") for each in place.models.adjustment.left_out)
    named = [f"{factors[name].label.lower()} {why}" for name, _, why in parts]
    return f"not adjusted for {', '.join(named)}" if named else ""


def _not_estimable(row: Association, reason: str) -> Association:
    joined = f"{reason}; {row.reason}" if row.reason else reason
    return replace(row, status="not_estimable", reason=joined)


def _within_deviation(place: Place) -> float | None:
    models = place.models
    deviation = (models.outcome.deviations or models.volume.deviations).get(place.name)
    return None if deviation is None else deviation * place.comparison.exposure.factor.step


def _varying(place: Place, outcome_varies: np.ndarray) -> int | None:
    """In how many people both the factor and an outcome vary; None where that is not asked."""
    cells = place.models.cells
    if not place.is_within:
        return None
    if place.name not in cells.names or not len(cells.count):
        return 0
    column = cells.column(place.name)
    spread = np.maximum.reduceat(column, cells.starts) - np.minimum.reduceat(column, cells.starts)
    return int(((spread > SAME) & outcome_varies).sum())


def _refusal(place: Place, fitted: Fitted, varying: int | None) -> str:
    """Why one of the two ratios is not given, in plain words; "" where it is."""
    needed = place.settings["gates.participants_for_estimate"]
    if varying is not None and varying < needed:
        return f"fewer than {needed} people for whom both this and the outcome change over time"
    if fitted.fit is None:
        return plain_refusal(fitted.reason)
    if place.name not in fitted.fit.coefficients:
        return plain_refusal("same value")
    if _ratio(fitted.fit, place) is None:
        return "the interval is so wide that it says nothing"
    return ""


def plain_refusal(text: str) -> str:
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


def _ratio(fit: Fit, place: Place) -> tuple[float, float, float] | None:
    """Ratio with its limits; None where they are no finite numbers or say nothing."""
    logs = (fit.coefficients[place.name], *fit.intervals[place.name])
    if not all(abs(value) < 300 for value in logs):
        return None
    ratio, low, high = (math.exp(value) for value in logs)
    return (ratio, low, high) if high / low <= place.settings["gates.widest_interval"] else None


def _with_odds(row: Association, place: Place, refusal: str) -> Association:
    fit = place.models.outcome.fit
    numbers = _ratio(fit, place) if fit is not None and not refusal else None
    if fit is None or numbers is None:
        reason = f"no odds ratio: {refusal}" if row.volume_ratio is not None else refusal
        return replace(_not_estimable(row, reason), penalised_ratio=_penalised(place))
    return replace(
        row,
        odds_ratio=numbers[0],
        ci_low=numbers[1],
        ci_high=numbers[2],
        p_value=fit.p_values[place.name],
        standard_error=fit.standard_errors[place.name],
        degrees_of_freedom=fit.degrees_of_freedom[place.name],
        effective_participants=fit.effective_participants[place.name],
        largest_share=fit.largest_share[place.name],
    )


def _penalised(place: Place) -> float | None:
    """A penalised odds ratio in place of one that separation denies."""
    models = place.models
    if "separation" not in models.outcome.reason or place.name not in models.cells.names:
        return None
    return penalised_odds_ratio(models.cells, models.events, place.name)


def _with_difference(row: Association, place: Place) -> Association:
    """Add what the odds ratio means in shares; the between part of what varies is no effect and has none."""
    fitted = place.models.outcome
    if row.odds_ratio is None or not place.is_effect:
        return row
    if fitted.fit is None or fitted.estimates is None or fitted.cells is None:
        return row
    without, having = _with_and_without(place, fitted.cells)
    freedom = fitted.fit.degrees_of_freedom[place.name]
    found = share_difference(fitted.cells, fitted.estimates, without, having, freedom)
    return replace(
        row,
        expected_reference_share=found.without,
        expected_share=found.having,
        risk_difference=found.value,
        risk_low=found.low,
        risk_high=found.high,
    )


def _with_and_without(place: Place, cells: Cells) -> tuple[dict, dict]:
    """The exposure's columns for everybody at the reference and at the level; for a number as is and a step more."""
    group = place.group
    if place.contrast.level is None:
        observed = cells.column(place.name)
        return {place.name: observed}, {place.name: observed + 1}
    without = reference_columns(group, cells, place.models.owners)
    return without, without | {place.name: without[place.name] + 1}


def reference_columns(group: Term, cells: Cells, owners: np.ndarray) -> dict[str, np.ndarray]:
    """The columns of a factor's levels with everybody at the reference; within a person, below her own mean."""
    centre = np.zeros((len(cells.count), len(group.names)))
    if group.part == "within" and group.centre is not None:
        centre = group.centre[owners]
    return {name: -centre[:, place] for place, name in enumerate(group.names) if name in cells.names}


def _with_volume(row: Association, place: Place, refusal: str) -> Association:
    fit = place.models.volume.fit
    numbers = _ratio(fit, place) if fit is not None and not refusal else None
    if fit is None or numbers is None:
        return row
    return replace(
        row,
        volume_ratio=numbers[0],
        volume_low=numbers[1],
        volume_high=numbers[2],
        volume_standard_error=fit.standard_errors[place.name],
        volume_degrees_of_freedom=fit.degrees_of_freedom[place.name],
        volume_p_value=fit.p_values[place.name],
    )


def _with_millilitres(row: Association, place: Place) -> Association:
    """Add the adjusted difference in mL beside a ratio of volumes."""
    if row.volume_ratio is None or row.model != "adjusted" or not place.is_effect:
        return row
    fit = place.models.millilitres.fit
    if fit is None or place.name not in fit.coefficients:
        return row
    low, high = fit.intervals[place.name]
    return replace(
        row,
        volume_difference=fit.coefficients[place.name],
        volume_difference_low=low,
        volume_difference_high=high,
    )


def _gates(
    place: Place, inflation: Entanglement, odds_varying: int | None, volume_varying: int | None
) -> dict:
    """The gates of the odds ratio and those of the volume ratio."""
    models, settings = place.models, place.settings
    outcome = place.comparison.data.outcome[models.rows]
    jointly = together(models, place.group.names, inflation.factor) if inflation.factor else None
    both = inflation_gate(inflation.inflation, inflation.label, jointly, settings)
    both += size_gate(models.participants, models.parameters, settings)
    both += answer_gate(place.comparison.answered, place.comparison.data.participants, settings)
    both += place.comparison.logging[place.number]
    share = float(outcome.mean()) if len(outcome) else 0.0
    odds = both + event_gate(place.sides, share, settings) + _weight(models.outcome, place)
    volume = both + people_gate(place.sides, settings) + _weight(models.volume, place)
    if odds_varying is not None:
        odds += within_gate(odds_varying, settings)
    if volume_varying is not None:
        volume += within_gate(volume_varying, settings)
    return {
        "gates": odds.reasons,
        "insufficient": odds.insufficient,
        "volume_gates": volume.reasons,
        "volume_insufficient": volume.insufficient,
    }


def _weight(fitted: Fitted, place: Place) -> Gates:
    if fitted.fit is None or place.name not in fitted.fit.coefficients:
        return Gates()
    return weight_gate(
        fitted.fit.largest_share[place.name], fitted.fit.effective_participants[place.name], place.settings
    )
