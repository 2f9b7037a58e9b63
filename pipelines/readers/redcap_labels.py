"""REDCap exports with labels instead of names and codes, turned back into the raw form."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

import pandas as pd

from pipelines.readers.containers.tables import TextTable, cell_name, plain_name
from pipelines.readers.dictionary import Dictionary, Field, wording

_CHOICE = re.compile(r"(.*\S)\s*\(choice=(.*)\)", re.DOTALL)
_COMPLETE = "Complete?"
_TIMESTAMP = "Survey Timestamp"
_EVENT = "redcap_event_name"
_SYSTEM = {
    "event_name": _EVENT,
    "repeat_instrument": "redcap_repeat_instrument",
    "repeat_instance": "redcap_repeat_instance",
    "data_access_group": "redcap_data_access_group",
    "survey_identifier": "redcap_survey_identifier",
}
_STATUS = {"Incomplete": "0", "Unverified": "1", "Complete": "2"}
_TICK = {"Checked": "1", "Unchecked": "0"}
_EVENT_NAME = re.compile(r"[a-z0-9_]*_arm_\d+[a-z]*")
_EVENT_LABEL = re.compile(r"(.*\S)\s*\(Arm (\d+):.*\)", re.DOTALL)
_EVENT_LENGTH = 18


def has_label_marks(header: Sequence[str]) -> bool:
    """Whether a header is one of labels: a status column `Complete?`, or a checkbox's `(choice=...)`."""
    return any(name.strip() == _COMPLETE or _CHOICE.fullmatch(name.strip()) for name in header)


def wordings(header: Sequence[str]) -> set[str]:
    """The questions that a header of labels has, each choice of a checkbox under its question."""
    choices = [_CHOICE.fullmatch(name.strip()) for name in header]
    return {wording(choice[1] if choice else name) for name, choice in zip(header, choices, strict=True)}


@dataclass(frozen=True)
class Unlabelled:
    """A table in the raw form, with what had to be done and could not be done."""

    table: TextTable
    warnings: tuple[str, ...] = ()
    had_labels: bool = False


def to_raw(table: TextTable, dictionary: Dictionary) -> Unlabelled:
    """Names instead of wordings, codes instead of labels, wherever that is certain.

    Without a data dictionary wordings stay the columns' names, `(choice=X)` becomes `WORDING___X`, and only
    `Checked`, `Unchecked` and the forms' status are turned into codes. Columns are in REDCap's own order: a status
    column belongs to the form of the fields before it.
    """
    with_labels = has_label_marks(table.header)
    header = _raw_header(table.header, dictionary) if with_labels else list(table.header)
    unknown = [name for name, raw in zip(table.header, header, strict=True) if with_labels and name == raw]
    cells, changed, unmatched = _raw_cells(table.cells, header, dictionary)
    had_labels = with_labels or changed
    layout = replace(table.layout, header=tuple(header))
    return Unlabelled(
        replace(table, layout=layout, cells=cells),
        tuple(_notes(had_labels, unknown, unmatched, bool(dictionary.fields))),
        had_labels,
    )


def _notes(
    had_labels: bool, unknown: list[str], unmatched: dict[str, int], has_dictionary: bool
) -> list[str]:
    notes = []
    if had_labels:
        how = "turned back into codes with the data dictionary" if has_dictionary else "kept as they are"
        notes.append(f"exported with labels, {how}; the raw export is the safe one")
    if had_labels and has_dictionary and unknown:
        notes.append(
            f"{len(unknown)} column(s) have a wording that is not in the data dictionary: {unknown[0]}"
        )
    notes += [
        f"{count} answer(s) of {name} are neither a code nor a label of the data dictionary"
        for name, count in unmatched.items()
    ]
    return notes


