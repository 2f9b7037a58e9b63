"""How long logs go on: counted by person, few people hidden, and what would give them away."""

import pandas as pd

from pipelines.evidence.retention import _counts, _few, _groups, _hidden
from tests.unit.evidence.people import frames


def test_a_log_counts_at_every_study_day_up_to_its_last_session():
    last = pd.Series({"a": 3.0, "b": 6.0, "c": 9.0})
    assert [_counts(last, day, {"all": last.index})[0] for day in (3, 6, 7, 10)] == [3, 2, 1, 0]


def test_people_are_grouped_by_cohort_and_by_the_first_days_of_their_log():
    made = frames()
    people = pd.Index(made.sessions["participant_id"].unique())
    everyone, cohorts, early = _groups(made, people, "no_milk", 7)
    assert [len(members) for members in (*everyone.values(), *cohorts.values())] == [80, 40, 40]
    assert [len(members) for members in early.values()] == [20, 60]
    assert all("first 7 days" in name for name in early)


def test_few_logs_or_few_that_ended_stay_hidden_and_never_one_alone():
    assert _few([80], [85], 10) == [True] and _few([60], [80], 10) == [False]
    assert _few([30, 30], [40, 40], 10) == [False, False]
    assert _few([35, 20], [40, 40], 10) == [True, True]


def test_when_few_of_everybody_ended_nothing_of_that_day_is_told():
    last = pd.Series([5.0] * 8 + [20.0] * 72)
    kinds = ({"all": last.index}, {"A": last.index[:40], "B": last.index[40:]})
    assert _hidden(last, 10, kinds, 10) == [True, True, True]
