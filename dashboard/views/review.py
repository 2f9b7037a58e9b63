"""Review: who needs a look first and why, one person's course, the consultant's notes, and the page to hand out."""

from dataclasses import replace
from functools import partial
from pathlib import Path

import streamlit as st

from dashboard import cached, state
from dashboard.components import rows
from dashboard.components.page import basis_line, empty, head, nothing, raw
from dashboard.components.review_list import current_words, review_list
from dashboard.components.review_notes import notes
from dashboard.components.review_person import beside, person
from dashboard.components.review_rules import review_rules
from dashboard.components.sheet import sheet, unit_switch
from dashboard.components.text import escape
from dashboard.components.trends import trends
from pipelines.errors import InputError
from pipelines.evidence import review_done
from pipelines.evidence.review_figures import review_figures
from pipelines.evidence.review_page import LOOK, ReviewPage, arranged
from pipelines.store.notes import done_marks

PART_KEY = "review-part"


def _part_changed() -> None:
    chosen, _ = state.load_review()
    state.save_review(replace(chosen, part=str(state.widget(PART_KEY))))


def parts(choice: state.ReviewChoice) -> None:
    """What there is on this page besides the list, and the unit in which volumes are told."""
    left, right = st.columns([2, 1])
    with left:
        st.segmented_control(
            "Part",
            list(state.REVIEW_PARTS),
            format_func=state.REVIEW_PARTS.__getitem__,
            key=state.preset(PART_KEY, choice.part),
            required=True,
            on_change=_part_changed,
            label_visibility="collapsed",
            wrap=True,
        )
    if choice.part != "rules":
        with right:
            unit_switch(choice)


def people(page: ReviewPage, choice: state.ReviewChoice) -> None:
    """The list beside the chosen person, or the first one."""
    path, stamp, _ = state.current().key
    marks = done_marks(Path(path))
    head(page.title, current_words(page), page.basis.filters)
    raw(rows.quiet(f"{LOOK} {page.found.how_current}"))
    parts(choice)
    items = review_done.with_marks(page.found, marks)
    listed = arranged(page, items, marks)
    if listed.since:
        raw(rows.quiet(" ".join(listed.since)))
    if not listed.groups:
        empty("No rule fired for anybody in this selection. The rules stand in the third part.")
    wanted = replace(choice, person=choice.person or listed.first)
    left, right = st.columns([1, 2], gap="large")
    with left:
        review_list(listed, page, wanted)
    with right:
        if not wanted.person:
            return
        try:
            view = cached.person_view(path, stamp, wanted.person, wanted.unit)
        except InputError as problem:
            nothing(str(problem), "not_collected")
            return
        person(view, page.basis)
        if view.course is not None:
            made = partial(cached.person_sheet, path, stamp, wanted.person)
            sheet("Print her sheet", f"handout-{wanted.person}", wanted, made)
        item = next((each for each in items if each.person.participant_id == wanted.person), None)
        notes(view, item, Path(path))
        beside(view, wanted)


def study(choice: state.ReviewChoice) -> None:
    """Trends of everybody whom the filters leave, and a page to hand out."""
    key = state.current().key
    page = cached.trends_page(*key, choice.unit)
    head(page.title, basis_line(page.basis))
    parts(choice)
    if page.basis.unavailable:
        nothing(page.basis.unavailable, "insufficient_data")
        return
    sheet("Print a sheet about this study", "handout-study", choice, partial(cached.study_sheet, *key))
    trends(page)


page = cached.review_page(*state.current().key)
if page.found.unavailable:
    head("Single people are not shown here", "")
    nothing(page.found.unavailable, "hidden")
    st.stop()

choice, problems = state.load_review()
for problem in problems:
    raw(f'<div class="ls-edge" role="alert">{escape(problem)}</div>')
if choice.part == "people":
    people(page, choice)
elif choice.part == "study":
    study(choice)
else:
    figures = review_figures()
    head(figures.title, "rules measured where the truth is known")
    parts(choice)
    review_rules(page.found.rules, figures)
