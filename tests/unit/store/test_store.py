"""Opening, building and swapping a store, and what is said when that cannot be done."""

import subprocess
import sys

import duckdb
import pandas as pd
import pytest

from pipelines import ROOT, run
from pipelines.codebook import load_codebook
from pipelines.errors import StoreError
from pipelines.store.layout import participant_columns, session_columns
from pipelines.store.tables import open_store
from pipelines.store.write import Workspace, backup_file, new_file, work_folder


@pytest.fixture
def store(tmp_path, monkeypatch):
    monkeypatch.setenv("LACTOSCOPE_KEY", "a key for the tests")
    (tmp_path / "a.csv").write_text("participant_id,started_at,volume_ml\nP1,2024-03-05 06:00,5\n")
    path = tmp_path / "s.duckdb"
    run.ingest([tmp_path / "a.csv"], store=path)
    return path


def test_a_store_shows_every_table_of_the_contract_with_all_its_columns(store):
    codebook = load_codebook()
    with open_store(store) as opened:
        assert list(opened.sessions.columns) == list(session_columns(codebook))
        assert list(opened.participants.columns) == list(participant_columns(codebook))
        for name, table in codebook.tables.items():
            if name in ("responses", "sources", "quarantine"):
                assert list(getattr(opened, name).columns) == [column.name for column in table.columns]
        assert opened.info.data_version == 1 and opened.info.minimum_cell == 10


def test_another_program_reads_the_contract_tables_by_name(store):
    with duckdb.connect(str(store), read_only=True) as connection:
        assert connection.execute("SELECT volume_ml, pump_type, relaxation FROM sessions").fetchall() == [
            (5.0, None, None)
        ]


def test_a_restricted_factor_is_no_column_of_participants():
    assert "distress_score" not in participant_columns(load_codebook())


def test_a_missing_store_a_foreign_file_and_a_foreign_database_are_told_apart(tmp_path):
    with pytest.raises(StoreError, match="no such store"):
        open_store(tmp_path / "none.duckdb")
    (tmp_path / "text.duckdb").write_text("not a database at all" * 1000)
    with pytest.raises(StoreError, match="not a store"):
        open_store(tmp_path / "text.duckdb")
    with duckdb.connect(str(tmp_path / "other.duckdb")) as connection:
        connection.execute("CREATE TABLE study AS SELECT 1 AS something")
    with pytest.raises(StoreError, match="another version"):
        open_store(tmp_path / "other.duckdb")


def test_a_store_that_another_program_writes_to_is_refused_in_plain_words(store):
    script = (
        "import duckdb, sys; c = duckdb.connect(sys.argv[1]); c.execute('CREATE TABLE x AS SELECT 1');"
        "print('open', flush=True); sys.stdin.readline()"
    )
    other = subprocess.Popen(
        [sys.executable, "-c", script, str(store)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    other.stdout.readline()
    try:
        with pytest.raises(StoreError, match="another program"):
            open_store(store)
    finally:
        other.communicate("\n")


def test_a_second_ingest_into_the_same_store_is_refused_while_one_runs(store):
    script = (
        "import sys; from pathlib import Path; from pipelines.store.write import Workspace\n"
        "with Workspace(Path(sys.argv[1]), 200):\n    print('open', flush=True); sys.stdin.readline()\n"
    )
    other = subprocess.Popen(
        [sys.executable, "-c", script, str(store)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    other.stdout.readline()
    try:
        with pytest.raises(StoreError, match="another ingest"):
            Workspace(store, 200)
        assert new_file(store).exists()
    finally:
        other.communicate("\n")
    assert not new_file(store).exists() and not work_folder(store).exists()


def test_an_ingest_that_is_given_up_leaves_nothing_beside_the_store(store):
    before = sorted(path.name for path in store.parent.iterdir())
    content = store.read_bytes()
    with pytest.raises(RuntimeError), Workspace(store, 200) as workspace:
        workspace.write_frame("study", pd.DataFrame({"name": ["x"]}), {"name": "VARCHAR"})
        raise RuntimeError
    assert sorted(path.name for path in store.parent.iterdir()) == before
    assert store.read_bytes() == content


def test_leftovers_of_a_stopped_ingest_are_cleared_away(store):
    new_file(store).write_bytes(b"half a file")
    work_folder(store).mkdir()
    (store.parent / "a.csv").write_text("participant_id,started_at,volume_ml\nP1,2024-03-06 06:00,5\n")
    assert run.ingest([store.parent / "a.csv"], store=store).total.accepted == 1
    assert not new_file(store).exists() and not work_folder(store).exists()


def test_the_store_before_an_ingest_stays_as_the_backup(store):
    before = store.read_bytes()
    (store.parent / "b.csv").write_text("participant_id,started_at,volume_ml\nP1,2024-03-06 06:00,5\n")
    with open_store(store) as held:
        run.ingest([store.parent / "b.csv"], store=store)
        assert held.sessions.count().execute() == 1
    assert backup_file(store).read_bytes() == before
    with open_store(store) as opened:
        assert opened.sessions.count().execute() == 2 and opened.info.data_version == 2


def test_checking_a_store_finds_what_was_planted(store):
    assert all(check.holds for check in run.check_store(store))
    planted = {
        "INSERT INTO quarantine_rows VALUES ('x', 1, 'f', 'c', 'call anna@example.org')": "looks like",
        "UPDATE source_rows SET rows_read = 7": "one fate",
        "ALTER TABLE session_rows ADD COLUMN born DATE": "dates or times",
        "UPDATE session_rows SET day_in_study = 19800": "looks like",
        "INSERT INTO session_rows SELECT * FROM session_rows": "session_id is unique",
        "UPDATE participant_rows SET participant_id = 'Anna'": "pseudonyms",
    }
    for statement, words in planted.items():
        copy = store.with_name("copy.duckdb")
        copy.write_bytes(store.read_bytes())
        with duckdb.connect(str(copy)) as connection:
            connection.execute(statement)
        failed = [check.name for check in run.check_store(copy) if not check.holds]
        assert any(words in name for name in failed), (statement, failed)
