"""Huckleberry's CSV: every kind of event in one file, newest first, filled cells quoted, the unit in each cell."""

from collections.abc import Hashable, Iterator

import numpy as np
import pandas as pd

from pipelines.synthetic.cohort import Cohort
from pipelines.synthetic.exports.base import ExportFile, amounts, parts, session_keys

HEADER = (
    "Type",
    "Start",
    "End",
    "Duration",
    "Start Condition",
    "Start Location",
    "End Condition",
    "Notes",
    "Logged By",
)
CLOCK = "%Y-%m-%d %H:%M"
ONE_MINUTE_SHORT = 0.22  # start and end are cut to the minute apart from the duration
OLD_EXPORT = 0.25  # of persons: an older app version, without the last column
Row = tuple[str, tuple[str, ...], Hashable | None]


def _length(minutes: float) -> str:
    return f"{int(minutes) // 60:02d}:{int(minutes) % 60:02d}"


def _pump_rows(
    participant: str, log: pd.DataFrame, logged_by: str, random: np.random.Generator
) -> Iterator[Row]:
    """A total stands where a left amount stands too; the format cannot tell them apart."""
    whole = log["left"].isna()
    start_cells = amounts(log["left"].where(~whole, log["total"]), log["unit"])
    end_cells = amounts(log["right"], log["unit"])
    short = random.random(len(log)) < ONE_MINUTE_SHORT
    keys = session_keys(participant, log)
    for place, entry in enumerate(log.itertuples()):
        end = duration = ""
        if not np.isnan(entry.duration_min):
            end = (entry.started_at + pd.Timedelta(minutes=entry.duration_min)).strftime(CLOCK)
            duration = _length(max(entry.duration_min - short[place], 1))
        start = entry.started_at.strftime(CLOCK)
        cells = (
            "Pump",
            start,
            end,
            duration,
            start_cells[place],
            "",
            end_cells[place],
            entry.note,
            logged_by,
        )
        yield start, cells, keys[place]


def _other_rows(events: pd.DataFrame, logged_by: str) -> Iterator[Row]:
    for event in events.itertuples():
        start = event.started_at.strftime(CLOCK)
        end = (event.started_at + pd.Timedelta(minutes=int(event.amount))).strftime(CLOCK)
        if event.kind == "bottle":
            milk = "Formula" if event.formula else "Breast Milk"
            cells = ("Feed", start, "", "", milk, "Bottle", f"{event.amount}ml", "", logged_by)
        elif event.kind == "breast":
            half = int(event.amount) // 4 + 1
            cells = ("Feed", start, "", "", f"{_length(half)}R", "Breast", f"{_length(half)}L", "", logged_by)
        elif event.kind == "nappy":
            cells = ("Diaper", start, "", "yellow", "", "", "Both, pee:medium poo:small", "", logged_by)
        else:
            cells = ("Sleep", start, end, _length(event.amount), "", "", "", "", logged_by)
        yield start, cells, None


def _content(rows: list[Row], columns: int) -> bytes:
    lines = [",".join(f'"{name}"' for name in HEADER[:columns])]
    for _, cells, _ in rows:
        lines.append(
            ",".join('"' + cell.replace('"', '""') + '"' if cell else "" for cell in cells[:columns])
        )
    return "\n".join(lines).encode()


def huckleberry_files(
    cohort: Cohort, log: pd.DataFrame, events: pd.DataFrame, habits: pd.DataFrame, random: np.random.Generator
) -> list[ExportFile]:
    """One folder a person; a second export repeats some days of the first."""
    files = []
    days = cohort.recipe["log"]["re_export_days"]
    names = cohort.recipe["log"]["words"]["given_names"]
    events_of = dict(list(events.groupby("person")))
    for person, own in log.groupby("person"):
        participant = cohort.people["participant"].iloc[person]
        logged_by = str(random.choice(names))
        columns = len(HEADER) - (random.random() < OLD_EXPORT)
        exports = parts(own, habits["second_from"].iloc[person], days)
        for place, part in enumerate(exports):
            mine = events_of.get(person, events.iloc[:0])
            if len(exports) > 1:
                inside = mine["started_at"].between(part["started_at"].min(), part["started_at"].max())
                mine = mine[inside]
            rows = [*_pump_rows(participant, part, logged_by, random), *_other_rows(mine, logged_by)]
            rows.sort(key=lambda row: row[0], reverse=True)
            name = "huckleberry.csv" if place == 0 else "huckleberry_later.csv"
            path = f"huckleberry/{participant}/{name}"
            files.append(ExportFile(path, _content(rows, columns), tuple(row[2] for row in rows)))
    return files
