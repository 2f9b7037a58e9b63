"""The rows behind a sign as the page shows them: on which day, when, what, and where in the files it stands.

Answers that the codebook restricts, such as a distress scale's, are named by their file and row alone.
"""

from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from pipelines.codebook import Codebook, Factor, load_codebook
from pipelines.evidence import words
from pipelines.evidence.volume_units import MILLILITRES, NAMES, in_words
from pipelines.metrics.signs.tables import ticks
from pipelines.settings import load_settings
from pipelines.store.tables import open_store

CODE_LENGTH = 6
MINUTES_AN_HOUR = 60
NOT_SHOWN = "not shown here"
NOT_KNOWN = "volume not known"
Place = tuple[str, int]


@dataclass(frozen=True)
class ShownRow:
    """One row of a file behind a sign: `day` as on the page's axis ("" without a date), `clock` of a session, what it says."""

    source_id: str
    source_row: int
    day: str
    clock: str
    says: str

    @property
    def file_code(self) -> str:
        """The file as the Data page names it: by the code of its content."""
        return self.source_id[:CODE_LENGTH]


def rows_of_person(
    path: Path, participant_id: str, offset: int, unit: str = MILLILITRES
) -> dict[Place, ShownRow]:
    """One person's rows by place in the files: her sessions, and her answers that a rule may count.

    `offset` is what the page's days are ahead of study days, volumes are told in `unit`. Raises StoreError when the file is no store.
    """
    with open_store(path) as store:
        log = store.sessions.filter(store.sessions.participant_id == participant_id)
        sessions = log.select(
            "day_in_study", "minute_of_day", "volume_ml", "source_id", "source_row"
        ).to_pandas()
        said = store.responses.filter(store.responses.participant_id == participant_id)
        answers = ticks(said, load_settings()).to_pandas()
    shown = {}
    for row in sessions.itertuples():
        place = (str(row.source_id), int(row.source_row))
        clock = f"{row.minute_of_day // MINUTES_AN_HOUR:02d}:{row.minute_of_day % MINUTES_AN_HOUR:02d}"
        shown[place] = ShownRow(
            *place, str(int(row.day_in_study) + offset), clock, _volume(row.volume_ml, unit)
        )
    for (source, number), own in answers.groupby(["source_id", "source_row"], sort=False):
        place = (str(source), int(number))
        day = str(int(own["day"].iloc[0]) + offset) if own["is_dated"].iloc[0] else ""
        shown[place] = ShownRow(*place, day, "", _answers(own, load_codebook()))
    return shown


def rows_behind(rows: tuple[Place, ...], known: dict[Place, ShownRow]) -> tuple[ShownRow, ...]:
    """The rows of one sign in its order; a row that says nothing to show is named by its place."""
    return tuple(known.get(place, ShownRow(*place, "", "", NOT_SHOWN)) for place in rows)


def _volume(volume_ml: float, unit: str = MILLILITRES) -> str:
    if pd.isna(volume_ml):
        return NOT_KNOWN
    if volume_ml == 0:
        return f"no milk (0 {NAMES[unit]})"
    return words.millilitres(volume_ml) if unit == MILLILITRES else in_words(volume_ml, unit)


def _answers(own: pd.DataFrame, codebook: Codebook) -> str:
    """What one row reports, each item once; restricted items are left out."""
    open_to_all = own[[not codebook.factors[name].restricted for name in own["factor"]]]
    said = [_answer(codebook.factors[row.factor], row) for row in open_to_all.itertuples()]
    return "; ".join(dict.fromkeys(said)) or NOT_SHOWN


def _answer(factor: Factor, row) -> str:
    if factor.kind == "yes_no":
        return factor.label
    if not pd.isna(row.value_number):
        return f"{factor.label}: {row.value_number:g}{words.NO_BREAK}{factor.unit}".strip()
    labels = {level.code: level.label for level in factor.levels}
    value = labels.get(row.value, row.value)
    return f"{factor.label}: {value}"
