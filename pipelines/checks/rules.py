"""Rules on values: which rows are set aside, with what message, and which are kept but counted.

A message says what is wrong and what to do. It quotes a number only where a number identifies nobody, and never a
date, a name or free text.
"""

import dataclasses
import datetime
from collections.abc import Mapping
from dataclasses import dataclass

import ibis
import ibis.expr.types as ir

from pipelines.checks.columns import optional
from pipelines.checks.passes import PASS
from pipelines.checks.written_times import UNREADABLE
from pipelines.codebook import Codebook, Factor
from pipelines.settings import Settings

READER_MESSAGES = {
    "ragged_row": "the row has more cells than the header; look for a stray separator.",
    "unclosed_quote": "a quotation mark is opened and never closed; mend it in the file.",
    "item_out_of_range": "an answer of this questionnaire is none of its answers; correct it, name the code of missing "
    "answers (missing_codes), or recode the answers in the study file.",
    "broken_json": "the line is no valid JSON; export it again.",
    "no_resource": "the entry holds no resource of FHIR; export it again.",
    "truncated_row": "the row is cut off; export the file again.",
    "several_answers": "two columns that the study file names for one answer are both filled; leave one of them.",
    "no_type": "the row does not say what kind of event it is; mend it in the file.",
    "no_entry": "this entry is not one of the app's; export the file again.",
    "unknown_side": "the code of the side is none that the format knows; mend it in the file.",
    "other_side_unreadable": "the other breast of this session could not be read, so its total is not known; mend "
    "that row.",
}
ANTENATAL = "the session lies before the birth; check the birth date."
SESSION, DAY, BASELINE, OTHER = "session", "day", "baseline", "other"


@dataclass(frozen=True)
class Problem:
    """One reason for which a row is set aside, where `condition` is true; `message` is text or an expression."""

    field: str | ir.StringValue
    code: str | ir.StringValue
    condition: ir.BooleanValue
    message: str | ir.StringValue


@dataclass(frozen=True)
class Remark:
    """Something odd about rows that are kept; `sentence` is completed with the number of rows."""

    code: str
    condition: ir.BooleanValue
    sentence: str


LARGEST_QUOTED = 9999


def _number_text(value: ir.NumericValue) -> ir.StringValue:
    """A number as people write it: no trailing .0, at most two decimals.

    Five digits or more are not repeated: in a wrong column they may be a date or a telephone number.
    """
    rounded = value.round(2)
    whole = rounded == rounded.floor()
    written = ibis.ifelse(whole, rounded.cast("int64").cast("string"), rounded.cast("string"))
    return ibis.cases(
        (rounded > LARGEST_QUOTED, f"more than {LARGEST_QUOTED}"),
        (rounded < -LARGEST_QUOTED, f"less than -{LARGEST_QUOTED}"),
        else_=written,
    )


def _outside(
    cells: ir.Table, column: str, low: float, high: float, words: str, unit: str, advice: str
) -> list[Problem]:
    """A number below `low` or above `high`, the limits themselves being allowed; `advice` is for what lies above."""
    value = cells[column]
    quoted = ibis.literal(f"{words} is ") + _number_text(value)
    return [
        Problem(column, "below_limit", (value < low), quoted + f" {unit}, below {low:g} {unit}; correct it."),
        Problem(column, "above_limit", (value > high), quoted + f" {unit}, above {high:g} {unit}; {advice}"),
    ]


def _unreadable(cells: ir.Table, column: str, words: str, advice: str) -> list[Problem]:
    name = UNREADABLE + column
    if name not in cells.columns:
        return []
    return [Problem(column, "unreadable", cells[name], f"{words} could not be read; {advice}.")]


def _reader_problems(cells: ir.Table) -> list[Problem]:
    """Rows that the reader itself could not make sense of."""
    if "problem_code" not in cells.columns:
        return []
    message = ibis.cases(
        *((cells.problem_code == code, words) for code, words in READER_MESSAGES.items()),
        else_="the row does not follow the file's format; mend it in the file.",
    )
    field = optional(cells, "problem_field").fill_null("row")
    return [Problem(field, cells.problem_code, cells.problem_code.notnull(), message)]


def _time_problems(cells: ir.Table, today: int, settings: Settings) -> list[Problem]:
    session = cells.kind == SESSION
    no_start = cells.minute.isnull()
    start_day = cells.minute // 1440
    earliest = settings["limits.earliest_year"]
    first_day = (datetime.date(earliest, 1, 1) - datetime.date(1970, 1, 1)).days
    late = "the time lies in the future; check the date and its order of day and month."
    early = f"the time lies before {earliest}; check the clock of the device."
    problems = [
        *_unreadable(cells, "started_at", "the start", "write it as YYYY-MM-DD HH:MM"),
        *_unreadable(cells, "ended_at", "the end", "write it as YYYY-MM-DD HH:MM"),
        *_unreadable(cells, "date", "the date", "write it as YYYY-MM-DD"),
        *_unreadable(cells, "birth_date", "the birth date", "write it as YYYY-MM-DD"),
        Problem("started_at", "future", (session & (start_day > today + 1)), late),
        Problem("started_at", "too_early", (session & (start_day < first_day)), early),
        Problem("date", "future", (cells.kind == DAY) & (cells.day > today + 1), late),
        Problem("date", "too_early", (cells.day < first_day), early),
        Problem("birth_date", "future", (cells.birth_day > today + 1), late),
    ]
    missing = session & no_start & ~cells[UNREADABLE + "started_at"]
    problems.append(
        Problem("started_at", "missing", missing, "the session has no start; add its date and time.")
    )
    no_day = (cells.kind == DAY) & cells.day.isnull() & ~cells[UNREADABLE + "date"]
    problems.append(Problem("date", "missing", no_day, "the answers have no date; add it."))
    return problems


