"""Questionnaires on the whole way: scored, joined to their name, out of range set aside, never clipped."""

import pytest

from pipelines import run
from pipelines.store.tables import open_store

HEADER = "record_id,visit,pss4_1,pss4_2,pss4_3,pss4_4,gad7_total,form_complete\n"
ROWS = (
    "M01,2026-02-01,2,1,1,3,12,2\n"
    "M02,2026-02-01,2,1,1,9,3,2\n"
    "M03,2026-02-01,0,0,0,0,22,2\n"
    "M04,2026-02-01,0,0,0,,,2\n"
    "M05,2026-02-01,4,0,0,4,21,2\n"
)
EPDS = "record_id,visit," + ",".join(f"epds_{item}" for item in range(1, 11)) + ",stress,form_complete\n"
EPDS_ROWS = "M01,2026-02-01,1,1,2,0,1,1,0,1,0,,4,2\nM02,2026-02-01,9,1,2,0,1,1,0,1,0,0,5,2\n"
STUDY = (
    '[study]\nname = "S"\n[review]\ndistress_protocol = {}\n[[source]]\nfiles = "form.csv"\nanswers = "scored"\n'
    '[source.items]\ndate = {{ column = "visit" }}\n'
)


def ingested(folder, table: str, agreed: bool):
    (folder / "form.csv").write_text(table)
    (folder / "study.toml").write_text(STUDY.format(str(agreed).lower()))
    ledger = run.ingest([folder], folder / "study.toml", folder / "store.duckdb")
    with open_store(folder / "store.duckdb") as store:
        responses = store.responses.select("factor", "instrument", "value_number").execute()
        quarantine = store.quarantine.select("source_row", "field", "code").execute()
    return ledger, sorted(responses.itertuples(index=False, name=None)), quarantine


def test_scores_stand_in_the_store_under_their_questionnaire(tmp_path):
    ledger, responses, quarantine = ingested(tmp_path, HEADER + ROWS, agreed=False)
    assert responses == [
        ("anxiety", "gad7", 12),
        ("anxiety", "gad7", 21),
        ("stress", "pss4", 11),
        ("stress", "pss4", 16),
    ]
    assert sorted(quarantine.itertuples(index=False, name=None)) == [
        (2, "pss4", "item_out_of_range"),
        (3, "anxiety", "out_of_range"),
    ]
    assert (ledger.total.read, ledger.total.accepted, ledger.total.quarantined, ledger.total.other) == (
        5,
        2,
        2,
        1,
    )


@pytest.mark.parametrize("agreed", [False, True])
def test_a_lower_bound_is_marked_and_a_distress_answer_costs_no_row_without_a_procedure(tmp_path, agreed):
    ledger, responses, _ = ingested(tmp_path, EPDS + EPDS_ROWS, agreed=agreed)
    found = [row for row in responses if row[0] == "distress_score"]
    assert found == ([("distress_score", "epds lower bound", 7)] if agreed else [])
    assert ledger.total.quarantined == (1 if agreed else 0)
