"""Clock changes: offsets from UTC on the local clock, hours that exist twice and hours that do not exist."""

import datetime
import zoneinfo
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

import ibis
import ibis.expr.types as ir


@dataclass(frozen=True)
class ClockChange:
    """One change of a zone's offset; minutes since 1970 on the local clock, offsets in minutes from UTC.

    Local times from `gap_start` up to `start` do not exist when clocks go forward; those from `repeat_start` up
    to `start` exist twice when they go back.
    """

    start: int
    before: int
    after: int

    @property
    def repeat_start(self) -> int:
        return self.start - max(0, self.before - self.after)

    @property
    def in_utc(self) -> int:
        """The moment of the change, in minutes since 1970 in UTC."""
        return self.start - max(self.before, self.after)

    @property
    def gap_start(self) -> int:
        return self.start - max(0, self.after - self.before)


@cache
def clock_changes(zone: str, first_year: int, last_year: int) -> tuple[int, tuple[ClockChange, ...]]:
    """The zone's offset before `first_year`, in minutes, and its clock changes up to the end of `last_year`."""
    info = zoneinfo.ZoneInfo(zone)
    utc = datetime.UTC
    epoch = datetime.datetime(1970, 1, 1, tzinfo=utc)

    def offset(moment: datetime.datetime) -> int:
        shift = moment.astimezone(info).utcoffset()
        return int(shift.total_seconds() // 60) if shift else 0

    moment = datetime.datetime(first_year, 1, 1, tzinfo=utc)
    end = datetime.datetime(last_year + 1, 1, 1, tzinfo=utc)
    start = offset(moment)
    changes: list[ClockChange] = []
    now = start
    while moment < end:
        following = moment + datetime.timedelta(days=1)
        if offset(following) != now:
            low, high = moment, following
            while high - low > datetime.timedelta(minutes=1):
                middle = low + (high - low) / 2
                middle = middle.replace(second=0, microsecond=0)
                low, high = (middle, high) if offset(middle) == now else (low, middle)
            after = offset(high)
            minute = int((high - epoch).total_seconds() // 60)
            changes.append(ClockChange(minute + max(now, after), now, after))
            now = after
        moment = following
    return start, tuple(changes)


def zone_offset(minute: ir.IntegerValue, zone: str, first_year: int, last_year: int) -> ir.Value:
    """Offset from UTC, in minutes, of a local clock time (minutes since 1970).

    A time that exists twice counts as the first of the two; one that does not exist is read with the offset
    before the change.
    """
    start, changes = clock_changes(zone, first_year, last_year)
    if not changes:
        return ibis.literal(start, "int64")
    return ibis.cases(
        *((minute >= change.start, ibis.literal(change.after, "int64")) for change in reversed(changes)),
        else_=ibis.literal(start, "int64"),
    )


def offset_of_utc(minute: ir.IntegerValue, zone: str, first_year: int, last_year: int) -> ir.Value:
    """Offset from UTC, in minutes, that the zone has at a moment (minutes since 1970 in UTC)."""
    start, changes = clock_changes(zone, first_year, last_year)
    if not changes:
        return ibis.literal(start, "int64")
    return ibis.cases(
        *((minute >= change.in_utc, ibis.literal(change.after, "int64")) for change in reversed(changes)),
        else_=ibis.literal(start, "int64"),
    )


def _within(minute: ir.IntegerValue, spans: Iterable[tuple[int, int]]) -> ir.BooleanValue:
    return ibis.or_(
        *((minute >= low) & (minute < high) for low, high in spans if low < high), ibis.literal(False)
    )


def exists_twice(minute: ir.IntegerValue, zone: str, first_year: int, last_year: int) -> ir.BooleanValue:
    """Whether this local time occurs twice, in the night when clocks go back."""
    changes = clock_changes(zone, first_year, last_year)[1]
    return _within(minute, ((change.repeat_start, change.start) for change in changes))


def does_not_exist(minute: ir.IntegerValue, zone: str, first_year: int, last_year: int) -> ir.BooleanValue:
    """Whether this local time is skipped, in the night when clocks go forward."""
    changes = clock_changes(zone, first_year, last_year)[1]
    return _within(minute, ((change.gap_start, change.start) for change in changes))
