"""The ingested demo against the truth written beside it: nothing lost, nothing added, no number changed."""

import json
import zoneinfo

import numpy as np
import pandas as pd
import pytest

from pipelines import run
from pipelines.evidence.frames import doubtful
from pipelines.store.tables import open_store


@pytest.fixture(scope="module")
def truth(demo):
    return json.loads((demo.folder / "truth.json").read_text())


@pytest.fixture(scope="module")
def tables(demo):
    with open_store(demo.store) as store:
        return {
            name: getattr(store, name).execute()
            for name in ("sessions", "responses", "sources", "participants")
        }


def test_the_ledger_is_the_one_the_truth_expects(demo, truth):
    exports = truth["log"]["files"]
    total = demo.ledger.total
    assert total.read == sum(file["rows"] for file in exports) + truth["questionnaires"]["rows"]
    assert total.duplicate == len(truth["log"]["duplicates"])
    assert total.quarantined == truth["log"]["set_aside"] > 0
    by_name = {file["file"].split("exports/")[1]: file for file in exports}
    for file in demo.ledger.files:
        # The ledger names a sheet behind its file, and a file from the folder before the first wildcard on.
        name = file.name.split(" [")[0]
        expected = [entry for path, entry in by_name.items() if path.endswith(f"/{name}")]
        if expected:
            (entry,) = expected
            sessions = file.counts.accepted + file.counts.duplicate + file.counts.quarantined
            counts = (file.counts.read, sessions, file.counts.other)
            assert counts == (entry["rows"], entry["session_rows"], entry["other"]), name


def test_every_session_written_down_is_in_the_store_once(truth, tables):
    sessions = tables["sessions"]
    assert len(sessions) == truth["log"]["sessions"]
    known = sessions["volume_ml"].dropna()
    assert (known == 0).mean() == pytest.approx(truth["log"]["no_milk"], abs=1e-9)


def test_every_answer_is_in_the_store(truth, tables):
    assert tables["responses"]["factor"].value_counts().to_dict() == truth["questionnaires"]["answers"]


def test_a_person_is_one_person_in_all_sources(truth, tables):
    assert len(tables["participants"]) == truth["participants"]
    groups = pd.Series([person["group"] for person in truth["people"]]).value_counts().to_dict()
    assert tables["participants"]["cohort"].value_counts().to_dict() == groups
    start = tables["responses"].groupby("participant_id")["day_postpartum"].min()
    assert (start.dropna() >= 0).all()


def test_intervals_are_true_time_also_on_the_nights_of_a_clock_change(demo, truth, tables):
    written = pd.read_csv(demo.folder / "exports/logs/north.csv", parse_dates=["started_at"])
    written["source_row"] = np.arange(1, len(written) + 1)
    source = tables["sources"].loc[tables["sources"]["rows_read"] == len(written), "source_id"].iloc[0]
    stored = tables["sessions"].loc[
        tables["sessions"]["source_id"] == source, ["source_row", "interval_hours"]
    ]
    later = pd.read_csv(demo.folder / "exports/logs/north_later.csv")["participant_id"]
    rows = written.merge(stored, on="source_row")
    rows = rows[~rows["participant_id"].isin(later)].sort_values(["participant_id", "source_row"])
    zone = zoneinfo.ZoneInfo("Europe/London")
    hours = [start.to_pydatetime().replace(tzinfo=zone).timestamp() / 3600 for start in rows["started_at"]]
    passed = pd.Series(hours, index=rows.index).groupby(rows["participant_id"]).diff()
    wall = rows.groupby("participant_id")["started_at"].diff().dt.total_seconds() / 3600
    assert np.allclose(rows["interval_hours"], passed, equal_nan=True, atol=1e-3)
    assert ((wall - passed).abs() > 0.5).sum() >= 5


def test_the_one_log_that_holds_ounces_for_ml_is_doubted_and_no_other(demo, truth):
    [planted] = truth["log"]["unit_traps"]
    assert doubtful(demo.store) == {run.participant_code(planted, demo.store)}
