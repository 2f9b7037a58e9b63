"""Small files to ingest, and what stands in a store afterwards."""

from pathlib import Path

from pipelines.store.tables import open_store

HEADER = "participant_id,started_at,duration_min,volume_left_ml,volume_right_ml,pump_type\n"
KEY = "a key for the tests"


def write(folder: Path, name: str, *lines: str, header: str = HEADER) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(header + "".join(line + "\n" for line in lines), encoding="utf-8")
    return path


def code(raw_id: str) -> str:
    from pipelines.privacy.deidentify import pseudonym

    return pseudonym(KEY.encode(), None, raw_id)


def table(store: Path, name: str) -> list[dict]:
    with open_store(store) as opened:
        return opened.backend.to_pyarrow(getattr(opened, name)).to_pylist()


def sessions(store: Path, raw_id: str, *names: str) -> list[tuple]:
    rows = [row for row in table(store, "sessions") if row["participant_id"] == code(raw_id)]
    rows.sort(key=lambda row: (row["day_in_study"], row["minute_of_day"], row["volume_left_ml"] or 0))
    return [tuple(row[name] for name in names) for row in rows]


def content(store: Path) -> dict[str, list]:
    """Everything a store says but when it was made, in an order of its own."""
    found = {}
    for name in ("participants", "sessions", "responses", "sources", "quarantine"):
        rows = [
            tuple((key, str(value)) for key, value in row.items() if key != "ingested_at")
            for row in table(store, name)
        ]
        found[name] = sorted(rows)
    return found
