"""What every export module shares: a file with the key of each of its data rows, and how values are written."""

import csv
import io
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

SET_ASIDE = "set aside"


@dataclass(frozen=True)
class ExportFile:
    """One file of the study: path relative to its folder, bytes, and a key for each data row.

    Two rows with the same key are the same session written twice; None is a row about something else; a row that no
    ingest may accept has a key that begins with SET_ASIDE.
    """

    path: str
    content: bytes
    keys: tuple[Hashable | None, ...] = ()


def number(value: float) -> str:
    """A number as a person writes it: no trailing zeros; empty for NaN."""
    return "" if np.isnan(value) else f"{value:.2f}".rstrip("0").rstrip(".")


def numbers(values: Iterable[float]) -> list[str]:
    """The same for many."""
    return [number(value) for value in np.asarray(values, dtype=float)]


def amounts(values: Iterable[float], units: Iterable[str]) -> list[str]:
    """Number and unit in one cell, as in `85ml` or `2.75oz`; empty for NaN."""
    return [f"{text}{unit}" if text else "" for text, unit in zip(numbers(values), units, strict=True)]


def clock(times: pd.Series, pattern: str) -> list[str]:
    """Times in a format's own spelling."""
    return times.dt.strftime(pattern).tolist()


def session_keys(participant: str, log: pd.DataFrame) -> list[Hashable]:
    """What makes a session that session where the source has no id of its own: person, minute, amounts."""
    columns = [log["started_at"].astype(str), *(numbers(log[name]) for name in ("left", "right", "total"))]
    owners = [SET_ASIDE if entry == "slip" else participant for entry in log["entry"]]
    return [(owner, *cells) for owner, *cells in zip(owners, *columns, strict=True)]


def to_csv(
    header: Sequence[str], rows: Iterable[Sequence[str]], delimiter: str = ",", end: str = "\n"
) -> bytes:
    """A table as text, cells quoted where they must be."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=delimiter, lineterminator=end)
    writer.writerow(header)
    writer.writerows(rows)
    return text.getvalue().encode()


def parts(log: pd.DataFrame, second_from: int, repeated_days: int) -> list[pd.DataFrame]:
    """The log of one person as one export, or as two of which the second repeats some days of the first."""
    if second_from < 0:
        return [log]
    day = log["study_day"]
    return [log[day < second_from + repeated_days], log[day >= second_from]]
