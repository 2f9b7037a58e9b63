"""Choose by what people or sessions are put beside each other; the choice stands in the address."""

import streamlit as st

from dashboard import state
from dashboard.components.text import escape

LABEL = "Groups beside each other"
WIDTH = 380


def chosen_split(name: str, offered: tuple[tuple[str, str], ...], default: str) -> str:
    """The key that the address names, else the default one; says what a link asked for in vain."""
    chosen, problem = state.load_split(name, tuple(dict(offered)), default)
    if problem:
        st.html(f'<div class="ls-edge" role="alert">{escape(problem)}</div>')
    return chosen


def split_choice(name: str, offered: tuple[tuple[str, str], ...], chosen: str, default: str) -> None:
    """The list to choose from."""
    options = dict(offered)
    key = state.preset(f"split-{name}", chosen)

    def changed() -> None:
        state.save_split(name, str(state.widget(key)), default)

    st.selectbox(
        LABEL, list(options), format_func=options.__getitem__, key=key, on_change=changed, width=WIDTH
    )
