"""Trends of a whole study for a consultant: individuals charts said in words, and each log's last week.

The store holds no dates, so time is the mothers' own: a day of a chart is the same day of everybody's log (first
session = day 0), and "last week" is the last seven days of each log. A chart therefore shows how logs go on, not what
happened in a calendar week.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import pandas as pd

from pipelines.analysis.control_chart import NEAR, OUTSIDE, RUN, ControlChart, Signal, control_chart
from pipelines.codebook import load_codebook
from pipelines.evidence import words
from pipelines.evidence.filters import Filters
from pipelines.evidence.frames import Frames, basis, load, select
from pipelines.evidence.modifiable import Modifiable, supported_and_modifiable
from pipelines.evidence.parts import Basis, Numbers, rounded
from pipelines.evidence.volume_units import MILLILITRES, NAMES, amount, told
from pipelines.privacy.disclosure import hides
from pipelines.settings import load_settings
from pipelines.store.tables import open_store

MOST_REPORTED = 8
HIDDEN_REASON = "Too few people logged on enough days, the first ones after birth aside, for a chart."


@dataclass(frozen=True)
class TrendPoint:
    """One study day: the value in the measure's unit; `is_special` when a rule says it is more than chance.

    `is_early` days, on which many are in the first days after birth, are outside mean, limits and rules.
    """

    day: int
    value: float
    is_special: bool
    is_early: bool = False

    @property
    def judged(self) -> str:
        """Whether the day is more than chance, for a download."""
        if self.is_early:
            return "not judged"
        return "yes" if self.is_special else "no"


@dataclass(frozen=True)
class Trend:
    """One measure over the study days: `reading` says in words what the chart's rules find, `week` compares weeks.

    `headline` is the title with both weeks in it, the bare title where they cannot be compared. `unit` is of the points, the mean and the limits. Days with too few people are left out. `unavailable` says why
    there is no chart ("" otherwise).
    """

    id: str
    title: str
    unit: str
    points: tuple[TrendPoint, ...]
    mean: float | None
    low: float | None
    high: float | None
    reading: str
    week: str
    numbers: Numbers | None = None
    unavailable: str = ""
    headline: str = ""

    @property
    def section(self) -> str:
        """What the chart's rules find, as the title over it."""
        if self.unavailable:
            return self.title
        beyond = any(point.is_special for point in self.points)
        return f"{self.title}: {'more' if beyond else 'no more'} than chance"


@dataclass(frozen=True)
class Reported:
    """One thing that mothers report: how many of those who were asked ever did."""

    factor: str
    label: str
    people: int
    asked: int


@dataclass(frozen=True)
class TrendsPage:
    """What a consultant sees of the whole study; nothing in it is about fewer people than the minimum cell."""

    basis: Basis
    trends: tuple[Trend, ...]
    reported: tuple[Reported, ...]
    modifiable: tuple[Modifiable, ...]

    @property
    def title(self) -> str:
        """The first measure's two weeks, as the page's answer."""
        return self.trends[0].headline if self.trends else "Too few people to tell a trend"


@dataclass(frozen=True)
class _Measure:
    """A column of participant-days, how a day's people are put together, and how it is told."""

    id: str
    title: str
    unit: str
    column: str
    together: str
    tell: Callable[[float], str]
    lowest: float | None = 0.0
    scale: float = 1.0


MEASURES = (
    _Measure("no_milk", "Sessions without milk", "of 100 sessions", "no_milk_share", "mean",
             lambda value: f"{value:.1f} of 100 sessions", scale=100.0),
    _Measure("volume", "Milk in a day", "mL", "volume_ml", "median", words.millilitres),
    _Measure("sessions", "Sessions a day", "sessions", "sessions", "mean", lambda value: f"{value:.1f} sessions"),
)  # fmt: skip


def measures(unit: str) -> tuple[_Measure, ...]:
    """What is followed, volumes in mL or ounces."""
    if unit == MILLILITRES:
        return MEASURES
    name, scale, tell = NAMES[unit], amount(1.0, unit), partial(told, unit=unit)
    return tuple(
        replace(each, unit=name, scale=scale, tell=tell) if each.unit == NAMES[MILLILITRES] else each
        for each in MEASURES
    )


