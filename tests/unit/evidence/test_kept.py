"""Findings that were kept come back as they were."""

import pytest

from pipelines.evidence import kept
from pipelines.results import (
    Association,
    CalibrationPoint,
    ClaimFinding,
    Classifier,
    Cohort,
    DecisionPoint,
    Findings,
    GroupImportance,
    Interval,
    PlanState,
    ReverseAssociation,
)

ASSOCIATION = Association("pcos", "yes", "no", "total", "adjusted", odds_ratio=1.4, adjusted_for=("parity",))
FOUND = Findings(
    Cohort(100, 5000, 300, "no_milk", False, 1),
    (ASSOCIATION,),
    Classifier(
        auc=0.6,
        scaled_brier=Interval(0.1, 0.0, 0.2, 0.05),
        factors=("pcos",),
        calibration=(CalibrationPoint(0.1, 0.2, 0.1, 0.3, 40),),
        decision=(DecisionPoint(0.1, 0.02, 0.01, 0.03, 0.0, 40),),
        importance=(GroupImportance(("stress", "anxiety"), 0.03, 0.0, 0.06),),
        missing=(("stress", 0.2),),
    ),
    (ClaimFinding("cause.stress", "supported", association=ASSOCIATION), ClaimFinding("x", "not_collected")),
    (ReverseAssociation("stress", "difference", 0.25, 100, 900, 0.2, 0.1, 0.3, 0.01),),
    PlanState("abc", 1, (3,), "The plan changed at data version 3."),
)


def test_findings_come_back_as_they_were_written(tmp_path):
    store = tmp_path / "store.duckdb"
    kept.write(store, "key", "no_milk", FOUND)
    assert kept.read(store, "key") == FOUND
    assert kept.read(store, "another key") is None


@pytest.mark.parametrize("outcome, left", [("no_milk", {"new"}), ("low_output", {"old", "new"})])
def test_only_older_findings_of_the_same_outcome_are_dropped(tmp_path, outcome, left):
    store = tmp_path / "store.duckdb"
    kept.write(store, "old", "no_milk", FOUND)
    kept.write(store, "new", outcome, FOUND)
    assert {key for key in ("old", "new") if kept.read(store, key) is not None} == left


def test_a_part_is_kept_beside_the_rest_and_goes_with_it(tmp_path):
    store = tmp_path / "store.duckdb"
    kept.write(store, "key", "no_milk", FOUND)
    kept.write(store, "key", "no_milk", FOUND, "classifier")
    assert kept.read(store, "key") == kept.read(store, "key", "classifier") == FOUND
    kept.write(store, "new", "no_milk", FOUND)
    assert kept.read(store, "key", "classifier") is None
