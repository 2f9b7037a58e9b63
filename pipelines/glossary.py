"""The words of the product: what each means and how a consultant may say it to a mother."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from pipelines import DATA
from pipelines.datafiles import build, read_entries, refuse

GLOSSARY_FILE = DATA / "glossary.toml"


@dataclass(frozen=True)
class Term:
    """One word: `words` are the spellings that pages mark, `to_a_mother` a sentence to repeat ("" for readers only)."""

    id: str
    term: str
    words: tuple[str, ...]
    meaning: str
    to_a_mother: str = ""

    @property
    def help(self) -> str:
        """Meaning and sentence in one text, for a mark on a page."""
        said = f" To a mother: “{self.to_a_mother}”" if self.to_a_mother else ""
        return f"{self.term}: {self.meaning}{said}"


@cache
def load_glossary(path: Path = GLOSSARY_FILE) -> Mapping[str, Term]:
    """Every term by id, in the file's order.

    Raises DataFileError naming the entry that lacks something or shares a spelling with another.
    """
    terms = {name: build(Term, path.name, name, entry, id=name) for name, entry in read_entries(path).items()}
    owners: dict[str, str] = {}
    for term in terms.values():
        problems = [] if term.meaning.strip() else ["needs a meaning"]
        for word in term.words:
            if owners.setdefault(word.casefold(), term.id) != term.id:
                problems.append(f"'{word}' is already a word of '{owners[word.casefold()]}'")
        if problems:
            refuse(path.name, term.id, problems)
    return terms
