"""Long work beside the pages: one job for each study, which goes on while pages are drawn anew."""

import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Lock, Thread
from typing import Any

from pipelines import ROOT
from pipelines.errors import LactoscopeError

Progress = Callable[[str, int, int], None]
STEPS = {
    "looking": "Looking at {done} of {total} files",
    "reading": "Reading {done} of {total} files",
    "deciding": "Deciding units, dates and clocks of {total} files",
    "checking": "Checking every row",
    "sessions": "Finding repeats and counting days",
    "answers": "Joining answers to days",
    "ledger": "Adding up the ledger",
}
# How much of the whole a step is, as measured on some hundred small files.
WEIGHTS = {
    "looking": 5,
    "reading": 20,
    "deciding": 30,
    "checking": 22,
    "sessions": 8,
    "answers": 12,
    "ledger": 3,
}


@dataclass
class Job:
    """Work that runs in a thread of its own. `result` once it has ended; `error` when it was refused."""

    work: Callable[[Progress], Any]
    step: str = "looking"
    done: int = 0
    total: int = 0
    result: Any = None
    error: LactoscopeError | None = None
    trouble: BaseException | None = None
    thread: Thread = field(init=False)

    def __post_init__(self) -> None:
        self.thread = Thread(target=self._run, daemon=True)

    def _run(self) -> None:
        try:
            self.result = self.work(self._hear)
        except LactoscopeError as error:
            self.error = error
        except BaseException as trouble:  # noqa: BLE001 - shown by the page that takes the result
            self.trouble = trouble

    def _hear(self, step: str, done: int, total: int) -> None:
        self.step, self.done, self.total = step, done, total

    @property
    def finished(self) -> bool:
        """Whether it has ended, one way or another."""
        return not self.thread.is_alive()

    @property
    def share(self) -> float:
        """How much of the work is done, 0 to 1."""
        before = 0
        for step, weight in WEIGHTS.items():
            if step == self.step:
                return (before + weight * (self.done / self.total if self.total else 0)) / 100
            before += weight
        return before / 100

    @property
    def words(self) -> str:
        """What it does now."""
        return STEPS.get(self.step, "Working").format(done=self.done, total=self.total)


_JOBS: dict[str, Job] = {}
_LOCK = Lock()


def start(key: str, work: Callable[[Progress], Any]) -> bool:
    """Begin some work; False when other work of this study is still there."""
    with _LOCK:
        if key in _JOBS:
            return False
        _JOBS[key] = Job(work)
        _JOBS[key].thread.start()
        return True


def current(key: str) -> Job | None:
    """The work of a study that runs, or whose result nobody has taken yet."""
    return _JOBS.get(key)


def take(key: str) -> Job | None:
    """The ended work of a study, once; None while it runs or where there is none. Raises what went wrong in it."""
    with _LOCK:
        job = _JOBS.get(key)
        if job is None or not job.finished:
            return None
        del _JOBS[key]
    if job.trouble is not None:
        raise job.trouble
    return job


class Ahead:
    """A process of low priority that computes the likely pages of the shown study before anybody asks for them."""

    def __init__(self) -> None:
        self._for: tuple[str, str] | None = None
        self._process: subprocess.Popen | None = None
        self._lock = Lock()

    def prepare(self, store: str, stamp: str) -> bool:
        """Begin for this content of a store unless that was done; what was begun for another one is ended."""
        with self._lock:
            if self._for == (store, stamp):
                return False
            self._for = (store, stamp)
            self.end()
            self._process = subprocess.Popen(
                [sys.executable, "-m", "pipelines.evidence", store],
                cwd=ROOT,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
            return True

    def end(self) -> None:
        """End the process; each page it has finished stays."""
        if self._process is not None:
            self._process.terminate()
            self._process.wait()
            self._process = None


ahead = Ahead()
