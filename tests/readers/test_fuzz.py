"""No damaged file breaks a reader or an ingest: it is refused in words, or every row of it has one fate."""

import pytest

from tests.end_to_end.stores import KEY
from tests.readers.fuzzing import fuzz
from tests.readers.mutations import CHANGES, mutated
from tests.readers.samples import SAMPLES


@pytest.fixture(autouse=True)
def key(monkeypatch):
    monkeypatch.setenv("LACTOSCOPE_KEY", KEY)


def test_500_damaged_files_are_refused_in_words_or_read_with_every_row_accounted_for(tmp_path):
    report = fuzz(500, tmp_path)
    print(report)
    assert report.files >= 500
    assert report.fates["read"] > report.files / 3
    assert report.rows["accepted"] and report.rows["quarantined"]


@pytest.mark.parametrize("name", CHANGES)
def test_every_kind_of_damage_changes_some_sample(name):
    tries = [(sample.path.read_bytes(), a) for sample in SAMPLES for a in range(5)]
    assert any(mutated(data, [(name, a, 3)]) != data for data, a in tries)
