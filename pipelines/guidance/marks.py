"""Cited clinical marks of one course, such as milk having come in: definitions as data that can be switched off."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from pipelines.codebook import CODEBOOK
from pipelines.datafiles import build, read_entries, refuse
from pipelines.settings import load_settings, with_values

MARKS = "clinical_marks.toml"


@dataclass(frozen=True)
class ClinicalMark:
    """One mark: its name, its definition with thresholds as `{names}`, where it comes from, whether it is shown."""

    id: str
    label: str
    definition: str
    settings: tuple[str, ...]
    source: str
    shown: bool

    def in_words(self) -> str:
        """The definition with the thresholds filled in."""
        return with_values(self.definition, self.settings, load_settings())


@cache
def load_marks(folder: Path = CODEBOOK) -> Mapping[str, ClinicalMark]:
    """Read the marks, by id. Raises DataFileError for an unknown threshold or one left out."""
    entries = read_entries(folder / MARKS)
    marks = {name: build(ClinicalMark, MARKS, name, entry, id=name) for name, entry in entries.items()}
    for mark in marks.values():
        unknown = [name for name in mark.settings if name not in load_settings().entries]
        if unknown or "{" in mark.in_words():
            refuse(
                MARKS,
                mark.id,
                [f"unknown or missing thresholds: {', '.join(unknown) or 'see the definition'}"],
            )
    return marks
