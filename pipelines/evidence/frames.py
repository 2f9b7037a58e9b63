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
from pipelines.evidence.apart import sets_apart, stretches, wider_range, within
from pipelines.evidence.filters import BELIEVABLE, Choices, Filters, day_limits, days_in_words
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
DAYS = "days"


@dataclass(frozen=True)
class Frames:
    """One study, or a selection of it.

    `sessions` is the model table (one row per session, with outcomes, factors and yesterday's diary), `days` one
    row per participant-day, `ways` which way of asking each factor's answers come from. Nobody may change them: they
    are shared between pages. `identity` tells apart two studies that happen to have the same data version.
    `gives_away` says why a selection may show no number although it holds enough people, "" where it may.
    """

    info: StoreInfo
    choices: Choices
    sessions: pd.DataFrame
    days: pd.DataFrame
    everyone: int
    identity: str = ""
    ways: Mapping[str, Asked] = field(default_factory=dict)
    gives_away: str = ""

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


def numbered(frames: Frames) -> Frames:
    """The same selection with people as numbers from 0 in the order of the rows, which group faster than codes."""
    people = pd.factorize(frames.sessions["participant_id"])[0]
    return replace(frames, sessions=frames.sessions.assign(participant_id=people))


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
    limits = _limits(frames, frames.sessions, filters)
    sessions = frames.sessions[within(frames.sessions, limits)]
    days = frames.days[within(frames.days, _limits(frames, frames.days, filters))]
    if filters.pump_type is not None:
        days = days.merge(sessions[["participant_id", "day_in_study"]].drop_duplicates())
    return replace(
        frames,
        sessions=sessions,
        days=days,
        gives_away=_gives_away(frames, filters, limits) if limits else "",
    )


def _limits(frames: Frames, rows: pd.DataFrame, filters: Filters) -> dict[str, pd.Series]:
    """Which rows each limit of a reader keeps; a day has no pump."""
    found = {}
    if filters.logs == BELIEVABLE:
        found["logs"] = ~rows["participant_id"].isin(doubtful(frames.info.path))
    if filters.cohort is not None:
        found["cohort"] = rows["cohort"] == filters.cohort
    if filters.pump_type is not None and "pump_type" in rows:
        found["pump"] = rows["pump_type"] == filters.pump_type
    if filters.first_day is not None or filters.last_day is not None:
        day = rows["day_postpartum"]
        found[DAYS] = day.notna()
        if filters.first_day is not None:
            found[DAYS] &= day >= filters.first_day
        if filters.last_day is not None:
            found[DAYS] &= day <= filters.last_day
    return found


def _gives_away(frames: Frames, filters: Filters, limits: Mapping[str, pd.Series]) -> str:
    """Why these limits would tell of a few people to whoever sets two selections against each other, or ""."""
    others = {name: limit for name, limit in limits.items() if name != DAYS}
    minimum = frames.minimum
    rows = frames.sessions.reindex(columns=["participant_id", "day_postpartum", filters.outcome])
    for told in (rows.index, rows.index[rows[filters.outcome].notna()]):
        if sets_apart(rows.loc[told], {name: limit.loc[told] for name, limit in limits.items()}, minimum):
            return (
                f"This selection leaves out the sessions of fewer than {minimum} people, so no number is shown: beside "
                "a wider one it would tell of those few. Widen or narrow the filter."
            )
    if DAYS not in limits:
        return ""
    pool = rows[within(rows, others)]
    told_by = pool["participant_id"].where(pool[filters.outcome].notna())
    asked = (filters.first_day, filters.last_day)
    wider = day_limits(
        *wider_range(*asked, stretches(pool["day_postpartum"], told_by, minimum)), frames.choices
    )
    if wider == asked:
        return ""
    return (
        f"At an end of this range fewer than {minimum} people logged, so no number is shown: beside a range that "
        f"differs by those days it would tell of those few. What can be shown is {days_in_words(*wider, frames.choices)}."
    )


def too_few(frames: Frames, outcome: str) -> str:
    """Why a selection shows no number, or "".

    A selection must hold the minimum number of people, and so must what it leaves out: the difference between two
    links would otherwise be about a few.
    """
    known = frames.sessions.loc[frames.sessions[outcome].notna(), "participant_id"].nunique()
    if known < frames.minimum:
        if frames.everyone < frames.minimum:
            return f"Fewer than {frames.minimum} people are in this study, so no number is shown."
        return f"Fewer than {frames.minimum} people are in this selection, so no number is shown. Widen the filter."
    return frames.gives_away


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
