"""The whole way on the synthetic study: export files, ledger, store, findings."""

import json
import math
import re

import pytest

from pipelines import run
from pipelines.__main__ import main
from pipelines.evidence.documents import findings_document
from pipelines.evidence.findings import findings
from pipelines.guidance import load_guidance
from pipelines.results import COMPONENTS, MODELS, STATUSES, VERDICTS
from pipelines.store.tables import open_store

DATE = re.compile(rb"(?:19|20)\d\d[-/.](?:0[1-9]|1[0-2])[-/.](?:0[1-9]|[12]\d|3[01])")
EMAIL = re.compile(rb"\w@[\w-]+\.[a-z]{2,}")


@pytest.fixture(scope="module")
def document(demo, tmp_path_factory) -> dict:
    return findings_document(findings(demo.store))


def numbers(content) -> list[float]:
    if isinstance(content, dict):
        return [number for value in content.values() for number in numbers(value)]
    if isinstance(content, list):
        return [number for value in content for number in numbers(value)]
    return [content] if isinstance(content, int | float) and not isinstance(content, bool) else []


def test_every_row_of_every_file_has_one_fate(demo):
    assert demo.ledger.total.adds_up and demo.ledger.total.read > 20_000
    for file in demo.ledger.files:
        assert file.counts.adds_up, file.name
    with open_store(demo.store) as store:
        ids, sources = store.sessions.session_id.execute(), store.sources.execute()
    assert len(ids) > 20_000 and ids.is_unique and ids.str.fullmatch("[0-9a-f]{16}").all()
    assert (
        sources.rows_read
        == sources.rows_accepted + sources.rows_duplicate + sources.rows_quarantined + sources.rows_other
    ).all()


def test_the_demo_uses_every_reader(demo):
    assert {file.reader for file in demo.ledger.files} >= {
        "generic",
        "huckleberry",
        "babybuddy",
        "piyolog",
        "redcap",
    }


def test_a_second_ingest_of_the_same_files_changes_nothing(demo, tmp_path):
    before = demo.store.read_bytes()
    ledger = run.ingest([demo.folder], demo.folder / "study.toml", demo.store)
    assert not ledger.changed and ledger.total.accepted == 0 and ledger.total.adds_up
    assert demo.store.read_bytes() == before


def test_no_date_name_or_address_is_in_the_bytes_of_the_store(demo):
    truth = json.loads((demo.folder / "truth.json").read_text(encoding="utf-8"))
    content = demo.store.read_bytes()
    planted = truth["log"]["identifiers"]
    assert len(planted) >= 20
    for identifier in planted:
        assert identifier.encode() not in content, identifier
    raw = {person["participant"].encode() for person in truth["people"]}
    assert raw.isdisjoint(re.findall(rb"\bP\d{3}\b", content))
    assert EMAIL.findall(content) == []
    # The one timestamp is `ingested_at`, which DuckDB keeps as a number; no date stands as text.
    assert DATE.findall(content) == []


def test_no_column_but_the_time_of_ingest_is_a_date_or_time(demo):
    with open_store(demo.store) as store:
        types = store.column_types()
    timed = [
        f"{table}.{column}"
        for table, columns in types.items()
        for column, kind in columns.items()
        if "DATE" in kind.upper() or "TIME" in kind.upper()
    ]
    assert {column.split(".")[1] for column in timed} == {"ingested_at"}, timed


def test_the_store_passes_its_own_check(demo, capsys):
    assert main(["check", "--store", str(demo.store)]) == 0
    assert "NOT" not in capsys.readouterr().out


def test_no_number_in_the_findings_is_infinite_or_missing_without_a_reason(document):
    assert all(math.isfinite(number) for number in numbers(document))
    json.dumps(document, allow_nan=False)
    for row in document["associations"]:
        assert row["status"] in STATUSES and row["component"] in COMPONENTS and row["model"] in MODELS
        if row["status"] == "estimated":
            ratios = (row["ci_low"], row["odds_ratio"], row["ci_high"])
            assert None not in ratios, row
            assert 0 < ratios[0] <= ratios[1] <= ratios[2] < 1e6, row
        else:
            assert row["odds_ratio"] is None and row["reason"], row


def test_each_claim_of_the_guidance_is_answered_once(document):
    claims = document["claims"]
    assert [claim["id"] for claim in claims] == list(load_guidance().claims)
    for claim in claims:
        assert claim["verdict"] in VERDICTS
        if claim["verdict"] in ("not_testable", "not_collected", "insufficient_data"):
            assert claim["reason"], claim["id"]
        assert claim["finding_of"] in load_guidance().claims


def test_repeats_in_the_same_direction_carry_the_same_numbers(document):
    by_id = {claim["id"]: claim for claim in document["claims"]}
    same = [
        claim
        for claim in document["claims"]
        if claim["finding_of"] != claim["id"] and claim["verdict"] != "not_testable"
    ]
    assert len(same) > 40
    for claim in same:
        own = by_id[claim["finding_of"]]
        assert (claim["odds_ratio"], claim["ci_low"], claim["volume_ratio"]) == (
            own["odds_ratio"],
            own["ci_low"],
            own["volume_ratio"],
        ), claim["id"]


def test_no_count_tells_of_fewer_than_ten_people(document):
    total = document["cohort"]["participants"]
    for row in document["associations"]:
        people = row["participants"]
        assert people is None or people == total or 10 <= people <= total - 10, row


def test_the_strong_planted_effects_are_recovered(document):
    """Effects that one cohort of 240 can tell: pain and the interval; and strain, planted without an effect."""
    rows = {
        (row["factor"], row["component"]): row
        for row in document["associations"]
        if row["model"] == "adjusted"
    }
    pain, interval = rows["pump_pain", "within"], rows["interval_hours", "within"]
    assert pain["ci_low"] > 1 and pain["ci_low"] < 1.15 < pain["ci_high"] * 1.02
    assert interval["ci_high"] < 1 and interval["ci_low"] < 0.90 and interval["ci_high"] > 0.86
    assert rows["stress", "between"]["ci_low"] > 1, "people with little milk report more strain"
    assert rows["stress", "within_lagged"]["ci_low"] < 1 < rows["stress", "within_lagged"]["ci_high"]


def test_the_classifier_is_judged_on_people_it_has_not_seen(document):
    classifier = document["classifier"]
    assert classifier["grouped_by"] == "participant_id" and classifier["folds"] >= 5
    assert 0.5 < classifier["auc"] < 0.75
    assert classifier["auc_low"] < classifier["auc"] < classifier["auc_high"]
    assert 0.5 < classifier["calibration_slope"] < 1.6


def test_findings_are_kept_for_the_data_version(demo):
    first = findings(demo.store)
    kept = demo.store.with_name("store.duckdb.findings.json")
    assert kept.exists() and findings(demo.store) == first
