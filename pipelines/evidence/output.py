"""Output: how much is expressed on each day postpartum, and how that differs by clock, interval, side and pump."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
import pandas as pd

from pipelines.analysis.curves import percentile_curves
from pipelines.codebook import load_codebook
from pipelines.evidence import words
from pipelines.evidence.coming_to_volume import coming_to_volume
from pipelines.evidence.curves import POINT_COLUMNS, point_cells
from pipelines.evidence.filters import Filters
from pipelines.evidence.frames import Frames, basis, load, select
from pipelines.evidence.groups import Summary, fence, numbers, section, summarise
from pipelines.evidence.parts import Basis, GroupedSection, Numbers
from pipelines.evidence.sides import sides
from pipelines.evidence.splits import curve_splits
from pipelines.guidance import load_guidance
from pipelines.privacy.disclosure import hides
from pipelines.results import CurvePoint
from pipelines.settings import load_settings

COLUMNS = (
    "participant_id",
    "minute_of_day",
    "interval_hours",
    "volume_ml",
    "volume_left_ml",
    "volume_right_ml",
    "pump_type",
)
LET_DOWN = "let_down_felt"
LETTERS = "ABCDEFGH"
READ_ON_DAY = 14
ONE_IN = {0.05: "one in twenty", 0.1: "one in ten", 0.25: "one in four"}
CLOCK_HOURS = 3
# Stretches of the day within so much of the highest mean are not told apart in words.
NEARLY_MOST = 0.95
INTERVAL_EDGES = (0, 2, 3, 4, 6, 8, 24)
# Milk comes in within days, so the first days stand alone; later ones are pooled with three on either side.
FIRST_DAYS = 4
FEWEST_DAYS = 7
POOLED_DAYS = 3


@dataclass(frozen=True)
class DayShare:
    """Share (0-1) of people without any milk on one day postpartum; None when hidden or nobody logged."""

    day_postpartum: int
    share: float | None
    participants: int | None


@dataclass(frozen=True)
class PublishedValue:
    """A published daily volume as a lettered ring; `words` names statistic, setting and source."""

    letter: str
    day_postpartum: float
    volume_ml: float
    words: str


@dataclass(frozen=True)
class CurveSection:
    """Percentile curves of 24-hour volume, and the days without any milk on the same axis.

    A day without an estimate leaves a gap. `line` is the caption with n; `unavailable` the reason when there
    is nothing to draw.
    """

    points: tuple[CurvePoint, ...]
    without_milk: tuple[DayShare, ...]
    published: tuple[PublishedValue, ...]
    line: str
    reading: str
    numbers: Numbers | None = None
    unavailable: str = ""


@dataclass(frozen=True)
class ClockHours:
    """Sessions that start in one stretch of the clock: `share` without milk with its interval, mean mL a session."""

    start_hour: int
    end_hour: int
    share: float | None
    low: float | None
    high: float | None
    mean_volume_ml: float | None
    participants: int | None
    sessions: int | None


@dataclass(frozen=True)
class ClockSection:
    """Output by time of day, on the local clock."""

    title: str
    hours: tuple[ClockHours, ...]
    line: str
    numbers: Numbers | None = None
    unavailable: str = ""


@dataclass(frozen=True)
class OutputPage:
    """What the Output page draws; the title is the reading of the curves."""

    basis: Basis
    title: str
    subtitle: str = ""
    curves: CurveSection | None = None
    clock: ClockSection | None = None
    intervals: GroupedSection | None = None
    sides: GroupedSection | None = None
    pumps: GroupedSection | None = None
    let_down: GroupedSection | None = None
    came: GroupedSection | None = None
    splits: tuple[tuple[str, str], ...] = ()


def output(path: Path, filters: Filters) -> OutputPage:
    """The Output page of a store for a reader's filters. Raises StoreError when the file is no store."""
    frames = select(load(path), filters)
    grounds = basis(frames, filters)
    if grounds.unavailable:
        return OutputPage(grounds, "Too few people for any number")
    drawn = curve_section(frames)
    # A question that nobody answered has no column; its groups are then those without an answer.
    outcome = filters.outcome
    sessions = frames.sessions.reindex(columns=[*COLUMNS, outcome])
    return OutputPage(
        grounds,
        drawn.reading or "Too few complete days for a curve",
        "People weighted equally in the curves, early and late days not always the same people",
        drawn,
        _clock(sessions, outcome, frames),
        _intervals(sessions, outcome, frames),
        sides(sessions, frames),
        _pumps(sessions, outcome, frames),
        _let_down(frames, outcome),
        coming_to_volume(frames),
        curve_splits(frames),
    )


