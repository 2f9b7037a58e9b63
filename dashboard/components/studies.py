"""The studies on this computer that can be shown, and a line about each store that cannot."""

from pathlib import Path

import streamlit as st

from dashboard import cached
from dashboard.components.text import escape
from pipelines.errors import StoreError
from pipelines.evidence.studies import StudyCard, stamp


def readable_studies(stores: tuple[Path, ...]) -> tuple[tuple[StudyCard, ...], tuple[str, ...]]:
    """A card for each store that this version reads, and why the others are left out."""
    cards, troubles = [], []
    for store in stores:
        try:
            cards.append(cached.study(str(store), stamp(store)))
        except StoreError as trouble:
            troubles.append(str(trouble))
    return tuple(cards), tuple(troubles)


def tell(troubles: tuple[str, ...]) -> None:
    """A line for each store that is left out."""
    for trouble in troubles:
        st.html(f'<div class="ls-edge" role="alert">{escape(trouble)}</div>')
