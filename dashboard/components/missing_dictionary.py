"""A data dictionary that the study file names and nobody added: add it, or go on without it."""

from functools import partial

import streamlit as st

from dashboard import jobs, state
from dashboard.components.page import raw, section
from dashboard.components.rows import sentence
from dashboard.components.upload import take_in_after

WHY = (
    "Until then no file is read. Add it above: it turns the labels and codes of the REDCap export into answers, and "
    "drops the columns that it marks as identifiers. Without it such columns are dropped by their names alone."
)


def missing_dictionary() -> None:
    """Each missing data dictionary with the two ways out; nothing where none is missing."""
    desk = state.desk()
    missing = desk.missing_dictionaries()
    if jobs.current(str(desk.store)):
        return
    for name in missing:
        section(f"The study file names the data dictionary {name}, which is not among the added files")
        raw(sentence(WHY))
        if st.button(f"Go on without {name}", key=f"without-dictionary-{name}"):
            take_in_after(desk, partial(desk.do_without_dictionary, name))
