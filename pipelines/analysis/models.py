"""One exposure's models: unadjusted and adjusted, on the outcome and on the volume, cut to what the people carry."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from pipelines.analysis.cells import Cells, group_rows
from pipelines.analysis.clustered import (
    BINOMIAL,
    GAUSSIAN,
    POISSON,
    Estimates,
    Family,
    Standardised,
    estimate,
    standardise,
)
from pipelines.analysis.design import (
    DAY,
    ModelData,
    Term,
    count_people,
    covariate,
    inflation_of,
    is_asked,
    simpler_day,
    total_width,
)
from pipelines.analysis.effects import Fit, make_fit
from pipelines.analysis.exposures import Exposure
from pipelines.analysis.features import LAG
from pipelines.analysis.joint_test import joint_p_value
from pipelines.analysis.refusals import Refused
from pipelines.errors import NotEstimable

# Deviations from a person's mean that are only rounding.
SAME = 1e-9
NO_DIFFERENCE = "the same for nearly everybody"


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
    """A model that was fitted, on the cells as it used them, or the reason why it could not be.

    `deviations` and `correlation` are those of the cells' predictors. `dropped` are covariates' columns that had to be
    taken out, each with why.
    """

    fit: Fit | None
    estimates: Estimates | None = None
    cells: Cells | None = None
    deviations: Mapping[str, float] = field(default_factory=dict)
    correlation: np.ndarray | None = None
    reason: str = ""
    dropped: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Models:
    """The fits of one exposure under one adjustment.

    `rows` are the sessions used, `cells` they counted together with the predictors of the model of the outcome;
    `owners` the people's codes, `events` and `volumes` the sums per cell; `outcome_varies`, `volume_varies` tell
    of each person whether hers ever change.
    """

    rows: np.ndarray
    cells: Cells
    owners: np.ndarray
    events: np.ndarray
    volumes: np.ndarray
    outcome_varies: np.ndarray
    volume_varies: np.ndarray
    adjustment: Adjustment
    outcome: Fitted
    volume: Fitted

    @property
    def participants(self) -> int:
        """How many people are in the model."""
        return self.cells.participants

    @cached_property
    def millilitres(self) -> Fitted:
        """Differences of mean volumes in mL by least squares, with the predictors of the model of the outcome."""
        return _fit(self.cells, self.volumes, GAUSSIAN, set(self.cells.names))[0]

    @property
    def parameters(self) -> int:
        """How many numbers the model estimates."""
        return len(self.cells.names) + 1


def adjustment(
    data: ModelData,
    exposure: Exposure,
    rows: np.ndarray,
    width: int,
    smallest: int,
    names: Sequence[str] | None = None,
) -> Adjustment:
    """Choose what to adjust for: the base set and the factor's own list, minus what must not be adjusted for.

    `names` takes the place of both, for a model under another set. Left out, and named: what is the same for all but a
    few people, what would lose too many sessions, then, where there are fewer people per parameter than wanted, the factor's own list from the end of
    the codebook's order. The base set stays; only its curve of days is drawn with fewer columns.
    """
    codebook, settings = data.codebook, data.settings
    factor = exposure.factor
    forbidden = {factor.id, *factor.never_adjust_for}
    base = [name for name in codebook.base_adjustment if name not in forbidden]
    order = list(codebook.factors)
    own = [name for name in sorted(factor.adjust_for, key=order.index) if name not in forbidden | set(base)]
    if names is not None:
        base = [name for name in base if name in names]
        own = [name for name in own if name in names]
    terms: dict[str, Term] = {}
    left_out = []
    for name in base + own:
        term = covariate(data, name, rows, exposure.lagged, smallest)
        if term is None:
            if is_asked(data, name, exposure.lagged):
                left_out.append(f"{name} ({NO_DIFFERENCE})")
        elif (term.codes < 0).mean() > settings["models.covariate_missing_share"]:
            left_out.append(f"{name} (missing too often)")
        else:
            terms[name] = term
    people = count_people(data.people[rows][_complete(tuple(terms.values()), len(rows))])
    left_out += _cut(terms, own, width, people, settings["gates.people_per_parameter"])
    return Adjustment(tuple(terms.values()), tuple(left_out))


def _complete(terms: Sequence[Term], rows: int) -> np.ndarray:
    """Which rows know every term."""
    known = np.ones(rows, dtype=bool)
    for term in terms:
        known &= term.codes >= 0
    return known


def _cut(
    terms: dict[str, Term], own: Sequence[str], width: int, people: int, per_parameter: int
) -> list[str]:
    """Take terms out, the last of the own list first, until there are enough people per parameter."""

    def too_many() -> bool:
        return people < per_parameter * (1 + width + total_width(terms.values()))

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
    joins the reference, and a covariate that loses all of its columns is named as left out; a refusal that concerns
    the exposure itself is kept as the reason.
    """
    used, cells, owners = _gather(data, (*adjusting.terms, *terms), rows)
    tested = {name for term in terms for name in term.names}
    cells = _varying_only(cells, tested)
    people, outcome, volume = data.people[used], data.outcome[used], data.volume[used]
    events, volumes = cells.total(outcome), cells.total(volume)
    of_outcome, prepared = _fit(cells, events, BINOMIAL, tested)
    of_volume, _ = _fit(cells, volumes, POISSON, tested, prepared)
    kept = of_outcome.cells or of_volume.cells or cells
    remaining = tuple(
        term.keep([position for position, name in enumerate(term.names) if name in kept.names])
        for term in adjusting.terms
    )
    dropped = of_outcome.dropped if of_outcome.cells else of_volume.dropped
    lost = tuple(
        f"{term.factor} ({dropped.get(term.names[0], NO_DIFFERENCE)})"
        for term, left in zip(adjusting.terms, remaining, strict=True)
        if not left.names
    )
    return Models(
        used,
        kept,
        owners,
        events,
        volumes,
        _varies(outcome, people),
        _varies(volume, people),
        Adjustment(tuple(term for term in remaining if term.names), adjusting.left_out + lost),
        of_outcome,
        of_volume,
    )


