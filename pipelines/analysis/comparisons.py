"""One factor read in one way, ready to be fitted: who can be compared with whom, in which columns."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from pipelines.analysis.design import ModelData, Term, count_people, is_number, level_positions
from pipelines.analysis.exposures import Contrast, Counts, Exposure, count, split
from pipelines.analysis.gates import Gates, level_refusal, logging_gate
from pipelines.codebook import Factor


@dataclass(frozen=True)
class Comparison:
    """One exposure ready to be fitted: rows that can be used, terms, counts, refusals per contrast."""

    data: ModelData
    exposure: Exposure
    minimum_cell: int
    contrasts: tuple[Contrast, ...]
    rows: np.ndarray
    terms: tuple[Term, ...]
    level_counts: tuple[Counts, ...]
    reference_counts: Counts
    refusals: tuple[tuple[str, str] | None, ...]
    logging: tuple[Gates, ...]

    @property
    def answered(self) -> int:
        """How many people have any answer."""
        return count_people(self.data.people[~np.isnan(self.data.values(self.exposure.column))])

    @property
    def separated(self) -> tuple[Contrast, ...]:
        """Levels in which the outcome is always or never there, so that no odds ratio exists for them."""
        return tuple(
            contrast
            for contrast, counts, refusal in zip(
                self.contrasts, self.level_counts, self.refusals, strict=True
            )
            if refusal is None and contrast.level is not None and counts.events in (0, counts.sessions)
        )


def compare(
    data: ModelData,
    exposure: Exposure,
    contrasts: Sequence[Contrast],
    minimum_cell: int,
) -> Comparison:
    """Count each side, refuse what has too few people, and build the columns of the rest.

    `contrasts` share their reference. A level that is refused is set aside with its sessions.
    """
    if is_number(exposure.factor):
        return _compare_steps(data, exposure, contrasts, minimum_cell)
    return _compare_levels(data, exposure, contrasts, minimum_cell)


def _compare_steps(
    data: ModelData, exposure: Exposure, contrasts: Sequence[Contrast], minimum_cell: int
) -> Comparison:
    rows = np.flatnonzero(~np.isnan(data.values(exposure.column)))
    counts = count(data, rows)
    return Comparison(
        data,
        exposure,
        minimum_cell,
        tuple(contrasts),
        rows,
        _number_terms(data, exposure, rows),
        (counts,),
        counts,
        (level_refusal(counts, counts, minimum_cell, data.settings),),
        (Gates(),),
    )


def _compare_levels(
    data: ModelData, exposure: Exposure, contrasts: Sequence[Contrast], minimum_cell: int
) -> Comparison:
    values = data.values(exposure.column)
    reference = level_positions(exposure.factor, contrasts[0].reference or "")
    reference_counts = count(data, np.isin(values, reference))
    level_counts = tuple(count(data, np.isin(values, contrast.positions)) for contrast in contrasts)
    refusals = tuple(
        level_refusal(counts, reference_counts, minimum_cell, data.settings) for counts in level_counts
    )
    kept = [contrast for contrast, refusal in zip(contrasts, refusals, strict=True) if refusal is None]
    # Put among the reference, a level set aside would change what the reference means.
    usable = [*reference, *(position for contrast in kept for position in contrast.positions)]
    rows = np.flatnonzero(np.isin(values, usable))
    return Comparison(
        data,
        exposure,
        minimum_cell,
        tuple(contrasts),
        rows,
        _level_terms(data, exposure, kept, rows),
        level_counts,
        reference_counts,
        refusals,
        _logging(data, exposure, contrasts, reference),
    )


def _number_terms(data: ModelData, exposure: Exposure, rows: np.ndarray) -> tuple[Term, ...]:
    if not len(rows):
        return ()
    factor = exposure.factor
    codes, known = data.codes(exposure.column)
    fixed = data.is_fixed(exposure.column)
    term = Term(factor.id, (factor.id,), codes[rows], known[:, None] / factor.step, fixed)
    return split(term, exposure, data.people[rows], data.person_days[rows])


def _level_terms(
    data: ModelData, exposure: Exposure, contrasts: Sequence[Contrast], rows: np.ndarray
) -> tuple[Term, ...]:
    if not contrasts:
        return ()
    codes, known = data.codes(exposure.column)
    names = tuple(column_name(exposure.factor, contrast) for contrast in contrasts)
    table = np.column_stack([np.isin(known, contrast.positions).astype(float) for contrast in contrasts])
    fixed = data.is_fixed(exposure.column)
    term = Term(exposure.factor.id, names, codes[rows], table, fixed)
    return split(term, exposure, data.people[rows], data.person_days[rows])


def column_name(factor: Factor, contrast: Contrast) -> str:
    """The name of the column that tells a contrast's level, before it is split."""
    return factor.id if contrast.level is None else f"{factor.id}={contrast.level}"


def _logging(
    data: ModelData, exposure: Exposure, contrasts: Sequence[Contrast], reference: list[int]
) -> tuple[Gates, ...]:
    """Compare how two sides log: share of sessions without a volume; for fixed factors also sessions a day."""
    values = data.all_values(exposure.column)
    missing = data.table["volume_ml"].isna().to_numpy()
    other = np.isin(values, reference)
    found = []
    for contrast in contrasts:
        side = np.isin(values, contrast.positions)
        if not side.any() or not other.any():
            found.append(Gates())
            continue
        frequency = None
        if not exposure.factor.varies:
            frequency = (_sessions_a_day(data, side), _sessions_a_day(data, other))
        shares = float(missing[side].mean()), float(missing[other].mean())
        found.append(logging_gate(shares, frequency, data.settings))
    return tuple(found)


def _sessions_a_day(data: ModelData, side: np.ndarray) -> float:
    days = data.all_days[side]
    return len(days) / count_people(days)
