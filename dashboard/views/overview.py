"""Overview: the share without milk, the three clearest findings, what has an answer, how good the data are."""

import streamlit as st

from dashboard import cached, state
from dashboard.components import findings, verdicts
from dashboard.components.caption import block
from dashboard.components.page import basis_line, head, nothing, outcome_words, raw, refused, section
from dashboard.components.rows import sentence

page = cached.overview_page(*state.current().key)
if refused(page.basis):
    st.stop()

head(page.title, page.basis.study, basis_line(page.basis))
if page.findings:
    line = "Odds ratio with 95 % interval, log scale; the tinted band is too small to matter"
    block(findings.clearest(page.findings, outcome_words(page.basis)), line, page.basis, page.numbers)
else:
    nothing(page.no_findings, "inconclusive")

if page.counts:
    section(page.statements_title)
    raw(verdicts.bar(page.counts) + verdicts.legend(page.counts))
    raw(sentence(page.reasons) + sentence(page.settle) + sentence(page.plan))

if page.quality:
    section(page.quality_title)
    raw("".join(sentence(words) for words in page.quality))

with st.container(horizontal=True, gap="medium"):
    st.page_link("views/guidance.py", label="The article beside this cohort", icon=":material/arrow_forward:")
    st.page_link("views/factors.py", label="For researchers: every factor", icon=":material/arrow_forward:")
    st.page_link("views/output.py", label="How much, by day since birth", icon=":material/arrow_forward:")
    st.page_link("views/data.py", label="Add your own files", icon=":material/arrow_forward:")
