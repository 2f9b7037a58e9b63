"""Days with more sessions or milk than a day can hold: their rows are kept, and the ledger says how many."""

from pipelines.run.ingestion import ingest
from tests.end_to_end.stores import sessions, write


def rows(day: str, count: int, volume: int) -> list[str]:
    return [f"M1,2026-02-{day} {at // 2:02d}:{at % 2 * 30:02d},,{volume},{volume}," for at in range(count)]


def test_overfull_days_are_counted_and_their_rows_kept(tmp_path):
    lines = [
        *rows("01", 12, 80),
        *rows("02", 13, 10),
        *rows("03", 25, 10),
        *rows("04", 12, 90),
        *rows("05", 12, 170),
    ]
    store = tmp_path / "store.duckdb"
    [file] = ingest([write(tmp_path, "log.csv", *lines)], None, store).files
    assert file.counts.accepted == len(lines) == len(sessions(store, "M1", "session_id"))
    said = [warning for warning in file.warnings if "day" in warning]
    assert [warning.split(";")[0].split(",")[0] for warning in said] == [
        "1 day: more than 12 sessions",
        "1 day: more than 24 sessions",
        "1 day: more than 2000 mL",
        "1 day: more than 4000 mL",
    ]
