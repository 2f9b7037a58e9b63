"""Episodes of a warning sign: which person, which days, the numbers behind it, and the rows that show it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import ibis
import pandas as pd

from pipelines.metrics.signs.tables import Study

Row = tuple[str, int]
LOG, DIARY = "log", "diary"


@dataclass(frozen=True)
class Episode:
    """One stretch of days on which a sign is true of one person; days are `day_in_study`.

    `lists` tells whether it puts the person on the list, or only stands as a note. `numbers` fill the words of the
    reason. `rows` are (source_id, source_row) of what shows it; where they are sessions, `places` say which of the
    person's log, and `measured` that only those with a known volume count. `based_on` decides how long it is current.
    """

    sign: str
    participant_id: str
    first_day: int
    last_day: int
    lists: bool = True
    numbers: Mapping[str, Any] = field(default_factory=dict)
    rows: tuple[Row, ...] = ()
    places: tuple[int, int] | None = None
    measured: bool = True
    based_on: str = LOG
    state: str = ""


def joined(hits: pd.DataFrame, start: str, end: str, reach: int) -> pd.Series:
    """A number for each hit that is the same for hits of one person that touch.

    Two hits touch when the later one starts at most `reach` after the earlier one ended. `hits` are in order of
    person and `end`.
    """
    same = hits["participant_id"].eq(hits["participant_id"].shift())
    touches = same & (hits[start] - hits[end].shift() <= reach)
    return (~touches).cumsum()


def rows_of(answers: pd.DataFrame) -> tuple[Row, ...]:
    """The distinct rows of files behind some answers, in order."""
    pairs = answers[["source_id", "source_row"]].drop_duplicates()
    return tuple((str(source), int(row)) for source, row in pairs.itertuples(index=False))


def with_session_rows(study: Study, episodes: Sequence[Episode]) -> list[Episode]:
    """Episodes with the sessions behind them as rows; one look at the log for all of them."""
    asked = pd.DataFrame(
        [
            (number, each.participant_id, *each.places, each.measured)
            for number, each in enumerate(episodes)
            if each.places is not None
        ],
        columns=["number", "participant_id", "first_place", "last_place", "measured"],
    )
    if asked.empty:
        return list(episodes)
    wanted = ibis.memtable(asked)
    sessions = study.sessions
    found = sessions.inner_join(
        wanted,
        [
            sessions.participant_id == wanted.participant_id,
            sessions.place >= wanted.first_place,
            sessions.place <= wanted.last_place,
            sessions.volume_ml.notnull() | ~wanted.measured,
        ],
    )
    rows = found.select("number", "place", "source_id", "source_row").order_by("number", "place").to_pandas()
    shown = _rows_by_number(rows)
    return [replace(each, rows=shown.get(number, each.rows)) for number, each in enumerate(episodes)]


def _rows_by_number(rows: pd.DataFrame) -> dict[int, tuple[Row, ...]]:
    """The distinct rows of files of each number, in order."""
    distinct = rows[["number", "source_id", "source_row"]].drop_duplicates()
    shown: dict[int, list[Row]] = {}
    for number, source, row in distinct.itertuples(index=False):
        shown.setdefault(int(number), []).append((str(source), int(row)))
    return {number: tuple(places) for number, places in shown.items()}


def with_states(study: Study, episodes: Iterable[Episode]) -> list[Episode]:
    """Episodes marked `current` when they reach into the person's last logged days, else `past`.

    Of somebody without any dated entry the answers are the latest that is known of her, and so are current.
    """
    since = {LOG: study.people["log_since"].to_dict(), DIARY: study.people["diary_since"].to_dict()}

    def state(episode: Episode) -> str:
        start = since[episode.based_on].get(episode.participant_id)
        return "current" if pd.isna(start) or episode.last_day >= start else "past"

    return [each if each.state else replace(each, state=state(each)) for each in episodes]
