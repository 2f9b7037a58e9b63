"""Received files: kept as they came, asked about, mapped, read in another way, taken out again."""

import io
import json
import zipfile

import pytest

from pipelines import DATA
from pipelines.errors import InputError
from pipelines.readers.choices import source_of, suggested
from pipelines.run import Desk, ingest
from pipelines.run.files import file_hash
from pipelines.study import SourceOptions
from tests.end_to_end.stores import code, content, table

OPEN = b"participant_id,started_at,volume\nA,2026-03-01 06:00,5\nA,2026-03-02 06:00,5\n"
PLAIN = b"participant_id,started_at,volume_ml\nB,2026-03-01 06:00,50\nB,soon,50\n"
FOREIGN = b"Date,Time,Amount (oz)\n04/18/2026,6:32 PM,2\n04/19/2026,6:32 PM,3\n"


@pytest.fixture
def desk(tmp_path):
    return Desk(tmp_path / "study")


def names(folder) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def test_files_are_kept_byte_for_byte_in_a_new_folder(desk):
    first = desk.receive([("a.csv", b"\xff\x00")])
    second = desk.receive([("a.csv", b"other")])
    assert (first / "a.csv").read_bytes() == b"\xff\x00"
    assert first != second and (second / "a.csv").read_bytes() == b"other"


def test_two_files_of_one_name_are_both_kept(desk):
    folder = desk.receive([("pump.csv", b"1"), ("pump.csv", b"2")])
    assert {path.read_bytes() for path in folder.rglob("pump.csv")} == {b"1", b"2"}


def test_folders_are_kept_but_for_those_that_all_files_share(desk):
    folder = desk.receive([("pile/apps/P1/pump.csv", b"1"), ("pile/apps/P2/pump.csv", b"2")])
    assert names(folder) == ["P1/pump.csv", "P2/pump.csv"]


def test_a_name_cannot_lead_out_of_the_folder(desk):
    folder = desk.receive([("../../evil.csv", b"x"), ("..\\worse.csv", b"y"), ("/etc/passwd", b"z")])
    assert names(folder) == ["etc/passwd", "evil.csv", "worse.csv"]


def test_a_study_file_is_taken_over_with_what_was_said_here_before(desk):
    desk.receive([("a.csv", OPEN)])
    desk.answer(["0" * 64], "units", "oz")
    assert desk.receive([("study.toml", b'[study]\nname = "Uploaded"\n')]) is None
    study = desk.study()
    assert study.name == "Uploaded" and study.described[0].units == "oz"
    with pytest.raises(InputError, match="TOML"):
        desk.receive([("study.toml", b"[study")])
    assert desk.study().name == "Uploaded"


def test_a_question_keeps_everything_out_until_it_is_answered(desk):
    folder = desk.receive([("open.csv", OPEN), ("plain.csv", PLAIN)])
    assert desk.take_in([folder]) is None and not desk.store.exists()
    (asked,) = desk.register().asked
    assert (asked.file, asked.key) == ("open.csv", "units")
    desk.answer([asked.content], "units", "oz")
    ledger = desk.take_in_all()
    assert ledger.total.accepted == 3 and ledger.total.quarantined == 1 and ledger.total.adds_up
    assert desk.register().asked == ()
    assert {each.name for each in desk.register().files} == {"open.csv", "plain.csv"}


def test_a_file_that_is_left_out_is_gone_and_the_others_are_read(desk):
    folder = desk.receive([("open.csv", OPEN), ("plain.csv", PLAIN)])
    desk.take_in([folder])
    desk.leave_out(desk.register().asked)
    assert desk.take_in_all().total.read == 2 and names(folder) == ["plain.csv"]


def test_tables_with_the_same_columns_are_mapped_once_and_known_next_time(desk):
    folder = desk.receive([("P1.csv", FOREIGN), ("P2.csv", FOREIGN + b"\n"), ("x.pdf", b"%PDF")])
    assert desk.take_in([folder]) is None
    ((open_table,), others) = desk.tables()
    assert {each.name for each in open_table.files} == {"P1.csv", "P2.csv"}
    assert [each.name for each in others] == ["x.pdf"]
    source = source_of(open_table.look, suggested(open_table.look), SourceOptions())
    seen = desk.preview("1/P1.csv", "", source)
    assert seen.ledger.counts.accepted == 2 and not desk.store.exists()
    desk.describe(source)
    assert desk.take_in_all().total.accepted == 4
    later = desk.receive([("P3.csv", FOREIGN + b"04/20/2026,6:32 PM,3\n")])
    ledger = desk.take_in([later])
    assert ledger.total.accepted == 3 and "its header is one" in ledger.files[0].reason
    assert {row["participant_id"] for row in table(desk.store, "participants")} == set(
        map(code, ("P1", "P2", "P3"))
    )


def test_a_preview_without_a_unit_says_what_is_missing(desk):
    desk.receive([("P1.csv", FOREIGN.replace(b" (oz)", b""))])
    look = desk.look("1/P1.csv", "")
    source = source_of(look, suggested(look), SourceOptions())
    assert desk.preview("1/P1.csv", "", source).question.key == "units"


