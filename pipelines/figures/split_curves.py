"""The middle of daily volume of several groups on one axis, told apart by the line's pattern and a label at its end."""

import plotly.graph_objects as go

from pipelines.evidence.curves import MIDDLE, SplitCurves
from pipelines.figures.curves import day_axis, runs
from pipelines.figures.template import TICK_SIZE, blank, over_axis
from pipelines.figures.tokens import Tokens, tokens, with_alpha
from pipelines.results import CurvePoint

HEIGHT = 400
DASHES = ("solid", "dash", "dot", "dashdot", "longdash", "longdashdot")
TINT = 0.1
# Labels nearer to each other than this share of the axis are pushed apart.
APART = 0.07
LABEL_ROOM = 104
LETTERS_A_LINE = 14


def split_curves(found: SplitCurves, mode: str) -> go.Figure:
    """One line a group with its 95 % interval tinted; days without an estimate are a gap."""
    colours, figure = tokens(mode), blank(mode, HEIGHT)
    lines = {group: _middle(found, group) for group in found.groups}
    for group, dash in zip(lines, DASHES * len(lines), strict=False):
        _add_group(figure, group, lines[group], dash, colours)
    top = max((point.ci_high or 0 for points in lines.values() for point in points), default=0)
    last = max((point.day_postpartum for points in lines.values() for point in points), default=0)
    figure.update_layout(
        annotations=[over_axis("mL expressed in 24 hours", colours), *_labels(lines, top, colours)],
        margin={"l": 4, "r": LABEL_ROOM, "t": 34, "b": 4},
        xaxis=day_axis(last),
        yaxis={"range": [0, top * 1.05], "tickformat": ",.0f", "nticks": 6},
    )
    return figure


def _middle(found: SplitCurves, group: str) -> list[CurvePoint]:
    return [point for point in found.points if point.cohort == group and point.probability == MIDDLE]


def _add_group(figure: go.Figure, group: str, points: list[CurvePoint], dash: str, colours: Tokens) -> None:
    for run in runs(points):
        days = [point.day_postpartum for point in run]
        figure.add_scatter(
            x=days + days[::-1],
            y=[point.ci_low for point in run] + [point.ci_high for point in reversed(run)],
            fill="toself",
            fillcolor=with_alpha(colours.cohort, TINT),
            line={"width": 0},
            mode="lines",
            hoverinfo="skip",
        )
    figure.add_scatter(
        x=[point.day_postpartum for point in points],
        y=[point.volume_ml for point in points],
        mode="lines",
        connectgaps=False,
        line={"color": colours.cohort, "width": 2.5, "dash": dash},
        customdata=[_people(point) for point in points],
        hovertemplate=f"day %{{x}}, {group}: half below %{{y:,.0f}} mL%{{customdata}}<extra></extra>",
    )


def _people(point: CurvePoint) -> str:
    return "" if point.participants is None else f"<br>{point.participants:,} people"


def _labels(lines: dict[str, list[CurvePoint]], top: float, colours: Tokens) -> list[dict]:
    """Each group's name at the end of its line, from the lowest up, none over another."""
    ends = [(runs(points)[-1][-1], group) for group, points in lines.items()]
    ends.sort(key=lambda each: each[0].volume_ml or 0)
    labels, lowest = [], -top
    for point, group in ends:
        height = max(point.volume_ml or 0, lowest + APART * top)
        lowest = height
        labels.append(
            {
                "text": _wrapped(group),
                "x": point.day_postpartum,
                "y": height,
                "xanchor": "left",
                "align": "left",
                "xshift": 6,
                "showarrow": False,
                "font": {"size": TICK_SIZE, "color": colours.cohort},
            }
        )
    return labels


def _wrapped(group: str) -> str:
    """A long name on two lines."""
    if len(group) <= LETTERS_A_LINE or " " not in group:
        return group
    first, rest = group.split(" ", 1) if group.index(" ") > LETTERS_A_LINE // 2 else group.rsplit(" ", 1)
    return f"{first}<br>{rest}"
