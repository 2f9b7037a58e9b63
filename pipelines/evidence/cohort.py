"""Cohort: who is in it, from the files to the analysis, who did not answer, and who stopped logging."""

from dataclasses import dataclass
from pathlib import Path

from pipelines.evidence import words
from pipelines.evidence.filters import Filters
from pipelines.evidence.flow import Flow, flow
from pipelines.evidence.frames import basis, load, select
from pipelines.evidence.missing import MissingSection, missing_answers
from pipelines.evidence.parts import Basis
from pipelines.evidence.retention import Retention, retention
from pipelines.evidence.splits import EVER, offered
from pipelines.evidence.table_one import TableOne
from pipelines.evidence.table_one import table_one as table_of

DEFAULT_SPLIT = EVER


@dataclass(frozen=True)
class CohortPage:
    """What the Cohort page draws besides Table 1, which depends on one more choice; `splits` are those there are."""

    basis: Basis
    title: str
    splits: tuple[tuple[str, str], ...] = ()
    flow: Flow | None = None
    missing: MissingSection | None = None
    retention: Retention | None = None


def cohort(path: Path, filters: Filters) -> CohortPage:
    """The Cohort page of a store for a reader's filters. Raises StoreError when the file is no store."""
    everyone = load(path)
    frames = select(everyone, filters)
    grounds = basis(frames, filters)
    if grounds.unavailable:
        return CohortPage(grounds, "Too few people for any number")
    return CohortPage(
        grounds,
        _title(grounds, len(everyone.sessions)),
        offered(frames, filters.outcome),
        flow(path, everyone, frames, filters),
        missing_answers(frames, filters.outcome),
        retention(path, frames, filters.outcome),
    )


def table_one(path: Path, filters: Filters, split: str) -> TableOne | None:
    """Table 1 for one way to split, the default one where this study does not have it; None with too few people."""
    frames = select(load(path), filters)
    if basis(frames, filters).unavailable:
        return None
    return table_of(frames, split or DEFAULT_SPLIT, filters.outcome)


def _title(grounds: Basis, all_sessions: int) -> str:
    """Who is in the analysis, and how much of what was logged."""
    assert grounds.participants is not None and grounds.sessions is not None
    each = grounds.sessions / grounds.participants
    share = words.percent(grounds.sessions / all_sessions)
    return (
        f"{words.people(grounds.participants)} with {each:.0f} sessions each on average are in the analysis: "
        f"{share} of all sessions logged"
    )
