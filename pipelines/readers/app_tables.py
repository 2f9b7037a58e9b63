"""What the tables of phone apps have in common: durations, problems of rows, and what became of each column."""

import re
from collections.abc import Mapping, Sequence

import pandas as pd

from pipelines.readers.base import ColumnMeaning, Extract
from pipelines.readers.containers.tables import TextTable, plain_name
from pipelines.readers.identifiers import is_identifier

_NUMBER = r"[+-]?(?:\d+(?:[.,]\d*)?|[.,]\d+)"
_CLOCK = re.compile(r"(\d{1,3}):(\d{2})(?::(\d{2})(?:\.\d+)?)?")


def clock_minutes(text: str) -> str:
    """A duration written as hours:minutes(:seconds) in minutes; any other text is returned as it is."""
    match = _CLOCK.fullmatch(text)
    if not match:
        return text
    minutes = int(match[1]) * 60 + int(match[2]) + int(match[3] or 0) / 60
    return f"{minutes:.10g}"


def words(of: pd.Series, text: str) -> pd.Series:
    """The same text in every row of a series' index."""
    return pd.Series(text, index=of.index, dtype="str")


def kinds(session: pd.Series) -> pd.Series:
    """`session` where true, else `other`."""
    return words(session, "session").where(session, "other")


def is_true(condition: pd.Series) -> pd.Series:
    """A condition with NULL as false."""
    return condition.fillna(False).astype(bool)


def with_units(amounts: pd.Series, units: pd.Series) -> pd.Series:
    """Amounts with their unit behind them; where the cell is more than a number, or no unit is told, as they are."""
    bare = is_true(amounts.str.fullmatch(_NUMBER)) & units.notna()
    return amounts.mask(bare, amounts + " " + units)


def row_problems(codes: pd.Series) -> dict[str, pd.Series]:
    """The columns `problem_field` and `problem_code` for problems that concern whole rows."""
    return {"problem_field": words(codes, "row").where(codes.notna()), "problem_code": codes.astype("str")}


def table_extract(
    reader: str,
    table: TextTable,
    rows: pd.DataFrame,
    meanings: Mapping[str, tuple[str, str]],
    *,
    identifiers: Sequence[str] = (),
    zero_suspect: bool = False,
    date_order: str | None = None,
    warnings: Sequence[str] = (),
) -> Extract:
    """An extract whose columns are accounted for: used (`meanings` by plain name: canonical column and reason),
    left behind as identifiers (those named, and whatever a name tells to be one), or unused."""
    plain = {name: plain_name(name) for name in table.header if name.strip()}
    used = {name for name, key in plain.items() if key in meanings}
    dropped = [
        name
        for name, key in plain.items()
        if name not in used and (key in identifiers or is_identifier(name))
    ]
    return Extract(
        reader=reader,
        rows=rows,
        columns=tuple(ColumnMeaning(name, *meanings[plain[name]]) for name in plain if name in used),
        zero_suspect=zero_suspect,
        dropped_identifiers=tuple(dropped),
        unused_columns=tuple(name for name in plain if name not in used and name not in dropped),
        warnings=(*table.warnings, *warnings),
        date_order=date_order,
        facts={"format": "text", "encoding": table.encoding, "delimiter": table.layout.delimiter},
    )
