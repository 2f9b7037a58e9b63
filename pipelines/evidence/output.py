"""Output: how much is expressed on each day postpartum, and how that differs by clock, interval, side and pump."""

from dataclasses import dataclass

from pipelines.evidence.parts import Basis, GroupedSection, Numbers
from pipelines.results import CurvePoint


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
