"""How well a session without milk can be foreseen: the classifier's AUC between its two baselines."""

import plotly.graph_objects as go

from pipelines.figures.template import TICK_SIZE, blank
from pipelines.figures.tokens import tokens
from pipelines.results import Classifier

HEIGHT = 250
COIN_TOSS = 0.5


def auc(result: Classifier, mode: str) -> go.Figure:
    """Three intervals on one axis: day alone, the model, the person's own earlier sessions; missing ones left out."""
    colours, figure = tokens(mode), blank(mode, HEIGHT)
    lines = [
        (
            "day postpartum alone",
            result.baseline_auc,
            result.baseline_low,
            result.baseline_high,
            colours.quiet,
        ),
        (
            "the model, for a person it has not seen",
            result.auc,
            result.auc_low,
            result.auc_high,
            colours.cohort,
        ),
        (
            "her own earlier sessions",
            result.history_auc,
            result.history_low,
            result.history_high,
            colours.quiet,
        ),
    ]
    known = [line for line in lines if line[1] is not None]
    notes = []
    for height, (words, value, low, high, colour) in enumerate(known):
        figure.add_scatter(
            x=[low, high],
            y=[height, height],
            mode="lines",
            line={"color": colour, "width": 2.5},
            hoverinfo="skip",
        )
        figure.add_scatter(
            x=[value],
            y=[height],
            mode="markers",
            marker={"size": 10, "color": colour},
            hovertemplate=f"{words}: %{{x:.2f}} ({low:.2f} to {high:.2f})<extra></extra>",
        )
        notes.append(_label(f"{value:.2f}  {words}", height, colour))
    lowest = min([COIN_TOSS, *(line[2] for line in known)])
    figure.update_layout(
        annotations=notes,
        shapes=[
            {
                "type": "line",
                "x0": COIN_TOSS,
                "x1": COIN_TOSS,
                "yref": "paper",
                "y0": 0,
                "y1": 1,
                "line": {"color": colours.faint, "width": 2},
            }
        ],
        xaxis={
            "range": [lowest - 0.01, 1.01],
            "tickvals": [0.5, 0.6, 0.7, 0.8, 0.9, 1],
            "ticktext": ["0.5", "0.6", "0.7", "0.8", "0.9", "1"],
            "title": {"text": "AUC: 0.5 = coin toss, 1 = perfect"},
        },
        yaxis={"visible": False, "range": [-0.6, len(known) - 0.1]},
    )
    return figure


def _label(words: str, height: int, colour: str) -> dict:
    return {
        "text": words,
        "x": COIN_TOSS,
        "y": height,
        "xanchor": "left",
        "xshift": 7,
        "yshift": 20,
        "showarrow": False,
        "font": {"size": TICK_SIZE, "color": colour},
    }
