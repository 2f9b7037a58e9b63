"""The sign that rests on the end of a log: no entries lately."""

import math
from collections.abc import Iterator

import pandas as pd

from pipelines.metrics.signs.episodes import Episode
from pipelines.metrics.signs.tables import Study


def planned_end(study: Study) -> int | None:
    """The study day on which logs usually end, where so many end within the same days that it was planned.

    None where logs end on all kinds of days, as in a study that people join and leave as they like.
    """
    settings = study.settings
    last = study.people["last_entry"].dropna()
    if last.empty:
        return None
    usual = int(last.mode().max())
    within = _quiet_days(study)
    near = int(last.between(usual - within, usual + within).sum())
    needed = max(study.minimum_cell, settings["review.follow_up_share"] * len(last))
    return usual if near >= needed else None


def _quiet_days(study: Study) -> int:
    return math.ceil(study.settings["review.quiet_hours"] / 24)


def gone_quiet(study: Study) -> Iterator[Episode]:
    """A log of some days, then no entry up to the study's last one; neither withdrawn nor at the planned end."""
    settings, people = study.settings, study.people
    end = planned_end(study)
    quiet = people["silent"] & (people["logged_days"] >= settings["review.quiet_logged_days"])
    quiet &= people["withdrawn"].ne("yes") | people["withdrawn"].isna()
    if end is not None:
        quiet &= people["last_entry"] < end - _quiet_days(study)
    found = people[quiet]
    if found.empty:
        return
    days = study.days
    own = days.filter(days.participant_id.isin(sorted(found.index)))
    last = own.group_by("participant_id").aggregate(
        first_place=own.first_place.argmax(own.day_in_study), last_place=own.last_place.max()
    )
    places = last.to_pandas().set_index("participant_id")
    for person, row in found.iterrows():
        yield _episode(str(person), row, places.loc[person], settings["review.quiet_hours"])


def _episode(person: str, row: pd.Series, places: pd.Series, hours: int) -> Episode:
    return Episode(
        "gone_quiet",
        person,
        int(row["last_entry"]),
        int(row["last_entry"]),
        numbers={"logged": int(row["logged_days"]), "hours": hours},
        places=(int(places["first_place"]), int(places["last_place"])),
        measured=False,
        state="current",
    )
