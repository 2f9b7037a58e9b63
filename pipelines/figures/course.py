"""One person's course: daily volume over the cohort's bands, sessions by clock time, reports and signs on one axis."""

from collections.abc import Sequence
from itertools import groupby

import plotly.graph_objects as go

from pipelines.evidence.course import EMPTY, MILK, Course, CourseReport, CourseSession, CourseSpan
from pipelines.evidence.volume_units import DIGITS, MILLILITRES, NAMES, amount
from pipelines.figures.template import TICK_SIZE, blank, over_axis
from pipelines.figures.tokens import Tokens, tokens, with_alpha
from pipelines.results import CurvePoint

# Heights in pixels: the two panels with what lies between and around them, and one row of reports with its name.
VOLUME, BETWEEN, STRIP, BELOW, ROW, AROUND = 220, 50, 170, 16, 34, 90
MEDIAN = 0.5
HOURS = (0, 6, 12, 18, 24)


def course(made: Course, mode: str, *, chosen: str = "", unit: str = MILLILITRES) -> go.Figure:
    """The course of one person; the days of the sign `chosen` ("" for all) are tinted through every panel.

    Volumes are drawn in `unit`, mL or ounces.

    Open rings are sessions without milk, small dots those whose volume is not known; days without a log are hatched
    in grey. Each row below is a report in the codebook's words.
    """
    colours, figure = tokens(mode), blank(mode, _height(made) + AROUND)
    _tint(figure, [sign for sign in made.signs if not chosen or sign.id == chosen], colours.reference, 0.16)
    _tint(figure, made.gaps, colours.quiet, 0.14)
    _add_bands(figure, made.bands, colours, unit)
    _add_volume(figure, made, colours, unit)
    _add_strip(figure, made.sessions, colours, unit)
    _add_reports(figure, made, colours)
    notes = [
        over_axis(f"{NAMES[unit]} expressed in 24 hours{_bands_words(made)}", colours),
        over_axis("sessions by clock, open = no milk", colours, y=_strip(made)[1]),
        *(_gap_word(gap, _strip(made)[0], colours) for gap in made.gaps),
        *(_report_name(place, report, colours) for place, report in enumerate(made.reports)),
    ]
    _lay_out(figure, made, notes, unit)
    return figure


def _in_unit(volumes: Sequence[float | None], unit: str) -> list[float | None]:
    return [None if volume is None else amount(volume, unit) for volume in volumes]


def _told(name: str, unit: str) -> str:
    """A hover's number with its unit."""
    return f"%{{{name}:,.{DIGITS[unit]}f}} {NAMES[unit]}"


def _height(made: Course) -> int:
    """The height of all panels in pixels, without what stands around them."""
    return VOLUME + BETWEEN + STRIP + (BELOW + ROW * len(made.reports) if made.reports else 0)


def _strip(made: Course) -> tuple[float, float]:
    """Where the sessions' strip lies, as shares of the panels' height."""
    low = BELOW + ROW * len(made.reports) if made.reports else 0
    return low / _height(made), (low + STRIP) / _height(made)


def _from_zero(made: Course, unit: str) -> tuple[float, float]:
    """The volume axis: a little below 0, so that the dot of a day without milk is whole, to a little above the top."""
    drawn = [day.volume_ml for day in made.days] + [point.volume_ml for point in made.bands]
    top = amount(max((volume for volume in drawn if volume), default=1.0), unit)
    return -0.03 * top, 1.05 * top


def _report_name(place: int, report: CourseReport, colours: Tokens) -> dict:
    """The name of a row of reports over its marks: beside them it would take the days' room on a phone."""
    return {
        "text": report.label,
        "x": 0,
        "xref": "paper",
        "xanchor": "left",
        "y": place,
        "yref": "y3",
        "yanchor": "bottom",
        "yshift": 5,
        "showarrow": False,
        "font": {"size": TICK_SIZE, "color": colours.quiet},
    }


def _bands_words(made: Course) -> str:
    return f"; bands: {made.bands_of}" if made.bands_of else ""


def _tint(figure: go.Figure, spans: Sequence[CourseSpan], colour: str, alpha: float) -> None:
    for span in spans:
        figure.add_shape(
            type="rect",
            x0=span.first_day - 0.5,
            x1=span.last_day + 0.5,
            y0=0,
            y1=1,
            xref="x",
            yref="paper",
            fillcolor=with_alpha(colour, alpha),
            line={"width": 0},
            layer="below",
        )


def _gap_word(gap: CourseSpan, y: float, colours: Tokens) -> dict:
    return {
        "text": gap.label,
        "x": (gap.first_day + gap.last_day) / 2,
        "y": y,
        "yref": "paper",
        "yanchor": "bottom",
        "showarrow": False,
        "font": {"size": TICK_SIZE, "color": colours.quiet},
        "textangle": -90 if gap.last_day - gap.first_day < 2 else 0,
    }


