"""One person of the review list as the page tells her: every sign with its rule, days and rows, and her course."""

from dataclasses import dataclass, replace
from pathlib import Path

from pipelines.errors import InputError
from pipelines.evidence import words
from pipelines.evidence.course import EVERYBODY, Course, course
from pipelines.evidence.parts import Numbers, rounded
from pipelines.evidence.review import FiredSign, ListedPerson, RuleCard, review
from pipelines.evidence.review_page import day_words, entry_offsets, headline
from pipelines.evidence.review_rows import ShownRow, rows_behind, rows_of_person
from pipelines.evidence.volume_units import MILLILITRES, retold
from pipelines.guidance import load_guidance

HALF = 0.5
NO_RULE = "No rule lists this person"


@dataclass(frozen=True)
class Statement:
    """A statement of the article that fits a sign: its id for a link, and what it says."""

    claim: str
    paraphrase: str


@dataclass(frozen=True)
class SignReason:
    """One sign that fired: on which days, by which rule, shown by which rows; `statements` of the article fit it."""

    sign: FiredSign
    rule: RuleCard
    days: str
    rows: tuple[ShownRow, ...]
    statements: tuple[Statement, ...]


@dataclass(frozen=True)
class PersonView:
    """What the page shows of one person.

    `course` is None for somebody without a session; `no_course` says so. `reasons` stand in the list's order, the
    one that she is listed under first; `notes` are what stands beside without being a reason; `numbers` her days as a download, always in mL; everything else
    is told in `unit`.
    """

    participant_id: str
    cohort: str
    title: str
    reasons: tuple[SignReason, ...]
    notes: tuple[tuple[str, str], ...]
    course: Course | None
    no_course: str
    numbers: Numbers | None
    unit: str = MILLILITRES

    @property
    def needs_a_name(self) -> bool:
        """Whether whoever marks her as looked at has to say who she is: a study's distress procedure asks for it."""
        return any(reason.sign.id == "distress_protocol" for reason in self.reasons)


def person(path: Path, participant_id: str, unit: str = MILLILITRES) -> PersonView:
    """One person by her code, listed or not, volumes in mL or ounces. Raises InputError when the study has no such code."""
    found = review(path)
    listed = found.person(participant_id)
    made, no_course = _course(path, participant_id, listed)
    offset, after_birth = entry_offsets(path).get(participant_id, (0, False))
    known = rows_of_person(path, participant_id, offset, unit) if listed else {}
    rules = {rule.id: replace(rule, condition=retold(rule.condition, unit)) for rule in found.rules}
    signs = sorted(listed.signs, key=lambda sign: sign is not headline(listed)) if listed else []
    reasons = tuple(
        SignReason(
            replace(sign, reason=retold(sign.reason, unit)),
            rules[sign.id],
            day_words(sign, offset, after_birth),
            rows_behind(sign.rows, known),
            tuple(Statement(claim, load_guidance().claims[claim].paraphrase) for claim in sign.claims),
        )
        for sign in signs
    )
    notes = tuple((note.wording, retold(note.reason, unit)) for note in found.beside.get(participant_id, ()))
    return PersonView(
        participant_id=participant_id,
        cohort=listed.cohort if listed else made.cohort if made else "",
        title=f"{participant_id}: {_inside(reasons[0].sign.reason) if reasons else _inside(NO_RULE)}",
        reasons=reasons,
        notes=notes,
        course=_retold(made, unit) if made else None,
        no_course=no_course,
        numbers=_numbers(made) if made else None,
        unit=unit,
    )


def _retold(made: Course, unit: str) -> Course:
    """Her course with its words in the unit; its numbers stay in mL."""
    marks = (replace(mark, definition=retold(mark.definition, unit)) for mark in made.marks)
    return replace(made, title=retold(made.title, unit), marks=tuple(marks))


def _course(path: Path, participant_id: str, listed: ListedPerson | None) -> tuple[Course | None, str]:
    """Her course; somebody who is listed by a form alone has none."""
    try:
        return course(path, participant_id), ""
    except InputError:
        if listed is None:
            raise
        return None, "She has logged no session, so there is no course to draw."


def _inside(text: str) -> str:
    return text[:1].lower() + text[1:] if text[1:2].islower() else text


def _numbers(made: Course) -> Numbers:
    """Her days as a download: day as on the axis, sessions, mL in 24 hours (empty where it cannot be told)."""
    column = "day_postpartum" if made.offset or made.bands else "day_in_study"
    return Numbers(
        f"course-{made.participant_id}",
        ("participant_id", column, "sessions", "volume_ml"),
        tuple((made.participant_id, day.day, day.sessions, rounded(day.volume_ml, 1)) for day in made.days),
    )


def bands_words(made: Course) -> str:
    """Whom the grey bands of her course hold: "grey: the middle 50 and 90 of 100 mothers of cohort preterm"."""
    middle = sorted(
        {round(100 * (1 - 2 * point.probability)) for point in made.bands if point.probability < HALF}
    )
    if not middle:
        return "no curves to compare with"
    whose = "this study" if made.bands_of == EVERYBODY else f"cohort {made.bands_of}"
    return f"grey: the middle {words.listed([str(each) for each in middle])} of 100 mothers of {whose}"


def summary(made: Course) -> str:
    """Her whole course in one quiet line: how often nothing came, her last complete day, who the bands are."""
    return words.line(made.title, f"cohort {made.cohort}" if made.cohort else "")