def trends(path: Path, filters: Filters, unit: str = MILLILITRES) -> TrendsPage:
    """The trends of the people whom `filters` leave, volumes in mL or ounces. Raises StoreError when the file is no store."""
    frames = select(load(path), filters)
    grounds = basis(frames, filters)
    if grounds.unavailable:
        return TrendsPage(grounds, (), (), ())
    return TrendsPage(
        grounds,
        tuple(trend(frames, measure) for measure in measures(unit)),
        _reported(path, frames),
        supported_and_modifiable(path, filters, unit),
    )


def _values(days: pd.DataFrame, measure: _Measure) -> pd.DataFrame:
    """Participant-days with a known value, in the measure's unit."""
    known = days[days[measure.column].notna()]
    return known.assign(value=known[measure.column].astype(float) * measure.scale)


def trend(frames: Frames, measure: _Measure) -> Trend:
    """The chart of one measure over the study days on which enough people logged it."""
    settings = load_settings()
    days = _values(frames.days, measure)
    daily = _daily(days, measure, frames.minimum)
    week, headline = _week(days, measure, frames)
    settled = daily[~daily["is_early"]]
    if len(settled) < settings["trends.least_points"]:
        return Trend(
            measure.id, measure.title, measure.unit, (), None, None, None, "", week,
            unavailable=HIDDEN_REASON, headline=headline,
        )  # fmt: skip
    chart = control_chart(
        settled["value"].tolist(), settings["trends.run_points"], settings["trends.trend_points"]
    )
    low = chart.low if measure.lowest is None else max(chart.low, measure.lowest)
    study_days = [int(day) for day in settled.index]
    points = _points(daily, chart, study_days)
    return Trend(
        measure.id,
        measure.title,
        measure.unit,
        points,
        chart.mean,
        low,
        chart.high,
        " ".join(filter(None, (reading(chart, study_days, measure.tell), _not_judged(points)))),
        week,
        _numbers(measure, points, chart, low),
        headline=headline,
    )


def _daily(days: pd.DataFrame, measure: _Measure, minimum: int) -> pd.DataFrame:
    """One row a study day with enough people: the value, and whether many of them are in their first days."""
    settings = load_settings()
    # Whose days after birth are unknown is not taken to be in the first ones.
    early = days["day_postpartum"].lt(settings["review.falling_from_day"]).fillna(False).astype(bool)
    daily = (
        days.assign(early=early)
        .groupby("day_in_study")
        .agg(value=("value", measure.together), people=("participant_id", "nunique"), early=("early", "mean"))
    )
    if measure.id == "no_milk":
        # A few people with an empty session would be told by the day's share.
        with_any = days[days["value"] > 0].groupby("day_in_study")["participant_id"].nunique()
        few = with_any.reindex(daily.index).fillna(0).between(1, minimum - 1)
        daily = daily[~few]
    daily = daily[daily["people"] >= minimum]
    return daily.assign(is_early=daily["early"] > settings["trends.early_share"])


def _points(daily: pd.DataFrame, chart: ControlChart, study_days: list[int]) -> tuple[TrendPoint, ...]:
    special = {
        study_days[place] for signal in chart.signals for place in range(signal.first, signal.last + 1)
    }
    return tuple(
        TrendPoint(int(day), float(value), int(day) in special, bool(early))
        for day, value, early in zip(daily.index, daily["value"], daily["is_early"], strict=True)
    )


def _not_judged(points: tuple[TrendPoint, ...]) -> str:
    """Which days are left out of the chart's rules, and why; "" for none."""
    early = [point.day for point in points if point.is_early]
    if not early:
        return ""
    days = load_settings()["review.falling_from_day"]
    which = f"Study day {early[0]} is" if len(early) == 1 else f"Study days {early[0]} to {early[-1]} are"
    return (
        f"{which} not judged: many mothers were then in the first {days} days after birth, in which milk rises as "
        "a rule."
    )


def _numbers(measure: _Measure, points: tuple[TrendPoint, ...], chart: ControlChart, low: float) -> Numbers:
    limits = rounded(chart.mean, 2), rounded(low, 2), rounded(chart.high, 2)
    return Numbers(
        f"trend-{measure.id}" + (f"-{measure.unit}" if measure.unit in NAMES.values() else ""),
        ("day_in_study", "value", "mean", "low", "high", "more_than_chance"),
        tuple((point.day, rounded(point.value, 2), *limits, point.judged) for point in points),
    )