def curve_section(frames: Frames) -> CurveSection:
    """Percentile curves of everybody selected, with the days without any milk and published values."""
    settings = load_settings()
    complete = frames.days[frames.days["volume_ml"].notna() & frames.days["day_postpartum"].notna()]
    points = percentile_curves(frames.days, settings, frames.minimum)
    people = complete["participant_id"].nunique()
    if not any(point.status == "estimated" for point in points):
        reason = "No day postpartum has enough people with a complete log for a curve."
        return CurveSection((), (), (), "", "", unavailable=reason)
    line = words.line(
        "24-hour volume expressed, day of birth = day 0",
        words.people(None if hides(people, frames.everyone, frames.minimum) else people),
        f"{words.number(len(complete))} complete days",
    )
    last = max(point.day_postpartum for point in points)
    published = tuple(
        PublishedValue(letter, each.day_postpartum, each.volume_ml, f"{each.words} ({each.source})")
        for letter, each in zip(LETTERS, load_guidance().published, strict=False)
        if each.day_postpartum <= last
    )
    return CurveSection(
        points, _without_milk(frames, last), published, line, _reading(points), _curve_numbers(points)
    )


def _reading(points: tuple[CurvePoint, ...]) -> str:
    """The curves in a sentence: half, and one in twenty or in four, on day 14 or the nearest day there is."""
    half = [point for point in points if point.probability == 0.5 and point.volume_ml is not None]
    middle = min(half, key=lambda point: abs(point.day_postpartum - READ_ON_DAY))
    low = [
        point
        for point in points
        if point.day_postpartum == middle.day_postpartum
        and point.probability < 0.5
        and point.volume_ml is not None
    ]
    assert middle.volume_ml is not None
    text = f"Half of the mothers express {words.millilitres(middle.volume_ml)} or more on day {middle.day_postpartum}"
    if not low:
        return text
    lowest = min(low, key=lambda point: point.probability)
    assert lowest.volume_ml is not None
    return f"{text}; {ONE_IN[lowest.probability]} less than {words.millilitres(lowest.volume_ml)}"


def _without_milk(frames: Frames, last_day: int) -> tuple[DayShare, ...]:
    """Share of participant-days without any milk, pooled over a week around each day, people weighted equally."""
    days = frames.days[frames.days["no_milk_share"].notna() & frames.days["day_postpartum"].notna()]
    table = pd.DataFrame(
        {
            "person": pd.factorize(days["participant_id"])[0],
            "day": days["day_postpartum"].to_numpy(int),
            "empty": (days["no_milk_share"] == 1).to_numpy(float),
        }
    )
    shares = tuple(_day_share(table, day, frames) for day in range(last_day + 1))
    # A handful of days says nothing about a course, and a gap beside a zero would be read as one.
    return shares if sum(bool(each.share) for each in shares) >= FEWEST_DAYS else ()


def _day_share(days: pd.DataFrame, day: int, frames: Frames) -> DayShare:
    reach = 0 if day < FIRST_DAYS else POOLED_DAYS
    near = (days["day"] >= day - reach) & (days["day"] <= day + reach)
    person = pd.factorize(days["person"].to_numpy()[near])[0]
    if not person.size:
        return DayShare(day, None, None)
    people = np.bincount(person, days["empty"].to_numpy()[near]) / np.bincount(person)
    with_empty = int((people > 0).sum())
    if len(people) < frames.minimum or 0 < with_empty < frames.minimum:
        return DayShare(day, None, None)
    count = None if hides(len(people), frames.everyone, frames.minimum) else len(people)
    return DayShare(day, float(people.mean()), count)


def _curve_numbers(points: tuple[CurvePoint, ...]) -> Numbers:
    return Numbers("daily-volume-percentiles", POINT_COLUMNS, tuple(map(point_cells, points)))


def _clock(sessions: pd.DataFrame, outcome: str, frames: Frames) -> ClockSection:
    starts = range(0, 24, CLOCK_HOURS)
    hour = sessions["minute_of_day"] // 60
    found = [
        summarise(
            sessions[(hour >= start) & (hour < start + CLOCK_HOURS)],
            f"{start} to {start + CLOCK_HOURS} h",
            outcome,
            frames.minimum,
            frames.everyone,
        )
        for start in starts
    ]
    found = fence(found)
    hours = tuple(
        ClockHours(
            start,
            start + CLOCK_HOURS,
            each.share,
            each.low,
            each.high,
            each.mean_volume_ml,
            each.participants,
            each.sessions,
        )
        for start, each in zip(starts, found, strict=True)
    )
    if all(each.mean_volume_ml is None for each in hours):
        return ClockSection("Time of day", hours, "", unavailable="No stretch of the day has enough people.")
    people = sessions.loc[hour.notna(), "participant_id"].nunique()
    line = words.line(
        "Local clock at the start of a session",
        words.people(None if hides(people, frames.everyone, frames.minimum) else people),
    )
    return ClockSection(_clock_title(hours), hours, line, numbers(found, "time-of-day"))


