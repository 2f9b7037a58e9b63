"""One person's course: her volume by day against the cohort's curves, her sessions by clock, reports and signs.

About a single person, so it is for the consultant alone (`access.may_see_people`). Days count from birth where the
birth date is known, else from the first session; `day_axis` says which.
"""

from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

import pandas as pd

from pipelines.codebook import load_codebook
from pipelines.errors import InputError
from pipelines.evidence import words
from pipelines.evidence.access import PEOPLE_CLOSED, may_see_people
from pipelines.evidence.curves import curves
from pipelines.evidence.frames import load
from pipelines.evidence.review import ListedPerson, Note, review
from pipelines.evidence.shelf import shelved
from pipelines.evidence.studies import stamp
from pipelines.guidance.marks import ClinicalMark, load_marks
from pipelines.metrics.signs.marks import MARKS, REACHED, UNKNOWN
from pipelines.metrics.signs.tables import DEPENDS_ON_THE_PUMP
from pipelines.results import CurvePoint
from pipelines.settings import load_settings
from pipelines.store.tables import open_store

MILK, EMPTY, VOLUME_UNKNOWN = "milk", "empty", "unknown"
AFTER_BIRTH, IN_STUDY = "days since birth (day of birth = 0)", "days in the study (first session = 0)"
# Reports drawn on the axis: what hurts or hinders on a day. Never the distress scale.
REPORTED = (
    "engorgement",
    "blocked_duct",
    "mastitis_signs",
    "breast_redness",
    "ill_shivery",
    "latch_difficulty",
    "decongestant",
    "infant_weight_concern",
    "weaning",
)
# Whose the curves are when her own cohort has none.
EVERYBODY = "everybody"
STATE_WORDS = {REACHED: "reached", UNKNOWN: "cannot be told from her log"}


@dataclass(frozen=True)
class CourseDay:
    """One day with sessions: `volume_ml` is None on days that are cut or have too few known volumes."""

    day: int
    sessions: int
    volume_ml: float | None


@dataclass(frozen=True)
class CourseSession:
    """One session on the strip: `state` is milk, empty (drawn open) or unknown."""

    day: int
    minute_of_day: int
    state: str
    volume_ml: float | None


@dataclass(frozen=True)
class CourseReport:
    """One thing reported on some days, in the codebook's words."""

    factor: str
    label: str
    days: tuple[int, ...]


@dataclass(frozen=True)
class CourseSpan:
    """A stretch of days on the axis: a sign (`id`, `label`, `state`), or days without any entry (`id` "gap")."""

    id: str
    label: str
    first_day: int
    last_day: int
    state: str = ""


@dataclass(frozen=True)
class CourseMark:
    """A cited clinical mark of her course; `words` say whether it was reached, `definition` and `source` what it is.

    `shown` is the codebook's switch; a reader may turn each mark on or off for herself.
    """

    id: str
    label: str
    state: str
    words: str
    definition: str
    source: str
    shown: bool = True


@dataclass(frozen=True)
class Course:
    """Everything the course figure and the hand-out need of one person.

    `bands` are the curves she is compared with (only estimated points), `bands_of` whose they are ("" without any),
    `offset` what `day` is ahead of `day_in_study`. `listed` is her entry of the review list, None when she is not on it.
    """

    participant_id: str
    cohort: str
    title: str
    day_axis: str
    offset: int
    first_day: int
    last_day: int
    days: tuple[CourseDay, ...]
    sessions: tuple[CourseSession, ...]
    reports: tuple[CourseReport, ...]
    signs: tuple[CourseSpan, ...]
    gaps: tuple[CourseSpan, ...]
    marks: tuple[CourseMark, ...]
    bands: tuple[CurvePoint, ...]
    bands_of: str
    no_milk: int
    known: int
    listed: ListedPerson | None
    synthetic: bool = False
    unavailable: str = ""


