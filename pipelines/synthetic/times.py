"""When people pump and, in the working group, when the baby feeds at the breast. One row an event."""

import numpy as np
import pandas as pd

from pipelines.synthetic.clock import true_minutes, wall_clock
from pipelines.synthetic.recipe import Recipe

MINUTES_A_DAY = 1440
SHORTEST_GAP = 10  # minutes; two starts nearer than this would be one session


def sessions_a_day(
    recipe: Recipe, random: np.random.Generator, people: pd.DataFrame, days: pd.DataFrame
) -> np.ndarray:
    """How many sessions each person-day has, before anything is lost from the log."""
    times, person = recipe["times"], days["person"].to_numpy()
    working = (people["group"].to_numpy() == "working")[person]
    rate = people["rate"].to_numpy()[person]
    ramp = np.minimum(1, times["ramp_start"] + times["ramp_per_day"] * days["day_postpartum"].to_numpy())
    mean = np.where(working, rate - times["day_off_fewer"] * days["day_off"].to_numpy(), rate * ramp)
    count = np.round(mean + times["count_sd"] * random.standard_normal(len(days)))
    return np.clip(count, times["count_minimum"], times["count_maximum"]).astype(int)


def _spread(
    random: np.random.Generator, count: np.ndarray, first: np.ndarray, last: np.ndarray, jitter: float
) -> tuple[np.ndarray, np.ndarray]:
    """Row number and minute of `count` evenly spread times a row."""
    row = np.repeat(np.arange(len(count)), count)
    position = np.arange(len(row)) - np.repeat(np.cumsum(count) - count, count)
    steps = np.maximum(count[row] - 1, 1)
    share = np.where(count[row] > 1, position / steps, 0.5)
    minute = first[row] + share * (last - first)[row]
    return row, minute + jitter * random.standard_normal(len(row))


def pump_minutes(
    recipe: Recipe, random: np.random.Generator, people: pd.DataFrame, days: pd.DataFrame
) -> pd.DataFrame:
    """Person-day row and minute after its midnight of every session; a minute past 1,439 is the next day."""
    times = recipe["times"]
    count = sessions_a_day(recipe, random, people, days)
    working = (people["group"].to_numpy() == "working")[days["person"].to_numpy()]
    night = ~working & (count >= times["night_from"]) & (random.random(len(days)) < times["night_share"])
    first = np.where(working, times["work_first_minute"], times["first_minute"]).astype(float)
    last = np.where(working, times["work_last_minute"], times["last_minute"]).astype(float)
    row, minute = _spread(random, count - night, first, last, times["jitter"])
    night_row = np.flatnonzero(night)
    night_minute = times["night_minute"] + times["jitter"] * random.standard_normal(len(night_row))
    return pd.DataFrame(
        {
            "row": np.concatenate([row, night_row]),
            "minute": np.concatenate([minute, night_minute]).round().astype(int),
        }
    )


def feed_minutes(
    recipe: Recipe,
    random: np.random.Generator,
    people: pd.DataFrame,
    days: pd.DataFrame,
    pumped: pd.DataFrame,
) -> pd.DataFrame:
    """The same for the feeds at the breast of those who pump beside breastfeeding.

    Evening and night, one before the day's first session, one in each long gap between two sessions of a day.
    """
    times = recipe["times"]
    working = (people["group"].to_numpy() == "working")[days["person"].to_numpy()]
    usual = np.array(times["feed_minutes"], dtype=float)
    home_row = np.repeat(np.flatnonzero(working), len(usual))
    home_minute = np.tile(usual, int(working.sum()))

    ordered = pumped[working[pumped["row"]]].sort_values(["row", "minute"])
    row, minute = ordered["row"].to_numpy(), ordered["minute"].to_numpy(dtype=float)
    gap = np.diff(minute, prepend=0.0)
    first = np.diff(row, prepend=-1) != 0
    long_gap = ~first & (gap > times["feed_in_gap"])
    rows = np.concatenate([home_row, row[first], row[long_gap]])
    minutes = np.concatenate(
        [home_minute, minute[first] - times["feed_before_first"], (minute - gap / 2)[long_gap]]
    )
    minutes = minutes + times["feed_jitter"] * random.standard_normal(len(minutes))
    return pd.DataFrame({"row": rows, "minute": minutes.round().astype(int)})


def place_in_time(
    recipe: Recipe, people: pd.DataFrame, days: pd.DataFrame, events: pd.DataFrame
) -> pd.DataFrame:
    """Put events on the wall clock of their person, in order, and drop those outside the follow-up.

    Adds person, study_day, minute (of the local day), started_at (local clock) and true_minute (elapsed).
    """
    person = days["person"].to_numpy()[events["row"]]
    midnight = people["start_date"].to_numpy().astype("datetime64[D]")[person]
    minute = days["study_day"].to_numpy()[events["row"]] * MINUTES_A_DAY + events["minute"].to_numpy()
    wall = wall_clock(midnight, minute, recipe["calendar"])
    since = (wall - midnight.astype("datetime64[m]")).astype(np.int64)
    placed = pd.DataFrame(
        {
            "person": person.astype(np.int32),
            "study_day": (since // MINUTES_A_DAY).astype(np.int16),
            "minute": (since % MINUTES_A_DAY).astype(np.int16),
            "started_at": wall.astype("datetime64[s]"),
            "true_minute": true_minutes(wall, recipe["calendar"]),
            "pumped": events["pumped"].to_numpy(),
        }
    )
    last = people["withdrawn_day"].fillna(recipe.days).to_numpy()[placed["person"]]
    inside = (placed["study_day"] >= 0) & (placed["study_day"] < last)
    placed = placed[inside].sort_values(["person", "true_minute"], kind="stable", ignore_index=True)
    gap = placed["true_minute"].diff()
    too_near = (gap < SHORTEST_GAP) & (placed["person"].diff() == 0)
    return placed[~too_near].reset_index(drop=True)


def make_times(
    recipe: Recipe, random: np.random.Generator, people: pd.DataFrame, days: pd.DataFrame
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Sessions with the hours since milk was last removed, pumped or fed; and the feeds at the breast."""
    pumped = pump_minutes(recipe, random, people, days)
    fed = feed_minutes(recipe, random, people, days, pumped)
    events = pd.concat([pumped.assign(pumped=True), fed.assign(pumped=False)], ignore_index=True)
    placed = place_in_time(recipe, people, days, events)
    hours = placed["true_minute"].diff() / 60
    first = placed["person"].diff() != 0
    placed["interval_hours"] = np.where(first, recipe["times"]["first_interval"], hours)
    is_session = placed["pumped"].to_numpy()
    sessions = placed[is_session].drop(columns="pumped").reset_index(drop=True)
    feeds = placed.loc[~is_session, ["person", "study_day", "minute", "started_at"]].reset_index(drop=True)
    return sessions, feeds
