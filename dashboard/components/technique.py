"""The technique table: each row with its distribution drawn against the advised range right under it."""

import streamlit as st

from dashboard.components import rows, tables, theme
from dashboard.components.chart import chart
from dashboard.components.page import raw
from pipelines.evidence.guidance import TechniqueTable
from pipelines.evidence.parts import Basis, Distribution
from pipelines.figures.distribution import distribution


def techniques(table: TechniqueTable, basis: Basis) -> None:
    """All rows of the article's table, then the distributions of those that the logs hold, two side by side."""
    raw("".join(tables.technique(row) for row in table.rows))
    drawn = [(row.id, row.distribution) for row in table.rows if row.distribution is not None]
    for start in range(0, len(drawn), 2):
        for place, (name, found) in zip(st.columns(2, gap="large"), drawn[start : start + 2], strict=False):
            with place:
                _drawn(found, basis, f"technique-{name}")


def _drawn(found: Distribution, basis: Basis, key: str) -> None:
    raw(rows.strong(found.reading), gap="0.5rem")
    chart(
        distribution(found, theme.mode()),
        alt=found.reading,
        line=found.line,
        basis=basis,
        numbers=found.numbers,
        key=key,
    )
