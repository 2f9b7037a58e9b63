"""The planted courses: what a review should find, written over the drawn course of a few persons."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from pipelines.synthetic.effects import day_row
from pipelines.synthetic.recipe import Recipe, random_stream

# The restrictive courses choose first, so that every one of them finds its persons.
ORDER = (
    "not_at_volume",
    "falling_volume",
    "persistent_no_milk",
    "gone_quiet",
    "breast_infection",
    "unresolved_fullness",
    "distress_protocol",
)


@dataclass(frozen=True)
class Course:
    """One planted course: row of `people`, the warning sign it should raise, and its onset in study days."""

    person: int
    sign: str
    first_day: int


def _suitable(recipe: Recipe, people: pd.DataFrame, sign: str) -> np.ndarray:
    planted = recipe["planted"]
    stays = people["withdrawn_day"].isna().to_numpy()
    if sign == "not_at_volume":
        return stays & (people["group"] == "preterm").to_numpy()
    if sign == "falling_volume":
        enough = people["plateau_ml"] > planted["falls_plateau"]
        return stays & (enough & (people["z"] < planted["falls_person_effect"])).to_numpy()
    return stays


def choose_courses(
    recipe: Recipe, people: pd.DataFrame, signs: pd.DataFrame, seed: int
) -> tuple[Course, ...]:
    """Choose who gets which course: only persons who stay, without a warning sign of their own.

    A smaller study gets proportionally fewer, a larger one no more than the recipe's.
    """
    random = random_stream(seed, "courses")
    courses = recipe["courses"]
    share = min(1.0, len(people) / courses["of"])
    free = np.ones(len(people), dtype=bool)
    free[signs["person"].to_numpy(dtype=int)] = False
    chosen = []
    for sign in ORDER:
        candidates = np.flatnonzero(free & _suitable(recipe, people, sign))
        wanted = min(round(courses[sign] * share), len(candidates))
        for person in random.choice(candidates, wanted, replace=False):
            low, high = courses["onset"]
            chosen.append(Course(int(person), sign, int(random.integers(low, high + 1))))
            free[person] = False
    return tuple(chosen)


def _after(sessions: pd.DataFrame, course: Course) -> np.ndarray:
    same = (sessions["person"] == course.person) & (sessions["study_day"] >= course.first_day)
    return np.flatnonzero(same.to_numpy())


def _spoil_sessions(
    recipe: Recipe, people: pd.DataFrame, sessions: pd.DataFrame, course: Course, random: np.random.Generator
) -> None:
    planted = recipe["planted"]
    rows = _after(sessions, course)
    volume, no_milk = sessions["volume_ml"].to_numpy().copy(), sessions["no_milk"].to_numpy().copy()
    since = sessions["study_day"].to_numpy()[rows] - course.first_day
    if course.sign == "persistent_no_milk":
        no_milk[rows] |= random.random(len(rows)) < planted["no_milk_chance"]
        volume[no_milk] = 0.0
    elif course.sign == "falling_volume":
        fallen = np.minimum((since + 1) / planted["falls_over"], 1)
        volume[rows] *= 1 - (1 - planted["falls_to"]) * fallen
    elif course.sign == "breast_infection":
        volume[rows[since < planted["infection_days"]]] *= planted["infection_volume"]
    elif course.sign == "not_at_volume":
        everything = np.flatnonzero((sessions["person"] == course.person).to_numpy())
        wanted = random.uniform(*planted["low_plateau"])
        volume[everything] *= wanted / people["plateau_ml"].iloc[course.person]
    sessions["no_milk"], sessions["volume_ml"] = no_milk, volume


def _spoil_days(recipe: Recipe, days: pd.DataFrame, course: Course, random: np.random.Generator) -> None:
    planted, fever = recipe["planted"], recipe["fever"]
    first = course.person * recipe.days + course.first_day
    end = (course.person + 1) * recipe.days
    if course.sign == "unresolved_fullness":
        days.loc[first : min(first + planted["fullness_days"], end) - 1, "blocked_duct"] = True
    if course.sign != "breast_infection":
        return
    rows = np.arange(first, min(first + planted["infection_days"], end))
    feverish = random.random(len(rows)) < fever["share"]
    feverish[0] = True  # a course without any fever would be no course
    heat = np.round(random.normal(fever["mean"], fever["sd"], len(rows)), 1)
    heat[0] = max(heat[0], fever["mean"])
    days.loc[rows, "mastitis_signs"] = True
    days.loc[rows[feverish], "temperature_c"] = heat[feverish]
    days.loc[rows, "breast_redness"] = True
    days.loc[rows, "ill_shivery"] = random.random(len(rows)) < fever["ill"]
    days.loc[rows, "breast_pain"] = np.minimum(4 + random.poisson(2, len(rows)), 10).astype(np.int8)


def plant(
    recipe: Recipe,
    people: pd.DataFrame,
    days: pd.DataFrame,
    sessions: pd.DataFrame,
    courses: tuple[Course, ...],
    seed: int,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Days and sessions with the planted courses written over what was drawn; the inputs stay as they were."""
    random = random_stream(seed, "courses", 1)
    days, sessions = days.copy(), sessions.copy()
    for course in courses:
        _spoil_sessions(recipe, people, sessions, course, random)
        _spoil_days(recipe, days, course, random)
    sore = sessions["person"].isin([course.person for course in courses if course.sign == "breast_infection"])
    mastitis = days["mastitis_signs"].to_numpy()[day_row(recipe, sessions)]
    rows = np.flatnonzero(sore & mastitis)
    pain = sessions["pump_pain"].to_numpy().copy()
    pain[rows] = np.minimum(pain[rows] + random.poisson(recipe["pain"]["mastitis"], len(rows)), 10)
    sessions["pump_pain"] = pain
    return days, sessions
