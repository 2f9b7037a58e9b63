"""Times in any written form, read in steps that are named or kept between them.

A form is cut into its parts before anything is made of them; each step refers to the columns of the one before, since
an expression that repeated all of them would grow beyond what an engine can plan. `settle` is whatever turns an
expression into a table of its own (kept rows, or a name).
"""

from collections.abc import Callable

import ibis
import ibis.expr.types as ir

from pipelines.checks.columns import DATES, TIMES, rest, unread
from pipelines.errors import Question

DATE_ORDERS = {"DMY": "day before month", "MDY": "month before day"}
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
# Phones put other spaces than the ordinary one before AM and PM.
SPACES = "[\u00a0\u1680\u2000-\u200b\u202f\u205f\u3000\ufeff\\s]+"
YEAR_FIRST = r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})"
YEAR_LAST = r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4}|\d{2})"
MONTH_WORD = f"((?:{'|'.join(MONTHS)})[a-z]*)"
NAMED_DAY_FIRST = rf"(\d{{1,2}})(?:st|nd|rd|th)?[-. ]+{MONTH_WORD}[-., ]+(\d{{4}})"
NAMED_MONTH_FIRST = rf"{MONTH_WORD}[. ]+(\d{{1,2}})(?:st|nd|rd|th)?,? +(\d{{4}})"
DATE = f"(?:{YEAR_FIRST}|{YEAR_LAST}|{NAMED_DAY_FIRST}|{NAMED_MONTH_FIRST})"
CLOCK = r"(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,]\d+)?)?(?: ?([ap])\.?m\.?)?"
CLOCK_GROUPS = 4
OFFSET = r"(?: ?(z|utc|gmt|[+-]\d{2}(?::?\d{2})?))?"
WEEKDAY = r"(?:(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*[.,]? ?)?"
WHOLE = f"^(?:{WEEKDAY}{DATE}(?:,? ?(?:t|at)? ?{CLOCK}{OFFSET})?|{CLOCK},? {WEEKDAY}{DATE})$"
OFFSET_SUFFIX = "_offset"
UTC_SUFFIX = "_utc"
UNREADABLE = "unreadable_"

Settle = Callable[[str, ir.Table], ir.Table]


def tidy(text: ir.StringValue) -> ir.StringValue:
    """Lower case, one ordinary space for any run of Unicode spaces, none at the ends; NULL when nothing is left."""
    return text.re_replace(SPACES, " ").strip().lower().nullif("")


def unread_times(staged: ir.Table) -> list[str]:
    """Time columns with cells in another form than the plain one."""
    return [name for name in TIMES + DATES if unread(staged, name) is not None]


def _part(name: str, part: str) -> str:
    return f"{name}__{part}"


def _either(*choices: ir.StringValue) -> ir.StringValue:
    return ibis.coalesce(*(choice.nullif("") for choice in choices), "")


def _cut(name: str, table: ir.Table) -> dict[str, ir.Value]:
    """The parts of one column's texts, "" where a form has none of that part, or the text is no time."""
    date, text = table[_part(name, "date")], table[_part(name, "text")]

    def of(pattern: str, group: int) -> ir.StringValue:
        return date.re_extract(f"^{pattern}$", group)

    word = _either(of(NAMED_DAY_FIRST, 2), of(NAMED_MONTH_FIRST, 1)).substr(0, 3)
    number = word.cases(*((month, f"{at:02d}") for at, month in enumerate(MONTHS, start=1)), else_="")
    year = (of(YEAR_FIRST, 1), of(YEAR_LAST, 3), of(NAMED_DAY_FIRST, 3), of(NAMED_MONTH_FIRST, 3))
    parts = {
        "year": _either(*year),
        "month": _either(of(YEAR_FIRST, 2), number),
        "day": _either(of(YEAR_FIRST, 3), of(NAMED_DAY_FIRST, 1), of(NAMED_MONTH_FIRST, 2)),
        "first": of(YEAR_LAST, 1),
        "second": of(YEAR_LAST, 2),
        "hour": text.re_extract(CLOCK, 1),
        "minute": text.re_extract(CLOCK, 2),
        "seconds": text.re_extract(CLOCK, 3),
        "half": text.re_extract(CLOCK, 4),
        "offset": text.re_extract(CLOCK + OFFSET + "$", CLOCK_GROUPS + 1),
    }
    return {_part(name, part): value for part, value in parts.items()}


def cut_times(staged: ir.Table, settle: Settle) -> ir.Table:
    """Add the parts of every unread time as text columns, and `NAME__said`, whether its cell says anything."""
    names = unread_times(staged)
    tidied = settle(
        "tidy", staged.mutate(**{_part(name, "said"): tidy(staged[rest(name)]) for name in names})
    )
    known = {
        _part(name, "text"): ibis.ifelse(said.re_search(WHOLE), said, "")
        for name in names
        for said in (tidied[_part(name, "said")],)
    }
    texts = settle("known", tidied.mutate(**known))
    dates = {_part(name, "date"): texts[_part(name, "text")].re_extract(DATE, 0) for name in names}
    dated = settle("dated", texts.mutate(**dates))
    return dated.mutate(**{key: value for name in names for key, value in _cut(name, dated).items()})


