"""A file that is taken out of a study leaves it as if it had never come, whatever came from it."""

import json

import pytest

from pipelines.__main__ import main
from pipelines.errors import InputError
from pipelines.privacy.links import read_links
from pipelines.run import ingest
from pipelines.store import notes
from tests.end_to_end.stores import HEADER, KEY, code, content, table, write

SHARED = "A,2026-03-01 06:00,15,40,30,manual"
OWN = "A,2026-03-02 06:00,15,50,30,manual"


def ids(ledger) -> dict[str, str]:
    return {each.name: each.source_id for each in ledger.files}


def study(folder):
    """Two logs that overlap, one more person, and a form with the birth date."""
    write(folder / "in", "first.csv", SHARED, OWN)
    write(folder / "in", "second.csv", SHARED, "A,2026-03-03 06:00,15,60,30,manual")
    write(folder / "in", "third.csv", "B,2026-03-03 06:00,15,60,x,manual", "B,2026-03-03 09:00,15,60,,manual")
    form = "participant_id,birth_date,parity,cohort\n"
    write(folder / "in", "form.csv", "A,2026-02-20,first_birth,North", header=form)
    return ingest([folder / "in"], store=folder / "s.duckdb")


@pytest.mark.parametrize("name", ["first.csv", "form.csv"])
def test_what_is_left_is_what_would_have_come_without_the_file(name, tmp_path):
    before = study(tmp_path)
    store = tmp_path / "s.duckdb"
    after = ingest([tmp_path / "in"], store=store, remove=[ids(before)[name][:8]])
    (tmp_path / "in" / name).unlink()
    ingest([tmp_path / "in"], store=tmp_path / "other.duckdb")
    assert content(store) == content(tmp_path / "other.duckdb")
    assert after.removed == (ids(before)[name],) and after.data_version == before.data_version + 1
    assert not list(tmp_path.glob("s.duckdb*.bak")), "what was removed must not stay in a backup"


def test_links_of_people_who_have_nothing_left_go(tmp_path):
    before = study(tmp_path)
    store = tmp_path / "s.duckdb"
    assert code("B") in read_links(store, KEY.encode(), before.data_version).people
    after = ingest([tmp_path / "in"], store=store, remove=[ids(before)["third.csv"]])
    links = read_links(store, KEY.encode(), after.data_version)
    assert set(links.people) == {code("A")}
    assert {row["participant_id"] for row in table(store, "participants")} == {code("A")}


def test_notes_about_people_who_have_nothing_left_go_and_those_about_others_stay(tmp_path):
    before = study(tmp_path)
    store = tmp_path / "s.duckdb"
    for person in "AB":
        notes.add_note(store, code(person), f"about {person}")
        notes.mark_done(store, code(person), before.data_version, [])
    ingest([tmp_path / "in"], store=store, remove=[ids(before)["first.csv"]])
    assert [note.text for note in notes.notes(store)] == ["about A", "about B"]
    ingest([tmp_path / "in"], store=store, remove=[ids(before)["third.csv"]])
    assert [note.text for note in notes.notes(store)] == ["about A"]
    assert set(notes.done_marks(store)) == {code("A")}
    assert b"about B" not in notes.notes_file(store).read_bytes()


def test_without_the_other_files_nothing_is_removed(tmp_path):
    before = study(tmp_path)
    store = tmp_path / "s.duckdb"
    held = content(store)
    with pytest.raises(InputError, match="3 other files of this study"):
        ingest([tmp_path / "in" / "first.csv"], store=store, remove=[ids(before)["first.csv"]])
    assert content(store) == held


@pytest.mark.parametrize("asked", ["abc", "ffffffff"])
def test_a_code_of_no_file_is_refused(asked, tmp_path):
    study(tmp_path)
    with pytest.raises(InputError, match="--remove"):
        ingest([tmp_path / "in"], store=tmp_path / "s.duckdb", remove=[asked])


def test_the_last_file_takes_the_store_with_it(tmp_path):
    path = write(tmp_path, "a.csv", SHARED)
    store = tmp_path / "s.duckdb"
    before = ingest([path], store=store)
    notes.add_note(store, code("A"), "text")
    after = ingest([path], store=store, remove=[before.files[0].source_id])
    assert not store.exists() and not list(tmp_path.glob("s.duckdb.*")) and after.participants == 0


def test_the_command_line_removes_too(tmp_path, capsys):
    before = study(tmp_path)
    wanted = ids(before)["second.csv"]
    words = ["ingest", str(tmp_path / "in"), "--store", str(tmp_path / "s.duckdb"), "--remove", wanted[:10]]
    assert main([*words, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["removed"] == [wanted]
    assert HEADER and len(table(tmp_path / "s.duckdb", "sources")) == 3
