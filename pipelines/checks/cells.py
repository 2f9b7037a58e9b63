"""Every cell of an extract to its canonical value, in one expression for small frames and lazy tables."""

from dataclasses import dataclass, field

import ibis
import ibis.expr.types as ir

from pipelines.checks.columns import DATES, INSTRUMENT, PROBLEM, TEXTS, TIMES, VOLUMES, factors_in
from pipelines.checks.levels import (
    in_celsius,
    is_temperature,
    level_value,
    number_value,
    ticked_after,
    yes_no_value,
)
from pipelines.checks.passes import PASS
from pipelines.checks.times import does_not_exist, exists_twice, offset_of_utc, zone_offset
from pipelines.checks.units import volume_ml
from pipelines.checks.written_times import OFFSET_SUFFIX, UNREADABLE, UTC_SUFFIX
from pipelines.codebook import Codebook
from pipelines.settings import Settings

MINUTES_A_DAY = 1440


@dataclass(frozen=True)
class Decisions:
    """What was decided for whole files, by `source_rank`; a file in none of the sets needs no such decision.

    `zone` is the study's time zone with the first and last year of the data, None when the study names none.
    """

    in_ounces: frozenset[int] = frozenset()
    in_ml: frozenset[int] = frozenset()
    zero_unmeasured: frozenset[int] = frozenset()
    zone: tuple[str, int, int] | None = None
    sources: int = field(default=1)


def in_sources(staged: ir.Table, ranks: frozenset[int], sources: int) -> ir.BooleanValue:
    """Whether a row's file is one of these; a constant when it is all of them or none."""
    if not ranks:
        return ibis.literal(False)
    if len(ranks) == sources:
        return ibis.literal(True)
    return staged.source_rank.isin(sorted(ranks))


def minutes(moment: ir.TimestampValue) -> ir.IntegerValue:
    """Whole minutes since 1970 on the same clock."""
    return (moment.epoch_seconds() / 60).floor().cast("int64")


def days(moment: ir.TimestampValue) -> ir.IntegerValue:
    """Whole days since 1970 on the same clock."""
    return (moment.epoch_seconds() / (60 * MINUTES_A_DAY)).floor().cast("int64")


def zoned_in_utc(staged: ir.Table) -> list[str]:
    """Time columns of which some cells may end in Z or UTC."""
    return [name for name in TIMES + DATES if name + UTC_SUFFIX in staged.columns]


def on_local_clock(staged: ir.Table, zone: tuple[str, int, int]) -> ir.Table:
    """Times in UTC on the zone's own clock, with their offset; to be kept before more is computed.

    Z is nobody's local clock: with a zone it becomes the study's, without one it stays as written.
    """
    columns: dict[str, ir.Value] = {}
    for name in zoned_in_utc(staged):
        shift = offset_of_utc(minutes(staged[name]), *zone)
        in_utc = staged[name + UTC_SUFFIX].fill_null(False)
        columns[name] = ibis.ifelse(in_utc, staged[name] + ibis.interval(1, unit="m") * shift, staged[name])
        columns[name + OFFSET_SUFFIX] = ibis.ifelse(in_utc, shift, staged[name + OFFSET_SUFFIX])
    return staged.mutate(**columns)


def _time(staged: ir.Table, name: str) -> tuple[ir.Value, ir.Value | None, ir.Value]:
    """One time column: local clock, offset from UTC in minutes (None when no cell states one), unreadable."""
    if name not in staged.columns:
        return ibis.null("timestamp"), None, ibis.literal(False)
    if name + OFFSET_SUFFIX not in staged.columns:
        return staged[name], None, ibis.literal(False)
    return staged[name], staged[name + OFFSET_SUFFIX], staged[UNREADABLE + name]


def _end(
    staged: ir.Table, minute: ir.IntegerValue, end: ir.IntegerValue, settings: Settings
) -> ir.IntegerValue:
    """The end, on the next day where it is a clock only that lies before the start.

    Where the session would then be longer than any can be, the clock is a slip, and the end stays before the start.
    """
    if "end_is_clock" not in staged.columns or "ended_at" not in staged.columns:
        return end
    next_day = end + MINUTES_A_DAY
    after_midnight = (end < minute) & (next_day - minute <= settings["limits.duration_reject_min"])
    is_clock, _ = yes_no_value(staged.end_is_clock)
    return ibis.ifelse((is_clock & after_midnight).fill_null(False), next_day, end)


