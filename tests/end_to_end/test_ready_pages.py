"""The pages of a real store come back from the shelf as they were computed, and go when someone's rows go."""

import threading

import ibis.backends.duckdb
import pytest

from pipelines.evidence import data, factors, foreseen, ready, shelf
from pipelines.evidence.filters import Filters
from pipelines.evidence.frames import load
from pipelines.evidence.kept import fingerprint
from pipelines.results import Classifier
from pipelines.run import ingest
from pipelines.store.tables import Store
from tests.end_to_end.stores import write

FILTERS = Filters()
PAGES = {
    "overview": ready.overview_page,
    "guidance": ready.guidance,
    "factors": ready.factors_page,
    "output": ready.output_page,
    "cohort": ready.cohort_page,
}
# How often a page may ask the engine, and open the store, once the study is loaded.
MOST_QUERIES = {
    "overview": (1, 1),
    "guidance": (0, 0),
    "factors": (0, 0),
    "output": (2, 1),
    "cohort": (6, 3),
    "table": (0, 0),
    "data": (3, 3),
    "logs": (3, 1),
    "recall": (5, 1),
}
SECTIONS = {"logs": ready.logs_section, "recall": ready.recall_section}


def study(folder, people=24):
    """A small log, and a second file with one more session."""
    lines = [
        f"P{person:02d},2026-03-{day:02d} {hour:02d}:00,15,{0 if (person + day * hour) % 5 == 0 else 30 + hour},20,manual"
        for person in range(people)
        for day in range(1, 8)
        for hour in (6, 12, 18)
    ]
    write(folder / "in", "log.csv", *lines)
    write(folder / "in", "more.csv", "P00,2026-03-09 06:00,15,40,30,manual")
    return ingest([folder / "in"], store=folder / "s.duckdb")


def test_every_page_of_a_store_comes_back_as_it_was_computed_until_the_store_changes(tmp_path):
    ledger, store = study(tmp_path), tmp_path / "s.duckdb"
    computed = {name: page(store, FILTERS) for name, page in PAGES.items()}
    sections = {name: section(store) for name, section in SECTIONS.items()}
    table = ready.table_one(store, FILTERS, "")
    assert all(shelf.is_shelved(store, name, FILTERS) for name in PAGES)
    assert all(shelf.is_shelved(store, name, None) for name in SECTIONS)
    assert shelf.is_shelved(store, "table", (FILTERS, ""))
    assert {name: page(store, FILTERS) for name, page in PAGES.items()} == computed
    assert {name: section(store) for name, section in SECTIONS.items()} == sections
    assert ready.table_one(store, FILTERS, "") == table

    more = next(each.source_id for each in ledger.files if each.name == "more.csv")
    ingest([tmp_path / "in"], store=store, remove=[more])
    assert not shelf.folder_beside(store).exists(), "what was removed must not stay on the shelf"
    after = ready.overview_page(store, FILTERS)
    assert after.basis.data_version == computed["overview"].basis.data_version + 1
    assert after.basis.sessions == computed["overview"].basis.sessions - 1


def test_a_store_made_anew_from_other_files_is_not_taken_for_the_one_before(tmp_path):
    study(tmp_path)
    first = load(tmp_path / "s.duckdb")
    (tmp_path / "s.duckdb").unlink()
    (tmp_path / "in" / "more.csv").unlink()
    ingest([tmp_path / "in"], store=tmp_path / "s.duckdb")
    second = load(tmp_path / "s.duckdb")
    assert first.info.data_version == second.info.data_version
    keys = [fingerprint(each.info.data_version, "no_milk", each.identity) for each in (first, second)]
    assert keys[0] != keys[1]


def test_no_page_asks_the_engine_more_often_than_it_needs(tmp_path, monkeypatch):
    study(tmp_path)
    write(
        tmp_path, "diary.csv", "P01,2026-03-03,5", "P02,2026-03-04,6", header="participant_id,date,stress\n"
    )
    store = tmp_path / "s.duckdb"
    ingest([tmp_path / "in", tmp_path / "diary.csv"], store=store)
    load(store)
    counted: list[str] = []
    _count(monkeypatch, ibis.backends.duckdb.Backend, "execute", counted)
    _count(monkeypatch, Store, "__init__", counted)
    calls = {name: lambda page=page: page(store, FILTERS) for name, page in PAGES.items()}
    calls |= {name: lambda section=section: section(store) for name, section in SECTIONS.items()}
    calls |= {"data": lambda: data.data(store, FILTERS), "table": lambda: ready.table_one(store, FILTERS, "")}
    asked = {}
    for name, call in calls.items():
        counted.clear()
        call()
        asked[name] = (counted.count("execute"), counted.count("__init__"))
    too_many = {
        name: pair
        for name, pair in asked.items()
        if any(times > most for times, most in zip(pair, MOST_QUERIES[name], strict=True))
    }
    assert not too_many and asked["recall"][0] == MOST_QUERIES["recall"][0], "no answer was joined at all"


def _count(monkeypatch, owner, name, counted):
    usual = getattr(owner, name)

    def counting(self, *args, **kwargs):
        counted.append(name)
        return usual(self, *args, **kwargs)

    monkeypatch.setattr(owner, name, counting)


def test_the_classifier_is_not_waited_for_by_a_page(tmp_path, monkeypatch):
    study(tmp_path)
    store, some = tmp_path / "s.duckdb", Filters(outcome="low_output")
    may_end = threading.Event()

    def works_on(job):
        job.is_looked_up.set()
        may_end.wait(60)
        return Classifier(reason="none")

    monkeypatch.setattr(foreseen, "_kept_or_new", works_on)
    job = foreseen.start(store, some)
    with monkeypatch.context() as patch:
        patch.setattr(job.finished, "wait", lambda *_: pytest.fail("the page waited for the classifier"))
        assert factors.foreseen_section(store, some).waiting
    may_end.set()
    foreseen.classifier(store, some)
    assert not factors.foreseen_section(store, some).waiting
