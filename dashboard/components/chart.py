"""A Plotly figure on the page: its reading for screen readers, no mode bar, caption and numbers under it."""

import plotly.graph_objects as go
import streamlit as st

from dashboard.components.caption import caption
from pipelines.evidence.parts import Basis, Numbers
from pipelines.figures.template import CONFIG


def chart(figure: go.Figure, *, alt: str, line: str, basis: Basis, numbers: Numbers | None, key: str) -> None:
    """Draw a figure whose `alt` is its one-sentence reading; `key` is unique on the page."""
    with st.container(gap=None):
        st.plotly_chart(figure, theme=None, key=key, alt=alt, width="stretch", config=CONFIG)
        caption(line, basis, numbers)