def _add_bands(figure: go.Figure, points: Sequence[CurvePoint], colours: Tokens, unit: str) -> None:
    ordered = sorted(points, key=lambda point: (point.probability, point.day_postpartum))
    lines = {key: list(group) for key, group in groupby(ordered, key=lambda point: point.probability)}
    for low in (probability for probability in lines if probability < MEDIAN):
        high = next((each for each in lines if abs(each - (1 - low)) < 1e-6), None)
        if high is not None:
            _add_band(figure, lines[low], lines[high], colours, unit)
    if MEDIAN in lines:
        figure.add_scatter(
            x=[point.day_postpartum for point in lines[MEDIAN]],
            y=_in_unit([point.volume_ml for point in lines[MEDIAN]], unit),
            mode="lines",
            line={"color": colours.faint, "width": 1},
            hovertemplate=f"day %{{x}}: half express less than {_told('y', unit)}<extra></extra>",
        )


def _add_band(
    figure: go.Figure, low: Sequence[CurvePoint], high: Sequence[CurvePoint], colours: Tokens, unit: str
) -> None:
    upper = {point.day_postpartum: point.volume_ml for point in high}
    both = [point for point in low if point.day_postpartum in upper]
    days = [point.day_postpartum for point in both]
    figure.add_scatter(
        x=days + days[::-1],
        y=_in_unit([point.volume_ml for point in both] + [upper[day] for day in reversed(days)], unit),
        fill="toself",
        fillcolor=with_alpha(colours.quiet, 0.13),
        line={"width": 0},
        mode="lines",
        hoverinfo="skip",
    )


def _add_volume(figure: go.Figure, made: Course, colours: Tokens, unit: str) -> None:
    """Her complete days; a day without a number leaves a gap in the line."""
    volumes = {day.day: day for day in made.days}
    days = list(range(made.first_day, made.last_day + 1))
    figure.add_scatter(
        x=days,
        y=_in_unit([volumes[day].volume_ml if day in volumes else None for day in days], unit),
        customdata=[volumes[day].sessions if day in volumes else None for day in days],
        mode="lines+markers",
        connectgaps=False,
        line={"color": colours.cohort, "width": 2.5},
        marker={"size": 7, "color": colours.cohort},
        hovertemplate=f"day %{{x}}: {_told('y', unit)} in %{{customdata}} sessions<extra></extra>",
    )


def _add_strip(figure: go.Figure, sessions: Sequence[CourseSession], colours: Tokens, unit: str) -> None:
    looks = {
        MILK: {"symbol": "circle", "size": 7, "color": colours.cohort},
        EMPTY: {"symbol": "circle-open", "size": 9, "color": colours.reference, "line": {"width": 2}},
    }
    other = {"symbol": "circle", "size": 3, "color": colours.faint}
    for state, words in (
        (MILK, _told("customdata", unit)),
        (EMPTY, "no milk"),
        ("unknown", "volume not known"),
    ):
        own = [session for session in sessions if session.state == state]
        figure.add_scatter(
            x=[session.day for session in own],
            y=[session.minute_of_day / 60 for session in own],
            customdata=_in_unit([session.volume_ml for session in own], unit),
            yaxis="y2",
            mode="markers",
            marker=looks.get(state, other),
            hovertemplate=f"day %{{x}}: {words}<extra></extra>",
        )


def _add_reports(figure: go.Figure, made: Course, colours: Tokens) -> None:
    for place, report in enumerate(made.reports):
        figure.add_scatter(
            x=list(report.days),
            y=[place] * len(report.days),
            yaxis="y3",
            mode="markers",
            marker={"symbol": "square", "size": 9, "color": colours.quiet},
            hovertemplate=f"day %{{x}}: {report.label}<extra></extra>",
        )


def _lay_out(figure: go.Figure, made: Course, notes: list[dict], unit: str) -> None:
    rows = len(made.reports)
    figure.update_layout(
        annotations=notes,
        margin={"l": 4, "r": 12, "t": 34, "b": 4},
        xaxis={
            "range": [made.first_day - 0.7, made.last_day + 0.7],
            "title": {"text": made.day_axis},
            "anchor": "y3" if rows else "y2",
        },
        yaxis={
            "domain": (1 - VOLUME / _height(made), 1),
            "range": _from_zero(made, unit),
            "tickformat": ",.0f",
            "nticks": 6,
        },
        yaxis2={
            "domain": _strip(made),
            "range": [24.6, -0.6],
            "tickvals": list(HOURS),
            "ticktext": [f"{hour} h" for hour in HOURS],
            "anchor": "x",
        },
    )
    if rows:
        figure.update_layout(
            yaxis3={
                "domain": (0, ROW * rows / _height(made)),
                "range": [rows - 0.7, -0.7],
                "showticklabels": False,
                "showgrid": False,
                "anchor": "x",
            }
        )
