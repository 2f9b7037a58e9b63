"""What each day was like before any session of it: breasts, illness, medicine, sleep, drink. One row a study day."""

import numpy as np
import pandas as pd

from pipelines.synthetic.recipe import Recipe, random_stream

STATES = ("engorgement", "blocked_duct", "mastitis_signs", "decongestant")


def _spells(random: np.random.Generator, start: np.ndarray, end: float) -> np.ndarray:
    """On and off day by day: `start` (people x days) is the chance to begin, `end` that a spell is over next day."""
    on = np.zeros(start.shape, dtype=bool)
    chance = random.random(start.shape)
    before = np.zeros(len(start), dtype=bool)
    for day in range(start.shape[1]):
        before = np.where(before, chance[:, day] >= end, chance[:, day] < start[:, day])
        on[:, day] = before
    return on


def _amount(random: np.random.Generator, means: np.ndarray, days: int, recipe: dict) -> np.ndarray:
    """A daily amount around the person's own mean, in the steps in which people report it."""
    value = random.normal(means[:, None], recipe["within"], (len(means), days))
    value = np.round(np.clip(value, recipe["lowest"], recipe["highest"]) / recipe["step"]) * recipe["step"]
    return np.round(value, 2)


def _temperature(random: np.random.Generator, mastitis: np.ndarray, fever: dict) -> np.ndarray:
    usual = np.minimum(
        random.normal(fever["usual"], fever["usual_sd"], mastitis.shape), fever["usual_highest"]
    )
    ill = random.normal(fever["mean"], fever["sd"], mastitis.shape)
    feverish = mastitis & (random.random(mastitis.shape) < fever["share"])
    return np.round(np.where(feverish, ill, usual), 1)


def daily_pain(random: np.random.Generator, days: pd.DataFrame, pain: dict) -> np.ndarray:
    """Worst breast pain of the day, 0-10; a consequence of the breast's state that does nothing to sessions."""
    mean = (
        pain["diary"]
        + pain["diary_engorgement"] * days["engorgement"]
        + pain["diary_blocked"] * days["blocked_duct"]
        + pain["diary_mastitis"] * days["mastitis_signs"]
    )
    return np.minimum(random.poisson(mean), 10).astype(np.int8)


def make_days(recipe: Recipe, people: pd.DataFrame, seed: int, part: int = 0) -> pd.DataFrame:
    """Draw every study day of every person, those after leaving too: row = person * days + study day.

    States are booleans; `sleep_hours` in hours, `fluid_litres` in litres, `temperature_c` the day's highest.
    """
    random = random_stream(seed, "days", part)
    count, diary = recipe.days, recipe["diary"]
    study_day = np.arange(count)
    postpartum = people["start_day"].to_numpy()[:, None] + study_day
    states = {}
    for name in STATES:
        entry = diary[name]
        start = np.full(postpartum.shape, entry["start"])
        if "early_days" in entry:
            low, high = entry["early_days"]
            start[(postpartum >= low) & (postpartum <= high)] *= entry["early_factor"]
        states[name] = _spells(random, start, entry["end"])
    mastitis = states["mastitis_signs"]
    shape = mastitis.shape
    columns = states | {
        "sleep_hours": _amount(random, people["sleep_mean"].to_numpy(), count, diary["sleep"]),
        "fluid_litres": _amount(random, people["fluids_mean"].to_numpy(), count, diary["fluids"]),
        "temperature_c": _temperature(random, mastitis, recipe["fever"]),
        "ill_shivery": mastitis & (random.random(shape) < recipe["fever"]["ill"]),
        "breast_redness": mastitis & (random.random(shape) < recipe["fever"]["red"]),
        "day_off": random.random(shape) < recipe["times"]["day_off"],
    }
    days = pd.DataFrame({name: values.ravel() for name, values in columns.items()})
    days.insert(0, "person", np.repeat(np.arange(len(people)), count))
    days.insert(1, "study_day", np.tile(study_day, len(people)))
    days.insert(2, "day_postpartum", postpartum.ravel())
    days["breast_pain"] = daily_pain(random, days, recipe["pain"])
    return days
