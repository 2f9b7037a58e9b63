"""Whole days of a log that hold more than a day can: counted and said, their rows are kept."""

import ibis.expr.types as ir

from pipelines.settings import Settings


def overfull_days(sessions: ir.Table, settings: Settings) -> ir.Table:
    """The days of a person with more sessions or more milk than the settings' warnings allow.

    Grain in: one row per session with `participant_id`, `day_in_study` and `volume_ml`; out: one row per such day,
    with `many_sessions`, `too_many_sessions`, `much_milk` and `too_much_milk`, of which the second and fourth are
    beyond what is possible and then stand instead of the first and third.
    """
    days = sessions.group_by("participant_id", "day_in_study").aggregate(
        count=sessions.count(), milk=sessions.volume_ml.sum()
    )
    too_many = days["count"] > settings["limits.sessions_a_day_reject"]
    too_much = (days.milk > settings["limits.day_volume_flag_ml"]).fill_null(False)
    many = (days["count"] > settings["limits.sessions_a_day_warn"]) & ~too_many
    much = (days.milk > settings["limits.day_volume_warn_ml"]).fill_null(False) & ~too_much
    flags = {
        "many_sessions": many,
        "too_many_sessions": too_many,
        "much_milk": much,
        "too_much_milk": too_much,
    }
    return days.filter(many | too_many | much | too_much).select("participant_id", "day_in_study", **flags)


def day_sentences(settings: Settings) -> dict[str, str]:
    """What each flag of `overfull_days` says of a file's days, to be completed with their number."""
    return {
        "many_sessions": f"more than {settings['limits.sessions_a_day_warn']:g} sessions; check for repeats",
        "too_many_sessions": f"more than {settings['limits.sessions_a_day_reject']:g} sessions, so the times cannot be "
        "right; the day's volume is not used",
        "much_milk": f"more than {settings['limits.day_volume_warn_ml']:g} mL; check the unit and for repeats",
        "too_much_milk": f"more than {settings['limits.day_volume_flag_ml']:g} mL, which is hardly possible; the day's "
        "volume is not used",
    }