def order_evidence(cut: ir.Table) -> dict[str, ir.Value]:
    """Aggregates that tell day-first from month-first dates, over all time columns of a source together.

    `order_first` and `order_second` are the largest first and second number of dates such as 3/4/2024,
    `order_open` counts those whose two numbers differ and are both at most 12. `halves` counts starts with AM or PM. Takes a table of `cut_times`.
    """
    first, second, still_open = ibis.literal(0), ibis.literal(0), ibis.literal(0)
    for name in unread_times(cut):
        a = cut[_part(name, "first")].try_cast("int32")
        b = cut[_part(name, "second")].try_cast("int32")
        first = ibis.greatest(first, a.max().fill_null(0))
        second = ibis.greatest(second, b.max().fill_null(0))
        still_open = still_open + ((a != b) & (a <= 12) & (b <= 12)).sum().fill_null(0)
    return {
        "order_first": first,
        "order_second": second,
        "order_open": still_open,
        "halves": _halves(cut),
    }


def _halves(cut: ir.Table) -> ir.Value:
    """How many starts say AM or PM."""
    name = "started_at"
    if name not in unread_times(cut):
        return ibis.literal(0)
    return (cut[_part(name, "half")] != "").sum().fill_null(0)


def decide_order(
    name: str,
    stated: str | None,
    first: int,
    second: int,
    still_open: int,
    by_format: str | None = None,
) -> str:
    """DMY or MDY for one source.

    The study's own word decides; else one date whose first (or second) number is above 12 decides for the whole
    file; else what the format is known to write (`by_format`). Raises Question naming the file when the dates
    contradict each other or nothing decides.
    """
    if stated:
        return stated
    if first > 12 and second > 12:
        raise Question(
            f'{name}: some dates are day/month and some month/day; mend the file, or say date_order = "DMY" or '
            '"MDY" in the study file and the others are set aside.',
            "date_order",
            DATE_ORDERS,
        )
    if first > 12:
        return "DMY"
    if second > 12 or not still_open:
        return "MDY"
    if by_format:
        return by_format
    raise Question(
        f'{name}: the dates may be day/month or month/day; say date_order = "DMY" or "MDY" in the study file.',
        "date_order",
        DATE_ORDERS,
    )


def _numbers(name: str, cut: ir.Table, day_first: ir.BooleanValue) -> dict[str, ir.Value]:
    """The parts as a date and as numbers, NULL where they are none."""

    def part(key: str) -> ir.StringValue:
        return cut[_part(name, key)]

    def number(key: str) -> ir.IntegerValue:
        return part(key).nullif("").try_cast("int64")

    month = ibis.coalesce(part("month").nullif(""), ibis.ifelse(day_first, part("second"), part("first")))
    day = ibis.coalesce(part("day").nullif(""), ibis.ifelse(day_first, part("first"), part("second")))
    year = ibis.ifelse(part("year").length() == 2, ibis.literal("20") + part("year"), part("year"))
    digits = part("offset").re_replace("[^0-9]", "")
    return {
        _part(name, "at"): (year + "-" + month.lpad(2, "0") + "-" + day.lpad(2, "0")).try_cast("timestamp"),
        _part(name, "hours"): number("hour"),
        _part(name, "minutes"): number("minute"),
        _part(name, "rest_seconds"): number("seconds").fill_null(0),
        _part(name, "shift"): digits.substr(0, 2).nullif("").try_cast("int64") * 60
        + digits.substr(2, 2).nullif("").try_cast("int64").fill_null(0),
    }


def _moment(name: str, cut: ir.Table) -> ir.TimestampValue:
    """Date and clock as one time; NULL for a time that no clock shows, and without a clock where one is needed."""
    half, written = cut[_part(name, "half")], cut[_part(name, "hours")]
    minute, seconds = cut[_part(name, "minutes")].fill_null(0), cut[_part(name, "rest_seconds")]
    hour = ibis.cases(
        ((half == "p") & (written < 12), written + 12),
        ((half == "a") & (written == 12), ibis.literal(0, "int64")),
        else_=written,
    ).fill_null(0)
    impossible = (hour > 24) | (minute > 59) | (seconds > 60) | ((hour == 24) & (minute + seconds > 0))
    impossible = impossible | ((half == "a") & (written > 12))
    if name in TIMES:
        impossible = impossible | written.isnull()
    passed = ibis.interval(1, unit="s") * (hour * 3600 + minute * 60 + seconds)
    return ibis.ifelse(impossible.fill_null(False), None, cut[_part(name, "at")] + passed)


def read_times(cut: ir.Table, day_first: ir.BooleanValue, settle: Settle) -> ir.Table:
    """Read the times that are not plain yet, from a table of `cut_times`; to be kept before more is computed.

    12-hour and 24-hour clocks, hour 24 (the next day's midnight), hour 0 with AM, month names, time before date,
    two-digit years (20YY), zone offsets and Z. Each column becomes the clock as written, with NAME_offset (minutes
    from UTC, NULL where none is stated), NAME_utc (it ends in Z) and `unreadable_NAME`.
    """
    names = unread_times(cut)
    numbers = settle(
        "numbers",
        cut.mutate(**{key: value for name in names for key, value in _numbers(name, cut, day_first).items()}),
    )
    columns: dict[str, ir.Value] = {}
    for name in names:
        offset, said = numbers[_part(name, "offset")], numbers[_part(name, "said")]
        shift = numbers[_part(name, "shift")].fill_null(0)
        signed = ibis.ifelse(offset.substr(0, 1) == "-", -shift, shift)
        read = _moment(name, numbers)
        columns[name] = ibis.coalesce(numbers[name], read)
        columns[name + OFFSET_SUFFIX] = ibis.ifelse(offset == "", None, signed).cast("int64")
        columns[name + UTC_SUFFIX] = offset.isin(["z", "utc", "gmt"]).fill_null(False)
        columns[UNREADABLE + name] = said.notnull() & read.isnull()
    read_in = numbers.mutate(**columns)
    parts = [column for column in read_in.columns if "__" in column]
    return read_in.drop(*parts, *(rest(name) for name in names))
