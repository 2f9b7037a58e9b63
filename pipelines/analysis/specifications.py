"""How far a claim's finding hangs on our choices: the same comparison under other ones, each with its verdict."""

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from pipelines.analysis.claims import claimed_log_ratio
from pipelines.analysis.clustered import critical_value
from pipelines.analysis.comparison_again import Fits, again, fits_of
from pipelines.analysis.comparison_choice import among
from pipelines.analysis.design import ModelData, model_data
from pipelines.analysis.exchangeable import exchangeable
from pipelines.analysis.missing_answers import filled_in, verdict_of
from pipelines.analysis.own_usual import far_below_own
from pipelines.analysis.verdicts import smallest_ratio, verdict
from pipelines.codebook import Codebook
from pipelines.errors import NotEstimable
from pipelines.guidance import Claim
from pipelines.results import Association, ClaimFinding, Specification
from pipelines.settings import Settings


@dataclass(frozen=True)
class _Question:
    """A claim's finding with all that it takes to ask again."""

    claim: Claim
    finding: ClaimFinding
    found: Association
    table: pd.DataFrame
    codebook: Codebook
    settings: Settings
    outcome: str
    minimum_cell: int

    def data(self, outcome: pd.Series | None = None) -> ModelData:
        """The sessions with their outcome, or with another one."""
        table = self.table if outcome is None else self.table.assign(**{self.outcome: outcome})
        return model_data(table, self.codebook, self.settings, self.outcome)

    @property
    def is_about_volume(self) -> bool:
        """Whether the ratio of mean volumes decides."""
        return self.claim.measure == "volume_ratio"


def specifications(
    table: pd.DataFrame,
    claim: Claim,
    finding: ClaimFinding,
    codebook: Codebook,
    settings: Settings,
    outcome: str,
    minimum_cell: int,
    low_output_ml: float,
) -> tuple[Specification, ...]:
    """The finding as judged, then with one choice changed at a time; empty where the claim has no estimate.

    `table` is the model table; `claim` the one that owns the finding. Changed are the outcome's definition (where it
    decides), what is adjusted for, the person who moves the estimate most, missing answers of people, and how alike
    a person's sessions are taken to be.
    """
    found = finding.association
    if found is None or found.status != "estimated":
        return ()
    limited = among(claim, found, codebook, table)
    if limited:
        table = table[table[limited[0]] == limited[1]]
    question = _Question(claim, finding, found, table, codebook, settings, outcome, minimum_cell)
    data = question.data()
    rows = [_row("chosen", "As judged", found, question)]
    if not question.is_about_volume:
        rows += [
            _again("outcome", words, question.data(other), question)
            for words, other in _outcomes(question, low_output_ml)
        ]
    rows += _adjustments(data, question)
    rows += _others(data, question)
    return tuple(_told_apart(row, rows[0], minimum_cell) for row in rows)


def _told_apart(row: Specification, chosen: Specification, minimum_cell: int) -> Specification:
    """Hide counts that would, beside those of the finding as judged, tell of fewer people than the minimum."""
    beside, mine = chosen.participants, row.participants
    if mine is None or beside is None or 0 < abs(mine - beside) < minimum_cell or row.kind == "person":
        return replace(row, participants=None, sessions=None)
    return row


def _outcomes(question: _Question, low_output_ml: float) -> Iterator[tuple[str, pd.Series]]:
    """Other definitions of the outcome, in words and as a column."""
    settings, table = question.settings, question.table
    volume = table["volume_ml"].astype("Float64").astype(float)
    day = table["day_postpartum"].astype("Float64").astype(float)
    first_day = settings["outcomes.low_output_first_day"]
    counts = ~(day < first_day)
    if question.outcome != "no_milk":
        yield "Outcome: no milk at all", _marked(volume == 0, volume.notna())
    limits = sorted({*settings["outcomes.low_output_alternatives_ml"], low_output_ml})
    for limit in limits:
        if question.outcome == "no_milk" or limit != low_output_ml:
            words = f"Outcome: below {limit:g} mL, from day {first_day} on"
            yield words, _marked(volume < limit, volume.notna() & counts)
    drops, last_day = settings["outcomes.few_drops_ml"], settings["outcomes.few_drops_last_day"]
    few = (volume < drops) & (day <= last_day)
    usual = volume == 0 if question.outcome == "no_milk" else volume < low_output_ml
    yield (
        f"Outcome: below {drops:g} mL counts as none up to day {last_day}",
        _marked(usual | few, volume.notna()),
    )
    share = settings["outcomes.low_output_own_share"]
    below = far_below_own(table, share, int(settings["metrics.own_median_days"]))
    yield f"Outcome: below {share * 100:.0f} % of her own usual volume", below


def _marked(event: pd.Series, known: pd.Series) -> pd.Series:
    return event.astype(float).where(known)


def _adjustments(data: ModelData, question: _Question) -> list[Specification]:
    base = question.codebook.base_adjustment
    found = again(question.found, data, question.minimum_cell, "unadjusted")
    rows = [_row("adjustment", "Adjusted for nothing", found, question)]
    small = again(question.found, data, question.minimum_cell, "adjusted", base)
    if small is not None and small.adjusted_for != question.found.adjusted_for:
        rows.append(_row("adjustment", "Adjusted for the base set alone", small, question))
    return rows


