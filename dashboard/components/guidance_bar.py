"""The Guidance page's line of controls: verdict pills, theme, search, disagreement, links down the page."""

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
    pills = {
        item.verdict: f"![]({image(item.verdict)}) {WORDS[item.verdict]} {item.count}" for item in page.counts
    }
    titles = {ALL: "All themes"} | themes
    st.pills(
        "Verdict",
        list(pills),
        selection_mode="multi",
        format_func=pills.__getitem__,
        key=state.preset(KEYS["verdict"], list(selection.verdicts)),
        label_visibility="collapsed",
        on_change=_changed,
    )
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.selectbox(
            "Theme",
            list(titles),
            format_func=titles.__getitem__,
            key=state.preset(KEYS["theme"], selection.theme),
            on_change=_changed,
            width=240,
            label_visibility="collapsed",
        )
        st.selectbox(
            "Order",
            list(ORDERS),
            format_func=ORDERS.__getitem__,
            key=state.preset(KEYS["order"], selection.order),
            on_change=_changed,
            width=180,
            label_visibility="collapsed",
        )
        st.text_input(
            "Search",
            placeholder="Search: flange, stress, water …",
            key=state.preset(KEYS["search"], selection.search),
            on_change=_changed,
            width=280,
            label_visibility="collapsed",
        )
        st.toggle(
            "Only where cohort and literature part",
            key=state.preset(KEYS["parting"], selection.only_parting),
            on_change=_changed,
        )
    links = "".join(f'<a href="#{JUMPS[name]}">{escape(words)}</a>' for name, words in JUMP_WORDS.items())
    raw(
        f'<nav class="ls-jump" aria-label="On this page"><span class="ls-quiet">Further down:</span>{links}</nav>'
    )
    for problem in problems:
        st.html(f'<div class="ls-edge" role="alert">{escape(problem)}</div>')
    return selection


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
