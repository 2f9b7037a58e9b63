"""Curves of several groups in one figure, with the choice of groups and those that have no curve named."""

from dashboard import cached, state
from dashboard.components import theme
from dashboard.components.chart import chart
from dashboard.components.page import nothing, section
from dashboard.components.split import chosen_split, split_choice
from pipelines.evidence.parts import Basis
from pipelines.figures.split_curves import split_curves as draw

NAME = "beside"


def split_curves(offered: tuple[tuple[str, str], ...], basis: Basis) -> None:
    """One section with its reading as title; the reason where there is nothing to draw, nothing without a choice."""
    if not offered:
        return
    default = offered[0][0]
    by = chosen_split(NAME, offered, default)
    found = cached.split_curves(*state.current().key, by)
    if found is None:
        return
    section(found.title)
    split_choice(NAME, offered, by, default)
    if found.unavailable:
        nothing("; ".join(filter(None, (found.unavailable, found.note))), "insufficient_data")
        return
    line = " · ".join(part for part in (found.line, found.note) if part)
    figure = draw(found, theme.mode())
    chart(figure, alt=found.title, line=line, basis=basis, numbers=found.numbers, key="split-curves")