def _end_problems(cells: ir.Table, has_zone: bool) -> list[Problem]:
    if "elapsed_min" not in cells.columns:
        return []
    # Without a zone, an end up to an hour early may be the night in which clocks go back.
    limit = 0 if has_zone else -60
    condition = (cells.kind == SESSION) & (cells.elapsed_min < limit)
    return [
        Problem(
            "ended_at",
            "before_start",
            condition,
            "the session ends before it starts; check both times.",
        )
    ]


def _session_problems(cells: ir.Table, settings: Settings) -> list[Problem]:
    unit_advice = "check the unit and whether several sessions were added up."
    one, both = settings["limits.one_breast_reject_ml"], settings["limits.both_breasts_reject_ml"]
    longest = settings["limits.duration_reject_min"]
    problems = [
        *_outside(cells, "volume_left_ml", 0, one, "the left volume", "mL", unit_advice),
        *_outside(cells, "volume_right_ml", 0, one, "the right volume", "mL", unit_advice),
        *_outside(cells, "volume_ml", 0, both, "the total volume", "mL", unit_advice),
        *_outside(
            cells, "duration_min", 0, longest, "the duration", "minutes", "check for a forgotten timer."
        ),
    ]
    in_session = cells.kind == SESSION
    limited = [Problem(each.field, each.code, in_session & each.condition, each.message) for each in problems]
    unreadable = [
        *_unreadable(cells, "volume_left", "the left volume", "write a number with mL or oz"),
        *_unreadable(cells, "volume_right", "the right volume", "write a number with mL or oz"),
        *_unreadable(cells, "volume_total", "the total volume", "write a number with mL or oz"),
        *_unreadable(cells, "duration_min", "the duration", "write minutes as a number"),
        *_unreadable(
            cells, "tried_nothing_came", "'tried, nothing came'", "write yes, no, or leave it blank"
        ),
    ]
    return limited + unreadable + _contradictions(cells, in_session)


def _contradictions(cells: ir.Table, in_session: ir.BooleanValue) -> list[Problem]:
    """A session that says both that nothing came and how much came."""
    if "tried_nothing_came" not in cells.columns:
        return []
    volumes = (cells.volume_left_ml, cells.volume_right_ml, cells.volume_ml)
    some = ibis.or_(*(volume.fill_null(0) > 0 for volume in volumes))
    message = "it says that nothing came and also how much came; correct one of the two."
    return [
        Problem("tried_nothing_came", "contradicts", in_session & cells.tried_nothing_came & some, message)
    ]


def _range(
    factor: Factor, codebook: Codebook, instrument: str | ir.StringValue | None
) -> tuple[ir.Value, ir.Value]:
    """The lowest and highest value: of the named questionnaire where one is named, else of the factor itself."""
    ranges = {
        each.id: (float(each.total_minimum), float(each.total_maximum))
        for each in codebook.instruments.values()
        if each.factor == factor.id
    }
    own = float(factor.minimum or 0), float(factor.maximum or 0)
    if isinstance(instrument, str) or instrument is None or not ranges:
        low, high = ranges.get(instrument, own) if isinstance(instrument, str) else own
        return ibis.literal(low), ibis.literal(high)
    lows = ibis.cases(*((instrument == name, low) for name, (low, _) in ranges.items()), else_=own[0])
    highs = ibis.cases(*((instrument == name, high) for name, (_, high) in ranges.items()), else_=own[1])
    return lows, highs


def _factor_problems(
    cells: ir.Table, codebook: Codebook, factors: list[str], instruments: Mapping[str, str | ir.StringValue]
) -> list[Problem]:
    problems = []
    for name in factors:
        factor = codebook.factors[name]
        if not factor.is_numeric:
            codes = ", ".join(level.code for level in factor.levels)
            problems += _unreadable(
                cells, name, "the answer is none of the known ones and", f"use one of: {codes}"
            )
            continue
        problems += _unreadable(cells, name, "the answer", "write a number")
        low, high = _range(factor, codebook, instruments.get(name))
        value = cells[name]
        quoted = ibis.literal("the answer is ") + _number_text(value)
        allowed = (
            ibis.literal("; allowed are ")
            + _number_text(low)
            + " to "
            + _number_text(high)
            + f" {factor.unit}."
        )
        problems.append(Problem(name, "out_of_range", (value < low) | (value > high), quoted + allowed))
    return problems


