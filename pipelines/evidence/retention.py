"""Who stopped logging: the last day of each log, and how many logs had not ended by a study day."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from pipelines.evidence import words
from pipelines.evidence.frames import Frames
from pipelines.evidence.parts import Numbers
from pipelines.evidence.splits import first_answers
from pipelines.metrics.logs import silence
from pipelines.privacy.disclosure import hidden_cells, hides
from pipelines.settings import load_settings
from pipelines.store.tables import open_store

EVERYONE = "Everyone"
HIDDEN = "Hidden"
HOURS_A_DAY = 24


@dataclass(frozen=True)
class RetentionRow:
    """One study day: of each group, how many logs go on to that day or beyond, in words."""

    day: str
    cells: tuple[str, ...]


@dataclass(frozen=True)
class Retention:
    """Logs by study day (first session = day 0), everyone first; `notes` say what else is known of the ends."""

    title: str
    groups: tuple[str, ...]
    rows: tuple[RetentionRow, ...]
    notes: tuple[str, ...]
    numbers: Numbers


def retention(path: Path, frames: Frames, outcome: str) -> Retention:
    """How long the logs of the selected people go on. The selection must hold enough people.

    The last day is that of the whole log, whatever days the selection leaves.
    """
    settings, people = load_settings(), frames.sessions["participant_id"].unique()
    with open_store(path) as store:
        ends = silence(store.sessions, store.responses).execute()
        log_ends = store.log_ends()
        silent = None if log_ends is None else log_ends.execute()
    ends = ends[ends["participant_id"].isin(people)].set_index("participant_id")
    last = ends["last_session_day"].astype(float)
    kinds = _groups(frames, last.index, outcome, int(settings["cohort.split_first_days"]))
    groups = {name: members for kind in kinds for name, members in kind.items()}
    days = [day for day in settings["cohort.retention_days"] if day <= last.max()]
    counts = [_counts(last, day, groups) for day in days]
    sizes = [len(members) for members in groups.values()]
    hidden = [_hidden(last, day, kinds, frames.minimum) for day in days]
    rows = tuple(
        RetentionRow(f"Day {day} or later", tuple(map(_cell, line, sizes, hide)))
        for day, line, hide in zip(days, counts, hidden, strict=True)
    )
    return Retention(
        _title(days, counts, sizes, hidden),
        tuple(
            f"{name}, {words.people(size)}" if size >= frames.minimum else name
            for name, size in zip(groups, sizes, strict=True)
        ),
        rows,
        _notes(ends, last, silent, frames.minimum),
        _numbers(days, tuple(groups), counts, sizes, hidden),
    )


def _groups(
    frames: Frames, people: pd.Index, outcome: str, first_days: int
) -> tuple[dict[str, pd.Index], ...]:
    """Everyone; each cohort; those with and without the outcome in the first days of their log."""
    rows = frames.sessions
    cohorts = first_answers(rows["cohort"], rows["participant_id"]).reindex(people)
    names = sorted(cohorts.dropna().unique()) if cohorts.nunique() > 1 else []
    early = rows[rows["day_in_study"] < first_days]
    ever = early[outcome].groupby(early["participant_id"], sort=False).max().reindex(people)
    end = f"{words.OUTCOME_WITH[outcome]} in the first {first_days} days"
    return (
        {EVERYONE: people},
        {str(name): people[cohorts == name] for name in names},
        {f"A session {end}": people[ever == 1], f"None {end}": people[ever == 0]},
    )


def _counts(last: pd.Series, day: int, groups: dict[str, pd.Index]) -> list[int]:
    return [int((last[members] >= day).sum()) for members in groups.values()]


def _hidden(last: pd.Series, day: int, kinds: Sequence[dict[str, pd.Index]], minimum: int) -> list[bool]:
    """Which cells of a study day stay hidden: those of few logs, or of few that had ended, and what gives them away.

    The groups of one kind add up to everyone, so of none of them a single one is hidden.
    """
    everyone, hidden = kinds[0], []
    total = _few(_counts(last, day, everyone), [len(people) for people in everyone.values()], minimum)[0]
    for groups in kinds[1:]:
        sizes = [len(members) for members in groups.values()]
        hidden += [total or each for each in _few(_counts(last, day, groups), sizes, minimum)]
    return [total, *hidden]


def _few(going: Sequence[int], sizes: Sequence[int], minimum: int) -> list[bool]:
    gone = [size - count for size, count in zip(sizes, going, strict=True)]
    if len(going) == 1:
        return [hides(going[0], sizes[0], minimum)]
    return [
        one or two for one, two in zip(hidden_cells(going, minimum), hidden_cells(gone, minimum), strict=True)
    ]


def _cell(count: int, size: int, hide: bool) -> str:
    return HIDDEN if hide or not size else f"{count:,} ({words.percent(count / size)})"


def _title(
    days: Sequence[int],
    counts: Sequence[Sequence[int]],
    sizes: Sequence[int],
    hidden: Sequence[Sequence[bool]],
) -> str:
    told = [
        (day, line[0] / sizes[0]) for day, line, hide in zip(days, counts, hidden, strict=True) if not hide[0]
    ]
    if not told:
        return "Who stopped logging: too few people for a number"
    most = [(day, share) for day, share in told if share >= 0.5] or told[:1]
    day, share = most[-1]
    return f"Of 100 logs, {share * 100:.0f} go on to study day {day} or beyond"


def _notes(ends: pd.DataFrame, last: pd.Series, silent: pd.DataFrame | None, minimum: int) -> tuple[str, ...]:
    low, middle, high = np.quantile(last.dropna(), [0.25, 0.5, 0.75])
    notes = [
        f"The last session of a log lies on study day {middle:.0f} (median; quartiles {low:.0f} to {high:.0f})."
    ]
    if len(last) < load_settings()["cohort.people_for_quartiles"]:
        notes = []
    after = int((ends["silent_days"] >= load_settings()["review.quiet_hours"] / HOURS_A_DAY).sum())
    if after >= minimum and len(ends) - after >= minimum:
        notes.append(
            f"{words.people(after)} went on answering questions for two days or more after their last session: they "
            "stopped logging and stayed in the study."
        )
    if silent is not None:
        known = silent[silent["participant_id"].isin(last.index)]["silent"].dropna().astype(bool)
        going = int((~known).sum())
        if going >= minimum and len(known) - going >= minimum:
            notes.append(
                f"{words.people(going)} were still logging when the data end, so their logs are cut and not given up."
            )
    notes.append(
        "Why a log ends is not known: withdrawals and calendar dates are not stored, and a planned end, a late start and "
        "giving up look alike."
    )
    return tuple(notes)


def _numbers(
    days: Sequence[int],
    groups: Sequence[str],
    counts: Sequence[Sequence[int]],
    sizes: Sequence[int],
    hidden: Sequence[Sequence[bool]],
) -> Numbers:
    lines = []
    for day, line, hide in zip(days, counts, hidden, strict=True):
        for name, count, size, is_hidden in zip(groups, line, sizes, hide, strict=True):
            numbers = (None, None) if is_hidden or not size else (count, round(count / size, 4))
            lines.append((day, name, *numbers, "hidden" if is_hidden else ""))
    return Numbers("logs-by-study-day", ("study_day", "group", "logs", "share", "state"), tuple(lines))
