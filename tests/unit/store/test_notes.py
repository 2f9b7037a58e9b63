"""Notes and done marks: apart from the store, whole when many write at once or one is stopped, gone when deleted."""

import json
import multiprocessing
import os
import sqlite3

import pytest

from pipelines.errors import InputError
from pipelines.store import notes as kept
from pipelines.store.notes import SeenSign


@pytest.fixture
def store(tmp_path):
    return tmp_path / "store.duckdb"


def test_a_note_is_kept_by_code_and_another_person_s_notes_stay_apart(store):
    assert kept.notes(store) == ()
    kept.add_note(store, "P-A", "  called, will weigh again ", "Kim")
    kept.add_note(store, "P-B", "second")
    (note,) = kept.notes(store, "P-A")
    assert (note.text, note.author) == ("called, will weigh again", "Kim")
    assert [each.participant_id for each in kept.notes(store)] == ["P-A", "P-B"]
    assert not store.exists()


@pytest.mark.parametrize("text", ["", "  \n", "x" * (kept.LONGEST_NOTE + 1)])
def test_an_empty_or_endless_note_is_refused(store, text):
    with pytest.raises(InputError):
        kept.add_note(store, "P-A", text)


def test_a_deleted_note_leaves_no_trace_in_the_file(store):
    note = kept.add_note(store, "P-A", "unmistakable words")
    kept.add_note(store, "P-A", "others")
    kept.delete_note(store, note.id)
    assert [each.text for each in kept.notes(store)] == ["others"]
    assert b"unmistakable" not in kept.notes_file(store).read_bytes()
    kept.mark_done(store, "P-A", 1, [])
    kept.delete_person(store, "P-A")
    assert kept.notes(store) == () and kept.done_marks(store) == {}


def test_the_latest_done_mark_counts_and_can_be_taken_back(store):
    seen = SeenSign("falling_volume", 3, 5, "current")
    kept.mark_done(store, "P-A", 1, [seen], "Kim")
    kept.mark_done(store, "P-A", 2, [])
    assert kept.done_marks(store)["P-A"].data_version == 2
    kept.undo_done(store, "P-A")
    mark = kept.done_marks(store)["P-A"]
    assert (mark.data_version, mark.author, mark.signs) == (1, "Kim", (seen,))


def test_the_export_holds_everything_as_json(store):
    kept.add_note(store, "P-A", "text")
    kept.mark_done(store, "P-A", 1, [SeenSign("gone_quiet", 3, 3, "current")])
    content = json.loads(kept.export_notes(store))
    assert content["notes"][0]["text"] == "text"
    assert content["done"][0]["signs"][0]["id"] == "gone_quiet"


def _write(store, name, count):
    for number in range(count):
        kept.add_note(store, name, f"note {number}")


def test_many_writers_at_once_lose_nothing(store):
    context = multiprocessing.get_context("fork")
    writers = [context.Process(target=_write, args=(store, f"P-{name}", 10)) for name in "ABCD"]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert [writer.exitcode for writer in writers] == [0] * 4
    assert len(kept.notes(store)) == 40


def _stop_in_the_middle(path):
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("BEGIN IMMEDIATE")
    connection.execute("DELETE FROM notes")
    os._exit(1)


def test_a_program_stopped_in_the_middle_changes_nothing(store):
    kept.add_note(store, "P-A", "stays")
    process = multiprocessing.get_context("fork").Process(
        target=_stop_in_the_middle, args=(kept.notes_file(store),)
    )
    process.start()
    process.join()
    assert process.exitcode == 1
    assert [note.text for note in kept.notes(store)] == ["stays"]
    kept.add_note(store, "P-A", "next")
    assert len(kept.notes(store)) == 2


def test_only_the_owner_may_read_the_file(store):
    kept.add_note(store, "P-A", "text")
    assert kept.notes_file(store).stat().st_mode & 0o077 == 0
