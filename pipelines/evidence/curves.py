"""Percentiles of daily expressed volume for everyone and for the groups of a study, side by side."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from pipelines.analysis.curves import percentile_curves
from pipelines.evidence import words
from pipelines.evidence.filters import Filters
from pipelines.evidence.frames import Frames, load, select, too_few
from pipelines.evidence.parts import Numbers, rounded
from pipelines.evidence.splits import COHORT, PEOPLE, Split, curve_splits, split
from pipelines.privacy.disclosure import hidden_cells, hides
from pipelines.privacy.disclosure import rounded as rounded_to
from pipelines.results import CurvePoint
from pipelines.settings import load_settings

NEARLY_ALL = "The number of people stays hidden, since it is close to that of everybody."
TELLS_OF_FEW = "The number of people stays hidden, since beside the other groups it would tell of few."
MIDDLE = 0.5
READ_ON_DAY = 14
POINT_COLUMNS = (
    "day_postpartum",
    "probability",
    "volume_ml",
    "ci_low",
    "ci_high",
    "people",
    "status",
    "reason",
)


def point_cells(point: CurvePoint) -> tuple[Any, ...]:
    """The cells of one point of a curve in a download, as POINT_COLUMNS names them; volumes in mL."""
    return (
        point.day_postpartum,
        point.probability,
        rounded(point.volume_ml, 1),
        rounded(point.ci_low, 1),
        rounded(point.ci_high, 1),
        point.participants,
        point.status,
        point.reason,
    )


@dataclass(frozen=True)
class SplitCurves:
    """Curves of several groups of people: `points` carry the group's label as cohort, "" for everyone.

    `groups` are those with a line, `note` names the others, `unavailable` says why there is nothing to draw.
    """

    title: str
    groups: tuple[str, ...]
    points: tuple[CurvePoint, ...]
    line: str
    note: str
    numbers: Numbers
    unavailable: str = ""


def curves(path: Path, by: str = COHORT) -> tuple[CurvePoint, ...]:
    """All curve points of a store: group "" for everyone, then each group large enough to be shown.

    `by` is one of `splits.curve_splits`: cohort, main pump, preterm or term birth; one that the study does not know
    leaves everyone alone. Raises StoreError when the file is no store.
    """
    frames = load(path)
    if too_few(frames, frames.info.outcome):
        return ()
    everyone = percentile_curves(frames.days, load_settings(), frames.minimum)
    if by not in dict(curve_splits(frames)):
        return _fenced((everyone,), frames)
    chosen = split(frames, by, frames.info.outcome)
    return _fenced((everyone, *_of_groups(frames, chosen)), frames)


def _of_groups(frames: Frames, chosen: Split) -> list[tuple[CurvePoint, ...]]:
    """The points of each group of enough people; none of another that this one's number would tell of."""
    assert chosen.of == PEOPLE
    people = frames.sessions["participant_id"]
    group = chosen.group.groupby(people, sort=False).first()
    of_day = frames.days["participant_id"].map(group)
    settings = load_settings()
    return [
        percentile_curves(frames.days[of_day == name], settings, frames.minimum, name)
        for name in shown_groups(chosen, frames)
    ]


def shown_groups(chosen: Split, frames: Frames) -> tuple[str, ...]:
    """The groups with enough people; where one has few, the next smallest stays hidden with it."""
    people = frames.sessions["participant_id"]
    sizes = [people[chosen.group == name].nunique() for name in chosen.groups]
    hidden = hidden_cells(sizes, frames.minimum)
    return tuple(name for name, hide in zip(chosen.groups, hidden, strict=True) if not hide)


def _fenced(curves_of: Sequence[tuple[CurvePoint, ...]], frames: Frames) -> tuple[CurvePoint, ...]:
    """The points without counts that, beside everybody's or the other groups', would tell of few people."""
    everyone = {point.day_postpartum: point.participants for point in curves_of[0] if point.participants}
    together: dict[int, int] = {}
    for points in curves_of[1:]:
        for day, people in {
            each.day_postpartum: each.participants for each in points if each.participants
        }.items():
            together[day] = together.get(day, 0) + people
    telling = {day for day, people in together.items() if 0 < everyone.get(day, 0) - people < frames.minimum}
    return tuple(_fence(point, frames, telling) for points in curves_of for point in points)


