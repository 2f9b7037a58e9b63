"""Times: any written form to the local clock, day/month order by the evidence of a whole file, clock changes."""

import datetime
import zoneinfo
from collections.abc import Iterable
from dataclasses import dataclass

import ibis
import ibis.expr.types as ir

from pipelines.checks.columns import times_in, unread
from pipelines.errors import InputError

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
# Phones put other spaces than the ordinary one before AM and PM.
SPACES = "[\u00a0\u1680\u2000-\u200b\u202f\u205f\u3000\ufeff\\s]+"
YEAR_FIRST = r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})"
YEAR_LAST = r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4}|\d{2})"
NAMED_DAY_FIRST = r"(\d{1,2})(?:st|nd|rd|th)?[-. ]+([a-z]{3,9})[-., ]+(\d{4})"
NAMED_MONTH_FIRST = r"([a-z]{3,9})[. ]+(\d{1,2})(?:st|nd|rd|th)?,? +(\d{4})"
DATE = f"(?:{YEAR_FIRST}|{YEAR_LAST}|{NAMED_DAY_FIRST}|{NAMED_MONTH_FIRST})"
CLOCK = r"(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,]\d+)?)?(?: ?([ap])\.?m\.?)?"
OFFSET = r"(?: ?(z|utc|gmt|[+-]\d{2}(?::?\d{2})?))?"
WEEKDAY = r"(?:(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*[.,]? ?)?"
FORMS = (
    f"^{WEEKDAY}{DATE}(?:,? ?(?:t|at)? ?{CLOCK}{OFFSET})?$",
    f"^{CLOCK},? {WEEKDAY}{DATE}$",
)


def _groups(pattern: str) -> int:
    """How many groups a pattern captures."""
    return sum(
        1
        for at, sign in enumerate(pattern)
        if sign == "(" and pattern[at + 1 : at + 2] != "?" and pattern[at - 1] != "\\"
    )


def tidy(text: ir.StringValue) -> ir.StringValue:
    """Lower case, one ordinary space for any run of Unicode spaces, none at the ends; NULL when nothing is left."""
    return text.re_replace(SPACES, " ").strip().lower().nullif("")


@dataclass(frozen=True)
class Written:
    """The parts of a written time, as text ("" where the form has none). One of the date forms is filled."""

    year: ir.StringValue
    month: ir.StringValue
    day: ir.StringValue
    first: ir.StringValue
    second: ir.StringValue
    hour: ir.StringValue
    minute: ir.StringValue
    seconds: ir.StringValue
    half: ir.StringValue
    offset: ir.StringValue


def _parts(text: ir.StringValue) -> Written:
    """Cut a tidied text into date and clock; everything is "" when the text is no time at all."""
    whole = ibis.or_(*(text.re_search(form) for form in FORMS))
    known = ibis.ifelse(whole, text, "")
    head, tail = known.re_extract(DATE, 0), known

    def of(pattern: str, group: int) -> ir.StringValue:
        return head.re_extract(f"^{pattern}$", group)

    def either(*choices: ir.StringValue) -> ir.StringValue:
        return ibis.coalesce(*(choice.nullif("") for choice in choices)).fill_null("")

    named = either(of(NAMED_DAY_FIRST, 2), of(NAMED_MONTH_FIRST, 1)).substr(0, 3)
    month_number = ibis.cases(
        *((named == name, f"{at:02d}") for at, name in enumerate(MONTHS, start=1)), else_=""
    )
    return Written(
        year=either(of(YEAR_FIRST, 1), of(YEAR_LAST, 3), of(NAMED_DAY_FIRST, 3), of(NAMED_MONTH_FIRST, 3)),
        month=either(of(YEAR_FIRST, 2), month_number),
        day=either(of(YEAR_FIRST, 3), of(NAMED_DAY_FIRST, 1), of(NAMED_MONTH_FIRST, 2)),
        first=of(YEAR_LAST, 1),
        second=of(YEAR_LAST, 2),
        hour=tail.re_extract(CLOCK, 1),
        minute=tail.re_extract(CLOCK, 2),
        seconds=tail.re_extract(CLOCK, 3),
        half=tail.re_extract(CLOCK, 4),
        offset=tail.re_extract(CLOCK + OFFSET + "$", _groups(CLOCK) + 1),
    )


