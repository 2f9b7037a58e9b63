"""Damage every sample in many random ways, read what comes of it, and take it all through an ingest.

Hypothesis makes the damage (and makes it small when something fails); a reader may refuse a file in words, and every
row of a file that it reads has one fate in the ledger.
"""

import dataclasses
import itertools
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from zlib import crc32

from hypothesis import HealthCheck, Phase, given, seed, settings

from pipelines import readers
from pipelines.errors import LactoscopeError
from pipelines.run.ingestion import ingest
from pipelines.study import SourceOptions, Study
from tests.readers.mutations import changes, mutated
from tests.readers.samples import SAMPLES, Sample, frame

# Of one processor's time, so that a busy machine does not count.
SECONDS = 10
PILE_SECONDS = 120
PILE = 1000


@dataclass
class Report:
    """How many damaged files were tried, what became of them, and which took longest."""

    files: int = 0
    fates: Counter[str] = field(default_factory=Counter)
    rows: Counter[str] = field(default_factory=Counter)
    slowest: tuple[float, str] = (0.0, "")
    slowest_pile: float = 0.0

    def time(self, seconds: float, what: str) -> None:
        """Remember the slowest file, and refuse one that takes too long."""
        self.slowest = max(self.slowest, (seconds, what))
        assert seconds < SECONDS, f"{what} took {seconds:.1f} s"

    def __str__(self) -> str:
        fates = ", ".join(f"{count} {fate}" for fate, count in sorted(self.fates.items()))
        rows = ", ".join(f"{count} {fate}" for fate, count in self.rows.items())
        return (
            f"{self.files} damaged files of {len(SAMPLES)} samples: {fates}; rows: {rows}; slowest file "
            f"{self.slowest[0]:.2f} s ({self.slowest[1]}), slowest ingest of up to {PILE} files {self.slowest_pile:.1f} s"
        )


def fuzz(count: int, folder: Path, chance: int = 0) -> Report:
    """Try about `count` damaged files, as many of each sample; another `chance` gives other damage.

    Raises AssertionError with what went wrong.
    """
    report = Report()
    share = -(-count // len(SAMPLES))
    piles: dict[str, list[tuple[Sample, Path]]] = {}
    for sample in SAMPLES:
        for path in _read_damaged(sample, share, folder / str(sample), report, chance):
            piles.setdefault(repr(_options(sample)), []).append((sample, path))
    for number, pile in enumerate(piles.values()):
        for at in range(0, len(pile), PILE):
            began = time.process_time()
            _ingest(pile[at : at + PILE], folder / f"pile-{number}-{at}", number, report)
            report.slowest_pile = max(report.slowest_pile, time.process_time() - began)
            assert report.slowest_pile < PILE_SECONDS, f"pile-{number}-{at} took {report.slowest_pile:.0f} s"
    return report


def _read_damaged(sample: Sample, share: int, folder: Path, report: Report, chance: int) -> list[Path]:
    """Read damaged copies of one sample by themselves; the files that a reader knows and does not refuse."""
    folder.mkdir()
    original, number, kept = sample.path.read_bytes(), itertools.count(), []

    @seed(crc32(str(sample).encode()) + chance)
    @settings(
        max_examples=share,
        database=None,
        deadline=None,
        phases=(Phase.generate, Phase.shrink),
        suppress_health_check=list(HealthCheck),
    )
    @given(changes(sample.path.suffix))
    def one(chosen: list) -> None:
        path = folder / f"{sample}-{next(number)}{sample.path.suffix}"
        path.write_bytes(mutated(original, chosen))
        began = time.process_time()
        fate = _read(sample, path)
        report.time(time.process_time() - began, f"{sample} {chosen}")
        report.files += 1
        report.fates[fate] += 1
        if fate == "read":
            kept.append(path)

    one()
    return kept


def _read(sample: Sample, path: Path) -> str:
    """What becomes of one file: read, refused in words (perhaps after the longest time that a library may take), or known
    to no reader; anything else raises."""
    with readers.scratch_space():
        try:
            parts = readers.parts(path)
        except LactoscopeError:
            return "refused"
        known = False
        for part in parts:
            try:
                claim = readers.identify(part.path, sample.options)
            except LactoscopeError:
                claim = None
            reader = claim[0] if claim else readers.reader_named(sample.reader)
            try:
                rows = frame(reader.read(part.path, sample.options, None))
            except LactoscopeError as error:
                assert str(error) and "\n" not in str(error), f"more than one line: {error}"
                if claim:
                    return "refused, because a library did not end" if "(no end)" in str(error) else "refused"
                continue
            assert rows.source_row.tolist() == list(range(1, len(rows) + 1)), "rows are numbered as they come"
            known = known or claim is not None
    return "read" if known else "unknown"


def _options(sample: Sample) -> SourceOptions:
    """The sample's own options, and an answer to all that could be asked."""
    own = sample.options
    return dataclasses.replace(
        own,
        files="*",
        reader="auto",
        units="ml",
        date_order=own.date_order or "DMY",
        dictionary=str(sample.path.parent / own.dictionary) if own.dictionary else None,
    )


def _study(sample: Sample, folder: Path, number: int) -> Study:
    """A study file for a pile; every other pile has a time zone."""
    zone = "Europe/London" if number % 2 == 0 else None
    return Study(sources=(_options(sample),), path=folder / "study.toml", timezone=zone)


def _ingest(files: Sequence[tuple[Sample, Path]], folder: Path, number: int, report: Report) -> None:
    folder.mkdir()
    pile = [path.rename(folder / path.name) for _, path in files]
    study = _study(files[0][0], folder, number)
    try:
        ledger = ingest([folder], study, folder.with_suffix(".duckdb"))
    except Exception as error:
        guilty = [str(path) for path in _guilty(pile, study, folder)]
        raise AssertionError(f"{guilty}: {type(error).__name__}: {error}") from error
    for file in ledger.files:
        assert file.counts.adds_up, f"{file.name}: {file.counts}"
        for fate in ("read", "accepted", "duplicate", "quarantined", "other"):
            report.rows[fate] += getattr(file.counts, fate)
    named = {file.name.split(" [")[0] for file in (*ledger.files, *ledger.not_read)}
    assert {path.name for path in pile} <= named, "a file is in no ledger"


def _guilty(files: Sequence[Path], study: Study, folder: Path) -> Iterator[Path]:
    """The first file of a pile that fails by itself."""
    for path in files:
        try:
            ingest([path], study, folder.with_name(f"{path.stem}.duckdb"))
        except LactoscopeError:
            continue
        except Exception:  # noqa: BLE001 - whatever it is, the file is the one looked for
            yield path
            return
