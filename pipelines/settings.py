"""Thresholds a researcher may change: `data/settings.toml`, each with its unit, reason and source."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from pipelines import DATA
from pipelines.errors import DataFileError

SETTINGS_FILE = DATA / "settings.toml"


@dataclass(frozen=True)
class Setting:
    """One threshold with the words that explain it."""

    name: str
    value: float | int | str | bool | list
    unit: str
    reason: str
    source: str


@dataclass(frozen=True)
class Settings:
    """All thresholds by dotted name, as in `settings["privacy.minimum_cell"]`."""

    entries: Mapping[str, Setting]

    def __getitem__(self, name: str):
        """The value of a threshold; a name that is not in the file is a programmer's error."""
        return self.entries[name].value

    def explain(self, name: str) -> Setting:
        """The threshold with unit, reason and source, for a page or a message."""
        return self.entries[name]


@cache
def load_settings(path: Path = SETTINGS_FILE) -> Settings:
    """Read the settings file.

    Every entry is a table `[group.name]` with value, unit, reason and source.
    Raises DataFileError naming the entry when one of the four is missing.
    """
    with path.open("rb") as file:
        groups = tomllib.load(file)
    entries = {}
    for group, members in groups.items():
        for name, entry in members.items():
            full_name = f"{group}.{name}"
            missing = {"value", "unit", "reason", "source"} - set(entry)
            if missing:
                raise DataFileError(f"{path.name}: entry '{full_name}' lacks {', '.join(sorted(missing))}.")
            entries[full_name] = Setting(name=full_name, **entry)
    return Settings(entries)
