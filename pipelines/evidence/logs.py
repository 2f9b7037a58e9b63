"""Can these logs be believed: a summary of the cohort, and each log's days by code, with nothing about milk."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from pipelines.evidence import words
from pipelines.evidence.filters import Filters
from pipelines.evidence.frames import basis, load
from pipelines.evidence.parts import Basis, Numbers
from pipelines.metrics.logs import DOUBTS, doubts, habits, runs, silence
from pipelines.privacy.disclosure import hidden_cells, hide_small, hides
from pipelines.settings import Settings, load_settings
from pipelines.store.tables import open_store

TITLES = {
    "unit_jump": "The unit changes",
    "ounces_as_ml": "Ounces taken for mL",
    "burst": "Entered in one go",
    "equal_intervals": "Times of a timetable",
    "same_volume": "Always the same volume",
    "few_days": "Few days have an entry",
    "without_volume": "Most volumes are missing",
}
# The setting whose reason says what speaks for each sign.
REASONS = {
    "unit_jump": "jump_tolerance",
    "ounces_as_ml": "step_share",
    "burst": "burst_share",
    "equal_intervals": "equal_interval_share",
    "same_volume": "same_volume_share",
    "few_days": "days_share",
    "without_volume": "without_volume_share",
}
MOST = 0.5
UNSEEN = (
    "Files keep no time of entry, so a log written from memory with likely times cannot be told from one kept at once. "
    "Whether a mother withdrew or only stopped logging is not in them either: days after the last session have no log "
    "and count nowhere as 0 mL."
)
NO_REASON = (
    "How often nothing came is no reason for doubt, nor are rounded volumes and times: leaving such logs out would "
    "make the finding."
)


@dataclass(frozen=True)
class LogSign:
    """One sign: in how many logs; None where the count stays hidden."""

    title: str
    explanation: str
    logs: int | None


@dataclass(frozen=True)
class LogStrip:
    """One log by its code: the stretches of days with an entry, and what speaks against it.

    `answers_until` is the last study day with an answer, None when it is not after the last session.
    """

    code: str
    doubts: tuple[str, ...]
    line: str
    stretches: tuple[tuple[int, int], ...]
    answers_until: int | None = None


@dataclass(frozen=True)
class LogsSection:
    """What the section draws. `last_day` is the right end of the strips' common axis, in study days."""

    basis: Basis
    title: str
    lead: tuple[str, ...] = ()
    signs: tuple[LogSign, ...] = ()
    doubtful: tuple[LogStrip, ...] = ()
    others: tuple[LogStrip, ...] = ()
    last_day: int = 0
    numbers: Numbers | None = None


def logs(path: Path) -> LogsSection:
    """How the logs of a store were written; it speaks of all of them. Raises StoreError for no store.

    Below the minimum number of people nothing is told, not even by code.
    """
    settings, frames = load_settings(), load(path)
    grounds = basis(frames, Filters(outcome=frames.info.outcome))
    with open_store(path) as store:
        people = doubts(habits(store.sessions, settings), settings).execute()
        ends = silence(store.sessions, store.responses).execute()
        stretches = runs(store.sessions).order_by("participant_id", "first_day").execute()
    people = people.merge(ends, "left", "participant_id").sort_values("participant_id")
    if len(people) < frames.minimum:
        return LogsSection(
            grounds, f"Fewer than {frames.minimum} people have a log, so nothing is told of them"
        )
    signs = _signs(people, frames.minimum, settings)
    strips = _strips(people, stretches)
    return LogsSection(
        grounds,
        _title(people, frames.minimum),
        (*_habits(people, ends, frames.minimum, settings), UNSEEN, NO_REASON),
        signs,
        tuple(strip for strip in strips if strip.doubts),
        tuple(strip for strip in strips if not strip.doubts),
        int(max(people["last_session_day"].max(), people["last_answer_day"].fillna(0).max())),
        _numbers(signs, len(people)),
    )


def _title(people: pd.DataFrame, minimum: int) -> str:
    """How many logs give no reason for doubt, or that nearly all or few of them do."""
    total, fine = len(people), people["long_enough"] & ~people["doubtful"]
    short = ~people["long_enough"]
    counts = [int(fine.sum()), int(people["doubtful"].sum()), int(short.sum())]
    hidden = hidden_cells(counts, minimum, total)[0]
    of = f"{words.number(total)} logs"
    if hidden:
        much = "Nearly all" if counts[0] > total / 2 else "Few"
        return f"{much} of {of} give no reason for doubt"
    return f"{words.number(counts[0])} of {of} give no reason for doubt"


def _signs(people: pd.DataFrame, minimum: int, settings: Settings) -> tuple[LogSign, ...]:
    """Each sign with its count of logs, most first; counts of few people are hidden, and so is who is left over."""
    found = []
    for name in DOUBTS:
        count = _shown(int(people[name].sum()), len(people), minimum)
        found.append(LogSign(TITLES[name], settings.explain(f"believable.{REASONS[name]}").reason, count))
    short = _shown(int((~people["long_enough"]).sum()), len(people), minimum)
    found.append(
        LogSign(
            "Too short to judge",
            f"Fewer than {settings['believable.fewest_sessions']} sessions show no habit; such a log is kept.",
            short,
        )
    )
    return tuple(found)


