"""The classifier of a study or a selection: computed once, kept, and never waited for by a page."""

import math
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from threadpoolctl import threadpool_limits

from pipelines.analysis.classifier import classify
from pipelines.codebook import load_codebook
from pipelines.evidence import kept
from pipelines.evidence.filters import Filters
from pipelines.evidence.frames import Frames, cohort, load, select, too_few
from pipelines.evidence.studies import stamp
from pipelines.results import Classifier, Findings
from pipelines.settings import load_settings

Progress = Callable[[str, int, int], None]
JOBS_IN_MEMORY = 16
PART = "classifier"
# A page that shows a selection asks every few seconds; one that nobody looks at any more is not worked out further.
FORGOTTEN_AFTER_SECONDS = 15


class Forgotten(Exception):
    """Nobody asks for this classifier any more."""


@dataclass
class Job:
    """One classifier that is computed in a thread of its own; `done` of `total` steps are made.

    `is_looked_up` is set once it is there or known that it must be worked out; `asked` is when it was last asked for,
    infinite while somebody waits for it. That of the whole study is kept and so never forgotten.
    """

    path: Path
    filters: Filters
    asked: float
    done: int = 0
    total: int = 0
    result: Classifier | None = None
    problem: BaseException | None = None
    is_looked_up: threading.Event = field(default_factory=threading.Event)
    finished: threading.Event = field(default_factory=threading.Event)
    listeners: list[Progress] = field(default_factory=list)

    def tell(self, step: str, done: int, total: int) -> None:
        """Note how far it is, and pass it on."""
        self.go_on()
        self.done, self.total = done, total
        for listener in self.listeners:
            listener(step, done, total)

    def go_on(self) -> None:
        """Raises Forgotten when nobody has asked for it for a while."""
        if time.monotonic() - self.asked > FORGOTTEN_AFTER_SECONDS:
            raise Forgotten

    def wait(self) -> Classifier:
        """The classifier once it is there; whatever went wrong in its thread goes wrong here."""
        self.asked = math.inf
        self.finished.wait()
        if self.problem is not None:
            raise self.problem
        assert self.result is not None
        return self.result


_jobs: OrderedDict[tuple[Path, str, Filters], Job] = OrderedDict()
_lock = threading.Lock()
# One at a time: two would only take each other's processor.
_turn = threading.Semaphore(1)


def start(path: Path, filters: Filters, progress: Progress | None = None) -> Job:
    """The job for this store and choice, begun now unless it is under way or done.

    Raises StoreError when the file is no store.
    """
    key = (path, stamp(path), filters)
    asked = math.inf if filters.is_everyone else time.monotonic()
    with _lock:
        job = _jobs.get(key)
        if job is None or job.problem is not None:
            job = _jobs[key] = Job(path, filters, asked)
            # A daemon, so that closing the program does not wait for it.
            threading.Thread(target=_run, args=(job,), daemon=True).start()
            while len(_jobs) > JOBS_IN_MEMORY:
                _jobs.popitem(last=False)
        job.asked = max(job.asked, asked)
        if progress is not None:
            job.listeners.append(progress)
    return job


def classifier(path: Path, filters: Filters, progress: Progress | None = None) -> Classifier:
    """How well the outcome can be foreseen in the sessions that `filters` leave; waits until it is known."""
    return start(path, filters, progress).wait()


def _run(job: Job) -> None:
    try:
        job.result = _kept_or_new(job)
    except BaseException as problem:  # noqa: BLE001 - it is raised again by whoever waits for the result
        job.problem = problem
    finally:
        job.finished.set()
        job.is_looked_up.set()


def _kept_or_new(job: Job) -> Classifier:
    """That of the whole study is kept beside the store; a selection's only in memory."""
    frames = select(load(job.path), job.filters)
    reason = too_few(frames, job.filters.outcome)
    if reason:
        return Classifier(reason=reason)
    key = kept.fingerprint(frames.info.data_version, job.filters.outcome, frames.identity)
    found = kept.read(job.path, key, PART) if job.filters.is_everyone else None
    if found is not None:
        return found.classifier
    job.is_looked_up.set()
    with _turn:
        job.go_on()
        return _new(job, frames, key)


def _new(job: Job, frames: Frames, key: str) -> Classifier:
    settings = load_settings()
    repeats = settings[
        "classifier.repeats" if job.filters.is_everyone else "classifier.repeats_of_a_selection"
    ]
    with threadpool_limits(1, "blas"):
        result = classify(
            frames.sessions,
            load_codebook(),
            settings,
            job.filters.outcome,
            frames.minimum,
            repeats,
            job.tell,
        )
    if job.filters.is_everyone:
        whole = Findings(cohort(frames, job.filters, ""), classifier=result)
        kept.write(job.path, key, job.filters.outcome, whole, PART)
    return result
