"""The same logistic fit inside the store: each Newton step is one aggregate, no session is loaded.

One pass gives means and spreads, each step one more; a last pass, grouped by participant, gives every person's
score and information for the jackknife.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import ibis
import ibis.expr.types as ir
import numpy as np
import pandas as pd
from scipy import special

from pipelines.analysis.clustered import (
    CONVERGED_STEP,
    MAXIMUM_STEPS,
    newton_step,
    one_step_changes,
    summarise,
    way_back,
)
from pipelines.analysis.effects import Fit, make_fit, require_columns
from pipelines.analysis.refusals import Refused, refuse_runaway, refuse_small_pivot, separated
from pipelines.errors import NotEstimable
from pipelines.settings import load_settings

# Log odds beyond this are certain in double precision; the bound keeps exp() finite in every engine.
LARGEST_LOG_ODDS = 700.0
WARM_START_FROM = 1_000_000
WARM_START_PART = round(1 / load_settings()["inference.warm_start_share"])


def logistic_on_table(table: ir.Table, outcome: str, predictors: Sequence[str], participant: str) -> Fit:
    """`effects.logistic` on a table of the store, without loading it: same meaning, refusals and answers.

    `table` has one row per session; predictors are numbers or booleans. What is loaded is one row per participant.
    """
    names = list(predictors)
    require_columns(table, [participant, outcome, *names])
    rows = _rows(table, outcome, names, participant)
    facts = _facts(rows, names, outcome)
    mean, deviation = _scales(facts, names)
    scaled = _scaled(rows, names, mean, deviation)
    correlation = _correlation(scaled, names, int(facts["rows"]))
    _refuse(facts, correlation, names)
    coefficients, information = _maximise(
        scaled, names, float(facts["events"]) / float(facts["rows"]), int(facts["rows"]), correlation
    )
    people = _by_participant(scaled, names, coefficients)
    scores, informations = _unpack(people, len(names) + 1)
    if len(people) < 2:
        raise NotEstimable("Fewer than two participants are left, so their differences cannot be judged.")
    changes = one_step_changes(information, scores, informations, names)
    estimates = summarise(
        coefficients, changes, scores @ np.linalg.inv(information), way_back(mean, deviation)
    )
    return make_fit(names, estimates, len(people), int(facts["rows"]), int(facts["events"]))


def _rows(table: ir.Table, outcome: str, names: Sequence[str], participant: str) -> ir.Table:
    """The complete rows, under names that cannot clash: person, y, x0, x1, ..."""
    for name in (outcome, *names):
        kind = table[name].type()
        if not (kind.is_numeric() or kind.is_boolean()):
            raise NotEstimable(f"{name} holds something other than numbers.")
    used = table.select(
        person=table[participant],
        y=table[outcome].cast("float64"),
        **{f"x{position}": table[name].cast("float64") for position, name in enumerate(names)},
    )
    return used.filter([used[name].notnull() for name in used.columns])


def _facts(rows: ir.Table, names: Sequence[str], outcome: str) -> pd.Series:
    """Counts, and of each predictor mean, spread, extremes, and events and rows at the extremes."""
    extremes = rows.aggregate(
        rows=rows.count(),
        events=rows.y.sum(),
        strange=((rows.y != 0) & (rows.y != 1)).cast("int64").sum(),
        **{f"mean{position}": rows[f"x{position}"].mean() for position in range(len(names))},
        **{f"sd{position}": rows[f"x{position}"].std(how="pop") for position in range(len(names))},
        **{f"low{position}": rows[f"x{position}"].min() for position in range(len(names))},
        **{f"high{position}": rows[f"x{position}"].max() for position in range(len(names))},
    )
    facts = extremes.execute().iloc[0]
    if not facts["rows"]:
        raise NotEstimable(f"No row has {outcome} together with {', '.join(names) or 'a participant'}.")
    if facts["strange"]:
        raise NotEstimable(f"{outcome} holds values other than 0 and 1.")
    if facts["events"] in (0, facts["rows"]):
        raise NotEstimable(f"{outcome} has the same value in every row that could be used.")
    for position, name in enumerate(names):
        if not np.isfinite([facts[f"low{position}"], facts[f"high{position}"]]).all():
            raise NotEstimable(f"{name} holds an infinite value.")
    if not names:
        return facts
    at_ends = {}
    for position in range(len(names)):
        column = rows[f"x{position}"]
        low, high = float(facts[f"low{position}"]), float(facts[f"high{position}"])
        at_ends[f"between{position}"] = ((column > low) & (column < high)).cast("int64").sum()
        for name, value in (("low", low), ("high", high)):
            inside = column == value
            at_ends[f"rows_{name}{position}"] = inside.cast("int64").sum()
            at_ends[f"events_{name}{position}"] = ibis.ifelse(inside, rows.y, 0.0).sum()
    return pd.concat([facts, rows.aggregate(**at_ends).execute().iloc[0]])


def _scales(facts: pd.Series, names: Sequence[str]) -> tuple[np.ndarray, np.ndarray]:
    mean = np.array([float(facts[f"mean{position}"]) for position in range(len(names))])
    deviation = np.array([float(facts[f"sd{position}"]) for position in range(len(names))])
    for name, centre, spread in zip(names, mean, deviation, strict=True):
        if not spread > 1e-12 * max(1.0, abs(centre)):
            raise Refused(name, f"{name} has the same value in every row that could be used.")
    return mean, deviation


def _correlation(scaled: ir.Table, names: Sequence[str], rows: int) -> np.ndarray:
    if not names:
        return np.empty((0, 0))
    products = _execute(scaled.aggregate(**_products(scaled, len(names) + 1, None)))
    return _square(products, len(names) + 1)[1:, 1:] / rows


def _refuse(facts: pd.Series, correlation: np.ndarray, names: Sequence[str]) -> None:
    """Refuse aliased predictors, and two-valued ones at one of whose values the outcome is always or never there."""
    if not names:
        return
    # The pivots of a correlation matrix are the shares of variance of each predictor beyond those before it.
    pivots = _pivots(correlation)
    root = _root(correlation)
    refuse_small_pivot(names, pivots, root)
    for position, name in enumerate(names):
        if facts[f"between{position}"]:
            continue
        for end in ("low", "high"):
            events, count = facts[f"events_{end}{position}"], facts[f"rows_{end}{position}"]
            if events in (0, count):
                how = "never" if events == 0 else "always"
                raise separated(name, how, float(facts[f"{end}{position}"]))


def _pivots(correlation: np.ndarray) -> np.ndarray:
    """Square roots of the pivots of Gaussian elimination; rounding below 1e-12 counts as none."""
    left = correlation.copy()
    pivots = np.zeros(len(left))
    for position in range(len(left)):
        pivot = left[position, position]
        if pivot < 1e-12:
            continue
        pivots[position] = np.sqrt(pivot)
        column = left[:, position].copy()
        left -= np.outer(column, column) / pivot
    return pivots


def _root(correlation: np.ndarray) -> np.ndarray:
    values, vectors = np.linalg.eigh(correlation)
    return (vectors * np.sqrt(np.maximum(values, 0))).T


def _scaled(rows: ir.Table, names: Sequence[str], mean: np.ndarray, deviation: np.ndarray) -> ir.Table:
    return rows.select(
        "person",
        "y",
        z0=ibis.literal(1.0),
        **{
            f"z{position + 1}": (rows[f"x{position}"] - float(mean[position])) / float(deviation[position])
            for position in range(len(names))
        },
    )


def _with_chance(scaled: ir.Table, coefficients: np.ndarray) -> ir.Table:
    eta = sum(
        (scaled[f"z{position}"] * float(value) for position, value in enumerate(coefficients)),
        ibis.literal(0.0),
    )
    bounded = ibis.least(ibis.greatest(eta, -LARGEST_LOG_ODDS), LARGEST_LOG_ODDS)
    table = scaled.mutate(eta=bounded, chance=1 / (1 + (-bounded).exp()))
    likelihood = table.y * table.eta - ibis.greatest(table.eta, 0.0) - (1 + (-table.eta.abs()).exp()).ln()
    return table.mutate(
        residual=table.y - table.chance, weight=table.chance * (1 - table.chance), likelihood=likelihood
    )


def _products(table: ir.Table, size: int, weight: ir.Column | None) -> dict[str, ir.Scalar]:
    """The upper triangle of the (weighted) sums of products."""
    sums = {}
    for row in range(size):
        for column in range(row, size):
            product = table[f"z{row}"] * table[f"z{column}"]
            sums[f"h{row}_{column}"] = (product if weight is None else product * weight).sum()
    return sums


@dataclass(frozen=True)
class _Sums:
    """Log likelihood, score and information at some coefficients, summed over all rows."""

    likelihood: float
    score: np.ndarray
    information: np.ndarray


def _score(table: ir.Table, size: int) -> dict[str, ir.Scalar]:
    return {f"s{position}": (table[f"z{position}"] * table.residual).sum() for position in range(size)}


def _sums(scaled: ir.Table, coefficients: np.ndarray) -> _Sums:
    """One pass over the rows."""
    size = len(coefficients)
    table = _with_chance(scaled, coefficients)
    wanted = _score(table, size) | _products(table, size, table.weight)
    found = _execute(table.aggregate(likelihood=table.likelihood.sum(), **wanted))
    score = found[[f"s{position}" for position in range(size)]].to_numpy()
    return _Sums(found["likelihood"], score, _square(found, size))


def _execute(expression: ir.Table) -> pd.Series:
    return expression.execute().iloc[0].astype(float)


def _square(values: pd.Series | pd.DataFrame, size: int) -> np.ndarray:
    """Symmetric matrix, or one a row, from the columns of its upper triangle."""
    upper = [(row, column) for row in range(size) for column in range(row, size)]
    numbers = np.asarray(values[[f"h{row}_{column}" for row, column in upper]], dtype=float)
    matrix = np.empty((*numbers.shape[:-1], size, size))
    for position, (row, column) in enumerate(upper):
        matrix[..., row, column] = matrix[..., column, row] = numbers[..., position]
    return matrix


def _maximise(
    scaled: ir.Table, names: Sequence[str], share: float, rows: int, correlation: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    coefficients = np.zeros(len(names) + 1)
    coefficients[0] = special.logit(share)
    if rows >= WARM_START_FROM:
        some = scaled.filter(scaled.person.hash().abs() % WARM_START_PART == 0)
        coefficients = _newton(some, names, coefficients)[0]
    return _newton(scaled, names, coefficients, correlation)


def _newton(
    scaled: ir.Table, names: Sequence[str], start: np.ndarray, correlation: np.ndarray | None = None
) -> tuple[np.ndarray, np.ndarray]:
    """Newton steps, each halved until the likelihood grows, as in `clustered.maximise`.

    With the predictors' correlations the end must be a maximum; without them it only serves as a better start.
    """
    coefficients, reached = start, _sums(scaled, start)
    if np.isnan(reached.likelihood):
        return start, np.eye(len(start))
    step = np.zeros(len(start))
    converged = False
    for _ in range(MAXIMUM_STEPS):
        step = newton_step(reached.information, reached.score, coefficients, names)
        trial = _sums(scaled, coefficients + step)
        least = reached.likelihood - 1e-10 * abs(reached.likelihood)
        while not trial.likelihood >= least and np.abs(step).max() > CONVERGED_STEP:
            step = step / 2
            trial = _sums(scaled, coefficients + step)
        coefficients, reached = coefficients + step, trial
        converged = bool(np.abs(step).max() < CONVERGED_STEP)
        if converged:
            break
    if correlation is not None:
        refuse_runaway(names, coefficients, reached.information, step, converged, correlation)
    return coefficients, reached.information


def _by_participant(scaled: ir.Table, names: Sequence[str], coefficients: np.ndarray) -> pd.DataFrame:
    table, size = _with_chance(scaled, coefficients), len(names) + 1
    wanted = _score(table, size) | _products(table, size, table.weight)
    return table.group_by("person").aggregate(**wanted).execute()


def _unpack(people: pd.DataFrame, size: int) -> tuple[np.ndarray, np.ndarray]:
    scores = people[[f"s{position}" for position in range(size)]].to_numpy(dtype=float)
    return scores, _square(people, size)
