"""The Review page's list: one choice over several groups, most urgent first; what is past or looked at is folded."""

from dataclasses import replace
from datetime import date

import streamlit as st

from dashboard import state
from dashboard.components import rows
from dashboard.components.page import raw
from dashboard.components.text import counted, keep_together
from dashboard.state import ReviewChoice
from pipelines.evidence.review_page import ReviewGroup, ReviewLine, ReviewList, ReviewPage

CODE = "Another code"


def current_words(page: ReviewPage) -> str:
    """How current the list is: when files were last taken in, and which data version that made."""
    version = f"data version {page.found.data_version}"
    if not page.read_at:
        return version
    day = date.fromisoformat(page.read_at)
    return f"files last taken in on {day.day} {day:%B %Y} · {version}"


def review_list(listed: ReviewList, page: ReviewPage, choice: ReviewChoice) -> None:
    """All groups; a click on a person puts her code into the address."""
    for group in listed.groups:
        if group.is_folded:
            title = f"{group.title}: {counted(len(group.lines), 'person', 'people')}"
            with st.expander(title, expanded=_holds(group, choice.person)):
                _group(group, choice.person, hidden_label=True)
        else:
            _group(group, choice.person)
    others = page.people - len(page.listed)
    raw(rows.quiet(f"{counted(others, 'other', 'others')} fulfilled no rule at any time."))
    st.text_input(
        CODE,
        placeholder="P-…",
        key="review-code",
        on_change=_code_given,
        help="Looks at anybody in the study, also somebody whom no rule lists.",
    )


def _holds(group: ReviewGroup, person: str) -> bool:
    return any(line.participant_id == person for line in group.lines)


def _group(group: ReviewGroup, person: str, *, hidden_label: bool = False) -> None:
    lines = {line.participant_id: line for line in group.lines}
    named = {code: _named(line) for code, line in lines.items()}
    key = f"review-group-{group.id}"
    st.radio(
        f"**{group.title}**" if not hidden_label else group.title,
        list(lines),
        index=None,
        format_func=named.__getitem__,
        captions=[keep_together(line.caption) for line in group.lines],
        key=state.preset(key, person if person in lines else None),
        on_change=_chosen,
        args=(key,),
        label_visibility="collapsed" if hidden_label else "visible",
    )


def _named(line: ReviewLine) -> str:
    """Sign and code: two people may have the same sign, and a choice tells its options apart by their words."""
    return f"{keep_together(line.wording)} :gray[{line.participant_id}]"


def _chosen(key: str) -> None:
    code = state.widget(key)
    if code:
        choice, _ = state.load_review()
        state.save_review(replace(choice, person=str(code)))


def _code_given() -> None:
    code = str(state.widget("review-code") or "").strip()
    if code:
        choice, _ = state.load_review()
        state.save_review(replace(choice, person=code))
