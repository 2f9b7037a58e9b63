"""The whole study before anything is written down: people, days, sessions, planted courses, true signs."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from pipelines.synthetic.courses import Course, choose_courses, plant
from pipelines.synthetic.days import make_days
from pipelines.synthetic.people import make_people, number_people
from pipelines.synthetic.recipe import Recipe, load_recipe
from pipelines.synthetic.reports import add_reports
from pipelines.synthetic.sessions import make_sessions
from pipelines.synthetic.signs import true_signs

MOST_PARTS = 30


@dataclass(frozen=True)
class Cohort:
    """The truth of a study as tables; `person` in all of them is the row number of `people`.

    `people`: one row a participant. `days`: one row a study day, also after leaving (row = person * days +
    study_day). `sessions`: one row a session that took place, nothing lost. `feeds`: feeds at the breast.
    `signs`: warning signs that are true without any planting. `courses`: what was planted.
    """

    recipe: Recipe
    seed: int
    people: pd.DataFrame
    days: pd.DataFrame
    sessions: pd.DataFrame
    feeds: pd.DataFrame
    signs: pd.DataFrame
    courses: tuple[Course, ...]

    @property
    def planted(self) -> np.ndarray:
        """Row numbers of the people with a planted course; they are outside the no-milk model."""
        return np.array(sorted({course.person for course in self.courses}), dtype=int)

    @property
    def model_sessions(self) -> pd.DataFrame:
        """The sessions that follow the recipe's model exactly: those of people without a planted course."""
        return self.sessions[~self.sessions["person"].isin(self.planted)]


def _keep(people: pd.DataFrame, frame: pd.DataFrame, kept: np.ndarray) -> pd.DataFrame:
    number = np.full(len(people), -1)
    number[kept] = np.arange(len(kept))
    frame = frame.assign(person=number[frame["person"].to_numpy()].astype(np.int32))
    return frame[frame["person"] >= 0].reset_index(drop=True)


def _draw(recipe: Recipe, size: int, seed: int, part: int) -> tuple[pd.DataFrame, ...]:
    people = make_people(recipe, size, seed, part)
    days = make_days(recipe, people, seed, part)
    sessions, feeds = make_sessions(recipe, people, days, seed, part)
    return people, days, sessions, feeds


def _draw_without_signs(recipe: Recipe, size: int, seed: int) -> tuple[pd.DataFrame, ...]:
    """Draw people until `size` of them show no warning sign; those who show one are left out."""
    parts: list[tuple[pd.DataFrame, ...]] = []
    have = 0
    for part in range(1, MOST_PARTS + 1):
        people, days, sessions, feeds = _draw(recipe, size, seed, part)
        listed = true_signs(recipe, people, days, sessions)["person"].to_numpy(dtype=int)
        kept = np.setdiff1d(np.arange(size), listed)[: size - have]
        tables = (
            people.iloc[kept].reset_index(drop=True),
            *(_keep(people, frame, kept) for frame in (days, sessions, feeds)),
        )
        parts.append((tables[0], *(frame.assign(person=frame["person"] + have) for frame in tables[1:])))
        have += len(kept)
        if have == size:
            return tuple(pd.concat(frames, ignore_index=True) for frames in zip(*parts, strict=True))
    raise AssertionError(f"{size} people without a warning sign were not found in {MOST_PARTS} draws")


def simulate(participants: int = 240, seed: int = 0, variant: str = "base") -> Cohort:
    """Simulate a study of `participants` people.

    The same arguments give the same cohort. Raises DataFileError for an unknown variant.
    """
    recipe = load_recipe(variant)
    if recipe.clean_review:
        people, days, sessions, feeds = _draw_without_signs(recipe, participants, seed)
    else:
        people, days, sessions, feeds = _draw(recipe, participants, seed, 0)
    people = number_people(recipe, people)
    signs = true_signs(recipe, people, days, sessions)
    courses = choose_courses(recipe, people, signs, seed)
    days, sessions = plant(recipe, people, days, sessions, courses, seed)
    days, sessions = add_reports(recipe, people, days, sessions, seed)
    return Cohort(recipe, seed, people, days, sessions, feeds, signs, courses)
