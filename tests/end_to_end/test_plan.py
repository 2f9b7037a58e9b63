"""A plan in the study file stands in the store from the first data on, and a later change is a new data version."""

from pipelines import run
from pipelines.evidence.plan_state import plan_state
from pipelines.run.store_check import check_store
from pipelines.store.tables import open_store
from pipelines.study import load_study
from tests.end_to_end.stores import write

STUDY = '[[source]]\nfiles = "*.csv"\n'
PLAN = '[plan]\nfactors = ["stress"]\nregistered = "osf.io/abcde"\n'


def ingest(tmp_path, text):
    study, store = tmp_path / "study.toml", tmp_path / "s.duckdb"
    study.write_text(text, encoding="utf-8")
    ledger = run.ingest([tmp_path], load_study(study), store)
    with open_store(store) as opened:
        return ledger, opened.info


def test_a_plan_is_kept_with_its_hash_and_a_change_is_visible(tmp_path):
    write(tmp_path, "a.csv", "P1,2024-03-05 06:00,20,50,60,manual")
    first, info = ingest(tmp_path, STUDY + PLAN)
    assert first.data_version == 1 and plan_state(info).hash == info.plan_hash != ""
    assert "Fixed before the data" in plan_state(info).words
    again, _ = ingest(tmp_path, STUDY + PLAN)
    assert not again.changed
    changed, info = ingest(tmp_path, STUDY + PLAN.replace("stress", "oats"))
    assert changed.changed and changed.data_version == 2
    assert "changed at data version 2" in plan_state(info).words
    assert all(each.holds for each in check_store(tmp_path / "s.duckdb"))


def test_files_taken_in_without_the_study_file_leave_the_plan_as_it_is(tmp_path):
    file = write(tmp_path, "a.csv", "P1,2024-03-05 06:00,20,50,60,manual")
    _, info = ingest(tmp_path, STUDY + PLAN)
    more = write(tmp_path / "more", "b.csv", "P1,2024-03-06 06:00,20,50,60,manual")
    run.ingest([file, more], store=tmp_path / "s.duckdb")
    with open_store(tmp_path / "s.duckdb") as opened:
        assert opened.info.plan == info.plan and opened.info.data_version == 2
