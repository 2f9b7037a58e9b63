"""A study's own file: what its columns mean, its outcome, its privacy limits. Frozen; unknown keys are errors."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

ZERO = ("measured", "not_measured")
UNITS = ("auto", "ml", "oz")


@dataclass(frozen=True)
class Item:
    """One of their columns as one of our factors or session fields, with values recoded where they differ."""

    column: str
    recode: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class SourceOptions:
    """How the files of one `[[source]]` are to be read. The defaults are those of a bare ingest.

    `participant` is auto, file_name, folder_name or column:NAME; `birth_date` None or the column's name;
    `date_order` None, DMY or MDY; `missing_codes` are values that mean unknown.
    """

    files: str = "*"
    reader: str = "auto"
    participant: str = "auto"
    units: str = "auto"
    zero: str = "measured"
    birth_date: str | None = None
    date_order: str | None = None
    missing_codes: tuple[str, ...] = ()
    dictionary: str | None = None
    centre: str | None = None
    items: Mapping[str, Item] = field(default_factory=dict)


@dataclass(frozen=True)
class Study:
    """What `study.toml` says, or the defaults without one (`path` None)."""

    name: str = "Study"
    timezone: str | None = None
    outcome: str = "no_milk"
    low_output_ml: float | None = None
    cohort: str | None = None
    synthetic: bool = False
    minimum_cell: int | None = None
    pseudonym_key: str = "env:LACTOSCOPE_KEY"
    distress_protocol: bool = False
    sources: tuple[SourceOptions, ...] = (SourceOptions(),)
    path: Path | None = None
