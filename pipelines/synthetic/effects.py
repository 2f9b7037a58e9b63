"""How the factors act on a session: the part of the log odds and of the volume that each of them adds."""

import numpy as np
import pandas as pd

from pipelines.synthetic.recipe import Effect, Recipe


def day_row(recipe: Recipe, sessions: pd.DataFrame) -> np.ndarray:
    """Row of `days` that each session falls on."""
    return sessions["person"].to_numpy() * recipe.days + sessions["study_day"].to_numpy()


def _values(
    recipe: Recipe, factor: str, people: pd.DataFrame, days: pd.DataFrame, sessions: pd.DataFrame
) -> pd.Series:
    if factor in sessions:
        return sessions[factor]
    if factor in days:
        return days[factor].iloc[day_row(recipe, sessions)]
    return people[factor].iloc[sessions["person"]]


def exposure(
    recipe: Recipe, effect: Effect, people: pd.DataFrame, days: pd.DataFrame, sessions: pd.DataFrame
) -> np.ndarray:
    """What each session has of a factor: 1 or 0 for its levels, distance from the centre for a number."""
    values = _values(recipe, effect.factor, people, days, sessions)
    if not effect.levels:
        return values.to_numpy(dtype=float) - effect.centre
    if values.dtype == bool:
        return values.to_numpy(dtype=float)
    return values.isin(effect.levels).to_numpy(dtype=float)


def log_odds(recipe: Recipe, people: pd.DataFrame, days: pd.DataFrame, sessions: pd.DataFrame) -> np.ndarray:
    """Population-averaged log odds of a session without milk, before the person effect.

    Nothing that depends on the person effect may enter here: that is what makes the odds ratios exact.
    """
    model = recipe["no_milk"]
    working = (people["group"].to_numpy() == "working")[sessions["person"]]
    day = sessions["day_postpartum"].to_numpy(dtype=float)
    early = model["day_height"] * np.exp(-((day / model["day_scale"]) ** model["day_power"]))
    total = model["intercept"] + np.where(working, model["working"], early)
    for effect in recipe.effects:
        if effect.odds_ratio != 1:
            total += np.log(effect.odds_ratio) * exposure(recipe, effect, people, days, sessions)
    return total


def expected_volume(
    recipe: Recipe, people: pd.DataFrame, days: pd.DataFrame, sessions: pd.DataFrame
) -> np.ndarray:
    """Mean volume in mL of a session once milk comes, both breasts together."""
    volume, person = recipe["volume"], sessions["person"].to_numpy()
    day = sessions["day_postpartum"].to_numpy() + 0.5
    half_rise = people["half_rise_day"].to_numpy()[person]
    rise = 1 / (1 + (half_rise / day) ** volume["rise_power"])
    hours = np.minimum(sessions["interval_hours"].to_numpy(), volume["interval_cap"])
    refill = (hours / volume["interval_reference"]) ** volume["interval_power"]
    turn = 2 * np.pi * (sessions["minute"].to_numpy() / 60 - volume["hour_peak"]) / 24
    clock = 1 + volume["hour_amplitude"] * np.cos(turn)
    mean = people["plateau_ml"].to_numpy()[person] / volume["removals"] * rise * refill * clock
    for effect in recipe.effects:
        if effect.volume_ratio not in (None, 1.0):
            mean = mean * effect.volume_ratio ** exposure(recipe, effect, people, days, sessions)
    return mean
