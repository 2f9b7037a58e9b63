"""Colours and layout as one style sheet, in both modes from one text."""

import base64
from functools import cache
from pathlib import Path

import streamlit as st

from pipelines.figures.tokens import channels, pairs

STYLE_FILE = Path(__file__).with_name("style.css")


@cache
def style_sheet() -> str:
    """The style sheet: tokens as light-dark() pairs, chart colours bound to them, layout.

    The page's root carries `color-scheme`, so everything follows a switch of the system at once. Charts are
    drawn by the server in the colours of one mode; the bindings turn them too, since nothing reruns then.
    """
    variables = ";".join(f"--{name}:light-dark({light},{dark})" for name, (light, dark) in pairs().items())
    return f".stApp{{{variables}}}\n{_chart_colours()}\n{STYLE_FILE.read_text(encoding='utf-8')}"


def _chart_colours() -> str:
    rules = []
    for name, colours in pairs().items():
        for colour in colours:
            red, green, blue = channels(colour)
            for attribute in ("fill", "stroke"):
                at = f'.stPlotlyChart [style*="{attribute}: rgb({red}, {green}, {blue})"]'
                rules.append(f"{at}{{{attribute}:var(--{name})!important}}")
    return "\n".join(rules)


def apply() -> None:
    """Put the style sheet on the page; it takes no room."""
    st.html(f"<style>{style_sheet()}</style>")


def mode() -> str:
    """The mode in which the reader sees the page now: "light" or "dark"."""
    return "dark" if st.context.theme.type == "dark" else "light"


def _both_modes(size: tuple[int, int], inner: str) -> str:
    """An SVG image that carries the colours of both modes itself; `inner` uses the classes ink and cohort."""
    width, height = size
    rules = {name: pairs()[name] for name in ("ink", "cohort")}
    light = "".join(f".{name}{{color:{colours[0]}}}" for name, colours in rules.items())
    dark = "".join(f".{name}{{color:{colours[1]}}}" for name, colours in rules.items())
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}">'
        f"<style>{light}@media(prefers-color-scheme:dark){{{dark}}}</style>{inner}</svg>"
    )


def _data_address(svg: str) -> str:
    return "data:image/svg+xml;base64," + base64.b64encode(svg.encode()).decode()


def logo() -> str:
    """The product's mark and name as SVG; the name is drawn as paths so that no font is needed."""
    name = Path(__file__).with_name("logo_path.txt").read_text(encoding="utf-8").strip()
    inner = (
        '<g class="cohort"><path d="M2 14H24" stroke="currentColor" stroke-width="2.5"/>'
        f'<circle cx="13" cy="14" r="5.5" fill="currentColor"/></g><path class="ink" fill="currentColor" d="{name}"/>'
    )
    return _data_address(_both_modes((150, 28), inner))


def icon() -> str:
    """The mark alone, for the browser's tab."""
    inner = (
        '<g class="cohort"><path d="M1 16H31" stroke="currentColor" stroke-width="4"/>'
        '<circle cx="16" cy="16" r="9" fill="currentColor"/></g>'
    )
    return _data_address(_both_modes((32, 32), inner))
