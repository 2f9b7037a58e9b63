"""The simple classifier: what is known before a session starts, one readable pipeline, judged on other people."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
from sklearn.pipeline import Pipeline
from threadpoolctl import threadpool_limits

from pipelines.analysis.classifier_inputs import LOG_DAY, Used, factor_of, inputs, usable_factors
from pipelines.analysis.classifier_models import challenger, day_model, fit_simple
from pipelines.analysis.decision import decision_curve
from pipelines.analysis.design import DAY, MINUTE
from pipelines.analysis.folds import Split, grouped_folds, some_people
from pipelines.analysis.importance import group_importance
from pipelines.analysis.performance import (
    auc,
    auc_difference,
    average_precision,
    brier,
    calibration_intercept,
    calibration_points,
    calibration_slope,
    observed_expected,
    scaled_brier,
)
from pipelines.codebook import Codebook
from pipelines.errors import NotEstimable
from pipelines.results import CalibrationPoint, Classifier, DecisionPoint, Interval
from pipelines.settings import Settings

Progress = Callable[[str, int, int], None]
STEP = "classifier"
# Steps after the last fit: the figures beside others, those of calibration, and the importance.
FIGURES = 3


def _silent(_step: str, _done: int, _total: int) -> None:
    return None


def classify(
    model_table: pd.DataFrame,
    codebook: Codebook,
    settings: Settings,
    outcome: str,
    minimum_cell: int = 1,
    repeats: int | None = None,
    progress: Progress = _silent,
) -> Classifier:
    """Predict the outcome of a session from what is known before it starts, and score it on held-out people.

    `model_table` is that of `features.model_table`. Repeated cross-validation with participants never split
    (`repeats` times, default by the settings); the penalty is chosen by grouped log loss inside the training people.
    Figures are means over the repeats; importance, calibration curve and decision curve are those of the first one. Beside them: day postpartum alone, and the person's own earlier share of such sessions. A study that is
    too small has a reason instead of numbers. Points that rest on fewer than `minimum_cell` people are left out.
    """
    table = model_table[model_table[outcome].notna()].reset_index(drop=True)
    everyone = table["participant_id"].nunique()
    chosen = some_people(
        pd.factorize(table["participant_id"])[0],
        settings["classifier.largest_cohort"],
        settings["classifier.seed"],
    )
    table = table[chosen].reset_index(drop=True)
    event = table[outcome].astype(float)
    people = pd.Series(pd.factorize(table["participant_id"])[0])
    reason = _too_small(event, people, settings)
    if reason:
        return Classifier(reason=reason)
    used, left_out = usable_factors(table, codebook, settings)
    times = repeats or settings["classifier.repeats"]
    folds = grouped_folds(people.to_numpy(), settings["classifier.folds"], times, settings["classifier.seed"])
    trial = _Trial(inputs(table, used, codebook), event, people, used, folds, settings, minimum_cell)
    held_out = trial.run(progress)
    result = _report(trial, held_out, progress)
    return _described(result, table, used, left_out, everyone)


def _too_small(event: pd.Series, people: pd.Series, settings: Settings) -> str:
    needed = settings["classifier.minimum_participants"]
    with_event = settings["classifier.minimum_participants_with_event"]
    if people.nunique() < needed:
        return f"Fewer than {needed} people have a session with a known outcome."
    if people[event == 1].nunique() < with_event:
        return f"Fewer than {with_event} people have ever had such a session."
    if people[event == 0].nunique() < with_event:
        return f"Fewer than {with_event} people have a session without it."
    return ""


@dataclass(frozen=True)
class _HeldOut:
    """Predicted chances by models that never saw the person, one array a repeat; `models` are the first repeat's."""

    simple: list[np.ndarray]
    day: list[np.ndarray]
    challenger: list[np.ndarray]
    models: list[Pipeline]
    penalties: tuple[float, ...]


