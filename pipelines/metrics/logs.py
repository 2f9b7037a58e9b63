"""How a log was written down: what its entries show of themselves, without a time of entry, which no store holds."""

import ibis
import ibis.expr.types as ir

from pipelines.settings import Settings

DOUBTS = (
    "unit_jump",
    "ounces_as_ml",
    "burst",
    "equal_intervals",
    "same_volume",
    "few_days",
    "without_volume",
)
MINUTES_A_DAY = 24 * 60
WHOLE_MINUTE_HOURS = 1 / 120


def habits(sessions: ir.Table, settings: Settings) -> ir.Table:
    """Tell how each participant's log was written.

    Grain in: one row per session; out: one row per participant with a session.

    - `sessions`; `measured`: those with a volume; `days`: with an entry; `span_days`: first to last entry, inclusive
    - `days_share`: days with an entry of those; `empty_days`: the others
    - `day_span_share`: of the 24 hours of a day, those from its first entry to its last; mean of the days with an entry
    - `without_volume_share` of the sessions; `zero_share` of the measured ones (NULL without one)
    - of the volumes above 0 (NULL without one): `fives_share`, `tens_share` on the steps in mL, `quarter_ounce_share`,
      `half_ounce_share` on those in ounces, `same_volume_share` the most frequent one
    - `median_ml` of the volumes above 0; `step_share`, `fraction_share` of them: multiples of the step in which ounces
      are logged, taken as mL; those that are no whole number
    - `round_start_share`: starts on whole steps of minutes
    - `equal_interval_share`: of the intervals that follow one, those equal to it to the minute (NULL without one)
    - `burst_share`: of the sessions, those that are the last of several begun within minutes, or among them
    - `jump_ratio`: median of the volumes above 0 after a moment divided by that before, where it comes nearest to
      the ratio of the units or its inverse; NULL for a log too short to compare
    """
    people = _counts(sessions, settings)
    parts = (
        _day_spans(sessions),
        _steps(sessions, settings),
        _intervals(sessions, settings),
        _jump(sessions, settings),
    )
    for found in parts:
        people = people.left_join(found, "participant_id").drop("participant_id_right")
    return people


def doubts(people: ir.Table, settings: Settings) -> ir.Table:
    """Add to `habits` what speaks against each log (DOUBTS), `long_enough` to be judged, and `doubtful`.

    None of them asks how much milk came or how often none: leaving logs out by that would make the finding.
    """
    enough = people.sessions >= settings["believable.fewest_sessions"]
    tolerance = settings["believable.jump_tolerance"]
    factor = settings["limits.ml_per_ounce"]
    ratio = ibis.greatest(people.jump_ratio, 1 / people.jump_ratio)
    signs = {
        "unit_jump": ratio.between(factor / tolerance, factor * tolerance),
        "ounces_as_ml": (people.median_ml < settings["limits.ounce_suspect_median"])
        & (people.step_share >= settings["believable.step_share"])
        & (people.fraction_share >= settings["believable.fraction_share"]),
        "burst": people.burst_share >= settings["believable.burst_share"],
        "equal_intervals": people.equal_interval_share >= settings["believable.equal_interval_share"],
        "same_volume": people.same_volume_share >= settings["believable.same_volume_share"],
        "few_days": people.days_share < settings["believable.days_share"],
        "without_volume": people.without_volume_share > settings["believable.without_volume_share"],
    }
    judged = {name: (enough & sign).fill_null(False) for name, sign in signs.items()}
    told = people.mutate(long_enough=enough, **judged)
    return told.mutate(doubtful=ibis.or_(*(told[name] for name in DOUBTS)))


def silence(sessions: ir.Table, responses: ir.Table) -> ir.Table:
    """Tell whose log ended while her answers went on.

    Grain out: one row per participant with a session or a dated answer. `last_session_day` (NULL without a session)
    and `last_answer_day` (NULL without a dated answer) are study days; `silent_days` counts the days after the
    last session up to the last answer, 0 for none. Such days have no log: they are not days with 0 mL.
    """
    logged = sessions.group_by("participant_id").aggregate(last_session_day=sessions.day_in_study.max())
    dated = responses.filter(responses.day_in_study.notnull())
    answered = dated.group_by("participant_id").aggregate(last_answer_day=dated.day_in_study.max())
    both = logged.outer_join(answered, "participant_id")
    both = both.mutate(participant_id=ibis.coalesce(both.participant_id, both.participant_id_right))
    later = ibis.greatest(both.last_answer_day - both.last_session_day, 0)
    return both.select(
        "participant_id", "last_session_day", "last_answer_day", silent_days=later.fill_null(0)
    )


def _counts(sessions: ir.Table, settings: Settings) -> ir.Table:
    step = settings["believable.round_start_minutes"]
    people = sessions.group_by("participant_id").aggregate(
        sessions=sessions.count(),
        measured=sessions.volume_ml.count(),
        days=sessions.day_in_study.nunique(),
        span_days=sessions.day_in_study.max() - sessions.day_in_study.min() + 1,
        zero_share=(sessions.volume_ml == 0).cast("float64").mean(),
        round_start_share=(sessions.minute_of_day % step == 0).cast("float64").mean(),
    )
    return people.mutate(
        days_share=people.days / people.span_days,
        empty_days=people.span_days - people.days,
        without_volume_share=1 - people.measured / people.sessions,
    )


