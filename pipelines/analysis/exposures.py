"""Which comparison a factor allows: its components, its rows, its columns."""

from dataclasses import dataclass, replace

import numpy as np

from pipelines.analysis.design import ModelData, Term, count_people, is_number, level_positions, person_means
from pipelines.analysis.features import LAG
from pipelines.codebook import Factor


@dataclass(frozen=True)
class Contrast:
    """A level, or several joined by "+", against the reference (one or several); positions in the codebook."""

    level: str | None
    reference: str | None
    positions: tuple[int, ...] = ()


@dataclass(frozen=True)
class Exposure:
    """One factor read from one column, with the components to report.

    `lagged` says that the column is yesterday's; `by_day` that a person's mean goes over days, not sessions.
    """

    factor: Factor
    column: str
    components: tuple[str, ...]
    lagged: bool
    by_day: bool


def exposures(factor: Factor, data: ModelData) -> tuple[Exposure, ...]:
    """The ways a study's data let one factor be read.

    Fixed factors: in total. Varying ones: within and between persons from the value of the session or day, and
    within persons from yesterday's value where only that can have come first.
    """
    today, yesterday = factor.id in data.table, factor.id + LAG in data.table
    if not factor.varies:
        return (Exposure(factor, factor.id, ("total",), False, False),) if today else ()
    by_day = factor.grains[0] == "day"
    found = []
    if today:
        found.append(Exposure(factor, factor.id, ("within", "between"), False, by_day))
    if yesterday and factor.use_previous_day:
        components = ("within_lagged",) if today else ("within_lagged", "between")
        found.append(Exposure(factor, factor.id + LAG, components, True, True))
    return tuple(found)


def plain_contrasts(factor: Factor) -> tuple[Contrast, ...]:
    """Each level against the codebook's reference; a number has a single contrast, one step."""
    if is_number(factor):
        return (Contrast(None, None),)
    codes = [level.code for level in factor.levels]
    return tuple(
        Contrast(code, factor.reference, (position,))
        for position, code in enumerate(codes)
        if code != factor.reference
    )


def joined_contrast(factor: Factor, level: str, reference: str) -> Contrast:
    """Several levels taken together, written "a+b", against a reference written the same way."""
    return Contrast(level, reference, tuple(level_positions(factor, level)))


@dataclass(frozen=True)
class Counts:
    """What is in one level: people, sessions, events, people with an event, share, mean mL.

    `others` are the people who have a session that is not in it.
    """

    participants: int
    sessions: int
    events: int
    with_event: int
    share: float | None
    volume: float | None
    others: int = 0


def count(data: ModelData, rows: np.ndarray) -> Counts:
    """Count the sessions picked out by a mask or by row numbers."""
    outcome = data.outcome[rows]
    people = data.people[rows]
    if not len(outcome):
        return Counts(0, 0, 0, 0, None, None, data.participants)
    left = data.sessions_of_people() - np.bincount(people, minlength=data.participants)
    return Counts(
        count_people(people),
        len(outcome),
        int(outcome.sum()),
        count_people(people[outcome == 1]),
        float(outcome.mean()),
        float(data.volume[rows].mean()),
        int((left > 0).sum()),
    )


def split(term: Term, exposure: Exposure, people: np.ndarray, days: np.ndarray) -> tuple[Term, ...]:
    """A varying factor's columns as between and within; a fixed factor's as they are."""
    if exposure.components == ("total",):
        return (term,)
    units = days if exposure.by_day else np.arange(len(people))
    means = person_means(term.table, term.codes, people, units)
    names = term.names
    between = replace(term, names=_ending(names, "between"), fixed=True, part="between", centre=means)
    return between, replace(term, names=_ending(names, "within"), part="within", centre=means)


def _ending(names: tuple[str, ...], part: str) -> tuple[str, ...]:
    return tuple(f"{name} ({part})" for name in names)
