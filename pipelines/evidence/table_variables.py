"""What Table 1 describes: each variable with its values, and the summary of one group in it."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from pipelines.codebook import Factor
from pipelines.evidence.frames import Frames
from pipelines.evidence.splits import PEOPLE, SESSIONS, described, first_answers, is_of_people, level_labels


@dataclass(frozen=True)
class Variable:
    """One thing described. `of_sessions` holds a value for each session row, `of_people` one for each person.

    A person's value is her first answer where she was asked once; else the mean of her sessions, and for answers
    (`levels` not empty) None: a person counts at each level that she ever told. `level` says which it is.
    """

    name: str
    label: str
    unit: str
    level: str
    levels: tuple[str, ...]
    of_sessions: pd.Series | None
    of_people: pd.Series | None


@dataclass(frozen=True)
class Spread:
    """A number in one group: mean, standard deviation, median and quartiles; quartiles None with too few people."""

    mean: float
    sd: float | None
    median: float
    low: float | None
    high: float | None


def variables(frames: Frames) -> tuple[Variable, ...]:
    """All variables of a selection: what the log itself tells, then the codebook's factors in its order."""
    people = frames.sessions["participant_id"]
    return (
        *_of_the_log(frames, people),
        *(_of_factor(frames, factor, people) for factor in described(frames)),
    )


def _of_the_log(frames: Frames, people: pd.Series) -> tuple[Variable, ...]:
    rows = frames.sessions.groupby("participant_id", sort=False)
    volume = frames.sessions["volume_ml"]
    counts = rows.size().astype(float)
    days = rows["day_in_study"].nunique().astype(float)
    each = volume.groupby(people, sort=False).mean()
    return (
        Variable("sessions_a_person", "Sessions in the log", "sessions", PEOPLE, (), None, counts),
        Variable("days_a_person", "Days with a session", "days", PEOPLE, (), None, days),
        Variable("volume_ml", "Volume a session", "mL", SESSIONS, (), volume, each),
    )


def _of_factor(frames: Frames, factor: Factor, people: pd.Series) -> Variable:
    values = frames.sessions[factor.id]
    level = PEOPLE if is_of_people(values, people, factor) else SESSIONS
    labels = tuple(each.label for each in factor.levels)
    unit = "" if labels else factor.unit
    if labels:
        values = level_labels(values, factor)
    if level == PEOPLE:
        each = first_answers(values, people)
        return Variable(factor.id, factor.label, unit, level, labels, people.map(each), each)
    if labels:
        return Variable(factor.id, factor.label, unit, level, labels, values, None)
    return Variable(
        factor.id, factor.label, unit, level, labels, values, values.groupby(people, sort=False).mean()
    )


def people_at(
    variable: Variable,
    group: pd.Series,
    groups: Sequence[str],
    people: pd.Series,
    people_group: pd.Series | None,
) -> dict[str, pd.Series]:
    """How many people of each group told each answer, by answer: once each, or at every answer they ever told."""
    if variable.of_people is not None and people_group is not None:
        told = pd.DataFrame({"answer": variable.of_people, "group": people_group}).dropna()
    else:
        told = pd.DataFrame({"answer": variable.of_sessions, "group": group, "person": people})
        told = told.dropna().drop_duplicates()
    counts = told.groupby(["group", "answer"], sort=False).size()
    return {name: counts[name] if name in counts.index else pd.Series(dtype=int) for name in groups}


def spread(values: pd.Series, people: int, people_for_quartiles: int) -> Spread:
    """The summary of a number's known values, which rest on so many people; needs one value at least."""
    numbers = values.dropna().to_numpy(float)
    low, median, high = np.quantile(numbers, [0.25, 0.5, 0.75])
    enough = people >= people_for_quartiles
    return Spread(
        float(numbers.mean()),
        float(numbers.std(ddof=1)) if len(numbers) > 1 else None,
        float(median),
        float(low) if enough else None,
        float(high) if enough else None,
    )
