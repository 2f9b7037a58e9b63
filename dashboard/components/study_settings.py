"""What concerns the whole study: its name, its outcome, the fewest people a number may rest on, its clock."""

import zoneinfo
from typing import Any

import streamlit as st

from dashboard import state
from dashboard.components.upload import refuse, work
from pipelines.errors import LactoscopeError
from pipelines.evidence.filters import OUTCOME_WORDS
from pipelines.run import Desk
from pipelines.settings import load_settings

AS_WRITTEN = "as written in the files"


def study_settings(*, opened: bool = False) -> None:
    """A form for the study's settings, kept in its study file; the files are read again where that matters."""
    desk = state.desk()
    study, settings = desk.study(), load_settings()
    with (
        st.expander("About this study", expanded=opened, key="study-settings"),
        st.form("study-form", border=False),
    ):
        name = st.text_input("Name", study.name)
        outcome = st.selectbox(
            "A session counts when it is a",
            list(OUTCOME_WORDS),
            index=list(OUTCOME_WORDS).index(study.outcome),
            format_func=OUTCOME_WORDS.__getitem__,
        )
        low = st.number_input(
            "Low output is below (mL)",
            min_value=1.0,
            value=float(study.low_output_ml or settings["outcomes.low_output_ml"]),
        )
        cell = st.number_input(
            "Fewest people a shown number may rest on",
            min_value=int(settings["privacy.lowest_minimum_cell"]),
            value=int(study.minimum_cell or settings["privacy.minimum_cell"]),
        )
        zones = [AS_WRITTEN, *sorted(zoneinfo.available_timezones())]
        zone = st.selectbox(
            "Time zone of the clocks in the files",
            zones,
            index=zones.index(study.timezone) if study.timezone in zones else 0,
        )
        if st.form_submit_button("Keep", key="study-keep"):
            _set(
                desk,
                {
                    "name": name.strip() or study.name,
                    "outcome": outcome,
                    "low_output_ml": low,
                    "minimum_cell": int(cell),
                    "timezone": None if zone == AS_WRITTEN else zone,
                },
            )


def _set(desk: Desk, settings: dict[str, Any]) -> None:
    try:
        desk.set(settings)
    except LactoscopeError as trouble:
        refuse(trouble)
        return
    if desk.uploads:
        work(desk, desk.take_in_all)
