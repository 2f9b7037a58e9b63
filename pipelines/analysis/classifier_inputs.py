"""What the classifier may use: the factors known before a session starts, one column each."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from pipelines.analysis.design import DAY, MINUTE, MINUTES_A_DAY, numbers
from pipelines.analysis.leaks import PREDICTS, column_before, require_known_before
from pipelines.codebook import Codebook, Factor
from pipelines.settings import Settings

LOG_DAY = "log day"
CLOCK = ("clock (cosine)", "clock (sine)")


@dataclass(frozen=True)
class Used:
    """One factor of the classifier with the column that holds what is known of it before a session."""

    factor: Factor
    column: str


def usable_factors(
    table: pd.DataFrame, codebook: Codebook, settings: Settings
) -> tuple[tuple[Used, ...], tuple[str, ...]]:
    """Factors known before a session starts, and those left out with the reason.

    What a session itself brings (length, let-down, reports of it) never enters.
    """
    used, left_out = [], []
    for factor in codebook.with_role(*PREDICTS):
        column = column_before(factor)
        if column is None or column not in table or factor.restricted or factor.id in (DAY, MINUTE):
            continue
        if table[column].isna().mean() > settings["classifier.largest_missing_share"]:
            left_out.append(f"{factor.id} (missing too often)")
        elif table[column].nunique() < 2:
            left_out.append(f"{factor.id} (the same for everyone)")
        else:
            used.append(Used(factor, column))
    return tuple(used), tuple(left_out)


def inputs(table: pd.DataFrame, used: Sequence[Used], codebook: Codebook) -> pd.DataFrame:
    """One row a session: numbers as they are, levels as their position in the codebook, NaN = unknown.

    Besides the factors the logarithm of the day postpartum plus one, and the time of day on a circle. Raises Leak for
    a column that is not known before the session starts.
    """
    require_known_before([each.column for each in used], codebook)
    columns = {each.column: numbers(table[each.column], each.factor) for each in used}
    if DAY in table and table[DAY].nunique() > 1:
        columns[LOG_DAY] = np.log1p(table[DAY].astype("Float64").astype(float).to_numpy())
    if MINUTE in table:
        angle = 2 * np.pi * table[MINUTE].astype("Float64").astype(float).to_numpy() / MINUTES_A_DAY
        columns |= {CLOCK[0]: np.cos(angle), CLOCK[1]: np.sin(angle)}
    return pd.DataFrame(columns, index=table.index)


def factor_of(column: str, used: Sequence[Used]) -> str:
    """The factor that an input column belongs to."""
    if column == LOG_DAY:
        return DAY
    return MINUTE if column in CLOCK else next(each.factor.id for each in used if each.column == column)
