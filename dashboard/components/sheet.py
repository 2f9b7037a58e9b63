"""A one-page hand-out: chosen unit, a look at it with its own print button, and the file to take away."""

from collections.abc import Callable
from dataclasses import replace

import streamlit as st

from dashboard import state
from dashboard.components.text import escape
from dashboard.state import ReviewChoice
from pipelines.evidence.volume_units import NAMES

UNIT_KEY = "review-unit"
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


def _unit_changed() -> None:
    choice, _ = state.load_review()
    state.save_review(replace(choice, unit=str(state.widget(UNIT_KEY))))
