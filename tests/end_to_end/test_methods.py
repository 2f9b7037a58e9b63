"""The Methods page of real stores: nothing tells of too few people, and the supplement names what the numbers rest on."""

import json

from pipelines import run
from pipelines.evidence.filters import Filters
from pipelines.evidence.methods import matching, methods
from pipelines.evidence.provenance import code_hash
from tests.end_to_end.stores import write


def study(folder, people: int):
    lines = [
        f"p{number:02},2024-03-0{day}T08:00,20,40,{0 if number % 3 else 30},manual"
        for number in range(people)
        for day in (1, 2)
    ]
    store = folder / "store.duckdb"
    run.ingest([write(folder, "log.csv", *lines)], store=store)
    return methods(store, Filters(outcome="no_milk"))


def test_a_study_below_the_minimum_cell_tells_no_row_and_no_person(tmp_path):
    page = study(tmp_path, 3)
    assert [(each.files, each.counts) for each in page.provenance.readers] == [(None, None)]
    told = page.provenance.as_text() + page.provenance.as_json()
    assert "too few people" in told and "rows read" not in told and "3 people" not in told
    pump = next(each for each in page.dictionary.factors if each.id == "pump_type")
    assert pump.here == "collected; how many have it stays hidden"
    rows = {row[0]: row for row in page.dictionary.numbers.rows}
    assert rows["pump_type"][-2] is None and rows["stress"][-2] == 0


def test_a_whole_study_tells_its_rows_versions_and_code(tmp_path):
    page = study(tmp_path, 12)
    (files,) = page.provenance.readers
    assert (files.files, files.counts.read, files.counts.accepted) == (1, 24, 24)
    told = json.loads(page.provenance.as_json())
    assert told["files"][0]["rows_read"] == 24 and told["Data version"].startswith("1;")
    assert code_hash() in told["Lactoscope"] and told["packages"]["pandas"]
    pump = next(each for each in page.dictionary.factors if each.id == "pump_type")
    assert pump.here.replace("\u00a0", " ") == "collected, 12 people"


def test_searches_go_through_names_reasons_and_levels(tmp_path):
    page = study(tmp_path, 3)
    assert [each.name for each in matching(page.settings, "half a fluid ounce")] == ["outcomes.low_output_ml"]
    assert {each.id for each in matching(page.dictionary.factors, "too_small")} == {"flange_fit"}
    assert matching(page.settings, "no such words") == ()
    assert len(matching(page.settings, " ")) == len(page.settings)


def test_the_page_has_every_part_filled(tmp_path):
    page = study(tmp_path, 3)
    assert all(topic.definitions for topic in page.topics) and all(each.source for each in page.reporting)
    shown = [each.text for each in (*page.estimates, *page.limits, *page.privacy)]
    shown += [each.sentence for topic in page.topics for each in topic.definitions]
    assert not any("{" in text for text in shown)
    assert "version" in page.citation.line and page.citation.bibtex.startswith("@software{")
    assert len(page.dictionary.instruments) == 7
