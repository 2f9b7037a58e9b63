"""One exposure's models: unadjusted and adjusted, on the outcome and on the volume, cut to what the people carry."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from pipelines.analysis.cells import Cells, make_cells
from pipelines.analysis.clustered import BINOMIAL, POISSON, Family, estimate
from pipelines.analysis.design import (
    DAY,
    ModelData,
    Term,
    count_people,
    covariate,
    inflation_of,
    simpler_day,
    stack,
)
from pipelines.analysis.effects import Fit, make_fit
from pipelines.analysis.exposures import Exposure
from pipelines.analysis.features import LAG
from pipelines.analysis.refusals import Refused
from pipelines.errors import NotEstimable

# Deviations from a person's mean that are only rounding.
SAME = 1e-9


@dataclass(frozen=True)
class Adjustment:
    """What a model adjusts for: the terms used, and in words what had to be left out and why."""

    terms: tuple[Term, ...] = ()
    left_out: tuple[str, ...] = ()

    @property
    def factors(self) -> tuple[str, ...]:
        """Ids of the factors adjusted for, in the model's order."""
        return tuple(term.factor for term in self.terms)


@dataclass(frozen=True)
class Fitted:
    """A model that was fitted, or the reason why it could not be; `refused` names the predictor then."""

    fit: Fit | None
    reason: str = ""


@dataclass(frozen=True)
class Models:
    """The fits of one exposure under one adjustment, with their rows."""

    rows: np.ndarray
    adjustment: Adjustment
    outcome: Fitted
    volume: Fitted
    parameters: int
    participants: int


def adjustment(
    data: ModelData, exposure: Exposure, rows: np.ndarray, width: int, smallest: int
) -> Adjustment:
    """Choose what to adjust for: the base set and the factor's own list, minus what must not be adjusted for.

    Left out, and named: what would lose too many sessions, then, where there are fewer people per parameter than
    wanted, the factor's own list from the end of the codebook's order. The base set stays; only its curve of days
    is drawn with fewer columns.
    """
    codebook, settings = data.codebook, data.settings
    factor = exposure.factor
    forbidden = {factor.id, *factor.never_adjust_for}
    base = [name for name in codebook.base_adjustment if name not in forbidden]
    order = list(codebook.factors)
    own = [name for name in sorted(factor.adjust_for, key=order.index) if name not in forbidden | set(base)]
    terms: dict[str, Term] = {}
    left_out = []
    for name in base + own:
        term = covariate(data, name, rows, exposure.lagged, smallest)
        if term is None:
            continue
        if np.isnan(term.columns[:, 0]).mean() > settings["models.covariate_missing_share"]:
            left_out.append(f"{name} (missing too often)")
        else:
            terms[name] = term
    complete = ~np.isnan(stack(tuple(terms.values()), len(rows))).any(axis=1)
    people = count_people(data.people[rows][complete])
    left_out += _cut(terms, own, width, people, settings["gates.people_per_parameter"])
    return Adjustment(tuple(terms.values()), tuple(left_out))


def _cut(
    terms: dict[str, Term], own: Sequence[str], width: int, people: int, per_parameter: int
) -> list[str]:
    """Take terms out, the last of the own list first, until there are enough people per parameter."""

    def too_many() -> bool:
        return people < per_parameter * (1 + width + sum(len(term.names) for term in terms.values()))

    removed = []
    for name in reversed(own):
        if too_many() and name in terms:
            del terms[name]
            removed.append(f"{name} (too few people)")
    if too_many() and DAY in terms:
        terms[DAY] = simpler_day(terms[DAY])
    return removed


def fit_models(data: ModelData, terms: tuple[Term, ...], rows: np.ndarray, adjusting: Adjustment) -> Models:
    """Fit the exposure's terms with an adjustment, complete rows only.

    A covariate column that separates the outcome, is constant or follows from others is taken out and its level
    joins the reference; a refusal that concerns the exposure itself is kept as the reason.
    """
    tested = {name for term in terms for name in term.names}
    whole = np.column_stack([stack(adjusting.terms, len(rows)), stack(terms, len(rows))])
    complete = ~np.isnan(whole).any(axis=1)
    used, people = rows[complete], data.people[rows][complete]
    current = list(adjusting.terms)
    terms = tuple(_varying_columns(term, complete) for term in terms)
    while True:
        names = [name for term in (*current, *terms) for name in term.names]
        design = stack((*current, *terms), len(rows))[complete]
        try:
            cells, outcome = _fit_one(names, design, people, data.outcome[used], BINOMIAL, None)
        except Refused as refusal:
            if refusal.predictor in tested:
                outcome, cells = Fitted(None, str(refusal)), None
            else:
                current = _without(current, refusal.predictor)
                continue
        except NotEstimable as refusal:
            outcome, cells = Fitted(None, str(refusal)), None
        break
    try:
        volume = _fit_one(names, design, people, data.volume[used], POISSON, cells)[1]
    except NotEstimable as refusal:
        volume = Fitted(None, str(refusal))
    used_terms = tuple(term for term in current if term.names)
    return Models(
        used,
        Adjustment(used_terms, adjusting.left_out),
        outcome,
        volume,
        len(names) + 1,
        count_people(people),
    )


def _varying_columns(term: Term, rows: np.ndarray) -> Term:
    """The term without columns that are the same in every row; what they stand for cannot be estimated."""
    for name, column in zip(term.names, term.columns[rows].T, strict=True):
        if len(column) == 0 or np.ptp(column) < SAME:
            term = term.without(name)
    return term


def _without(terms: list[Term], name: str) -> list[Term]:
    return [term.without(name) if name in term.names else term for term in terms]


def _fit_one(
    names: list[str],
    design: np.ndarray,
    people: np.ndarray,
    values: np.ndarray,
    family: Family,
    cells: Cells | None,
) -> tuple[Cells, Fitted]:
    if len(values) == 0 or (values == values[0]).all():
        raise NotEstimable("The outcome is the same in every session that could be used.")
    if cells is None:
        cells = make_cells(names, design, np.unique(people, return_inverse=True)[1])
    estimates = estimate(cells, cells.total(values), family)
    fit = make_fit(names, estimates, cells.participants, len(values), float(values.sum()))
    return cells, Fitted(fit)


def entanglement(
    models: Models, terms: tuple[Term, ...], data: ModelData, rows: np.ndarray
) -> tuple[float, str]:
    """How much the adjustment inflates the variance of a group of columns, and the covariate most to blame."""
    inside = np.isin(rows, models.rows, assume_unique=True)
    group = stack(terms, len(rows))[inside]
    group = group[:, group.std(axis=0) > 0]
    covariates = [
        (term.factor, columns)
        for term in models.adjustment.terms
        if (columns := term.columns[inside][:, term.columns[inside].std(axis=0) > 0]).shape[1]
    ]
    if not covariates or not group.shape[1]:
        return 1.0, ""
    everything = inflation_of(group, np.column_stack([columns for _, columns in covariates]))
    if everything <= data.settings["gates.vif_joint"]:
        return everything, ""
    worst = max(covariates, key=lambda pair: inflation_of(group, pair[1]))[0]
    return everything, data.codebook.factors[worst.removesuffix(LAG)].label.lower()
