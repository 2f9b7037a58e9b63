"""The study's own session log: four sites, each with its table; three use our column names, one its own."""

import io
import re
import zipfile
from collections.abc import Hashable

import numpy as np
import openpyxl
import pandas as pd

from pipelines.synthetic.cohort import Cohort
from pipelines.synthetic.exports.base import ExportFile, clock, numbers, session_keys, to_csv
from pipelines.synthetic.people import choose
from pipelines.synthetic.sessions import TECHNIQUES

SHEET_TIME = (2025, 12, 1, 9, 0, 0)
SITES = {"north": 0.5, "south": 0.25, "west": 0.25}
ANSWERS = ("pump_type", "pump_pain", *TECHNIQUES, "setting", "let_down_felt", "place", "placebo_session")
OWN_COLUMNS = (
    "participant_id",
    "started_at",
    "duration_min",
    "volume_left_ml",
    "volume_right_ml",
    "volume_ml",
    *ANSWERS,
    "note",
)
# The eastern site measures in ounces and has its own names and codes; the study file says what they mean.
EAST_COLUMNS = (
    "mother",
    "pump_start",
    "mins",
    "left_oz",
    "right_oz",
    "both_oz",
    "pump_used",
    "hurt_0_10",
    "heat_first",
    "rubbed_first",
    "breathing_first",
    "baby_photo",
    "room",
    "felt_it",
    "whereabouts",
    "control_mark",
    "remarks",
)
EAST_CODES = {
    "pump_type": {
        "electric_double": "double",
        "hospital_grade": "hospital",
        "wearable": "inbra",
        "manual": "hand",
    },
    "setting": {"calm_private": "1", "private_not_calm": "2", "not_private": "3"},
    "let_down_felt": {"yes": "Y", "unsure": "?", "no": "N"},
    "place": {"home": "H", "work": "W", "neonatal_unit": "U", "elsewhere": "E"},
}


def _answers(cohort: Cohort, log: pd.DataFrame, random: np.random.Generator) -> pd.DataFrame:
    """The session's answers as text in our own codes, a few left blank; both copies of a double say the same."""
    sessions = cohort.sessions.iloc[log["session"]].reset_index(drop=True)
    share = cohort.recipe["log"]["blank_answer"]
    blank = random.random((len(cohort.sessions), len(ANSWERS)))[log["session"].to_numpy()] < share
    columns = {}
    for place, name in enumerate(ANSWERS):
        values = sessions[name]
        text = values.map({True: "yes", False: "no"}) if values.dtype == bool else values.astype(str)
        columns[name] = np.where(blank[:, place], "", text.astype(object))
    return pd.DataFrame(columns)


def _text_table(cohort: Cohort, log: pd.DataFrame, answers: pd.DataFrame, pattern: str) -> pd.DataFrame:
    """All columns as text under our own names."""
    participant = cohort.people["participant"].to_numpy()[log["person"]]
    amount = {name: numbers(log[name]) for name in ("left", "right", "total")}
    return pd.DataFrame(
        {
            "participant_id": participant,
            "started_at": clock(log["started_at"], pattern),
            "duration_min": numbers(log["duration_min"]),
            "volume_left_ml": amount["left"],
            "volume_right_ml": amount["right"],
            "volume_ml": amount["total"],
        }
        | {name: answers[name].to_numpy() for name in ANSWERS}
        | {"note": log["note"].to_numpy()}
    )


def _sheet(table: pd.DataFrame, starts: pd.Series) -> bytes:
    """An Excel workbook with real dates and numbers, the same bytes whenever it is written."""
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("pumping log")
    sheet.append(list(table.columns))
    numeric = {"duration_min", "volume_left_ml", "volume_right_ml", "volume_ml", "pump_pain"}
    columns = []
    for name in table.columns:
        cells = table[name].tolist()
        if name == "started_at":
            columns.append([start.to_pydatetime() for start in starts])
        elif name in numeric:
            columns.append([float(cell) if cell else None for cell in cells])
        else:
            columns.append([cell or None for cell in cells])
    for row in zip(*columns, strict=True):
        sheet.append(row)
    written = io.BytesIO()
    book.save(written)
    return _without_clock(written.getvalue())


