"""The classifier is computed once in a thread of its own; pages look how far it is, others wait."""

import threading
from pathlib import Path

import pytest

from pipelines.evidence import foreseen
from pipelines.evidence.filters import Filters
from pipelines.results import Classifier

STORE = Path("store.duckdb")
DONE = Classifier(auc=0.6)


@pytest.fixture(autouse=True)
def no_jobs(monkeypatch):
    monkeypatch.setattr(foreseen, "_jobs", type(foreseen._jobs)())
    monkeypatch.setattr(foreseen, "stamp", lambda path: "content")


def test_a_job_runs_once_tells_how_far_it_is_and_is_not_waited_for(monkeypatch):
    go_on, runs = threading.Event(), []

    def slowly(job):
        runs.append(job)
        job.tell("classifier", 3, 20)
        go_on.wait(10)
        return DONE

    monkeypatch.setattr(foreseen, "_kept_or_new", slowly)
    told = []
    job = foreseen.start(STORE, Filters())
    assert foreseen.start(STORE, Filters(), lambda *step: told.append(step)) is job
    assert not job.finished.is_set()
    go_on.set()
    assert foreseen.classifier(STORE, Filters()) == DONE
    assert (job.done, job.total, len(runs)) == (3, 20, 1)
    job.tell("classifier", 20, 20)
    assert told[-1] == ("classifier", 20, 20)


def test_another_choice_or_another_content_is_another_job(monkeypatch):
    monkeypatch.setattr(foreseen, "_kept_or_new", lambda job: DONE)
    one = foreseen.start(STORE, Filters())
    assert foreseen.start(STORE, Filters(cohort="North")) is not one
    monkeypatch.setattr(foreseen, "stamp", lambda path: "other content")
    assert foreseen.start(STORE, Filters()) is not one


def test_what_goes_wrong_in_the_thread_goes_wrong_for_who_waits_and_is_tried_again(monkeypatch):
    def fails(job):
        raise ValueError("no such column")

    monkeypatch.setattr(foreseen, "_kept_or_new", fails)
    with pytest.raises(ValueError, match="no such column"):
        foreseen.classifier(STORE, Filters())
    monkeypatch.setattr(foreseen, "_kept_or_new", lambda job: DONE)
    assert foreseen.classifier(STORE, Filters()) == DONE


def test_a_page_knows_at_once_that_it_must_be_worked_out_and_what_nobody_asks_for_is_not_worked_out(
    monkeypatch,
):
    go_on, clock = threading.Event(), [0.0]

    def looked_up_then_worked_out(job):
        job.is_looked_up.set()
        go_on.wait(10)
        job.tell("classifier", 1, 5)
        return DONE

    monkeypatch.setattr(foreseen, "_kept_or_new", looked_up_then_worked_out)
    monkeypatch.setattr(foreseen.time, "monotonic", lambda: clock[0])
    some = Filters(cohort="North")
    left, everyone = foreseen.start(STORE, some), foreseen.start(STORE, Filters())
    assert left.is_looked_up.wait(10)
    assert not left.finished.is_set()
    clock[0] += foreseen.FORGOTTEN_AFTER_SECONDS + 1
    go_on.set()
    assert left.finished.wait(10)
    assert isinstance(left.problem, foreseen.Forgotten)
    assert everyone.wait() == DONE
    assert foreseen.classifier(STORE, some) == DONE
