"""Exports as they are mailed: a zip goes in where it lies, counts like its files, and never does harm."""

import shutil
from pathlib import Path

import pytest

from pipelines import DATA, run
from pipelines.__main__ import main
from tests.end_to_end.stores import sessions, table
from tests.readers.zips import packed

SAMPLES = DATA / "samples"
NIGHP = {
    "pump.csv": "nighp/clean.csv",
    "Baby One_pumped.csv": "nighp/fed.csv",
    "Baby One_sleep.csv": "nighp/sleep.csv",
}
FEEDBABY = {
    "pumpings.csv": "feedbaby/clean.csv",
    "feeds.csv": "feedbaby/feeds.csv",
    "pauses.csv": "feedbaby/pauses.csv",
}
LITTER = {"photo.jpg": bytes(range(256)) * 40, "__MACOSX/._pump.csv": b"\0\5", "Baby One_diaper.csv": b""}


def contents(files: dict[str, str]) -> dict[str, bytes]:
    return {name: (SAMPLES / sample).read_bytes() for name, sample in files.items()}


def unpacked(folder: Path, files: dict[str, str]) -> Path:
    folder.mkdir(parents=True)
    for name, content in contents(files).items():
        (folder / name).write_bytes(content)
    return folder


def test_a_mailed_zip_goes_in_and_its_ledger_adds_up(tmp_path):
    store = tmp_path / "s.duckdb"
    ledger = run.ingest([packed(tmp_path / "M07.zip", contents(NIGHP) | LITTER)], store=store)
    counts = {file.name: (file.counts.read, file.counts.accepted, file.counts.other) for file in ledger.files}
    assert counts == {
        "M07.zip [pump.csv]": (6, 6, 0),
        "M07.zip [Baby One_pumped.csv]": (3, 0, 3),
        "M07.zip [Baby One_sleep.csv]": (2, 0, 2),
    }
    assert ledger.total.adds_up
    assert {left.name: left.reason for left in ledger.not_read} == {
        "M07.zip [photo.jpg]": "no reader knows this kind of file",
        "M07.zip [Baby One_diaper.csv]": "the file is empty",
    }
    found = sessions(store, "M07", "day_in_study", "minute_of_day", "volume_ml", "duration_min")
    assert found == [
        (0, 362, 75.0, 23.0),
        (0, 700, 60.0, None),
        (0, 975, 55.0, 64.0),
        (0, 1290, 0.0, 20.0),
        (1, 5, None, 15.0),
        (1, 350, 120.0, 27.0),
    ]


def test_the_same_zip_again_and_its_unpacked_files_add_nothing(tmp_path):
    store, pile = tmp_path / "s.duckdb", tmp_path / "pile"
    pile.mkdir()
    path = packed(pile / "M07.zip", contents(NIGHP))
    first = run.ingest([path], store=store)
    assert first.total.accepted == 6
    again = run.ingest([path], store=store)
    assert not again.changed and (again.total.accepted, again.total.duplicate) == (0, 6)
    unpacked(pile / "M07", NIGHP)
    both = run.ingest([pile], store=store)
    assert not both.changed and (both.total.accepted, both.total.duplicate) == (0, 12)
    path.unlink()
    alone = run.ingest([pile], store=store)
    assert not alone.changed and len(table(store, "sessions")) == 6


def test_zip_and_unpacked_files_in_one_ingest_count_once(tmp_path):
    pile = tmp_path / "pile"
    unpacked(pile / "M07", NIGHP)
    packed(pile / "M07" / "csv.zip", contents(NIGHP))
    ledger = run.ingest([pile], store=tmp_path / "s.duckdb")
    assert (ledger.total.accepted, ledger.total.duplicate, ledger.participants) == (6, 6, 1)


@pytest.mark.parametrize(
    ("place", "named", "person"),
    [
        ("M07.zip", True, "M07"),
        ("M07/anything.zip", False, "M07"),
        ("M07/csv (5).zip", True, "M07"),
        ("M07.zip", False, "M07"),
    ],
)
def test_whose_a_zip_is_follows_from_its_place(place, named, person, tmp_path):
    path = tmp_path / "pile" / place
    path.parent.mkdir(parents=True)
    packed(path, contents(NIGHP))
    store = tmp_path / "s.duckdb"
    run.ingest([path if named else tmp_path / "pile"], store=store)
    assert len(sessions(store, person, "volume_ml")) == 6


