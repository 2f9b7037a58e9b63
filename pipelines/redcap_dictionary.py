"""A REDCap data dictionary as REDCap lets one download it and upload it again: one line a field, 18 columns."""

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Field:
    """One line of the data dictionary; `choices` are those of a radio or checkbox, or a calculation."""

    name: str
    form: str
    type: str
    label: str
    choices: str = ""
    validation: str = ""
    minimum: str = ""
    maximum: str = ""
    identifier: bool = False
    branching: str = ""
    note: str = ""
    required: bool = False


# The header as REDCap writes it, and what stands under it; columns that we leave empty have no entry.
COLUMNS = {
    "Variable / Field Name": "name",
    "Form Name": "form",
    "Section Header": "",
    "Field Type": "type",
    "Field Label": "label",
    "Choices, Calculations, OR Slider Labels": "choices",
    "Field Note": "note",
    "Text Validation Type OR Show Slider Number": "validation",
    "Text Validation Min": "minimum",
    "Text Validation Max": "maximum",
    "Identifier?": "identifier",
    "Branching Logic (Show field only if...)": "branching",
    "Required Field?": "required",
    "Custom Alignment": "",
    "Question Number (surveys only)": "",
    "Matrix Group Name": "",
    "Matrix Ranking?": "",
    "Field Annotation": "",
}


def choices(levels: Iterable[tuple[str, str]]) -> str:
    """Codes and labels in REDCap's own way: `1, Yes | 0, No`."""
    return " | ".join(f"{code}, {label}" for code, label in levels)


def dictionary_csv(fields: Iterable[Field]) -> str:
    """The whole data dictionary as CSV text, in the order of the fields."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows([_cell(field, name) for name in COLUMNS.values()] for field in fields)
    return text.getvalue()


def _cell(field: Field, name: str) -> str:
    value = getattr(field, name) if name else ""
    if isinstance(value, bool):
        return "y" if value else ""
    return value
