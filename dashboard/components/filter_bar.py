"""First thing on every page: whether the data are synthetic, and a quiet popover that says the filter."""

from collections import Counter

import streamlit as st

from dashboard import state
from dashboard.components.terms import help_of
from dashboard.components.text import escape, keep_together
from dashboard.state import View
from pipelines.evidence.filters import ALL, LOGS, OUTCOME_WORDS, Filters, day_limits
from pipelines.evidence.studies import StudyCard

ANY = ""
KEYS = {name: f"filter-{name}" for name in state.SHARED}
SYNTHETIC = "<b>Synthetic data.</b> Invented people; nothing here is a finding."


def filter_bar(cards: tuple[StudyCard, ...], view: View) -> None:
    """Synthetic bar and filter on one line, and under it what a link asked for in vain."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        if view.study.synthetic:
            st.html(f'<div class="ls-edge">{SYNTHETIC}</div>', width="content")
        words = view.filters.sentence(view.choices)
        if len(cards) > 1 and not view.study.synthetic:
            words = f"{_short(view.study)}: {words}"
        with st.popover(keep_together(words), icon=":material/tune:", type="tertiary"):
            _widgets(cards, view)
    for problem in view.problems:
        st.html(f'<div class="ls-edge" role="alert">{escape(problem)}</div>')


def _short(card: StudyCard) -> str:
    return card.name if len(card.name) <= 24 else f"{card.name[:23]}…"


def _names(cards: tuple[StudyCard, ...]) -> dict[str, str]:
    """What each study is called in the menu; two of the same name could not be told apart there, nor by the widget."""
    called = Counter(card.name for card in cards)
    short = {card: state.study_name(card) for card in cards}
    return {
        short[card]: card.name if called[card.name] == 1 else f"{card.name} ({short[card]})" for card in cards
    }


def _widgets(cards: tuple[StudyCard, ...], view: View) -> None:
    filters, choices = view.filters, view.choices
    if len(cards) > 1:
        names = _names(cards)
        key = state.preset(KEYS["study"], state.study_name(view.study))
        st.selectbox("Study", list(names), format_func=names.__getitem__, key=key, on_change=_study_changed)
    if choices.cohorts:
        cohorts = {ANY: "Everyone"} | {name: name for name in choices.cohorts}
        key = state.preset(KEYS["cohort"], filters.cohort or ANY)
        st.selectbox("Cohort", list(cohorts), format_func=cohorts.__getitem__, key=key, on_change=_changed)
    _days(view)
    if choices.pump_types:
        pumps = {ANY: "Any pump"} | choices.pump_labels
        key = state.preset(KEYS["pump"], filters.pump_type or ANY)
        st.selectbox("Pump", list(pumps), format_func=pumps.__getitem__, key=key, on_change=_changed)
    outcomes = {code: words.capitalize() for code, words in OUTCOME_WORDS.items()}
    key = state.preset(KEYS["outcome"], filters.outcome)
    st.radio(
        "What counts",
        list(outcomes),
        format_func=outcomes.__getitem__,
        key=key,
        on_change=_changed,
        help=f"{help_of('no_milk')}\n\n{help_of('low_output')}",
    )
    key = state.preset(KEYS["logs"], filters.logs)
    st.radio("Logs", list(LOGS), format_func=LOGS.__getitem__, key=key, on_change=_changed)
    st.button(
        "Show everyone", on_click=_clear, disabled=filters.is_everyone, type="tertiary", key="filter-clear"
    )


def _days(view: View) -> None:
    first, last = view.choices.first_day, view.choices.last_day
    if first is None or last is None or first == last:
        return
    filters = view.filters
    low = first if filters.first_day is None else max(filters.first_day, first)
    high = last if filters.last_day is None else min(filters.last_day, last)
    key = state.preset(KEYS["days"], (low, high))
    st.slider("Days since birth", first, last, key=key, on_change=_changed)


def _changed() -> None:
    view = state.current()
    days = state.widget(KEYS["days"])
    first, last = (None, None) if days is None else day_limits(days[0], days[1], view.choices)
    chosen = Filters(
        cohort=state.widget(KEYS["cohort"]) or None,
        first_day=first,
        last_day=last,
        pump_type=state.widget(KEYS["pump"]) or None,
        outcome=state.widget(KEYS["outcome"]) or view.choices.outcome,
        logs=state.widget(KEYS["logs"]) or ALL,
    )
    state.save(state.named_study(), chosen, view.choices)


def _study_changed() -> None:
    """Another study has other cohorts, pumps and days, so the filters start anew."""
    view = state.current()
    state.save(str(state.widget(KEYS["study"])), Filters(outcome=view.choices.outcome), view.choices)


def _clear() -> None:
    view = state.current()
    state.save(state.named_study(), Filters(outcome=view.choices.outcome), view.choices)
