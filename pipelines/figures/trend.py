"""An individuals chart: one value a day, the mean and what chance explains; what is more than chance has a shape of its own."""

import plotly.graph_objects as go

from pipelines.evidence.trends import Trend, TrendPoint
from pipelines.figures.template import TICK_SIZE, blank, over_axis
from pipelines.figures.tokens import Tokens, tokens

HEIGHT = 230
ROOM_FOR_WORDS = 92


def trend(made: Trend, mode: str) -> go.Figure:
    """The chart of one measure; without a chart an empty figure.

    Filled dots are ordinary days, open diamonds those that a rule calls more than chance, open circles those not
    judged. Mean and limits are named at their right end.
    """
    colours, figure = tokens(mode), blank(mode, HEIGHT)
    if not made.points or made.mean is None or made.low is None or made.high is None:
        return figure
    figure.add_scatter(
        x=[point.day for point in made.points],
        y=[point.value for point in made.points],
        mode="lines+markers",
        connectgaps=False,
        line={"color": colours.cohort, "width": 1.5},
        marker={
            "size": [9 if point.is_special else 6 for point in made.points],
            "symbol": [_symbol(point) for point in made.points],
            "color": [_colour(point, colours) for point in made.points],
            "line": {"width": 2},
        },
        hovertemplate=f"study day %{{x}}: %{{y:,.1f}} {made.unit}<extra></extra>",
    )
    limits = (
        (made.mean, "solid", "mean"),
        (made.low, "dash", "chance, low"),
        (made.high, "dash", "chance, high"),
    )
    for value, dash, _ in limits:
        figure.add_hline(y=value, line={"color": colours.faint, "width": 1, "dash": dash})
    figure.update_layout(
        margin={"l": 4, "r": ROOM_FOR_WORDS, "t": 34, "b": 4},
        annotations=[
            over_axis(made.unit, colours),
            *(_named(value, words, colours) for value, _, words in limits),
        ],
        xaxis={"title": {"text": "days in the study (first session = 0)"}},
        yaxis={"range": _around(made), "nticks": 5},
    )
    return figure


def _symbol(point: TrendPoint) -> str:
    if point.is_early:
        return "circle-open"
    return "diamond-open" if point.is_special else "circle"


def _colour(point: TrendPoint, colours: Tokens) -> str:
    if point.is_early:
        return colours.quiet
    return colours.reference if point.is_special else colours.cohort


def _around(made: Trend) -> tuple[float, float]:
    """The axis holds points and limits; it does not start at 0, or the limits of a steady measure would be one line."""
    values = [point.value for point in made.points] + [
        value for value in (made.low, made.high) if value is not None
    ]
    room = 0.08 * (max(values) - min(values) or 1.0)
    return min(values) - room, max(values) + room


def _named(value: float, words: str, colours: Tokens) -> dict:
    return {
        "text": words,
        "x": 1,
        "xref": "paper",
        "xanchor": "left",
        "xshift": 6,
        "y": value,
        "yref": "y",
        "yanchor": "middle",
        "showarrow": False,
        "font": {"size": TICK_SIZE, "color": colours.quiet},
    }
