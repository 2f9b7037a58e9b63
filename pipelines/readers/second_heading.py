"""A second heading below the column names, as survey programs and laboratories write: "Response", or units."""

from collections.abc import Sequence

import pandas as pd

from pipelines.codebook import load_codebook
from pipelines.readers.capture.namesakes import is_answer, says_nothing
from pipelines.readers.columns import KIND, Mapped, Plan
from pipelines.readers.containers.tables import TextTable, cell_name

_TIMES = ("started_at", "ended_at", "date", "birth_date")
_WHOSE_AND_WHEN = ("participant", *_TIMES)
_NAMES = ("source_session_id", "cohort", "instrument", "unit")
NOTE = "1 row counted as other: it stands below the column names and is a second heading, not an answer"


def is_second_heading(cells: pd.DataFrame, plan: Plan, missing_codes: Sequence[str]) -> bool:
    """Whether the first row of a table is no row of data, by the evidence of its mapped columns.

    It is when it has words in some of them but nothing that could be read, and neither a person nor a time, although
    a column for these is there and later rows fill it. `cells` are those of a `TextTable`.
    """
    mapped = [each for each in plan.mapped if each.meaning != KIND]
    whose = [each for each in mapped if each.meaning in _WHOSE_AND_WHEN]
    if len(cells) < 2 or not whose:
        return False
    first = {each.place: _said(cells, each, 0, missing_codes) for each in mapped}
    if not any(first.values()) or any(_is_readable(first[each.place], each) for each in mapped):
        return False
    later = cells.iloc[1:]
    return all(later[cell_name(each.place)].notna().any() for each in whose)


def without_second_heading(text: TextTable) -> pd.DataFrame:
    """The cells with the first row as a repeated header: it is none of our business and has no problem."""
    names = [cell_name(place) for place in range(len(text.header))]
    first = text.cells.index == text.cells.index[0]
    emptied = {name: text.cells[name].mask(first) for name in (*names, "problem")}
    return text.cells.assign(**emptied, repeated_header=text.cells["repeated_header"] | first)


def _said(cells: pd.DataFrame, mapped: Mapped, row: int, missing_codes: Sequence[str]) -> str:
    """What a cell says, recoded; "" where it says that nothing is known."""
    cell = cells[cell_name(mapped.place)].iloc[row]
    if pd.isna(cell) or cell in missing_codes or says_nothing(cell):
        return ""
    return mapped.recode.get(cell, cell)


def _is_readable(cell: str, mapped: Mapped) -> bool:
    """Whether a cell could be a value of its column: a number or a time has a digit, an answer is a known one."""
    if not cell:
        return False
    factor = load_codebook().factors.get(mapped.meaning)
    if factor is not None:
        return is_answer(cell, factor)
    if mapped.meaning in _NAMES or mapped.meaning == "participant":
        return mapped.meaning not in ("unit", "instrument")
    return any(sign.isdigit() for sign in cell)
