"""What every metric means, with worked examples: `data/definitions/`, shown on the Methods page and run as tests."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from pipelines import DATA
from pipelines.datafiles import build, read_entries, refuse, table, with_parts
from pipelines.guidance.signs import load_signs
from pipelines.settings import Settings, load_settings, with_values

DEFINITIONS = DATA / "definitions"
CONTENTS = "contents.toml"
UNKNOWN = "-"


@dataclass(frozen=True)
class Cells:
    """A small table as it is written: column names, and rows of words ("-" is an unknown value)."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Example:
    """One worked example: what it shows, the table that goes in, the one that comes out, what else is given."""

    says: str
    input: str
    expected: str
    given: Mapping[str, Any] | None = None

    @property
    def goes_in(self) -> Cells:
        """The table that goes in."""
        return _cells(self.input)

    @property
    def comes_out(self) -> Cells:
        """The table that comes out; without rows where nothing does."""
        return _cells(self.expected)


@dataclass(frozen=True)
class Definition:
    """One definition. `metric` says what computes it; a `sign` takes its words from the warning signs."""

    id: str
    topic: str
    metric: str
    examples: tuple[Example, ...]
    title: str = ""
    sentence: str = ""
    sign: str = ""
    settings: tuple[str, ...] = ()

    def name(self) -> str:
        """What is defined."""
        return load_signs()[self.sign].wording if self.sign else self.title

    def in_words(self, settings: Settings) -> str:
        """The definition with its thresholds filled in."""
        if self.sign:
            return load_signs()[self.sign].in_words(settings)
        return with_values(self.sentence, self.settings, settings)


@dataclass(frozen=True)
class Topic:
    """Definitions that belong together."""

    id: str
    title: str
    definitions: tuple[Definition, ...]


@dataclass(frozen=True)
class Definitions:
    """All topics in the order of the page, and how the examples' columns are called."""

    topics: tuple[Topic, ...]
    columns: Mapping[str, str]

    @property
    def all(self) -> tuple[Definition, ...]:
        """Every definition, in order."""
        return tuple(each for topic in self.topics for each in topic.definitions)


def _cells(text: str) -> Cells:
    names, *rows = [tuple(line.split()) for line in text.strip().splitlines()]
    return Cells(names, tuple(rows))


@cache
def load_definitions(folder: Path = DEFINITIONS) -> Definitions:
    """Read and check the definitions.

    Raises DataFileError naming file and entry for an unknown key, column, sign or threshold, a row that is too long
    or too short, and a definition without words or examples.
    """
    contents = read_entries(folder / CONTENTS)
    columns = table(CONTENTS, "columns", contents["columns"])
    topics = tuple(_topic(folder, name) for name in contents["topics"])
    found = Definitions(topics, columns)
    for topic in topics:
        for each in topic.definitions:
            if problems := _problems(each, columns):
                refuse(f"{topic.id}.toml", each.id, problems)
    return found


def _topic(folder: Path, name: str) -> Topic:
    file = f"{name}.toml"
    content = read_entries(folder / file)
    title = content.pop("title", "")
    definitions = tuple(
        build(Definition, file, entry_id, with_parts(Example, file, entry_id, entry, "examples"), **place)
        for entry_id, entry in content.items()
        for place in ({"id": entry_id, "topic": name},)
    )
    return Topic(name, title, definitions)


def _problems(definition: Definition, columns: Mapping[str, str]) -> list[str]:
    """What one definition contradicts."""
    known = load_settings().entries
    problems = [f"unknown threshold '{name}'" for name in definition.settings if name not in known]
    if bool(definition.sign) == bool(definition.title and definition.sentence):
        problems.append("needs either a sign or a title and a sentence")
    if definition.sign and definition.sign not in load_signs():
        problems.append(f"unknown sign '{definition.sign}'")
    elif not problems and "{" in definition.in_words(load_settings()):
        problems.append("its sentence names a threshold that is not under settings")
    problems += [] if definition.examples else ["has no example"]
    for example in definition.examples:
        problems += _wrong_example(example, columns)
    return problems


def _wrong_example(example: Example, columns: Mapping[str, str]) -> list[str]:
    problems = []
    for cells in (example.goes_in, example.comes_out):
        named = {*cells.columns, *(example.given or {})}
        problems += [f"no words for the column '{name}'" for name in sorted(named - set(columns))]
        uneven = any(len(row) != len(cells.columns) for row in cells.rows)
        problems += [f"a row of “{example.says}” has too few or too many cells"] if uneven else []
    return problems
