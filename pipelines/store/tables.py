"""Open a store read-only and briefly: its canonical tables as Ibis tables, and what it says of itself."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import Any

import duckdb
import ibis
import ibis.expr.types as ir

from pipelines.errors import StoreError
from pipelines.store.layout import LOG_ENDS, SCHEMA_VERSION

CATALOG = "study_store"
OTHER_VERSION = "made by another version of this program; ingest the files into a new store."


@dataclass(frozen=True)
class StoreInfo:
    """What a store says of itself; one row of its `study` table."""

    name: str
    synthetic: bool
    outcome: str
    low_output_ml: float
    minimum_cell: int
    distress_protocol: bool
    data_version: int
    path: Path
    key_check: str = ""
    schema_version: int = SCHEMA_VERSION
    plan: str = ""
    plan_hash: str = ""


def require_store(path: Path) -> None:
    """Raises StoreError with a plain sentence when there is no such file."""
    if not path.is_file():
        raise StoreError(
            f"{path}: there is no such store; ingest files first, or name another one with --store."
        )


def attach(backend: Any, path: Path, catalog: str) -> None:
    """Attach a store read-only to an in-memory engine, so that a swapped file is never confused with the old one.

    Raises StoreError with a plain sentence when the file is missing, held by another program, or no store of ours.
    """
    require_store(path)
    quoted = str(path.resolve()).replace("'", "''")
    try:
        backend.raw_sql(f"ATTACH '{quoted}' AS {catalog} (READ_ONLY)")
    except duckdb.Error as error:
        if "lock" in str(error).lower():
            raise StoreError(
                f"{path}: another program holds this store open for writing; close it."
            ) from None
        raise StoreError(f"{path}: not a store that this program can read.") from None


def read_info(backend: Any, path: Path, catalog: str) -> StoreInfo:
    """The one row that describes an attached store. Raises StoreError when it is no store of ours."""
    try:
        result = backend.con.execute(f"SELECT * FROM {catalog}.study")
        names = [column[0] for column in result.description]
        rows = result.fetchall()
    except duckdb.Error:
        names, rows = [], []
    if len(rows) != 1:
        raise StoreError(f"{path}: a database, but not a store of this program.")
    content = dict(zip(names, rows[0], strict=True))
    if content.get("schema_version") != SCHEMA_VERSION:
        raise StoreError(f"{path}: {OTHER_VERSION}")
    return StoreInfo(path=path, **content)


class Store:
    """A store, opened read-only; use it in a `with` block and leave it soon.

    `participants`, `sessions`, `responses`, `sources` and `quarantine` are Ibis tables, `info` says what the store
    is, `backend` runs expressions on them.
    """

    def __init__(self, path: Path):
        self.backend = ibis.duckdb.connect()
        try:
            attach(self.backend, path, CATALOG)
            self.info = read_info(self.backend, path, CATALOG)
        except BaseException:
            self.backend.disconnect()
            raise

    # Only a table that is used is described by the engine.
    participants = cached_property(lambda self: self.table("participants"))
    sessions = cached_property(lambda self: self.table("sessions"))
    responses = cached_property(lambda self: self.table("responses"))
    sources = cached_property(lambda self: self.table("sources"))
    quarantine = cached_property(lambda self: self.table("quarantine"))

    def table(self, name: str) -> ir.Table:
        """One table or view of the store by its name."""
        return self.backend.table(name, database=f"{CATALOG}.main")

    def require_columns(self, table: ir.Table, names: Iterable[str]) -> None:
        """Raises StoreError when the store was made before a table of it had these columns."""
        if set(names) - set(table.columns):
            raise StoreError(f"{self.info.path}: {OTHER_VERSION}")

    def log_ends(self) -> ir.Table | None:
        """Who had long been silent when the study's last entry was made; None in a store that does not say.

        Grain: participant with `silent`, NULL where her dates are lost.
        """
        return self.table(LOG_ENDS) if LOG_ENDS in self.column_types() else None

    def keep(self, name: str, expression: ir.Table) -> ir.Table:
        """Compute an expression once, in the engine's own memory; gone when the store is closed."""
        self.backend.raw_sql(f"CREATE OR REPLACE TEMP TABLE {name} AS {self.backend.compile(expression)}")
        return self.backend.table(name, database="temp.main")

    def column_types(self) -> dict[str, dict[str, str]]:
        """Every stored table, view and hidden table with its columns' types as the engine names them."""
        rows = self.backend.con.execute(
            "SELECT table_name, column_name, data_type FROM duckdb_columns() WHERE database_name = ?"
            " ORDER BY table_name, column_index",
            [CATALOG],
        ).fetchall()
        found: dict[str, dict[str, str]] = {}
        for table, column, kind in rows:
            found.setdefault(table, {})[column] = kind
        return found

    def __enter__(self) -> "Store":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.backend.disconnect()


def open_store(path: Path | str) -> Store:
    """Open a store read-only. Raises StoreError with a plain sentence when it cannot be opened."""
    return Store(Path(path))
