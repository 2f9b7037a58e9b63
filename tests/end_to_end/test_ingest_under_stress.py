"""Ingest while others read, when it dies, with odd files and by the command line."""

import csv
import json
import os
import random
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines import ROOT, run
from pipelines.__main__ import main
from pipelines.errors import InputError
from tests.end_to_end.stores import code, content, sessions, table, write


def test_a_store_held_open_for_reading_by_another_process_can_be_ingested_into(tmp_path):
    store = tmp_path / "s.duckdb"
    run.ingest([write(tmp_path, "a.csv", "P1,2024-03-05 06:00,20,50,60,")], store=store)
    script = (
        "import sys; from pipelines.store.tables import open_store\n"
        f"with open_store({str(store)!r}) as s:\n"
        "    print(s.sessions.count().execute(), flush=True); sys.stdin.readline()\n"
        "    print(s.sessions.count().execute(), flush=True)\n"
    )
    reader = subprocess.Popen(
        [sys.executable, "-c", script], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert reader.stdout.readline().strip() == "1"
    run.ingest([write(tmp_path, "b.csv", "P1,2024-03-06 06:00,20,50,60,")], store=store)
    answer, _ = reader.communicate("go\n")
    assert answer.strip() == "1"
    assert len(table(store, "sessions")) == 2


def test_an_ingest_killed_at_any_moment_leaves_all_or_nothing_and_can_be_repeated(tmp_path):
    rows = [
        f"P{at % 50},2024-0{1 + at % 6}-{1 + at % 28:02d} {at % 24:02d}:{at % 60:02d},20,{at % 90},5,"
        for at in range(4000)
    ]
    first = write(tmp_path, "a.csv", *rows[:500])
    for at in range(4):
        write(tmp_path, f"log/{at}.csv", *rows[450 + at :: 4])
    folder = tmp_path / "log"
    start = tmp_path / "start.duckdb"
    run.ingest([first], store=start)
    whole = tmp_path / "whole.duckdb"
    for name in ("", ".link"):
        Path(f"{whole}{name}").write_bytes(Path(f"{start}{name}").read_bytes())
    run.ingest([folder], store=whole)
    wanted, untouched = content(whole), content(start)
    command = (
        "import time; from pipelines.run import ingest; print('go', flush=True); ingest([{!r}], store={!r})"
    )
    chance = random.Random(11)
    for attempt in range(3):
        store = tmp_path / f"killed{attempt}.duckdb"
        for name in ("", ".link"):
            Path(f"{store}{name}").write_bytes(Path(f"{start}{name}").read_bytes())
        process = subprocess.Popen(
            [sys.executable, "-c", command.format(str(folder), str(store))], cwd=ROOT, stdout=subprocess.PIPE
        )
        process.stdout.readline()
        try:
            process.wait(chance.uniform(0.05, 1.5))
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        process.stdout.close()
        assert content(store) in (wanted, untouched)
        run.ingest([folder], store=store)
        assert content(store) == wanted
        left = {path.name for path in tmp_path.glob(f"killed{attempt}.duckdb*")}
        assert not any(name.endswith((".new", ".work")) for name in left), left


@pytest.mark.parametrize("rename", [1, 2, 3, 4])
def test_an_ingest_that_dies_between_two_renames_can_be_repeated(tmp_path, rename):
    store = tmp_path / "s.duckdb"
    first = write(tmp_path, "a.csv", "P1,2024-03-05 06:00,20,50,60,")
    second = write(tmp_path, "b.csv", "P1,2024-03-04 06:00,20,5,6,")
    run.ingest([first], store=store)
    untouched = content(store)
    die = (
        "import os, sys; from pathlib import Path; from pipelines import run\n"
        "left, real = [int(sys.argv[1])], Path.replace\n"
        "def replace(self, target):\n"
        "    left[0] -= 1\n"
        "    return real(self, target) if left[0] else os._exit(9)\n"
        "Path.replace = replace\n"
        "run.ingest([sys.argv[2]], store=sys.argv[3])\n"
    )
    done = subprocess.run([sys.executable, "-c", die, str(rename), str(second), str(store)], cwd=ROOT)
    assert done.returncode == 9
    after = content(store)
    run.ingest([second], store=store)
    assert sessions(store, "P1", "day_in_study", "interval_hours") == [(0, None), (1, 24.0)]
    assert after in (untouched, content(store))
    # The dates are still there: a third file finds its place.
    run.ingest([write(tmp_path, "c.csv", "P1,2024-03-06 06:00,20,5,6,")], store=store)
    assert sessions(store, "P1", "day_in_study") == [(0,), (1,), (2,)]


def test_two_phones_with_the_same_file_are_two_people(tmp_path):
    text = '"Type","Start","End","Duration","Start Condition","Start Location","End Condition","Notes"\n'
    text += '"Pump","2024-02-03 06:10","2024-02-03 06:31","00:20","85ml",,"60ml",\n'
    for who in ("P1", "P2"):
        (tmp_path / "study" / who).mkdir(parents=True)
        (tmp_path / "study" / who / "export.csv").write_text(text)
    store = tmp_path / "s.duckdb"
    ledger = run.ingest([tmp_path / "study"], store=store)
    assert ledger.total.accepted == 2 and len({file.source_id for file in ledger.files}) == 2
    assert {row["participant_id"] for row in table(store, "participants")} == {code("P1"), code("P2")}
    assert not run.ingest([tmp_path / "study"], store=store).changed


def test_files_that_no_reader_knows_are_listed_in_a_folder_and_refused_by_name(tmp_path):
    write(tmp_path, "study/a.csv", "P1,2024-03-05 06:00,20,50,60,")
    (tmp_path / "study" / "letter.txt").write_text("Dear Anna,\nall the best\n")
    ledger = run.ingest([tmp_path / "study"], store=tmp_path / "s.duckdb")
    assert [entry.name for entry in ledger.not_read] == ["letter.txt"]
    with pytest.raises(InputError, match=r"letter\.txt"):
        run.ingest([tmp_path / "study" / "letter.txt"], store=tmp_path / "t.duckdb")
    (tmp_path / "empty").mkdir()
    for paths in ([tmp_path / "empty"], [tmp_path / "study", tmp_path / "empty"]):
        with pytest.raises(InputError, match="no file that a reader knows"):
            run.ingest(paths, store=tmp_path / "t.duckdb")
    assert not list(tmp_path.glob("t.duckdb*"))


def test_the_command_line_says_one_line_and_exits_with_two(tmp_path):
    file = write(tmp_path, "a.csv", "P1,03/04/2024 06:00,20,50,60,")
    done = subprocess.run(
        [sys.executable, "-m", "pipelines", "ingest", str(file), "--store", str(tmp_path / "s.duckdb")],
        cwd=ROOT,
        capture_output=True,
        text=True,
        env=os.environ,
    )
    assert done.returncode == 2 and done.stdout == ""
    assert len(done.stderr.splitlines()) == 1


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["demo", "--participants", "0", "--out", "here"], "at least 1 participant"),
        (["demo", "--seed", "-1", "--out", "here"], "a seed of 0 or more"),
        (["demo", "--out", "a file"], "a file: is a file"),
        (["template", "--out", "a file/kit"], "a file"),
    ],
)
def test_what_cannot_be_made_or_written_is_said_in_one_line(words, said, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    Path("a file").write_text("here already")
    assert main(words) == 2
    told = capsys.readouterr().err
    assert said in told and len(told.splitlines()) == 1
    assert [each.name for each in tmp_path.iterdir()] == ["a file"]


def test_a_study_file_that_names_a_reader_there_is_none_of_is_refused(tmp_path):
    study = tmp_path / "study.toml"
    study.write_text('[[source]]\nfiles = "*.csv"\nreader = "redcp"\n')
    write(tmp_path, "a.csv", "P1,2024-03-05 06:00,20,50,60,")
    with pytest.raises(InputError, match="no reader 'redcp'; choose one of generic"):
        run.ingest([tmp_path], study, tmp_path / "s.duckdb")
    assert not (tmp_path / "s.duckdb").exists()


@pytest.mark.skipif(sys.platform != "linux", reason="other systems allow no such names")
def test_names_that_are_no_text_are_read_and_written_out(tmp_path, capsys):
    folder = Path(os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9"))
    folder.mkdir()
    name = os.fsdecode(b"P\xe9.csv")
    write(folder, name, "2024-03-05 06:00,5", header="started_at,volume_ml\n")
    (folder / "a\nb\x1b[31m.txt").write_text("nothing")
    store = tmp_path / "s.duckdb"
    assert main(["ingest", str(folder), "--store", str(store)]) == 0
    printed = capsys.readouterr().out
    assert "P\\udce9.csv" in printed and "not read: a\\nb\\x1b[31m.txt" in printed
    assert [row["participant_id"] for row in table(store, "participants")] == [code(r"P\udce9")]
    assert main(["pseudonym", os.fsdecode(b"P\xe9"), "--store", str(store)]) == 0
    assert capsys.readouterr().out.strip() == code(r"P\udce9")
    assert main(["ingest", str(tmp_path), "--store", str(folder / "s.duckdb")]) == 2
    assert "not UTF-8" in capsys.readouterr().err


@pytest.mark.parametrize("verb", ["findings", "curves", "check"])
def test_a_verb_on_a_store_that_is_not_there_says_one_line_and_exits_with_two(verb, tmp_path, capsys):
    assert main([verb, "--store", str(tmp_path / "none.duckdb")]) == 2
    assert len(capsys.readouterr().err.splitlines()) == 1


CELLS = {
    "participant_id": ["P1", "P2", "", " P1 "],
    "started_at": [
        "2024-03-05 06:00",
        "2024-03-05T07:00:00+01:00",
        "5 Mar 2024 6:00 pm",
        "",
        "soon",
        "2099-01-01 06:00",
    ],
    "duration_min": ["20", "0", "-1", "999", "", "long", "nan"],
    "volume_left_ml": ["5", "0", "3 oz", "4,5", "", "700", "much", "3 cups", "NaN", "inf", "9e99"],
    "volume_right_ml": ["5", "", "0"],
    "pump_type": ["manual", "Electric Double", "", "Spectra"],
    "stress": ["3", "11", "", "low"],
}


@settings(max_examples=8, deadline=None)
@given(st.lists(st.tuples(*(st.sampled_from(cells) for cells in CELLS.values())), min_size=1, max_size=25))
def test_every_row_has_one_fate_whatever_stands_in_it(rows):
    with TemporaryDirectory() as name:
        folder = Path(name)
        with (folder / "a.csv").open("w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file)
            writer.writerow(CELLS)
            writer.writerows(rows)
        ledger = run.ingest([folder / "a.csv"], store=folder / "s.duckdb")
        # A row of empty cells is a blank line to every table reader.
        filled = sum(any(cell.strip() for cell in row) for row in rows)
        assert ledger.total.read == filled and ledger.total.adds_up
        aside = table(folder / "s.duckdb", "quarantine")
        assert len({row["source_row"] for row in aside}) == ledger.total.quarantined
        assert len(table(folder / "s.duckdb", "sessions")) == ledger.total.accepted
        assert all(check.holds for check in run.check_store(folder / "s.duckdb"))


def test_a_cohort_is_a_column_of_the_files_or_a_label_for_all(tmp_path):
    study, store = tmp_path / "study.toml", tmp_path / "s.duckdb"
    study.write_text('[study]\ncohort = "group"\n[[source]]\nfiles = "*.csv"\n')
    write(
        tmp_path, "a.csv", "P1,2024-03-05 06:00,5,NICU", header="participant_id,started_at,volume_ml,Group\n"
    )
    run.ingest([tmp_path], study, store)
    assert [row["cohort"] for row in table(store, "participants")] == ["NICU"]
    label = tmp_path / "t.duckdb"
    study.write_text('[study]\ncohort = "pilot"\n[[source]]\nfiles = "*.csv"\n')
    run.ingest([tmp_path], study, label)
    assert [row["cohort"] for row in table(label, "participants")] == ["pilot"]


@pytest.mark.parametrize(
    ("said", "column", "cohort"),
    [
        ("column:Group", "Group", "NICU"),
        ("column:Ward", "Group", None),
        ("from_source", "cohort", "NICU"),
        ("from_source", "Group", None),
    ],
)
def test_a_cohort_that_only_a_column_may_tell_is_never_a_label(tmp_path, said, column, cohort):
    study, store = tmp_path / "study.toml", tmp_path / "s.duckdb"
    study.write_text(f'[study]\ncohort = "{said}"\n[[source]]\nfiles = "*.csv"\n')
    header = f"participant_id,started_at,volume_ml,{column}\n"
    write(tmp_path, "a.csv", "P1,2024-03-05 06:00,5,NICU", header=header)
    run.ingest([tmp_path], study, store)
    assert [row["cohort"] for row in table(store, "participants")] == [cohort]


def test_answers_that_stand_in_every_session_row_are_kept_once(tmp_path):
    header = "participant_id,started_at,volume_ml,parity,stress\n"
    lines = [f"P1,2024-03-0{day} 0{hour}:00,5,first_birth,{day}" for day in (5, 6) for hour in (6, 9)]
    store = tmp_path / "s.duckdb"
    run.ingest([write(tmp_path, "a.csv", *lines, header=header)], store=store)
    found = sorted((row["factor"], row["day_in_study"], row["value"]) for row in table(store, "responses"))
    assert found == [("parity", 0, "first_birth"), ("stress", 0, "5"), ("stress", 1, "6")]
    assert [row["parity"] for row in table(store, "participants")] == ["first_birth"]


def test_inspect_check_and_pseudonym_print_what_machines_can_read(tmp_path, capsys):
    store = tmp_path / "s.duckdb"
    file = write(
        tmp_path, "a.csv", "P1,2024-03-05 06:00,20,50,60,manual", "P1,2024-03-05 09:00,20,900,60,manual"
    )
    assert main(["inspect", str(file), "--json"]) == 0
    (looked,) = json.loads(capsys.readouterr().out)
    assert looked["reader"] == "generic" and looked["outcome"]["rows_quarantined"] == 1
    assert {column["column"]: column["meaning"] for column in looked["columns"]}["started_at"] == "started_at"
    assert not list(tmp_path.glob("s.duckdb*"))
    assert main(["ingest", str(file), "--store", str(store), "--json"]) == 0
    ledger = json.loads(capsys.readouterr().out)
    assert (ledger["total"]["rows_read"], ledger["total"]["rows_accepted"]) == (2, 1)
    assert ledger["files"][0]["quarantine"][0]["code"] == "above_limit"
    assert main(["check", "--store", str(store), "--json"]) == 0
    assert all(check["holds"] for check in json.loads(capsys.readouterr().out))
    assert main(["pseudonym", "P1", "--store", str(store)]) == 0
    assert capsys.readouterr().out.strip() == code("P1")


def test_inspect_says_why_a_file_cannot_be_ingested_as_it_stands(tmp_path, capsys):
    file = write(tmp_path, "a.csv", "P1,03/04/2024 06:00,20,50,60,")
    assert main(["inspect", str(file)]) == 0
    assert "day/month" in capsys.readouterr().out


def test_a_path_limits_what_is_read_of_a_study_and_other_files_are_named(tmp_path):
    write(tmp_path, "logs/P1/a.csv", "P1,2024-03-05 06:00,20,50,60,")
    write(tmp_path, "logs/P2/a.csv", "P2,2024-03-05 06:00,20,50,60,")
    write(tmp_path, "other.csv", "P3,2024-03-05 06:00,20,50,60,")
    study = tmp_path / "study.toml"
    study.write_text('[[source]]\nfiles = "logs/*/*.csv"\n')
    part = run.ingest([tmp_path / "logs" / "P1"], study, tmp_path / "s.duckdb")
    assert [file.name for file in part.files] == ["P1/a.csv"]
    whole = run.ingest([tmp_path], study, tmp_path / "t.duckdb")
    assert [entry.name for entry in whole.not_read] == ["other.csv"]
    with pytest.raises(InputError, match=r"other\.csv"):
        run.ingest([tmp_path / "other.csv"], study, tmp_path / "t.duckdb")


def test_odd_values_of_kept_rows_are_counted_for_the_file(tmp_path):
    lines = ["P1,2024-03-05 06:00,70,5,6,", "P1,2024-03-05 09:00,2,100,6,", "P1,2024-03-05 12:00,80,700,6,"]
    birth = write(tmp_path, "b.csv", "P1,2024-03-04", header="participant_id,birth_date\n")
    ledger = run.ingest([write(tmp_path, "a.csv", *lines), birth], store=tmp_path / "s.duckdb")
    assert ledger.files[0].warnings == (
        "1 row: shorter than 3 minutes",
        "1 row: longer than 60 minutes",
        "1 row: above 60 mL up to day 1",
    )
