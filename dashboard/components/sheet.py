"""A one-page hand-out: chosen unit, a look at it with its own print button, and the file to take away."""

from collections.abc import Callable
from dataclasses import replace

import streamlit as st

from dashboard import state
from dashboard.components.text import escape
from dashboard.state import ReviewChoice
from pipelines.evidence.volume_units import NAMES

PAGE_UNIT_KEY, UNIT_KEY = "review-page-unit", "review-unit"
SHEET_HEIGHT = 640


def sheet(label: str, name: str, choice: ReviewChoice, made: Callable[[str], str]) -> None:
    """A button that opens the hand-out; `made` gives its HTML in a unit, `name` is the file's without its ending."""
    if st.button(label, icon=":material/print:", key=f"sheet-{name}"):
        _opened(name, choice, made)


@st.dialog("One page to print", width="large")
def _opened(name: str, choice: ReviewChoice, made: Callable[[str], str]) -> None:
    unit = st.segmented_control(
        "Amounts in",
        list(NAMES),
        format_func=NAMES.__getitem__,
        default=choice.unit,
        required=True,
        key=UNIT_KEY,
        on_change=_unit_changed,
        args=(UNIT_KEY,),
    )
    content = made(str(unit))
    st.iframe(content, height=SHEET_HEIGHT, alt=escape("The hand-out as it will be printed"))
    st.download_button(
        "Hand-out (HTML)",
        content,
        file_name=f"{name}.html",
        mime="text/html",
        icon=":material/download:",
        type="tertiary",
        key="sheet-download",
        on_click="ignore",
    )


def unit_switch(choice: ReviewChoice) -> None:
    """The unit of all volumes on the page and on the sheets that open from it."""
    st.segmented_control(
        "Volumes in",
        list(NAMES),
        format_func=NAMES.__getitem__,
        key=state.preset(PAGE_UNIT_KEY, choice.unit),
        required=True,
        on_change=_unit_changed,
        args=(PAGE_UNIT_KEY,),
        label_visibility="collapsed",
    )


def _unit_changed(key: str) -> None:
    choice, _ = state.load_review()
    state.save_review(replace(choice, unit=str(state.widget(key))))
