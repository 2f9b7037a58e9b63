"""Files to a store: the ledger, repeats, overlaps, dates that come later, and what must never be written."""

import csv
import datetime
import itertools
import json
import os
import random
import re
import stat
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines import ROOT, run
from pipelines.__main__ import main
from pipelines.errors import InputError, StoreError
from pipelines.store.tables import open_store

HEADER = "participant_id,started_at,duration_min,volume_left_ml,volume_right_ml,pump_type\n"


@pytest.fixture(autouse=True, scope="module")
def key():
    """One key for all, so that the tests can tell a participant's code."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LACTOSCOPE_KEY", "a key for the tests")
        yield


def write(folder: Path, name: str, *lines: str, header: str = HEADER) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(header + "".join(line + "\n" for line in lines), encoding="utf-8")
    return path


def code(raw_id: str) -> str:
    from pipelines.privacy.deidentify import pseudonym

    return pseudonym(b"a key for the tests", None, raw_id)


def table(store: Path, name: str) -> list[dict]:
    with open_store(store) as opened:
        return opened.backend.to_pyarrow(getattr(opened, name)).to_pylist()


def sessions(store: Path, raw_id: str, *names: str) -> list[tuple]:
    rows = [row for row in table(store, "sessions") if row["participant_id"] == code(raw_id)]
    rows.sort(key=lambda row: (row["day_in_study"], row["minute_of_day"], row["volume_left_ml"] or 0))
    return [tuple(row[name] for name in names) for row in rows]


def content(store: Path) -> dict[str, list]:
    """Everything a store says but when it was made, in an order of its own."""
    found = {}
    for name in ("participants", "sessions", "responses", "sources", "quarantine"):
        rows = [
            tuple((key, str(value)) for key, value in row.items() if key != "ingested_at")
            for row in table(store, name)
        ]
        found[name] = sorted(rows)
    return found


def test_the_same_file_twice_changes_nothing(tmp_path):
    file, store = write(tmp_path, "a.csv", "P1,2024-03-05 06:00,20,50,60,manual"), tmp_path / "s.duckdb"
    first = run.ingest([file], store=store)
    before = store.read_bytes()
    second = run.ingest([file], store=store)
    assert first.changed and not second.changed
    assert [entry.state for entry in second.files] == ["unchanged"]
    assert (second.total.accepted, second.total.duplicate) == (0, 1)
    assert second.data_version == 1
    assert store.read_bytes() == before


def test_an_overlapping_export_adds_only_the_new_sessions(tmp_path):
    store = tmp_path / "s.duckdb"
    old = write(
        tmp_path, "a.csv", "P1,2024-03-05 06:00,20,50,60,manual", "P1,2024-03-05 10:00,20,5,60,manual"
    )
    new = write(
        tmp_path,
        "b.csv",
        "P1,2024-03-05 10:00,20,5,60,manual",
        "P1,2024-03-05 08:00,20,5,5,manual",
        "P1,2024-03-04 23:30,20,1,1,manual",
    )
    run.ingest([old], store=store)
    ledger = run.ingest([new], store=store)
    assert (ledger.total.accepted, ledger.total.duplicate) == (2, 1)
    assert sessions(store, "P1", "day_in_study", "minute_of_day", "interval_hours") == [
        (0, 1410, None),
        (1, 360, 6.5),
        (1, 480, 2.0),
        (1, 600, 2.0),
    ]


def test_a_repeat_inside_a_file_is_counted_and_one_stays(tmp_path):
    row = "P1,2024-03-05 06:00,20,50,60,manual"
    ledger = run.ingest([write(tmp_path, "a.csv", row, row, row)], store=tmp_path / "s.duckdb")
    assert (ledger.total.read, ledger.total.accepted, ledger.total.duplicate) == (3, 1, 2)


def test_the_same_minute_with_other_volumes_is_another_session(tmp_path):
    store = tmp_path / "s.duckdb"
    rows = [
        f"P1,2024-03-05 06:00,20,{left},{right},manual" for left, right in ((5, 6), (6, 5), (5, ""), ("", 5))
    ]
    assert run.ingest([write(tmp_path, "a.csv", *rows)], store=store).total.accepted == 4


def test_two_people_are_never_repeats_of_each_other(tmp_path):
    rows = [f"{who},2024-03-05 06:00,20,50,60,manual" for who in ("P1", "P2")]
    assert run.ingest([write(tmp_path, "a.csv", *rows)], store=tmp_path / "s.duckdb").total.accepted == 2


def test_a_birth_date_that_comes_later_fills_the_days_after_birth(tmp_path):
    store = tmp_path / "s.duckdb"
    run.ingest(
        [write(tmp_path, "a.csv", "P1,2024-03-05 00:10,20,50,60,", "P2,2024-03-05 06:00,20,5,6,")],
        store=store,
    )
    assert sessions(store, "P1", "day_postpartum") == [(None,)]
    form = write(tmp_path, "b.csv", "P1,2024-03-01,first_birth", header="participant_id,birth_date,parity\n")
    run.ingest([form], store=store)
    assert sessions(store, "P1", "day_postpartum", "day_in_study") == [(4, 0)]
    assert sessions(store, "P2", "day_postpartum") == [(None,)]
    run.ingest([write(tmp_path, "c.csv", "P1,2024-03-09 06:00,20,50,60,")], store=store)
    assert sessions(store, "P1", "day_postpartum", "day_in_study") == [(4, 0), (8, 4)]


def test_sessions_that_a_later_birth_date_puts_before_the_birth_are_set_aside(tmp_path):
    store = tmp_path / "s.duckdb"
    run.ingest(
        [write(tmp_path, "a.csv", "P1,2024-02-20 06:00,20,5,6,", "P1,2024-03-05 06:00,20,50,60,")],
        store=store,
    )
    run.ingest([write(tmp_path, "b.csv", "P1,2024-03-01", header="participant_id,birth_date\n")], store=store)
    assert sessions(store, "P1", "day_postpartum", "day_in_study", "interval_hours") == [(4, 0, None)]
    assert [row["code"] for row in table(store, "quarantine")] == ["antenatal"]
    assert all(check.holds for check in run.check_store(store))


def test_files_give_the_same_store_in_any_order_and_in_any_portions(tmp_path):
    rows = [
        f"P{person},2024-03-{day:02d} {hour:02d}:00,20,{volume},{volume},"
        for person, day, hour, volume in itertools.product((1, 2), (5, 6, 7), (6, 9), (10, 20))
    ]
    random.Random(3).shuffle(rows)
    files = [write(tmp_path, f"{at}.csv", *rows[at::3], rows[0]) for at in range(3)]
    files.append(write(tmp_path, "birth.csv", "P1,2024-03-06", header="participant_id,birth_date\n"))
    files.append(
        write(
            tmp_path, "day.csv", "P1,2024-03-04,3", "P2,2024-03-09,4", header="participant_id,date,stress\n"
        )
    )
    wanted = None
    for number, portions in enumerate(([[0, 1, 2, 3, 4]], [[3], [2], [4], [0, 1]], [[4], [1, 0], [3, 2]])):
        store = tmp_path / f"s{number}.duckdb"
        for portion in portions:
            run.ingest([files[at] for at in portion], store=store)
        found = {
            name: sorted(
                tuple(str(value) for key, value in row.items() if key not in ("source_id", "source_row"))
                for row in table(store, name)
            )
            for name in ("sessions", "responses", "participants")
        }
        wanted = wanted or found
        assert found == wanted, portions
    assert len(wanted["sessions"]) == 24 - 4


def test_a_file_read_in_another_way_replaces_what_it_gave(tmp_path):
    file = write(tmp_path, "log.csv", "P1,2024-03-05 06:00,3", header="who,started_at,volume\n")
    study = tmp_path / "study.toml"
    store = tmp_path / "s.duckdb"
    for unit, wanted in (("ml", 3.0), ("oz", 3 * 29.5735295625)):
        study.write_text(
            f'[[source]]\nfiles = "log.csv"\nreader = "generic"\nparticipant = "column:who"\nunits = "{unit}"\n'
        )
        ledger = run.ingest([file], study, store)
        assert sessions(store, "P1", "volume_ml") == [(pytest.approx(wanted),)]
    assert (ledger.files[0].state, ledger.data_version) == ("replaced", 2)
    assert len(table(store, "sources")) == 1


def test_what_a_replaced_file_had_taken_from_another_one_comes_back(tmp_path):
    first = write(tmp_path, "a.csv", "P1,2024-03-05 06:00,3", header="who,started_at,volume\n")
    second = write(
        tmp_path, "b.csv", "P1,2024-03-05 06:00,3", "P1,2024-03-05 07:00,3", header="who,started_at,volume\n"
    )
    study, store = tmp_path / "study.toml", tmp_path / "s.duckdb"
    source = '[[source]]\nfiles = "{}.csv"\nreader = "generic"\nparticipant = "column:who"\nunits = "{}"\n'
    study.write_text(source.format("a", "ml") + source.format("b", "ml"))
    assert run.ingest([first, second], study, store).total.duplicate == 1
    study.write_text(source.format("a", "oz") + source.format("b", "ml"))
    assert run.ingest([first, second], study, store).total.duplicate == 0
    assert [round(volume) for (volume,) in sessions(store, "P1", "volume_ml")] == [3, 89, 3]


def test_new_rows_of_old_people_are_set_aside_when_the_link_file_is_lost(tmp_path):
    store = tmp_path / "s.duckdb"
    run.ingest([write(tmp_path, "a.csv", "P1,2024-03-05 06:00,20,50,60,")], store=store)
    before = sessions(store, "P1", "session_id", "day_in_study")
    Path(f"{store}.link").unlink()
    ledger = run.ingest(
        [write(tmp_path, "b.csv", "P1,2024-03-06 06:00,20,50,60,", "P2,2024-03-06 06:00,2,5,6,")], store=store
    )
    assert (ledger.total.accepted, ledger.total.quarantined) == (1, 1)
    assert "link file" in ledger.files[0].set_aside[0].message
    assert sessions(store, "P1", "session_id", "day_in_study") == before


def test_another_key_is_refused_and_the_store_is_left_alone(tmp_path, monkeypatch):
    store, file = tmp_path / "s.duckdb", write(tmp_path, "a.csv", "P1,2024-03-05 06:00,20,50,60,")
    run.ingest([file], store=store)
    before = store.read_bytes()
    monkeypatch.setenv("LACTOSCOPE_KEY", "another key")
    with pytest.raises(StoreError, match="another key"):
        run.ingest([write(tmp_path, "b.csv", "P1,2024-03-06 06:00,20,5,6,")], store=store)
    assert store.read_bytes() == before


def test_without_a_variable_a_key_is_made_that_only_its_owner_can_read(tmp_path, monkeypatch):
    monkeypatch.delenv("LACTOSCOPE_KEY")
    store = tmp_path / "s.duckdb"
    run.ingest([write(tmp_path, "a.csv", "P1,2024-03-05 06:00,20,50,60,")], store=store)
    path = Path(f"{store}.key")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    (participant,) = table(store, "participants")
    assert run.participant_code("P1", store) == participant["participant_id"]


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        (["P1,03/04/2024 06:00,20,50,60,"], "day/month"),
        (["P1,13/04/2024 06:00,20,50,60,", "P1,03/14/2024 06:00,20,5,6,"], "day/month"),
    ],
)
def test_dates_that_may_be_either_way_stop_the_ingest_with_one_line(tmp_path, lines, words):
    store = tmp_path / "s.duckdb"
    with pytest.raises(InputError, match=words) as error:
        run.ingest([write(tmp_path, "a.csv", *lines)], store=store)
    assert "\n" not in str(error.value) and "a.csv" in str(error.value)
    assert not list(tmp_path.glob("s.duckdb*"))


def test_volumes_without_a_unit_stop_the_ingest_with_one_line(tmp_path):
    file = write(tmp_path, "a.csv", "P1,2024-03-05 06:00,5", header="participant_id,started_at,volume\n")
    with pytest.raises(InputError, match="without a unit"):
        run.ingest([file], store=tmp_path / "s.duckdb")


def test_one_date_above_twelve_decides_for_the_whole_file(tmp_path):
    store = tmp_path / "s.duckdb"
    rows = ["P1,03/04/2024 06:00,20,50,60,", "P1,25/04/2024 06:00,20,5,6,"]
    run.ingest([write(tmp_path, "a.csv", *rows)], store=store)
    assert sessions(store, "P1", "day_in_study") == [(0,), (22,)]


def test_intervals_are_the_time_that_passed_when_the_clocks_change(tmp_path):
    (tmp_path / "study.toml").write_text('[study]\ntimezone = "Europe/London"\n[[source]]\nfiles = "*.csv"\n')
    store = tmp_path / "s.duckdb"
    write(
        tmp_path,
        "a.csv",
        "P1,2024-03-30 23:00,20,50,60,",
        "P1,2024-03-31 03:00,20,50,60,",
        "P1,2024-10-26 23:00,20,50,60,",
        "P1,2024-10-27 03:00,20,50,60,",
    )
    run.ingest([tmp_path / "a.csv"], tmp_path / "study.toml", store)
    hours = [interval for (interval,) in sessions(store, "P1", "interval_hours")]
    assert (hours[1], hours[3]) == (3.0, 5.0)
    late = write(tmp_path, "b.csv", "P1,2024-10-27 05:00,20,50,60,")
    run.ingest([late], tmp_path / "study.toml", store)
    hours = [interval for (interval,) in sessions(store, "P1", "interval_hours")]
    assert (hours[1], hours[3], hours[4]) == (3.0, 5.0, 2.0)


def test_all_problems_of_a_row_are_told_and_no_cell_that_names_anyone(tmp_path):
    store = tmp_path / "s.duckdb"
    run.ingest(
        [write(tmp_path, "a.csv", "Anna Smith,2024-03-05 6 o'clock,900,700,-1,Anna's pump")], store=store
    )
    problems = table(store, "quarantine")
    assert {(row["field"], row["code"]) for row in problems} == {
        ("started_at", "unreadable"),
        ("duration_min", "above_limit"),
        ("volume_left_ml", "above_limit"),
        ("volume_right_ml", "below_limit"),
        ("pump_type", "unreadable"),
    }
    assert not any(re.search(r"Anna|2024|clock", row["message"]) for row in problems)
    assert any("700 mL" in row["message"] for row in problems)


def test_a_future_date_is_set_aside(tmp_path):
    year = datetime.date.today().year + 2
    ledger = run.ingest(
        [write(tmp_path, "a.csv", f"P1,{year}-03-05 06:00,20,5,6,")], store=tmp_path / "s.duckdb"
    )
    assert ledger.files[0].set_aside[0].code == "future"


def test_a_technique_ticked_afterwards_is_unknown(tmp_path):
    header = "participant_id,started_at,volume_ml,relaxation,relaxation_order\n"
    lines = [
        "P1,2024-03-05 06:00,5,yes,after",
        "P1,2024-03-05 07:00,5,yes,before",
        "P1,2024-03-05 08:00,5,true,",
    ]
    store = tmp_path / "s.duckdb"
    run.ingest([write(tmp_path, "a.csv", *lines, header=header)], store=store)
    assert sessions(store, "P1", "relaxation") == [(None,), ("yes",), ("yes",)]


def test_no_date_and_no_name_stands_in_the_store_in_any_form(tmp_path):
    store = tmp_path / "s.duckdb"
    log = [f"Anna,2024-03-{day:02d} 06:1{day % 10},20,50,{day}," for day in range(1, 29)]
    files = [
        write(tmp_path, "a.csv", *log),
        write(
            tmp_path,
            "b.csv",
            "Anna,2024-02-27,anna@example.org,3120,41,35",
            header="participant_id,birth_date,email,birth_weight_g,gestational_age_weeks,maternal_age_band\n",
        ),
        write(tmp_path, "c.csv", "Anna,2024-03-05,6", header="participant_id,date,stress\n"),
    ]
    ledger = run.ingest(files, store=store)
    assert ledger.total.quarantined == 0
    assert "email" in ledger.files[1].dropped_identifiers
    inside = store.read_bytes()
    assert not re.search(rb"20(23|24)-?\d\d-?\d\d|Anna|example\.org", inside)
    for day in (datetime.date(2024, 3, 1), datetime.date(2024, 2, 27)):
        since = (day - datetime.date(1970, 1, 1)).days
        for row in table(store, "sessions"):
            assert since not in row.values() and since * 86400 not in row.values()
    (person,) = table(store, "participants")
    assert (person["birth_weight_g"], person["gestational_age_weeks"]) == (
        3000.0 + 250 * round(120 / 250),
        41.0,
    )
    assert all(check.holds for check in run.check_store(store))
    assert b"2024" not in Path(f"{store}.link").read_bytes()


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
    with pytest.raises(InputError):
        run.ingest([tmp_path / "empty"], store=tmp_path / "t.duckdb")
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
    "duration_min": ["20", "0", "-1", "999", "", "long"],
    "volume_left_ml": ["5", "0", "3 oz", "4,5", "", "700", "much", "3 cups"],
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
