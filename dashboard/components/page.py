"""The frame of every page: title and quiet line, section titles, raw HTML, the state in which nothing can be said."""

import re

import streamlit as st

from dashboard.components import rows
from dashboard.components.marks import chip
from dashboard.components.text import NO_BREAK, keep_together
from pipelines.evidence.parts import Basis


def raw(inner: str, kind: str = "", gap: str = "1rem") -> None:
    """Put HTML on the page as one element; what came from data must have been escaped."""
    if inner:
        st.markdown(rows.block(inner, kind, gap), unsafe_allow_html=True)


def head(title: str, *lines: str) -> None:
    """The page's answer as its title, and one quiet line under it."""
    with st.container(gap="small"):
        st.title(_numbers_kept(title), anchor=False)
        raw(
            f'<div style="padding-top:8px">{rows.quiet(" · ".join(line for line in lines if line))}</div>',
            gap="1rem",
        )


def _numbers_kept(title: str) -> str:
    """Keep each number and the word after it on one line of a title."""
    return re.sub(r"(?<=\d) (?=[a-z])", NO_BREAK, keep_together(title))


def section(title: str, anchor: str = "") -> None:
    """A section's reading as its title; `anchor` makes it a target of links on the page."""
    st.header(keep_together(title), anchor=anchor or False)


def basis_line(basis: Basis) -> str:
    """People, sessions, outcome, filter and data version, whatever of it is known."""
    counts = []
    if basis.participants is not None:
        counts.append(f"{basis.participants:,} people")
    if basis.sessions is not None:
        counts.append(f"{basis.sessions:,} sessions")
    parts = [
        ", ".join(counts),
        f"outcome: {basis.outcome}",
        basis.filters,
        f"data version {basis.data_version}",
    ]
    return " · ".join(part for part in parts if part)


def outcome_words(basis: Basis) -> str:
    """The outcome after "sessions": "without milk"."""
    return basis.outcome.removeprefix("session ")


def refused(basis: Basis) -> bool:
    """Say why the whole page has no number; True when it has none."""
    if not basis.unavailable:
        return False
    head("Too few people to say anything here", basis_line(basis))
    nothing(basis.unavailable, "insufficient_data")
    return True


def nothing(reason: str, state: str = "hidden") -> None:
    """What cannot be said gets a row like everything else: mark and reason."""
    raw(rows.row((("", chip(state)), ("", rows.sentence(reason)), ("", ""))))


def empty(words: str) -> None:
    """A choice that nothing fits, and what to do."""
    raw(rows.row((("", ""), ("", rows.sentence(words)), ("", ""))))
