"""Differencing: whether a selection, taken from another that a reader can make, would leave the sessions of a few."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from pipelines.privacy.disclosure import hides


def sets_apart(rows: pd.DataFrame, limits: Mapping[str, pd.Series], minimum: int) -> bool:
    """Whether the rows that one limit, or all of them, leave out are those of 1 to `minimum` - 1 people.

    `rows` has one row per session of the whole study; each of `limits` says which of them it keeps. One limit is
    lifted at a time, since that is how two links come to differ.
    """
    kept = within(rows, limits)
    lifted: list[dict[str, pd.Series]] = [{}]
    lifted += [{other: limits[other] for other in limits if other != name} for name in limits]
    left_out = (rows.loc[within(rows, wider) & ~kept, "participant_id"] for wider in lifted)
    return any(hides(people.nunique(), None, minimum) for people in left_out)


def within(rows: pd.DataFrame, limits: Mapping[str, pd.Series]) -> pd.Series:
    """Which rows all of these limits keep."""
    keep = pd.Series(True, index=rows.index)
    for limit in limits.values():
        keep &= limit
    return keep


def stretches(day: pd.Series, person: pd.Series, minimum: int) -> list[tuple[int, int]]:
    """The days of these sessions in stretches, first and last day, each told of by at least `minimum` people.

    `person` is missing where a session tells nothing of the outcome. Ranges of days that begin and end with a stretch
    differ from each other by no fewer people's sessions.
    """
    known = day.notna()
    numbers, codes = day[known].to_numpy(int), pd.factorize(person[known])[0]
    order = np.argsort(numbers, kind="stable")
    logged, starts = np.unique(numbers[order], return_index=True)
    found: list[tuple[int, int]] = []
    together = np.array([], dtype=int)
    first: int | None = None
    for number, people in zip(logged.tolist(), np.split(codes[order], starts[1:]), strict=True):
        first = number if first is None else first
        together = np.union1d(together, people[people >= 0])
        if len(together) >= minimum:
            found.append((first, number))
            together, first = together[:0], None
    if first is not None and found:
        # Too few are left at the end: they belong to the stretch before.
        found[-1] = (found[-1][0], int(logged[-1]))
    return found


def wider_range(
    first: int | None, last: int | None, found: Sequence[tuple[int, int]]
) -> tuple[int | None, int | None]:
    """The narrowest range of whole stretches that holds these days; None stays without a limit.

    A limit that lies where nobody logged, between two stretches or outside all of them, cuts nothing and stays.
    """
    for low, high in found:
        if first is not None and low < first <= high:
            first = low
        if last is not None and low <= last < high:
            last = high
    return first, last
