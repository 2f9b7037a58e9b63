"""Baby Buddy's CSV exports: pumping and feeding apart, with ids of their own and no unit anywhere."""

import numpy as np
import pandas as pd

from pipelines.synthetic.cohort import Cohort
from pipelines.synthetic.exports.base import ExportFile, parts, to_csv

PUMPING = ("id", "child_id", "child_first_name", "child_last_name", "start", "end", "amount", "notes", "tags")
FEEDING = (
    "id",
    "child_id",
    "child_first_name",
    "child_last_name",
    "start",
    "end",
    "type",
    "method",
    "amount",
    "notes",
    "tags",
)
CLOCK = "%Y-%m-%d %H:%M:%S"


def _pumping(participant: str, log: pd.DataFrame, child: tuple[str, str, str], path: str) -> ExportFile:
    """A session without a recorded length ends when it begins, as in records from before the app kept both."""
    rows, keys = [], []
    for entry in log.itertuples():
        minutes = 0 if np.isnan(entry.duration_min) else int(entry.duration_min)
        end = entry.started_at + pd.Timedelta(minutes=minutes)
        cells = (
            entry.started_at.strftime(CLOCK),
            end.strftime(CLOCK),
            f"{entry.total:.2f}".rstrip("0").ljust(3, "0"),
        )
        start_text, end_text, amount = cells
        amount = amount if not amount.endswith(".") else f"{amount}0"
        rows.append((str(entry.number), *child, start_text, end_text, amount, entry.note, ""))
        keys.append((participant, entry.number))
    return ExportFile(path, to_csv(PUMPING, rows, end="\r\n"), tuple(keys))


def _feeding(
    events: pd.DataFrame, child: tuple[str, str, str], path: str, ounces: bool, ml_per_oz: float
) -> ExportFile:
    rows = []
    for number, event in enumerate(events[events["kind"].isin(["bottle", "breast"])].itertuples(), start=1):
        start = event.started_at
        bottle = event.kind == "bottle"
        end = start + pd.Timedelta(minutes=15 if bottle else int(event.amount))
        amount = ""
        if bottle:
            amount = str(round(event.amount / ml_per_oz * 2) / 2 if ounces else float(event.amount))
        milk = "formula" if bottle and event.formula else "breast milk"
        method = "bottle" if bottle else "both breasts"
        rows.append(
            (str(number), *child, start.strftime(CLOCK), end.strftime(CLOCK), milk, method, amount, "", "")
        )
    return ExportFile(path, to_csv(FEEDING, rows, end="\r\n"), (None,) * len(rows))


def babybuddy_files(
    cohort: Cohort, log: pd.DataFrame, events: pd.DataFrame, habits: pd.DataFrame, random: np.random.Generator
) -> list[ExportFile]:
    """One folder a person, families that measure in mL and in ounces apart; a second export repeats some days."""
    files = []
    recipe = cohort.recipe["log"]
    words = recipe["words"]
    events_of = dict(list(events.groupby("person")))
    for person, own in log.groupby("person"):
        participant = cohort.people["participant"].iloc[person]
        ounces = habits["style"].iloc[person] == "ounces"
        folder = f"babybuddy_{'oz' if ounces else 'ml'}/{participant}"
        child = ("1", str(random.choice(words["baby_names"])), str(random.choice(words["family_names"])))
        numbered = own.assign(number=np.arange(1, len(own) + 1) + int(random.integers(0, 400)))
        exports = parts(numbered, habits["second_from"].iloc[person], recipe["re_export_days"])
        for place, part in enumerate(exports):
            name = "pumping.csv" if place == 0 else "pumping_later.csv"
            files.append(_pumping(participant, part, child, f"{folder}/{name}"))
        mine = events_of.get(person, events.iloc[:0])
        files.append(_feeding(mine, child, f"{folder}/feeding.csv", ounces, recipe["ml_per_oz"]))
    return files
