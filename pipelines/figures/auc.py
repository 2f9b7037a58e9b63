"""How well a session without milk can be foreseen: the classifier's AUC between its two baselines."""

from collections.abc import Sequence
from dataclasses import dataclass

import plotly.graph_objects as go

from pipelines.figures.template import TICK_SIZE, blank
from pipelines.figures.tokens import Tokens, tokens
from pipelines.results import Classifier

HEIGHT = 250
COIN_TOSS = 0.5


@dataclass(frozen=True)
class _Line:
    """One AUC with its interval, on its own height."""

    words: str
    value: float
    low: float
    high: float
    colour: str


def auc(result: Classifier, mode: str) -> go.Figure:
    """Intervals on one axis: day alone, the model, its challenger, the person's own earlier sessions; those known."""
    colours, figure = tokens(mode), blank(mode, HEIGHT)
    lines = _known(result, colours)
    for height, line in enumerate(lines):
        _add(figure, line, height)
    lowest = min([COIN_TOSS, *(line.low for line in lines)])
    ticks = [tenth / 10 for tenth in range(11) if tenth / 10 >= lowest - 0.01]
    coin_toss = {"type": "line", "x0": COIN_TOSS, "x1": COIN_TOSS, "yref": "paper", "y0": 0, "y1": 1}
    figure.update_layout(
        annotations=[_label(line, height) for height, line in enumerate(lines)],
        shapes=[coin_toss | {"line": {"color": colours.faint, "width": 2}}],
        xaxis={
            "range": [lowest - 0.01, 1.01],
            "tickvals": ticks,
            "ticktext": [f"{tick:g}" for tick in ticks],
            "title": {"text": "AUC: 0.5 = coin toss, 1 = perfect"},
        },
        yaxis={"visible": False, "range": [-0.6, len(lines) - 0.1]},
    )
    return figure


def _known(result: Classifier, colours: Tokens) -> Sequence[_Line]:
    candidates = (
        (
            "day since birth alone",
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
            "gradient boosting, likewise",
            result.challenger_auc,
            result.challenger_low,
            result.challenger_high,
            colours.quiet,
        ),
        (
            "her own earlier sessions",
            result.history_auc,
            result.history_low,
            result.history_high,
            colours.quiet,
        ),
    )
    return [
        _Line(words, value, low, high, colour)
        for words, value, low, high, colour in candidates
        if value is not None and low is not None and high is not None
    ]


def _add(figure: go.Figure, line: _Line, height: int) -> None:
    figure.add_scatter(
        x=[line.low, line.high],
        y=[height, height],
        mode="lines",
        line={"color": line.colour, "width": 2.5},
        hoverinfo="skip",
    )
    figure.add_scatter(
        x=[line.value],
        y=[height],
        mode="markers",
        marker={"size": 10, "color": line.colour},
        hovertemplate=f"{line.words}: %{{x:.2f}} ({line.low:.2f} to {line.high:.2f})<extra></extra>",
    )


def _label(line: _Line, height: int) -> dict:
    return {
        "text": f"{line.value:.2f}  {line.words}",
        "x": COIN_TOSS,
        "y": height,
        "xanchor": "left",
        "xshift": 7,
        "yshift": 20,
        "showarrow": False,
        "font": {"size": TICK_SIZE, "color": line.colour},
    }
