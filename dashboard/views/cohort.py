"""Cohort: who is in it, how they got there from the files, who did not answer, who stopped logging."""

import streamlit as st

from dashboard import cached, state
from dashboard.components import cohort as tables
from dashboard.components.caption import block
from dashboard.components.page import basis_line, head, raw, refused, section
from dashboard.components.rows import sentence
from dashboard.components.split import chosen_split, split_choice
from pipelines.evidence.cohort import DEFAULT_SPLIT

key = state.current().key
page = cached.cohort_page(*key)
if refused(page.basis):
    st.stop()

head(page.title, basis_line(page.basis))
if page.flow:
    block(tables.flow(page.flow), "From files to the analysis", page.basis, page.flow.numbers)

by = chosen_split("by", page.splits, DEFAULT_SPLIT)
table = cached.table_one(*key, by)
if table:
    section(table.title)
    split_choice("by", page.splits, by, DEFAULT_SPLIT)
    block(tables.table_one(table), table.note, page.basis, table.numbers)

if page.missing:
    section(page.missing.title, tables.WHO_IS_MISSING)
    if page.missing.rows:
        block(tables.missing(page.missing), page.missing.note, page.basis, page.missing.numbers)
if page.retention:
    section(page.retention.title)
    raw("".join(map(sentence, page.retention.notes)))
    if page.retention.rows:
        line = "Logs that had not ended, by study day (first session = day 0)"
        block(tables.retention(page.retention), line, page.basis, page.retention.numbers)
