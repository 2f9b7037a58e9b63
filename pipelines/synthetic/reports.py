"""What people report because of a session: let-down felt, and the evening's stress. None of it causes anything."""

import numpy as np
import pandas as pd

from pipelines.synthetic.effects import day_row
from pipelines.synthetic.recipe import Recipe, random_stream

ANSWERS = ("yes", "unsure", "no")


def let_down_felt(recipe: Recipe, sessions: pd.DataFrame, random: np.random.Generator) -> pd.Categorical:
    """Whether the mother felt milk let down: a step on the way, rarer when nothing comes or the place is not calm."""
    entry = recipe["let_down"]
    warm = sessions["warm_compress"] | sessions["breast_massage"]
    logit = (
        entry["intercept"]
        + entry["no_milk"] * sessions["no_milk"].to_numpy()
        + entry["not_calm"] * (sessions["setting"] != "calm_private").to_numpy()
        + entry["warm"] * warm.to_numpy()
    )
    felt = random.random(len(sessions)) < 1 / (1 + np.exp(-logit))
    unsure = random.random(len(sessions)) < entry["unsure"]
    return pd.Categorical.from_codes(np.where(felt, 0, np.where(unsure, 1, 2)), categories=list(ANSWERS))


def evening_stress(
    recipe: Recipe,
    people: pd.DataFrame,
    days: pd.DataFrame,
    sessions: pd.DataFrame,
    random: np.random.Generator,
) -> np.ndarray:
    """Stress 0-10 of each study day: the person's level plus what that day's and yesterday's sessions did to it."""
    entry = recipe["stress"]
    row = day_row(recipe, sessions)
    count = np.bincount(row, minlength=len(days))
    without = np.bincount(row, weights=sessions["no_milk"].to_numpy(dtype=float), minlength=len(days))
    share = np.divide(without, count, out=np.zeros(len(days)), where=count > 0)
    yesterday = np.where(days["study_day"] > 0, np.roll(share, 1), 0.0)
    level = (
        people["stress_mean"].to_numpy()[days["person"]]
        + entry["day_sd"] * random.standard_normal(len(days))
        + entry["share_today"] * share
        + entry["share_yesterday"] * yesterday
    )
    return np.clip(np.round(entry["level"] + entry["scale"] * level), 0, 10).astype(np.int8)


def add_reports(
    recipe: Recipe, people: pd.DataFrame, days: pd.DataFrame, sessions: pd.DataFrame, seed: int
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Days with `stress`, `let_down_felt` and `nothing_came`; sessions with `let_down_felt`."""
    random = random_stream(seed, "reports")
    sessions = sessions.assign(let_down_felt=let_down_felt(recipe, sessions, random))
    stress = evening_stress(recipe, people, days, sessions, random)
    row, size = day_row(recipe, sessions), len(days)
    count = np.bincount(row, minlength=size)
    felt = np.bincount(
        row, weights=(sessions["let_down_felt"] == "yes").to_numpy(dtype=float), minlength=size
    )
    without = np.bincount(row, weights=sessions["no_milk"].to_numpy(dtype=float), minlength=size)
    share = np.divide(felt, count, out=np.full(size, np.nan), where=count > 0)
    answer = np.where(share >= 0.5, "yes", np.where(share > 0.25, "unsure", "no")).astype(object)
    answer[np.isnan(share)] = None
    days = days.assign(
        stress=stress, let_down_felt=answer, nothing_came=without.astype(np.int16), sessions=count
    )
    return days, sessions