def _clock_title(hours: tuple[ClockHours, ...]) -> str:
    """The stretch with most milk, widened to the neighbours that give nearly as much."""
    volumes = [each.mean_volume_ml or 0 for each in hours]
    first = last = volumes.index(max(volumes))
    while first > 0 and volumes[first - 1] >= NEARLY_MOST * max(volumes):
        first -= 1
    while last < len(hours) - 1 and volumes[last + 1] >= NEARLY_MOST * max(volumes):
        last += 1
    if (first, last) == (0, len(hours) - 1):
        return "Milk a session is much the same at every time of day"
    return f"Most milk a session comes between {hours[first].start_hour} and {hours[last].end_hour} o’clock"


def _intervals(sessions: pd.DataFrame, outcome: str, frames: Frames) -> GroupedSection:
    found = [
        summarise(
            sessions[(sessions["interval_hours"] >= low) & (sessions["interval_hours"] < high)],
            f"{low} to {high} hours",
            outcome,
            frames.minimum,
            frames.everyone,
        )
        for low, high in pairwise(INTERVAL_EDGES)
    ]
    title = _between_title(
        found, "In these logs a session gives more milk the longer the interval before it", "the interval"
    )
    note = "Start to start. Feeds at the breast in between are not in the log, so the real interval may be shorter."
    return section(title, found, outcome, "interval-since-last-session", note)


def _between_title(found: Sequence[Summary], rising: str, what: str) -> str:
    volumes = [each.mean_volume_ml for each in found if each.mean_volume_ml is not None]
    if len(volumes) < 2:
        return f"Too few people to compare by {what}"
    if all(second >= first for first, second in pairwise(volumes)):
        return rising
    return f"Milk a session differs by {what}: {words.millilitres(min(volumes))} to {words.millilitres(max(volumes))}"


def _pumps(sessions: pd.DataFrame, outcome: str, frames: Frames) -> GroupedSection:
    found = _by_level(sessions, "pump_type", outcome, frames)
    shown = [each for each in found if each.mean_volume_ml is not None]
    title = "Too few people to compare kinds of pump"
    if len(shown) > 1:
        most = max(shown, key=lambda each: each.mean_volume_ml or 0)
        title = f"Most milk a session comes with {most.label.lower()} pumps; who uses which differs too"
    note = "Unadjusted: mothers choose a pump for a reason. The Guidance page has the adjusted comparison."
    return section(title, found, outcome, "kinds-of-pump", note)


def _let_down(frames: Frames, outcome: str) -> GroupedSection | None:
    """Sessions by whether a let-down was felt; None where the study does not ask."""
    if LET_DOWN not in frames.sessions:
        return None
    sessions = frames.sessions[["participant_id", "volume_ml", LET_DOWN, outcome]]
    found = _by_level(sessions, LET_DOWN, outcome, frames)
    told = {each.label: each.mean_volume_ml for each in found if each.mean_volume_ml is not None}
    levels = {level.code: level.label for level in load_codebook().factors[LET_DOWN].levels}
    felt, none = told.get(levels["yes"]), told.get(levels["no"])
    title = "Too few people to compare sessions with and without a felt let-down"
    if felt is not None and none is not None:
        title = f"Sessions with a felt let-down give {words.millilitres(felt)}, those without {words.millilitres(none)}"
    note = (
        "A let-down is told of after the session: little milk can be the reason for not feeling one. Not feeling it is "
        "common in sessions with milk too."
    )
    return section(title, found, outcome, "let-down", note)


def _by_level(sessions: pd.DataFrame, name: str, outcome: str, frames: Frames) -> list[Summary]:
    """Sessions by the answers to one question, those without an answer last."""
    levels = load_codebook().factors[name].levels
    found = [
        summarise(
            sessions[sessions[name] == level.code], level.label, outcome, frames.minimum, frames.everyone
        )
        for level in levels
    ]
    unknown = sessions[sessions[name].isna()]
    found.append(summarise(unknown, "Not reported", outcome, frames.minimum, frames.everyone))
    return [each for each in found if each.state != "not_collected"]
