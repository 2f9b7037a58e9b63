"""How often each value occurs, with the range the article advises tinted and its bars strong."""

import plotly.graph_objects as go

from pipelines.evidence.parts import Bin, Distribution
from pipelines.figures.template import TICK_SIZE, blank, over_axis
from pipelines.figures.tokens import Tokens, tokens, with_alpha

HEIGHT = 240


def distribution(found: Distribution, mode: str) -> go.Figure:
    """Bars inside the advised range strong, the others pale; a hidden bar is left out."""
    colours, figure = tokens(mode), blank(mode, HEIGHT)
    shown = [bar for bar in found.bins if bar.share is not None]
    heights = [100 * bar.share for bar in found.bins if bar.share is not None]
    figure.add_bar(
        x=[_middle(bar) for bar in shown],
        y=heights,
        width=[0.86 * (bar.end - bar.start) for bar in shown],
        marker={
            "color": [
                colours.cohort if is_advised(bar, found) else with_alpha(colours.cohort, 0.38)
                for bar in shown
            ]
        },
        customdata=[_words(bar) for bar in shown],
        hovertemplate=f"%{{customdata}}: %{{y:.1f}} % of {found.of}<extra></extra>",
    )
    notes = [over_axis(f"share of {found.of}", colours)]
    shapes = []
    if found.advised_low is not None and found.advised_high is not None and shown:
        shapes.append(_advised_band(found, colours))
        notes.append(_advised_note(found, colours))
    figure.update_layout(
        annotations=notes,
        shapes=shapes,
        margin={"l": 4, "r": 8, "t": 34, "b": 4},
        xaxis={"title": {"text": found.axis}, "nticks": 8},
        yaxis={"ticksuffix": " %", "nticks": 4, "rangemode": "tozero"},
    )
    return figure


def _advised_band(found: Distribution, colours: Tokens) -> dict:
    low, high = _edges(found)
    return {
        "type": "rect",
        "x0": low,
        "x1": high,
        "yref": "paper",
        "y0": 0,
        "y1": 1,
        "layer": "below",
        "fillcolor": with_alpha(colours.reference, 0.1),
        "line": {"width": 0},
    }


def _advised_note(found: Distribution, colours: Tokens) -> dict:
    return {
        "text": f"advised {found.advised_low:g} to {found.advised_high:g}",
        "x": 1,
        "xref": "paper",
        "y": 1,
        "yref": "paper",
        "xanchor": "right",
        "yanchor": "bottom",
        "yshift": 8,
        "showarrow": False,
        "font": {"size": TICK_SIZE, "color": colours.reference},
    }


def is_advised(bar: Bin, found: Distribution) -> bool:
    """The bar lies inside the advised range, both ends included."""
    if found.advised_low is None or found.advised_high is None:
        return False
    return found.advised_low <= _first(bar) and _last(bar) <= found.advised_high


def _first(bar: Bin) -> float:
    return _middle(bar) if bar.end - bar.start <= 1 else bar.start


def _last(bar: Bin) -> float:
    return _middle(bar) if bar.end - bar.start <= 1 else bar.end


def _middle(bar: Bin) -> float:
    return (bar.start + bar.end) / 2


def _words(bar: Bin) -> str:
    if bar.end - bar.start <= 1:
        return f"{_middle(bar):g}"
    return f"{bar.start:g} to under {bar.end:g}"


def _edges(found: Distribution) -> tuple[float, float]:
    """The tint's edges: those of the advised bars, so that it never cuts a bar in two."""
    advised = [bar for bar in found.bins if is_advised(bar, found)]
    if not advised:
        return float(found.advised_low or 0), float(found.advised_high or 0)
    return min(bar.start for bar in advised), max(bar.end for bar in advised)
