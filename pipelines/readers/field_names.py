"""The codebook's list of names under which other people's tables keep the fields of a session or a form."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from pipelines import DATA
from pipelines.datafiles import build, read_entries

FILE = DATA / "codebook" / "fields.toml"


@dataclass(frozen=True)
class FieldName:
    """One field: `names` it has elsewhere, kinds of `values` it may hold (`patterns.WORDS`), kinds that are `telling`
    by themselves, words `not_beside` it in a column's name, words of which one must stand `beside` a part of it; for the kind of a row, which values mean a session."""

    label: str
    names: tuple[str, ...]
    values: tuple[str, ...]
    telling: tuple[str, ...] = ()
    not_beside: tuple[str, ...] = ()
    beside: tuple[str, ...] = ()
    session: tuple[str, ...] = ()
    not_session: tuple[str, ...] = ()


@cache
def field_names() -> Mapping[str, FieldName]:
    """All fields by their name in `[source.items]` (and participant, birth_date, time), in order of preference.

    Raises DataFileError naming file and entry.
    """
    return {name: build(FieldName, FILE.name, name, entry) for name, entry in read_entries(FILE).items()}
