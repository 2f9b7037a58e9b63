"""Kept pages come back as they were, and never for another store, choice or product."""

import os
import subprocess
import sys
from dataclasses import dataclass

import numpy as np
import pytest

from pipelines import ROOT
from pipelines.errors import StoreError
from pipelines.evidence import kept, shelf
from pipelines.evidence.__main__ import prepare
from pipelines.evidence.filters import Choices, Filters
from pipelines.evidence.parts import Numbers
from pipelines.evidence.ready import likely


@dataclass(frozen=True)
class Page:
    """A page with what pages are made of."""

    title: str
    share: float | None
    numbers: Numbers | None = None
    pairs: tuple[tuple[str, str], ...] = ()


EVERYONE = Filters()
PAGE = Page("Title", 1 / 3, Numbers("n", ("a",), ((1, 0.1, None, "x"),)), (("a", "b"),))


@pytest.fixture
def store(tmp_path):
    file = tmp_path / "store.duckdb"
    file.write_bytes(b"content")
    return file


def asked(store, page=PAGE, choice=EVERYONE, name="page"):
    """The page from the shelf, and how often it had to be computed."""
    calls = []
    found = shelf.shelved(store, name, Page, choice, lambda: calls.append(1) or page)
    return found, len(calls)


def test_a_page_is_computed_once_and_comes_back_as_it_was(store):
    assert asked(store) == (PAGE, 1)
    assert asked(store) == (PAGE, 0)


def test_another_choice_or_page_is_another_question(store):
    asked(store)
    assert asked(store, choice=Filters(cohort="North"))[1] == 1
    assert asked(store, name="other")[1] == 1
    assert asked(store, choice=Filters(cohort="North"))[1] == 0


def test_a_replaced_store_gets_new_pages_and_the_old_ones_are_swept(store):
    asked(store)
    os.utime(store, ns=(1, 1))
    assert asked(store)[1] == 1
    assert len(list(shelf.folder_beside(store).iterdir())) == 1


def test_other_code_or_data_files_are_another_question(store, monkeypatch):
    asked(store)
    monkeypatch.setattr(kept, "product_fingerprint", lambda: "another")
    assert asked(store)[1] == 1


def test_a_page_computed_while_the_store_was_replaced_is_not_kept(store):
    def compute():
        os.utime(store, ns=(5, 5))
        return PAGE

    shelf.shelved(store, "page", Page, None, compute)
    assert not shelf.is_shelved(store, "page", None) and not list(shelf.folder_beside(store).glob("*.json"))


def test_nothing_is_a_result_too(store):
    assert asked(store, page=None) == (None, 1) and asked(store) == (None, 0)


def test_what_would_come_back_otherwise_is_not_kept(store):
    odd = Page("t", 0.5, pairs=[("a", "b")])
    assert asked(store, page=odd) == (odd, 1) and asked(store, page=odd)[1] == 1


def test_numbers_of_arrays_come_back_as_plain_ones(store):
    asked(store, page=Page("t", np.float32(0.5)))
    assert asked(store)[0] == Page("t", 0.5)


def test_where_nobody_may_write_it_is_computed_each_time(store, monkeypatch):
    monkeypatch.setattr(os, "access", lambda *_: False)
    assert asked(store)[1] == 1 and asked(store)[1] == 1


def test_forgetting_leaves_nothing(store):
    asked(store)
    shelf.forget(store)
    assert not shelf.folder_beside(store).exists() and asked(store)[1] == 1


def test_no_store_is_an_error(tmp_path):
    with pytest.raises(StoreError):
        asked(tmp_path / "none.duckdb")


def test_the_likely_choices_are_everyone_first_then_each_cohort_pump_outcome_and_doubt():
    offered = Choices(("North", "South"), (("manual", "Hand pump"),), 0, 84, "no_milk")
    chosen = list(likely(offered))
    assert chosen[0].is_everyone and len(set(chosen)) == 6
    assert {each.cohort for each in chosen} == {None, "North", "South"}
    assert {each.outcome for each in chosen} == {"no_milk", "low_output"}


def test_preparing_stops_when_its_parent_has_gone_or_the_store_was_replaced(store, monkeypatch):
    done = []
    steps = [lambda: done.append("first"), lambda: os.utime(store, ns=(9, 9)), lambda: done.append("late")]
    monkeypatch.setattr("pipelines.evidence.__main__.ahead", lambda path: steps)
    prepare(store, parent=-1)
    assert done == []
    prepare(store, os.getppid())
    assert done == ["first"]


def test_the_process_of_its_own_can_be_started(tmp_path):
    command = [sys.executable, "-m", "pipelines.evidence", str(tmp_path / "none.duckdb")]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert "no such store" in ended.stderr
