"""Confirmatory is what every plan since the first data names; all else is exploratory."""

from pathlib import Path

import pytest

from pipelines.evidence.filters import Filters
from pipelines.evidence.plan_state import marked, plan_state
from pipelines.plan import AnalysisPlan, extended, read_history
from pipelines.results import Association, ClaimFinding
from pipelines.store.tables import StoreInfo

PLAN = AnalysisPlan("no_milk", None, ("stress",), {"stress": ("day_postpartum", "parity")})
WIDER = AnalysisPlan(
    "no_milk", None, ("oats", "stress"), {"stress": ("day_postpartum", "parity"), "oats": ("parity",)}
)


def info(*plans: tuple[AnalysisPlan | None, int]) -> StoreInfo:
    text = ""
    for plan, version in plans:
        text = extended(text, plan, version)
    return StoreInfo("Pilot", False, "no_milk", 15, 10, False, 4, Path("store.duckdb"), plan=text)


def state_of(
    store: StoreInfo, factor="stress", adjusted=("day_postpartum", "parity"), filters: Filters | None = None
) -> str:
    association = Association(factor, None, None, "within_lagged", "adjusted", adjusted_for=adjusted)
    claim = ClaimFinding("cause.x", "supported", association=association)
    return marked([claim], store, filters or Filters())[0].plan


def test_what_was_planned_is_confirmatory_and_all_else_exploratory():
    store = info((PLAN, 1))
    assert state_of(store) == "confirmatory"
    assert state_of(store, adjusted=("day_postpartum",)) == "confirmatory"
    assert state_of(store, adjusted=("day_postpartum", "oats")) == "exploratory"
    assert state_of(store, factor="oats") == "exploratory"
    assert state_of(store, filters=Filters(cohort="North")) == "exploratory"
    assert state_of(store, filters=Filters(outcome="low_output")) == "exploratory"
    assert PLAN.hash in plan_state(store).words


def test_an_adjustment_named_in_the_plan_must_be_the_one_that_was_used():
    exact = AnalysisPlan("no_milk", None, ("stress",), {"stress": ("parity",)}, exact=True)
    assert state_of(info((exact, 1)), adjusted=("parity",)) == "confirmatory"
    assert state_of(info((exact, 1)), adjusted=()) == "exploratory"


def test_a_changed_plan_is_visible_and_what_it_adds_stays_exploratory():
    store = info((PLAN, 1), (PLAN, 2), (WIDER, 3))
    assert [each.version for each in read_history(store.plan)] == [1, 3]
    assert plan_state(store).changed_at == (3,) and "changed at data version 3" in plan_state(store).words
    assert state_of(store) == "confirmatory"
    assert state_of(store, factor="oats", adjusted=("parity",)) == "exploratory"


@pytest.mark.parametrize(
    "plans, words",
    [
        ((), "No plan was fixed"),
        (((PLAN, 2),), "written at data version 2, after the first data"),
        (((PLAN, 1), (None, 3)), "taken back at data version 3"),
    ],
)
def test_without_a_plan_before_the_data_nothing_is_confirmatory(plans, words):
    store = info(*plans)
    assert words in plan_state(store).words and state_of(store) == "exploratory"


def test_a_limit_of_little_milk_belongs_to_the_plan():
    plan = AnalysisPlan("low_output", 20.0, ("stress",), {"stress": ("parity",)})
    assert plan.covers("stress", "low_output", 20.0, ("parity",))
    assert not plan.covers("stress", "low_output", 15.0, ("parity",))
