"""Small cells: what may not be shown because it rests on too few people, and what would give it away.

Every table, figure and download goes through here. Counting is by participant, never by session.
"""

from collections.abc import Sequence

import pandas as pd


def hides(participants: int | None, total: int | None, minimum: int) -> bool:
    """Whether a number that rests on `participants` of `total` people must be hidden.

    True for 1 to `minimum` - 1 people, and also when so few of the total are left over that the total minus this
    number would show them. 0 people, and all people, may be shown: nobody stands in a cell of none. An unknown
    count (None) is hidden. `total` None means that no total is shown beside it.
    """
    if participants is None:
        return True
    if 0 < participants < minimum:
        return True
    return total is not None and 0 < total - participants < minimum


def hide_small(count: int | None, minimum: int) -> int | None:
    """A count of people, or None when it is 1 to `minimum` - 1 (or unknown)."""
    return None if hides(count, None, minimum) else count


def hidden_cells(people: Sequence[int | None], minimum: int, total: int | None = None) -> list[bool]:
    """Which cells of a one-dimensional table to hide, in order, the cells being groups of people that add up.

    First those that are small by `hides`; where that leaves exactly one hidden cell, which the total minus the
    others would show, the next smallest goes too (and where the hidden ones together hold fewer than `minimum`
    people, the next smallest likewise). `total` is the people of the whole table, where it is shown.
    """
    hidden = [hides(count, None, minimum) for count in people]
    return _protected(people, hidden, minimum, total)


def _protected(
    people: Sequence[int | None], hidden: Sequence[bool], minimum: int, total: int | None = None
) -> list[bool]:
    """The hidden cells of one line and those that must go with them."""
    hidden = list(hidden)
    if not any(hidden):
        return hidden
    known_total = sum(count or 0 for count in people) if total is None else total
    while not all(hidden):
        together = known_total - sum(
            count or 0 for count, is_hidden in zip(people, hidden, strict=True) if not is_hidden
        )
        if sum(hidden) > 1 and not 0 < together < minimum:
            return hidden
        open_cells = [at for at, is_hidden in enumerate(hidden) if not is_hidden]
        # A cell of none protects nobody: hide a cell that holds people first.
        smallest = min(open_cells, key=lambda at: (not people[at], people[at] or 0, at))
        hidden[smallest] = True
    return hidden


def hidden_table(
    counts: Sequence[Sequence[int]], totals: Sequence[int], minimum: int
) -> tuple[list[list[bool]], list[bool]]:
    """Which cells and which row totals of a table of people to hide: one row per answer, one column per group.

    The totals of the columns count as shown. No hidden cell stands alone in its row or column, hidden ones of a line
    never hold fewer than `minimum` people together, and where a row's total is hidden all of the row is.
    """
    of_totals = hidden_cells(totals, minimum)
    hidden = [
        [row_hidden or hides(count, None, minimum) for count in row]
        for row, row_hidden in zip(counts, of_totals, strict=True)
    ]
    before: list[list[bool]] = []
    while hidden != before:
        before = [list(row) for row in hidden]
        hidden = [
            row_hidden if len(row) == 1 else _protected(row, row_hidden, minimum)
            for row, row_hidden in zip(counts, hidden, strict=True)
        ]
        columns = [
            _protected(column, column_hidden, minimum)
            for column, column_hidden in zip(
                zip(*counts, strict=True), zip(*hidden, strict=True), strict=True
            )
        ]
        hidden = [list(row) for row in zip(*columns, strict=True)] if columns else hidden
    return hidden, of_totals


def suppress(
    frame: pd.DataFrame,
    people_column: str,
    value_columns: Sequence[str],
    minimum: int,
    total: int | None = None,
    *,
    parts_of_total: bool = False,
) -> pd.DataFrame:
    """A copy of a table in which rows that rest on too few people have no numbers.

    Grain: one row per group, in and out. `people_column` and `value_columns` become missing in hidden rows, and a
    column `suppressed` tells which rows those are. `total` is the people of the whole table; with
    `parts_of_total` the groups are parts that add up to it, and complementary cells are hidden too.
    """
    counts = [None if pd.isna(count) else int(count) for count in frame[people_column]]
    if parts_of_total:
        hidden = hidden_cells(counts, minimum, total)
    else:
        hidden = [hides(count, total, minimum) for count in counts]
    result = frame.copy()
    mask = pd.Series(hidden, index=frame.index, dtype=bool)
    for column in (people_column, *value_columns):
        result[column] = result[column].mask(mask)
    return result.assign(suppressed=mask)


def rounded(count: int | None, step: int) -> int | None:
    """A count rounded to a step, for tables that leave the house: two filters then differ by no single person."""
    return None if count is None else int(step * round(count / step))