def _fence(point: CurvePoint, frames: Frames, telling: set[int]) -> CurvePoint:
    if point.participants is None:
        return point
    if hides(point.participants, frames.everyone, frames.minimum):
        return replace(point, participants=None, reason=point.reason or NEARLY_ALL)
    if point.cohort and point.day_postpartum in telling:
        return replace(point, participants=None, reason=point.reason or TELLS_OF_FEW)
    return point


def split_curves(path: Path, filters: Filters, by: str) -> SplitCurves | None:
    """The middle of daily volume of each group of a selection; None where the study does not know this split.

    Raises StoreError when the file is no store.
    """
    frames = select(load(path), filters)
    if too_few(frames, filters.outcome) or by not in dict(curve_splits(frames)):
        return None
    chosen = split(frames, by, filters.outcome)
    points = _fenced(((), *_of_groups(frames, chosen)), frames)
    # Everybody's counts stand above, so the groups' are told only where everybody is in one of them.
    few_in_none = _few_in_none(chosen, frames)
    if few_in_none:
        points = tuple(
            replace(point, participants=None, reason=point.reason or TELLS_OF_FEW) for point in points
        )
    drawn = tuple(name for name in chosen.groups if any(_is_middle(each, name) for each in points))
    return SplitCurves(
        _title(points, drawn, chosen),
        drawn,
        points,
        "24-hour volume expressed: half of each group below the line, 95 % interval tinted; day of birth = day 0",
        _note(chosen, drawn, frames, exact=not few_in_none),
        _numbers(points, by),
        "" if len(drawn) > 1 else "Fewer than two groups have enough people with complete days",
    )


def _few_in_none(chosen: Split, frames: Frames) -> bool:
    people = frames.sessions["participant_id"]
    shown = shown_groups(chosen, frames)
    in_none = people[~chosen.group.isin(shown)].nunique()
    return 0 < in_none < frames.minimum


def _is_middle(point: CurvePoint, group: str) -> bool:
    return point.cohort == group and point.probability == MIDDLE and point.volume_ml is not None


def _title(points: Sequence[CurvePoint], groups: Sequence[str], chosen: Split) -> str:
    """The lowest and the highest middle on the day nearest to day 14 that two groups or more have."""
    middles: dict[int, list[tuple[float, str]]] = {}
    for point in points:
        if point.volume_ml is not None and _is_middle(point, point.cohort):
            middles.setdefault(point.day_postpartum, []).append((point.volume_ml, point.cohort))
    days = [day for day, found in middles.items() if len(found) > 1]
    if not days:
        return f"Too few people to set curves beside each other by {chosen.label}"
    day = min(days, key=lambda each: abs(each - READ_ON_DAY))
    (least, fewer), (most, more) = min(middles[day]), max(middles[day])
    return (
        f"On day {day} half of the group “{more}” express {words.millilitres(most)} or more, of “{fewer}” "
        f"{words.millilitres(least)}"
    )


def _note(chosen: Split, drawn: Sequence[str], frames: Frames, *, exact: bool) -> str:
    """How many people are in each group drawn, and which groups have no curve."""
    people, parts = frames.sessions["participant_id"], []
    step = load_settings()["privacy.export_rounding"]
    for name in drawn:
        size = people[chosen.group == name].nunique()
        parts.append(
            f"{name} {words.people(size)}"
            if exact
            else f"{name} about {words.people(rounded_to(size, step))}"
        )
    left = [name for name in chosen.groups if name not in drawn]
    if left:
        parts.append(f"too few people for a curve: {words.listed(left)}")
    return "; ".join(parts)


def _numbers(points: Sequence[CurvePoint], by: str) -> Numbers:
    rows = tuple((point.cohort, *point_cells(point)) for point in points)
    return Numbers(f"daily-volume-by-{by}", ("group", *POINT_COLUMNS), rows)