def _without_clock(workbook: bytes) -> bytes:
    """The workbook without the time at which it was written."""
    stamp = "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z".format(*SHEET_TIME)
    plain = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(workbook)) as old,
        zipfile.ZipFile(plain, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for entry in old.infolist():
            content = old.read(entry)
            if entry.filename == "docProps/core.xml":
                content = re.sub(rb">[0-9T:.-]+Z<", f">{stamp}<".encode(), content)
            new.writestr(zipfile.ZipInfo(entry.filename, SHEET_TIME), content, zipfile.ZIP_DEFLATED)
    return plain.getvalue()


def _keys(table: pd.DataFrame, log: pd.DataFrame) -> tuple[Hashable, ...]:
    return tuple(
        key
        for participant, rows in log.groupby(table["participant_id"].to_numpy(), sort=False)
        for key in session_keys(str(participant), rows)
    )


def _western(table: pd.DataFrame) -> pd.DataFrame:
    """Yes and no as 1 and 0."""
    coded = table.copy()
    for name in (*TECHNIQUES, "placebo_session"):
        coded[name] = coded[name].map({"yes": "1", "no": "0", "": ""})
    return coded


def _eastern(table: pd.DataFrame) -> pd.DataFrame:
    """The eastern site's own names and codes."""
    coded = table.copy()
    for name, codes in EAST_CODES.items():
        coded[name] = coded[name].map(codes | {"": ""})
    return coded.set_axis(list(EAST_COLUMNS), axis=1)


def _site_of(habits: pd.DataFrame, random: np.random.Generator) -> np.ndarray:
    site = choose(random, SITES, len(habits))
    ounces = (habits["style"] == "ounces").to_numpy()
    site = np.where(ounces, "east", site)
    return np.where(habits["trap"], "north", site)


def _second_export(
    log: pd.DataFrame, habits: pd.DataFrame, repeated_days: int
) -> tuple[np.ndarray, np.ndarray]:
    """Which entries stand in the first export, and which in the second that repeats some days."""
    start = habits["second_from"].to_numpy()[log["person"]]
    day = log["study_day"].to_numpy()
    first = (start < 0) | (day < start + repeated_days)
    return first, (start >= 0) & (day >= start)


def table_files(
    cohort: Cohort, log: pd.DataFrame, habits: pd.DataFrame, random: np.random.Generator
) -> list[ExportFile]:
    """The study's own log of all sites; the northern and eastern sites sent some persons' last weeks again."""
    log = log.reset_index(drop=True)
    site = _site_of(habits, random)[log["person"]]
    answers = _answers(cohort, log, random)
    first, second = _second_export(log, habits, cohort.recipe["log"]["re_export_days"])
    once = np.isin(site, ["south", "west"])

    def rows_of(name: str, chosen: np.ndarray, pattern: str) -> tuple[pd.DataFrame, pd.DataFrame]:
        rows = np.flatnonzero((site == name) & chosen)
        part = log.iloc[rows]
        return part, _text_table(cohort, part, answers.iloc[rows], pattern)

    files = []

    def add(path: str, part: pd.DataFrame, table: pd.DataFrame, content: bytes) -> None:
        if len(part):
            files.append(ExportFile(path, content, _keys(table, part)))

    for path, chosen in (("logs/north.csv", first), ("logs/north_later.csv", second)):
        part, table = rows_of("north", chosen, "%Y-%m-%d %H:%M:%S")
        add(path, part, table, to_csv(OWN_COLUMNS, table.to_numpy().tolist()))
    part, table = rows_of("south", once, "%Y-%m-%d %H:%M")
    add("logs/south.xlsx", part, table, _sheet(table, part["started_at"]))
    part, table = rows_of("west", once, "%Y-%m-%dT%H:%M")
    add("logs/west.tsv", part, table, to_csv(OWN_COLUMNS, _western(table).to_numpy().tolist(), "\t", "\r\n"))
    for path, chosen in (("logs_east/east.csv", first), ("logs_east/east_later.csv", second)):
        part, table = rows_of("east", chosen, "%d/%m/%Y %H:%M")
        add(path, part, table, to_csv(EAST_COLUMNS, _eastern(table).to_numpy().tolist(), ";"))
    return files
