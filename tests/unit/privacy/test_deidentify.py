"""Pseudonyms, session ids and bands."""

import re

import ibis
import pytest

from pipelines.errors import InputError
from pipelines.privacy.deidentify import (
    answers_id,
    banded,
    key_check,
    key_minute,
    people_codes,
    plain_label,
    pseudonym,
    session_id,
    session_key,
)
from pipelines.privacy.keys import load_key
from pipelines.settings import load_settings

KEY = b"a secret of the study"


def test_a_pseudonym_is_short_stable_and_tells_nothing():
    code = pseudonym(KEY, None, "Anna Smith")
    assert code == pseudonym(KEY, None, " Anna Smith ")
    assert re.fullmatch(r"P-[A-Z2-7]{10}", code)


def test_another_key_or_another_centre_gives_another_person():
    codes = {
        pseudonym(KEY, None, "1"),
        pseudonym(b"other", None, "1"),
        pseudonym(KEY, "A", "1"),
        pseudonym(KEY, "B", "1"),
    }
    assert len(codes) == 4


def test_the_key_check_does_not_hold_the_key():
    assert key_check(KEY) != key_check(b"other")
    assert KEY.hex()[:8] not in key_check(KEY)


def session(**changes):
    row = {
        "secret": "s1",
        "minute": 28_500_000,
        "volume_left_ml": 50.0,
        "volume_right_ml": 60.0,
        "volume_ml": 110.0,
    }
    kinds = {name: "float64" for name in row if name.startswith("volume")} | {
        "secret": "string",
        "minute": "int64",
    }
    row |= changes
    if "own_id" in row:
        kinds["own_id"] = "string"
    return ibis.memtable([row], schema=kinds)


def id_of(**changes) -> int:
    table = session(**changes)
    return table.select(id=session_id(table)).to_pyarrow()["id"][0].as_py()


def test_everything_that_makes_a_session_goes_into_its_id():
    changes = (
        {},
        {"secret": "s2"},
        {"minute": 28_500_001},
        {"volume_left_ml": None},
        {"volume_left_ml": 0.0},
        {"volume_right_ml": 60.01},
        {"volume_left_ml": 60.0, "volume_right_ml": 50.0},
        {"volume_left_ml": None, "volume_right_ml": None},
        {"volume_left_ml": None, "volume_right_ml": None, "volume_ml": 0.0},
        {"volume_left_ml": None, "volume_right_ml": None, "volume_ml": None},
        {"own_id": "17"},
        {"own_id": "18"},
    )
    ids = [id_of(**change) for change in changes]
    assert len(set(ids)) == len(changes)
    assert all(0 <= found < 2**64 for found in ids)


def test_the_sources_own_id_is_what_counts_and_a_missing_one_changes_nothing():
    assert id_of(own_id="17") == id_of(own_id="17", minute=5, volume_left_ml=1.0)
    assert id_of(own_id=None) == id_of()


def test_the_key_of_a_session_gives_its_minute_back():
    table = session()
    assert table.select(minute=key_minute(session_key(table))).to_pyarrow()["minute"][0].as_py() == 28_500_000


def test_unknown_answers_leave_no_trace_in_the_id_of_a_row_of_answers():
    kinds = {
        "secret": "string",
        "kind": "string",
        "day": "int64",
        "birth_day": "int64",
        "stress": "float64",
        "parity": "string",
    }
    row = {"secret": "s", "kind": "day", "day": 1, "birth_day": None, "stress": 3.0, "parity": None}
    table = ibis.memtable([row], schema=kinds)
    with_both = table.select(id=answers_id(table, ["stress", "parity"])).to_pyarrow()["id"][0].as_py()
    with_one = table.select(id=answers_id(table, ["stress"])).to_pyarrow()["id"][0].as_py()
    assert with_both == with_one


def test_people_get_secrets_of_their_own():
    people = people_codes(KEY, [(None, "1"), (None, "2"), ("A", "1")])
    assert people.participant_id.is_monotonic_increasing and people.number.tolist() == [0, 1, 2]
    assert people.secret.nunique() == 3


@pytest.mark.parametrize(
    ("name", "value", "wanted"),
    [
        ("gestational_age_weeks", 22.0, 23),
        ("gestational_age_weeks", 24.9, 24),
        ("gestational_age_weeks", 42.0, 42),
        ("gestational_age_weeks", 44.0, 43),
        ("birth_weight_g", 3120.0, 3000),
        ("birth_weight_g", 3130.0, 3250),
        ("stress", 3.5, 3.5),
    ],
)
def test_numbers_that_could_single_a_person_out_are_banded(name, value, wanted):
    table = ibis.memtable({"value": [value]})
    found = table.select(banded=banded(name, table.value, load_settings())).to_pyarrow()["banded"][0].as_py()
    assert found == wanted


def test_labels_stay_and_what_may_identify_does_not():
    cells = [
        "Term group",
        " diary ",
        "anna@example.org",
        "born 3/4/2024",
        "x" * 41,
        "07700900123",
        "+44 7700 900123",
        "born 2024 3 4",
        "",
    ]
    table = ibis.memtable({"text": cells}, schema={"text": "string"})
    found = table.select(label=plain_label(table.text)).to_pyarrow()["label"].to_pylist()
    assert found == ["Term group", "diary", *[None] * 7]


def test_a_key_comes_from_the_variable_that_the_study_names(tmp_path, monkeypatch):
    monkeypatch.setenv("MY_KEY", "long enough")
    assert load_key("env:MY_KEY", tmp_path / "s.duckdb").value == b"long enough"
    monkeypatch.setenv("MY_KEY", "short")
    short = load_key("env:MY_KEY", tmp_path / "s.duckdb")
    assert short.value == b"short" and "fewer than 8 characters" in short.warning
    with pytest.raises(InputError, match="env:NAME"):
        load_key("the key itself", tmp_path / "s.duckdb")


def test_a_key_made_here_is_kept_once_and_a_store_without_its_key_is_refused(tmp_path, monkeypatch):
    monkeypatch.delenv("MY_KEY", raising=False)
    store = tmp_path / "s.duckdb"
    key = load_key("env:MY_KEY", store)
    assert not list(tmp_path.iterdir())
    key.keep()
    assert load_key("env:MY_KEY", store).value == key.value
    store.touch()
    (tmp_path / "s.duckdb.key").unlink()
    with pytest.raises(InputError, match="no key"):
        load_key("env:MY_KEY", store)
