"""The Review page: the consultant's list in the order in which she reads it, and what changed since she last looked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

from pipelines.evidence import words
from pipelines.evidence.filters import Filters
from pipelines.evidence.parts import Basis
from pipelines.evidence.review import (
    CURRENT,
    PRIORITIES,
    URGENCY,
    FiredSign,
    ListedPerson,
    Review,
    list_title,
    review,
)
from pipelines.evidence.review_done import ReviewItem
from pipelines.evidence.studies import stamp
from pipelines.store.notes import DoneMark
from pipelines.store.tables import open_store

QUIET = "gone_quiet"
PAST, DONE = "past", "done"
QUIET_TITLE = "No entries lately: gone quiet, which is not little milk"
LOOK = "Each sign says “look”, and why."
NOBODY_LOOKED = "Nobody has been marked as looked at yet."
SINCE = "Since you last looked:"


@dataclass(frozen=True)
class ReviewPage:
    """The list of one study, or of one cohort in it; `people` counts everybody there.

    `read_at` is the day on which files were last taken in (ISO, "" unknown); `offsets` says for each listed person
    what her days after birth are ahead of study days, and whether her birth date is known at all.
    """

    basis: Basis
    found: Review
    title: str
    read_at: str
    people: int
    listed: tuple[ListedPerson, ...]
    offsets: Mapping[str, tuple[int, bool]]


@dataclass(frozen=True)
class ReviewLine:
    """One person in the list: the sign that decides her place, in plain words, and the quiet line under it."""

    participant_id: str
    wording: str
    caption: str


@dataclass(frozen=True)
class ReviewGroup:
    """People who are read together; `id` is a priority, "gone_quiet", "past" or "done", the last two folded away."""

    id: str
    title: str
    lines: tuple[ReviewLine, ...]

    @property
    def is_folded(self) -> bool:
        """Whether the group stays closed until somebody wants it."""
        return self.id in (PAST, DONE)


@dataclass(frozen=True)
class ReviewList:
    """The groups in reading order, and what changed since the last look, a sentence each."""

    groups: tuple[ReviewGroup, ...]
    since: tuple[str, ...]

    @property
    def first(self) -> str:
        """The code of the person to look at first, "" when the list is empty."""
        return next((line.participant_id for group in self.groups for line in group.lines), "")


def review_page(path: Path, filters: Filters) -> ReviewPage:
    """The list of the chosen cohort; days, pump and outcome of a filter do not change who needs a look.

    Raises StoreError when the file is no store.
    """
    found = review(path)
    cohorts, read_at = _people(path, stamp(path))
    listed, people, said = found.listed, found.people, ""
    if filters.cohort is not None:
        listed = tuple(person for person in listed if person.cohort == filters.cohort)
        people = sum(cohort == filters.cohort for cohort in cohorts.values())
        said = f"cohort {filters.cohort}"
    if replace(filters, cohort=None, outcome=Filters().outcome) != Filters():
        said = words.line(said, "days, pump and logs of the filter do not change this list")
    title = "" if found.unavailable else list_title(listed, people)
    offsets = entry_offsets(path)
    own = {person.participant_id: offsets.get(person.participant_id, (0, False)) for person in listed}
    basis = Basis(
        found.study, found.synthetic, found.data_version, None, None, words.outcome(filters.outcome), said
    )
    return ReviewPage(basis, found, title, read_at, people, listed, own)


@lru_cache(maxsize=2)
def _people(path: Path, content: str) -> tuple[dict[str, str], str]:
    """The cohort of each participant, and the day on which files were last taken in."""
    with open_store(path) as store:
        people = store.participants.select("participant_id", "cohort").to_pandas()
        last = store.sources.ingested_at.max().execute()
    cohorts = {row.participant_id: row.cohort for row in people.itertuples()}
    return cohorts, "" if last is None or last != last else str(last)[:10]


def entry_offsets(path: Path) -> Mapping[str, tuple[int, bool]]:
    """For each person with a log: days after birth less study days, and whether her birth date is known."""
    return _offsets(path, stamp(path))


@lru_cache(maxsize=2)
def _offsets(path: Path, content: str) -> dict[str, tuple[int, bool]]:
    with open_store(path) as store:
        log = store.sessions
        ahead = (log.day_postpartum - log.day_in_study).min()
        rows = log.group_by("participant_id").aggregate(ahead=ahead).to_pandas()
    known = rows["ahead"].notna()
    pairs = zip(rows["ahead"].fillna(0).astype(int), known, strict=True)
    return dict(zip(rows["participant_id"], ((int(days), bool(has)) for days, has in pairs), strict=True))


def arranged(page: ReviewPage, items: Sequence[ReviewItem], marks: Mapping[str, DoneMark]) -> ReviewList:
    """The list in reading order: by urgency, those gone quiet apart, then what is past, then what was looked at."""
    shown = {person.participant_id for person in page.listed}
    kept = [item for item in items if item.person.participant_id in shown]
    groups: dict[str, list[tuple[tuple, ReviewLine]]] = {}
    for place, item in enumerate(kept):
        sign = headline(item.person)
        line = _line(item, sign, page.offsets[item.person.participant_id])
        groups.setdefault(_group(item, sign), []).append(((PRIORITIES.index(sign.priority), place), line))
    titles = {name: words.capital(text) for name, text in URGENCY.items()}
    titles |= {QUIET: QUIET_TITLE, PAST: "Past signs", DONE: "Looked at"}
    in_order = tuple(
        ReviewGroup(name, title, tuple(line for _, line in sorted(groups[name], key=lambda each: each[0])))
        for name, title in titles.items()
        if name in groups
    )
    everyone = {person.participant_id for person in page.found.listed}
    return ReviewList(in_order, _since(kept, marks, everyone))


def headline(person: ListedPerson) -> FiredSign:
    """The sign that a person is listed under: her first one, silence only when nothing else is current."""
    others = (sign for sign in person.signs if sign.state == CURRENT and sign.id != QUIET)
    return next(others, person.first)


def _group(item: ReviewItem, sign: FiredSign) -> str:
    if not item.is_open:
        return DONE
    if sign.state != CURRENT:
        return PAST
    return QUIET if sign.id == QUIET else sign.priority


def _line(item: ReviewItem, sign: FiredSign, offset: tuple[int, bool]) -> ReviewLine:
    more = len({each.id for each in item.person.signs}) - 1
    parts = [day_words(sign, *offset)]
    if more:
        parts.append(f"and {words.counted(more, 'other sign')}")
    if item.changes is not None and item.changes.asks_for_a_look:
        parts.append("changed since you looked")
    return ReviewLine(item.person.participant_id, sign.wording, words.line(*parts))


def day_words(sign: FiredSign, offset: int, after_birth: bool) -> str:
    """When a sign was true: "days 23 to 25, recent", "day 12, past"; study days are called so.

    A current sign reached into her last logged days. That it is still so nobody knows before she writes again.
    """
    first, last = sign.first_day + offset, sign.last_day + offset
    day = "day" if after_birth else "study day"
    if sign.id == QUIET:
        return f"last entry on {day} {last}"
    state = "recent" if sign.state == CURRENT else "past"
    return f"{day} {first}, {state}" if first == last else f"{day}s {first} to {last}, {state}"


def _since(items: Sequence[ReviewItem], marks: Mapping[str, DoneMark], listed: set[str]) -> tuple[str, ...]:
    """What is different from when each person was last marked as looked at."""
    if not marks:
        return (NOBODY_LOOKED,) if items else ()
    said = [
        f"{item.person.participant_id}: {_lower(item.changes.sentence)}."
        for item in items
        if item.changes is not None and (item.changes.asks_for_a_look or item.changes.ended)
    ]
    gone = sorted(code for code in marks if code not in listed)
    if gone:
        said.append(f"No longer listed: {words.listed(gone)}.")
    unseen = sum(item.changes is None for item in items)
    if unseen:
        said.append(f"{words.capital(words.small_number(unseen))} listed and not looked at yet.")
    return (SINCE, *(said or ["nothing has changed."]))


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]
