"""Figures without Streamlit: gaps stay gaps, hidden stays hidden, colours are the mode's."""

import pytest

from pipelines.evidence.classifier import LeaningRow
from pipelines.evidence.course import Course, CourseDay, CourseReport
from pipelines.evidence.output import ClockHours, ClockSection, CurveSection, DayShare, PublishedValue
from pipelines.evidence.parts import Bin, Distribution
from pipelines.evidence.trends import Trend, TrendPoint
from pipelines.figures.auc import auc
from pipelines.figures.calibration import calibration
from pipelines.figures.clock import clock
from pipelines.figures.course import course
from pipelines.figures.curves import curves
from pipelines.figures.decision import decision
from pipelines.figures.distribution import distribution, is_advised
from pipelines.figures.importance import importance
from pipelines.figures.template import template
from pipelines.figures.tokens import DARK, LIGHT, tokens
from pipelines.figures.trend import trend
from pipelines.results import CalibrationPoint, Classifier, CurvePoint, DecisionPoint


def curve(days=range(8), missing=(), probabilities=(0.25, 0.5, 0.75)) -> tuple[CurvePoint, ...]:
    return tuple(
        CurvePoint("", day, probability, None, None, None, None, "suppressed", "too few")
        if day in missing
        else CurvePoint("", day, probability, 100 * probability * day, 0, 900, 40, "estimated")
        for probability in probabilities
        for day in days
    )


def section(**more) -> CurveSection:
    parts = {"points": curve(), "without_milk": (), "published": (), "line": "", "reading": ""} | more
    return CurveSection(**parts)


def traces(figure, mode):
    return [trace for trace in figure.data if trace.mode == mode]


def test_template_has_no_legend_and_makes_room_for_ticks():
    layout = template("light").layout
    assert layout.showlegend is False and layout.xaxis.automargin and layout.yaxis.automargin


def test_template_is_transparent_on_screen_and_solid_when_it_leaves():
    assert template("dark").layout.paper_bgcolor == "rgba(0,0,0,0)"
    assert template("dark", solid=True).layout.paper_bgcolor == DARK.paper


def test_a_hidden_day_is_a_gap_in_every_line():
    figure = curves(section(points=curve(missing=(4,))), "light")
    lines = [trace for trace in traces(figure, "lines") if trace.fill is None]
    assert all(trace.y[4] is None and trace.connectgaps is False for trace in lines)


def test_a_hidden_day_splits_the_band():
    whole, split = curves(section(), "light"), curves(section(points=curve(missing=(4,))), "light")
    bands = [[trace for trace in figure.data if trace.fill == "toself"] for figure in (whole, split)]
    assert [len(found) for found in bands] == [1, 2]
    assert 4 not in bands[1][0].x + bands[1][1].x


def test_the_middle_line_is_named_half():
    texts = [note.text for note in curves(section(), "light").layout.annotations]
    assert "<b>half</b>" in texts and "25 %" in texts


def test_a_percentile_hidden_on_every_day_has_no_label():
    points = curve() + curve(missing=range(8), probabilities=(0.05,))
    texts = [note.text for note in curves(section(points=points), "light").layout.annotations]
    assert "5 %" not in texts


def test_days_without_milk_share_the_axis():
    figure = curves(section(without_milk=(DayShare(0, 0.4, 30), DayShare(1, None, None))), "light")
    lower = next(trace for trace in figure.data if trace.yaxis == "y2")
    assert tuple(lower.y) == (40, None) and figure.layout.xaxis.anchor == "y2"


def test_published_values_are_lettered():
    figure = curves(section(published=(PublishedValue("A", 4, 150, "median"),)), "light")
    rings = next(trace for trace in figure.data if trace.mode == "markers+text")
    assert tuple(rings.text) == ("A",) and tuple(rings.customdata) == ("median",)


def test_no_curve_at_all_still_draws():
    assert curves(section(points=()), "light").data == ()


@pytest.mark.parametrize(("mode", "colours"), [("light", LIGHT), ("dark", DARK)])
def test_lines_take_the_colour_of_the_mode(mode, colours):
    lines = [trace for trace in curves(section(), mode).data if trace.fill is None]
    assert {trace.line.color for trace in lines} == {colours.cohort}


def found(**more) -> Distribution:
    bins = tuple(Bin(start - 0.5, start + 0.5, 0.1) for start in range(10, 26))
    parts = {
        "reading": "",
        "axis": "minutes",
        "of": "sessions",
        "bins": bins,
        "advised_low": 15,
        "advised_high": 20,
    }
    return Distribution(line="", **(parts | more))


def test_advised_range_includes_both_ends():
    advised = [(bar.start + bar.end) / 2 for bar in found().bins if is_advised(bar, found())]
    assert advised == [15, 16, 17, 18, 19, 20]


def test_wide_bar_is_advised_only_as_a_whole():
    wide = found(bins=(Bin(10, 15, 0.5), Bin(15, 20, 0.4), Bin(18, 23, 0.1)))
    assert [is_advised(bar, wide) for bar in wide.bins] == [False, True, False]


def test_tint_never_cuts_a_bar():
    tint = distribution(found(), "light").layout.shapes[0]
    assert (tint.x0, tint.x1) == (14.5, 20.5)


def test_without_advice_nothing_is_tinted():
    figure = distribution(found(advised_low=None, advised_high=None), "light")
    assert figure.layout.shapes == () and LIGHT.cohort not in figure.data[0].marker.color


