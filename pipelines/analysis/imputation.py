"""Missing answers of people filled in several times, and the answers of the several analyses pooled.

An answer of a person is imputed once per person, never per session, from the other answers and from her outcome:
without the outcome an association would be pulled towards none.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from sklearn.linear_model import LinearRegression, LogisticRegression

from pipelines.analysis.clustered import critical_value

# Rounds of the chain before a copy is taken; the answers settle within a few.
ROUNDS = 5
# So many people with the nearest prediction may lend a person their number.
DONORS = 5


@dataclass(frozen=True)
class Pooled:
    """One coefficient over several imputed copies, by Rubin's rules with the degrees of freedom of Barnard and Rubin.

    `missing_information` is the fraction of information lost, `increase` the relative increase in variance.
    """

    coefficient: float
    standard_error: float
    degrees_of_freedom: float
    missing_information: float
    increase: float

    @property
    def interval(self) -> tuple[float, float]:
        """95 % interval on the coefficient's own scale."""
        half = float(critical_value(self.degrees_of_freedom)) * self.standard_error
        return self.coefficient - half, self.coefficient + half


def pool(
    coefficients: Sequence[float], standard_errors: Sequence[float], complete_degrees_of_freedom: float
) -> Pooled:
    """Pool one coefficient's estimates and standard errors, one of each per imputed copy (at least two).

    `complete_degrees_of_freedom` are those the analysis would have without missing values. Sources: Rubin, Multiple
    Imputation, 1987; Barnard and Rubin, Biometrika 1999;86:948.
    """
    values, errors = np.asarray(coefficients, dtype=float), np.asarray(standard_errors, dtype=float)
    copies = len(values)
    if copies < 2:
        raise ValueError("Pooling needs at least two imputed copies.")
    inside = float((errors**2).mean())
    between = float(values.var(ddof=1)) * (1 + 1 / copies)
    total = inside + between
    share = between / total if total else 0.0
    complete = complete_degrees_of_freedom
    observed = (complete + 1) / (complete + 3) * complete * (1 - share) if np.isfinite(complete) else np.inf
    old = (copies - 1) / share**2 if share > 0 else np.inf
    freedom = 1 / (1 / old + 1 / observed) if min(old, observed) < np.inf else np.inf
    increase = between / inside if inside else np.inf
    lost = (increase + 2 / (freedom + 3)) / (increase + 1) if np.isfinite(increase) else 1.0
    return Pooled(float(values.mean()), float(np.sqrt(total)), float(freedom), float(lost), float(increase))


@dataclass(frozen=True)
class Answer:
    """One question as people answered it: codes from 0 (-1 = no answer), and a number for each code.

    `is_number` tells a number from levels, whose order means nothing here.
    """

    codes: np.ndarray
    values: np.ndarray
    is_number: bool


def impute(
    answers: Mapping[str, Answer], known: np.ndarray, copies: int, seed: int
) -> list[dict[str, np.ndarray]]:
    """Fill in missing answers `copies` times: for each copy the codes of every question.

    Chained equations. `known` (people x columns, nothing missing) must hold the outcome. Levels are drawn from a
    logistic, numbers from the people with the nearest linear prediction, each model fitted to a bootstrap sample of
    those who answered so that its own uncertainty counts. Source: van Buuren, Flexible Imputation of Missing Data,
    2018, chapters 3 and 4.
    """
    spread = known.std(axis=0)
    scaled = (known - known.mean(axis=0)) / np.where(spread > 0, spread, 1)
    missing = {name: answer.codes < 0 for name, answer in answers.items()}
    open_questions = sorted(
        (name for name in answers if missing[name].any()), key=lambda name: missing[name].sum()
    )
    return [
        _one_copy(answers, scaled, missing, open_questions, np.random.default_rng([seed, copy]))
        for copy in range(copies)
    ]


def _one_copy(
    answers: Mapping[str, Answer],
    known: np.ndarray,
    missing: Mapping[str, np.ndarray],
    open_questions: Sequence[str],
    random: np.random.Generator,
) -> dict[str, np.ndarray]:
    filled = {name: answer.codes.copy() for name, answer in answers.items()}
    for name in open_questions:
        filled[name][missing[name]] = random.choice(
            answers[name].codes[~missing[name]], int(missing[name].sum())
        )
    for _ in range(ROUNDS if len(open_questions) > 1 else 1):
        for name in open_questions:
            others = [_columns(answers[other], filled[other]) for other in answers if other != name]
            predictors = np.column_stack([known, *others])
            filled[name][missing[name]] = _drawn(answers[name], predictors, missing[name], random)
    return filled


def _columns(answer: Answer, codes: np.ndarray) -> np.ndarray:
    """A question as predictors: a number standardised, levels as dummies without the first."""
    if answer.is_number:
        values = answer.values[codes]
        return ((values - values.mean()) / (values.std() or 1.0))[:, None]
    return (codes[:, None] == np.arange(1, len(answer.values))[None, :]).astype(float)


def _drawn(
    answer: Answer, predictors: np.ndarray, missing: np.ndarray, random: np.random.Generator
) -> np.ndarray:
    """Codes for those who did not answer."""
    given = np.flatnonzero(~missing)
    sample = random.choice(given, len(given))
    if answer.is_number:
        return _from_donors(answer, predictors, given, sample, missing, random)
    seen = np.unique(answer.codes[sample])
    if len(seen) == 1:
        return np.full(int(missing.sum()), seen[0])
    model = LogisticRegression(max_iter=200).fit(predictors[sample], answer.codes[sample])
    sums = model.predict_proba(predictors[missing]).cumsum(axis=1)
    drawn = (random.random(len(sums))[:, None] > sums).sum(axis=1)
    return model.classes_[np.minimum(drawn, len(model.classes_) - 1)]


def _from_donors(
    answer: Answer,
    predictors: np.ndarray,
    given: np.ndarray,
    sample: np.ndarray,
    missing: np.ndarray,
    random: np.random.Generator,
) -> np.ndarray:
    """Predictive mean matching: the number of one of the people whose prediction is nearest."""
    values = answer.values[answer.codes]
    drawn = LinearRegression().fit(predictors[sample], values[sample]).predict(predictors)
    distance = np.abs(drawn[missing][:, None] - drawn[given][None, :])
    donors = min(DONORS, len(given))
    nearest = np.argpartition(distance, donors - 1, axis=1)[:, :donors]
    chosen = nearest[np.arange(len(nearest)), random.integers(0, donors, len(nearest))]
    return answer.codes[given[chosen]]
