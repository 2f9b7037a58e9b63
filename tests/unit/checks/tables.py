"""Cells to checked values, in a small engine: what the tests of the checks share."""

import itertools

import ibis
import pyarrow as pa

from pipelines.checks.cells import Decisions, on_local_clock, read_cells
from pipelines.checks.columns import as_found, plain_evidence, read_plain
from pipelines.checks.written_times import cut_times, read_times, unread_times
from pipelines.codebook import load_codebook
from pipelines.settings import load_settings

_NAMES = itertools.count()


class Engine:
    """An in-memory engine that turns expressions into tables of their own."""

    def __init__(self):
        self.backend = ibis.duckdb.connect()

    def settle(self, _step, expression):
        name = f"t{next(_NAMES)}"
        self.backend.raw_sql(f"CREATE TABLE {name} AS {self.backend.compile(expression)}")
        return self.backend.table(name)

    def rows(self, expression) -> list[dict]:
        return self.backend.to_pyarrow(expression).to_pylist()

    def raw(self, **columns):
        """A table of text cells as a reader hands it on, all session rows of source 1 unless said otherwise."""
        count = len(next(iter(columns.values())))
        columns = {"kind": ["session"] * count, "participant": ["P1"] * count} | columns
        table = {name: pa.array(cells, pa.string()) for name, cells in columns.items()}
        table["source_rank"] = pa.array([1] * count, pa.int64())
        table["source_row"] = pa.array(range(1, count + 1), pa.int64())
        name = f"t{next(_NAMES)}"
        self.backend.con.register("raw_rows", pa.table(table))
        self.backend.raw_sql(f"CREATE TABLE {name} AS SELECT * FROM raw_rows")
        return self.backend.table(name)

    def cells(self, **arguments):
        """The table of `read_cells` for text cells, kept."""
        return self.settle("cells", self._read(**arguments))

    def written(self, **arguments) -> str:
        """What the engine is told to do for `cells`."""
        return self.backend.compile(self._read(**arguments))

    def _read(self, day_first=True, zone=None, unit=None, zero_unmeasured=False, **columns):
        staged = self.settle("staged", read_plain(self.raw(**columns), load_codebook()))
        staged = as_found(staged, self.rows(plain_evidence(staged)))
        if unread_times(staged):
            cut = self.settle("cut", cut_times(staged, self.settle))
            staged = self.settle("timed", read_times(cut, ibis.literal(day_first), self.settle))
            if zone:
                staged = self.settle("local", on_local_clock(staged, zone))
        only = frozenset({1})
        decisions = Decisions(
            in_ounces=only if unit == "oz" else frozenset(),
            in_ml=only if unit == "ml" else frozenset(),
            zero_unmeasured=only if zero_unmeasured else frozenset(),
            zone=zone,
        )
        return read_cells(staged, decisions, load_codebook(), load_settings())

    def values(self, *names, **arguments) -> list[tuple]:
        """Some columns of the checked cells, in the rows' order."""
        rows = self.rows(self.cells(**arguments).order_by("source_row"))
        return [tuple(row[name] for name in names) for row in rows]
