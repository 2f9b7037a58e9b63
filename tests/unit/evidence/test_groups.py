"""Groups of sessions: small ones hidden, and what the others minus the whole would tell of them."""

import numpy as np
import pandas as pd
import pytest

from pipelines.evidence.groups import Summary, fence, section, summarise
from pipelines.evidence.parts import HIDDEN


def sessions(people: int, each: int, empty: int) -> pd.DataFrame:
    """So many people with so many sessions each, the first `empty` of each person's without milk."""
    rows = [(f"p{person}", float(number < empty)) for person in range(people) for number in range(each)]
    table = pd.DataFrame(rows, columns=["participant_id", "no_milk"])
    return table.assign(volume_ml=np.where(table["no_milk"] == 1, 0.0, 80.0))


def test_a_group_has_its_share_volume_and_people():
    found = summarise(sessions(20, 10, 1), "all", "no_milk", 10, 200)
    assert (found.participants, found.sessions, found.share, found.mean_volume_ml) == (20, 200, 0.1, 72.0)


@pytest.mark.parametrize(("people", "state"), [(0, "not_collected"), (9, HIDDEN), (10, "estimated")])
def test_a_group_below_the_minimum_has_no_number(people, state):
    found = summarise(sessions(people, 10, 1), "few", "no_milk", 10, 200)
    assert found.state == state
    if state != "estimated":
        assert (found.participants, found.sessions, found.share, found.mean_volume_ml) == (None,) * 4


@pytest.mark.parametrize(("empty", "low", "high"), [(0, 0.0, 0.168), (10, 0.832, 1.0)])
def test_sessions_that_are_all_alike_are_bounded_by_how_many_people_show_it(empty, low, high):
    found = summarise(sessions(20, 10, empty), "all", "no_milk", 10, 200)
    assert (found.low, found.high) == pytest.approx((low, high), abs=1e-3)
    (drawn,) = section("Title", [found], "no_milk", "name").groups
    assert drawn.share is not None and (drawn.share.low, drawn.share.high) == (found.low, found.high)


def test_such_a_bound_does_not_tell_a_hidden_number_of_people():
    nearly_all = [
        summarise(sessions(people, 10, 0), "most", "no_milk", 10, people + 5) for people in (23, 28)
    ]
    assert nearly_all[0] == nearly_all[1] and nearly_all[0].participants is None


def test_a_group_of_nearly_everybody_keeps_its_share_and_loses_its_counts():
    found = summarise(sessions(20, 10, 1), "most", "no_milk", 10, 25)
    assert (found.participants, found.sessions, found.share) == (None, None, 0.1)


def test_beside_a_hidden_group_the_others_are_told_coarsely():
    shown = Summary(
        "double",
        participants=120,
        sessions=12_259,
        share=0.08312,
        low=0.0584,
        high=0.1179,
        mean_volume_ml=79.4,
    )
    hidden = Summary("not reported", HIDDEN, "Fewer than 10 people.")
    coarse, still_hidden = fence([shown, hidden])
    assert still_hidden == hidden
    assert (coarse.sessions, coarse.share, coarse.mean_volume_ml) == (12_300, 0.08, 79.0)
    assert fence([shown, shown]) == [shown, shown]