def _raw_header(header: Sequence[str], dictionary: Dictionary) -> list[str]:
    """Raw names in the order of the columns. Fields with the same wording are told apart by their order."""
    left = list(dictionary.fields)
    found: list[str] = []
    form, forms_ended = "", 0
    for name in map(str.strip, header):
        choice = _CHOICE.fullmatch(name)
        known = _take(left, wording(choice[1] if choice else name), keep=choice is not None)
        if known is not None:
            form = known.form or form
        if name == _COMPLETE:
            forms_ended += 1
            found.append(f"{form or f'form_{forms_ended}'}_complete")
            form = ""
        elif choice:
            found.append(_checkbox(choice, known))
        elif name == _TIMESTAMP:
            found.append(_next_form(left, found) + "_timestamp")
        else:
            found.append(known.name if known else _SYSTEM.get(plain_name(name), name))
    return _apart(found)


def _take(left: list[Field], text: str, *, keep: bool) -> Field | None:
    """The first field not yet taken that has this wording; a checkbox stays for its next choice."""
    known = next((each for each in left if each.label == text and (each.kind == "checkbox") == keep), None)
    if known is not None and not keep:
        left.remove(known)
    return known


def _checkbox(choice: re.Match[str], known: Field | None) -> str:
    label = wording(choice[2])
    if known is None:
        return f"{wording(choice[1])}___{label}"
    code = next((code for code, text in known.choices.items() if text == label), label)
    return f"{known.name}___{code.lower().replace('-', '_')}"


def _next_form(left: list[Field], found: list[str]) -> str:
    return left[0].form if left else f"survey_{len(found)}"


def _apart(names: list[str]) -> list[str]:
    """The same names, the second of two alike with its number behind it."""
    counted: dict[str, int] = {}
    apart = []
    for name in names:
        counted[name] = counted.get(name, 0) + 1
        apart.append(name if counted[name] == 1 or not name else f"{name} ({counted[name]})")
    return apart


def _raw_cells(
    cells: pd.DataFrame, header: Sequence[str], dictionary: Dictionary
) -> tuple[pd.DataFrame, bool, dict[str, int]]:
    """Cells as codes, whether any was a label, and how many could not be matched, by field."""
    changed, new = False, {}
    unmatched: dict[str, int] = {}
    for place, name in enumerate(header):
        column = cells[cell_name(place)]
        known = dictionary.field(name)
        codes = _codes(name, known, column)
        if not codes:
            continue
        raw = column.replace(codes)
        changed |= not raw.equals(column)
        new[cell_name(place)] = raw
        if known is not None and known.choices and known.kind != "checkbox":
            strange = int((raw.notna() & ~raw.isin(list(known.choices))).sum())
            unmatched |= {name: strange} if strange and changed else {}
    return cells.assign(**new), changed, unmatched


def _event_names(labels: Sequence[str]) -> dict[str, str]:
    """The unique names that REDCap gives to events with these labels; none for labels that share one.

    It is what the label begins with, and the arm: "Deadline to opt out of study (Arm 2: Drug B)" is
    `deadline_to_opt_ou_arm_2`. A project with one arm does not say it.
    """
    names = {}
    for label in labels:
        arm = _EVENT_LABEL.fullmatch(label)
        words, number = (arm[1], arm[2]) if arm else (label, "1")
        names[label] = f"{plain_name(words)[:_EVENT_LENGTH].strip('_')}_arm_{number}"
    shared = [name for name, count in Counter(names.values()).items() if count > 1]
    return {label: name for label, name in names.items() if name not in shared}


def _codes(name: str, known: Field | None, column: pd.Series) -> dict[str, str]:
    """Label to code for one column; empty where nothing is to be turned."""
    if name.endswith("_complete"):
        return _STATUS
    if name == _EVENT:
        return _event_names([text for text in column.dropna().unique() if not _EVENT_NAME.fullmatch(text)])
    if name == "redcap_repeat_instrument":
        return {text: plain_name(text) for text in column.dropna().unique() if text != plain_name(text)}
    if "___" in name:
        label = known.choices.get(name.split("___", 1)[1], "") if known else ""
        return {**_TICK, label: "1"} if label and label not in ("0", "1") else _TICK
    if known is None:
        return {}
    # A label that is also a code of the same field (codes 1 and 2 labelled "2" and "1") says nothing certain.
    return {label: code for code, label in known.choices.items() if label not in known.choices}
