"""What people answer in the questionnaires: baseline, evening diary, weekly and fortnightly scales."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from pipelines.synthetic.cohort import Cohort
from pipelines.synthetic.recipe import random_stream


@dataclass(frozen=True)
class Scale:
    """Answers to one questionnaire, one row a person: `items` scored, `written` as printed, total NaN if incomplete."""

    scored: np.ndarray
    written: np.ndarray
    missing: np.ndarray

    @property
    def total(self) -> np.ndarray:
        """Sum of the scored answers; NaN where one is missing."""
        return np.where(self.missing.any(axis=1), np.nan, self.scored.sum(axis=1))


@dataclass(frozen=True)
class Forms:
    """All answers. `baseline`: scales by id, one row a person. `entries`: one row an evening entry.

    An entry has person, study_day, `diary` (whether the daily part was answered), `weekly` and `fortnight` (whether
    those were), and the scales' answers in `scales`, aligned with the entries' rows.
    """

    baseline: dict[str, Scale]
    entries: pd.DataFrame
    scales: dict[str, Scale]


def answer_scale(cohort: Cohort, name: str, trait: np.ndarray, random: np.random.Generator) -> Scale:
    """Answers to a scale by persons with this trait (mean 0, SD 1): items share it and have a part of their own."""
    forms = cohort.recipe["forms"]
    entry = forms["items"][name]
    shape = (len(trait), entry["items"])
    latent = forms["shared"] * trait[:, None] + forms["own"] * random.standard_normal(shape)
    low, high = entry["lowest"], entry["highest"]
    scored = np.clip(np.round(entry["mean"] + entry["sd"] * latent), low, high).astype(int)
    written = scored.copy()
    turned = [item - 1 for item in entry["reversed"]]
    written[:, turned] = low + high - written[:, turned]
    return Scale(scored, written, random.random(shape) < forms["item_missing"])


def _sleep_trait(cohort: Cohort) -> np.ndarray:
    sleep = cohort.recipe["diary"]["sleep"]
    return -(cohort.people["sleep_mean"].to_numpy() - sleep["mean"]) / sleep["between"]


def _present_until(cohort: Cohort) -> np.ndarray:
    """The last study day on which each person may answer."""
    last = cohort.people["withdrawn_day"].fillna(cohort.recipe.days + 1).to_numpy() - 1
    for course in cohort.courses:
        if course.sign == "gone_quiet":
            last[course.person] = course.first_day + cohort.recipe["planted"]["quiet_after"]
    return last


def _must_answer(cohort: Cohort) -> np.ndarray:
    """Person-days whose diary is answered whatever happens, so that a planted course can be seen."""
    planted = cohort.recipe["planted"]
    lengths = {"breast_infection": planted["infection_days"], "unresolved_fullness": planted["fullness_days"]}
    must = np.zeros((len(cohort.people), cohort.recipe.days + 1), dtype=bool)
    for course in cohort.courses:
        if course.sign in lengths:
            must[course.person, course.first_day : course.first_day + lengths[course.sign]] = True
    return must


def _entries(cohort: Cohort, random: np.random.Generator) -> pd.DataFrame:
    forms, days, size = cohort.recipe["forms"], cohort.recipe.days, len(cohort.people)
    day = np.arange(days + 1)
    shape = (size, days + 1)
    missing = forms["diary_missing"] + forms["diary_missing_per_day"] * day
    diary = (random.random(shape) >= missing) | _must_answer(cohort)
    diary[:, days] = False
    weekly, fortnight = np.zeros(shape, dtype=bool), np.zeros(shape, dtype=bool)
    for form, dates, shares in (
        (weekly, forms["weekly_days"], forms["weekly_missing"]),
        (fortnight, forms["fortnight_days"], forms["fortnight_missing"]),
    ):
        form[:, dates] = random.random((size, len(dates))) >= np.array(shares)
    for course in cohort.courses:
        if course.sign == "distress_protocol":
            fortnight[course.person, forms["fortnight_days"][0]] = True
    present = day <= _present_until(cohort)[:, None]
    person, study_day = np.nonzero((diary | weekly | fortnight) & present)
    return pd.DataFrame(
        {
            "person": person,
            "study_day": study_day,
            "diary": diary[person, study_day],
            "weekly": weekly[person, study_day],
            "fortnight": fortnight[person, study_day],
        }
    )


def _distress(cohort: Cohort, entries: pd.DataFrame, random: np.random.Generator) -> pd.DataFrame:
    """EPDS total and its item 10 as scored answer; high only where planted, on the first of its days."""
    forms = cohort.recipe["forms"]
    usual = forms["worst_distress"]
    total = np.minimum(np.floor(random.gamma(usual["shape"], usual["scale"], len(entries))), usual["highest"])
    self_harm = np.zeros(len(entries), dtype=int)
    planted = [course.person for course in cohort.courses if course.sign == "distress_protocol"]
    low, high = forms["planted_distress"]
    for number, person in enumerate(planted):
        rows = (entries["person"] == person) & (entries["study_day"] == forms["fortnight_days"][0])
        total[rows] = random.integers(low, high + 1)
        self_harm[rows] = 1 if number == 0 else 0
    return entries.assign(distress_score=total, distress_item_10=self_harm)


def answer_forms(cohort: Cohort) -> Forms:
    """Everything that is answered, complete where a form was answered but for single items."""
    random = random_stream(cohort.seed, "forms")
    people = cohort.people
    stress = people["stress_mean"].to_numpy()
    confidence = -0.3 * people["z"].to_numpy() + np.sqrt(1 - 0.09) * random.standard_normal(len(people))
    baseline = {
        "pss4": answer_scale(cohort, "pss4", stress, random),
        "bses": answer_scale(cohort, "bses", confidence, random),
    }
    entries = _entries(cohort, random)
    person = entries["person"].to_numpy()
    traits = {"sleep4": _sleep_trait(cohort)[person], "gad2": stress[person], "pss10": stress[person]}
    scales = {name: answer_scale(cohort, name, trait, random) for name, trait in traits.items()}
    entries = _distress(cohort, entries, random)
    return Forms(baseline, entries, scales)
