"""Titles say what their figures show, and no more."""

import pytest

from pipelines.evidence import data, guidance_page, overview, specifications
from pipelines.evidence.output import ClockHours, _clock_title
from pipelines.evidence.overview import _title
from pipelines.evidence.parts import VerdictCount
from pipelines.results import VERDICTS, ClaimFinding, Classifier, Cohort, Findings, RowCounts

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


@pytest.mark.parametrize(
    ("counts", "title"),
    [
        (RowCounts(504, 504), "All 504 rows are in use"),
        (RowCounts(504, 500, 4), "500 of 504 rows are in use; none is set aside"),
        (RowCounts(504, 503, 0, 1), "503 of 504 rows are in use; 1 waits for you"),
        (RowCounts(9, 3, 0, 6), "3 of 9 rows are in use; 6 wait for you"),
    ],
)
def test_the_data_page_says_what_waits_only_where_something_waits(counts, title):
    assert data._title(counts) == title


def test_rows_that_are_not_in_use_are_told_where_there_are_any():
    assert "none repeats another" in overview._unused(RowCounts(504, 504))
    assert overview._unused(RowCounts(10, 8, 2)).endswith("10 rows, 2 were there before.")
    assert "3 are other events" in overview._unused(RowCounts(10, 5, 2, 0, 3))


def test_guidance_without_an_answer_says_that_in_one_sentence():
    counts = tuple(VerdictCount(name, 5 if name == "not_collected" else 0) for name in VERDICTS)
    assert guidance_page._title(counts).startswith("None of the article’s 5 statements can be decided")


def test_other_choices_are_counted_as_one_says_them():
    row = specifications.Specification
    rows = tuple(row("outcome", str(at), ratio=1.0, verdict="insufficient_data") for at in range(4))
    assert specifications._title(rows[:3]) == "Judged on too few people, and so under both other choices"
    assert specifications._title(rows).endswith("under all three other choices")
