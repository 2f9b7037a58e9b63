"""Two selections set against each other tell of nobody."""

from itertools import combinations, product
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from pipelines.evidence.apart import sets_apart, stretches, wider_range
from pipelines.evidence.filters import Choices, Filters, accept
from pipelines.evidence.frames import Frames, select, too_few

MINIMUM = 5
CHOICES = Choices(("A", "B"), (("manual", "Hand pump"),), 0, 9, "no_milk")


def study(seed: int) -> Frames:
    """A small study with thin days, a small cohort, sessions without a day and without a volume."""
    draw = np.random.default_rng(seed)
    count = 300
    person = draw.integers(0, 26, count)
    day = np.minimum(draw.geometric(0.25, count) - 1 + person // 6, 14).astype(float)
    rows = pd.DataFrame(
        {
            "participant_id": [f"P{number}" for number in person],
            "day_in_study": day.astype(int),
            "day_postpartum": np.where(person % 11 == 0, np.nan, day),
            "cohort": np.where(person < 11, "A", np.where(person < 22, "B", "C")),
            "pump_type": np.where(draw.random(count) < 0.2, "manual", "wearable"),
            "no_milk": np.where(draw.random(count) < 0.1, np.nan, draw.integers(0, 2, count)),
        }
    )
    info = SimpleNamespace(minimum_cell=MINIMUM)
    return Frames(info, CHOICES, rows, rows, rows["participant_id"].nunique())  # type: ignore[arg-type]


def shown(frames: Frames) -> dict[Filters, frozenset[int]]:
    """The sessions behind every link of which numbers are shown."""
    days = ["", *(f"{first}-{last}" for first, last in combinations(range(9), 2))]
    found = {}
    for range_, cohort, pump in product(days, ("", "A"), ("", "manual")):
        filters, _ = accept({"days": range_, "cohort": cohort, "pump": pump}, CHOICES)
        selected = select(frames, filters)
        if not too_few(selected, "no_milk"):
            found[filters] = frozenset(selected.sessions.index)
    return found


def differ_in_one(one: Filters, other: Filters) -> bool:
    days = (one.first_day, one.last_day) != (other.first_day, other.last_day)
    return days + (one.cohort != other.cohort) + (one.pump_type != other.pump_type) == 1


@pytest.mark.parametrize("seed", range(2))
def test_one_selection_without_another_is_never_the_sessions_of_a_few(seed):
    frames = study(seed)
    selections = shown(frames)
    known = frames.sessions["no_milk"].notna()
    assert len(selections) > 20
    for (wide, more), (narrow, fewer) in product(selections.items(), repeat=2):
        if not (fewer < more and differ_in_one(wide, narrow)):
            continue
        for told in (frames.sessions, frames.sessions[known]):
            people = told.loc[told.index.isin(more - fewer), "participant_id"].nunique()
            assert people == 0 or people >= MINIMUM, (wide, narrow)


def rows(*people_of_day: str) -> pd.DataFrame:
    return pd.DataFrame(
        [
            {"participant_id": person, "day_postpartum": day}
            for day, people in enumerate(people_of_day)
            for person in people
        ]
    )


def cut(sessions: pd.DataFrame) -> list[tuple[int, int]]:
    return stretches(sessions["day_postpartum"], sessions["participant_id"], 3)


def test_thin_days_are_told_together_with_their_neighbours():
    assert cut(rows("abc", "ab", "a", "c", "abc", "a")) == [(0, 0), (1, 3), (4, 5)]
    assert cut(rows("ab", "a")) == []


def test_a_day_without_a_known_outcome_belongs_to_the_days_around_it():
    everyone = rows("ab", "abc", "a")
    told = everyone["participant_id"].where(everyone["day_postpartum"] == 1)
    assert stretches(everyone["day_postpartum"], told, 3) == [(0, 2)]


def test_a_range_grows_to_whole_stretches_and_keeps_what_cuts_nothing():
    found = [(0, 0), (1, 3), (6, 8)]
    assert wider_range(2, 7, found) == (1, 8)
    assert wider_range(1, 3, found) == (1, 3)
    assert wider_range(4, 5, found) == (4, 5)
    assert wider_range(None, 2, found) == (None, 3)


def test_days_that_nobody_else_logged_are_not_cut_off():
    everyone = rows("abcde", "abcde", "ab")
    up_to_one = {"days": everyone["day_postpartum"] <= 1}
    assert sets_apart(everyone, up_to_one, 3)
    assert not sets_apart(everyone, up_to_one, 2)


def test_the_page_says_which_range_can_be_shown():
    everyone = rows("abcdef", "abcdef", "abc", "def", "abcdef").assign(no_milk=0.0, cohort="A")
    frames = Frames(study(0).info, CHOICES, everyone, everyone, 6)
    assert not too_few(select(frames, Filters(last_day=1)), "no_milk")
    reason = too_few(select(frames, Filters(last_day=2)), "no_milk")
    assert "fewer than 5 people logged" in reason and reason.endswith("What can be shown is days 0 to 3.")
