"""Write a store: heavy work beside it, a new file, verified, then swapped in whole.

Until the swap the store's bytes are untouched: a reader in another process goes on reading, a crash changes
nothing, and what an ingest needs to know of dates lives in an in-memory engine, never in the file.
"""

import os
import shutil
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any

import duckdb
import ibis
import ibis.expr.types as ir
import pandas as pd
import pyarrow as pa

from pipelines.codebook import Codebook
from pipelines.errors import StoreError
from pipelines.results import RowCounts
from pipelines.store.layout import (
    COHORT,
    QUARANTINE,
    RESPONSES,
    SOURCES,
    participant_columns,
    session_columns,
    view,
)
from pipelines.store.tables import StoreInfo, attach, read_info

NEW, OLD = "new_store", "old_store"
# How often and how long (seconds) a swap waits for a program that holds the file open, as Windows demands.
SWAP_TRIES, SWAP_WAIT = 20, 0.25


def new_file(store: Path) -> Path:
    """The file an ingest builds before it becomes the store."""
    return store.with_name(store.name + ".new")


def backup_file(store: Path) -> Path:
    """The store as it was before the last ingest."""
    return store.with_name(store.name + ".bak")


def work_folder(store: Path) -> Path:
    """Where an ingest spills what does not fit into memory; emptied at its end and before the next one."""
    return store.with_name(store.name + ".work")


