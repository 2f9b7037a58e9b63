"""SPSS, Stata and SAS files with their value labels, and the reasons why values are missing."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import pandas as pd
import pyreadstat

from pipelines.errors import InputError
from pipelines.readers.base import Extract, Reader
from pipelines.readers.capture.survey import Survey, extract, text_column
from pipelines.readers.containers import native
from pipelines.readers.containers.native import NativeError
from pipelines.readers.containers.tables import cell_name, opening_lines
from pipelines.readers.containers.workbooks import cell_text
from pipelines.settings import load_settings
from pipelines.study import SourceOptions

_OPENING = 512
_MIDNIGHT = " 00:00:00"
_SAS = bytes.fromhex("000000000000000000000000c2ea8160b31411cfbd92080009c7318c181f1011")
_OLD_STATA = re.compile(rb"[\x69\x6c\x6e\x6f\x71-\x73][\x01\x02]\x01\x00")
# A tagged missing value: Stata's .a to .z, SAS's .A to .Z and ._
_TAG = re.compile(r"[A-Za-z_]")


@dataclass(frozen=True)
class _Kind:
    """One kind of file: its name, how its first bytes look, what reads it, and how missing reasons are asked for."""

    name: str
    fits: Callable[[bytes], bool]
    load: Callable[..., tuple[pd.DataFrame, Any]]
    options: dict[str, Any]


_KINDS = (
    _Kind(
        "SPSS", lambda data: data.startswith((b"$FL2", b"$FL3")), pyreadstat.read_sav, {"user_missing": True}
    ),
    _Kind("SPSS portable", lambda data: b"SPSS PORT FILE" in data, pyreadstat.read_por, {}),
    _Kind(
        "Stata",
        lambda data: data.startswith(b"<stata_dta>") or _OLD_STATA.match(data) is not None,
        pyreadstat.read_dta,
        {"user_missing": True},
    ),
    _Kind("SAS", lambda data: data.startswith(_SAS), pyreadstat.read_sas7bdat, {"user_missing": True}),
    _Kind(
        "SAS transport", lambda data: data.startswith(b"HEADER RECORD*******LIB"), pyreadstat.read_xport, {}
    ),
)


def _kind(path: Path) -> _Kind | None:
    opening_lines(path)  # refuses an empty file in the words of all readers
    with path.open("rb") as file:
        opening = file.read(_OPENING)
    return next((kind for kind in _KINDS if kind.fits(opening)), None)


def recognise(path: Path) -> str | None:
    """The reason why a file is one of a statistics program, else None."""
    kind = _kind(path)
    return f"it begins as files of {kind.name} do" if kind else None


def read(path: Path, options: SourceOptions, backend: Any = None) -> Extract:
    """Read all rows, one row of `Extract.rows` each; columns may be named by their name or their label.

    Value labels that are a level of ours become its code. Values that the file's authors declared missing are
    unknown; how often, and for what reason, is said per column. Raises InputError for a damaged file.
    """
    kind = _kind(path)
    if kind is None:
        raise InputError(f"{path.name}: no file of SPSS, Stata or SAS.")
    try:
        frame, meta = native.call(_longest(path), kind.load, str(path.resolve()), **kind.options)
    except NativeError as error:
        raise InputError(
            f"{path.name}: this {kind.name} file cannot be opened ({error}); save it anew."
        ) from None
    labels = {
        str(name): {_text(code): str(label) for code, label in codes.items()}
        for name, codes in meta.variable_value_labels.items()
    }
    cells, notes = _cells(frame, meta, labels)
    header = tuple(str(name) for name in frame.columns)
    named = dict(zip(header, meta.column_labels, strict=False))
    survey = Survey(
        "spss_stata_sas",
        path.name,
        header,
        cells,
        aliases={name: (label,) for name, label in named.items() if label},
        labels=labels,
        warnings=tuple(notes),
        facts={"format": kind.name, "encoding": meta.file_encoding or ""},
    )
    return extract(survey, options)


def _longest(path: Path) -> float:
    """Seconds that a file of this size may take to be opened."""
    settings = load_settings()
    more = settings["readers.native_seconds_per_megabyte"] * path.stat().st_size / 1_000_000
    return settings["readers.native_seconds"] + more


def _cells(
    frame: pd.DataFrame, meta: Any, labels: dict[str, dict[str, str]]
) -> tuple[pd.DataFrame, list[str]]:
    """All values as text, missing ones as NULL, and a sentence for each column with a reason for missing values."""
    columns: dict[str, pd.Series] = {}
    notes = []
    for place, name in enumerate(map(str, frame.columns)):
        values = frame.iloc[:, place]
        texts = _without_midnights(text_column([_text(value) for value in values], values.index))
        gone = _declared_missing(values, meta.missing_ranges.get(name, []))
        if meta.readstat_variable_types.get(name) != "string":
            gone |= texts.str.fullmatch(_TAG).fillna(False).astype(bool)
        if gone.any():
            notes.append(_reasons(name, texts[gone], labels.get(name, {})))
        columns[cell_name(place)] = texts.mask(gone)
    cells = pd.DataFrame(columns, index=frame.index)
    cells["source_row"] = range(1, len(frame) + 1)
    cells["repeated_header"] = False
    cells["problem"] = text_column([None] * len(frame), frame.index)
    return cells, notes


def _text(value: Any) -> str:
    """A value as a CSV would hold it: ISO dates and times, whole numbers without a point; empty for missing."""
    if value is None or value is pd.NaT or (isinstance(value, float) and value != value):
        return ""
    if isinstance(value, datetime):
        return value.isoformat(" ", "seconds")
    if isinstance(value, float) and not value.is_integer():
        return f"{value:.15g}"
    if isinstance(value, date | time):
        return value.isoformat()
    return cell_text(value).strip()


def _without_midnights(texts: pd.Series) -> pd.Series:
    """Dates that a program keeps as times are dates again where the whole column has no clock."""
    known = texts.dropna()
    return texts.str.removesuffix(_MIDNIGHT) if len(known) and known.str.endswith(_MIDNIGHT).all() else texts


def _declared_missing(values: pd.Series, ranges: list[dict[str, Any]]) -> pd.Series:
    """Values that lie in a range, or are one of the values, that SPSS calls user-missing."""
    gone = pd.Series(False, index=values.index)
    for each in ranges:
        low, high = each["lo"], each["hi"]
        if isinstance(low, str) or isinstance(high, str):
            gone |= values.astype("object").isin([low, high])
        else:
            gone |= pd.to_numeric(values, errors="coerce").between(low, high)
    return gone


def _reasons(name: str, texts: pd.Series, labels: dict[str, str]) -> str:
    # A value of a declared range may be a real one: only what its authors called it is repeated.
    counts = texts.map(lambda code: labels.get(code, "without a label")).value_counts(sort=False)
    said = ", ".join(f"{count} {label}" for label, count in counts.items())
    return f"{name}: unknown for a stated reason ({said})"


READER = Reader(
    name="spss_stata_sas",
    title="SPSS, Stata and SAS (.sav, .zsav, .por, .dta, .sas7bdat, .xpt)",
    suffixes=(".sav", ".zsav", ".por", ".dta", ".sas7bdat", ".xpt"),
    recognise=recognise,
    read=read,
)
