"""Can a session without milk be foreseen: sentences, AUC between its baselines, calibration, what it leans on, use."""

import streamlit as st

from dashboard import cached
from dashboard.components import rows, theme
from dashboard.components.chart import chart
from dashboard.components.downloads import text_download
from dashboard.components.page import nothing, raw
from dashboard.components.page import section as title
from pipelines.evidence.classifier import ClassifierSection
from pipelines.evidence.filters import Filters
from pipelines.evidence.model_card import ModelCard
from pipelines.evidence.parts import Basis
from pipelines.figures.auc import auc
from pipelines.figures.calibration import calibration
from pipelines.figures.decision import decision
from pipelines.figures.importance import importance

LOOKS_EVERY = "3s"


def classifier(section: ClassifierSection, basis: Basis) -> None:
    """Sentences first, then the figures two by two and the model card; the reason where there is no estimate."""
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
    _use(section, basis)
    if section.card:
        model_card(section.card, basis)


def _use(section: ClassifierSection, basis: Basis) -> None:
    """What it leans on, and what acting by it would be worth."""
    left, right = st.columns(2, gap="large")
    if section.leaning:
        with left:
            title(section.leaning_title)
            chart(
                importance(section.leaning, theme.mode()),
                alt=section.leaning_title,
                line=section.leaning_line,
                basis=basis,
                numbers=section.leaning_numbers,
                key="importance",
            )
    if section.result.decision:
        with right:
            title(section.decision_title)
            chart(
                decision(section.result, theme.mode()),
                alt=section.decision_title,
                line=section.decision_line,
                basis=basis,
                numbers=section.decision_numbers,
                key="decision",
            )


def model_card(card: ModelCard, basis: Basis) -> None:
    """The card folded, and as two downloads."""
    with st.expander(card.title):
        st.markdown("\n\n".join(card.as_markdown().splitlines()[1:]).replace("## ", "#### "))
    with st.container(horizontal=True, gap="small"):
        for label, text, kind, mime in (
            ("Model card (Markdown)", card.as_markdown(), "md", "text/markdown"),
            ("Model card (HTML)", card.as_html(), "html", "text/html"),
        ):
            text_download(label, text, f"{card.name}.{kind}", mime, synthetic=basis.synthetic)


@st.fragment(run_every=LOOKS_EVERY)
def wait_for_classifier(key: tuple[str, str, Filters]) -> None:
    """Say how far the classifier is, and draw the page anew once it is there."""
    now = cached.classifier_section(*key)
    if not now.waiting:
        st.rerun()
    raw(rows.waiting(now.waiting))