def reading(chart: ControlChart, days: list[int], tell: Callable[[float], str]) -> str:
    """What the chart says, rule by rule, in words that can be repeated."""
    between = f"between {tell(max(chart.low, 0.0))} and {tell(chart.high)}"
    if not chart.signals:
        return f"It goes up and down by chance, around {tell(chart.mean)}: any day {between} is ordinary."
    said = dict.fromkeys(_said(signal, days) for signal in _longest(chart.signals))
    return f"More than chance: {'; '.join(said)}. The mean is {tell(chart.mean)}; by chance a day lies {between}."


def _longest(signals: tuple[Signal, ...]) -> list[Signal]:
    """For each rule and direction the longest stretch, the later of two."""
    best: dict[tuple[str, bool], Signal] = {}
    for signal in signals:
        held = best.get((signal.rule, signal.up))
        if held is None or signal.last - signal.first >= held.last - held.first:
            best[signal.rule, signal.up] = signal
    return list(best.values())


def _said(signal: Signal, days: list[int]) -> str:
    first, last = days[signal.first], days[signal.last]
    number = words.small_number(signal.last - signal.first + 1)
    if signal.rule == OUTSIDE:
        return f"day {first} lies {'above' if signal.up else 'below'} what chance explains"
    if signal.rule == RUN:
        return f"{number} days in a row {'above' if signal.up else 'below'} the mean (days {first} to {last})"
    if signal.rule == NEAR:
        return f"two of three days close to the {'upper' if signal.up else 'lower'} limit (days {first} to {last})"
    return f"{number} days in a row each {'higher' if signal.up else 'lower'} than the one before (days {first} to {last})"


def _week(days: pd.DataFrame, measure: _Measure, frames: Frames) -> tuple[str, str]:
    """The last week of each log against the week before, among people with both, people weighted equally; and a title."""
    length = load_settings()["trends.week_days"]
    last = frames.days.groupby("participant_id")["day_in_study"].max()
    ago = days["participant_id"].map(last) - days["day_in_study"]
    recent = days[ago < length].groupby("participant_id")["value"].mean()
    before = days[(ago >= length) & (ago < 2 * length)].groupby("participant_id")["value"].mean()
    both = recent.index.intersection(before.index)
    recent, before = recent[both], before[both]
    # A few people with an empty session would be told by their week's share.
    few = measure.id == "no_milk" and any(
        hides(int((week > 0).sum()), None, frames.minimum) for week in (recent, before)
    )
    if both.empty or few or hides(len(both), frames.everyone, frames.minimum):
        return "Too few people have two weeks to compare.", measure.title
    new, old = recent.agg(measure.together), before.agg(measure.together)
    now, earlier = measure.tell(float(new)), measure.tell(float(old))
    return (
        f"In the last week of each log: {now}; in the week before: {earlier} "
        f"({words.people(len(both))} with both).",
        f"{measure.title}: {now} in each log's last week, {earlier} the week before",
    )


def _reported(path: Path, frames: Frames) -> tuple[Reported, ...]:
    """What most people reported at least once, among those who were asked; hidden where it tells of few people."""
    factors = {
        name: factor
        for name, factor in load_codebook().factors.items()
        if factor.kind == "yes_no" and factor.role in ("factor", "rule") and not factor.restricted
    }
    with open_store(path) as store:
        rows = store.responses
        said = rows.filter(rows.factor.isin(sorted(factors)))
        counted = (
            said.group_by("participant_id", "factor").aggregate(ever=(said.value == "yes").any()).to_pandas()
        )
    counted = counted[counted["participant_id"].isin(frames.sessions["participant_id"].unique())]
    groups = counted.groupby("factor")["ever"].agg(["sum", "size"])
    shown = [
        Reported(str(name), factors[str(name)].label, int(row["sum"]), int(row["size"]))
        for name, row in groups.iterrows()
        if not hides(int(row["sum"]), int(row["size"]), frames.minimum)
        and not hides(int(row["size"]), frames.everyone, frames.minimum)
    ]
    return tuple(sorted(shown, key=lambda each: -each.people / each.asked)[:MOST_REPORTED])
