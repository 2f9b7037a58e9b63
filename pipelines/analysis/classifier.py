"""The simple classifier: what is known before a session starts, one readable pipeline, judged on other people.

For prediction, and for prediction only, a missing number is the median of the training people and a missing level
counts as the reference; estimates never fill anything in.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd
from sklearn.compose import ColumnTransformer
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import OneHotEncoder, SplineTransformer, StandardScaler

from pipelines.analysis.design import DAY, MINUTE, MINUTES_A_DAY, is_number
from pipelines.analysis.features import LAG
from pipelines.analysis.penalty import choose_penalty
from pipelines.analysis.performance import (
    auc,
    brier,
    calibration_intercept,
    calibration_points,
    calibration_slope,
)
from pipelines.codebook import Codebook, Factor
from pipelines.errors import NotEstimable
from pipelines.results import Classifier, Interval
from pipelines.settings import Settings

ROLES = ("factor", "adjustment")
LOG_DAY = "log day"
CLOCK = ("clock (cosine)", "clock (sine)")


def classify(model_table: pd.DataFrame, codebook: Codebook, settings: Settings, outcome: str) -> Classifier:
    """Predict the outcome of a session from what is known before it starts, and score it on held-out people.

    `model_table` is that of `features.model_table`. Repeated cross-validation with participants never split; the
    penalty is chosen by grouped log loss inside the training people. Figures are means over the repeats. Beside
    them: day postpartum alone, and the person's own earlier share of such sessions. A study that is too small has
    a reason instead of numbers.
    """
    table = model_table[model_table[outcome].notna()].reset_index(drop=True)
    event = table[outcome].astype(float)
    people = pd.Series(pd.factorize(table["participant_id"])[0])
    reason = _too_small(event, people, settings)
    if reason:
        return Classifier(reason=reason)
    used, left_out = usable_factors(table, codebook, settings)
    inputs = _inputs(table, used, codebook)
    folds = _folds(people, settings)
    chosen = _held_out(
        folds,
        lambda rows: _fit_chosen(inputs.iloc[rows], event[rows], people[rows], used, codebook, settings),
        inputs,
    )
    baseline = (
        _held_out(folds, lambda rows: _day_only().fit(inputs.iloc[rows], event[rows]), inputs)
        if LOG_DAY in inputs
        else []
    )
    return _report(table, event, people, chosen, baseline, used, left_out, settings)


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
class Used:
    """One factor of the classifier with the column that holds what is known of it before a session."""

    factor: Factor
    column: str


def usable_factors(
    table: pd.DataFrame, codebook: Codebook, settings: Settings
) -> tuple[tuple[Used, ...], tuple[str, ...]]:
    """Factors known before a session starts, and those left out with the reason.

    Of the day's diary only yesterday's counts, unless an item is about the time before the session; what a session
    itself brings (length, let-down, reports of it) never enters.
    """
    used, left_out = [], []
    for factor in codebook.with_role(*ROLES):
        column = _column_before(factor, table)
        if column is None or factor.restricted or factor.id in (DAY, MINUTE):
            continue
        if table[column].isna().mean() > settings["classifier.largest_missing_share"]:
            left_out.append(f"{factor.id} (missing too often)")
        elif table[column].nunique() < 2:
            left_out.append(f"{factor.id} (the same for everyone)")
        else:
            used.append(Used(factor, column))
    return tuple(used), tuple(left_out)


def _column_before(factor: Factor, table: pd.DataFrame) -> str | None:
    if factor.grains[0] == "day" and factor.order != "before":
        column = factor.id + LAG
        return column if column in table else None
    return factor.id if factor.order == "before" and factor.id in table else None


def _inputs(table: pd.DataFrame, used: tuple[Used, ...], codebook: Codebook) -> pd.DataFrame:
    columns = {each.column: table[each.column] for each in used}
    inputs = pd.DataFrame(columns, index=table.index)
    for each in used:
        if not is_number(each.factor):
            inputs[each.column] = (
                inputs[each.column].astype(object).where(inputs[each.column].notna(), "unknown")
            )
    if DAY in table and table[DAY].nunique() > 1:
        inputs[LOG_DAY] = np.log1p(table[DAY].astype("Float64").astype(float))
    if MINUTE in table:
        angle = 2 * np.pi * table[MINUTE].astype("Float64").astype(float) / MINUTES_A_DAY
        inputs[CLOCK[0]], inputs[CLOCK[1]] = np.cos(angle), np.sin(angle)
    return inputs


def _numbers() -> Pipeline:
    return make_pipeline(SimpleImputer(strategy="median"), StandardScaler())


def _day() -> Pipeline:
    return make_pipeline(
        SimpleImputer(strategy="median"),
        SplineTransformer(n_knots=6, knots="uniform", extrapolation="constant"),
        StandardScaler(),
    )


def _preparation(inputs: pd.DataFrame, used: tuple[Used, ...]) -> ColumnTransformer:
    numbers = [each.column for each in used if is_number(each.factor)]
    numbers += [name for name in CLOCK if name in inputs]
    levels = [each for each in used if not is_number(each.factor)]
    known = [
        [level.code for level in each.factor.levels if level.code != each.factor.reference] for each in levels
    ]
    parts: list[tuple] = [("numbers", _numbers(), numbers)]
    if levels:
        encoder = OneHotEncoder(categories=known, handle_unknown="ignore", sparse_output=False)
        parts.append(("levels", encoder, [each.column for each in levels]))
    if LOG_DAY in inputs:
        parts.append(("day", _day(), [LOG_DAY]))
    return ColumnTransformer(parts)


def _regression(penalty: float) -> LogisticRegression:
    return LogisticRegression(C=penalty, solver="newton-cholesky", max_iter=200)


def _day_only() -> Pipeline:
    return make_pipeline(ColumnTransformer([("day", _day(), [LOG_DAY])]), _regression(1.0))


def _fit_chosen(
    inputs: pd.DataFrame,
    event: pd.Series,
    people: pd.Series,
    used: tuple[Used, ...],
    codebook: Codebook,
    settings: Settings,
) -> Pipeline:
    """Prepare, choose the penalty by grouped log loss among these people, and fit on all of them."""
    preparation = _preparation(inputs, used)
    design = preparation.fit_transform(inputs)
    penalty = choose_penalty(
        design,
        event.to_numpy(),
        people.to_numpy(),
        settings["classifier.penalties"],
        settings["classifier.inner_folds"],
    )
    return make_pipeline(preparation, _regression(penalty).fit(design, event))


Folds = list[list[tuple[np.ndarray, np.ndarray]]]


def _folds(people: pd.Series, settings: Settings) -> Folds:
    """Row numbers of training and test for each fold of each repeat; nobody is on both sides."""
    rows = np.zeros(len(people))
    return [
        list(
            GroupKFold(
                settings["classifier.folds"], shuffle=True, random_state=settings["classifier.seed"] + repeat
            ).split(rows, groups=people)
        )
        for repeat in range(settings["classifier.repeats"])
    ]


def _held_out(folds: Folds, fit: Callable[[np.ndarray], Pipeline], inputs: pd.DataFrame) -> list[np.ndarray]:
    """Each session's predicted chance by a model that never saw its person, one array a repeat."""
    repeats = []
    for splits in folds:
        predicted = np.full(len(inputs), np.nan)
        for train, test in splits:
            predicted[test] = fit(train).predict_proba(inputs.iloc[test])[:, 1]
        repeats.append(predicted)
    return repeats