def test_a_member_of_a_zip_leaves_completely_and_stays_away(desk, tmp_path):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("one.csv", PLAIN)
        archive.writestr("two.csv", PLAIN.replace(b"B", b"C"))
    folder = desk.receive(
        [("both.zip", packed.getvalue()), ("open.csv", OPEN.replace(b"volume", b"volume_oz"))]
    )
    desk.take_in([folder])
    (gone,) = [each for each in desk.register().files if each.part == "two.csv"]
    ledger = desk.remove(gone.source_id)
    assert ledger.removed == (gone.source_id,) and ledger.total.adds_up
    assert code("C") not in {row["participant_id"] for row in table(desk.store, "participants")}
    assert desk.take_in_all().changed is False, "what was removed does not come back with the others"
    left = tmp_path / "left"
    left.mkdir()
    (left / "one.csv").write_bytes(PLAIN)
    (left / "open.csv").write_bytes(OPEN.replace(b"volume", b"volume_oz"))
    ingest([left], store=tmp_path / "other.duckdb")
    assert content(desk.store) == content(tmp_path / "other.duckdb")
    assert "two.csv" not in (desk.incoming / "files.json").read_text()


def test_a_removed_file_is_gone_from_the_received_ones_too(desk):
    folder = desk.receive([("plain.csv", PLAIN), ("more.csv", PLAIN.replace(b"B", b"C"))])
    desk.take_in([folder])
    (gone,) = [each for each in desk.register().files if each.name == "more.csv"]
    desk.remove(gone.source_id)
    assert names(folder) == ["plain.csv"]


def test_files_that_came_another_way_are_named_as_missing(desk, tmp_path):
    folder = desk.receive([("plain.csv", PLAIN)])
    desk.take_in([folder])
    assert desk.missing() == frozenset()
    other = tmp_path / "other.csv"
    other.write_bytes(PLAIN.replace(b"B", b"C"))
    ingest([other], store=desk.store)
    assert len(desk.missing()) == 1


def test_names_stay_beside_the_files_for_their_owner_alone(desk):
    folder = desk.receive([("Anna Smith.csv", PLAIN)])
    desk.take_in([folder])
    register = desk.incoming / "files.json"
    assert register.stat().st_mode & 0o077 == 0
    assert json.loads(register.read_text())["files"][0]["name"] == "Anna Smith.csv"
    assert b"Anna" not in desk.store.read_bytes()


REDCAP_EXPORT = b"record_id,stress,nickname,day_complete\nA,3,Anna,2\n"
REDCAP_WORDS = (
    b'"Variable / Field Name","Form Name","Field Type","Field Label",Identifier?\n'
    b"record_id,day,text,Id,\nstress,day,text,Stress,\nnickname,day,text,Called,y\n"
)


def test_a_data_dictionary_that_comes_along_serves_the_redcap_export(desk):
    folder = desk.receive([("export.csv", REDCAP_EXPORT), ("words.csv", REDCAP_WORDS)])
    ledger = desk.take_in([folder])
    (read,) = ledger.files
    assert read.reader == "redcap" and "nickname" in read.dropped_identifiers
    assert desk.register().open == () and desk.study().described[0].dictionary == "words.csv"


def test_a_missing_dictionary_is_told_and_may_come_later(desk):
    """Nothing is read before; then everything is, and what comes afterwards finds it among the earlier uploads."""
    study = b'[[source]]\nfiles = "export.csv"\ndictionary = "words.csv"\n'
    folder = desk.receive([("study.toml", study), ("export.csv", REDCAP_EXPORT)])
    with pytest.raises(InputError, match=r"names the data dictionary words\.csv; add this file too"):
        desk.take_in([folder])
    assert desk.missing_dictionaries() == ("words.csv",)
    desk.receive([("words.csv", REDCAP_WORDS)])
    assert desk.missing_dictionaries() == ()
    (read,) = desk.take_in_all().files
    assert "nickname" in read.dropped_identifiers
    assert desk.whose([("later.csv", REDCAP_EXPORT)]).in_rows == 1


def test_a_study_file_without_its_dictionary_says_all_else_as_before(desk):
    text = """[[source]]
files = "a.csv"
dictionary = "words.csv"
units = "oz"

[[source]]
content = ["abc"]
dictionary = "words.csv"

[[source]]
files = "b.csv"
dictionary = "other.csv"
"""
    desk.adopt(text)
    desk.do_without_dictionary("words.csv")
    assert [(each.files, each.units, each.dictionary) for each in desk.study().sources] == [
        ("a.csv", "oz", None),
        ("b.csv", "auto", "other.csv"),
    ]


