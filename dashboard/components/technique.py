"""The technique table: each row with its distribution drawn against the advised range right under it."""

import streamlit as st

from dashboard.components import tables, theme
from dashboard.components.chart import chart
from dashboard.components.page import raw
from pipelines.evidence.guidance import TechniqueTable
from pipelines.evidence.parts import Basis
from pipelines.figures.distribution import distribution


def techniques(table: TechniqueTable, basis: Basis) -> None:
    """All rows of the article's table, then the distributions of those that the logs hold, two side by side."""
    raw("".join(tables.technique(row) for row in table.rows))
    drawn = [row for row in table.rows if row.distribution is not None]
    for start in range(0, len(drawn), 2):
        for place, row in zip(st.columns(2, gap="large"), drawn[start : start + 2], strict=False):
            with place:
                found = row.distribution
                raw(f'<div class="ls-strong">{found.reading}</div>', gap="0")
                chart(
                    distribution(found, theme.mode()),
                    alt=found.reading,
                    line=found.line,
                    basis=basis,
                    numbers=found.numbers,
                    key=f"technique-{row.id}",
                )
