"""Thresholds a researcher may change: `data/settings.toml`, each with its unit, reason and source."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from pipelines import DATA
from pipelines.datafiles import read_entries
from pipelines.errors import DataFileError

SETTINGS_FILE = DATA / "settings.toml"
KEYS = ("value", "unit", "reason", "source")


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


def with_values(text: str, names: Iterable[str], settings: Settings) -> str:
    """A text with each `{name}` replaced by the threshold's value; a list becomes "1, 2, 3".

    `{name%}` tells a share in per cent.
    """
    for name in names:
        value = settings[name]
        shown = ", ".join(map(str, value)) if isinstance(value, list) else f"{value:g}"
        text = text.replace("{" + name + "}", shown)
        if "{" + name + "%}" in text:
            text = text.replace("{" + name + "%}", f"{100 * value:g}\N{NO-BREAK SPACE}%")
    return text


@cache
def load_settings(path: Path = SETTINGS_FILE) -> Settings:
    """Read the settings file.

    Every entry is a table `[group.name]` with value, unit, reason and source.
    Raises DataFileError naming the entry when one of the four is missing or empty, or another key is there.
    """
    entries = {}
    for group, members in read_entries(path).items():
        if not isinstance(members, dict):
            raise DataFileError(f"{path.name}: entry '{group}' is not a group of thresholds.")
        for name, entry in members.items():
            entries[f"{group}.{name}"] = _setting(f"{group}.{name}", entry, path.name)
    return Settings(entries)


def _setting(name: str, entry: object, file_name: str) -> Setting:
    where = f"{file_name}: entry '{name}'"
    if not isinstance(entry, dict):
        raise DataFileError(f"{where} is not a table with {', '.join(KEYS)}.")
    missing = [key for key in KEYS if entry.get(key) in (None, "", [])]
    unknown = sorted(set(entry) - set(KEYS))
    if missing:
        raise DataFileError(f"{where} lacks {', '.join(missing)}.")
    if unknown:
        raise DataFileError(f"{where} has the unknown key {', '.join(unknown)}.")
    return Setting(name=name, **entry)
