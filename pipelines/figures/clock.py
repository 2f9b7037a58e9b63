"""Output by time of day: mean volume of a session above, share without milk below, on the local clock."""

from collections.abc import Sequence

import plotly.graph_objects as go

from pipelines.evidence.output import ClockHours, ClockSection
from pipelines.figures.template import blank, over_axis
from pipelines.figures.tokens import tokens, with_alpha

HEIGHT = 420
UPPER, LOWER = (0.52, 1.0), (0.0, 0.32)


def clock(section: ClockSection, mode: str) -> go.Figure:
    """Bars for volume, dots with intervals for the share; a stretch without enough people stays empty."""
    colours, figure = tokens(mode), blank(mode, HEIGHT)
    volumes = [hours for hours in section.hours if hours.mean_volume_ml is not None]
    figure.add_bar(
        x=[_middle(hours) for hours in volumes],
        y=[hours.mean_volume_ml for hours in volumes],
        width=[0.9 * (hours.end_hour - hours.start_hour) for hours in volumes],
        marker={"color": with_alpha(colours.cohort, 0.38)},
        customdata=[_words(hours) for hours in volumes],
        hovertemplate="%{customdata}<br>%{y:.0f} mL a session<extra></extra>",
    )
    _add_shares(figure, [hours for hours in section.hours if hours.share is not None], colours.cohort)
    ticks = [0, 6, 12, 18, 24]
    figure.update_layout(
        annotations=[
            over_axis("mean mL a session", colours),
            over_axis("sessions without milk", colours, y=LOWER[1]),
        ],
        margin={"l": 4, "r": 12, "t": 34, "b": 4},
        xaxis={
            "range": [0, 24],
            "tickvals": ticks,
            "ticktext": [f"{tick} h" for tick in ticks],
            "anchor": "y2",
            "title": {"text": "start of the session, local clock"},
        },
        yaxis={"domain": UPPER, "rangemode": "tozero", "nticks": 4, "tickformat": ",.0f"},
        yaxis2={"domain": LOWER, "rangemode": "tozero", "nticks": 4, "ticksuffix": " %", "anchor": "x"},
    )
    return figure


def _add_shares(figure: go.Figure, hours: Sequence[ClockHours], colour: str) -> None:
    figure.add_scatter(
        x=[_middle(one) for one in hours],
        y=[100 * one.share for one in hours if one.share is not None],
        yaxis="y2",
        mode="markers",
        marker={"size": 8, "color": colour},
        error_y={
            "type": "data",
            "symmetric": False,
            "array": [_reach(one.high, one.share) for one in hours],
            "arrayminus": [_reach(one.share, one.low) for one in hours],
            "width": 0,
            "thickness": 2,
            "color": colour,
        },
        customdata=[_words(one) for one in hours],
        hovertemplate="%{customdata}<br>%{y:.1f} % without milk<extra></extra>",
    )


def _reach(upper: float | None, lower: float | None) -> float:
    return 0.0 if upper is None or lower is None else 100 * (upper - lower)


def _middle(hours: ClockHours) -> float:
    return (hours.start_hour + hours.end_hour) / 2


def _words(hours: ClockHours) -> str:
    people = "" if hours.participants is None else f", {hours.participants:,} people"
    return f"{hours.start_hour} to {hours.end_hour} h{people}"