def test_zips_of_one_name_in_two_folders_are_two_people(tmp_path):
    paths = []
    for person, files in (("M07", NIGHP), ("M08", FEEDBABY)):
        (tmp_path / person).mkdir()
        paths.append(packed(tmp_path / person / "export.zip", contents(files)))
    assert run.ingest(paths, store=tmp_path / "s.duckdb").participants == 2


def test_a_study_file_names_a_zip_and_its_reader(tmp_path):
    packed(tmp_path / "M07.zip", contents(NIGHP) | LITTER)
    study = tmp_path / "study.toml"
    study.write_text('[[source]]\nfiles = "*.zip"\nreader = "nighp"\nparticipant = "file_name"\n')
    ledger = run.ingest([tmp_path], study, tmp_path / "s.duckdb")
    assert (ledger.total.accepted, ledger.total.other, len(ledger.not_read)) == (6, 5, 2)
    assert len(sessions(tmp_path / "s.duckdb", "M07", "volume_ml")) == 6


def test_a_zip_of_several_folders_may_be_several_people_and_is_not_guessed(tmp_path, capsys):
    content = {f"{person}/pump.csv": contents(NIGHP)["pump.csv"] for person in ("M07", "M08")}
    path = packed(tmp_path / "all.zip", content)
    assert "several people" in refused(path, tmp_path / "s.duckdb", capsys)
    study = tmp_path / "study.toml"
    for rule, people in (("folder_name", 2), ("file_name", 1)):
        study.write_text(f'[[source]]\nfiles = "*.zip"\nparticipant = "{rule}"\n')
        assert run.ingest([tmp_path], study, tmp_path / f"{rule}.duckdb").participants == people


def refused(path: Path, store: Path, capsys) -> str:
    """The one line with which the command line refuses a file."""
    assert main(["ingest", str(path), "--store", str(store)]) == 2
    line = capsys.readouterr().err
    assert line.count("\n") == 1 and not store.exists()
    return line


@pytest.mark.parametrize(
    ("files", "words"),
    [
        ({"../pump.csv": b"x"}, "leads to a place outside it"),
        ({"pump.csv": bytes(20_000_000)}, "times its size"),
        ({"photo.jpg": b"\xff\xd8\xff"}, "nothing in this zip file can be read"),
        ({}, "holds no files"),
    ],
)
def test_a_zip_that_cannot_be_used_is_refused_in_one_line(files, words, tmp_path, capsys):
    path = packed(tmp_path / "M07.zip", files)
    assert words in refused(path, tmp_path / "s.duckdb", capsys)
    assert {each.name for each in tmp_path.iterdir()} == {"M07.zip"}


def test_a_cut_zip_is_refused_in_one_line_and_in_a_folder_the_others_go_in(tmp_path, capsys):
    pile = tmp_path / "pile"
    unpacked(pile / "M08", FEEDBABY)
    path = packed(pile / "M07.zip", contents(NIGHP))
    path.write_bytes(path.read_bytes()[:400])
    assert "damaged" in refused(path, tmp_path / "s.duckdb", capsys)
    ledger = run.ingest([pile], store=tmp_path / "s.duckdb")
    assert [left.name for left in ledger.not_read] == ["M07.zip"] and ledger.total.accepted == 7


def test_two_rows_of_one_session_are_one_session_and_two_accepted_rows(tmp_path):
    store = tmp_path / "s.duckdb"
    path = packed(tmp_path / "M08.zip", contents(FEEDBABY))
    ledger = run.ingest([path], store=store)
    assert (ledger.total.read, ledger.total.accepted, ledger.total.other, ledger.sessions) == (12, 7, 5, 5)
    found = sessions(store, "M08", "minute_of_day", "volume_left_ml", "volume_right_ml", "volume_ml")
    ounce = 29.5735295625
    wanted = [
        (675, None, None, 90.0),
        (965, 0.0, 0.0, 0.0),
        (1230, 0.75 * ounce, None, None),
        (72, 1.25 * ounce, 1.5 * ounce, 2.75 * ounce),
        (401, None, None, 3.5 * ounce),
    ]
    assert [row[0] for row in found] == [row[0] for row in wanted]
    for row, expected in zip(found, wanted, strict=True):
        assert row[1:] == tuple(None if value is None else pytest.approx(value) for value in expected[1:])
    assert all(check.holds for check in run.check_store(store))


