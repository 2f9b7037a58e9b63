"""A distress score enters the store only where the study has agreed what to do about one."""

import pytest

from pipelines import run
from pipelines.store.tables import open_store

FORM = "participant_id,date,stress,distress_score\nA,2024-03-01,4,19\nA,2024-03-02,5,\nB,2024-03-01,2,3\n"
STUDY = '[study]\nname = "S"\n[[source]]\nfiles = "form.csv"\n[review]\ndistress_protocol = {}\n'


@pytest.mark.parametrize("agreed", [False, True])
def test_scores_are_stored_only_with_an_agreed_procedure(tmp_path, agreed):
    (tmp_path / "form.csv").write_text(FORM)
    (tmp_path / "study.toml").write_text(STUDY.format(str(agreed).lower()))
    ledger = run.ingest([tmp_path], tmp_path / "study.toml", tmp_path / "store.duckdb")
    with open_store(tmp_path / "store.duckdb") as store:
        factors = set(store.responses.factor.execute())
    assert ("distress_score" in factors) is agreed and "stress" in factors
    assert ledger.total.read == ledger.total.accepted == 3
    assert any("distress_protocol" in note for file in ledger.files for note in file.warnings) is not agreed
