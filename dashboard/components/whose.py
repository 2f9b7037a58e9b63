"""How people are told apart in chosen files, shown and said before any is read."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import streamlit as st

from dashboard import state
from dashboard.components.page import raw
from dashboard.components.rows import quiet, strong
from dashboard.components.text import counted
from pipelines.errors import InputError
from pipelines.run import Desk
from pipelines.run.whose import FILE_NAME, FOLDER, Whose
from pipelines.study import ONE_PERSON

NAMED = 4
RULES = {
    "": "as they come",
    "folder_name": "the folder that holds a file",
    "file_name": "the file's name",
    ONE_PERSON: "one person, whose code I type",
}


@dataclass(frozen=True)
class Said:
    """The rule that was chosen, "" for none, and the contents of the files that it is about."""

    rule: str = ""
    contents: tuple[str, ...] = ()


def told_apart(desk: Desk, given: Sequence[Any]) -> Said:
    """Show the people and the rule, and give the rule that was chosen instead."""
    try:
        with st.spinner("Looking at the files …"):
            found = state.looked_at(
                tuple(file.file_id for file in given),
                lambda: desk.whose((file.name, file.getbuffer()) for file in given),
            )
    except InputError as trouble:
        raw(quiet(str(trouble)))
        return Said()
    if not found.placed:
        return Said()
    chosen = _chosen(found)
    raw(strong(_people(found, chosen)) + quiet(_others(found, chosen)))
    return Said(chosen, tuple(each.content for each in found.placed)) if chosen else Said()


def _chosen(found: Whose) -> str:
    words = RULES | {f"column:{name}": f"the column {name}" for name in found.columns}
    if found.folder and len(found.people()) <= 1:
        words |= {f"{ONE_PERSON}{found.folder}": f"one person, {found.folder}, as their folder is called"}
    rule = st.selectbox(
        "People are told apart by",
        list(words),
        format_func=words.__getitem__,
        key=f"whose-rule-{state.next_upload()}",
        width=320,
    )
    if rule != ONE_PERSON:
        return rule
    typed = st.text_input("Participant's code", key=f"whose-code-{state.next_upload()}", width=320).strip()
    return f"{ONE_PERSON}{typed}" if typed else ""


def _people(found: Whose, rule: str) -> str:
    """The people as a sentence, the first few by the code that they are told apart by."""
    if rule.startswith(ONE_PERSON):
        return f"1 person: {rule.removeprefix(ONE_PERSON)}"
    if rule.startswith("column:"):
        return f"As many people as the column {rule.removeprefix('column:')} names"
    if rule:
        return _counted(found.people(rule), RULES[rule])
    told = [_counted(found.people(by=by), f"the {by}") for by in (FOLDER, FILE_NAME) if found.people(by=by)]
    return "; ".join(told) or "Nothing tells yet whose these files are"


def _counted(people: Sequence[str], rule: str) -> str:
    named = ", ".join(people[:NAMED]) + (" …" if len(people) > NAMED else "")
    return f"{counted(len(people), 'person', 'people')}, by {rule}" + (f": {named}" if named else "")


def _others(found: Whose, rule: str) -> str:
    untold = 0 if rule not in RULES else found.untold(rule)
    asked = (
        f"{counted(untold, 'file does', 'files do')} not tell whose it is; the code is asked next."
        if untold
        else ""
    )
    rows = (
        f"{counted(found.in_rows, 'other file names', 'other files name')} people in its rows."
        if found.in_rows
        else ""
    )
    return " ".join(words for words in (asked, rows) if words)