@dataclass(frozen=True)
class _Trial:
    """One study ready for cross-validation."""

    inputs: pd.DataFrame
    event: pd.Series
    people: pd.Series
    used: tuple[Used, ...]
    folds: list[list[Split]]
    settings: Settings
    minimum_cell: int

    @property
    def fits(self) -> int:
        """How many fits are counted: in each fold the simple model, and its challenger."""
        return 2 * len(self.folds) * len(self.folds[0])

    def run(self, progress: Progress) -> _HeldOut:
        """Fit and predict every fold of every model."""
        simple, day, rival, models, penalties = [], [], [], [], []
        total, done = self.fits + FIGURES, 0
        for repeat, splits in enumerate(self.folds):
            predicted = [np.full(len(self.event), np.nan) for _ in range(3)]
            for train, test in splits:
                progress(STEP, done, total)
                model = self._simple(train)
                penalties.append(float(model.named_steps["regression"].C))
                predicted[0][test] = self._predict(model, test)
                if LOG_DAY in self.inputs:
                    predicted[1][test] = self._predict(self._fit(day_model(), train), test)
                if repeat == 0:
                    models.append(model)
                progress(STEP, done + 1, total)
                predicted[2][test] = self._predict(self._boosted(train), test)
                done += 2
            simple.append(predicted[0])
            rival.append(predicted[2])
            if LOG_DAY in self.inputs:
                day.append(predicted[1])
        progress(STEP, done, total)
        return _HeldOut(simple, day, rival, models, tuple(penalties))

    def _simple(self, rows: np.ndarray) -> Pipeline:
        event, people = self.event.to_numpy()[rows], self.people.to_numpy()[rows]
        return fit_simple(self.inputs.iloc[rows], event, people, self.used, self.settings)

    def _boosted(self, rows: np.ndarray) -> Pipeline:
        # Threads that wait for each other on a busy machine take ten times as long as one alone.
        with threadpool_limits(1, "openmp"):
            return self._fit(challenger(list(self.inputs), self.used, self.settings), rows)

    def _fit(self, model: Pipeline, rows: np.ndarray) -> Pipeline:
        return model.fit(self.inputs.iloc[rows], self.event.to_numpy()[rows])

    def _predict(self, model: Pipeline, rows: np.ndarray) -> np.ndarray:
        return model.predict_proba(self.inputs.iloc[rows])[:, 1]

    def scored(self, measure: Callable[..., Interval], repeats: list[np.ndarray]) -> Interval | None:
        """A measure of predictions, mean over the repeats; None where it cannot be estimated."""
        return _mean([self.once(measure, predicted) for predicted in repeats])

    def differing(
        self, better: Sequence[np.ndarray], other: Sequence[np.ndarray | pd.Series]
    ) -> Interval | None:
        """How much higher the AUC of one is than that of the other, mean over the repeats; None without another."""
        return _mean([self.once(auc_difference, *pair) for pair in zip(better, other, strict=False)])

    def once(self, measure: Callable[..., Interval], *scores: np.ndarray | pd.Series) -> Interval | None:
        """A measure of one score, or of two that are compared."""
        try:
            return measure(self.event, *(pd.Series(score) for score in scores), self.people)
        except NotEstimable:
            return None


def earlier_share(event: pd.Series, people: pd.Series) -> pd.Series:
    """The person's share of sessions with the outcome before each session; NULL for the first."""
    earlier = event.groupby(people).cumsum() - event
    count = event.groupby(people).cumcount()
    return earlier / count.where(count > 0)


def _report(trial: _Trial, held_out: _HeldOut, progress: Progress) -> Classifier:
    """Every figure of the cross-validation."""
    model = trial.scored(auc, held_out.simple)
    figures: dict[str, Any] = {}
    for number, part in enumerate((_beside, _calibrated, _importance), 1):
        figures |= part(trial, held_out)
        progress(STEP, trial.fits + number, trial.fits + FIGURES)
    return Classifier(
        **_named("auc", "auc", model),
        **figures,
        penalties=tuple(sorted(set(held_out.penalties))),
        folds=len(trial.folds[0]),
        repeats=len(trial.folds),
        prevalence=float(trial.event.mean()),
        participants=int(trial.people.nunique()),
        sessions=len(trial.event),
        events=int(trial.event.sum()),
        reason="" if model else "The held-out figures could not be estimated.",
    )


