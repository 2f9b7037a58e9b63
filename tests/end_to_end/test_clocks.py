"""Hours that exist twice, hours that do not exist, and clocks of twelve hours without AM and PM."""

import pytest

from pipelines import run
from pipelines.errors import Question
from tests.end_to_end.stores import KEY, sessions, table, write

HEADER = "participant_id,started_at,volume_ml\n"
# In London the hour from 01:00 came twice that night.
NIGHT = [
    "P1,2024-10-26 20:00,50",
    "P1,2024-10-27 00:30,60",
    "P1,2024-10-27 01:10,70",
    "P1,2024-10-27 01:05,80",
    "P1,2024-10-27 01:50,90",
    "P1,2024-10-27 06:00,95",
]
FOLDED = [
    f"P1,{month}/{day}/2024 {hour}:{7 * hour % 60:02d},{40 + hour}"
    for month, day in [(3, day) for day in range(13, 18)]
    for hour in (7, 10, 1, 4, 8, 11, 2, 5, 9, 12)
]


@pytest.fixture(autouse=True)
def key(monkeypatch):
    monkeypatch.setenv("LACTOSCOPE_KEY", KEY)


def taken_in(folder, *lines, more="", header=HEADER, name="a.csv"):
    study, store = folder / "study.toml", folder / "s.duckdb"
    study.write_text(f'[study]\ntimezone = "Europe/London"\n[[source]]\nfiles = "*.csv"\n{more}')
    return store, run.ingest([write(folder, name, *lines, header=header)], study, store)


@pytest.mark.parametrize("lines", [NIGHT, NIGHT[::-1]], ids=["oldest first", "newest first"])
def test_the_order_of_the_rows_tells_which_pass_of_an_hour_that_exists_twice_is_meant(lines, tmp_path):
    store, ledger = taken_in(tmp_path, *lines)
    waited = dict(sessions(store, "P1", "minute_of_day", "interval_hours"))
    assert waited[65] == pytest.approx(55 / 60)
    assert waited[70] == pytest.approx(40 / 60)
    assert waited[110] == pytest.approx(45 / 60)
    assert waited[360] == pytest.approx(250 / 60)
    assert "3 rows: the hour exists twice that night; which of the two is told" in str(
        ledger.files[0].warnings
    )


def test_an_hour_that_exists_twice_is_the_first_one_where_the_rows_are_in_no_order(tmp_path):
    mixed = [NIGHT[at] for at in (3, 0, 2, 5, 1, 4)]
    store, ledger = taken_in(tmp_path, *mixed)
    assert dict(sessions(store, "P1", "minute_of_day", "interval_hours"))[360] == pytest.approx(310 / 60)
    assert "3 rows: the hour exists twice that night; taken as the first" in str(ledger.files[0].warnings)


def test_an_overlapping_export_of_that_night_adds_only_what_is_new(tmp_path):
    store, _ = taken_in(tmp_path, *NIGHT[:4])
    taken_in(tmp_path, *NIGHT, name="b.csv")
    assert [row["rows_duplicate"] for row in table(store, "sources")].count(4) == 1
    assert len(sessions(store, "P1", "minute_of_day")) == len(NIGHT)


def test_sessions_over_midnight_and_over_a_change_last_as_long_as_they_did(tmp_path):
    lines = [
        "P1,2024-03-30 23:50,2024-03-31 00:20,50",
        "P1,2024-03-31 00:50,2024-03-31 02:10,50",
        "P1,2024-10-27 00:50,2024-10-27 01:10,50",
        "P1,2024-10-27 01:50,2024-10-27 01:05,50",
    ]
    store, _ = taken_in(tmp_path, *lines, header="participant_id,started_at,ended_at,volume_ml\n")
    assert sessions(store, "P1", "duration_min") == [(30.0,), (20.0,), (20.0,), (15.0,)]


def test_a_time_that_the_clock_skipped_is_kept_and_counted(tmp_path):
    store, ledger = taken_in(tmp_path, "P1,2024-03-31 00:30,50", "P1,2024-03-31 01:30,60")
    assert "1 row: the clock skipped that hour" in str(ledger.files[0].warnings)
    assert sessions(store, "P1", "minute_of_day", "interval_hours") == [(30, None), (90, 1.0)]


def test_a_whole_day_folded_into_twelve_hours_without_am_and_pm_is_asked_for(tmp_path):
    with pytest.raises(Question, match="none says AM or PM") as asked:
        taken_in(tmp_path, *FOLDED)
    assert asked.value.key == "clock" and list(asked.value.choices) == ["24h"]
    _, ledger = taken_in(tmp_path, *FOLDED, more='clock = "24h"\n')
    assert ledger.total.accepted == len(FOLDED)


@pytest.mark.parametrize(
    "lines",
    [
        [*FOLDED, "P1,3/14/2024 13:00,50"],
        [f"{line.rsplit(',', 1)[0]} AM,50" for line in FOLDED],
        FOLDED[:29],
        [f"P1,3/{day}/2024 {hour}:00,50" for day in range(13, 28) for hour in (5, 7, 9, 11)],
    ],
    ids=["an hour of the afternoon", "AM said", "too few starts", "mornings only"],
)
def test_a_clock_that_may_well_be_of_24_hours_is_not_asked_for(lines, tmp_path):
    _, ledger = taken_in(tmp_path, *lines)
    assert ledger.total.accepted == len(lines)
