"""A REDCap data dictionary: fields, their forms, labels and choices, and which its authors marked as identifiers."""

import re
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from pipelines.errors import InputError
from pipelines.readers.containers.tables import TextTable, find_layout, plain_name, read_table

_NAME = ("variable_field_name", "field_name")
_CHOICES = ("choices_calculations_or_slider_labels", "select_choices_or_calculations")
_WITH_CHOICES = ("radio", "dropdown", "checkbox")
# These types have no choices of their own in a dictionary.
_FIXED = {"yesno": {"1": "Yes", "0": "No"}, "truefalse": {"1": "True", "0": "False"}}
_BREAK = re.compile(r"<\s*/?\s*(?:br|p|div|li)\b[^>]*>", re.IGNORECASE)
_TAG = re.compile(r"</?[A-Za-z][^>]*>")


@dataclass(frozen=True)
class Field:
    """One question: its form, type, wording and choices (code to label)."""

    name: str
    form: str = ""
    kind: str = ""
    label: str = ""
    choices: dict[str, str] = field(default_factory=dict)
    is_identifier: bool = False


@dataclass(frozen=True)
class Dictionary:
    """All fields in their order; empty without a dictionary."""

    fields: tuple[Field, ...] = ()

    @property
    def identifiers(self) -> frozenset[str]:
        """Fields with `Identifier?` = y."""
        return frozenset(each.name for each in self.fields if each.is_identifier)

    @property
    def forms(self) -> tuple[str, ...]:
        """Names of the forms in their order."""
        return tuple(dict.fromkeys(each.form for each in self.fields if each.form))

    def field(self, name: str) -> Field | None:
        """The field of this name, of a checkbox column `field___code` its field; None for none."""
        wanted = name.split("___")[0]
        return next((each for each in self.fields if each.name == wanted), None)


def wording(text: str) -> str:
    """A question as people read it: without markup, on one line."""
    return " ".join(_TAG.sub("", _BREAK.sub(" ", text)).split())


def choices(text: str) -> dict[str, str]:
    """Codes and labels of "1, one|2, two"; the code ends at the first comma."""
    pairs = [each.partition(",") for each in text.split("|")]
    return {code.strip(): wording(label) for code, comma, label in pairs if comma and code.strip()}


def load_dictionary(export: Path, dictionary: str | None) -> Dictionary:
    """The data dictionary that a study file names; an empty one for None.

    `dictionary` is a path, or a file's name beside the export. Both forms are read: the download with long headers
    and the one with short names. Raises InputError when the file is missing or no data dictionary.
    """
    if not dictionary:
        return Dictionary()
    path = next((each for each in (Path(dictionary), export.parent / dictionary) if each.is_file()), None)
    if path is None:
        raise InputError(f"{dictionary}: this data dictionary is not there.")
    layout = find_layout(path, lambda header: _is_dictionary([plain_name(name) for name in header]))
    if layout is None:
        raise InputError(
            f"{path.name}: this is no data dictionary of REDCap (no field name and identifier columns)."
        )
    table = read_table(path, layout)
    rows = pd.DataFrame(
        {
            "name": _either(table, _NAME),
            "form": table.column("Form Name"),
            "kind": table.column("Field Type"),
            "label": table.column("Field Label"),
            "choices": _either(table, _CHOICES),
            "identifier": table.column("identifier"),
        }
    ).fillna("")
    return Dictionary(tuple(_field(*row) for row in rows.itertuples(index=False) if row[0]))


def _field(name: str, form: str, kind: str, label: str, choice_text: str, identifier: str) -> Field:
    found = choices(choice_text) if kind in _WITH_CHOICES else dict(_FIXED.get(kind, {}))
    marked = identifier.lower() in ("y", "yes", "1")
    # A form's name is its unique name in every form of the dictionary but hand-made ones.
    return Field(name, plain_name(form), kind, wording(label), found, marked)


def is_dictionary(path: Path) -> bool:
    """Whether a file is a data dictionary of REDCap, whatever it is called; False for one that cannot be read."""
    try:
        return (
            find_layout(path, lambda header: _is_dictionary([plain_name(name) for name in header]))
            is not None
        )
    except InputError:
        return False


def _either(table: TextTable, names: tuple[str, ...]) -> pd.Series:
    present = [plain_name(name) for name in table.header]
    return table.column(next((name for name in names if name in present), names[0]))


def _is_dictionary(header: list[str]) -> bool:
    return "identifier" in header and any(name in header for name in _NAME)
