"""The other direction: a planted return path from a day without milk to the next day's answer is found in its size."""

import numpy as np
import pandas as pd
import pytest

from pipelines.analysis.features import model_table
from pipelines.analysis.reverse import reverse_associations
from tests.unit.analysis.study import CODEBOOK, SETTINGS, make_study

STEP = SETTINGS["reverse.share_step"]


def found(feedback: float, minimum_cell: int = 10, people: int = 80):
    """Stress of each day raised by `feedback` for a whole day before without milk, beside noise."""
    table = model_table(
        *make_study(participants=people, days=10, confounding=1.0).tables(), CODEBOOK, SETTINGS
    )
    daily = table.groupby(["participant_id", "day_in_study"])["no_milk"].mean()
    yesterday = daily.groupby(level=0).shift(1).fillna(0)
    random = np.random.default_rng(4)
    own = daily.groupby(level=0).transform("mean")
    stress = 4 + 3 * own + feedback * yesterday + random.normal(0, 1, len(daily))
    index = pd.MultiIndex.from_frame(table[["participant_id", "day_in_study"]])
    table["stress"] = stress.reindex(index).to_numpy()
    table["engorgement"] = np.where(table["stress"] > 5, "yes", "no")
    return {
        each.factor: each for each in reverse_associations(table, CODEBOOK, SETTINGS, "no_milk", minimum_cell)
    }


def test_a_planted_return_path_is_found_in_its_size():
    stress = found(2.0)["stress"]
    assert stress.low < 2.0 * STEP < stress.high
    assert stress.low > 0 and stress.measure == "difference" and stress.step == STEP
    assert stress.participants == 80 and stress.days == 80 * 9


def test_people_with_little_milk_who_are_stressed_are_no_return_path():
    stress = found(0.0)["stress"]
    assert stress.low < 0 < stress.high


def test_an_answer_in_levels_is_told_as_an_odds_ratio():
    engorgement = found(2.0)["engorgement"]
    assert engorgement.measure == "odds_ratio" and engorgement.low > 1


def test_few_people_stay_hidden():
    stress = found(2.0, minimum_cell=10, people=9)["stress"]
    assert stress.status == "suppressed" and stress.value is None and stress.participants is None


def test_people_who_never_vary_give_a_reason():
    stress = found(2.0, people=15)["stress"]
    assert stress.status == "not_estimable" and "20 people" in stress.reason


@pytest.mark.parametrize("name", ["volume_ml", "flange_fit", "sessions_per_day"])
def test_only_items_of_the_day_that_output_could_change_are_looked_at(name):
    assert name not in found(0.0)
