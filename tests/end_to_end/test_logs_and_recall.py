"""A small study on its whole way to the pages: which logs are doubted, and what its diary answers were joined to."""

import json

import pytest

from pipelines import run
from pipelines.__main__ import main
from pipelines.evidence.filters import BELIEVABLE, Filters
from pipelines.evidence.frames import basis, load, select
from pipelines.evidence.logs import logs
from pipelines.evidence.recall import recall_windows
from tests.end_to_end.stores import code, write

DAYS, SESSIONS = 6, 4
SPARSE = 3


def started(person: int, day: int, at: int) -> str:
    minute = 420 + 190 * at + (11 * day + 7 * at + 13 * person) % 41
    return f"2024-03-{day + 1:02d} {minute // 60:02d}:{minute % 60:02d}"


def session(person: int, day: int, at: int, *, sparse: bool) -> str:
    volume = 10 * (3 + (day + 2 * at + person) % 6)
    return f"P{person:02d},{started(person, day * SPARSE if sparse else day, at)},20,{volume},{volume + 10},manual"


def study(folder, people: int, sparse: int, answering: int):
    """So many people log six days, the first `sparse` of them only every third; the last `answering` keep a diary."""
    lines = [
        session(person, day, at, sparse=person < sparse)
        for person in range(people)
        for day in range(DAYS)
        for at in range(SESSIONS)
    ]
    write(folder, "logs.csv", *lines)
    diary = [
        f"P{person:02d},2024-03-{day + 1:02d},{day}"
        for person in range(people - answering, people)
        for day in (0, 1, 2, 8)
    ]
    write(folder, "diary.csv", *diary, header="participant_id,date,stress\n")
    store = folder / "store.duckdb"
    run.ingest([folder / "logs.csv", folder / "diary.csv"], store=store)
    return store


@pytest.fixture(scope="module")
def many(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LACTOSCOPE_KEY", "a key for the tests")
        return study(tmp_path_factory.mktemp("many"), people=24, sparse=12, answering=12)


@pytest.fixture(scope="module")
def few(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LACTOSCOPE_KEY", "a key for the tests")
        return study(tmp_path_factory.mktemp("few"), people=24, sparse=3, answering=3)


def test_doubtful_logs_are_counted_and_listed_by_code(many):
    page = logs(many)
    assert page.title == "12 of 24 logs give no reason for doubt"
    assert {sign.title: sign.logs for sign in page.signs}["Few days have an entry"] == 12
    assert {strip.code for strip in page.doubtful} == {code(f"P{person:02d}") for person in range(12)}
    assert page.doubtful[0].stretches == tuple((3 * day, 3 * day) for day in range(DAYS))
    assert page.others[0].stretches == ((0, DAYS - 1),)


def test_days_after_the_last_session_are_told_as_days_with_answers_and_without_log(many):
    [strip] = [each for each in logs(many).others if each.code == code("P23")]
    assert strip.answers_until == 8 and strip.stretches[-1][1] == DAYS - 1
    days = load(many).days
    assert days[days["participant_id"] == code("P23")]["day_in_study"].max() == DAYS - 1


def test_a_strip_tells_nothing_of_how_much_milk_came(many):
    strip = logs(many).others[0]
    assert (
        strip.line
        == "24 sessions on 6 days · a day’s entries span 39\u00a0% of it · 100\u00a0% of volumes on steps of 10 mL"
    )


def test_counts_of_few_logs_stay_hidden(few):
    page = logs(few)
    assert page.title == "Nearly all of 24 logs give no reason for doubt"
    assert {sign.title: sign.logs for sign in page.signs}["Few days have an entry"] is None
    assert page.numbers is not None and "hidden" in page.numbers.as_csv()


def test_findings_can_leave_the_doubtful_logs_out(many):
    frames = load(many)
    left = basis(select(frames, Filters(logs=BELIEVABLE)), Filters(logs=BELIEVABLE))
    assert (left.participants, left.sessions) == (12, 12 * DAYS * SESSIONS)
    assert "without doubtful logs" in left.filters
    assert basis(select(frames, Filters()), Filters()).participants == 24


def test_a_selection_that_leaves_few_logs_out_has_no_number(few):
    left = basis(select(load(few), Filters(logs=BELIEVABLE)), Filters(logs=BELIEVABLE))
    assert left.participants is None and "leaves out the sessions of fewer than 10 people" in left.unavailable


def test_the_command_line_tells_no_count_of_such_a_selection(few, capsys):
    assert main(["findings", "--logs", "believable", "--store", str(few), "--json"]) == 0
    cohort = json.loads(capsys.readouterr().out)["cohort"]
    assert (cohort["participants"], cohort["sessions"], cohort["events"]) == (None, None, None)


def test_answers_are_joined_to_the_sessions_of_their_day_and_of_the_next(many):
    page = recall_windows(many)
    [form] = page.forms
    [item] = form.items
    assert item.describes == "36 of 48\u00a0answers, 144 of 576\u00a0sessions"
    assert item.possible_cause == "36 of 48\u00a0answers, 144 of 576\u00a0sessions"
    assert page.title == "36 of 48 answers meet a session that they describe"
    assert page.numbers is not None
    assert page.numbers.rows[0][3:10] == ("describes", 48, 36, 12, 576, 144, 432)


def test_answers_of_few_people_are_hidden_everywhere(few):
    page = recall_windows(few)
    assert page.forms[0].hidden and page.forms[0].items[0].hidden
    assert page.numbers is not None
    assert all(row[4:7] == (None, None, None) and row[8:10] == (None, None) for row in page.numbers.rows)
    assert page.title == "Fewer than 10 people answered any item, so nothing is told of the join"
