"""Texts and tables to take away; what a synthetic study gives says so in its name."""

import streamlit as st

from dashboard.components.caption import SYNTHETIC
from pipelines.evidence.parts import Numbers


def text_download(label: str, text: str, file_name: str, mime: str, *, synthetic: bool = False) -> None:
    """A quiet button that saves a text."""
    stem, dot, ending = file_name.rpartition(".")
    st.download_button(
        label,
        text,
        file_name=f"{stem}-synthetic{dot}{ending}" if synthetic else file_name,
        mime=mime,
        type="tertiary",
        icon=":material/download:",
        key=f"download-{file_name}",
        help=SYNTHETIC if synthetic else None,
        on_click="ignore",
    )


def table_download(label: str, numbers: Numbers | None) -> None:
    """A table that is about the product and no study, as CSV; no button where there is none."""
    if numbers is not None:
        text_download(label, numbers.as_csv(), f"{numbers.name}.csv", "text/csv")