def _beside(trial: _Trial, held_out: _HeldOut) -> dict[str, Any]:
    """The baselines and the challenger, and how far the simple model is from each."""
    own = earlier_share(trial.event, trial.people)
    return {
        **_named("baseline_auc", "baseline", trial.scored(auc, held_out.day)),
        **_named("history_auc", "history", trial.once(auc, own)),
        **_named("challenger_auc", "challenger", trial.scored(auc, held_out.challenger)),
        "challenger_brier": _value(trial.scored(brier, held_out.challenger)),
        "beyond_day": trial.differing(held_out.simple, held_out.day),
        "beyond_history": trial.differing(held_out.simple, [own] * len(held_out.simple)),
        "simplicity_costs": trial.differing(held_out.challenger, held_out.simple),
    }


def _calibrated(trial: _Trial, held_out: _HeldOut) -> dict[str, Any]:
    """How far predicted chances of the simple model can be taken at their word, and what acting on them is worth."""
    simple, first = held_out.simple, held_out.simple[0]
    return {
        **_named("calibration_slope", "slope", trial.scored(calibration_slope, simple)),
        **_named("calibration_intercept", "intercept", trial.scored(calibration_intercept, simple)),
        **_named("brier", "brier", trial.scored(brier, simple)),
        "scaled_brier": trial.scored(scaled_brier, simple),
        "average_precision": trial.scored(average_precision, simple),
        "observed_expected": trial.scored(observed_expected, simple),
        "calibration": _calibration(trial, first),
        "decision": _decision(trial, first),
    }


def _decision(trial: _Trial, predicted: np.ndarray) -> tuple[DecisionPoint, ...]:
    """The decision curve, without the points that rest on too few people."""
    thresholds = trial.settings["classifier.thresholds"]
    points = decision_curve(trial.event, pd.Series(predicted), trial.people, thresholds)
    return tuple(point for point in points if point.participants >= trial.minimum_cell)


def _importance(trial: _Trial, held_out: _HeldOut) -> dict[str, Any]:
    found = group_importance(
        held_out.models,
        trial.folds[0],
        trial.inputs,
        trial.event,
        trial.people,
        lambda column: factor_of(column, trial.used),
        trial.settings["classifier.importance_correlation"],
        trial.settings["classifier.importance_shuffles"],
        trial.settings["classifier.seed"],
    )
    return {"importance": found}


def _described(
    result: Classifier, table: pd.DataFrame, used: tuple[Used, ...], left_out: tuple[str, ...], everyone: int
) -> Classifier:
    """Add what went in: factors, those left out, how often each was unknown, and how many people there were."""
    names = tuple(each.factor.id for each in used) + tuple(name for name in (DAY, MINUTE) if name in table)
    missing = tuple((each.factor.id, float(table[each.column].isna().mean())) for each in used)
    return replace(result, factors=names, left_out=left_out, missing=missing, people_in_study=everyone)


def _calibration(trial: _Trial, predicted: np.ndarray) -> tuple[CalibrationPoint, ...]:
    """Groups of equal size by predicted share; fewer of them until each holds enough people."""
    for groups in range(trial.settings["classifier.calibration_groups"], 1, -1):
        points = calibration_points(trial.event, pd.Series(predicted), trial.people, groups)
        if points and min(point.participants for point in points) >= trial.minimum_cell:
            return points
    return ()


def _named(value: str, limits: str, interval: Interval | None) -> dict[str, Any]:
    """An interval as the three fields of the report."""
    if interval is None:
        return {}
    return {value: interval.value, f"{limits}_low": interval.low, f"{limits}_high": interval.high}


def _value(interval: Interval | None) -> float | None:
    return interval.value if interval else None


def _mean(intervals: list[Interval | None]) -> Interval | None:
    """The mean of the repeats, limits included; None where a repeat has none."""
    found = [interval for interval in intervals if interval is not None]
    if not found or len(found) < len(intervals):
        return None
    values = np.array([(each.value, each.low, each.high, each.standard_error) for each in found]).mean(axis=0)
    return Interval(*(float(value) for value in values))
