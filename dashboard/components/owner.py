"""Whose the rows of a file are, where no column says it: chosen from the rules there are, or a code typed in."""

import streamlit as st

from pipelines.study import ONE_PERSON

OWNERS = {
    "auto": "the file's name, or its folder",
    "file_name": "the file's name",
    "folder_name": "its folder",
    ONE_PERSON: "one person, whose code I type",
}


def owner_choice(before: str, key: str) -> str:
    """The rule for a study file's `participant`; the one before while no code is typed in."""
    known = ONE_PERSON if before.startswith(ONE_PERSON) else before
    options = list(OWNERS)
    rule = st.selectbox(
        "The participant is",
        options,
        index=options.index(known) if known in OWNERS else 0,
        format_func=OWNERS.__getitem__,
        key=key,
        width=240,
    )
    if rule != ONE_PERSON:
        return rule
    typed = st.text_input(
        "Participant's code",
        before.removeprefix(ONE_PERSON) if known == ONE_PERSON else "",
        key=f"{key}-code",
        width=240,
    ).strip()
    return f"{ONE_PERSON}{typed}" if typed else before
