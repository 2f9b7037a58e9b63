"""The review list of the synthetic study against what was planted, and distress only with an agreed procedure."""

import json
from pathlib import Path

import duckdb
import pytest

from pipelines import run
from pipelines.errors import StoreError
from pipelines.evidence.documents import review_document
from pipelines.evidence.review import review
from pipelines.store.tables import open_store
from tests.benchmarks.review_truth import judge, raw_ids
from tests.end_to_end.stores import code, write

FEWEST_FOUND, MOST_FALSE = 17, 10


@pytest.fixture(scope="module")
def listed(demo):
    return review(demo.store)


def test_nearly_all_planted_courses_are_found_and_few_others_are_listed(demo, listed, monkeypatch):
    monkeypatch.delenv("LACTOSCOPE_KEY", raising=False)
    truth = json.loads((demo.folder / "truth.json").read_text())
    judged = judge(truth, listed.listed, raw_ids(truth, demo.store))
    assert judged.planted_listed >= FEWEST_FOUND, judged.missed
    assert len(judged.falsely_listed) <= MOST_FALSE, judged.false
    assert judged.found["distress_protocol"] == judged.planted["distress_protocol"] == 2


def test_every_sign_has_rows_of_its_own_person_and_no_sign_without_milk_has_milk_in_most_of_them(
    demo, listed
):
    with open_store(demo.store) as store:
        sessions = store.sessions.select("participant_id", "volume_ml", "source_id", "source_row").execute()
        answers = store.responses.select("participant_id", "source_id", "source_row").execute()
    volume = {row[2:]: row[:2] for row in sessions.itertuples(index=False, name=None)}
    owner = {row[1:]: row[0] for row in answers.itertuples(index=False, name=None)}
    for person in listed.listed:
        for sign in person.signs:
            assert sign.rows, (person.participant_id, sign.id)
            for row in sign.rows:
                assert (volume[row][0] if row in volume else owner[row]) == person.participant_id
            if sign.id == "persistent_no_milk":
                empty = sum(volume[row][1] == 0 for row in sign.rows)
                assert empty / len(sign.rows) > 0.5 and empty >= 5


def test_no_score_and_no_stored_last_item_reach_the_document(demo, listed):
    document = json.dumps(review_document(listed))
    signs = [sign for person in listed.listed for sign in person.signs if sign.id == "distress_protocol"]
    assert len(signs) == 2
    assert all("procedure" in sign.reason and "score" not in sign.reason for sign in signs)
    assert "distress_score" not in document
    with open_store(demo.store) as store:
        assert not [factor for factor in store.responses.factor.execute().unique() if "item_10" in factor]


def study_with(folder: Path, agreed: bool) -> Path:
    (folder / "form.csv").write_text("participant_id,date,distress_score\nA,2024-03-01,19\nB,2024-03-01,3\n")
    write(folder, "log.csv", "A,2024-03-01T08:00,10,30,30,wearable", "B,2024-03-01T08:00,10,30,30,wearable")
    (folder / "study.toml").write_text(
        '[study]\nname = "S"\n[[source]]\nfiles = "*.csv"\n[review]\n'
        f"distress_protocol = {str(agreed).lower()}\n"
    )
    run.ingest([folder], folder / "study.toml", folder / "store.duckdb")
    return folder / "store.duckdb"


def test_distress_lists_only_where_the_study_file_says_that_a_procedure_is_agreed(tmp_path):
    store = study_with(tmp_path, agreed=True)
    assert [person.participant_id for person in review(store).listed] == [code("A")]
    store = study_with(tmp_path, agreed=False)
    assert review(store).listed == ()


def test_a_log_that_stops_two_days_before_the_last_entry_of_the_study_is_quiet(tmp_path):
    lines = [f"A,2024-03-{day:02}T08:00,10,30,30,wearable" for day in range(1, 7)]
    lines += [f"B,2024-03-{day:02}T08:00,10,30,30,wearable" for day in range(5, 9)]
    write(tmp_path, "log.csv", *lines)
    run.ingest([tmp_path], None, tmp_path / "store.duckdb")
    (person,) = review(tmp_path / "store.duckdb").listed
    assert person.participant_id == code("A")
    assert [(sign.id, sign.first_day, sign.state) for sign in person.signs] == [("gone_quiet", 5, "current")]


def test_a_silence_counts_anew_when_another_file_comes(tmp_path):
    store = tmp_path / "store.duckdb"
    lines = [f"A,2024-03-{day:02}T08:00,10,30,30,wearable" for day in range(1, 7)]
    write(tmp_path, "one/log.csv", *lines, "B,2024-03-08T07:59,10,30,30,wearable")
    run.ingest([tmp_path / "one"], None, store)
    assert review(store).listed == ()
    write(tmp_path, "two/log.csv", "B,2024-03-08T08:00,10,30,30,wearable")
    run.ingest([tmp_path / "two"], None, store)
    assert [person.participant_id for person in review(store).listed] == [code("A")]


def test_a_store_from_before_leaving_was_recorded_is_refused_in_one_line(tmp_path):
    store = study_with(tmp_path, agreed=False)
    with duckdb.connect(str(store)) as connection:
        connection.execute(
            "CREATE OR REPLACE VIEW participants AS"
            " SELECT participant_id, cohort, NULL AS feeding_mode, NULL AS work_status FROM participant_rows"
        )
    with pytest.raises(StoreError, match="another version") as refused:
        review(store)
    assert "\n" not in str(refused.value)
