"""Cohorts with known truth: how often intervals hold it and verdicts mislead. Quick versions, and long ones on demand."""

import numpy as np
import pandas as pd
import pytest

from pipelines.analysis.associations import factor_associations
from pipelines.analysis.design import model_data
from pipelines.analysis.effects import logistic
from pipelines.analysis.exposures import plain_contrasts
from pipelines.analysis.features import model_table
from tests.unit.analysis.study import CODEBOOK, SETTINGS, make_study


def cohort(random, people):
    """Four factors without effect and heavy-tailed differences between people (bridge distribution)."""
    sessions = random.integers(20, 60, people)
    person = np.repeat(np.arange(people), sessions)
    uniform, phi = random.random(people), 0.75
    level = np.log(np.sin(phi * np.pi * uniform) / np.sin(phi * np.pi * (1 - uniform))) / phi
    within = random.normal(size=len(person))
    within -= (np.bincount(person, within) / sessions)[person]
    return pd.DataFrame(
        {
            "person": person,
            "trait": (random.random(people) < 0.3).astype(float)[person],
            "score": random.normal(size=people)[person],
            "within": within,
            "coin": (random.random(len(person)) < 0.3).astype(float),
            "empty": random.random(len(person)) < 1 / (1 + np.exp(2.2 / phi - level[person])),
        }
    )


def share_held(people, cohorts, seed):
    """Share of 95 % intervals that hold the truth, 0, for each of four kinds of factor."""
    random = np.random.default_rng(seed)
    names = ["trait", "score", "within", "coin"]
    held = np.zeros(len(names))
    for _ in range(cohorts):
        fit = logistic(cohort(random, people), "empty", names, "person")
        held += [fit.intervals[name][0] <= 0 <= fit.intervals[name][1] for name in names]
    return held / cohorts


def test_intervals_hold_the_truth_about_as_often_as_they_say():
    assert (share_held(people=100, cohorts=60, seed=1) >= 0.87).all()


@pytest.mark.demand
@pytest.mark.parametrize("people", [40, 100, 300])
def test_intervals_hold_the_truth_in_93_to_99_of_100_cohorts(people):
    held = share_held(people, cohorts=1000, seed=people)
    assert (held >= 0.93).all() and (held <= 0.995).all(), held


def stress_estimates(seed, **options):
    """Same-day and day-before estimate of stress, which causes nothing, in a cohort with reverse causation."""
    study = make_study(participants=120, days=12, seed=seed, feedback=2.5, confounding=0.5, **options)
    data = model_data(model_table(*study.tables(), CODEBOOK, SETTINGS), CODEBOOK, SETTINGS, "no_milk")
    stress = CODEBOOK.factors["stress"]
    rows = factor_associations(data, stress, plain_contrasts(stress), 10, ["adjusted"])
    return {row.component: row for row in rows}


def test_reverse_causation_shows_the_same_day_and_between_people_but_not_the_day_before():
    found = [stress_estimates(seed) for seed in range(6)]
    assert all(each["within"].ci_low > 1 for each in found)
    assert all(each["between"].ci_low > 1 for each in found)
    assert sum(each["within_lagged"].ci_low <= 1 <= each["within_lagged"].ci_high for each in found) >= 5
