"""What the log says of a person's habits up to yesterday: how often, how regularly, how many fewer than usual."""

import numpy as np
import pandas as pd

from pipelines.settings import Settings

KEYS = ["participant_id", "day_in_study"]
# A coefficient of variation from fewer intervals than this is noise.
FEWEST_INTERVALS = 5
FEWEST_RECENT_DAYS = 2
FEWEST_EARLIER_DAYS = 4


def habits_as_of_yesterday(sessions: pd.DataFrame, daily: pd.DataFrame, settings: Settings) -> pd.DataFrame:
    """Habits of each participant before each study day.

    Returns a frame indexed by participant_id and day_in_study with sessions_per_day and night_sessions
    (yesterday), missed_sessions (yesterday, below the person's median of the days before), session_regularity
    (coefficient of variation of the intervals, last days) and frequency_change ("fewer", "same", "more": recent days
    against those before). NULL where the days needed were not logged. A participant's first day in the log is cut
    and counts for nothing.
    """
    grid = _every_day(daily)
    count = grid["sessions"]
    usual = _rolling(count, int(settings["metrics.own_median_days"]), "median", FEWEST_EARLIER_DAYS, skip=2)
    yesterday = _shift(count, 1)
    return pd.DataFrame(
        {
            "sessions_per_day": yesterday,
            "night_sessions": _shift(grid["night_sessions"], 1),
            "missed_sessions": (usual - yesterday).clip(lower=0),
            "session_regularity": _variation(sessions, grid.index, int(settings["metrics.regularity_days"])),
            "frequency_change": _frequency_change(count, settings),
        }
    )


def _every_day(daily: pd.DataFrame) -> pd.DataFrame:
    """A row for every study day of a person up to the day after the last, unlogged and first days missing."""
    logged = daily.set_index(KEYS)[["sessions", "night_sessions"]].astype(float)
    spans = daily.groupby("participant_id")["day_in_study"].agg(["min", "max"])
    length = (spans["max"] - spans["min"] + 2).to_numpy(int)
    people = np.repeat(spans.index.to_numpy(), length)
    starts = np.repeat(spans["min"].to_numpy(int), length)
    days = starts + np.arange(length.sum()) - np.repeat(np.cumsum(length) - length, length)
    index = pd.MultiIndex.from_arrays([people, days], names=KEYS)
    return logged.reindex(index).where(pd.Series(days > starts, index=index), np.nan)


def _shift(values: pd.Series, days: int) -> pd.Series:
    return values.groupby(level=0).shift(days)


def _rolling(values: pd.Series, days: int, statistic: str, fewest: int, skip: int) -> pd.Series:
    """A statistic of the `days` days that end `skip` days before each day."""
    rolled = values.groupby(level=0).rolling(days, min_periods=fewest).agg(statistic).droplevel(0)
    return _shift(rolled, skip)


def _variation(sessions: pd.DataFrame, index: pd.MultiIndex, days: int) -> pd.Series:
    interval = sessions["interval_hours"].astype("Float64").astype(float)
    parts = pd.DataFrame({"count": interval.notna().astype(float), "sum": interval, "squares": interval**2})
    by_day = parts.groupby([sessions["participant_id"], sessions["day_in_study"]]).sum().reindex(index)
    total = {name: _rolling(by_day[name], days, "sum", 1, skip=1) for name in by_day}
    count = total["count"].where(total["count"] >= FEWEST_INTERVALS)
    mean = total["sum"] / count
    variance = (total["squares"] - count * mean**2).clip(lower=0) / (count - 1)
    return np.sqrt(variance) / mean


def _frequency_change(count: pd.Series, settings: Settings) -> pd.Series:
    recent_days = int(settings["metrics.frequency_recent_days"])
    recent = _rolling(count, recent_days, "mean", FEWEST_RECENT_DAYS, skip=1)
    earlier = _rolling(
        count,
        int(settings["metrics.frequency_earlier_days"]),
        "mean",
        FEWEST_EARLIER_DAYS,
        skip=1 + recent_days,
    )
    ratio = recent / earlier
    change = pd.Series("same", index=count.index, dtype=object)
    change[ratio < settings["metrics.frequency_fewer_share"]] = "fewer"
    change[ratio > settings["metrics.frequency_more_share"]] = "more"
    return change.where(ratio.notna(), None)
