"""What an ingest did: one entry a file, every data row with exactly one fate."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pipelines.results import RowCounts


@dataclass(frozen=True)
class SetAside:
    """One reason for which one row was set aside, in words that identify nobody."""

    row: int
    field: str
    code: str
    message: str


@dataclass(frozen=True)
class FileLedger:
    """One file: which reader took it and why, the fates of its rows, warnings, and what was left behind.

    `state` is new, replaced (the same file read in another way) or unchanged (already in the store,
    nothing done; what was accepted then counts as a repeat now).
    `set_aside` holds the first few reasons; all of them are in the store's quarantine table. `content` is the hash
    of the content, `path` the file it stands in, `part` its sheet or member there.
    """

    name: str
    reader: str
    reason: str
    counts: RowCounts
    state: str = "new"
    source_id: str = ""
    warnings: tuple[str, ...] = ()
    dropped_identifiers: tuple[str, ...] = ()
    unused_columns: tuple[str, ...] = ()
    set_aside: tuple[SetAside, ...] = ()
    content: str = ""
    path: Path | None = None
    part: str = ""


LEFT_OUT = "removed from the study"


@dataclass(frozen=True)
class NotRead:
    """A file that was left alone, and why; `path` where it lies, `part` its sheet or list where only that is left.

    `reader` is the one that knows it but cannot use it; "" where none does.
    """

    name: str
    reason: str
    path: Path | None = None
    part: str = ""
    reader: str = ""


@dataclass(frozen=True)
class Ledger:
    """All files of one ingest. `changed` is False when the store already held everything; `removed` are the ids of
    sources that were taken out of it."""

    store: Path
    files: tuple[FileLedger, ...]
    not_read: tuple[NotRead, ...] = ()
    data_version: int = 0
    changed: bool = True
    participants: int = 0
    sessions: int = 0
    warnings: tuple[str, ...] = ()
    total: RowCounts = field(default_factory=RowCounts)
    removed: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """The ledger for machines."""
        return {
            "store": str(self.store),
            "data_version": self.data_version,
            "changed": self.changed,
            "participants": self.participants,
            "sessions": self.sessions,
            "total": self.total.columns,
            "files": [
                {
                    "name": each.name,
                    "source_id": each.source_id,
                    "reader": each.reader,
                    "reason": each.reason,
                    "state": each.state,
                    **each.counts.columns,
                    "warnings": list(each.warnings),
                    "dropped_identifiers": list(each.dropped_identifiers),
                    "unused_columns": list(each.unused_columns),
                    "quarantine": [vars(problem) for problem in each.set_aside],
                }
                for each in self.files
            ],
            "not_read": [{"name": each.name, "reason": each.reason} for each in self.not_read],
            "warnings": list(self.warnings),
            "removed": list(self.removed),
        }
