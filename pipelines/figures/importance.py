"""What the classifier leans on: AUC lost on held-out people when a group of factors is shuffled."""

from collections.abc import Sequence

import plotly.graph_objects as go

from pipelines.evidence.classifier import LeaningRow
from pipelines.figures.template import TICK_SIZE, blank
from pipelines.figures.tokens import tokens

ROW_HEIGHT = 46
LONGEST_LABEL = 46


def importance(rows: Sequence[LeaningRow], mode: str) -> go.Figure:
    """One interval a group, largest loss on top, its name above the interval."""
    colours, figure = tokens(mode), blank(mode, 60 + ROW_HEIGHT * len(rows))
    heights = list(range(len(rows)))[::-1]
    for row, height in zip(rows, heights, strict=True):
        colour = colours.cohort if row.low > 0 else colours.quiet
        figure.add_scatter(
            x=[row.low, row.high],
            y=[height, height],
            mode="lines",
            line={"color": colour, "width": 2.5},
            hoverinfo="skip",
        )
        figure.add_scatter(
            x=[row.loss],
            y=[height],
            mode="markers",
            marker={"size": 9, "color": colour},
            hovertemplate=f"{_short(row.label)}: %{{x:.3f}} ({row.low:.3f} to {row.high:.3f})<extra></extra>",
        )
    left = min([0.0, *(row.low for row in rows)])
    right = max([0.01, *(row.high for row in rows)])
    figure.update_layout(
        annotations=[
            {
                "text": _short(row.label),
                "x": left,
                "y": height,
                "xanchor": "left",
                "yshift": 17,
                "showarrow": False,
                "font": {"size": TICK_SIZE, "color": colours.ink},
                "bgcolor": colours.paper,
            }
            for row, height in zip(rows, heights, strict=True)
        ],
        shapes=[
            {
                "type": "line",
                "x0": 0,
                "x1": 0,
                "yref": "paper",
                "y0": 0,
                "y1": 1,
                "layer": "below",
                "line": {"color": colours.faint, "width": 2},
            }
        ],
        xaxis={"range": [left - 0.002, right * 1.05], "nticks": 6, "title": {"text": "AUC lost"}},
        yaxis={"visible": False, "range": [-0.5, len(rows) - 0.1]},
    )
    return figure


def _short(label: str) -> str:
    """A label that fits a phone; the whole one is in the numbers."""
    return label if len(label) <= LONGEST_LABEL else f"{label[: LONGEST_LABEL - 1].rstrip(' ,')}…"
