"""PiyoLog: text exports of a day or a month, in Japanese, Chinese or English."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd

from pipelines.errors import InputError
from pipelines.readers.base import ColumnMeaning, Extract, Reader
from pipelines.readers.containers.tables import opening_lines
from pipelines.readers.containers.text import whole_text
from pipelines.settings import load_settings
from pipelines.study import SourceOptions

_TITLE = re.compile(r"(?:【ぴよログ】|\[Piyo日志\]|\[PiyoLog\])\s*(.*)", re.IGNORECASE)
_SEPARATOR = re.compile(r"-{5,}")
_WEEKDAY = r"(?:[(（]?(?:周|星期)?[一二三四五六日月火水木金土][)）]?)?"
_DATES = (
    re.compile(rf"(?P<y>\d{{4}})[/年.-](?P<m>\d{{1,2}})[/月.-](?P<d>\d{{1,2}})日?\s*{_WEEKDAY}"),
    re.compile(r"(?:[A-Za-z]{3,9}\.?,?\s+)?(?P<d>\d{1,2})\s+(?P<m>[A-Za-z]{3,9})\.?,?\s+(?P<y>\d{4})"),
    re.compile(r"(?:[A-Za-z]{3,9}\.?,\s+)?(?P<m>[A-Za-z]{3,9})\.?\s+(?P<d>\d{1,2}),?\s+(?P<y>\d{4})"),
)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_EVENT = re.compile(r"(\d{1,2}:\d{1,2}(?:\s*[AaPp]\.?[Mm]\.?)?)(?:\s+(.*))?")
# Totals of the day close its events; what follows is the diary.
_TOTAL = re.compile(
    r"\S*(?:合計|合计)\s.*|(?:母乳|配方奶|瓶喂母乳|睡觉|尿尿|便便|\S*奶)共\s.*|Total\s.*", re.IGNORECASE
)
_AMOUNT = r"-?\d+(?:[.,]\d+)?\s*(?:ml|mL|ML|cc|fl\.?\s*oz\.?|oz)"
# Chinese files have no word for pumping: the amount stands alone, perhaps damaged ("1O5ml"), perhaps with a note.
_BARE = re.compile(r"(-?\d\S*?\s?(?:ml|cc|oz))(?:\s.*)?", re.IGNORECASE)
_WORD = re.compile(r"(?:搾乳|吸奶|挤奶|Pumping|Pumped|Expressing)(?=\s|\d|$)\s*(.*)", re.IGNORECASE)
_FIRST_AMOUNT = re.compile(rf"({_AMOUNT})(?![A-Za-z])")
_MEANINGS = (
    ColumnMeaning("date heading", "started_at", "day of the events below it"),
    ColumnMeaning("clock time", "started_at", "clock of the phone, no zone"),
    ColumnMeaning("搾乳, Pumping, or an amount alone", "volume_total", "milk expressed, side not recorded"),
)


@dataclass(frozen=True)
class _Event:
    """One event line: kind, clock time as written, day (None before the first heading), amount, problem."""

    kind: str
    day: date | None
    clock: str
    amount: str | None = None
    field: str | None = None
    problem: str | None = None


def recognise(path: Path) -> str | None:
    """The reason why a file is a PiyoLog text, else None."""
    within = load_settings()["readers.header_within_rows"]
    filled = [line for line in opening_lines(path) if line.strip()][:within]
    return "it begins with PiyoLog's title" if any(_TITLE.match(line.strip()) for line in filled) else None


def read(path: Path, options: SourceOptions, backend: Any = None) -> Extract:
    """Read all events, a pandas frame with one row each.

    A data row is an event: a line with a clock time below a date heading and above the day's totals. Milk expressed
    is a session, also as the bare amount of Chinese files; milk fed, nursing and all else is other. A line of
    expressed milk whose time or day is missing or unreadable is kept and marked. The names and ages, the totals and
    the diary are no data rows. Raises InputError when the title is missing.
    """
    if recognise(path) is None:
        raise InputError(f"{path.name}: no PiyoLog title among the first lines.")
    text, encoding, replaced = whole_text(path)
    diary_times = _DiaryCount()
    events = list(_events(text.split("\n"), diary_times))
    warnings = []
    if diary_times.lines:
        warnings.append(
            f"{diary_times.lines} line(s) of the diary begin with a clock time and were not read as events"
        )
    if replaced:
        warnings.append(f"some characters could not be read as {encoding}")
    return Extract(
        reader="piyolog",
        rows=_rows(events),
        columns=_MEANINGS,
        dropped_identifiers=("name and age of the baby", "diary"),
        warnings=tuple(warnings),
        facts={
            "format": "text",
            "encoding": encoding,
            "days": len({event.day for event in events if event.day}),
        },
    )


class _DiaryCount:
    """How many diary lines look like events, so that none goes without a word."""

    lines = 0


def _events(lines: list[str], diary_times: _DiaryCount) -> Iterator[_Event]:
    day: date | None = None
    in_diary = False
    for line in map(str.strip, lines):
        heading = _day_of(line)
        if heading:
            day, in_diary = heading, False
        elif _SEPARATOR.fullmatch(line) or not line:
            continue
        elif _TOTAL.fullmatch(line):
            in_diary = True
        elif in_diary:
            diary_times.lines += _EVENT.fullmatch(line) is not None
        else:
            event = _event(line, day)
            if event:
                yield event


def _day_of(line: str) -> date | None:
    """The day that a heading or the title of a daily file names; None for any other line."""
    title = _TITLE.fullmatch(line)
    text = title[1].strip() if title else line
    for pattern in _DATES:
        match = pattern.fullmatch(text)
        if match:
            month = match["m"] if match["m"].isdigit() else _month(match["m"])
            try:
                return date(int(match["y"]), int(month), int(match["d"]))
            except ValueError:
                return None
    return None


def _month(name: str) -> int:
    """Number of an English month by its first three letters (`Sept` included); 0 for any other word."""
    return _MONTHS.index(name[:3].lower()) + 1 if name[:3].lower() in _MONTHS else 0


def _event(line: str, day: date | None) -> _Event | None:
    """The event of a line; None for a line that is none (the baby's name, a second line of a note)."""
    match = _EVENT.fullmatch(line)
    if match is None:
        expressed = _expressed(line, _WORD.search(line)) if re.search(r"\d", line) else None
        if expressed is None:
            return None
        return _Event("session", day, "", expressed or None, "started_at", "unreadable_line")
    clock, content = match[1], match[2] or ""
    if not content:
        return _Event("session", day, clock, None, "row", "unreadable_line")
    expressed = _expressed(content, _WORD.match(content))
    if expressed is None:
        return _Event("other", day, clock)
    if day is None:
        return _Event("session", day, clock, expressed or None, "date", "no_date")
    return _Event("session", day, clock, expressed or None)


def _expressed(content: str, word: re.Match[str] | None) -> str | None:
    """The amount of milk expressed: text, "" where none is given; None where the content is something else."""
    bare = _BARE.fullmatch(content)
    if bare:
        return bare[1]
    if word is None:
        return None
    amount = _FIRST_AMOUNT.search(word[1])
    # An amount that is damaged is handed on as it stands, for the checks to refuse.
    return amount[1] if amount else word[1].split("  ")[0].strip()


def _rows(events: list[_Event]) -> pd.DataFrame:
    sessions = [event.kind == "session" for event in events]
    started = [
        f"{event.day.isoformat()} {event.clock}" if is_session and event.day and event.clock else None
        for event, is_session in zip(events, sessions, strict=True)
    ]
    columns = {
        "kind": [event.kind for event in events],
        "started_at": started,
        "volume_total": [event.amount for event in events],
        "problem_field": [event.field for event in events],
        "problem_code": [event.problem for event in events],
    }
    rows = pd.DataFrame({name: pd.array(values, dtype="str") for name, values in columns.items()})
    rows.insert(0, "source_row", range(1, len(events) + 1))
    return rows


READER = Reader(
    name="piyolog",
    title="PiyoLog (text; Japanese, Chinese, English)",
    suffixes=(".txt",),
    recognise=recognise,
    read=read,
    is_app_export=True,
)
