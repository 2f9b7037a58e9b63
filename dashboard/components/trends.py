"""Trends of a whole study for a consultant: individuals charts said in words, week beside week, what is reported."""

import streamlit as st

from dashboard.components import rows, theme
from dashboard.components.chart import chart
from dashboard.components.page import empty, nothing, raw, section
from dashboard.components.review_person import GUIDANCE_PAGE
from dashboard.components.text import escape
from pipelines.evidence.parts import Basis
from pipelines.evidence.trends import Modifiable, Trend, TrendsPage
from pipelines.figures.trend import trend as trend_figure

HOW_TO_READ = (
    "A day is the same day of everybody's log. The dashed lines hold what chance alone does; open diamonds are days "
    "that a rule calls more than chance, open circles days that are not judged."
)


def trends(page: TrendsPage) -> None:
    """Everything a consultant sees of the whole study."""
    raw(rows.sentence(HOW_TO_READ))
    for made in page.trends:
        _trend(made, page.basis)
    section("What mothers here report most often")
    if page.reported:
        raw(
            "".join(
                rows.row(
                    (
                        ("", rows.strong(each.label)),
                        ("", rows.sentence(f"{each.people} of {each.asked} who were asked ever did.")),
                        ("", ""),
                    )
                )
                for each in page.reported
            )
        )
    else:
        empty("Nothing is reported by enough people to be told.")
    section("What can be changed, is common here and has support")
    if not page.modifiable:
        empty("No statement about something one can change has support in these logs.")
    for found in page.modifiable:
        _modifiable(found)


def _trend(made: Trend, basis: Basis) -> None:
    section(made.section)
    if made.unavailable:
        nothing(made.unavailable)
        raw(rows.sentence(made.week))
        return
    raw(rows.sentence(made.reading) + rows.sentence(made.week))
    chart(
        trend_figure(made, theme.mode()),
        alt=f"{made.title}. {made.reading}",
        line=f"{made.title}, {made.unit}, by study day",
        basis=basis,
        numbers=made.numbers,
        key=f"trend-{made.id}",
    )


def _modifiable(found: Modifiable) -> None:
    people = "number of people hidden" if found.participants is None else f"{found.participants:,} people"
    counted = f"{people} · associated, which does not tell what leads to what"
    raw(
        rows.row(
            (("", rows.strong(found.label)), ("", rows.sentence(found.sentence)), ("", rows.quiet(counted)))
        ),
        gap="0",
    )
    st.page_link(
        GUIDANCE_PAGE,
        label=escape(f"Open the statement on {found.label.lower()}"),
        icon=":material/arrow_forward:",
        query_params={"claim": found.claim},
    )