def test_rows_of_one_session_in_an_overlapping_export_repeat_both(tmp_path):
    store = tmp_path / "s.duckdb"
    path = unpacked(tmp_path / "M08", FEEDBABY) / "pumpings.csv"
    run.ingest([tmp_path / "M08"], store=store)
    lines = path.read_bytes().decode().splitlines()
    newer = "17,10:00:00 03-18-2025,LEFT,1.00,oz,,\r\n18,10:00:09 03-18-2025,RIGHT,1.00,oz,,"
    path.write_text("\r\n".join([lines[0], newer, *reversed(lines[1:])]) + "\r\n")
    ledger = run.ingest([path], store=store)
    assert (ledger.total.read, ledger.total.accepted, ledger.total.duplicate, ledger.sessions) == (9, 2, 7, 6)


def test_both_rows_of_a_session_before_a_birth_known_later_are_set_aside(tmp_path):
    store = tmp_path / "s.duckdb"
    run.ingest([unpacked(tmp_path / "M08", FEEDBABY)], store=store)
    form = tmp_path / "form.csv"
    form.write_text("participant_id,birth_date\nM08,2025-03-18\n")
    run.ingest([form], store=store)
    assert len(table(store, "sessions")) == 2
    assert sorted(row["source_row"] for row in table(store, "quarantine")) == [4, 5, 6, 7]
    [source] = [row for row in table(store, "sources") if row["rows_quarantined"]]
    assert (source["rows_accepted"], source["rows_quarantined"]) == (3, 4)
    assert all(check.holds for check in run.check_store(store))


def test_a_side_set_aside_leaves_the_other_a_session_without_a_total(tmp_path):
    path = tmp_path / "M08" / "pumpings.csv"
    path.parent.mkdir()
    head = (SAMPLES / "feedbaby" / "clean.csv").read_bytes().decode().splitlines()[0]
    path.write_text(f"{head}\n2,06:00:09 03-18-2025,LEFT,lots,ml,,\n1,06:00:00 03-18-2025,RIGHT,40,ml,,\n")
    store = tmp_path / "s.duckdb"
    ledger = run.ingest([path], store=store)
    assert (ledger.total.accepted, ledger.total.quarantined) == (1, 1)
    assert sessions(store, "M08", "volume_left_ml", "volume_right_ml", "volume_ml") == [(None, 40.0, None)]


def test_nara_tells_the_birth_and_the_night_that_has_an_hour_twice(tmp_path):
    store = tmp_path / "s.duckdb"
    (tmp_path / "M09").mkdir()
    shutil.copy(SAMPLES / "nara" / "clean.csv", tmp_path / "M09" / "child.csv")
    ledger = run.ingest([tmp_path], store=store)
    assert (ledger.total.accepted, ledger.total.other, ledger.sessions) == (6, 2, 5)
    found = sessions(store, "M09", "day_postpartum", "minute_of_day", "interval_hours")
    assert sorted(found, key=lambda row: (row[0], row[1], row[2] or 0)) == [
        (28, 1100, None),
        (29, 90, 1.0),
        (29, 90, pytest.approx(7 + 10 / 60)),
        (29, 375, pytest.approx(4.75)),
        (29, 820, pytest.approx(7 + 25 / 60)),
    ]


def test_a_log_whose_days_may_be_months_is_asked_about(tmp_path, capsys):
    path = tmp_path / "pump.csv"
    path.write_text('Time,Amount,Note\n"3/4/25, 9:20 AM",110 ml,x\n"5/4/25, 1:05 PM",95 ml,x\n')
    assert "day/month or month/day" in refused(path, tmp_path / "s.duckdb", capsys)


def test_milk_expressed_under_the_name_of_milk_fed_is_not_guessed(tmp_path, capsys):
    path = tmp_path / "Baby One_pumped.csv"
    path.write_text('Time,Amount,Note\n"13/4/25, 9:20 AM",110 ml,x\n')
    assert "rename the file" in refused(path, tmp_path / "s.duckdb", capsys)
