"""Metrics of one participant over the whole log."""

import ibis
import ibis.expr.types as ir

from pipelines.settings import Settings


def per_participant(sessions: ir.Table) -> ir.Table:
    """Count each participant's log.

    Grain in: one row per session with `no_milk` and `low_output`; out: one row per participant. `sessions` in the
    log, `known` with a volume, `days` with at least one session, `span_days` from first to last day inclusive,
    `no_milk_share` and `low_output_share` of the known sessions (NULL without one), `ever_no_milk`.
    """
    people = sessions.group_by("participant_id").aggregate(
        sessions=sessions.count(),
        known=sessions.volume_ml.count(),
        days=sessions.day_in_study.nunique(),
        first_day=sessions.day_in_study.min(),
        last_day=sessions.day_in_study.max(),
        no_milk_share=sessions.no_milk.cast("float64").mean(),
        low_output_share=sessions.low_output.cast("float64").mean(),
        ever_no_milk=sessions.no_milk.any(),
    )
    return people.mutate(span_days=people.last_day - people.first_day + 1).drop("first_day", "last_day")


def came_to_volume(days: ir.Table, settings: Settings) -> ir.Table:
    """Tell who expressed enough milk in a day early enough to count as having come to volume.

    Grain in: participant-days of `metrics.days.daily`; out: one row per participant with a known daily volume on
    or before the limit day. `came_to_volume` is true when one such day reached the stated volume, `day_came_to_volume`
    the first of them (birth = day 0), NULL when none did. Meaningful only for people who feed by the pump alone.
    """
    last_day = settings["outcomes.coming_to_volume_day"]
    enough = settings["outcomes.coming_to_volume_ml"]
    early = days.filter((days.day_postpartum <= last_day) & days.volume_ml.notnull())
    reached = early.volume_ml >= enough
    return early.group_by("participant_id").aggregate(
        came_to_volume=reached.any(),
        day_came_to_volume=ibis.cases((reached, early.day_postpartum)).min(),
    )
