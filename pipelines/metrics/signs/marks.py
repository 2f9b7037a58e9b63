"""Cited clinical marks of one person's course: reached, not reached, or not to be told from her log."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import pandas as pd

from pipelines.settings import Settings

REACHED, NOT_REACHED, UNKNOWN = "reached", "not_reached", "unknown"


@dataclass(frozen=True)
class Reached:
    """Whether a mark was reached, and the day after birth on which (None where it was not, or has no day)."""

    state: str
    day: int | None = None


def milk_came_in(sessions: pd.DataFrame, _days: pd.DataFrame, settings: Settings) -> Reached:
    """The first run of sessions in a row with enough milk, in a log that begins early enough to show it."""
    size, enough = settings["outcomes.activation_sessions"], settings["outcomes.activation_ml"]
    known = sessions[sessions["volume_ml"].notna() & sessions["day_postpartum"].notna()]
    last_day = settings["review.delayed_note_day"]
    first_logged = sessions["day_postpartum"].min()
    if known.empty or first_logged > settings["review.delayed_last_log_day"]:
        return Reached(UNKNOWN)
    least = known["volume_ml"][::-1].rolling(size).min()[::-1]
    began = known.loc[least >= enough, "day_postpartum"]
    if len(began) and began.iloc[0] <= last_day:
        return Reached(REACHED, int(began.iloc[0]))
    if len(began):
        return Reached(NOT_REACHED, int(began.iloc[0]))
    return Reached(NOT_REACHED if sessions["day_postpartum"].max() > last_day else UNKNOWN)


def early_volume(_sessions: pd.DataFrame, days: pd.DataFrame, settings: Settings) -> Reached:
    """Enough milk on each of the early days; one complete day below decides, a day unknown does not."""
    wanted = settings["outcomes.early_volume_days"]
    volumes = (
        days[days["day_postpartum"].isin(wanted)].set_index("day_postpartum")["volume_ml"].reindex(wanted)
    )
    if (volumes < settings["outcomes.early_volume_ml"]).any():
        return Reached(NOT_REACHED)
    return Reached(UNKNOWN) if volumes.isna().any() else Reached(REACHED, int(wanted[-1]))


def established_volume(_sessions: pd.DataFrame, days: pd.DataFrame, settings: Settings) -> Reached:
    """One day with an established volume early enough; not reached only where the log goes on to the limit day."""
    limit = settings["outcomes.coming_to_volume_day"]
    known = days[days["volume_ml"].notna() & (days["day_postpartum"] <= limit)]
    enough = known[known["volume_ml"] >= settings["outcomes.coming_to_volume_ml"]]
    if len(enough):
        return Reached(REACHED, int(enough["day_postpartum"].min()))
    return Reached(NOT_REACHED if len(known) and days["day_postpartum"].max() > limit else UNKNOWN)


MARKS: Mapping[str, Callable[[pd.DataFrame, pd.DataFrame, Settings], Reached]] = {
    "milk_came_in": milk_came_in,
    "early_volume": early_volume,
    "established_volume": established_volume,
}
