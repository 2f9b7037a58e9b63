"""The way from files to the analysis: what is left after each step, of rows or sessions and of people, and why."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from pipelines.evidence import words
from pipelines.evidence.filters import Filters
from pipelines.evidence.frames import Frames
from pipelines.evidence.parts import HIDDEN, Numbers
from pipelines.evidence.sources import ledgers, total_of
from pipelines.store.tables import open_store

RULES_NAMED = 3
ANALYSIS = "In the analysis"
SESSIONS = ("session", "sessions")
NOT_YET = "rows are not counted by person"
NEAR = "Hidden: so near to another step that it would tell of few"


@dataclass(frozen=True)
class FlowStep:
    """One step: what is left, in words, and what fell away before it with the reasons; "" where nothing did."""

    label: str
    left: str
    people: str
    lost: str = ""


@dataclass(frozen=True)
class Flow:
    """All steps, the files first and the analysis last."""

    steps: tuple[FlowStep, ...]
    numbers: Numbers


@dataclass(frozen=True)
class _Left:
    """What is left after a step: `count` of `of` things, and these people.

    `touched` people have any of the things that fell away; `why` and `why_people` complete "12 sessions ..." and
    "3 people ...".
    """

    label: str
    count: int
    of: int
    things: tuple[str, str]
    people: frozenset[str]
    touched: int = 0
    why: str = ""
    why_people: str = ""


def flow(path: Path, everyone: Frames, chosen: Frames, filters: Filters) -> Flow:
    """The flow of a store to the selection; the last step holds the people and sessions that pages count."""
    files = ledgers(path)
    with open_store(path) as store:
        known = frozenset(store.participants.participant_id.execute())
        answers = int(store.responses.count().execute())
        codes = store.quarantine.execute()
    steps = _of_people(everyone, chosen, filters, known)
    counts = _shown(steps, everyone.minimum)
    rows = _of_rows(files, codes, answers, len(everyone.sessions))
    return Flow((*rows, *_steps(steps, counts, everyone.minimum)), _numbers(rows, steps, counts))


def _of_rows(
    files: pd.DataFrame, quarantine: pd.DataFrame, answers: int, sessions: int
) -> tuple[FlowStep, ...]:
    total = total_of(files)
    fates = (
        (total.duplicate, "repeat a row that is there already"),
        (total.quarantined, f"are set aside{_rules(quarantine)}"),
        (total.other, "are about something else, such as feeds and sleep"),
    )
    lost = "; ".join(f"{words.number(count)} {why}" for count, why in fates if count)
    read = FlowStep(
        "Files read",
        f"{words.number(total.read)} rows",
        NOT_YET,
        f"From {words.counted(len(files), 'file')}.",
    )
    kept = FlowStep(
        "Rows in use", f"{words.number(total.accepted)} rows", NOT_YET, f"{lost}." if lost else ""
    )
    made = FlowStep(
        "Sessions and answers in the store",
        words.line(words.sessions(sessions), f"{words.number(answers)} answers"),
        NOT_YET,
        "One row of a form can hold many answers; several rows can make one session.",
    )
    return read, kept, made


def _rules(quarantine: pd.DataFrame) -> str:
    """The commonest reasons for setting aside, in brackets."""
    rows = quarantine.drop_duplicates(["source_id", "source_row", "code"])["code"].value_counts()
    if rows.empty:
        return ""
    named = [f"{str(code).replace('_', ' ')} {count:,}" for code, count in rows.head(RULES_NAMED).items()]
    return f" ({', '.join([*named, *(['others'] if len(rows) > RULES_NAMED else [])])})"


def _of_people(everyone: Frames, chosen: Frames, filters: Filters, known: frozenset[str]) -> list[_Left]:
    """The steps that count people: in the study, with a session, selected, with a known volume, with a whole day."""
    rows, selected = everyone.sessions, chosen.sessions
    logged = _people(rows)
    why = "answered questions and have no session"
    steps = [_Left("With a pumping session", len(rows), len(rows), SESSIONS, logged, why_people=why)]
    if known != logged:
        steps.insert(0, _Left("In the study", len(rows), len(rows), SESSIONS, known))
    if not filters.is_everyone:
        outside = rows[~rows.index.isin(selected.index)]
        why = "are outside the filter, or their day since birth is not known"
        steps.append(
            _Left(
                "Selected",
                len(selected),
                len(rows),
                SESSIONS,
                _people(selected),
                len(_people(outside)),
                why,
                "have no session in it",
            )
        )
    known_volume = selected[filters.outcome].notna()
    steps.append(
        _Left(
            ANALYSIS,
            int(known_volume.sum()),
            len(selected),
            SESSIONS,
            _people(selected[known_volume]),
            len(_people(selected[~known_volume])),
            "have no volume written down, which is neither milk nor none",
            "have no other session",
        )
    )
    return [*steps, _whole_days(chosen.days)]


def _whole_days(days: pd.DataFrame) -> _Left:
    whole = days["volume_ml"].notna() & days["day_postpartum"].notna()
    return _Left(
        "In the curves by day since birth",
        int(whole.sum()),
        len(days),
        ("complete day", "complete days"),
        _people(days[whole]),
        len(_people(days[~whole])),
        "are the first or last of a log, lack too many volumes, or have no known birth date",
        "have no complete day",
    )


def _people(rows: pd.DataFrame) -> frozenset[str]:
    return frozenset(rows["participant_id"].unique())


def _shown(steps: Sequence[_Left], minimum: int) -> list[int | None]:
    """The people of each step, None where they would tell of few.

    The number in the analysis stands on every page, so all others are told only where they differ from it, and from
    each other, by nobody or by enough people.
    """
    anchor = next(at for at, step in enumerate(steps) if step.label == ANALYSIS)
    counts: list[int | None] = [None] * len(steps)
    counts[anchor] = len(steps[anchor].people)
    for at in [*range(anchor - 1, -1, -1), *range(anchor + 1, len(steps))]:
        people = len(steps[at].people)
        others = [count for count in counts if count is not None]
        if not 0 < people < minimum and not any(0 < abs(people - other) < minimum for other in others):
            counts[at] = people
    return counts


def _steps(steps: Sequence[_Left], counts: Sequence[int | None], minimum: int) -> tuple[FlowStep, ...]:
    told, before = [], None
    for step, people in zip(steps, counts, strict=True):
        said = words.people(people) if people is not None else NEAR
        left = f"{step.count:,}{words.NO_BREAK}{step.things[step.count != 1]}"
        told.append(FlowStep(step.label, left, said, _lost(step, before, people, minimum)))
        before = people
    return tuple(told)


def _lost(step: _Left, before: int | None, people: int | None, minimum: int) -> str:
    """What fell away before a step, of things and of people; hidden where it concerns too few people."""
    fell = step.of - step.count
    parts = []
    if 0 < step.touched < minimum:
        return f"Fewer than {minimum} people lost anything here."
    if fell:
        thing = step.things[fell != 1].removeprefix("complete ")
        parts.append(f"{fell:,}{words.NO_BREAK}{thing} {step.why}")
    if before is not None and people is not None and before > people:
        parts.append(f"{words.people(before - people)} {step.why_people}")
    return f"{'; '.join(parts)}." if parts else ""


def _numbers(rows: Sequence[FlowStep], steps: Sequence[_Left], counts: Sequence[int | None]) -> Numbers:
    lines: list[tuple] = [
        (each.label, int(each.left.split()[0].replace(",", "")), "rows", None, "") for each in rows[:2]
    ]
    for step, people in zip(steps, counts, strict=True):
        lines.append((step.label, step.count, step.things[1], people, HIDDEN if people is None else ""))
    return Numbers("flow", ("step", "number", "unit", "people", "state"), tuple(lines))
