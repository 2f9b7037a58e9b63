"""Files to a store: the ledger, repeats, overlaps, dates that come later, and what must never be written."""

import datetime
import itertools
import random
import re
import stat
from pathlib import Path

import pytest

from pipelines import run
from pipelines.errors import InputError, StoreError
from tests.end_to_end.stores import code, sessions, table, write


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


def test_a_date_typed_as_a_number_in_a_wrong_column_is_not_repeated(tmp_path):
    store = tmp_path / "s.duckdb"
    run.ingest([write(tmp_path, "a.csv", "P1,2024-03-05 06:00,20240301,45352,-20240301,")], store=store)
    problems = table(store, "quarantine")
    assert {row["field"] for row in problems} > {"duration_min", "volume_left_ml"}
    assert not any(re.search(r"2024|45352", row["message"]) for row in problems)


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


def test_a_diary_answer_tells_of_its_day_and_a_form_of_the_person(tmp_path):
    write(tmp_path, "diary.csv", "A,2024-03-01,7", "B,2024-03-01,2", header="participant_id,date,stress\n")
    write(tmp_path, "form.csv", "A,3,first_birth", header="participant_id,stress,parity\n")
    run.ingest([tmp_path], store=tmp_path / "s.duckdb")
    people = {row["participant_id"]: row for row in table(tmp_path / "s.duckdb", "participants")}
    assert (people[code("A")]["stress"], people[code("A")]["parity"]) == (3.0, "first_birth")
    assert people[code("B")]["stress"] is None