def order_evidence(staged: ir.Table) -> dict[str, ir.Value]:
    """Aggregates that tell day-first from month-first dates, over all time columns of a source together.

    `order_first` and `order_second` are the largest first and second number of dates such as 3/4/2024,
    `order_open` counts those whose two numbers differ and are both at most 12.
    """
    first, second, open_dates = [], [], []
    for name in times_in(staged):
        text = unread(staged, name)
        if text is None:
            continue
        parts = _parts(tidy(text))
        a, b = parts.first.try_cast("int32"), parts.second.try_cast("int32")
        first.append(a.max())
        second.append(b.max())
        open_dates.append(((a != b) & (a <= 12) & (b <= 12)).sum())
    return {
        "order_first": ibis.greatest(*(value.fill_null(0) for value in first), 0),
        "order_second": ibis.greatest(*(value.fill_null(0) for value in second), 0),
        "order_open": sum((value.fill_null(0) for value in open_dates), start=ibis.literal(0)),
    }


def decide_order(name: str, stated: str | None, first: int, second: int, still_open: int) -> str:
    """DMY or MDY for one source.

    The study's own word decides; else one date whose first (or second) number is above 12 decides for the whole
    file. Raises InputError naming the file when the dates contradict each other or nothing decides.
    """
    if stated:
        return stated
    if first > 12 and second > 12:
        raise InputError(
            f'{name}: some dates are day/month and some month/day; mend the file, or say date_order = "DMY" or '
            '"MDY" in the study file and the others are set aside.'
        )
    if first > 12:
        return "DMY"
    if second > 12 or not still_open:
        return "MDY"
    raise InputError(
        f'{name}: the dates may be day/month or month/day; say date_order = "DMY" or "MDY" in the study file.'
    )


def read_time(
    text: ir.StringValue, day_first: ir.BooleanValue, needs_clock: bool = False
) -> tuple[ir.Value, ir.Value]:
    """Read any known written form: the local clock as written (TIMESTAMP), and its offset from UTC in minutes.

    12-hour and 24-hour clocks, hour 24 (the next day's midnight), hour 0 with AM, month names, time before date,
    two-digit years (20YY), zone offsets and Z. NULL where the text is no time; a date alone is its midnight, or
    NULL too when `needs_clock`.
    """
    parts = _parts(tidy(text))
    month = parts.month.nullif("").coalesce(ibis.ifelse(day_first, parts.second, parts.first))
    day = parts.day.nullif("").coalesce(ibis.ifelse(day_first, parts.first, parts.second))
    year = ibis.ifelse(parts.year.length() == 2, ibis.literal("20") + parts.year, parts.year)
    date = (year + "-" + month.lpad(2, "0") + "-" + day.lpad(2, "0")).try_cast("timestamp")
    written = parts.hour.nullif("").try_cast("int64").fill_null(0)
    minute = parts.minute.nullif("").try_cast("int64").fill_null(0)
    seconds = parts.seconds.nullif("").try_cast("int64").fill_null(0)
    hour = ibis.cases(
        ((parts.half == "p") & (written < 12), written + 12),
        ((parts.half == "a") & (written == 12), ibis.literal(0, "int64")),
        else_=written,
    )
    impossible = (
        (hour > 24)
        | (minute > 59)
        | (seconds > 60)
        | ((hour == 24) & (minute > 0))
        | ((parts.half == "a") & (written > 12))
    )
    if needs_clock:
        impossible = impossible | (parts.hour == "")
    moment = date + ibis.interval(1, unit="s") * (hour * 3600 + minute * 60 + seconds)
    sign = ibis.ifelse(parts.offset.substr(0, 1) == "-", -1, 1)
    digits = parts.offset.re_replace("[^0-9]", "")
    offset = ibis.cases(
        (parts.offset == "", ibis.null("int64")),
        (digits == "", ibis.literal(0, "int64")),
        else_=sign
        * (
            digits.substr(0, 2).try_cast("int64") * 60
            + digits.substr(2, 2).nullif("").try_cast("int64").fill_null(0)
        ),
    )
    return ibis.ifelse(impossible, ibis.null("timestamp"), moment), offset


def is_utc(text: ir.StringValue) -> ir.BooleanValue:
    """Whether a written time ends in Z, so that its clock is nobody's local clock."""
    return tidy(text).re_search(r"\d ?(z|utc|gmt)$")


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
    def gap_start(self) -> int:
        return self.start - max(0, self.after - self.before)


def clock_changes(zone: str, first_year: int, last_year: int) -> tuple[int, list[ClockChange]]:
    """The zone's offset before `first_year`, in minutes, and its clock changes up to the end of `last_year`."""
    info = zoneinfo.ZoneInfo(zone)
    utc = datetime.UTC
    epoch = datetime.datetime(1970, 1, 1, tzinfo=utc)

    def offset(moment: datetime.datetime) -> int:
        shift = moment.astimezone(info).utcoffset()
        return int(shift.total_seconds() // 60) if shift else 0

    moment = datetime.datetime(first_year, 1, 1, tzinfo=utc)
    end = datetime.datetime(last_year + 1, 1, 1, tzinfo=utc)
    start, changes = offset(moment), []
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
    return start, changes


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
