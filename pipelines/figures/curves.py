"""Percentile curves of daily volume by day postpartum, with the days without any milk on the same axis."""

from collections.abc import Sequence
from itertools import groupby, pairwise

import plotly.graph_objects as go

from pipelines.evidence.output import CurveSection, DayShare, PublishedValue
from pipelines.figures.template import TICK_SIZE, blank, over_axis
from pipelines.figures.tokens import Tokens, tokens, with_alpha
from pipelines.results import CurvePoint

HEIGHT = 560
UPPER, LOWER = (0.36, 1.0), (0.0, 0.22)
WEEK = 7
# How far up the upper panel a gap is named: between the names of the high and of the low percentiles.
GAP_WORDS_AT = 0.25
MEDIAN = 0.5
MOST_LINES = 5


def curves(section: CurveSection, mode: str) -> go.Figure:
    """Bands between opposite percentiles, lines labelled at their right end, published values as lettered rings.

    A day without an estimate is a gap in every line and band.
    """
    colours, figure = tokens(mode), blank(mode, HEIGHT)
    lines = _uncrowded(_by_probability(section.points))
    for low, high in _bands(lines):
        _add_band(figure, lines[low], lines[high], colours)
    for probability, points in lines.items():
        _add_line(figure, probability, points, colours)
    _add_published(figure, section.published, colours)
    lower = any(day.share for day in section.without_milk)
    if lower:
        _add_without_milk(figure, section.without_milk, colours)
    notes = [over_axis("mL expressed in 24 hours", colours)]
    if lower:
        notes.append(over_axis("people without any milk that day", colours, y=LOWER[1]))
    notes += [
        _end_label(probability, points, colours) for probability, points in lines.items() if _known(points)
    ]
    notes += _gap_words(lines.get(MEDIAN, []), colours)
    days = [point.day_postpartum for point in section.points] + [
        day.day_postpartum for day in section.without_milk
    ]
    _lay_out(figure, notes, max(days, default=WEEK), with_lower=lower)
    return figure


def _by_probability(points: Sequence[CurvePoint]) -> dict[float, list[CurvePoint]]:
    ordered = sorted(points, key=lambda point: (point.probability, point.day_postpartum))
    return {
        probability: list(group)
        for probability, group in groupby(ordered, key=lambda point: point.probability)
    }


def _uncrowded(lines: dict[float, list[CurvePoint]]) -> dict[float, list[CurvePoint]]:
    """The lines without those next to the outermost, whose labels would lie over theirs; all where those are empty."""
    order = sorted(lines)
    if len(order) <= MOST_LINES or not (_known(lines[order[0]]) and _known(lines[order[-1]])):
        return lines
    return {
        probability: lines[probability] for probability in order if probability not in (order[1], order[-2])
    }


def _bands(lines: dict[float, list[CurvePoint]]) -> list[tuple[float, float]]:
    """Pairs of opposite percentiles, the widest first so that the narrower lies on it."""
    lower = [probability for probability in lines if probability < MEDIAN]
    opposite = {round(1 - probability, 4): probability for probability in lines}
    return [(low, opposite[round(low, 4)]) for low in lower if round(low, 4) in opposite]


def _known(points: Sequence[CurvePoint]) -> list[CurvePoint]:
    return [point for point in points if point.volume_ml is not None]


def runs(points: Sequence[CurvePoint]) -> list[list[CurvePoint]]:
    """Stretches of days in a row that have an estimate."""
    found: list[list[CurvePoint]] = []
    for point in _known(points):
        if found and point.day_postpartum == found[-1][-1].day_postpartum + 1:
            found[-1].append(point)
        else:
            found.append([point])
    return found


def _gap_words(points: Sequence[CurvePoint], colours: Tokens) -> list[dict]:
    """The words "too few people" in every gap of the middle line that is wide enough to hold the words."""
    gaps = [(before[-1].day_postpartum, after[0].day_postpartum) for before, after in pairwise(runs(points))]
    return [
        {
            "text": "too few<br>people",
            "x": (start + end) / 2,
            "y": UPPER[0] + GAP_WORDS_AT * (UPPER[1] - UPPER[0]),
            "yref": "paper",
            "showarrow": False,
            "font": {"size": TICK_SIZE, "color": colours.quiet},
        }
        for start, end in gaps
        if end - start > 2 * WEEK
    ]


