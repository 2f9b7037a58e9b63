"""Small cells, and what would give them away."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.privacy.disclosure import hidden_cells, hidden_table, hide_small, hides, rounded, suppress


@pytest.mark.parametrize(
    ("people", "total", "hidden"),
    [
        (0, 50, False),
        (1, 50, True),
        (9, 50, True),
        (10, 50, False),
        (40, 50, False),
        (41, 50, True),
        (49, 50, True),
        (50, 50, False),
        (10, None, False),
        (9, None, True),
        (None, 50, True),
    ],
)
def test_a_cell_is_hidden_when_it_or_what_is_left_is_small(people, total, hidden):
    assert hides(people, total, 10) is hidden


def test_a_small_count_is_not_shown():
    assert [hide_small(count, 10) for count in (0, 5, 10)] == [0, None, 10]


@given(st.lists(st.integers(0, 60), min_size=1, max_size=8), st.integers(2, 15))
def test_what_is_hidden_in_a_table_cannot_be_told_from_its_total(people, minimum):
    hidden = hidden_cells(people, minimum, sum(people))
    inside = [count for count, is_hidden in zip(people, hidden, strict=True) if is_hidden]
    assert all(is_hidden for count, is_hidden in zip(people, hidden, strict=True) if 0 < count < minimum)
    if inside and len(inside) < len(people):
        assert len(inside) > 1
        assert not 0 < sum(inside) < minimum
    if not any(0 < count < minimum for count in people):
        assert not inside


def test_the_next_smallest_cell_goes_with_the_only_small_one():
    assert hidden_cells([30, 4, 12, 0], 10) == [False, True, True, False]
    assert hidden_cells([30, 4, 7, 12], 10) == [False, True, True, False]


def test_a_suppressed_row_has_no_number_and_says_so():
    frame = pd.DataFrame({"group": list("abc"), "people": [30, 4, 12], "share": [0.1, 0.2, 0.3]})
    found = suppress(frame, "people", ["share"], 10, parts_of_total=True)
    assert found.suppressed.tolist() == [False, True, True]
    assert found.share.notna().tolist() == [True, False, False]
    assert found.people.notna().tolist() == [True, False, False]
    assert frame.people.tolist() == [30, 4, 12]


def test_counts_that_leave_the_house_are_rounded():
    assert [rounded(count, 5) for count in (12, 13, None)] == [10, 15, None]


TABLES = st.integers(1, 4).flatmap(
    lambda width: st.lists(
        st.lists(st.integers(0, 40), min_size=width, max_size=width), min_size=1, max_size=5
    )
)


@given(TABLES, st.integers(2, 15))
def test_what_is_hidden_in_rows_and_columns_cannot_be_told_from_their_totals(counts, minimum):
    totals = [sum(row) for row in counts]
    hidden, of_totals = hidden_table(counts, totals, minimum)
    for row, row_hidden, total_hidden in zip(counts, hidden, of_totals, strict=True):
        assert all(hide for count, hide in zip(row, row_hidden, strict=True) if 0 < count < minimum)
        if not total_hidden and len(row) > 1:
            assert safe(row, row_hidden, minimum)
        assert all(row_hidden) or not total_hidden
    for column, column_hidden in zip(zip(*counts, strict=True), zip(*hidden, strict=True), strict=True):
        assert safe(column, column_hidden, minimum)


def safe(people, hidden, minimum):
    """Nothing is hidden, everything is, or several that together are enough (or nobody)."""
    inside = [count for count, hide in zip(people, hidden, strict=True) if hide]
    return not inside or len(inside) == len(people) or (len(inside) > 1 and not 0 < sum(inside) < minimum)


def test_a_small_cell_takes_one_of_its_row_and_one_of_its_column_with_it():
    hidden, of_totals = hidden_table([[3, 40, 50], [30, 20, 60], [25, 45, 70]], [93, 110, 140], 10)
    assert hidden[0][0] and sum(hidden[0]) >= 2
    assert all(sum(column) != 1 for column in zip(*hidden, strict=True)) and not any(of_totals)
