"""Rows counted together: one cell per participant and combination of predictors."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

# Share of cells among rows above which counting rows together saves nothing.
NOTHING_TO_GAIN = 0.7
# Codes combined beyond this would overflow and are numbered anew first.
LARGEST_CODE = 2**62


@dataclass(frozen=True)
class Cells:
    """Rows counted together: one cell per participant and combination of predictors, sorted by participant.

    `design` holds the predictors as given, without intercept; `count` the rows of each cell; `starts` where
    each participant begins; `first` a row that stands for each cell; `offset` a known part of the linear
    predictor, or None.
    """

    names: tuple[str, ...]
    design: np.ndarray
    count: np.ndarray
    starts: np.ndarray
    order: np.ndarray
    cell_of_row: np.ndarray
    first: np.ndarray
    offset: np.ndarray | None = None

    def total(self, outcome: np.ndarray) -> np.ndarray:
        """Sum of a row-level outcome in each cell."""
        return np.bincount(self.cell_of_row, weights=outcome, minlength=len(self.order))[self.order]

    @property
    def participants(self) -> int:
        """How many people the cells belong to."""
        return len(self.starts)

    @property
    def sizes(self) -> np.ndarray:
        """How many cells each participant has."""
        return np.diff(np.append(self.starts, len(self.count)))

    def of_people(self, values: np.ndarray) -> np.ndarray:
        """Sum of a number per cell over each participant's cells."""
        return np.add.reduceat(values, self.starts, axis=0)

    def column(self, name: str) -> np.ndarray:
        """One predictor by name, a value per cell."""
        return self.design[:, self.names.index(name)]

    def with_columns(self, names: Sequence[str], design: np.ndarray) -> "Cells":
        """The same cells with these predictors, which must be the same in all rows of a cell."""
        return replace(self, names=tuple(names), design=design)

    def without(self, name: str) -> "Cells":
        """The same cells without one predictor."""
        keep = [position for position, other in enumerate(self.names) if other != name]
        return self.with_columns([self.names[position] for position in keep], self.design[:, keep])


def cell_codes(participant: np.ndarray, design: np.ndarray) -> np.ndarray:
    """A number for each combination of participant code and predictor values, the same for equal rows.

    Where hardly any rows are equal each row gets its own number at once, since nothing is gained by looking on.
    """
    columns = []
    for column in design.T:
        values, known = pd.factorize(column)
        if len(known) > NOTHING_TO_GAIN * len(column):
            return np.arange(len(column))
        columns.append(values)
    codes, known = pd.factorize(_combined(participant, columns))
    return np.arange(len(codes)) if len(known) > NOTHING_TO_GAIN * len(codes) else codes


def _combined(participant: np.ndarray, codes: Sequence[np.ndarray]) -> np.ndarray:
    """One number for each combination of integers from 0, the same for rows that agree in all."""
    key, size = participant.astype(np.int64), int(participant.max(initial=0)) + 1
    for each in codes:
        width = int(each.max(initial=0)) + 1
        if size * width > LARGEST_CODE:
            key, known = pd.factorize(key)
            size = len(known)
        key, size = key * width + each, size * width
    return key


def group_rows(participant: np.ndarray, codes: Sequence[np.ndarray]) -> Cells:
    """Count rows of a participant together that agree in all of these codes; predictors are added later.

    `participant` and every entry of `codes` are integers from 0, one for each row.
    """
    return _cells(pd.factorize(_combined(participant, codes))[0], participant)


def _cells(cell_of_row: np.ndarray, participant: np.ndarray) -> Cells:
    """Cells without predictors, sorted by participant; `cell_of_row` numbers them from 0."""
    rows = len(cell_of_row)
    first = np.empty(int(cell_of_row.max(initial=-1)) + 1, dtype=np.int64)
    first[cell_of_row[::-1]] = np.arange(rows - 1, -1, -1)
    order = np.argsort(participant[first], kind="stable")
    first = first[order]
    starts = np.flatnonzero(np.diff(participant[first], prepend=-1))
    count = np.bincount(cell_of_row, minlength=len(order))[order].astype(float)
    return Cells((), np.empty((len(first), 0)), count, starts, order, cell_of_row, first)


def make_cells(
    names: Sequence[str], design: np.ndarray, participant: np.ndarray, offset: np.ndarray | None = None
) -> Cells:
    """Count rows with equal predictors inside a participant together.

    `design` is rows by predictors without a missing value, `participant` an integer code from 0 for each row.
    """
    keyed = design if offset is None else np.column_stack([design, offset])
    cells = _cells(cell_codes(participant, keyed), participant)
    return replace(
        cells.with_columns(names, design[cells.first]),
        offset=None if offset is None else offset[cells.first],
    )
