"""Output: how much is expressed on each day since birth, and how it differs by clock, interval, side and pump."""

import streamlit as st

from dashboard import cached, state
from dashboard.components import theme
from dashboard.components.chart import chart
from dashboard.components.groups import groups, published
from dashboard.components.page import basis_line, head, nothing, raw, refused, section
from dashboard.components.split_curves import split_curves
from pipelines.figures.clock import clock
from pipelines.figures.curves import curves

page = cached.output_page(*state.current().key)
if refused(page.basis):
    st.stop()

head(page.title, page.subtitle, basis_line(page.basis))
if page.curves and not page.curves.unavailable:
    found, figure = page.curves, curves(page.curves, theme.mode())
    chart(figure, alt=found.reading, line=found.line, basis=page.basis, numbers=found.numbers, key="curves")
    raw(published(found.published))
elif page.curves:
    nothing(page.curves.unavailable, "insufficient_data")

split_curves(page.splits, page.basis)
groups(page.came, page.basis)

if page.clock:
    section(page.clock.title)
if page.clock and not page.clock.unavailable:
    times, figure = page.clock, clock(page.clock, theme.mode())
    chart(figure, alt=times.title, line=times.line, basis=page.basis, numbers=times.numbers, key="clock")
elif page.clock:
    nothing(page.clock.unavailable, "insufficient_data")

for part in (page.intervals, page.sides, page.let_down, page.pumps):
    groups(part, page.basis)
