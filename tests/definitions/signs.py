"""A made-up study for the warning signs: sessions and answers as small tables, and what a rule finds in them."""

from collections.abc import Callable, Mapping, Sequence

import ibis
import pandas as pd

from pipelines.metrics.signs import Episode, Tables, read_study
from pipelines.metrics.signs.episodes import with_session_rows, with_states
from pipelines.settings import load_settings
from tests.definitions.worked import parse

SESSIONS = {
    "session_id": "string",
    "participant_id": "string",
    "day_postpartum": "int32",
    "day_in_study": "int32",
    "minute_of_day": "int32",
    "interval_hours": "float64",
    "duration_min": "float64",
    "volume_ml": "float64",
    "pump_pain": "float64",
    "source_id": "string",
    "source_row": "int64",
}
RESPONSES = {
    "participant_id": "string",
    "day_postpartum": "int32",
    "day_in_study": "int32",
    "factor": "string",
    "value": "string",
    "value_number": "float64",
    "source_id": "string",
    "source_row": "int64",
}
PEOPLE = {
    "participant_id": "string",
    "cohort": "string",
    "feeding_mode": "string",
    "work_status": "string",
    "withdrawn": "string",
}
ENDS = {"participant_id": "string", "silent": "boolean"}
BIRTH_BEFORE = 10


def _table(rows: Sequence[Mapping], columns: Mapping[str, str]):
    frame = pd.DataFrame({name: pd.Series([row.get(name) for row in rows], dtype=object) for name in columns})
    return ibis.memtable(frame, schema=dict(columns))


def log(volumes: Mapping[int, Sequence[float | None]], **more) -> list[dict]:
    """Sessions from the volumes of each study day, at eight o'clock and every hour from then on."""
    return [
        {"day_in_study": day, "minute_of_day": 480 + 60 * place, "volume_ml": volume, **more}
        for day, own in volumes.items()
        for place, volume in enumerate(own)
    ]


def _completed(rows: Sequence[Mapping], file: str, birth_before: int | None) -> list[dict]:
    """Rows with person, file, row and, unless there is no birth date, the day after birth."""
    found = []
    for number, row in enumerate(rows, start=1):
        day = row.get("day_in_study")
        postpartum = None if day is None or birth_before is None else day + birth_before
        found.append(
            {
                "participant_id": "A",
                "session_id": f"{number:06}",
                "minute_of_day": 480,
                "day_postpartum": postpartum,
                "source_id": file,
                "source_row": number,
                **row,
            }
        )
    return found


def study(
    sessions: Sequence[Mapping] = (),
    answers: str = "",
    *,
    people: Mapping[str, Mapping] | None = None,
    birth_before: int | None = BIRTH_BEFORE,
    distress: bool = False,
    minimum_cell: int = 10,
):
    """A study as the rules take it. `answers` is a text table with at least day_in_study, factor and value.

    `birth_before`: the first study day's day after birth; None where no birth date is known. `people` gives feeding,
    work, withdrawal and `silent` by id.
    """
    said = _completed(parse(answers) if answers else [], "form", birth_before)
    for row in said:
        row["value_number"] = row["value"] if isinstance(row["value"], (int, float)) else None
        row["value"] = {True: "yes", False: "no"}.get(row["value"], str(row["value"]))
    logged = _completed(sessions, "log", birth_before)
    named = {row["participant_id"]: {} for row in (*said, *logged)} | dict(people or {})
    rows = [{"participant_id": name, **about} for name, about in named.items()]
    tables = Tables(
        _table(logged, SESSIONS),
        _table(said, RESPONSES),
        _table(rows, PEOPLE),
        _table(rows, ENDS),
        15.0,
        minimum_cell,
        distress,
        lambda _name, expression: expression,
    )
    return read_study(tables, load_settings())


def found(rule: Callable, made) -> list[Episode]:
    """The rule's episodes with their rows and states."""
    return with_states(made, with_session_rows(made, list(rule(made))))


def days(episodes: Sequence[Episode]) -> list[tuple]:
    """Who, first and last day."""
    return [(each.participant_id, each.first_day, each.last_day) for each in episodes]
