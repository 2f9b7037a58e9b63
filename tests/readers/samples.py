"""The sample exports with the rows that each must become, and how to read them.

`python -m tests.readers.samples READER` writes the rows of a reader's samples as they are read now, for those that have
none yet: look through them cell by cell, because from then on they are what the samples must become.
"""

import sys
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pandas as pd

from pipelines import DATA, readers
from pipelines.readers.base import Extract
from pipelines.study import SourceOptions, read_study

FOLDER = DATA / "samples"
BESIDE = (".rows.csv", ".dictionary.csv", ".study.toml")


@dataclass(frozen=True)
class Sample:
    """One sample export: the reader it belongs to, its file, and the options of the study file beside it."""

    reader: str
    path: Path
    options: SourceOptions

    @property
    def header_lines(self) -> int:
        """How many lines stand above the first row."""
        return {"droste-clean": 0, "qualtrics-clean": 3, "qualtrics-legacy": 2}.get(str(self), 1)

    @property
    def is_lines(self) -> bool:
        """Whether the sample is text in which one row after the other can be damaged."""
        return self.path.suffix not in (".json", ".ndjson", ".sav", ".dta")

    def __str__(self) -> str:
        return f"{self.reader}-{self.path.stem}"


def golden_file(path: Path) -> Path:
    """Where the rows stand that a sample must become."""
    return path.with_suffix(".rows.csv")


def options_of(path: Path) -> SourceOptions:
    """The options in the study file beside a sample; the defaults without one."""
    study = path.with_suffix(".study.toml")
    if not study.exists():
        return SourceOptions()
    return read_study(study.read_text("utf-8"), study).sources[0]


def frame(extract: Extract) -> pd.DataFrame:
    """The rows of an extract as a pandas frame, in the file's order."""
    rows = extract.rows if isinstance(extract.rows, pd.DataFrame) else extract.rows.to_pandas()
    return rows.sort_values("source_row", ignore_index=True)


@cache
def _read(path: Path) -> pd.DataFrame:
    with readers.scratch_space():
        return frame(readers.read(path, options_of(path)))


def delivered(sample: Sample) -> pd.DataFrame:
    """The rows of a sample as read now, all columns as text, NULL as empty text."""
    return as_text(_read(sample.path))


def as_text(rows: pd.DataFrame) -> pd.DataFrame:
    """A frame with every cell as text and NULL as empty text."""
    return rows.astype("str").mask(rows.isna(), "").astype(object)


SAMPLES = [
    Sample(folder.name, path, options_of(path))
    for folder in sorted(FOLDER.iterdir())
    for path in sorted(folder.iterdir())
    if not path.name.endswith(BESIDE)
]


def write_golden(reader: str) -> list[Path]:
    """Write the rows of a reader's samples that have none yet, and give the new files."""
    new = [each for each in SAMPLES if each.reader == reader and not golden_file(each.path).exists()]
    for each in new:
        delivered(each).to_csv(golden_file(each.path), index=False, lineterminator="\n")
    return [golden_file(each.path) for each in new]


if __name__ == "__main__":
    for name in sys.argv[1:]:
        for path in write_golden(name):
            print(path)
