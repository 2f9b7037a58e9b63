"""The style sheet: tokens for both modes, charts bound to them."""

import re

from dashboard.components import theme
from pipelines.figures.tokens import pairs


def test_every_token_has_both_modes():
    sheet = theme.style_sheet()
    assert all(f"--{name}:light-dark({light},{dark})" in sheet for name, (light, dark) in pairs().items())


def test_every_variable_that_is_used_is_defined():
    sheet = theme.style_sheet()
    assert set(re.findall(r"var\(--([a-z]+)\)", sheet)) <= set(pairs())


def test_a_chart_drawn_in_one_mode_follows_the_other():
    assert '[style*="stroke: rgb(10, 79, 120)"]{stroke:var(--cohort)!important}' in theme.style_sheet()


def test_braces_of_the_sheet_are_balanced():
    sheet = theme.style_sheet()
    assert sheet.count("{") == sheet.count("}")


def test_the_logo_needs_no_font():
    assert theme.logo().startswith("data:image/svg+xml;base64,")
