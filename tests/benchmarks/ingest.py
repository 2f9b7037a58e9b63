"""Time an ingest against DuckDB's bare `read_csv` into a table: `python -m tests.benchmarks.ingest [SESSIONS]`.

Both read the same file into a new database file in the same run, turn by turn; printed are seconds, processor seconds
(which a busy machine does not stretch), their ratios, and the most memory used.
"""

import argparse
import resource
import shutil
import sys
import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb

from pipelines import run
from tests.benchmarks.make_sessions_csv import make

ROUNDS = 3


def bare(file: Path, folder: Path) -> None:
    """What any program that reads the file into a database must do."""
    with duckdb.connect(str(folder / "bare.duckdb")) as connection:
        connection.execute(f"CREATE TABLE sessions AS SELECT * FROM read_csv('{file}')")


def ingest(file: Path, folder: Path) -> None:
    """The whole ingest: recognise, check, de-identify, write, swap."""
    ledger = run.ingest([file], store=folder / "s.duckdb")
    assert ledger.total.read == ledger.total.accepted


def timed(work: Callable[[Path, Path], None], file: Path) -> tuple[float, float]:
    """Seconds and processor seconds of one run in an empty folder."""
    folder = Path(f"{file}.{work.__name__}")
    folder.mkdir()
    used = resource.getrusage(resource.RUSAGE_SELF)
    begin = time.perf_counter()
    work(file, folder)
    seconds = time.perf_counter() - begin
    now = resource.getrusage(resource.RUSAGE_SELF)
    shutil.rmtree(folder)
    return seconds, now.ru_utime + now.ru_stime - used.ru_utime - used.ru_stime


def main(count: int) -> None:
    """Make the file, run both in turn, print."""
    with TemporaryDirectory() as name:
        file = Path(name) / "sessions.csv"
        make(file, count)
        warm = Path(name) / "warm.csv"
        make(warm, 100)
        timed(ingest, warm)
        print(f"{count:,} sessions, {file.stat().st_size / 1e6:,.0f} MB")
        for _ in range(ROUNDS):
            floor, floor_cpu = timed(bare, file)
            ours, ours_cpu = timed(ingest, file)
            print(
                f"read_csv {floor:.2f} s ({floor_cpu:.2f} cpu), ingest {ours:.2f} s ({ours_cpu:.2f} cpu): "
                f"{ours / floor:.2f} times, {ours_cpu / floor_cpu:.2f} times the cpu"
            )
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)
    print(f"most memory used: {most / 1e6:,.0f} MB")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sessions", type=int, nargs="?", default=1_000_000)
    main(parser.parse_args().sessions)