def fit_one(
    data: ModelData,
    terms: tuple[Term, ...],
    rows: np.ndarray,
    adjusting: Adjustment,
    measure: str = "odds_ratio",
) -> Fitted:
    """As `fit_models`, for the outcome alone, or with the measure "volume_ratio" for the volume alone."""
    used, cells, _ = _gather(data, (*adjusting.terms, *terms), rows)
    tested = {name for term in terms for name in term.names}
    cells = _varying_only(cells, tested)
    if measure == "volume_ratio":
        return _fit(cells, cells.total(data.volume[used]), POISSON, tested)[0]
    return _fit(cells, cells.total(data.outcome[used]), BINOMIAL, tested)[0]


def _gather(data: ModelData, terms: Sequence[Term], rows: np.ndarray) -> tuple[np.ndarray, Cells, np.ndarray]:
    """The complete rows, counted together with every term's columns, and whose each cell is."""
    inside = np.flatnonzero(_complete(terms, len(rows)))
    people = data.people[rows[inside]]
    changing = {id(term.codes): term.codes for term in terms if not term.fixed}
    cells = group_rows(people, [codes[inside] for codes in changing.values()])
    owners = people[cells.first]
    where = inside[cells.first]
    names = [name for term in terms for name in term.names]
    columns = [term.columns(where, owners) for term in terms]
    design = np.column_stack(columns) if columns else np.empty((len(where), 0))
    return rows[inside], cells.with_columns(names, design), owners


def _varying_only(cells: Cells, tested: set[str]) -> Cells:
    """The cells without tested columns that are the same in every row; what they stand for cannot be estimated."""
    for name in cells.names:
        if name in tested and (not len(cells.count) or np.ptp(cells.column(name)) < SAME):
            cells = cells.without(name)
    return cells


def _varies(values: np.ndarray, people: np.ndarray) -> np.ndarray:
    """Whether a person's values ever change, in the order of the people's codes, those present only."""
    order = np.argsort(people, kind="stable")
    mine, sorted_people = values[order], people[order]
    starts = np.flatnonzero(np.diff(sorted_people, prepend=-1))
    if not len(starts):
        return np.zeros(0, dtype=bool)
    return np.maximum.reduceat(mine, starts) > np.minimum.reduceat(mine, starts)


