"""A claim's comparison with people's missing answers filled in: a verdict needs both to agree.

Only what belongs to a person is filled in. A diary that was not kept is no missing answer of a person, and a factor
of the session is known or the session is left out.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from pipelines.analysis.associations import chosen_adjustment
from pipelines.analysis.claims import claimed_log_ratio
from pipelines.analysis.comparison_again import coefficient_of, comparison_of
from pipelines.analysis.design import DAY, ModelData, count_people
from pipelines.analysis.imputation import Answer, Pooled, impute, pool
from pipelines.analysis.models import fit_one
from pipelines.analysis.verdicts import smallest_ratio, verdict
from pipelines.guidance import Claim
from pipelines.results import ANSWERED, Association, ClaimFinding, Interval

# Copies in which a level is too small to be compared are left out; with more than half gone nothing is pooled.
FEWEST_COPIES = 0.5


@dataclass(frozen=True)
class Filled:
    """The pooled log ratio, how many people it rests on, and how many of them had an answer filled in."""

    pooled: Pooled
    participants: int
    filled_in: int


def filled_in(
    found: Association, measure: str, data: ModelData, minimum_cell: int, copies: int
) -> Filled | None:
    """The adjusted association with missing answers imputed; None where nothing of a person is missing.

    `measure` is odds_ratio or volume_ratio. Imputed are the factor and what the model adjusts for, as far as they
    belong to the person, from each other and from her share of sessions with the outcome, her mean volume, how much
    she logged and when.
    """
    names = _of_people(found, data)
    if not names or found.component != "total":
        return None
    codes = {name: _by_person(data.codes(name)[0], data) for name in names}
    gone = np.any([each < 0 for each in codes.values()], axis=0)
    answered = [(each >= 0).sum() for each in codes.values()]
    if not gone.any() or min(answered) < minimum_cell:
        return None
    answers = {
        name: Answer(codes[name], data.codes(name)[1], data.codebook.factors[name].is_numeric)
        for name in names
    }
    seed = int(data.settings["inference.seed"])
    estimates = [
        one
        for copy in impute(answers, _known_of_people(data), copies, seed)
        if (one := _estimate(found, measure, _with_codes(data, copy), minimum_cell)) is not None
    ]
    if len(estimates) < max(2, FEWEST_COPIES * copies):
        return None
    values, errors, freedom = zip(*estimates, strict=True)
    pooled = pool(values, errors, float(np.mean(freedom)))
    return Filled(pooled, count_people(data.people), int(gone.sum()))


def _of_people(found: Association, data: ModelData) -> tuple[str, ...]:
    """The factor and what it may be adjusted for, as far as they belong to a person and never change here."""
    codebook = data.codebook
    factor = codebook.factors[found.factor]
    names = (found.factor, *codebook.base_adjustment, *factor.adjust_for)
    of_person = [
        name
        for name in dict.fromkeys(names)
        if name in data.table
        and name not in factor.never_adjust_for
        and not codebook.factors[name].varies
        and data.is_fixed(name)
    ]
    return tuple(of_person) if found.factor in of_person else ()


def _by_person(codes: np.ndarray, data: ModelData) -> np.ndarray:
    one_of = np.full(data.participants, -1, dtype=np.int64)
    one_of[data.people] = codes
    return one_of


def _known_of_people(data: ModelData) -> np.ndarray:
    """Of each person: log odds of the outcome, log mean volume, log number of sessions, and her middle day."""
    size = data.participants
    sessions = np.bincount(data.people, minlength=size)
    events = np.bincount(data.people, weights=data.outcome, minlength=size)
    volume = np.bincount(data.people, weights=data.volume, minlength=size) / sessions
    columns = [
        np.log((events + 0.5) / (sessions - events + 0.5)),
        np.log1p(volume),
        np.log(sessions),
    ]
    if DAY in data.table:
        codes, days = data.codes(DAY)
        known = codes >= 0
        count = np.bincount(data.people[known], minlength=size)
        total = np.bincount(data.people[known], weights=days[codes[known]], minlength=size)
        mean = total / np.maximum(count, 1)
        columns.append(np.where(count > 0, mean, mean[count > 0].mean() if count.any() else 0.0))
    return np.column_stack(columns)


def _with_codes(data: ModelData, by_person: dict[str, np.ndarray]) -> ModelData:
    """The same sessions with these codes of their people."""
    kept = dict(data.kept)
    for name, codes in by_person.items():
        values = data.codes(name)[1]
        of_rows = codes[data.people]
        kept |= {("codes", name): (of_rows, values), ("values", name): values[of_rows], ("fixed", name): True}
    return replace(data, kept=kept)


def _estimate(
    found: Association, measure: str, data: ModelData, minimum_cell: int
) -> tuple[float, float, float] | None:
    comparison = comparison_of(found, data, minimum_cell)
    if comparison is None:
        return None
    adjusting = chosen_adjustment(comparison)
    fitted = fit_one(data, comparison.terms, comparison.rows, adjusting, measure)
    name = coefficient_of(found, comparison)
    if fitted.fit is None or name not in fitted.fit.coefficients:
        return None
    fit = fitted.fit
    return fit.coefficients[name], fit.standard_errors[name], fit.degrees_of_freedom[name]


def verdict_of(claim: Claim, found: Association, filled: Filled, rate: float | None, data: ModelData) -> str:
    """What would be said of a claim with the missing answers filled in."""
    pooled = filled.pooled
    theta = claimed_log_ratio(claim, found, float(np.exp(pooled.coefficient)))
    smallest = smallest_ratio(claim.measure, found, data.codebook, data.settings)
    return verdict(theta, pooled.standard_error, pooled.degrees_of_freedom, smallest, rate or 0.0)[0]


def confirm(
    findings: Sequence[ClaimFinding],
    claims: Iterable[Claim],
    data: ModelData,
    minimum_cell: int,
    copies: int,
) -> tuple[ClaimFinding, ...]:
    """Hold every answered claim on a factor of the person against missing answers filled in.

    Where the two disagree the claim is inconclusive, and says so; a claim that repeats another follows it.
    """
    known = {claim.id: claim for claim in claims}
    checked: dict[tuple, ClaimFinding] = {}
    result = []
    for finding in findings:
        found = finding.association
        if found is None or finding.verdict not in ANSWERED or found.component != "total":
            result.append(finding)
            continue
        key = (finding.finding_of, finding.measure, found.factor, found.level, found.reference)
        if key not in checked:
            claim = known[finding.finding_of or finding.id]
            checked[key] = _confirmed(finding, claim, found, data, minimum_cell, copies)
        result.append(replace(checked[key], id=finding.id, expected=finding.expected, plan=finding.plan))
    return tuple(result)


def _confirmed(
    finding: ClaimFinding,
    claim: Claim,
    found: Association,
    data: ModelData,
    minimum_cell: int,
    copies: int,
) -> ClaimFinding:
    filled = filled_in(found, claim.measure, data, minimum_cell, copies)
    if filled is None:
        return finding
    low, high = filled.pooled.interval
    interval = Interval(
        float(np.exp(filled.pooled.coefficient)),
        float(np.exp(low)),
        float(np.exp(high)),
        filled.pooled.standard_error,
    )
    word = verdict_of(claim, found, filled, finding.q_value, data)
    if word == finding.verdict:
        return replace(finding, imputed=interval)
    return replace(
        finding,
        imputed=interval,
        verdict="inconclusive",
        detail="gate",
        reason=(
            f"The answers given would say {finding.verdict}, with missing ones filled in {word}; a verdict needs "
            "both to agree."
        ),
        next_step="It takes answers from those who did not give one.",
    )
