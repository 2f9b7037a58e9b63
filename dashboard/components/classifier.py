"""Can a session without milk be foreseen: the sentence, the AUC between its baselines, calibration."""

import streamlit as st

from dashboard.components import rows, theme
from dashboard.components.chart import chart
from dashboard.components.page import nothing, raw
from pipelines.evidence.classifier import ClassifierSection
from pipelines.evidence.parts import Basis
from pipelines.figures.auc import auc
from pipelines.figures.calibration import calibration


def classifier(section: ClassifierSection, basis: Basis) -> None:
    """Sentences first, then the two figures side by side; the reason where there is no estimate."""
    if section.result.auc is None:
        nothing(section.result.reason, "insufficient_data")
        return
    raw("".join(rows.sentence(words) for words in section.sentences))
    left, right = st.columns(2, gap="large")
    with left:
        chart(
            auc(section.result, theme.mode()),
            alt=section.title,
            line=section.auc_line,
            basis=basis,
            numbers=section.auc_numbers,
            key="auc",
        )
    if section.result.calibration:
        with right:
            chart(
                calibration(section.result, theme.mode()),
                alt=section.calibration_line or section.title,
                line=section.calibration_line,
                basis=basis,
                numbers=section.calibration_numbers,
                key="calibration",
            )
