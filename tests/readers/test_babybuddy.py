"""Baby Buddy's JSON: pages of its API, one after the other, and lists; each entry by what it is."""

import json

import pytest

from pipelines import readers
from pipelines.errors import InputError
from pipelines.readers import babybuddy
from pipelines.study import SourceOptions

PUMPING = {
    "id": 5,
    "child": 1,
    "amount": 9.0,
    "start": "2026-02-03T15:03:00-05:00",
    "end": "2026-02-03T15:22:00-05:00",
    "duration": "00:19:00",
    "notes": "new device",
    "tags": [],
}
FEEDING = {**PUMPING, "id": 6, "type": "breast milk", "method": "bottle"}


def page(*entries: dict) -> str:
    return json.dumps({"count": len(entries), "next": None, "previous": None, "results": entries})


def read(text: str, folder):
    path = folder / "pumping.json"
    path.write_text(text, encoding="utf-8")
    found = readers.identify(path)
    assert found is not None and found[0].name == "babybuddy"
    return babybuddy.read(path, SourceOptions())


def test_pages_saved_one_after_the_other_are_all_read(tmp_path):
    extract = read(page(PUMPING) + "\n" + page({**PUMPING, "id": 7}), tmp_path)
    assert extract.rows.source_session_id.tolist() == ["5", "7"]
    assert extract.rows.duration_min.tolist() == ["19", "19"]
    assert set(extract.dropped_identifiers) == {"notes", "tags"}


@pytest.mark.parametrize("text", [json.dumps([PUMPING]), json.dumps([PUMPING], indent=2), page(PUMPING)])
def test_a_bare_list_is_read_like_a_page(text, tmp_path):
    assert read(text, tmp_path).rows.started_at.tolist() == ["2026-02-03T15:03:00-05:00"]


def test_a_feeding_among_the_entries_is_other(tmp_path):
    assert read(page(PUMPING, FEEDING), tmp_path).rows.kind.tolist() == ["session", "other"]


def test_a_page_without_entries_has_no_rows(tmp_path):
    assert len(read(page(), tmp_path).rows) == 0


def test_the_admins_json_is_read_with_its_own_names(tmp_path):
    entry = {
        "id": 5,
        "child_id": 1,
        "child_first_name": "A",
        "child_last_name": "B",
        "start": "2026-02-03 06:40:00",
    }
    extract = read(
        json.dumps([{**entry, "end": "2026-02-03 06:40:00", "amount": "2.5", "notes": ""}]), tmp_path
    )
    assert extract.rows[["started_at", "volume_total"]].values.tolist() == [["2026-02-03 06:40:00", "2.5"]]
    assert extract.rows.ended_at.isna().all()
    assert {"child_first_name", "child_last_name"} <= set(extract.dropped_identifiers)


@pytest.mark.parametrize("text", [page(PUMPING)[:-9], page(PUMPING) + "}", "[" * 100_000])
def test_damaged_json_is_refused_in_words(text, tmp_path):
    path = tmp_path / "pumping.json"
    path.write_text(text)
    with pytest.raises(InputError, match=r"pumping\.json: .*JSON"):
        babybuddy.read(path, SourceOptions())


def test_other_json_is_not_claimed(tmp_path):
    path = tmp_path / "other.json"
    path.write_text('{"resourceType": "Bundle", "entry": [{"id": 1}]}')
    assert babybuddy.recognise(path) is None