def test_a_hidden_bar_is_left_out():
    figure = distribution(found(bins=(Bin(0, 1, None), Bin(1, 2, 0.5))), "light")
    assert tuple(figure.data[0].x) == (1.5,) and tuple(figure.data[0].y) == (50,)


def test_auc_stands_between_its_baselines():
    result = Classifier(
        auc=0.63,
        auc_low=0.58,
        auc_high=0.68,
        baseline_auc=0.56,
        baseline_low=0.5,
        baseline_high=0.6,
        history_auc=0.79,
        history_low=0.7,
        history_high=0.8,
    )
    texts = [note.text for note in auc(result, "light").layout.annotations]
    assert [text[:4] for text in texts] == ["0.56", "0.63", "0.79"]


def test_a_missing_baseline_is_left_out():
    figure = auc(Classifier(auc=0.6, auc_low=0.4, auc_high=0.7), "light")
    assert len(figure.layout.annotations) == 1 and figure.layout.xaxis.range[0] < 0.4


def test_calibration_points_carry_their_intervals():
    result = Classifier(calibration=(CalibrationPoint(0.1, 0.12, 0.08, 0.2, 50),))
    points = calibration(result, "light").data[1]
    assert tuple(points.x) == (10,) and tuple(points.y) == (12,)
    assert points.error_y.array[0] == pytest.approx(8) and points.error_y.arrayminus[0] == pytest.approx(4)


def test_a_stretch_of_the_clock_with_too_few_people_stays_empty():
    hours = (
        ClockHours(0, 2, None, None, None, None, None, None),
        ClockHours(2, 4, 0.05, 0.03, 0.08, 70, 40, 300),
    )
    bars, dots = clock(ClockSection("", hours, ""), "light").data
    assert tuple(bars.x) == (3,) and tuple(dots.y) == (5,)


def test_the_decision_curve_draws_the_model_with_its_band_beside_everyone():
    points = (
        DecisionPoint(0.05, 0.03, 0.01, 0.05, 0.04, 240),
        DecisionPoint(0.1, 0.01, 0.004, 0.02, -0.02, 200),
    )
    drawn = decision(Classifier(auc=0.6, decision=points), "light")
    band, everyone, model = drawn.data
    assert list(model.x) == [5, 10] and list(model.y) == pytest.approx([3, 1])
    assert list(band.y) == pytest.approx([5, 2, 0.4, 1]) and list(everyone.y) == pytest.approx([4, -2])
    low, high = drawn.layout.yaxis.range
    assert low < 0 < 5 < high


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_importance_draws_doubtful_groups_quietly_and_shortens_long_names(mode):
    rows = (
        LeaningRow("Stress", 0.05, 0.03, 0.07),
        LeaningRow("A very long list of factors that go together, and one more", 0.001, -0.01, 0.012),
    )
    drawn = importance(rows, mode)
    assert drawn.data[0].line.color == tokens(mode).cohort and drawn.data[2].line.color == tokens(mode).quiet
    assert drawn.layout.annotations[0].text == "Stress"
    assert drawn.layout.annotations[1].text.endswith("…") and len(drawn.layout.annotations[1].text) <= 46
    assert drawn.data[1].y[0] > drawn.data[3].y[0]


def test_a_trend_marks_days_that_are_more_than_chance_by_their_shape_and_names_its_lines():
    points = (TrendPoint(0, 9.0, True), TrendPoint(1, 6.0, False), TrendPoint(3, 5.5, False))
    drawn = trend(Trend("no_milk", "Without milk", "of 100", points, 6.0, 4.0, 8.0, "", ""), "light")
    assert list(drawn.data[0].x) == [0, 1, 3]
    assert list(drawn.data[0].marker.symbol) == ["diamond-open", "circle", "circle"]
    assert {note.text for note in drawn.layout.annotations} >= {"mean", "chance, low", "chance, high"}
    early = Trend("v", "Milk", "mL", (TrendPoint(0, 9.0, False, True), *points[1:]), 6.0, 4.0, 8.0, "", "")
    assert list(trend(early, "light").data[0].marker.symbol) == ["circle-open", "circle", "circle"]
    none = Trend("no_milk", "Without milk", "of 100", (), None, None, None, "", "", unavailable="Too few.")
    assert trend(none, "light").data == ()


def test_the_days_of_a_course_leave_room_for_the_names_of_reports(course_of_reports):
    few, many = course(course_of_reports(1), "light"), course(course_of_reports(4), "light")
    assert many.layout.height > few.layout.height
    names = [note for note in many.layout.annotations if note.yref == "y3"]
    assert [note.y for note in names] == [0, 1, 2, 3] and all(note.xanchor == "left" for note in names)
    low, high = many.layout.yaxis3.domain
    assert (
        0
        <= low
        < high
        < many.layout.yaxis2.domain[0]
        < many.layout.yaxis2.domain[1]
        < many.layout.yaxis.domain[0]
    )


@pytest.fixture
def course_of_reports():
    """A course of one day with so many reports."""

    def made(count: int) -> Course:
        reports = tuple(CourseReport(f"report_{place}", f"Report {place}", (1,)) for place in range(count))
        day = (CourseDay(1, 1, 0.0),)
        return Course("P", "", "", "", 0, 1, 1, day, (), reports, (), (), (), (), "", 0, 1, None)

    return made
