"""Titles say what their figures show, and no more."""

import pytest

from pipelines.evidence.output import ClockHours, _clock_title
from pipelines.evidence.overview import _title
from pipelines.results import ClaimFinding, Classifier, Cohort, Findings

FOUND = Findings(Cohort(100, 5000, 300, "no_milk", False, 1, share_of_sessions=0.06), (), Classifier(), ())


@pytest.mark.parametrize(
    ("ratios", "end"),
    [
        ((), "nothing goes clearly with it"),
        ((0.8,), "clearly fewer with one thing"),
        ((1.4, 0.8, 0.7), "clearly more with one thing and fewer with two things"),
    ],
)
def test_the_overview_says_which_way_its_findings_point(ratios, end):
    assert _title(FOUND, [ClaimFinding("x", "supported", odds_ratio=each) for each in ratios]).endswith(end)


@pytest.mark.parametrize(
    ("volumes", "title"),
    [
        ((60, 96, 94, 70), "Most milk a session comes between 3 and 9 o’clock"),
        ((60, 96, None, 70), "Most milk a session comes between 3 and 6 o’clock"),
        ((95, 96, 94, 95), "Milk a session is much the same at every time of day"),
    ],
)
def test_stretches_of_the_day_that_hardly_differ_share_the_title(volumes, title):
    hours = tuple(
        ClockHours(3 * at, 3 * at + 3, None, None, None, volume, None, None)
        for at, volume in enumerate(volumes)
    )
    assert _clock_title(hours) == title