def _day_spans(sessions: ir.Table) -> ir.Table:
    """How much of a day lies between its first and its last entry."""
    days = sessions.group_by("participant_id", "day_in_study").aggregate(
        minutes=sessions.minute_of_day.max() - sessions.minute_of_day.min()
    )
    return days.group_by("participant_id").aggregate(day_span_share=days.minutes.mean() / MINUTES_A_DAY)


def _on_step(volume: ir.FloatingValue, step: float, tolerance: float) -> ir.FloatingValue:
    """1 where a volume is a multiple of a step, else 0."""
    return ((volume - (volume / step).round() * step).abs() <= tolerance).cast("float64")


def _steps(sessions: ir.Table, settings: Settings) -> ir.Table:
    """Heaping of the volumes above 0."""
    some = sessions.filter(sessions.volume_ml > 0)
    five, ten = settings["believable.heap_steps_ml"]
    quarter, half = (step * settings["limits.ml_per_ounce"] for step in settings["believable.heap_steps_oz"])
    near = settings["believable.heap_tolerance_ml"]
    each = some.group_by("participant_id", "volume_ml").aggregate(times=some.count())
    weights = {
        "fives_share": _on_step(each.volume_ml, five, near) * each.times,
        "tens_share": _on_step(each.volume_ml, ten, near) * each.times,
        "quarter_ounce_share": _on_step(each.volume_ml, quarter, near) * each.times,
        "half_ounce_share": _on_step(each.volume_ml, half, near) * each.times,
        "step_share": _on_step(each.volume_ml, settings["limits.ounce_step"], 0) * each.times,
        "fraction_share": (1 - _on_step(each.volume_ml, 1, 0)) * each.times,
    }
    shares = each.group_by("participant_id").aggregate(
        **{name: weight.sum() / each.times.sum() for name, weight in weights.items()},
        same_volume_share=each.times.max() / each.times.sum(),
    )
    medians = some.group_by("participant_id").aggregate(median_ml=some.volume_ml.median())
    return shares.left_join(medians, "participant_id").drop("participant_id_right")


def _intervals(sessions: ir.Table, settings: Settings) -> ir.Table:
    """Times that were made up, or that are those of the writing: equal intervals, several starts within minutes."""
    order = ibis.window(group_by="participant_id", order_by=["day_in_study", "minute_of_day"])
    rows = sessions.mutate(
        started=sessions.day_in_study * MINUTES_A_DAY + sessions.minute_of_day,
        before=sessions.interval_hours.lag().over(order),
    )
    others = int(settings["believable.burst_sessions"]) - 1
    within = settings["believable.burst_minutes"]
    # A session belongs to a burst as its last, or as one of those before.
    ends = [
        (rows.started.lead(others - at).over(order) - rows.started.lag(at).over(order)) <= within
        for at in range(others + 1)
    ]
    in_burst = ibis.or_(*(end.fill_null(False) for end in ends))
    equal = (rows.interval_hours - rows.before).abs() < WHOLE_MINUTE_HOURS
    rows = rows.mutate(in_burst=in_burst, equal=equal)
    return rows.group_by("participant_id").aggregate(
        burst_share=rows.in_burst.cast("float64").mean(),
        equal_interval_share=rows.equal.cast("float64").mean(),
    )


def _jump(sessions: ir.Table, settings: Settings) -> ir.Table:
    """The change of the median volume that comes nearest to a change of the unit.

    The first days after birth are left out: there volumes rise thirtyfold by themselves.
    """
    first = settings["outcomes.low_output_first_day"]
    count = int(settings["believable.jump_sessions"])
    later = (sessions.day_postpartum >= first).fill_null(True)
    some = sessions.filter((sessions.volume_ml > 0) & later)
    keys = {"group_by": "participant_id", "order_by": ["day_in_study", "minute_of_day"]}
    earlier = ibis.window(**keys, preceding=(count, 1))
    after = ibis.window(**keys, preceding=0, following=count - 1)
    rows = some.mutate(
        ratio=some.volume_ml.median().over(after) / some.volume_ml.median().over(earlier),
        compared=(some.volume_ml.count().over(earlier) == count)
        & (some.volume_ml.count().over(after) == count),
    )
    rows = rows.filter(rows.compared)
    distance = (ibis.greatest(rows.ratio, 1 / rows.ratio) / settings["limits.ml_per_ounce"]).ln().abs()
    rows = rows.mutate(distance=distance)
    return rows.group_by("participant_id").aggregate(jump_ratio=rows.ratio.argmin(rows.distance))


def runs(sessions: ir.Table) -> ir.Table:
    """The stretches of days in a row with an entry.

    Grain out: one row per participant and stretch, with `first_day` and `last_day` in study days; the days between
    stretches have no log.
    """
    days = sessions.select("participant_id", "day_in_study").distinct()
    order = ibis.window(group_by="participant_id", order_by="day_in_study")
    days = days.mutate(place=ibis.row_number().over(order))
    days = days.mutate(stretch=days.day_in_study - days.place)
    found = days.group_by("participant_id", "stretch").aggregate(
        first_day=days.day_in_study.min(), last_day=days.day_in_study.max()
    )
    return found.drop("stretch")
