"""Decision curve: what acting by the predicted chance is worth beside acting on every session or on none."""

import plotly.graph_objects as go

from pipelines.figures.template import TICK_SIZE, blank, over_axis
from pipelines.figures.tokens import tokens, with_alpha
from pipelines.results import Classifier

HEIGHT = 250


def decision(result: Classifier, mode: str) -> go.Figure:
    """Net benefit in 100 sessions by threshold: the model with its interval, everyone (faint), nobody (0)."""
    colours, figure = tokens(mode), blank(mode, HEIGHT)
    points = result.decision
    thresholds = [100 * point.threshold for point in points]
    figure.add_scatter(
        x=thresholds + thresholds[::-1],
        y=[100 * point.high for point in points] + [100 * point.low for point in reversed(points)],
        mode="lines",
        fill="toself",
        fillcolor=with_alpha(colours.cohort, 0.15),
        line={"width": 0},
        hoverinfo="skip",
    )
    figure.add_scatter(
        x=thresholds,
        y=[100 * point.everyone for point in points],
        mode="lines",
        line={"color": colours.faint, "width": 2, "dash": "dot"},
        hovertemplate="every session: %{y:.1f} in 100<extra></extra>",
    )
    figure.add_scatter(
        x=thresholds,
        y=[100 * point.model for point in points],
        customdata=[point.participants for point in points],
        mode="lines+markers",
        line={"color": colours.cohort, "width": 2.5},
        marker={"size": 7},
        hovertemplate="by the model, from %{x:g} in 100 on: %{y:.2f} in 100<br>%{customdata} people<extra></extra>",
    )
    top = 110 * max([point.high for point in points] + [point.everyone for point in points], default=0.1)
    figure.update_layout(
        annotations=[over_axis("net benefit in 100 sessions", colours), *_labels(result, colours.quiet)],
        margin={"l": 4, "r": 16, "t": 34, "b": 4},
        xaxis={"ticksuffix": " %", "nticks": 7, "title": {"text": "act from this predicted chance on"}},
        yaxis={"range": [-0.35 * top, top], "nticks": 6, "zeroline": True, "zerolinecolor": colours.faint},
    )
    return figure


def _labels(result: Classifier, colour: str) -> list[dict]:
    if not result.decision:
        return []
    first, last = result.decision[0], result.decision[-1]
    plain = {"showarrow": False, "font": {"size": TICK_SIZE, "color": colour}}
    return [
        plain
        | {
            "text": "dotted: act on every session",
            "x": 100 * first.threshold,
            "y": 0,
            "xanchor": "left",
            "yanchor": "top",
            "yshift": -6,
        },
        plain
        | {
            "text": "0: act on none",
            "x": 100 * last.threshold,
            "y": 0,
            "xanchor": "right",
            "yanchor": "top",
            "yshift": -6,
        },
    ]
