"""What truly happened in each session. One row a session, in order of person and time."""

import numpy as np
import pandas as pd

from pipelines.synthetic.effects import day_row, expected_volume, log_odds
from pipelines.synthetic.people import choose
from pipelines.synthetic.recipe import Recipe, random_stream
from pipelines.synthetic.times import make_times

TECHNIQUES = ("warm_compress", "breast_massage", "relaxation", "baby_cue")


def _by_group(
    recipe: Recipe, random: np.random.Generator, groups: np.ndarray, shares: dict[str, dict[str, float]]
) -> pd.Categorical:
    drawn = np.empty(len(groups), dtype=object)
    for name in recipe["groups"]:
        rows = groups == name
        drawn[rows] = choose(random, shares[name], int(rows.sum()))
    return pd.Categorical(drawn)


def _pumps(
    recipe: Recipe, random: np.random.Generator, main: np.ndarray, groups: np.ndarray
) -> pd.Categorical:
    """The main pump, but for a share of sessions one of the others, as common as they are in the group."""
    pumps = list(recipe["groups"]["preterm"]["pumps"])
    other = random.random(len(main)) < recipe["cohort"]["another_pump"]
    used = pd.Categorical(main, categories=pumps).codes.copy()
    for name, entry in recipe["groups"].items():
        for pump in pumps:
            rows = np.flatnonzero(other & (groups == name) & (main == pump))
            others = {key: share for key, share in entry["pumps"].items() if key != pump}
            used[rows] = pd.Categorical(choose(random, others, len(rows)), categories=pumps).codes
    return pd.Categorical.from_codes(used, categories=pumps)


def _circumstances(
    recipe: Recipe,
    random: np.random.Generator,
    people: pd.DataFrame,
    days: pd.DataFrame,
    sessions: pd.DataFrame,
) -> pd.DataFrame:
    person, size = sessions["person"].to_numpy(), len(sessions)
    groups = people["group"].to_numpy()[person]
    settings, places = {}, {}
    for name, entry in recipe["groups"].items():
        away = entry["not_calm"] * entry["not_private"]
        settings[name] = {
            "calm_private": 1 - entry["not_calm"],
            "private_not_calm": entry["not_calm"] - away,
            "not_private": away,
        }
        places[name] = entry["places"]
    pain = recipe["pain"]
    misfit = (people["flange_fit"] != "good").to_numpy()[person]
    mastitis = days["mastitis_signs"].to_numpy()[day_row(recipe, sessions)]
    mean_pain = pain["session"] + pain["misfit"] * misfit + pain["mastitis"] * mastitis
    return sessions.assign(
        pump_type=_pumps(recipe, random, people["main_pump"].to_numpy()[person], groups),
        setting=_by_group(recipe, random, groups, settings),
        place=_by_group(recipe, random, groups, places),
        pump_pain=np.minimum(random.poisson(mean_pain), 10).astype(np.int8),
        **{name: random.random(size) < recipe["techniques"][name] for name in TECHNIQUES},
    )


def make_sessions(
    recipe: Recipe, people: pd.DataFrame, days: pd.DataFrame, seed: int, part: int = 0
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Draw all sessions, and the feeds at the breast of those who breastfeed.

    `no_milk` is whether nothing came, `volume_ml` the true total (0 then), `interval_hours` the true time since the
    last removal, `number` counts a person's sessions from 1, `chance` is the drawn session's probability.
    """
    random = random_stream(seed, "sessions", part)
    sessions, feeds = make_times(recipe, random, people, days)
    person = sessions["person"].to_numpy()
    sessions["day_postpartum"] = people["start_day"].to_numpy()[person] + sessions["study_day"].to_numpy()
    sessions["number"] = sessions.groupby("person").cumcount() + 1
    sessions["placebo_session"] = sessions["number"] % 2 == 1
    sessions = _circumstances(recipe, random, people, days, sessions)

    size, volume, times = len(sessions), recipe["volume"], recipe["times"]
    marginal = log_odds(recipe, people, days, sessions)
    conditional = marginal / recipe["person"]["bridge"] + people["effect"].to_numpy()[person]
    chance = 1 / (1 + np.exp(-conditional))
    no_milk = random.random(size) < chance
    spread = np.exp(volume["log_sd"] * random.standard_normal(size) - volume["log_sd"] ** 2 / 2)
    milk = np.maximum(expected_volume(recipe, people, days, sessions) * spread, volume["minimum"])
    share = people["right_share"].to_numpy()[person]
    share = share + recipe["person"]["right_share_session_sd"] * random.standard_normal(size)
    duration = times["duration_median"] * np.exp(times["duration_log_sd"] * random.standard_normal(size))
    sessions = sessions.assign(
        chance=chance,
        no_milk=no_milk,
        volume_ml=np.where(no_milk, 0.0, milk),
        right_share=np.clip(share, 0.05, 0.95),
        duration_min=np.round(duration).astype(np.int16),
    )
    return sessions, feeds
