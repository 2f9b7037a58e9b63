"""One person of the Review page: her course, why she is listed, the rows behind it, statements that fit."""

from dataclasses import replace

import streamlit as st

from dashboard import state
from dashboard.components import rows, theme
from dashboard.components.chart import chart
from dashboard.components.page import nothing, raw, section
from dashboard.components.text import escape
from dashboard.state import ReviewChoice
from pipelines.evidence.course import Course, CourseMark
from pipelines.evidence.parts import Basis
from pipelines.evidence.review import CURRENT
from pipelines.evidence.review_person import PersonView, SignReason, bands_words, summary
from pipelines.evidence.review_rows import ShownRow
from pipelines.figures.course import course as course_figure

GUIDANCE_PAGE = "views/guidance.py"
NOT_A_DIAGNOSIS = "A reason to look, not a diagnosis. In the article:"
MARKS_KEY = "review-marks"


def person(view: PersonView, basis: Basis) -> None:
    """Her course and why she is listed, the first reason as the title."""
    section(view.title)
    if view.course is None:
        nothing(view.no_course, "not_collected")
    else:
        _course(view, view.course, basis)
    if view.reasons:
        raw("".join(_reason(each, view) for each in view.reasons if each.sign.state == CURRENT))
        past = "".join(_reason(each, view) for each in view.reasons if each.sign.state != CURRENT)
        alone = all(each.sign.state != CURRENT for each in view.reasons)
        raw(past if alone else rows.fold(f"Past signs of hers: {_count_past(view)}", past))
        _statements(view)


def beside(view: PersonView, choice: ReviewChoice) -> None:
    """What stands beside the reasons: notes that list nobody, and the clinical marks of her course."""
    if view.notes:
        told = "".join(rows.strong(name) + rows.quiet(reason) for name, reason in view.notes)
        raw(rows.fold("Stands beside it, no reason by itself", told))
    if view.course is not None and view.course.marks:
        _marks(view.course.marks, choice)


def _count_past(view: PersonView) -> int:
    return sum(reason.sign.state != CURRENT for reason in view.reasons)


def _course(view: PersonView, made: Course, basis: Basis) -> None:
    first = view.reasons[0].sign.id if view.reasons else ""
    raw(rows.quiet(summary(made)))
    parts = [
        bands_words(made),
        "tinted: the days of the rule" if first else "",
    ]
    chart(
        course_figure(made, theme.mode(), chosen=first, unit=view.unit),
        alt=f"{view.title}. {made.title}.",
        line=" · ".join(part for part in parts if part),
        basis=basis,
        numbers=view.numbers,
        key=f"course-{view.participant_id}",
    )


def _reason(reason: SignReason, view: PersonView) -> str:
    """One sign: the rule in words, its days, the rows behind it, whence the threshold, what it often is instead."""
    rule = reason.rule
    title = (
        f'<div><span class="ls-look ls-strong">{escape(reason.sign.urgency.capitalize())}</span> '
        f'<span class="ls-strong">{escape(reason.sign.wording)}</span></div>'
        if reason.sign.state == CURRENT
        else rows.strong(reason.sign.wording)
    )
    is_title = reason is view.reasons[0]
    seen = () if is_title else (("What was seen", reason.sign.reason),)
    told = rows.pairs((*seen, ("When", reason.days), ("Rule", rule.condition)))
    after = rows.pairs(
        (
            ("Threshold from", rule.source),
            ("Often something else", rule.false_alarm),
            ("What tells it apart", rule.remedy),
        )
    )
    shown = rows.fold(f"{len(reason.rows)} rows behind it", _table(reason.rows, view))
    return f'<div class="ls-reason">{title}{told}{shown}{after}</div>'


def _table(behind: tuple[ShownRow, ...], view: PersonView) -> str:
    day = "Day after birth" if view.course is None or "birth" in view.course.day_axis else "Study day"
    head = "".join(f"<th>{escape(name)}</th>" for name in (day, "Clock", "What it says", "File", "Row"))
    body = "".join(
        "<tr>"
        + "".join(
            f"<td>{escape(cell)}</td>"
            for cell in (
                row.day or "no date",
                row.clock or "that day",
                row.says,
                row.file_code,
                row.source_row,
            )
        )
        + "</tr>"
        for row in behind
    )
    return f'<div class="ls-scroll" tabindex="0"><table class="ls-table"><tr>{head}</tr>{body}</table></div>'


def _statements(view: PersonView) -> None:
    """Links into Guidance, those of current signs first, each statement once."""
    current = [each for each in view.reasons if each.sign.state == CURRENT] or list(view.reasons)
    fitting = {each.claim: each.paraphrase for reason in current for each in reason.statements}
    if not fitting:
        return
    raw(rows.quiet(NOT_A_DIAGNOSIS), gap="0")
    with st.container(gap=None):
        for claim, paraphrase in fitting.items():
            st.page_link(
                GUIDANCE_PAGE,
                label=paraphrase,
                icon=":material/arrow_forward:",
                query_params={"claim": claim},
            )


def _marks(marks: tuple[CourseMark, ...], choice: ReviewChoice) -> None:
    """Cited clinical marks, each with its switch; without a choice those that the codebook shows."""
    labels = {mark.id: mark.label for mark in marks}
    usual = tuple(mark.id for mark in marks if mark.shown)
    wanted = usual if choice.marks is None else tuple(id for id in choice.marks if id in labels)
    st.pills(
        "Clinical marks of her course; they list nobody",
        list(labels),
        selection_mode="multi",
        format_func=labels.__getitem__,
        key=state.preset(MARKS_KEY, list(wanted)),
        on_change=_marks_changed,
        wrap=True,
    )
    shown = [mark for mark in marks if mark.id in wanted]
    meanings = rows.pairs((mark.label, f"{mark.definition}. {mark.source}") for mark in shown)
    raw(
        rows.pairs((mark.label, mark.words.capitalize()) for mark in shown)
        + rows.fold("What they are, and from where", meanings)
    )


def _marks_changed() -> None:
    choice, _ = state.load_review()
    state.save_review(replace(choice, marks=tuple(state.widget(MARKS_KEY) or ())))