def _again(kind: str, words: str, data: ModelData, question: _Question) -> Specification:
    return _row(kind, words, again(question.found, data, question.minimum_cell), question)


def _others(data: ModelData, question: _Question) -> list[Specification]:
    fits = fits_of(question.found, data, question.minimum_cell)
    rows = []
    if fits is not None:
        rows.append(_without_one(fits, data, question))
        if not question.is_about_volume:
            rows.append(_equally_alike(fits, question))
    copies = int(question.settings["inference.multiple_imputations"])
    filled = filled_in(question.found, question.claim.measure, data, question.minimum_cell, copies)
    if filled is not None:
        word = verdict_of(question.claim, question.found, filled, question.finding.q_value, data)
        row = Specification(
            "answers",
            f"Missing answers of people filled in, {copies} times",
            participants=filled.participants,
            sessions=len(data.used),
            verdict=_gated(word, question),
        )
        rows.append(_with_ratio(row, filled.pooled.coefficient, filled.pooled.interval))
    return rows


def _with_ratio(row: Specification, log_ratio: float, interval: tuple[float, float]) -> Specification:
    ratio, low, high = (math.exp(each) for each in (log_ratio, *interval))
    return replace(row, ratio=ratio, low=low, high=high)


def _gated(word: str, question: _Question) -> str:
    """A verdict under a way of looking that shares the finding's own gates."""
    found, about_volume = question.found, question.is_about_volume
    if not (found.volume_gates if about_volume else found.gates):
        return word
    insufficient = found.volume_insufficient if about_volume else found.insufficient
    return "insufficient_data" if insufficient else "inconclusive"


def _without_one(fits: Fits, data: ModelData, question: _Question) -> Specification:
    """Without the person whose leaving moves the estimate most, fitted anew."""
    words = "Without the person who moves it most"
    fitted = fits.models.volume if question.is_about_volume else fits.models.outcome
    if fitted.estimates is None or fitted.cells is None or fits.name not in fitted.cells.names:
        return Specification("person", words, reason="Not estimable.")
    moved = np.abs(fitted.estimates.changes[:, 1 + fitted.cells.names.index(fits.name)])
    person = fits.models.owners[fitted.cells.starts[int(moved.argmax())]]
    names = question.table["participant_id"].to_numpy()
    name = names[data.used[int(np.flatnonzero(data.people == person)[0])]]
    rest = replace(question, table=question.table[question.table["participant_id"] != name])
    return _again("person", words, rest.data(), rest)


def _equally_alike(fits: Fits, question: _Question) -> Specification:
    """Sessions of a person as equally alike instead of independent."""
    words = "Sessions of one person taken as equally alike"
    needed = question.settings["inference.exchangeable_from_participants"]
    fitted, freedom = fits.models.outcome, question.found.degrees_of_freedom
    if fits.models.participants < needed:
        return Specification("model", words, reason=f"Unstable below {needed} people.")
    if fitted.cells is None or fitted.fit is None or freedom is None or fits.name not in fitted.cells.names:
        return Specification("model", words, reason="Not estimable.")
    try:
        fit = exchangeable(fitted.cells, fits.models.events)
    except NotEstimable:
        return Specification("model", words, reason="Not estimable.")
    position = 1 + fitted.cells.names.index(fits.name)
    value, error = float(fit.coefficients[position]), float(fit.standard_errors[position])
    half = float(critical_value(freedom)) * error
    word = _verdict(math.exp(value), error, freedom, question.found, question)
    row = Specification(
        "model",
        words,
        participants=fits.models.participants,
        sessions=len(fits.models.rows),
        verdict=_gated(word, question),
    )
    return _with_ratio(row, value, (value - half, value + half))


def _row(kind: str, words: str, found: Association | None, question: _Question) -> Specification:
    if found is None:
        return Specification(kind, words, reason="These data do not hold the comparison.")
    about_volume = question.is_about_volume
    ratio = found.volume_ratio if about_volume else found.odds_ratio
    if ratio is None:
        return Specification(kind, words, reason=found.reason[:1].upper() + found.reason[1:] + ".")
    error = found.volume_standard_error if about_volume else found.standard_error
    freedom = found.volume_degrees_of_freedom if about_volume else found.degrees_of_freedom
    gates = found.volume_gates if about_volume else found.gates
    insufficient = found.volume_insufficient if about_volume else found.insufficient
    assert error is not None and freedom is not None, "a ratio comes with its error"
    word = _verdict(ratio, error, freedom, found, question)
    if gates:
        word = "insufficient_data" if insufficient else "inconclusive"
    return Specification(
        kind,
        words,
        ratio,
        found.volume_low if about_volume else found.ci_low,
        found.volume_high if about_volume else found.ci_high,
        found.participants,
        found.sessions,
        word,
        reason="; ".join(gates),
    )


def _verdict(ratio: float, error: float, freedom: float, found: Association, question: _Question) -> str:
    """The verdict of these numbers, at the finding's own false discovery rate."""
    theta = claimed_log_ratio(question.claim, found, ratio)
    smallest = smallest_ratio(question.claim.measure, question.found, question.codebook, question.settings)
    return verdict(theta, error, freedom, smallest, question.finding.q_value or 0.0)[0]
