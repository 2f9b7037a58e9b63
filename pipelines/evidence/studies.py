"""Which studies there are to look at, and what each offers to choose from."""

from dataclasses import dataclass
from pathlib import Path

from pipelines.codebook import load_codebook
from pipelines.evidence.filters import Choices
from pipelines.store.tables import open_store, require_store


@dataclass(frozen=True)
class StudyCard:
    """One store as the study menu names it. `stamp` changes whenever the store's content may have changed."""

    path: str
    name: str
    synthetic: bool
    data_version: int
    stamp: str


def describe(path: Path) -> StudyCard:
    """Name a store.

    Raises StoreError when the file is no store that this version can read.
    """
    with open_store(path) as store:
        info = store.info
    return StudyCard(str(path), info.name, info.synthetic, info.data_version, stamp(path))


def stamp(path: Path) -> str:
    """A short text that changes with every replacement of the store file; cheap enough for every click.

    Raises StoreError when there is no such file.
    """
    require_store(path)
    status = path.stat()
    return f"{status.st_mtime_ns}-{status.st_size}"


def choices(path: Path) -> Choices:
    """Cohorts, pump types and days that the store holds; "pump unknown" is not one of them.

    Cohorts with fewer people than the study's minimum cell are not offered: choosing one would show nothing.
    """
    with open_store(path) as store:
        people = store.participants.group_by("cohort").aggregate(people=store.participants.count())
        cohorts = people.filter(people.people >= store.info.minimum_cell).cohort.execute()
        logged = store.sessions.group_by("day_postpartum").aggregate(
            people=store.sessions.participant_id.nunique()
        )
        shown = logged.filter(logged.people >= store.info.minimum_cell)
        days = shown.aggregate(first=shown.day_postpartum.min(), last=shown.day_postpartum.max()).execute()
        pumps = store.sessions.select("pump_type").distinct().pump_type.execute()
        outcome = store.info.outcome
    labels = {level.code: level.label for level in load_codebook().factors["pump_type"].levels}
    first, last = days["first"].iloc[0], days["last"].iloc[0]
    known = first is not None and first == first
    return Choices(
        cohorts=tuple(sorted(str(name) for name in cohorts.dropna())),
        pump_types=tuple((code, label) for code, label in labels.items() if code in set(pumps.dropna())),
        first_day=int(first) if known else None,
        last_day=int(last) if known else None,
        outcome=outcome,
    )
