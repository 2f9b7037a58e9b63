"""Durations and times that a study file says are written in another way than minutes and dates."""

import ibis
import ibis.expr.types as ir

_DAYS_BEFORE_1970 = 25_569
_CLOCK = r"^(\d{1,3}):(\d{1,2})(?::(\d{1,2}))?$"
_HOURS = r"(\d+(?:[.,]\d+)?) ?(?:h|hr|hrs|hour|hours|std)\b"
_MINUTES = r"(\d+(?:[.,]\d+)?) ?(?:m|min|mins|minute|minutes)\b"
_SECONDS = r"(\d+(?:[.,]\d+)?) ?(?:s|sec|secs|second|seconds)\b"


def _number(text: ir.StringValue) -> ir.FloatingValue:
    return text.replace(",", ".").nullif("").try_cast("float64")


def in_minutes(cell: ir.StringValue, written: str) -> ir.StringValue:
    """Minutes as text for a duration in the form `written` (a key of `study.DURATIONS`).

    What does not have that form stays as it is, so that a check sets it aside with its row.
    """
    text = cell.strip().lower()
    first, second, third = (_number(text.re_extract(_CLOCK, group)) for group in (1, 2, 3))
    of_three = first * 60 + second + third.fill_null(0) / 60
    hours, minutes, seconds = (
        _number(text.re_extract(pattern, 1)) for pattern in (_HOURS, _MINUTES, _SECONDS)
    )
    said = hours.notnull() | minutes.notnull() | seconds.notnull()
    in_words = hours.fill_null(0) * 60 + minutes.fill_null(0) + seconds.fill_null(0) / 60
    value: ir.Value = {
        "h:mm": of_three,
        # Three parts are hours, minutes and seconds whatever two parts are.
        "m:ss": ibis.ifelse(third.notnull(), of_three, first + second / 60),
        "seconds": _number(text) / 60,
        "hours": _number(text) * 60,
        "words": ibis.ifelse(said, in_words, ibis.null("float64")),
    }[written]
    return ibis.coalesce(value.cast("string"), cell)


def counted_time(cell: ir.StringValue, written: str) -> ir.StringValue:
    """The time for a count of seconds or days (a key of `study.EPOCHS`); what is no such count stays as it is.

    Seconds since 1970 become the time in UTC, as text that ends in Z; a spreadsheet's days, of which 25,569 lie before
    1970 in the calendar that begins in 1900, become the local clock.
    """
    if written == "excel_days":
        days = _number(cell.strip())
        # Beyond these, from 1954 to 2119, it is hardly a date.
        days = ibis.ifelse(days.between(20_000, 80_000), days, ibis.null("float64"))
        local = ((days - _DAYS_BEFORE_1970) * 86_400).round().cast("int64").as_timestamp("s")
        return ibis.coalesce(local.strftime("%Y-%m-%d %H:%M:%S"), cell)
    seconds = _number(cell.strip()) / (1000 if written == "epoch_ms" else 1)
    # Beyond these the count is none of seconds, and no engine could make a date of it.
    seconds = ibis.ifelse(seconds.between(0, 4e9), seconds, ibis.null("float64"))
    moment = seconds.floor().cast("int64").as_timestamp("s")
    return ibis.coalesce(moment.strftime("%Y-%m-%d %H:%M:%SZ"), cell)
