"""What is said after files were added."""

from pathlib import Path
from types import SimpleNamespace

import pytest

from dashboard import jobs
from dashboard.components import upload
from dashboard.components.upload import account
from pipelines.errors import InputError
from pipelines.results import RowCounts
from pipelines.run import FileLedger, Ledger


def ledger(**more) -> Ledger:
    counts = RowCounts(10, 6, 2, 1, 1)
    files = (FileLedger("a.csv", "generic", "columns", counts, warnings=("zeros may mean not measured",)),)
    return Ledger(Path("store.duckdb"), files, total=counts, **more)


def test_rows_people_and_warnings_are_told():
    told = account(ledger(participants=2, warnings=("a new key was made",)))
    assert "6 in use" in told[0] and "1 set aside" in told[0] and "2\u00a0participants" in told[0]
    assert told[1] == "a new key was made" and told[2].startswith("1\u00a0file has something")


def test_the_same_files_again_are_nothing_new():
    assert account(ledger(changed=False))[0].startswith("Nothing new")


def test_a_removal_is_told_as_one():
    assert account(ledger(removed=("abc",)))[0].startswith("Removed.")


def test_a_job_tells_how_far_it_is_and_hands_over_its_result_once():
    def work(hear):
        hear("reading", 5, 10)
        return "done"

    assert jobs.start("a study", work)
    running = jobs.current("a study")
    running.thread.join()
    assert running.words == "Reading 5 of 10 files" and 0.1 < running.share < 0.2
    assert not jobs.start("a study", work), "its result has not been taken"
    assert jobs.take("a study").result == "done" and jobs.take("a study") is None


def test_a_refused_job_keeps_the_reason():
    def work(hear):
        raise InputError("no.")

    jobs.start("another study", work)
    jobs.current("another study").thread.join()
    assert str(jobs.take("another study").error) == "no."


@pytest.mark.parametrize(
    ("tables", "others", "told"),
    [
        (("table",), (), (upload.UNKNOWN,)),
        ((), ("scan",), (upload.UNREAD,)),
        (("table",), ("scan",), (upload.UNKNOWN, upload.UNREAD)),
        ((), (), ()),
    ],
)
def test_only_a_table_is_asked_what_its_columns_mean(tables, others, told):
    register = SimpleNamespace(asked=(), open=(*tables, *others))
    desk = SimpleNamespace(register=lambda: register, tables=lambda: (tables, others))
    assert upload._told(desk, SimpleNamespace(error=None, result=None)) == told
