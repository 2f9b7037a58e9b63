"""A study's rows ready for analysis: loaded once per data version, then filtered for each page."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from hashlib import sha256
from pathlib import Path

import pandas as pd

from pipelines.analysis.features import asked_ways, model_table
from pipelines.analysis.joining import Asked
from pipelines.codebook import load_codebook
from pipelines.evidence.filters import BELIEVABLE, Choices, Filters
from pipelines.evidence.parts import Basis
from pipelines.evidence.studies import choices, stamp
from pipelines.evidence.words import outcome as outcome_words
from pipelines.metrics.days import daily
from pipelines.metrics.logs import doubts, habits
from pipelines.metrics.sessions import with_outcomes
from pipelines.results import Cohort
from pipelines.settings import load_settings
from pipelines.store.tables import StoreInfo, open_store

STUDIES_IN_MEMORY = 2


@dataclass(frozen=True)
class Frames:
    """One study, or a selection of it.

    `sessions` is the model table (one row per session, with outcomes, factors and yesterday's diary), `days` one
    row per participant-day, `ways` which way of asking each factor's answers come from. Nobody may change them: they
    are shared between pages. `identity` tells apart two studies that happen to have the same data version.
    """

    info: StoreInfo
    choices: Choices
    sessions: pd.DataFrame
    days: pd.DataFrame
    everyone: int
    identity: str = ""
    ways: Mapping[str, Asked] = field(default_factory=dict)

    @property
    def minimum(self) -> int:
        """The study's minimum number of people for a shown number."""
        return self.info.minimum_cell

    def asked(self, name: str) -> pd.Series:
        """A column of the sessions; all missing where nobody ever told it, since such a column is not there."""
        return self.sessions.reindex(columns=[name])[name]


def load(path: Path) -> Frames:
    """Load a study; a second call for the same content of the store is free.

    Raises StoreError when the file is no store.
    """
    return _load(path, stamp(path))


@lru_cache(maxsize=STUDIES_IN_MEMORY)
def _load(path: Path, content: str) -> Frames:
    settings, codebook = load_settings(), load_codebook()
    with open_store(path) as store:
        sessions = with_outcomes(store.sessions, store.info.low_output_ml)
        days = daily(sessions, settings).execute()
        people, responses = store.participants.execute(), store.responses.execute()
        rows = model_table(sessions.execute(), responses, people, days, codebook, settings)
        info = store.info
        sources = store.sources.select("source_id", "rows_accepted").execute()
    cohorts = people.set_index("participant_id")["cohort"]
    rows["cohort"] = rows["participant_id"].map(cohorts)
    days["cohort"] = days["participant_id"].map(cohorts)
    asked = asked_ways(responses, codebook, settings)
    people_in_all = rows["participant_id"].nunique()
    return Frames(info, choices(path), rows, days, people_in_all, _identity(sources), asked)


def _identity(sources: pd.DataFrame) -> str:
    """A short text that differs wherever a study's files, or what was taken from them, do."""
    rows = sorted(sources.astype(str).itertuples(index=False, name=None))
    return sha256(repr(rows).encode()).hexdigest()


def doubtful(path: Path) -> frozenset[str]:
    """The participants whose log gives a reason for doubt (see `metrics.logs.doubts`).

    Asked for only where a reader leaves them out. Raises StoreError when the file is no store.
    """
    return _doubtful(path, stamp(path))


@lru_cache(maxsize=STUDIES_IN_MEMORY)
def _doubtful(path: Path, content: str) -> frozenset[str]:
    settings = load_settings()
    with open_store(path) as store:
        judged = doubts(habits(store.sessions, settings), settings)
        return frozenset(judged.filter(judged.doubtful).participant_id.execute())


def select(frames: Frames, filters: Filters) -> Frames:
    """The sessions and days that a reader's filters leave.

    Everything that looks back (yesterday's diary, intervals, session numbers) was computed before, on all sessions.
    """
    left_out = doubtful(frames.info.path) if filters.logs == BELIEVABLE else frozenset()
    sessions = frames.sessions[_within(frames.sessions, filters, left_out)]
    if filters.pump_type is not None:
        sessions = sessions[sessions["pump_type"] == filters.pump_type]
    days = frames.days[_within(frames.days, filters, left_out)]
    if filters.pump_type is not None:
        days = days.merge(sessions[["participant_id", "day_in_study"]].drop_duplicates())
    return replace(frames, sessions=sessions, days=days)


def _within(rows: pd.DataFrame, filters: Filters, left_out: frozenset[str]) -> pd.Series:
    keep = ~rows["participant_id"].isin(left_out)
    if filters.cohort is not None:
        keep &= rows["cohort"] == filters.cohort
    if filters.first_day is not None:
        keep &= rows["day_postpartum"] >= filters.first_day
    if filters.last_day is not None:
        keep &= rows["day_postpartum"] <= filters.last_day
    return keep


def too_few(frames: Frames, outcome: str) -> str:
    """Why a selection shows no number, or "".

    A selection must hold the minimum number of people, and so must what it leaves out: the difference between two
    links would otherwise be about a few.
    """
    known = frames.sessions.loc[frames.sessions[outcome].notna(), "participant_id"].nunique()
    left_out = frames.everyone - frames.sessions["participant_id"].nunique()
    if known < frames.minimum:
        return f"Fewer than {frames.minimum} people are in this selection, so no number is shown. Widen the filter."
    if 0 < left_out < frames.minimum:
        return (
            f"This selection leaves out fewer than {frames.minimum} people, so no number is shown: "
            "beside the whole study it would tell of those few. Widen or narrow the filter."
        )
    return ""


def basis(frames: Frames, filters: Filters) -> Basis:
    """What a page's numbers rest on, with the filters in words."""
    unavailable = too_few(frames, filters.outcome)
    known = frames.sessions[frames.sessions[filters.outcome].notna()]
    return Basis(
        study=frames.info.name,
        synthetic=frames.info.synthetic,
        data_version=frames.info.data_version,
        participants=None if unavailable else known["participant_id"].nunique(),
        sessions=None if unavailable else len(known),
        outcome=outcome_words(filters.outcome),
        filters=filters.sentence(frames.choices),
        minimum_cell=frames.minimum,
        unavailable=unavailable,
    )


def cohort(frames: Frames, filters: Filters, reason: str) -> Cohort:
    """Counts and the two shares of the outcome: of sessions, and as the mean of the participants' shares."""
    known = frames.sessions[frames.sessions[filters.outcome].notna()]
    event = known[filters.outcome].astype(float)
    people = event.groupby(known["participant_id"]).mean()
    return Cohort(
        participants=len(people),
        sessions=len(known),
        events=int(event.sum()),
        outcome=filters.outcome,
        synthetic=frames.info.synthetic,
        data_version=frames.info.data_version,
        name=frames.info.name,
        low_output_ml=frames.info.low_output_ml,
        minimum_cell=frames.minimum,
        share_of_sessions=float(event.mean()) if len(known) else None,
        mean_participant_share=float(people.mean()) if len(people) else None,
        reason=reason,
    )
