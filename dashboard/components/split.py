"""Choose by what people or sessions are put beside each other; the choice stands in the address."""

import streamlit as st

from dashboard import state
from dashboard.components.text import escape

WIDTH = 380


def choose_split(name: str, label: str, offered: tuple[tuple[str, str], ...], default: str) -> str:
    """A list to choose from, and the key chosen; says what a link asked for in vain."""
    options = dict(offered)
    chosen, problem = state.load_split(name, tuple(options), default)
    if problem:
        st.html(f'<div class="ls-edge" role="alert">{escape(problem)}</div>')
    key = state.preset(f"split-{name}", chosen)

    def changed() -> None:
        state.save_split(name, str(state.widget(key)), default)

    st.selectbox(
        label, list(options), format_func=options.__getitem__, key=key, on_change=changed, width=WIDTH
    )
    return chosen
