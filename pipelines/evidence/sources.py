"""The ledger as the store keeps it: what every file's rows became."""

from pathlib import Path

import pandas as pd

from pipelines.results import RowCounts
from pipelines.store.tables import open_store


def ledgers(path: Path) -> pd.DataFrame:
    """One row per file that was read: source_id, reader and the five counts."""
    with open_store(path) as store:
        return store.sources.execute().sort_values(["ingested_at", "source_id"])


def total_of(files: pd.DataFrame) -> RowCounts:
    """The counts of these files together."""
    return sum(map(RowCounts.of, files.to_dict("records")), RowCounts())


def remarks(path: Path) -> dict[str, tuple[tuple[str, ...], tuple[str, ...]]]:
    """For each source id the reasons for which its reader took it, and what else is to be said of it."""
    with open_store(path) as store:
        rows = store.table("remark_rows").execute()
    found: dict[str, dict[str, list[str]]] = {}
    for source_id, kind, sentence in zip(rows["source_id"], rows["kind"], rows["sentence"], strict=True):
        found.setdefault(source_id, {"reason": [], "warning": []})[kind].append(sentence)
    return {source: (tuple(said["reason"]), tuple(said["warning"])) for source, said in found.items()}
