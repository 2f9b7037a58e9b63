"""Rows counted together: one cell per participant and combination of predictors."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

# Share of cells among rows above which counting rows together saves nothing.
NOTHING_TO_GAIN = 0.7


@dataclass(frozen=True)
class Cells:
    """Rows counted together: one cell per participant and combination of predictors, sorted by participant.

    `design` holds the predictors as given, without intercept; `count` the rows of each cell; `starts` where
    each participant begins; `offset` a known part of the linear predictor, or None.
    """

    names: tuple[str, ...]
    design: np.ndarray
    count: np.ndarray
    starts: np.ndarray
    order: np.ndarray
    cell_of_row: np.ndarray
    offset: np.ndarray | None = None

    def total(self, outcome: np.ndarray) -> np.ndarray:
        """Sum of a row-level outcome in each cell."""
        return np.bincount(self.cell_of_row, weights=outcome, minlength=len(self.order))[self.order]

    @property
    def participants(self) -> int:
        """How many people the cells belong to."""
        return len(self.starts)


def cell_codes(participant: np.ndarray, design: np.ndarray) -> np.ndarray:
    """A number for each combination of participant code and predictor values, the same for equal rows.

    Where hardly any rows are equal each row gets its own number at once, since nothing is gained by looking on.
    """
    codes = participant
    for column in design.T:
        values = pd.factorize(column)[0]
        codes = pd.factorize(codes * (values.max(initial=0) + 1) + values)[0]
        if codes.max(initial=0) + 1 > NOTHING_TO_GAIN * len(codes):
            return np.arange(len(codes))
    return codes


def make_cells(
    names: Sequence[str], design: np.ndarray, participant: np.ndarray, offset: np.ndarray | None = None
) -> Cells:
    """Count rows with equal predictors inside a participant together.

    `design` is rows by predictors without a missing value, `participant` an integer code from 0 for each row.
    """
    keyed = design if offset is None else np.column_stack([design, offset])
    cell_of_row = cell_codes(participant, keyed)
    codes, first = np.unique(cell_of_row, return_index=True)
    order = np.argsort(participant[first], kind="stable")
    owner = participant[first][order]
    starts = np.flatnonzero(np.diff(owner, prepend=-1))
    count = np.bincount(cell_of_row, minlength=len(codes))[order].astype(float)
    return Cells(
        tuple(names),
        design[first][order],
        count,
        starts,
        order,
        cell_of_row,
        None if offset is None else offset[first][order],
    )
