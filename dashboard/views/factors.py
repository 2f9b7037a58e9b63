"""Factors: the forest by theme, the factors without an estimate, and whether a session without milk can be foreseen."""

import streamlit as st

from dashboard import cached, state
from dashboard.components import choices, cohort, forest
from dashboard.components.caption import block
from dashboard.components.classifier import classifier, wait_for_classifier
from dashboard.components.page import basis_line, empty, head, outcome_words, raw, refused, section
from dashboard.components.rows import sentence

STATEMENT = "statement"

key = state.current().key

page = cached.factors_page(*key)
if refused(page.basis):
    st.stop()

head(page.title, page.adjusted_for, basis_line(page.basis))
if page.groups:
    raw(forest.key())
    raw(sentence(page.between_words) if page.between_words else "")
    block(
        forest.forest(page.groups, outcome_words(page.basis)),
        page.line,
        page.basis,
        page.numbers,
    )
    raw(sentence(page.placebo_words) if page.placebo_words else "")
else:
    empty("No factor has enough people for an estimate. The list below says what each one needs.")

if page.refused:
    section(page.refused_title)
    raw(forest.refused(page.refused))

if page.statements:
    section("How far does a finding hang on our choices?", choices.OTHER_CHOICES)
    wording = dict(page.statements)
    asked = state.load_claim()
    # A statement that repeats another is held against other choices under the one that it repeats.
    table = cached.specification_table(*key, asked) if asked else None
    chosen = table.claim if table and table.claim in wording else next(iter(wording))
    if asked and not table:
        raw(sentence("The statement that this link asked for has no estimate here."))
    st.selectbox(
        "Statement",
        list(wording),
        format_func=wording.__getitem__,
        key=state.preset(STATEMENT, chosen),
        on_change=lambda: state.save_claim(state.widget(STATEMENT)),
    )
    if not table or table.claim != chosen:
        table = cached.specification_table(*key, chosen)
    if table:
        raw(sentence(table.title))
        block(choices.specifications(table), "One choice changed at a time", page.basis, table.numbers)

if page.missing:
    section(page.missing)
    raw(cohort.way_to_missing(state.address()))

if page.reverse.rows:
    section(page.reverse.title)
    raw(sentence(page.reverse.note))
    block(forest.reverse(page.reverse.rows), "", page.basis, page.reverse.numbers)

foreseen = cached.classifier_section(*key)
section(foreseen.title)
if foreseen.waiting:
    wait_for_classifier(key)
else:
    classifier(foreseen, page.basis)
