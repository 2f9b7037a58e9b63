"""Times in every written form, day and month by evidence, and the nights in which clocks change."""

import datetime
import zoneinfo

import ibis
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.checks.columns import as_found, plain_evidence, read_plain
from pipelines.checks.times import clock_changes, does_not_exist, exists_twice, zone_offset
from pipelines.checks.written_times import cut_times, decide_order, order_evidence
from pipelines.codebook import load_codebook
from pipelines.errors import InputError
from tests.unit.checks.tables import Engine

EPOCH = datetime.datetime(1970, 1, 1)
LONDON = ("Europe/London", 2023, 2025)


def minute(text: str) -> int:
    return int((datetime.datetime.fromisoformat(text) - EPOCH).total_seconds() // 60)


@pytest.fixture(scope="module")
def engine() -> Engine:
    return Engine()


@pytest.mark.parametrize(
    ("written", "wanted"),
    [
        ("2024-03-02 06:40", "2024-03-02 06:40"),
        ("2024-03-02T06:40:59", "2024-03-02 06:40"),
        ("2024/3/2 6:40", "2024-03-02 06:40"),
        ("3/4/19, 9:20 AM", "2019-04-03 09:20"),
        ("3/4/19, 9:20\u202fPM", "2019-04-03 21:20"),
        ("03.04.2019 21:20:01", "2019-04-03 21:20"),
        ("13/04/2019 12:05 a.m.", "2019-04-13 00:05"),
        ("13/04/2019 12:05 pm", "2019-04-13 12:05"),
        ("13/04/2019 0:05 AM", "2019-04-13 00:05"),
        ("13/04/2019 24:00", "2019-04-14 00:00"),
        ("Thu, 17 Jul 2025 6:10 pm", "2025-07-17 18:10"),
        ("Sept 7, 2025 06:10", "2025-09-07 06:10"),
        ("06:41:10 18-03-2015", "2015-03-18 06:41"),
        ("2024-03-14T14:15:48.000-04:00", "2024-03-14 14:15"),
        (" 2024-03-02\u00a006:40 ", "2024-03-02 06:40"),
    ],
)
def test_a_written_time_is_read_on_its_own_clock(engine, written, wanted):
    assert engine.values("minute", "unreadable_started_at", started_at=[written]) == [(minute(wanted), False)]


@pytest.mark.parametrize(
    ("written", "local", "offset"),
    [
        ("2024-03-31T00:59Z", "2024-03-31 00:59", 0),
        ("2024-03-31T01:00Z", "2024-03-31 02:00", 60),
        ("2024-10-27T00:30Z", "2024-10-27 01:30", 60),
        ("2024-10-27T01:30Z", "2024-10-27 01:30", 0),
    ],
)
def test_a_time_in_utc_stands_on_the_studys_clock_and_is_one_moment(engine, written, local, offset):
    names = ("minute", "offset", "exists_twice", "does_not_exist")
    found = engine.values(*names, zone=LONDON, started_at=[written])
    assert found == [(minute(local), offset, False, False)]


def test_many_years_of_clock_changes_stay_a_short_expression(engine):
    few, many = ("Europe/London", 2024, 2025), ("Europe/London", 2000, 2027)
    columns = {"started_at": ["2024-03-31T00:59Z"], "ended_at": ["2024-03-31 02:10"]}
    short, long = (len(engine.written(zone=zone, **columns)) for zone in (few, many))
    assert long < 20 * short, "one device with a wrong year would hold up a whole ingest"


@pytest.mark.parametrize(
    "written",
    [
        "2024-02-30 06:40",
        "2024-03-02",
        "2024-03-02 25:00",
        "2024-03-02 24:30",
        "2024-03-02 06:61",
        "13/04/2019 13:05 AM",
        "before breakfast",
        "45321.25",
        "2024-03-02 06:40 or so",
        "17 juice 2025 06:10",
    ],
)
def test_what_is_no_time_with_a_clock_is_unreadable(engine, written):
    assert engine.values("minute", "unreadable_started_at", started_at=[written]) == [(None, True)]


def test_an_empty_cell_is_no_time_and_not_unreadable(engine):
    cells = ["2024-03-02 06:40", "  ", None]
    assert engine.values("minute", "unreadable_started_at", started_at=cells)[1:] == [(None, False)] * 2


FORMS = (
    "%Y-%m-%d %H:%M",
    "%d/%m/%Y %H:%M:%S",
    "%d.%m.%y, %I:%M %p",
    "%H:%M:%S %d-%m-%Y",
    "%a, %d %b %Y %I:%M\u202f%p",
    "%B %d, %Y %H:%M",
    "%Y-%m-%dT%H:%M:%S+02:00",
)


@settings(max_examples=12, deadline=None)
@given(
    st.lists(
        st.datetimes(datetime.datetime(2000, 1, 1), datetime.datetime(2040, 12, 31)), min_size=1, max_size=20
    ),
    st.sampled_from(FORMS),
)
def test_every_form_gives_back_the_time_it_was_made_of(moments, form):
    found = Engine().values("minute", started_at=[moment.strftime(form) for moment in moments])
    assert found == [(int((moment - EPOCH).total_seconds() // 60),) for moment in moments]


def evidence(*dates: str) -> tuple[int, int, int]:
    engine = Engine()
    staged = engine.settle("staged", read_plain(engine.raw(started_at=list(dates)), load_codebook()))
    staged = as_found(staged, engine.rows(plain_evidence(staged)))
    cut = engine.settle("cut", cut_times(staged, engine.settle))
    (row,) = engine.rows(cut.aggregate(**order_evidence(cut)))
    return row["order_first"], row["order_second"], row["order_open"]


@pytest.mark.parametrize(
    ("dates", "order"),
    [
        (("03/04/2024 06:00", "25/04/2024 06:00"), "DMY"),
        (("03/04/2024 06:00", "04/25/2024 06:00"), "MDY"),
    ],
)
def test_one_date_above_twelve_decides_for_the_file(dates, order):
    assert decide_order("a.csv", None, *evidence(*dates)) == order


def test_equal_day_and_month_need_no_order():
    assert evidence("05/05/2024 06:00")[2] == 0
    decide_order("a.csv", None, *evidence("05/05/2024 06:00"))


@pytest.mark.parametrize(
    "dates", [("03/04/2024 06:00",), ("25/04/2024 06:00", "04/25/2024 06:00")], ids=["open", "both"]
)
def test_dates_that_decide_nothing_or_both_are_refused_unless_the_study_says(dates):
    found = evidence(*dates)
    with pytest.raises(InputError, match=r"^a\.csv: "):
        decide_order("a.csv", None, *found)
    assert decide_order("a.csv", "DMY", *found) == "DMY"


@settings(max_examples=15, deadline=None)
@given(
    st.sampled_from(["Europe/London", "America/New_York", "Australia/Lord_Howe", "Asia/Tokyo", "UTC"]),
    st.lists(
        st.datetimes(datetime.datetime(2023, 1, 1), datetime.datetime(2025, 12, 31)), min_size=1, max_size=30
    ),
)
def test_offsets_of_local_times_are_those_of_the_zone(zone, moments):
    info = zoneinfo.ZoneInfo(zone)
    # The hours around the changes are where a mistake would be.
    for change in clock_changes(zone, 2023, 2025)[1]:
        near = EPOCH + datetime.timedelta(minutes=change.start)
        moments += [
            near + datetime.timedelta(minutes=each) for each in (-121, -61, -60, -31, -30, -1, 0, 1, 59, 60)
        ]
    minutes = [int((moment - EPOCH).total_seconds() // 60) for moment in moments]
    table = ibis.memtable({"minute": minutes})
    found = table.mutate(
        offset=zone_offset(table.minute, zone, 2023, 2025),
        twice=exists_twice(table.minute, zone, 2023, 2025),
        never=does_not_exist(table.minute, zone, 2023, 2025),
    ).execute()
    for row in found.itertuples():
        local = (EPOCH + datetime.timedelta(minutes=row.minute)).replace(tzinfo=info)
        first, second = local.utcoffset(), local.replace(fold=1).utcoffset()
        assert row.offset == first.total_seconds() // 60, local
        assert row.twice == (first > second), local
        assert row.never == (first < second), local


@pytest.mark.parametrize(
    ("started", "ended", "minutes"),
    [
        ("2024-10-27 01:30", "2024-10-27 01:10", 40),
        ("2024-10-27 00:50", "2024-10-27 02:10", 140),
        ("2024-03-31 00:50", "2024-03-31 02:10", 20),
        ("2024-06-01 23:50", "2024-06-02 00:10", 20),
    ],
)
def test_a_session_over_a_clock_change_has_its_true_length(engine, started, ended, minutes):
    found = engine.values("duration_min", started_at=[started], ended_at=[ended], zone=LONDON)
    assert found == [(minutes,)]


def test_a_stated_duration_is_kept_and_zero_is_no_duration(engine):
    found = engine.values(
        "duration_min",
        started_at=["2024-06-01 10:00"] * 3,
        ended_at=["2024-06-01 10:21", None, "2024-06-01 10:00"],
        duration_min=["20", "0", None],
    )
    assert found == [(20,), (None,), (None,)]


def test_utc_becomes_the_studys_clock_where_there_is_one_and_other_offsets_stay_as_written(engine):
    cells = ["2024-07-01T10:00:00Z", "2024-07-01T10:00:00+02:00"]
    assert engine.values("minute", "offset", started_at=cells, zone=LONDON) == [
        (minute("2024-07-01 11:00"), 60),
        (minute("2024-07-01 10:00"), 120),
    ]
    assert engine.values("minute", started_at=cells) == [(minute("2024-07-01 10:00"),)] * 2


@pytest.mark.parametrize(
    "text", ["6/11/23 6:02 AM", "6/11/23 06:02:00", "06/11/23 06:02:30", "6-11-23 06:02:00"]
)
def test_a_date_with_a_year_of_two_digits_is_no_plain_time_of_the_first_century(text):
    rows = ibis.memtable({"source_rank": [1], "source_row": [1], "started_at": [text]})
    read = read_plain(rows, load_codebook()).to_pandas()
    assert read.started_at.isna().all() and read.started_at_rest.tolist() == [text]


@pytest.mark.parametrize(
    ("started", "ended", "wanted"),
    [
        ("2024-02-03 23:50", "2024-02-03 00:10", 20),
        ("2024-02-03 23:50", "2024-02-03 23:59", 9),
        ("2024-02-03 22:00", "2024-02-03 02:00", 240),
        ("2024-02-03 22:00", "2024-02-03 02:01", None),
        ("2024-10-26 23:50", "2024-10-26 02:30", 220),
        ("2024-10-27 23:50", "2024-10-27 00:10", 20),
    ],
)
def test_an_end_that_is_a_clock_before_the_start_is_on_the_next_day(engine, started, ended, wanted):
    times = {"started_at": [started], "ended_at": [ended]}
    assert engine.values("duration_min", **times, end_is_clock=["yes"], zone=LONDON) == [(wanted,)]
    if ended < started:
        assert engine.values("duration_min", **times, zone=LONDON) == [(None,)]
