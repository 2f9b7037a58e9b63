"""Metrics of one participant-day: how often, how much, how often nothing."""

import ibis
import ibis.expr.types as ir

from pipelines.settings import Settings


def daily(sessions: ir.Table, settings: Settings) -> ir.Table:
    """Sum the sessions of each participant and local calendar day.

    Grain in: one row per session with `no_milk` and `low_output` (see `metrics.sessions.with_outcomes`); out: one
    row per participant and `day_in_study` that has a session.

    - `logged`: sessions in the log; `known`: those with a volume
    - `sessions`: pumping frequency; starts less than the merging interval after the start before count as one
    - `volume_ml`: milk expressed in that day, mL. NULL on a participant's first and last day of the log, which are
      cut, where fewer than the stated share of its sessions has a volume, and where it holds more sessions or milk
      than a day can (the settings' limits); else scaled by `logged / known`
    - `no_milk_share`, `low_output_share`: of the sessions with a volume; NULL without one
    - `night_sessions`: those started before the end of the night
    - `longest_interval_hours`: the longest start-to-start interval that ended that day
    """
    merging = settings["limits.merge_interval_min"] / 60
    enough = settings["metrics.known_volume_share"]
    is_new = sessions.interval_hours.isnull() | (sessions.interval_hours >= merging)
    days = sessions.group_by("participant_id", "day_in_study").aggregate(
        day_postpartum=sessions.day_postpartum.max(),
        logged=sessions.count(),
        known=sessions.volume_ml.count(),
        sessions=is_new.cast("int64").sum(),
        summed_ml=sessions.volume_ml.sum(),
        no_milk_share=sessions.no_milk.cast("float64").mean(),
        low_output_share=sessions.low_output.cast("float64").mean(),
        night_sessions=(sessions.minute_of_day < settings["metrics.night_ends_minute"]).cast("int64").sum(),
        longest_interval_hours=sessions.interval_hours.max(),
    )
    person = ibis.window(group_by="participant_id")
    is_cut = (days.day_in_study == days.day_in_study.min().over(person)) | (
        days.day_in_study == days.day_in_study.max().over(person)
    )
    is_known = (days.known > 0) & (days.known >= enough * days.logged)
    possible = (days.summed_ml <= settings["limits.day_volume_flag_ml"]) & (
        days.logged <= settings["limits.sessions_a_day_reject"]
    )
    volume = ibis.cases((is_known & ~is_cut & possible, days.summed_ml * days.logged / days.known))
    return days.mutate(volume_ml=volume).drop("summed_ml")