def test_an_export_that_is_called_the_same_for_everybody_asks_whose_it_is(desk):
    """The same code typed in later is the same mother; neither a folder's number nor the code reaches the store."""
    export = (DATA / "samples/nighp/clean.csv").read_bytes()
    desk.take_in([desk.receive([("pump.csv", export)])])
    (asked,) = desk.register().asked
    assert (asked.key, dict(asked.choices), asked.path) == ("participant", {}, "1/pump.csv")
    desk.answer([asked.content], "participant", "one:Mother 7")
    desk.take_in_all()
    mailed = io.BytesIO()
    with zipfile.ZipFile(mailed, "w") as archive:
        archive.writestr("pump.csv", (DATA / "samples/nighp/generation_2025.csv").read_bytes())
    assert desk.take_in([desk.receive([("csv.zip", mailed.getvalue())])]) is None
    asked = desk.register().asked
    assert {each.path for each in asked} == {"2/csv.zip"}
    desk.answer([each.content for each in asked], "participant", "one:Mother 7")
    assert desk.take_in_all().participants == 1
    assert {row["participant_id"] for row in table(desk.store, "participants")} == {code("Mother 7")}
    assert b"Mother 7" not in desk.store.read_bytes()


def test_a_code_that_was_typed_wrong_is_put_right(desk):
    desk.take_in([desk.receive([("pump.csv", (DATA / "samples/nighp/clean.csv").read_bytes())])])
    (asked,) = desk.register().asked
    for typed in ("one:M7", "one:M8"):
        desk.answer([asked.content], "participant", typed)
        desk.take_in_all()
    assert {row["participant_id"] for row in table(desk.store, "participants")} == {code("M8")}


def test_two_loose_files_of_one_name_both_ask_and_files_in_folders_do_not(desk):
    one, two = PLAIN.replace(b"participant_id", b"other"), PLAIN.replace(b"participant_id", b"extra")
    folder = desk.receive([("log.csv", one), ("log.csv", two), ("P1/log.csv", one + b"\n")])
    desk.take_in([folder])
    assert {each.file for each in desk.register().asked} == {"log.csv", f"{folder.name}-2/log.csv"}


def _zip(**members: bytes) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, content_of in members.items():
            archive.writestr(name.replace("__", "/").replace("_", "."), content_of)
    return packed.getvalue()


def test_a_file_that_its_reader_cannot_use_keeps_no_other_file_out(desk):
    """It is named with the reason; said otherwise it is read, left out it is gone."""
    desk.take_in([desk.receive([("bad.csv", PLAIN), ("good.csv", PLAIN.replace(b"B", b"C"))])])
    bad = file_hash(desk.incoming / "1/bad.csv")
    desk.answer([bad], "participant", "column:Nobody")
    ledger = desk.take_in_all()
    (unread,) = desk.register().open
    assert (unread.name, unread.reader) == ("bad.csv", "generic") and "'Nobody'" in unread.reason
    assert [each.name for each in ledger.files] == ["good.csv"]
    assert {each.name for each in desk.register().files} == {"bad.csv", "good.csv"}, (
        "its rows are still there"
    )
    with pytest.raises(InputError, match="Nobody"):
        desk.remove(ledger.files[0].source_id)
    desk.answer(desk.contents("1/bad.csv", ""), "participant", "auto")
    desk.take_in_all()
    assert desk.register().open == ()


def test_when_no_file_can_be_used_each_is_named_and_can_be_left_out(desk):
    folder = desk.receive([("bad.csv", PLAIN)])
    desk.answer([file_hash(folder / "bad.csv")], "participant", "column:Nobody")
    assert desk.take_in([folder]) is None and not desk.store.exists()
    desk.discard(desk.register().open)
    assert names(folder) == [] and desk.register().open == ()


def test_leaving_out_one_member_of_a_zip_leaves_the_others(desk):
    desk.take_in([desk.receive([("both.zip", _zip(one_csv=PLAIN, scan_pdf=b"%PDF"))])])
    desk.discard(desk.register().open)
    assert desk.register().open == () and [each.part for each in desk.register().files] == ["one.csv"]
    assert desk.take_in_all().total.read == 2 and desk.register().open == ()


def test_what_was_taken_out_comes_back_when_it_is_uploaded_again(desk):
    again = _zip(one_csv=PLAIN, two_csv=PLAIN.replace(b"B", b"C"))
    desk.take_in([desk.receive([("both.zip", again)])])
    (gone,) = [each for each in desk.register().files if each.part == "two.csv"]
    desk.remove(gone.source_id)
    assert desk.take_in([desk.receive([("both.zip", again)])]).participants == 2
    assert {each.path for each in desk.register().files if each.part == "two.csv"} == {"2/both.zip"}


def test_how_people_are_told_apart_is_known_before_a_file_is_read(desk):
    export = (DATA / "samples/nighp/clean.csv").read_bytes()
    given = [(f"pile/{person}/pump.csv", export) for person in ("P1", "P2", "P3")]
    given += [("pile/notes.csv", PLAIN.replace(b"participant_id", b"who")), ("pile/plain.csv", PLAIN)]
    found = desk.whose(given)
    assert found.people(by="folder") == ("P1", "P2", "P3") and found.people(by="file name") == ("notes",)
    assert found.people("file_name") == ("notes", "pump") and found.in_rows == 1
    assert found.untold() == 0 and found.untold("folder_name") == 1
    assert found.columns == ("who",)
    assert not desk.folder.exists(), "nothing is kept by a look"
    assert desk.whose([("pump.csv", export)]).untold() == 1
    assert found.folder == "pile" and desk.whose([("pump.csv", export)]).folder == ""
