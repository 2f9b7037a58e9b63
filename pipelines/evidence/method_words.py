"""What the Methods page says in our own words (`data/methods/words.toml`), and how to cite the product."""

import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from pipelines import DATA, ROOT
from pipelines.datafiles import build, read_entries, refuse
from pipelines.errors import DataFileError
from pipelines.settings import Settings, load_settings, with_values

WORDS = DATA / "methods" / "words.toml"
CITATION = ROOT / "CITATION.cff"
PROJECT = ROOT / "pyproject.toml"


@dataclass(frozen=True)
class Remark:
    """One paragraph under its own title; `source` is what it goes back to ("" for our own words)."""

    title: str
    text: str
    source: str = ""
    settings: tuple[str, ...] = ()

    def in_words(self, settings: Settings) -> str:
        """The paragraph with its thresholds filled in."""
        return with_values(self.text, self.settings, settings)


@dataclass(frozen=True)
class MethodWords:
    """How an estimate comes about, limits, privacy rules, reporting guidelines; what groups of thresholds are about."""

    estimates: tuple[Remark, ...]
    limits: tuple[Remark, ...]
    privacy: tuple[Remark, ...]
    reporting: tuple[Remark, ...]
    groups: Mapping[str, str]

    def group(self, setting: str) -> str:
        """What the group of a threshold's dotted name is about; one without words of its own is called by its name."""
        name = setting.partition(".")[0]
        return self.groups.get(name, name.replace("_", " ").capitalize())


@cache
def load_words(path: Path = WORDS) -> MethodWords:
    """Read and check the paragraphs. Raises DataFileError naming the entry with an unknown key or threshold."""
    content = read_entries(path)
    groups = content.pop("groups", {})
    parts = {
        name: tuple(_remark(path.name, name, entry) for entry in entries) for name, entries in content.items()
    }
    return build(MethodWords, path.name, "(whole file)", parts, groups=groups)


def _remark(file: str, part: str, entry: object) -> Remark:
    found = build(Remark, file, part, entry)
    unknown = [name for name in found.settings if name not in load_settings().entries]
    if unknown or "{" in with_values(found.text, set(found.settings) - set(unknown), load_settings()):
        refuse(file, found.title, ["names a threshold that does not exist or is not under settings"])
    return found


def product_version(project: Path = PROJECT) -> str:
    """The version that the project's own description names."""
    return str(tomllib.loads(project.read_text(encoding="utf-8"))["project"]["version"])


@dataclass(frozen=True)
class Citation:
    """How to cite: one line for a list of references, BibTeX, and what the authors ask for."""

    line: str
    bibtex: str
    message: str


def citation(path: Path = CITATION) -> Citation:
    """How to cite this version. CITATION.cff is written in the part of YAML that is JSON.

    Raises DataFileError when the file is missing or not of that form.
    """
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, json.JSONDecodeError) as error:
        raise DataFileError(f"{path.name}: cannot be read: {error}.") from None
    names = [_name(each) for each in content["authors"]]
    version = product_version()
    line = f"{'; '.join(names)}. {content['title']} (version {version}) [Computer software]."
    bibtex = (
        f"@software{{lactoscope,\n  author = {{{' and '.join(f'{{{name}}}' for name in names)}}},\n"
        f"  title = {{{content['title']}}},\n  version = {{{version}}},\n  license = {{{content['license']}}}\n}}"
    )
    return Citation(line, bibtex, content["message"])


def _name(author: dict[str, str]) -> str:
    """A person's or a group's name as the file has it."""
    return author.get("name") or f"{author['family-names']}, {author['given-names']}"