def _fit(
    cells: Cells, total: np.ndarray, family: Family, tested: set[str], before: "_Prepared | None" = None
) -> tuple[Fitted, "_Prepared | None"]:
    """Fit, taking out what stands in the way; the prepared predictors may serve the next outcome too."""
    prepared = before
    dropped: dict[str, str] = {}
    while True:
        try:
            if not len(total) or _is_constant(cells, total):
                raise NotEstimable("The outcome is the same in every session that could be used.")
            if prepared is None or prepared.names != cells.names:
                prepared = _Prepared(cells.names, standardise(cells))
            estimates = estimate(cells, total, family, prepared.standard)
        except Refused as refusal:
            if refusal.predictor in tested:
                return Fitted(None, cells=cells, reason=str(refusal), dropped=dropped), prepared
            cells = cells.without(refusal.predictor)
            dropped[refusal.predictor] = _why_dropped(str(refusal))
            continue
        except NotEstimable as refusal:
            return Fitted(None, cells=cells, reason=str(refusal), dropped=dropped), prepared
        rows = int(cells.count.sum())
        fit = make_fit(cells.names, estimates, cells.participants, rows, float(total.sum()))
        standard = prepared.standard
        deviations = dict(zip(cells.names, standard.deviation.tolist(), strict=True))
        return Fitted(fit, estimates, cells, deviations, standard.correlation, dropped=dropped), prepared


def _why_dropped(refusal: str) -> str:
    """Why something to adjust for is not in a model, in a few words."""
    if "follows exactly" in refusal:
        return "it follows from the others"
    if "separation" in refusal:
        return "the outcome always or never goes with it"
    return NO_DIFFERENCE


@dataclass(frozen=True)
class _Prepared:
    names: tuple[str, ...]
    standard: Standardised


def _is_constant(cells: Cells, total: np.ndarray) -> bool:
    """Whether the outcome never differs: nothing in any cell, or in all the same for each row."""
    return bool(np.ptp(total / cells.count) == 0 and total[0] in (0, cells.count[0])) or not total.any()


@dataclass(frozen=True)
class Entanglement:
    """How much the adjustment inflates a variance; beyond the limit also the factor most to blame, by id and label."""

    inflation: float = 1.0
    factor: str = ""
    label: str = ""


def entanglement(models: Models, names: Sequence[str], data: ModelData) -> Entanglement:
    """How much the adjustment inflates the variance of a group of columns, and the covariate most to blame."""
    known, correlation = _correlations(models)
    group = [known.index(name) for name in names if name in known]
    covariates = {
        term.factor: [known.index(name) for name in term.names if name in known]
        for term in models.adjustment.terms
    }
    everything = inflation_of(correlation, group, [each for some in covariates.values() for each in some])
    if everything <= data.settings["gates.vif_joint"]:
        return Entanglement(everything)
    worst = max(covariates, key=lambda name: inflation_of(correlation, group, covariates[name]))
    return Entanglement(everything, worst, data.codebook.factors[worst.removesuffix(LAG)].label.lower())


def together(models: Models, names: Sequence[str], factor: str) -> float | None:
    """p-value that a group of columns and those of an adjusting factor all go with nothing; None untested."""
    fitted = models.outcome
    if fitted.estimates is None or fitted.cells is None:
        return None
    covariate = [name for term in models.adjustment.terms if term.factor == factor for name in term.names]
    known = fitted.cells.names
    return joint_p_value(
        fitted.estimates, [1 + known.index(name) for name in (*names, *covariate) if name in known]
    )


def _correlations(models: Models) -> tuple[tuple[str, ...], np.ndarray]:
    """Names and correlations of the predictors that vary, from a fit or, where none was possible, from the cells."""
    for fitted in (models.outcome, models.volume):
        if fitted.correlation is not None and fitted.cells is not None:
            return fitted.cells.names, fitted.correlation
    cells = models.cells
    varying = [name for name in cells.names if len(cells.count) and np.ptp(cells.column(name)) > SAME]
    columns = np.column_stack([cells.column(name) for name in varying] or [np.empty((len(cells.count), 0))])
    covariance = np.atleast_2d(np.cov(columns, rowvar=False, aweights=cells.count)) if varying else np.eye(0)
    spread = np.sqrt(np.diag(covariance))
    return tuple(varying), covariance / np.outer(spread, spread)
