"""How well predictions do on people, with intervals that respect that sessions belong to people."""

from collections.abc import Iterable

import numpy as np
import pandas as pd
from scipy import special, stats

from pipelines.analysis.clustered import CONFIDENCE, critical_value
from pipelines.analysis.effects import Fit, logistic, logistic_with_offset
from pipelines.analysis.refusals import INTERCEPT
from pipelines.errors import NotEstimable
from pipelines.results import CalibrationPoint, Interval


def _complete(
    outcome: Iterable, score: Iterable, participant: Iterable
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The three columns without rows that miss one: outcome as bool, score as float, participant as code."""
    columns = {
        "outcome": np.asarray(outcome),
        "score": np.asarray(score),
        "participant": np.asarray(participant),
    }
    if len({len(column) for column in columns.values()}) > 1:
        raise NotEstimable("Outcome, score and participant must be equally long, one entry a session.")
    frame = pd.DataFrame(columns).dropna()
    if frame.empty:
        raise NotEstimable("No session has both an outcome and a score.")
    people = pd.factorize(frame["participant"])[0]
    try:
        event, number = (frame[name].astype(float).to_numpy() for name in ("outcome", "score"))
    except (TypeError, ValueError):
        raise NotEstimable("The outcome or the score holds something other than numbers.") from None
    if not np.isin(event, (0.0, 1.0)).all():
        raise NotEstimable("The outcome holds values other than 0 and 1.")
    return event == 1, number, people


def auc(outcome: pd.Series, score: pd.Series, participant: pd.Series) -> Interval:
    """Chance that a session with the outcome has the higher score than one without, ties counting half.

    Variance from placement values summed by participant (Obuchowski, Biometrics 1997;53:567), interval by t with
    one fewer than the participants, on the logit scale; the standard error is on the AUC's own scale. Rows with a
    missing value are left out. Raises NotEstimable where one of the two kinds of session is absent or all
    sessions of a kind come from one person.
    """
    event, score, people = _complete(outcome, score, participant)
    placements = _placements(event, score)
    value = float(placements[event].mean())
    error = _placement_error(event, placements - value, people)
    return _logit_interval(value, error, event, people)


def _placements(event: np.ndarray, score: np.ndarray) -> np.ndarray:
    """For each session, the share of sessions of the other kind that it is on the right side of."""
    with_event, without = int(event.sum()), int((~event).sum())
    if not with_event or not without:
        raise NotEstimable("The AUC needs sessions with and without the outcome.")
    ranks = stats.rankdata(score)
    placements = np.empty(len(score))
    placements[event] = (ranks[event] - stats.rankdata(score[event])) / without
    placements[~event] = 1 - (ranks[~event] - stats.rankdata(score[~event])) / with_event
    return placements


def auc_difference(
    outcome: pd.Series, score: pd.Series, other: pd.Series, participant: pd.Series
) -> Interval:
    """AUC of `score` minus that of `other` on the sessions that have both.

    Both share their people, so the variance is that of the difference of each session's placement values, summed
    by participant as in `auc`; interval by t with one fewer than the participants.
    """
    known = pd.Series(score).notna() & pd.Series(other).notna()
    event, first, people = _complete(outcome[known], score[known], participant[known])
    _, second, _ = _complete(outcome[known], other[known], participant[known])
    apart = _placements(event, first) - _placements(event, second)
    value = float(apart[event].mean())
    error = _placement_error(event, apart - value, people)
    half = float(critical_value(people.max())) * error
    return Interval(value, value - half, value + half, error)


def average_precision(outcome: pd.Series, score: pd.Series, participant: pd.Series) -> Interval:
    """Mean precision over the sessions with the outcome, as scikit-learn computes it; without any skill the prevalence.

    The standard error sums each session's influence (the derivative by its weight) by participant; interval by t on
    the logit scale.
    """
    event, score, people = _complete(outcome, score, participant)
    if not event.any():
        raise NotEstimable("The average precision needs sessions with the outcome.")
    # Sessions with the same score are reached together.
    level = np.unique(-score, return_inverse=True)[1]
    reached = np.cumsum(np.bincount(level))
    hits_at = np.bincount(level, weights=event)
    hits = np.cumsum(hits_at)
    events = float(event.sum())
    precision = hits / reached
    value = float(precision @ hits_at / events)
    later_hit = np.cumsum((hits_at / reached)[::-1])[::-1]
    later_row = np.cumsum((hits_at * precision / reached)[::-1])[::-1]
    influence = np.where(event, precision[level] - value + later_hit[level], 0.0) - later_row[level]
    sums = np.bincount(people, weights=influence / events)
    count = len(sums)
    if count < 2 or not 0 < value < 1:
        raise NotEstimable("The average precision's interval needs at least two people and some misses.")
    error = float(np.sqrt(count / (count - 1) * (sums @ sums)))
    return Interval(value, *_on_logit_scale(value, error, count), error)


def _placement_error(event: np.ndarray, deviation: np.ndarray, people: np.ndarray) -> float:
    total = people.max() + 1
    of_events = np.bincount(people[event], weights=deviation[event], minlength=total)
    of_others = np.bincount(people[~event], weights=deviation[~event], minlength=total)
    event_people, other_people = np.unique(people[event]).size, np.unique(people[~event]).size
    if event_people < 2 or other_people < 2:
        raise NotEstimable("The AUC's interval needs at least two people with and two without the outcome.")
    events, others = event.sum(), (~event).sum()
    variance = (
        event_people / (event_people - 1) * (of_events @ of_events) / events**2
        + other_people / (other_people - 1) * (of_others @ of_others) / others**2
        + 2 * total / (total - 1) * (of_events @ of_others) / (events * others)
    )
    return float(np.sqrt(max(variance, 0.0)))


def _logit_interval(value: float, error: float, event: np.ndarray, people: np.ndarray) -> Interval:
    """An interval for an AUC; a perfect one is bounded by how few people show it."""
    if value in (0.0, 1.0):
        fewest = min(np.unique(people[event]).size, np.unique(people[~event]).size)
        bound = ((1 - CONFIDENCE) / 2) ** (1 / fewest)
        return Interval(value, bound, 1.0, error) if value == 1.0 else Interval(value, 0.0, 1 - bound, error)
    low, high = _on_logit_scale(value, error, people.max() + 1)
    return Interval(value, low, high, error)


def _on_logit_scale(value: float, error: float, participants: int) -> tuple[float, float]:
    half = float(critical_value(participants - 1)) * error / (value * (1 - value))
    return float(special.expit(special.logit(value) - half)), float(
        special.expit(special.logit(value) + half)
    )


def clustered_mean(values: np.ndarray, people: np.ndarray) -> tuple[float, float, int]:
    """Mean over sessions, its participant-clustered standard error, and the number of participants."""
    mean = float(values.mean())
    sums = np.bincount(people, weights=values - mean)
    present = np.unique(people).size
    if present < 2:
        raise NotEstimable("Fewer than two participants are left, so their differences cannot be judged.")
    return mean, float(np.sqrt(present / (present - 1) * (sums @ sums)) / len(values)), present


def brier(outcome: pd.Series, probability: pd.Series, participant: pd.Series) -> Interval:
    """Mean squared distance of predicted probability and outcome (0 is perfect), clustered by participant."""
    event, probability, people = _complete(outcome, probability, participant)
    value, error, participants = clustered_mean((probability - event) ** 2, people)
    half = float(critical_value(participants - 1)) * error
    return Interval(value, max(0.0, value - half), value + half, error)


def scaled_brier(outcome: pd.Series, probability: pd.Series, participant: pd.Series) -> Interval:
    """Share of the Brier score of "everybody has the overall share" that predictions save; below 0 is worse.

    Interval from each session's influence on both scores (delta method), clustered by participant.
    """
    event, probability, people = _complete(outcome, probability, participant)
    squares = (probability - event) ** 2
    share = event.mean()
    spread = share * (1 - share)
    if not spread:
        raise NotEstimable("The scaled Brier score needs sessions with and without the outcome.")
    value = 1 - squares.mean() / spread
    influence = (
        squares.mean() * (1 - 2 * share) * (event - share) / spread**2 - (squares - squares.mean()) / spread
    )
    _, error, participants = clustered_mean(influence, people)
    half = float(critical_value(participants - 1)) * error
    return Interval(float(value), float(value - half), float(value + half), error)


def observed_expected(outcome: pd.Series, probability: pd.Series, participant: pd.Series) -> Interval:
    """Observed events per predicted one: 1 is right, above 1 means more events than foreseen.

    Interval on the log scale, clustered by participant; `standard_error` is that of the ratio itself.
    """
    event, probability, people = _complete(outcome, probability, participant)
    if not event.any():
        raise NotEstimable("Observed against expected needs sessions with the outcome.")
    observed, expected = event.mean(), probability.mean()
    influence = (event - observed) / observed - (probability - expected) / expected
    _, error, participants = clustered_mean(influence, people)
    ratio, spread = observed / expected, np.exp(float(critical_value(participants - 1)) * error)
    return Interval(float(ratio), float(ratio / spread), float(ratio * spread), float(ratio * error))


def _interval(fit: Fit, name: str) -> Interval:
    return Interval(fit.coefficients[name], *fit.intervals[name], fit.standard_errors[name])


def _logits(outcome: pd.Series, probability: pd.Series, participant: pd.Series) -> pd.DataFrame:
    event, probability, people = _complete(outcome, probability, participant)
    clipped = np.clip(probability, 1e-9, 1 - 1e-9)
    return pd.DataFrame(
        {"outcome": event, "predicted log odds": special.logit(clipped), "participant": people}
    )


def calibration_slope(outcome: pd.Series, probability: pd.Series, participant: pd.Series) -> Interval:
    """Slope of the outcome on the predicted log odds: 1 is right, below 1 means predictions too extreme."""
    data = _logits(outcome, probability, participant)
    fit = logistic(data, "outcome", ["predicted log odds"], "participant")
    return _interval(fit, "predicted log odds")


def calibration_intercept(outcome: pd.Series, probability: pd.Series, participant: pd.Series) -> Interval:
    """Calibration in the large: log odds by which the outcome is commoner than predicted, slope held at 1."""
    data = _logits(outcome, probability, participant)
    return _interval(
        logistic_with_offset(data, "outcome", [], "participant", "predicted log odds"), INTERCEPT
    )


def calibration_points(
    outcome: pd.Series, probability: pd.Series, participant: pd.Series, groups: int
) -> tuple[CalibrationPoint, ...]:
    """Observed against predicted share in groups of equal size by predicted probability.

    Intervals are clustered by participant, on the logit scale where the share is neither 0 nor 1. A group that
    holds a single participant gives no point.
    """
    event, probability, people = _complete(outcome, probability, participant)
    edges = np.unique(np.quantile(probability, np.linspace(0, 1, groups + 1)))
    group = np.searchsorted(edges[1:-1], probability, side="right")
    points = []
    for number in np.unique(group):
        inside = group == number
        if np.unique(people[inside]).size > 1:
            points.append(_point(event[inside].astype(float), probability[inside], people[inside]))
    return tuple(points)


def _point(event: np.ndarray, probability: np.ndarray, people: np.ndarray) -> CalibrationPoint:
    observed, error, participants = clustered_mean(event, people)
    if 0 < observed < 1:
        low, high = _on_logit_scale(observed, error, participants)
    else:
        # As in the rule of three, with people in place of sessions.
        bound = ((1 - CONFIDENCE) / 2) ** (1 / participants)
        low, high = (bound, 1.0) if observed == 1 else (0.0, 1 - bound)
    return CalibrationPoint(float(probability.mean()), observed, low, high, participants)
