"""Under the statement that a reader opened: predicted shares at each level, and the finding under other choices."""

import streamlit as st

from dashboard import cached, state
from dashboard.components import choices, rows, tables
from dashboard.components.caption import block
from dashboard.components.page import outcome_words, raw
from dashboard.components.terms import help_of
from pipelines.evidence.guidance import GuidancePage

KEY = "other-choices"


def aside(page: GuidancePage, claim: str) -> None:
    """Computed for this one statement, now; nothing where it is not about output or has no comparison."""
    found = cached.what_if(*state.current().key, claim)
    if found is None:
        return
    if found.section is None:
        raw(rows.strong("No prediction at each level") + rows.sentence(found.reason))
        return
    raw(rows.strong(found.section.title), gap="0.25rem")
    shown = tables.grouped(found.section, f"of 100 sessions, {outcome_words(page.basis)}, 95 % interval")
    block(shown, found.line, page.basis, found.section.numbers, "ls-groups")
    words = "Hold this finding against other choices of the analysis"
    if st.toggle(words, key=f"{KEY}-{found.claim}", help=help_of("other_choices")):
        table = cached.specification_table(*state.current().key, found.claim)
        if table:
            raw(rows.strong(table.title), gap="0.25rem")
            block(choices.specifications(table), "One choice changed at a time", page.basis, table.numbers)