@dataclass(frozen=True)
class CohortCurves:
    """The percentiles of the whole study, which every course is drawn against."""

    points: tuple[CurvePoint, ...]


@lru_cache(maxsize=2)
def _curves(path: Path, content: str) -> tuple[CurvePoint, ...]:
    return shelved(path, "curves", CohortCurves, None, lambda: CohortCurves(curves(path))).points


def course(path: Path, participant_id: str) -> Course:
    """One person's course by her code. Raises InputError when the study has no such code."""
    if not may_see_people():
        raise InputError(PEOPLE_CLOSED)
    frames = load(path)
    sessions = frames.sessions[frames.sessions["participant_id"] == participant_id]
    if sessions.empty:
        raise InputError(f"There is no log of '{participant_id}' in this study; use the code from the list.")
    sessions = sessions.sort_values(["day_in_study", "minute_of_day"], kind="stable")
    days = frames.days[frames.days["participant_id"] == participant_id].sort_values("day_in_study")
    found = review(path)
    listed = found.person(participant_id)
    known_birth = bool(sessions["day_postpartum"].notna().any())
    offset = int((sessions["day_postpartum"] - sessions["day_in_study"]).min()) if known_birth else 0
    answers = _answers(path, participant_id)
    last = max(int(days["day_in_study"].max()), int(answers["day_in_study"].max()) if len(answers) else 0)
    cohort = sessions["cohort"].iloc[0]
    cohort = cohort if isinstance(cohort, str) else ""
    bands, bands_of = _bands(path, cohort) if known_birth else ((), "")
    volumes = sessions["volume_ml"].dropna()
    made = Course(
        participant_id=participant_id,
        cohort=cohort,
        title="",
        day_axis=AFTER_BIRTH if known_birth else IN_STUDY,
        offset=offset,
        first_day=offset,
        last_day=last + offset,
        days=_days(days, offset),
        sessions=_strip(sessions, offset),
        reports=_reports(answers, offset),
        signs=_signs(listed, offset),
        gaps=_gaps(days, last, offset),
        marks=_marks(sessions, days, found.beside.get(participant_id, ()), known_birth),
        bands=bands,
        bands_of=bands_of,
        no_milk=int((volumes == 0).sum()),
        known=len(volumes),
        listed=listed,
        synthetic=frames.info.synthetic,
    )
    return replace(made, title=_title(made))


def _answers(path: Path, participant_id: str) -> pd.DataFrame:
    """Her dated reports: day_in_study, factor, value. Restricted answers are never read."""
    with open_store(path) as store:
        rows = store.responses
        own = rows.filter(
            (rows.participant_id == participant_id) & rows.day_in_study.notnull() & rows.factor.isin(REPORTED)
        )
        return own.select("day_in_study", "factor", "value").to_pandas()


def _bands(path: Path, cohort: str) -> tuple[tuple[CurvePoint, ...], str]:
    """The estimated curves of her own cohort, else of everybody."""
    points = [point for point in _curves(path, stamp(path)) if point.status == "estimated"]
    own = tuple(point for point in points if cohort and point.cohort == cohort)
    if own:
        return own, cohort
    everyone = tuple(point for point in points if point.cohort == "")
    return everyone, EVERYBODY if everyone else ""


def _days(days: pd.DataFrame, offset: int) -> tuple[CourseDay, ...]:
    return tuple(
        CourseDay(int(row.day_in_study) + offset, int(row.sessions), _optional(row.volume_ml))
        for row in days.itertuples()
    )


def _optional(value: float) -> float | None:
    return None if pd.isna(value) else float(value)


def _strip(sessions: pd.DataFrame, offset: int) -> tuple[CourseSession, ...]:
    def state(volume: float) -> str:
        return VOLUME_UNKNOWN if pd.isna(volume) else EMPTY if volume == 0 else MILK

    return tuple(
        CourseSession(
            int(row.day_in_study) + offset,
            int(row.minute_of_day),
            state(row.volume_ml),
            _optional(row.volume_ml),
        )
        for row in sessions.itertuples()
    )


