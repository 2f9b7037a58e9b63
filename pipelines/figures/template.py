"""The one Plotly template, light and dark: quiet axes, horizontal lines only, direct labels instead of a legend."""

import plotly.graph_objects as go

from pipelines.figures.tokens import Tokens, tokens

FONT = '"Source Sans", "Source Sans 3", "Source Sans Pro", sans-serif'
TEXT_SIZE = 14
TICK_SIZE = 13
CONFIG = {"displayModeBar": False, "responsive": True}


def template(mode: str, *, solid: bool = False) -> go.layout.Template:
    """The template of one mode; `solid` gives the paper's ground instead of none, for pictures that leave the page."""
    colours = tokens(mode)
    ground = colours.paper if solid else "rgba(0,0,0,0)"
    axis = {
        "showgrid": False,
        "zeroline": False,
        "showline": True,
        "linecolor": colours.line,
        "ticks": "outside",
        "tickcolor": colours.line,
        "ticklen": 4,
        "automargin": True,
        "fixedrange": True,
        "tickfont": {"size": TICK_SIZE, "color": colours.quiet},
        "title": {"font": {"size": TICK_SIZE, "color": colours.quiet}, "standoff": 8},
    }
    plain = {"showgrid": True, "gridcolor": colours.line, "gridwidth": 1, "showline": False, "ticks": ""}
    return go.layout.Template(
        layout={
            "font": {"family": FONT, "size": TEXT_SIZE, "color": colours.ink},
            "paper_bgcolor": ground,
            "plot_bgcolor": ground,
            "colorway": [colours.cohort, colours.reference, colours.quiet],
            "showlegend": False,
            "margin": {"l": 4, "r": 8, "t": 12, "b": 4},
            "hovermode": "closest",
            "dragmode": False,
            "hoverlabel": {
                "bgcolor": colours.panel,
                "bordercolor": colours.line,
                "font": {"color": colours.ink, "size": TICK_SIZE},
            },
            "xaxis": axis,
            "yaxis": axis | plain,
        }
    )


def blank(mode: str, height: int) -> go.Figure:
    """An empty figure in the template of one mode."""
    figure = go.Figure()
    figure.update_layout(template=template(mode), height=height)
    return figure


def over_axis(words: str, colours: Tokens, *, yref: str = "paper", y: float = 1.0) -> dict:
    """The vertical axis' title as a line above the plot, never turned."""
    return {
        "text": words,
        "x": 0,
        "y": y,
        "xref": "paper",
        "yref": yref,
        "xanchor": "left",
        "yanchor": "bottom",
        "showarrow": False,
        "yshift": 8,
        "font": {"size": TICK_SIZE, "color": colours.quiet},
    }
