"""The Guidance page's line of controls: verdict pills, theme, search, disagreement, links down the page."""

from collections.abc import Mapping

import streamlit as st

from dashboard import state
from dashboard.components.marks import WORDS, image
from dashboard.components.page import raw
from dashboard.components.text import escape
from pipelines.evidence.guidance import GuidancePage
from pipelines.evidence.selection import BY_THEME, ORDERS, Selection

JUMPS = {
    "pumps": "kinds-of-pump",
    "techniques": "technique",
    "tips": "let-down",
    "answers": "questions",
    "opinions": "experts",
    "shortfalls": "left-out",
    "signs": "seek-help",
    "words": "words",
}
JUMP_WORDS = {
    "pumps": "Kinds of pump",
    "techniques": "Technique",
    "tips": "Let-down",
    "answers": "Questions",
    "opinions": "Experts",
    "shortfalls": "What it leaves out",
    "signs": "When to seek help",
    "words": "Words",
}
KEYS = {name: f"guidance-{name}" for name in state.GUIDANCE}
ALL = ""


def controls(page: GuidancePage) -> Selection:
    """Draw the controls and give back what the reader wants to see; the choice lives in the address."""
    themes = {theme.id: theme.title for theme in page.themes}
    selection, problems = state.load_selection(tuple(themes), _claims(page))
    _pills(page, selection)
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        _choice("Theme", "theme", {ALL: "All themes"} | themes, selection.theme, width=240)
        _choice("Order", "order", ORDERS, selection.order, width=180)
        _search(selection)
        _parting(selection)
    raw(_jumps())
    for problem in problems:
        st.html(f'<div class="ls-edge" role="alert">{escape(problem)}</div>')
    return selection


def _pills(page: GuidancePage, selection: Selection) -> None:
    """One pill a verdict with its mark and count, in the bar's order."""
    pills = {
        item.verdict: f"![]({image(item.verdict)}) {WORDS[item.verdict]} {item.count}" for item in page.counts
    }
    st.pills(
        "Verdict",
        list(pills),
        selection_mode="multi",
        format_func=pills.__getitem__,
        key=state.preset(KEYS["verdict"], list(selection.verdicts)),
        label_visibility="collapsed",
        on_change=_changed,
    )


def _choice(label: str, name: str, options: Mapping[str, str], chosen: str, *, width: int) -> None:
    """One choice of several by their words."""
    st.selectbox(
        label,
        list(options),
        format_func=options.__getitem__,
        key=state.preset(KEYS[name], chosen),
        on_change=_changed,
        width=width,
        label_visibility="collapsed",
    )


def _search(selection: Selection) -> None:
    st.text_input(
        "Search",
        placeholder="Search: flange, stress, water …",
        key=state.preset(KEYS["search"], selection.search),
        on_change=_changed,
        width=280,
        label_visibility="collapsed",
    )


def _parting(selection: Selection) -> None:
    st.toggle(
        "Only where cohort and literature part",
        key=state.preset(KEYS["parting"], selection.only_parting),
        on_change=_changed,
    )


def _jumps() -> str:
    """Links to the sections further down."""
    links = "".join(f'<a href="#{JUMPS[name]}">{escape(words)}</a>' for name, words in JUMP_WORDS.items())
    return f'<nav class="ls-jump" aria-label="On this page"><span class="ls-quiet">Further down:</span>{links}</nav>'


def _claims(page: GuidancePage) -> frozenset[str]:
    own = [row.id for theme in page.themes for row in theme.rows]
    untestable = [claim.id for theme in page.themes for claim in theme.untestable]
    repeated = [repeat.id for theme in page.themes for row in theme.rows for repeat in row.repeats]
    repeated += [repeat.id for theme in page.themes for claim in theme.untestable for repeat in claim.repeats]
    return frozenset(own + untestable + repeated)


def _changed() -> None:
    state.save_selection(
        Selection(
            verdicts=tuple(state.widget(KEYS["verdict"]) or ()),
            theme=state.widget(KEYS["theme"]) or ALL,
            search=state.widget(KEYS["search"]) or "",
            only_parting=bool(state.widget(KEYS["parting"])),
            order=state.widget(KEYS["order"]) or BY_THEME,
        )
    )
