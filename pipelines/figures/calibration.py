"""Calibration: of the sessions for which a share was foreseen, how many really ended without milk."""

import plotly.graph_objects as go

from pipelines.figures.template import TICK_SIZE, blank, over_axis
from pipelines.figures.tokens import tokens
from pipelines.results import Classifier

HEIGHT = 250


def calibration(result: Classifier, mode: str) -> go.Figure:
    """Held-out groups with intervals against the line on which foreseen and seen agree."""
    colours, figure = tokens(mode), blank(mode, HEIGHT)
    points = result.calibration
    end = 108 * max([point.predicted for point in points] + [point.high for point in points], default=0.9)
    figure.add_scatter(
        x=[0, end],
        y=[0, end],
        mode="lines",
        line={"color": colours.faint, "width": 2, "dash": "dot"},
        hoverinfo="skip",
    )
    figure.add_scatter(
        x=[100 * point.predicted for point in points],
        y=[100 * point.observed for point in points],
        error_y={
            "type": "data",
            "symmetric": False,
            "array": [100 * (point.high - point.observed) for point in points],
            "arrayminus": [100 * (point.observed - point.low) for point in points],
            "width": 0,
            "thickness": 2,
            "color": colours.cohort,
        },
        customdata=[point.participants for point in points],
        mode="markers",
        marker={"size": 9, "color": colours.cohort},
        hovertemplate="foreseen %{x:.1f} %, seen %{y:.1f} %<br>%{customdata} people<extra></extra>",
    )
    agree = {
        "text": "as foreseen",
        "x": 0.97 * end,
        "y": 0.97 * end,
        "xanchor": "right",
        "yanchor": "bottom",
        "xshift": -6,
        "showarrow": False,
        "font": {"size": TICK_SIZE, "color": colours.quiet},
    }
    figure.update_layout(
        annotations=[over_axis("seen without milk", colours), agree],
        margin={"l": 4, "r": 16, "t": 34, "b": 4},
        xaxis={
            "range": [0, end],
            "ticksuffix": " %",
            "nticks": 6,
            "title": {"text": "foreseen without milk"},
        },
        yaxis={"range": [0, end], "ticksuffix": " %", "nticks": 6},
    )
    return figure
