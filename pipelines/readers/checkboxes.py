"""REDCap checkboxes: one column per choice, where 0 may mean 'no', 'never asked' or 'answer unknown'."""

import re
from collections.abc import Sequence

import pandas as pd

from pipelines.readers.containers.tables import TextTable, cell_name

_CHOICE = re.compile(r"(.+?)___(.+)")
_FORM_END = "_complete"


def forms(header: Sequence[str]) -> list[str]:
    """The form that each column belongs to: its status column is the next one to the right; empty behind the last."""
    found = []
    form = ""
    for name in reversed(header):
        if name.endswith(_FORM_END) and len(name) > len(_FORM_END):
            form = name.removesuffix(_FORM_END)
        found.append(form)
    return found[::-1]


def settle(table: TextTable, missing_codes: Sequence[str]) -> tuple[pd.DataFrame, list[str]]:
    """The table's cells with every checkbox settled, and the header with one more column per checkbox question.

    A tick counts only where the form's status is filled, and not where a missing code of the question is ticked
    (`field____999` for -999): there all its choices are NULL. The added column bears the question's name and holds
    the code of the only choice ticked, all codes joined by ` + ` where several are, NULL where none is.
    """
    header = list(table.header)
    cells = table.cells.copy()
    status = {name: place for place, name in enumerate(header) if name.endswith(_FORM_END)}
    form_of = forms(header)
    missing = {_as_in_a_name(code) for code in missing_codes}
    added = {}
    for question, choices in _questions(header).items():
        known = pd.Series(True, index=cells.index)
        form_place = status.get(form_of[choices[0][0]] + _FORM_END)
        if form_place is not None:
            known &= cells[cell_name(form_place)].notna()
        for place, code in choices:
            if code.lower() in missing:
                known &= cells[cell_name(place)].ne("1").fillna(True).astype(bool)
        real = [(cell_name(place), code) for place, code in choices if code.lower() not in missing]
        for place, _ in choices:
            cells[cell_name(place)] = cells[cell_name(place)].where(known)
        if question not in header:
            added[question] = _ticked(cells, real)
    extra = {cell_name(len(header) + number): column for number, column in enumerate(added.values())}
    return cells.assign(**extra), [*header, *added]


def _questions(header: Sequence[str]) -> dict[str, list[tuple[int, str]]]:
    found: dict[str, list[tuple[int, str]]] = {}
    for place, name in enumerate(header):
        match = _CHOICE.fullmatch(name)
        if match:
            found.setdefault(match[1], []).append((place, match[2]))
    return found


def _as_in_a_name(code: str) -> str:
    """A missing code as REDCap writes it into a column name: lower case, `_` for a minus sign."""
    return code.strip().lower().replace("-", "_")


def _ticked(cells: pd.DataFrame, choices: Sequence[tuple[str, str]]) -> pd.Series:
    answers = pd.Series("", index=cells.index, dtype="str")
    for column, code in choices:
        ticked = cells[column].eq("1").fillna(False).astype(bool)
        answers = answers.mask(ticked & (answers != ""), answers + " + " + code).mask(
            ticked & (answers == ""), code
        )
    return answers.mask(answers == "")