def _times(staged: ir.Table, decisions: Decisions, settings: Settings) -> dict[str, ir.Value]:
    """Start, end and dates as minutes and days since 1970 on the local clock, and what is odd about them."""
    columns: dict[str, ir.Value] = {}
    started, offset, columns[UNREADABLE + "started_at"] = _time(staged, "started_at")
    ended, end_offset, columns[UNREADABLE + "ended_at"] = _time(staged, "ended_at")
    for name, column in (("date", "day"), ("birth_date", "birth_day")):
        moment, _, columns[UNREADABLE + name] = _time(staged, name)
        columns[column] = days(moment)
    minute = minutes(started)
    end = _end(staged, minute, minutes(ended), settings)
    columns["minute"] = minute
    if decisions.zone:
        zoned = zone_offset(minute, *decisions.zone)
        if PASS in staged.columns:
            columns[PASS] = staged[PASS]
            # An hour on, the clock has the offset of the second pass.
            zoned = ibis.ifelse(staged[PASS] == 2, zone_offset(minute + 60, *decisions.zone), zoned)
        columns["offset"] = zoned if offset is None else ibis.coalesce(offset, zoned)
        # A time that states its offset is one moment, whatever the clocks did.
        open_ = ibis.literal(True) if offset is None else offset.isnull()
        columns["exists_twice"] = open_ & exists_twice(minute, *decisions.zone)
        columns["does_not_exist"] = open_ & does_not_exist(minute, *decisions.zone)
        zoned_end = zone_offset(end, *decisions.zone)
        end_offset = zoned_end if end_offset is None else ibis.coalesce(end_offset, zoned_end)
        elapsed = (end - end_offset) - (minute - columns["offset"])
        # The end fell into the second pass through an hour that exists twice.
        repeated = (elapsed < 0) & exists_twice(end, *decisions.zone)
        elapsed = ibis.ifelse(repeated, elapsed + 60, elapsed)
    else:
        elapsed = end - minute
        if offset is not None:
            columns["offset"] = offset
            if end_offset is not None:
                elapsed = elapsed - (end_offset - offset).fill_null(0)
    if "ended_at" in staged.columns:
        columns["elapsed_min"] = elapsed.cast("float64")
    return columns


def _volumes(staged: ir.Table, decisions: Decisions, settings: Settings) -> dict[str, ir.Value]:
    """Left, right and total in mL; the total is taken as given, else the sum where both sides are known."""
    ounces = in_sources(staged, decisions.in_ounces, decisions.sources)
    millilitres = in_sources(staged, decisions.in_ml, decisions.sources)
    file_unit = ibis.cases((ounces, "oz"), (millilitres, "ml"))
    columns: dict[str, ir.Value] = {}
    for name in VOLUMES:
        if name not in staged.columns:
            columns[name + "_ml"] = ibis.null("float64")
            continue
        value, unreadable = volume_ml(staged, name, file_unit, settings["limits.ml_per_ounce"])
        if decisions.zero_unmeasured:
            unmeasured = in_sources(staged, decisions.zero_unmeasured, decisions.sources)
            value = ibis.ifelse(unmeasured, value.nullif(0), value)
        columns[name + "_ml"] = value
        columns[UNREADABLE + name] = unreadable
    both = columns["volume_left_ml"] + columns["volume_right_ml"]
    given = columns.pop("volume_total_ml")
    columns["volume_ml"] = ibis.coalesce(given, both) if "volume_total" in staged.columns else both
    return columns | _nothing_came(staged, columns["volume_ml"])


def _nothing_came(staged: ir.Table, volume: ir.Value) -> dict[str, ir.Value]:
    """A try from which nothing came is a measured 0, whatever 0 means elsewhere in the file."""
    if "tried_nothing_came" not in staged.columns:
        return {}
    nothing, unreadable = yes_no_value(staged.tried_nothing_came)
    return {
        "tried_nothing_came": nothing.fill_null(False),
        UNREADABLE + "tried_nothing_came": unreadable,
        "volume_ml": ibis.coalesce(volume, ibis.ifelse(nothing, 0.0, None)),
    }


def _duration(staged: ir.Table, elapsed: ir.Value | None) -> dict[str, ir.Value]:
    """Minutes as recorded, else from start to end; 0 is not a length and becomes NULL."""
    if "duration_min" in staged.columns:
        value, unreadable = number_value(staged, "duration_min")
    else:
        value, unreadable = ibis.null("float64"), ibis.literal(False)
    if elapsed is not None:
        value = ibis.coalesce(value, ibis.ifelse(elapsed < 0, None, elapsed))
    return {"duration_min": value.nullif(0), UNREADABLE + "duration_min": unreadable}


def _factors(staged: ir.Table, codebook: Codebook, settings: Settings) -> dict[str, ir.Value]:
    columns: dict[str, ir.Value] = {}
    for name in factors_in(staged, codebook):
        factor = codebook.factors[name]
        if factor.is_numeric:
            value, unreadable = number_value(staged, name)
            if is_temperature(factor):
                value, columns["was_fahrenheit"] = in_celsius(value, settings)
        else:
            value, unreadable = level_value(staged, factor)
        after = ticked_after(staged, name)
        if after is not None:
            value = ibis.ifelse(after, ibis.null(value.type()), value)
        columns[name] = value
        columns[UNREADABLE + name] = unreadable
        if name + INSTRUMENT in staged.columns:
            columns[name + INSTRUMENT] = staged[name + INSTRUMENT]
    return columns


def read_cells(staged: ir.Table, decisions: Decisions, codebook: Codebook, settings: Settings) -> ir.Table:
    """Every cell to its value; one row in, one row out, nothing dropped yet.

    `minute` is the start and `day`, `birth_day` are dates, counted since 1970 on the local clock; `offset` (only
    where known) is minutes from UTC. Volumes are mL, durations minutes, factors codes or numbers; NULL is unknown.
    `unreadable_NAME` tells that the cell says something that could not be read.
    """
    times = _times(staged, decisions, settings)
    elapsed = times.pop("elapsed_min", None)
    columns: dict[str, ir.Value] = {
        name: staged[name]
        for name in ("source_rank", "source_row", *TEXTS, *PROBLEM)
        if name in staged.columns and name not in ("tried_nothing_came", "end_is_clock")
    }
    columns |= times
    columns |= _duration(staged, elapsed)
    if elapsed is not None:
        columns["elapsed_min"] = elapsed
    columns |= _volumes(staged, decisions, settings)
    columns |= _factors(staged, codebook, settings)
    return staged.select(**{name: value for name, value in columns.items() if name != "unit"})