def problems(
    cells: ir.Table,
    codebook: Codebook,
    settings: Settings,
    *,
    today: int,
    has_zone: bool,
    factors: list[str],
    instruments: Mapping[str, str | ir.StringValue],
) -> list[Problem]:
    """All rules that set a row aside, for a table of `read_cells`.

    `today` is in days since 1970. `instruments` names, for a numeric factor, the questionnaire it came from.
    """
    participant = Problem(
        "participant",
        "missing",
        cells.participant.isnull(),
        "no participant is named; fill in the participant's id.",
    )
    return [
        *_reader_problems(cells),
        participant,
        *_time_problems(cells, today, settings),
        *_end_problems(cells, has_zone),
        *_session_problems(cells, settings),
        *_factor_problems(cells, codebook, factors, instruments),
    ]


def antenatal(day_postpartum: ir.IntegerValue) -> Problem:
    """Milk expressed before the birth: real, but no session of the questions asked here."""
    return Problem("started_at", "antenatal", (day_postpartum < 0), ANTENATAL)


def _session_remarks(cells: ir.Table, settings: Settings) -> list[Remark]:
    """What is odd about the values of a session."""
    one, both = settings["limits.one_breast_warn_ml"], settings["limits.both_breasts_warn_ml"]
    left, right, total = cells.volume_left_ml, cells.volume_right_ml, cells.volume_ml
    differ = ibis.greatest(settings["limits.sides_differ_ml"], settings["limits.sides_differ_share"] * total)
    short, long = settings["limits.duration_warn_below_min"], settings["limits.duration_warn_above_min"]
    sum_is_off = (left + right - total).abs() > differ
    return [
        Remark("large_side", (left > one) | (right > one), f"one breast above {one:g} mL"),
        Remark("large_total", total > both, f"both breasts above {both:g} mL"),
        Remark("sides_differ", sum_is_off, "left and right do not add up to the total"),
        Remark("short", cells.duration_min < short, f"shorter than {short:g} minutes"),
        Remark("long", cells.duration_min > long, f"longer than {long:g} minutes"),
        Remark("zero", (total == 0) | (left == 0) | (right == 0), "a volume of 0"),
    ]


def _time_remarks(cells: ir.Table, settings: Settings) -> list[Remark]:
    """What is odd about the time of a session, where the zone, the end or the birth is known."""
    found = []
    if "elapsed_min" in cells.columns:
        words = "the end is before the start, as in the night when clocks go back; say timezone"
        found.append(Remark("clock_change", cells.elapsed_min.between(-60, -1), words))
    if "exists_twice" in cells.columns:
        told = cells[PASS].notnull() if PASS in cells.columns else ibis.literal(False)
        twice = "the hour exists twice that night; taken as the first"
        in_order = "the hour exists twice that night; which of the two is told by the order of the rows"
        never = "the clock skipped that hour; taken as an hour later"
        found.append(Remark("exists_twice", cells.exists_twice & ~told, twice))
        found.append(Remark("told_by_order", cells.exists_twice & told, in_order))
        found.append(Remark("does_not_exist", cells.does_not_exist, never))
    if "birth_day_known" in cells.columns:
        day = cells.minute // 1440 - cells.birth_day_known
        first, most = settings["limits.first_days_last_day"], settings["limits.first_days_warn_ml"]
        last = settings["limits.day_postpartum_warn"]
        early = (day <= first) & (cells.volume_ml > most)
        found.append(Remark("early_volume", early, f"above {most:g} mL up to day {first}"))
        found.append(Remark("late_day", day > last, f"more than {last} days after the birth"))
    return found


def _factor_remarks(cells: ir.Table, codebook: Codebook, factors: list[str]) -> list[Remark]:
    """Answers that are possible and rare."""
    found = []
    if "was_fahrenheit" in cells.columns:
        found.append(Remark("fahrenheit", cells.was_fahrenheit, "temperature read as Fahrenheit"))
    for name in factors:
        factor = codebook.factors[name]
        if not factor.is_numeric:
            continue
        words = f"{factor.label} {{}} {{:g}} {factor.unit}"
        if factor.warn_below is not None:
            below = cells[name] < factor.warn_below
            found.append(Remark(f"{name}_below", below, words.format("below", factor.warn_below)))
        if factor.warn_above is not None:
            above = cells[name] > factor.warn_above
            found.append(Remark(f"{name}_above", above, words.format("above", factor.warn_above)))
    return found


def remarks(cells: ir.Table, codebook: Codebook, settings: Settings, factors: list[str]) -> list[Remark]:
    """Rules that keep a row but count it, for a table of `read_cells`."""
    of_sessions = [
        dataclasses.replace(each, condition=(cells.kind == SESSION) & each.condition)
        for each in (*_session_remarks(cells, settings), *_time_remarks(cells, settings))
    ]
    return of_sessions + _factor_remarks(cells, codebook, factors)