def _add_band(figure: go.Figure, low: list[CurvePoint], high: list[CurvePoint], colours: Tokens) -> None:
    upper = {point.day_postpartum: point for point in _known(high)}
    both = [point for point in low if point.volume_ml is not None and point.day_postpartum in upper]
    for run in runs(both):
        days = [point.day_postpartum for point in run]
        figure.add_scatter(
            x=days + days[::-1],
            y=[point.volume_ml for point in run] + [upper[day].volume_ml for day in reversed(days)],
            fill="toself",
            fillcolor=with_alpha(colours.cohort, 0.14),
            line={"width": 0},
            mode="lines",
            hoverinfo="skip",
        )


def _add_line(figure: go.Figure, probability: float, points: list[CurvePoint], colours: Tokens) -> None:
    middle = probability == MEDIAN
    figure.add_scatter(
        x=[point.day_postpartum for point in points],
        y=[point.volume_ml for point in points],
        mode="lines",
        connectgaps=False,
        line={"color": colours.cohort, "width": 3 if middle else 1},
        customdata=[point.participants for point in points],
        hovertemplate=f"day %{{x}}: {_words(probability)} %{{y:,.0f}} mL<br>%{{customdata}} people<extra></extra>",
    )


def _words(probability: float) -> str:
    return "half below" if probability == MEDIAN else f"{100 * probability:g} % below"


def _end_label(probability: float, points: list[CurvePoint], colours: Tokens) -> dict:
    last = _known(points)[-1]
    middle = probability == MEDIAN
    words = "<b>half</b>" if middle else f"{100 * probability:g} %"
    return {
        "text": words,
        "x": last.day_postpartum,
        "y": last.volume_ml,
        "xanchor": "left",
        "xshift": 6,
        "showarrow": False,
        "font": {"size": TICK_SIZE, "color": colours.cohort},
    }


def _add_published(figure: go.Figure, published: Sequence[PublishedValue], colours: Tokens) -> None:
    if not published:
        return
    figure.add_scatter(
        x=[value.day_postpartum for value in published],
        y=[value.volume_ml for value in published],
        text=[value.letter for value in published],
        customdata=[value.words for value in published],
        mode="markers+text",
        marker={"size": 19, "color": colours.paper, "line": {"color": colours.reference, "width": 1.5}},
        textfont={"size": 12, "color": colours.reference},
        hovertemplate="%{customdata}<extra></extra>",
    )


def _add_without_milk(figure: go.Figure, days: Sequence[DayShare], colours: Tokens) -> None:
    figure.add_scatter(
        x=[day.day_postpartum for day in days],
        y=[None if day.share is None else 100 * day.share for day in days],
        customdata=[day.participants for day in days],
        yaxis="y2",
        mode="lines",
        connectgaps=False,
        line={"color": colours.cohort, "width": 2},
        hovertemplate="day %{x}: %{y:.0f} % without any milk<br>%{customdata} people<extra></extra>",
    )


def _ticks(last_day: int) -> list[int]:
    step = WEEK if last_day <= 6 * WEEK else 2 * WEEK
    ticks = list(range(0, last_day + 1, step))
    return ticks if WEEK in ticks or last_day < WEEK else sorted([*ticks, WEEK])


def day_axis(last_day: int) -> dict:
    """The axis of days since birth up to a last day, in weeks."""
    return {
        "range": [-0.4, last_day + 0.4],
        "tickvals": _ticks(last_day),
        "title": {"text": "days since birth (day of birth = 0)"},
    }


def _lay_out(figure: go.Figure, notes: list[dict], last_day: int, *, with_lower: bool) -> None:
    figure.update_layout(
        annotations=notes,
        margin={"l": 4, "r": 44, "t": 34, "b": 4},
        xaxis=day_axis(last_day) | {"anchor": "y2" if with_lower else "y"},
        yaxis={
            "domain": UPPER if with_lower else (0, 1),
            "rangemode": "tozero",
            "tickformat": ",.0f",
            "nticks": 8,
        },
    )
    if with_lower:
        figure.update_layout(
            yaxis2={
                "domain": LOWER,
                "rangemode": "tozero",
                "ticksuffix": " %",
                "nticks": 4,
                "anchor": "x",
            }
        )
