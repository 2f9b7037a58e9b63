"""Links down the Methods page, and its fields to search."""

import streamlit as st

from dashboard.components.page import raw
from dashboard.components.text import escape

JUMPS = {
    "definitions": "Definitions",
    "glossary": "Glossary",
    "estimates": "Estimates",
    "thresholds": "Thresholds",
    "error-rates": "Error rates",
    "power": "Power",
    "review-rules": "Review rules",
    "model-card": "Model card",
    "dictionary": "Data dictionary",
    "questionnaires": "Questionnaires",
    "limits": "Limits",
    "privacy": "Privacy",
    "reporting": "Reporting",
    "provenance": "Provenance",
    "citing": "How to cite",
}


def jumps() -> None:
    """One quiet line of links to the sections."""
    links = "".join(f'<a href="#{anchor}">{escape(words)}</a>' for anchor, words in JUMPS.items())
    raw(
        f'<nav class="ls-jump" aria-label="On this page"><span class="ls-quiet">On this page:</span>{links}</nav>'
    )


def search(key: str, hint: str) -> str:
    """A field to search in one section; "" for everything."""
    return st.text_input(
        "Search", placeholder=hint, key=f"methods-{key}", width=360, label_visibility="collapsed"
    ).strip()