def earlier_share(event: pd.Series, people: pd.Series) -> pd.Series:
    """The person's share of sessions with the outcome before each session; NULL for the first."""
    earlier = event.groupby(people).cumsum() - event
    count = event.groupby(people).cumcount()
    return earlier / count.where(count > 0)


def _report(
    table: pd.DataFrame,
    event: pd.Series,
    people: pd.Series,
    chosen: list[np.ndarray],
    baseline: list[np.ndarray],
    used: tuple[Used, ...],
    left_out: tuple[str, ...],
    settings: Settings,
) -> Classifier:
    def scored(measure: Callable, repeats: list[np.ndarray]) -> Interval | None:
        return _mean([_try(measure, event, pd.Series(predicted), people) for predicted in repeats])

    model, day = scored(auc, chosen), scored(auc, baseline)
    history = _try(auc, event, earlier_share(event, people), people)
    slope = scored(calibration_slope, chosen)
    points = calibration_points(
        event, pd.Series(chosen[0]), people, settings["classifier.calibration_groups"]
    )
    names = tuple(each.factor.id for each in used) + tuple(name for name in (DAY, MINUTE) if name in table)
    return Classifier(
        auc=_value(model),
        auc_low=model.low if model else None,
        auc_high=model.high if model else None,
        baseline_auc=_value(day),
        baseline_low=day.low if day else None,
        baseline_high=day.high if day else None,
        history_auc=_value(history),
        history_low=history.low if history else None,
        history_high=history.high if history else None,
        brier=_value(scored(brier, chosen)),
        calibration_slope=_value(slope),
        slope_low=slope.low if slope else None,
        slope_high=slope.high if slope else None,
        calibration_intercept=_value(scored(calibration_intercept, chosen)),
        folds=settings["classifier.folds"],
        repeats=settings["classifier.repeats"],
        prevalence=float(event.mean()),
        participants=int(people.nunique()),
        sessions=len(event),
        factors=names,
        left_out=left_out,
        calibration=points,
        reason="" if model else "The held-out figures could not be estimated.",
    )


def _value(interval: Interval | None) -> float | None:
    return interval.value if interval else None


def _try(measure: Callable, event: pd.Series, predicted: pd.Series, people: pd.Series) -> Interval | None:
    try:
        return measure(event, predicted, people)
    except NotEstimable:
        return None


def _mean(intervals: list[Interval | None]) -> Interval | None:
    """The mean of the repeats, limits included; None where a repeat has none."""
    found = [interval for interval in intervals if interval is not None]
    if not found or len(found) < len(intervals):
        return None
    values = np.array([(each.value, each.low, each.high, each.standard_error) for each in found]).mean(axis=0)
    return Interval(*(float(value) for value in values))
