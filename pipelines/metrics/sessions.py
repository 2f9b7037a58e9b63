"""Metrics of one pumping session."""

import ibis
import ibis.expr.types as ir


def with_outcomes(sessions: ir.Table, low_output_ml: float) -> ir.Table:
    """Add `no_milk`, `low_output` and `flow_ml_per_min` to a table of sessions.

    Grain: one row per session, in and out. Needs `volume_ml` (total of both breasts, mL) and `duration_min`.
    `no_milk` is a measured total of 0 mL, `low_output` a measured total below `low_output_ml` (0 included).
    All three are NULL where the total is unknown: a missing volume is neither milk nor no milk.
    Flow is the mean over the session, NULL as well where the duration is unknown.
    """
    volume = sessions.volume_ml
    return sessions.mutate(
        no_milk=volume == 0,
        low_output=volume < low_output_ml,
        flow_ml_per_min=volume / sessions.duration_min.nullif(0),
    )


def shares(sessions: ir.Table, outcome: str) -> ir.Table:
    """The share of sessions with the outcome, counted in the two ways that differ.

    Grain: one row for the whole table. `participants` and `sessions` count those with a known outcome, `events`
    the sessions with it. `share_of_sessions` weighs every session equally, `mean_participant_share` every
    participant; they part when those with the outcome pump more, or less, often. NULL without a known session.
    """
    known = sessions.filter(sessions[outcome].notnull())
    people = known.group_by("participant_id").aggregate(
        sessions=known.count(),
        events=known[outcome].cast("int64").sum(),
    )
    people = people.mutate(share=people.events / people.sessions)
    return people.aggregate(
        participants=people.count(),
        sessions=people.sessions.sum().coalesce(0),
        events=people.events.sum().coalesce(0),
        share_of_sessions=people.events.sum() / people.sessions.sum(),
        mean_participant_share=people.share.mean(),
    )


def time_band(minute_of_day: ir.IntegerValue) -> ir.StringValue:
    """The four bands of the local clock: night 0-5 h, morning 5-11, day 11-17, evening 17-24."""
    return ibis.cases(
        (minute_of_day < 5 * 60, "night"),
        (minute_of_day < 11 * 60, "morning"),
        (minute_of_day < 17 * 60, "day"),
        (minute_of_day.notnull(), "evening"),
    )