def _reports(answers: pd.DataFrame, offset: int) -> tuple[CourseReport, ...]:
    factors = load_codebook().factors
    said = answers[answers["value"] == "yes"]
    found = []
    for factor in REPORTED:
        days = sorted({int(day) + offset for day in said.loc[said["factor"] == factor, "day_in_study"]})
        if days:
            found.append(CourseReport(factor, factors[factor].label, tuple(days)))
    return tuple(found)


def _signs(listed: ListedPerson | None, offset: int) -> tuple[CourseSpan, ...]:
    if listed is None:
        return ()
    return tuple(
        CourseSpan(sign.id, sign.wording, sign.first_day + offset, sign.last_day + offset, sign.state)
        for sign in listed.signs
    )


def _gaps(days: pd.DataFrame, last: int, offset: int) -> tuple[CourseSpan, ...]:
    """Stretches of days without a session between her first and her last entry."""
    logged = sorted({int(day) for day in days["day_in_study"]})
    ends = [*logged, last + 1]
    return tuple(
        CourseSpan("gap", "no log", before + 1 + offset, after - 1 + offset)
        for before, after in zip(logged, ends[1:], strict=True)
        if after - before > 1
    )


def _marks(
    sessions: pd.DataFrame, days: pd.DataFrame, beside: tuple[Note, ...], known_birth: bool
) -> tuple[CourseMark, ...]:
    """The clinical marks; they are defined for mothers who feed by pump alone."""
    feeding = sessions["feeding_mode"].iloc[0] if "feeding_mode" in sessions else None
    if not known_birth or feeding not in DEPENDS_ON_THE_PUMP:
        return ()
    found = []
    for mark in load_marks().values():
        if mark.id in MARKS:
            reached = MARKS[mark.id](sessions, days, load_settings())
            text = STATE_WORDS.get(reached.state, "not reached in time")
            if reached.day is not None:
                later = "" if reached.state == REACHED else "; it was reached"
                text += f"{later} on day {reached.day} after birth"
            found.append(_mark(mark, reached.state, text))
    return (*found, *_night_gaps(beside))


def _night_gaps(beside: tuple[Note, ...]) -> tuple[CourseMark, ...]:
    """Told only where they were missed: that a log has no long gap says little where nights are not logged."""
    mark = load_marks()["night_gaps"]
    notes = [note for note in beside if note.id == "long_night_gap"]
    return (_mark(mark, "not_reached", notes[0].reason),) if notes else ()


def _mark(mark: ClinicalMark, state: str, text: str) -> CourseMark:
    return CourseMark(mark.id, mark.label, state, text, mark.in_words(), mark.source, mark.shown)


def _title(made: Course) -> str:
    """The course in one sentence: how often nothing came, and where her last complete day lies in the curves."""
    if not made.known:
        return "No volume is known"
    text = f"{words.capital(words.small_number(made.no_milk))} of {words.number(made.known)} sessions without milk"
    last = next((day for day in reversed(made.days) if day.volume_ml is not None), None)
    if last is None or last.volume_ml is None:
        return text
    amount = words.millilitres(last.volume_ml) if last.volume_ml else "no milk"
    return f"{text}; {amount} on her last complete day{_place(made, last.day, last.volume_ml)}"


def _place(made: Course, day: int, volume_ml: float) -> str:
    """Where a volume lies among the curves of that day: above the highest line that it reaches."""
    lines = sorted(
        (point for point in made.bands if point.day_postpartum == day and point.volume_ml is not None),
        key=lambda point: point.probability,
    )
    if not lines:
        return ""
    reached = [point for point in lines if point.volume_ml is not None and volume_ml >= point.volume_ml]
    if not reached:
        return f", among the lowest {100 * lines[0].probability:.0f} of 100 that day"
    return f", more than {100 * reached[-1].probability:.0f} of 100 mothers that day"
