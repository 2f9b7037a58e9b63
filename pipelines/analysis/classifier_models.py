"""The three models that are compared: the simple one, day postpartum alone, and gradient boosting as its challenger.

Each is one scikit-learn pipeline. For prediction, and for prediction only, an unknown number is the median of the
training people and an unknown level counts as the reference; estimates never fill anything in.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from sklearn.compose import ColumnTransformer
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import OneHotEncoder, SplineTransformer, StandardScaler

from pipelines.analysis.classifier_inputs import CLOCK, LOG_DAY, Used
from pipelines.analysis.design import is_number
from pipelines.analysis.penalty import choose_penalty
from pipelines.settings import Settings

UNKNOWN = -1.0


def simple_model(columns: Sequence[str], used: Sequence[Used], penalty: float = 1.0) -> Pipeline:
    """Ridge logistic regression on standardised numbers, levels against their reference, and a curve of the day."""
    numbers = [each.column for each in used if is_number(each.factor)]
    numbers += [name for name in CLOCK if name in columns]
    levels = [each for each in used if not is_number(each.factor)]
    parts: list[tuple] = [("numbers", _numbers(), numbers)]
    if levels:
        parts.append(("levels", _levels(levels), [each.column for each in levels]))
    if LOG_DAY in columns:
        parts.append(("day", _day(), [LOG_DAY]))
    return Pipeline([("prepare", ColumnTransformer(parts)), ("regression", _regression(penalty))])


def day_model() -> Pipeline:
    """Day postpartum alone."""
    return Pipeline(
        [("prepare", ColumnTransformer([("day", _day(), [LOG_DAY])])), ("regression", _regression(1.0))]
    )


def challenger(columns: Sequence[str], used: Sequence[Used], settings: Settings) -> Pipeline:
    """Gradient boosting on the same columns; it takes unknown values and levels as they are."""
    levels = {each.column for each in used if not is_number(each.factor)}
    boosting = HistGradientBoostingClassifier(
        max_iter=settings["classifier.challenger_trees"],
        learning_rate=settings["classifier.challenger_rate"],
        max_leaf_nodes=settings["classifier.challenger_leaves"],
        min_samples_leaf=settings["classifier.challenger_leaf"],
        categorical_features=[name in levels for name in columns],
        early_stopping=False,
        random_state=settings["classifier.seed"],
    )
    return Pipeline([("boosting", boosting)])


def fit_simple(
    inputs: pd.DataFrame, event: np.ndarray, people: np.ndarray, used: Sequence[Used], settings: Settings
) -> Pipeline:
    """Choose the penalty by grouped log loss among these people, and fit the simple model on all of them."""
    model = simple_model(list(inputs), used)
    design = model[:-1].fit_transform(inputs)
    penalty = choose_penalty(
        design, event, people, settings["classifier.penalties"], settings["classifier.inner_folds"]
    )
    model.set_params(regression__C=penalty)
    model.named_steps["regression"].fit(design, event)
    return model


def owners(model: Pipeline) -> list[str]:
    """The input column that each column of the fitted simple model's design comes from."""
    prepare = model.named_steps["prepare"]
    found: list[str] = []
    for name, transformer, columns in prepare.transformers_:
        if name == "numbers":
            found += columns
        elif name == "levels":
            kept = transformer.named_steps["dummies"].categories_
            found += [column for column, codes in zip(columns, kept, strict=True) for _ in range(len(codes))]
        elif name == "day":
            found += columns * transformer.named_steps["curve"].n_features_out_
    return found


def _numbers() -> Pipeline:
    fill = SimpleImputer(strategy="median", keep_empty_features=True)
    return Pipeline([("fill", fill), ("scale", StandardScaler())])


def _levels(used: Sequence[Used]) -> Pipeline:
    """A column for each level but the reference; unknown has none."""
    positions = [
        [
            float(position)
            for position, level in enumerate(each.factor.levels)
            if level.code != each.factor.reference
        ]
        for each in used
    ]
    fill = SimpleImputer(strategy="constant", fill_value=UNKNOWN, keep_empty_features=True)
    dummies = OneHotEncoder(categories=positions, handle_unknown="ignore", sparse_output=False)
    return Pipeline([("fill", fill), ("dummies", dummies)])


def _day() -> Pipeline:
    fill = SimpleImputer(strategy="median", keep_empty_features=True)
    curve = SplineTransformer(n_knots=6, knots="uniform", extrapolation="constant")
    return Pipeline([("fill", fill), ("curve", curve), ("scale", StandardScaler())])


def _regression(penalty: float) -> LogisticRegression:
    return LogisticRegression(C=penalty, solver="newton-cholesky", max_iter=200)
