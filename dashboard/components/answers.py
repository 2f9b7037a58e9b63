"""The few things that an app's export can leave open, said anew for one file."""

from collections.abc import Mapping, Sequence
from functools import partial

import streamlit as st

from dashboard.components.mapping import ORDERS, UNITS, ZEROS
from dashboard.components.owner import owner_choice
from dashboard.components.upload import take_in_after
from pipelines.run import Desk
from pipelines.study import SourceOptions


def answers(desk: Desk, contents: Sequence[str], key: str) -> None:
    """Choices for these very contents, as they were made before, and a button that reads the study again with them."""
    before = SourceOptions()
    for each in desk.study().described:
        before = before.with_answers(each) if set(contents) & set(each.content) else before
    with st.container(horizontal=True, gap="medium"):
        given = {
            "units": _one("Volumes are in", UNITS, before.units, f"{key}-units"),
            "zero": _one("A volume of 0 means", ZEROS, before.zero, f"{key}-zero"),
            "date_order": _one("Dates are written", ORDERS, before.date_order or "", f"{key}-order"),
            "participant": owner_choice(before.participant, f"{key}-owner"),
        }
    if st.button("Read it this way", key=f"{key}-keep", icon=":material/arrow_forward:"):
        take_in_after(desk, partial(_answer, desk, contents, given))


def _answer(desk: Desk, contents: Sequence[str], given: Mapping[str, str]) -> None:
    for name, value in given.items():
        desk.answer(contents, name, value)


def _one(label: str, choices: dict[str, str], before: str, key: str) -> str:
    place = list(choices).index(before) if before in choices else 0
    return st.selectbox(
        label, list(choices), index=place, format_func=choices.__getitem__, key=key, width=240
    )