def _shown(count: int, total: int, minimum: int) -> int | None:
    """A count of logs, unless it or what it leaves is of too few people."""
    return (
        count
        if hide_small(count, minimum) is not None and hide_small(total - count, minimum) is not None
        else None
    )


def _habits(people: pd.DataFrame, ends: pd.DataFrame, minimum: int, settings: Settings) -> tuple[str, ...]:
    """How most people round, how often 0 is logged at all, and how logs end."""
    judged = people[people["long_enough"]]
    in_ml, in_ounces = judged["fives_share"] >= MOST, judged["quarter_ounce_share"] >= MOST
    styles = [int(in_ml.sum()), int((in_ounces & ~in_ml).sum()), int((~in_ml & ~in_ounces).sum())]
    five = settings["believable.heap_steps_ml"][0]
    names = (f"round to {five} mL", "round to quarter ounces", "do neither")
    hidden = hidden_cells(styles, minimum)
    told = [
        f"{words.number(count)} {name}" if not is_hidden else f"a hidden number {name}"
        for count, name, is_hidden in zip(styles, names, hidden, strict=True)
    ]
    step = settings["believable.round_start_minutes"]
    span = words.percent(float(judged["day_span_share"].median())) if len(judged) >= minimum else ""
    starts = words.of_hundred(float(judged["round_start_share"].median())) if len(judged) >= minimum else ""
    long_enough = "the" if hides(len(judged), len(people), minimum) else words.number(len(judged))
    rounding = f"Of {long_enough} logs long enough to judge, {words.listed(told)}."
    if starts:
        rounding += (
            f" In half of them at least {starts} starts stand on {step} minutes, and the entries of a day span at least "
            f"{span} of it."
        )
    never = _shown(int((judged["zero_share"] == 0).sum()), len(judged), minimum)
    zero = (
        f"{words.number(never)} never hold a 0: perhaps nothing was missed, perhaps empty sessions were not logged."
        if never is not None
        else "How many never hold a 0 stays hidden: it tells of too few people."
    )
    silent = _shown(int((ends["silent_days"] > 1).sum()), len(ends), minimum)
    after = (
        f"In {words.counted(silent, 'log')} the answers go on for more than a day after the last session."
        if silent is not None
        else "In how many the answers go on after the last session stays hidden: they are too few people."
    )
    return rounding if len(judged) >= minimum else "", zero if len(judged) >= minimum else "", after


def _strips(people: pd.DataFrame, stretches: pd.DataFrame) -> list[LogStrip]:
    """Each log's days and the signs against it. Nothing here tells how much milk came, or how often none."""
    by_person: dict[str, list[tuple[int, int]]] = {}
    for person, first, last in zip(
        stretches["participant_id"], stretches["first_day"], stretches["last_day"], strict=True
    ):
        by_person.setdefault(person, []).append((int(first), int(last)))
    found = []
    for row in people.itertuples():
        against = tuple(TITLES[name][0].lower() + TITLES[name][1:] for name in DOUBTS if getattr(row, name))
        gaps = int(row.empty_days)
        line = words.line(
            f"{words.number(int(row.sessions))} sessions on {words.number(int(row.days))} days",
            f"{words.counted(gaps, 'day')} between without a log" if gaps else "",
            f"a day’s entries span {words.percent(row.day_span_share)} of it",
            _heaping(row) if row.long_enough else "too short to judge",
        )
        until = int(row.last_answer_day) if row.silent_days and row.silent_days > 0 else None
        code = str(row.participant_id)
        found.append(LogStrip(code, against, line, tuple(by_person.get(code, ())), until))
    return found


def _heaping(row: Any) -> str:
    """On which steps most of a log's volumes stand, with the share; nothing where they stand on none."""
    settings = load_settings()
    (five, ten), (quarter, half) = (
        settings["believable.heap_steps_ml"],
        settings["believable.heap_steps_oz"],
    )
    steps = (
        (row.tens_share, f"{ten} mL"),
        (row.fives_share, f"{five} mL"),
        (row.half_ounce_share, f"{half} oz"),
        (row.quarter_ounce_share, f"{quarter} oz"),
    )
    found = next(((share, step) for share, step in steps if share >= MOST), None)
    return f"{words.percent(found[0])} of volumes on steps of {found[1]}" if found else ""


def _numbers(signs: tuple[LogSign, ...], total: int) -> Numbers:
    return Numbers(
        "signs-in-logs",
        ("sign", "logs", "of", "state", "explanation"),
        tuple(
            (sign.title, sign.logs, total, "shown" if sign.logs is not None else "hidden", sign.explanation)
            for sign in signs
        ),
    )