class Workspace:
    """One ingest's engine: frames and lazy tables in, a new store file out.

    Tables kept here live in memory (or in the private work folder, when they are large). `info` describes the
    store as it is now, None when there is none yet. Holding it keeps other ingests into the same store out.
    """

    def __init__(self, store: Path, memory_limit_mb: int):
        self.path = store
        self._prepare_folder()
        self.backend: Any = ibis.duckdb.connect(
            memory_limit=f"{memory_limit_mb}MB", temp_directory=str(work_folder(store))
        )
        self.info: StoreInfo | None = None
        self._owns_new = False
        self._anew = False
        try:
            self._open_new()
            if store.exists():
                attach(self.backend, store, OLD)
                self.info = read_info(self.backend, store, OLD)
        except BaseException:
            self.close()
            raise

    def _prepare_folder(self) -> None:
        folder = work_folder(self.path)
        if str(self.path.absolute()).encode(errors="replace").decode() != str(self.path.absolute()):
            raise StoreError(
                "the store's path holds bytes that are not UTF-8; choose another place with --store."
            )
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            folder.mkdir(mode=0o700, exist_ok=True)
        except OSError:
            raise StoreError(
                f"{self.path.parent}: cannot be written to; choose another place with --store."
            ) from None

    def _open_new(self) -> None:
        """Create the new file; its lock tells other ingests apart from the leftovers of a stopped one."""
        path = new_file(self.path)
        quoted = str(path.resolve()).replace("'", "''")
        if path.exists():
            try:
                self.backend.raw_sql(f"ATTACH '{quoted}' AS {NEW}")
                self.backend.raw_sql(f"DETACH {NEW}")
            except duckdb.Error as error:
                if "lock" in str(error).lower():
                    raise StoreError(
                        f"{self.path}: another ingest into this store is running; wait for it."
                    ) from None
            self._remove_new()
        try:
            self.backend.raw_sql(f"ATTACH '{quoted}' AS {NEW}")
        except duckdb.Error:
            raise StoreError(
                f"{self.path.parent}: cannot be written to; choose another place with --store."
            ) from None
        self._owns_new = True

    def _remove_new(self) -> None:
        for path in (new_file(self.path), new_file(self.path).with_name(new_file(self.path).name + ".wal")):
            path.unlink(missing_ok=True)

    # -- tables of the work engine

    def keep(
        self, name: str, content: ir.Table | pd.DataFrame | pa.Table, *, in_file_order: bool = False
    ) -> ir.Table:
        """Materialise an expression or a frame in the work engine; `in_file_order` keeps rows as they are read."""
        self.backend.raw_sql(f"SET preserve_insertion_order = {str(in_file_order).lower()}")
        if isinstance(content, ir.Table):
            self.backend.raw_sql(f"CREATE OR REPLACE TABLE {name} AS {self.backend.compile(content)}")
        else:
            self.backend.con.register("rows_to_keep", content)
            self.backend.raw_sql(f"CREATE OR REPLACE TABLE {name} AS SELECT * FROM rows_to_keep")
            self.backend.con.unregister("rows_to_keep")
        return self.backend.table(name)

    def call(self, name: str, expression: ir.Table) -> ir.Table:
        """Give an expression a name without computing it, so that what builds on it need not repeat it."""
        self.backend.raw_sql(f"CREATE OR REPLACE TEMP VIEW {name} AS {self.backend.compile(expression)}")
        return self.backend.table(name, database="temp.main")

    def forget(self, name: str) -> None:
        """Free a kept table."""
        self.backend.raw_sql(f"DROP TABLE {name}")

    def old(self, name: str) -> ir.Table | None:
        """A physical table of the present store; None when there is no store, or it is built anew."""
        return None if self.info is None or self._anew else self.backend.table(name, database=f"{OLD}.main")

    def start_anew(self) -> None:
        """From now on take nothing over from the present store; `info` still says what it is."""
        self._anew = True

    @property
    def is_anew(self) -> bool:
        """Whether nothing is taken over from a present store."""
        return self.info is None or self._anew

    def rows(self, expression: ir.Table) -> list[dict[str, Any]]:
        """The rows of a small result."""
        return self.backend.to_pyarrow(expression).to_pylist()

    # -- the new store

    def write(self, name: str, expression: ir.Table) -> ir.Table:
        """Write a physical table of the new store."""
        self.backend.raw_sql("SET preserve_insertion_order = false")
        self.backend.raw_sql(f"CREATE TABLE {NEW}.main.{name} AS {self.backend.compile(expression)}")
        return self.backend.table(name, database=f"{NEW}.main")

    def new(self, name: str) -> ir.Table:
        """A physical table already written to the new store."""
        return self.backend.table(name, database=f"{NEW}.main")

    def size(self, *, new: bool) -> tuple[int, int]:
        """Participants and sessions of the new store, or of the present one."""
        catalog = NEW if new else OLD
        ((people, sessions),) = self.backend.con.execute(
            f"SELECT (SELECT count(*) FROM {catalog}.main.participant_rows),"
            f" (SELECT count(*) FROM {catalog}.main.session_rows)"
        ).fetchall()
        return int(people), int(sessions)

    def write_frame(self, name: str, frame: pd.DataFrame, columns: Mapping[str, str]) -> ir.Table:
        """Write a small physical table of the new store with the stated types."""
        self.backend.con.register("frame_to_write", frame)
        chosen = ", ".join(f'CAST("{column}" AS {kind}) AS "{column}"' for column, kind in columns.items())
        self.backend.raw_sql(f"CREATE TABLE {NEW}.main.{name} AS SELECT {chosen} FROM frame_to_write")
        self.backend.con.unregister("frame_to_write")
        return self.backend.table(name, database=f"{NEW}.main")

    def write_views(self, codebook: Codebook) -> None:
        """Give every contract table its name over the physical ones."""
        self.backend.raw_sql(f"USE {NEW}.main")
        for name, physical, columns, condition in (
            ("sessions", "session_rows", session_columns(codebook), ""),
            ("participants", "participant_rows", participant_columns(codebook), ""),
            ("responses", "response_rows", RESPONSES, f" WHERE factor <> '{COHORT}'"),
            ("sources", "source_rows", SOURCES, ""),
            ("quarantine", "quarantine_rows", QUARANTINE, ""),
        ):
            present = self.backend.table(physical, database=f"{NEW}.main").columns
            self.backend.raw_sql(view(name, physical, columns, present, condition))
        self.backend.raw_sql("USE memory.main")

    def verify(self, codebook: Codebook) -> RowCounts:
        """Count the new store's rows against its ledger; a difference is a programmer's error and stops the swap."""
        ((sums,),) = self.backend.con.execute(
            f"SELECT [sum(rows_read), sum(rows_accepted), sum(rows_duplicate), sum(rows_quarantined), sum(rows_other)]"
            f" FROM {NEW}.main.source_rows"
        ).fetchall()
        counts = RowCounts(*(int(value or 0) for value in sums))
        assert counts.adds_up, f"the ledger does not add up: {counts}"
        return counts

    def swap(self, before: Callable[[], None], after: Callable[[], None]) -> None:
        """Let the new file take the store's place; the store as it was stays as the backup.

        `before` and `after` run on either side of the one moment at which the new data count. Raises StoreError
        when another program does not let go of the file.
        """
        self.backend.raw_sql(f"CHECKPOINT {NEW}")
        self._detach(NEW)
        self._detach(OLD)
        path = new_file(self.path)
        with path.open("rb+") as file:
            os.fsync(file.fileno())
        before()
        if self.path.exists():
            self._back_up()
        _retry(lambda: path.replace(self.path), self.path)
        after()

    def _back_up(self) -> None:
        draft = backup_file(self.path).with_name(backup_file(self.path).name + ".new")
        draft.unlink(missing_ok=True)
        try:
            os.link(self.path, draft)
        except OSError:
            shutil.copy2(self.path, draft)
        _retry(lambda: draft.replace(backup_file(self.path)), backup_file(self.path))

    def _detach(self, catalog: str) -> None:
        if self._attached(catalog):
            self.backend.raw_sql(f"DETACH {catalog}")

    def _attached(self, catalog: str) -> bool:
        found = self.backend.con.execute(
            "SELECT count(*) FROM duckdb_databases() WHERE database_name = ?", [catalog]
        ).fetchall()
        return bool(found[0][0])

    def close(self) -> None:
        """Leave the store as it is and remove everything that lay beside it for this ingest."""
        self._detach(NEW)
        self._detach(OLD)
        self.backend.disconnect()
        if self._owns_new:
            self._remove_new()
            shutil.rmtree(work_folder(self.path), ignore_errors=True)

    def __enter__(self) -> "Workspace":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def forget_backup(store: Path) -> None:
    """Delete the store as it was before the last ingest, because something of it must not be kept."""
    backup_file(store).unlink(missing_ok=True)


def forget_store(store: Path) -> None:
    """Delete a store that nothing is left in, and its backup."""
    forget_backup(store)
    _retry(lambda: store.unlink(missing_ok=True), store)


def _retry(action: Callable[[], object], path: Path) -> None:
    """Windows does not replace a file that anyone holds open: wait a little, then say so."""
    for attempt in range(SWAP_TRIES):
        try:
            action()
            return
        except PermissionError:
            if attempt + 1 < SWAP_TRIES:
                time.sleep(SWAP_WAIT)
    raise StoreError(
        f"{path.name}: another program holds this file open; close the dashboard and ingest again."
    )
