"""Guidance: every statement of the article beside this cohort's finding and what literature says."""

import streamlit as st

from dashboard import cached, state
from dashboard.components import claims, tables
from dashboard.components.caption import caption, download
from dashboard.components.claim_aside import aside
from dashboard.components.glossary import glossary
from dashboard.components.guidance_bar import JUMPS, controls
from dashboard.components.marks import WORDS
from dashboard.components.page import basis_line, empty, head, outcome_words, raw, refused, section
from dashboard.components.technique import techniques
from dashboard.components.verdicts import bar
from pipelines.evidence.selection import arranged, holding, select

page = cached.guidance_page(*state.current().key)
if refused(page.basis):
    st.stop()

head(page.title, page.subtitle, basis_line(page.basis))
raw(bar(page.counts))
selection = controls(page)


def link(claim: str) -> str:
    """This page with one statement first, for the same sessions."""
    return state.address(claim=claim)


ends = outcome_words(page.basis)
unfolded = "not_testable" in selection.verdicts or bool(selection.search.strip())
chosen = arranged(select(page.themes, selection), selection.order, WORDS)
wanted = holding(page.themes, selection.claim) if selection.claim else None
if wanted:
    raw(claims.theme(wanted, link, ends=ends, wanted=selection.claim), "ls-wanted")
    aside(page, selection.claim)
for theme in chosen:
    raw(claims.theme(theme, link, ends=ends, unfolded=unfolded), gap="0.75rem")
if not chosen:
    empty("No statement fits all of this. Clear a choice above to see the others.")
caption(
    "Every statement with verdict, ratio, interval and n; associations in these logs",
    page.basis,
    page.numbers,
)

if page.pumps:
    section(page.pumps.cohort.title, JUMPS["pumps"])
    raw(tables.pumps(page.pumps, f"of 100 sessions, {ends}"))
    download(page.basis, page.pumps.cohort.numbers)
if page.techniques:
    section(page.techniques.title, JUMPS["techniques"])
    techniques(page.techniques, page.basis)
if page.tips:
    section("Let-down techniques, each beside this cohort", JUMPS["tips"])
    raw(tables.tips(page.tips))
section("Frequent questions, answered twice", JUMPS["answers"])
raw(tables.answers(page.answers))
section("Experts the article quotes: opinion, beside what these logs show", JUMPS["opinions"])
raw(tables.opinions(page.opinions))
section("What the article leaves out", JUMPS["shortfalls"])
raw(tables.shortfalls(page.shortfalls))
section("When to seek help", JUMPS["signs"])
raw(tables.urgent(page.urgent, "") + tables.signs(page.signs) + tables.urgent("", page.disclaimer))
section("Words used here, and how to say them", JUMPS["words"])
raw(glossary())
