"""Which studies there are to look at, and what each offers to choose from."""

from dataclasses import dataclass
from pathlib import Path

import ibis.expr.types as ir

from pipelines.codebook import load_codebook
from pipelines.evidence.filters import Choices
from pipelines.privacy.disclosure import hidden_cells
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

    Cohorts and pumps of fewer people than the study's minimum cell are not offered: choosing one would show nothing.
    Where everybody without the others would tell of them, nor is the smallest of the others.
    """
    with open_store(path) as store:
        minimum = store.info.minimum_cell
        cohorts = _offered(store.participants, "cohort", minimum)
        pumps = _offered(store.sessions, "pump_type", minimum)
        logged = store.sessions.group_by("day_postpartum").aggregate(
            people=store.sessions.participant_id.nunique()
        )
        shown = logged.filter(logged.people >= minimum)
        days = shown.aggregate(first=shown.day_postpartum.min(), last=shown.day_postpartum.max()).execute()
        outcome = store.info.outcome
    labels = {level.code: level.label for level in load_codebook().factors["pump_type"].levels}
    first, last = days["first"].iloc[0], days["last"].iloc[0]
    known = first is not None and first == first
    return Choices(
        cohorts=tuple(sorted(cohorts)),
        pump_types=tuple((code, label) for code, label in labels.items() if code in pumps),
        first_day=int(first) if known else None,
        last_day=int(last) if known else None,
        outcome=outcome,
    )


def _offered(rows: ir.Table, column: str, minimum: int) -> frozenset[str]:
    """Values of a column that may be chosen: what is unknown counts as a group of its own, and is not offered."""
    grouped = rows.group_by(column).aggregate(people=rows.participant_id.nunique()).execute()
    hidden = hidden_cells([int(people) for people in grouped["people"]], minimum)
    return frozenset(grouped.loc[[not each for each in hidden], column].dropna().astype(str))
