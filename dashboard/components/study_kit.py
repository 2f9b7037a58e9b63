"""The study kit as one download: for a study that is still to be collected."""

import streamlit as st

from dashboard import cached
from dashboard.components.page import raw, section
from dashboard.components.rows import sentence

TELL = (
    "A REDCap data dictionary, a workbook with drop-down lists, the same tables as CSV, and a study file that fits "
    "them all. The session log asks for tries from which nothing came, which apps hardly ever record."
)


def study_kit() -> None:
    """What the kit is, and the zip."""
    section("A new study: what to collect, ready to use")
    raw(sentence(TELL))
    st.download_button(
        "Study kit (zip)",
        cached.study_kit(),
        file_name="study_kit.zip",
        mime="application/zip",
        icon=":material/download:",
        key="download-study-kit",
        on_click="ignore",
    )
