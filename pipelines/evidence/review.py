"""Review: who needs a look first, and why. Signs say 'look'; nothing here is a diagnosis.

The list is about single people and so goes to the consultant alone: `access.may_see_people` decides. People carry
their codes, days are `day_in_study`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

import pandas as pd

from pipelines.evidence import words
from pipelines.evidence.access import PEOPLE_CLOSED, may_see_people
from pipelines.evidence.sign_words import reason_of
from pipelines.evidence.studies import stamp
from pipelines.guidance import load_guidance
from pipelines.guidance.signs import SignRule, load_signs
from pipelines.metrics.signs import PEOPLE_COLUMNS, Episode, Study, Tables, find_signs, read_study
from pipelines.settings import load_settings
from pipelines.store.tables import Store, StoreInfo, open_store

STUDIES_IN_MEMORY = 2
URGENCY = {"A": "today", "B": "within one or two days", "C": "this week"}
PRIORITIES = tuple(URGENCY)
CURRENT = "current"
NO_MONITORING = (
    "This list shows what had been exported when the files were read. It is no monitoring service, makes no diagnosis "
    "and may be days late."
)


@dataclass(frozen=True)
class FiredSign:
    """One episode of a sign that lists a person.

    `priority` is A (today), B (within one or two days) or C (this week), `urgency` the same in words; `state` is
    current or past; days are study days; `reason` words and numbers; `rows` are (source_id, source_row) of what
    shows it. `rule` holds condition, source, usual false alarm and remedy.
    """

    id: str
    wording: str
    priority: str
    urgency: str
    state: str
    first_day: int
    last_day: int
    reason: str
    rows: tuple[tuple[str, int], ...]
    claims: tuple[str, ...]


@dataclass(frozen=True)
class Note:
    """What stands beside a listed person without being a reason to list her."""

    id: str
    wording: str
    first_day: int
    last_day: int
    reason: str


@dataclass(frozen=True)
class ListedPerson:
    """One person to look at; `signs` most urgent first, `notes` never a reason by themselves."""

    participant_id: str
    cohort: str
    signs: tuple[FiredSign, ...]
    notes: tuple[Note, ...]

    @property
    def first(self) -> FiredSign:
        """The sign that decides her place on the list."""
        return self.signs[0]

    @property
    def is_current(self) -> bool:
        """Whether any of her signs is current."""
        return any(sign.state == CURRENT for sign in self.signs)


@dataclass(frozen=True)
class RuleCard:
    """One rule as the page explains it; `article` are the seek-help entries it stands for, in words."""

    id: str
    wording: str
    priority: str
    is_note: bool
    condition: str
    source: str
    false_alarm: str
    remedy: str
    article: tuple[str, ...]
    claims: tuple[str, ...]


@dataclass(frozen=True)
class Review:
    """The consultant's list of one study.

    `title` is the list in one sentence, `how_current` what it can and cannot tell; `people` counts everybody in the
    study; `rules` explain every sign, whether it fired or not. `beside` holds the notes of everybody by code, also of
    those whom no sign lists. `unavailable` says why there is no list ("" otherwise).
    """

    study: str
    synthetic: bool
    data_version: int
    title: str
    how_current: str
    people: int
    listed: tuple[ListedPerson, ...]
    rules: tuple[RuleCard, ...]
    unavailable: str = ""
    beside: Mapping[str, tuple[Note, ...]] = field(default_factory=dict)

    def person(self, participant_id: str) -> ListedPerson | None:
        """The entry of one person, None when she is not listed."""
        return next((each for each in self.listed if each.participant_id == participant_id), None)


def review(path: Path) -> Review:
    """The list of a study; a second call for the same content of the store is free.

    Order: current before past; A first, in the order of the rules' file, then B and C; the latest first. Raises
    StoreError when the file is no store.
    """
    return _review(path, stamp(path))


@lru_cache(maxsize=STUDIES_IN_MEMORY)
def _review(path: Path, content: str) -> Review:
    with open_store(path) as store:
        info = store.info
        if not may_see_people():
            return Review(info.name, info.synthetic, info.data_version, "", "", 0, (), (), PEOPLE_CLOSED)
        study = read_study(tables_of(store), load_settings())
        episodes = find_signs(study)
    return compose(info, study, episodes)


def tables_of(store: Store) -> Tables:
    """The tables of an open store as the rules take them. Raises StoreError where it is too old to have them."""
    info = store.info
    store.require_columns(store.participants, PEOPLE_COLUMNS)
    return Tables(
        store.sessions,
        store.responses,
        store.participants,
        store.log_ends(),
        info.low_output_ml,
        info.minimum_cell,
        info.distress_protocol,
        store.keep,
    )


def compose(info: StoreInfo, study: Study, episodes: list[Episode]) -> Review:
    """The list from the episodes that were found."""
    rules = load_signs()
    notes = _beside(episodes, rules)
    listed = _listed(study.people, episodes, rules, notes)
    return Review(
        study=info.name,
        synthetic=info.synthetic,
        data_version=info.data_version,
        title=list_title(listed, len(study.people)),
        how_current=NO_MONITORING,
        people=len(study.people),
        listed=listed,
        rules=tuple(_card(rule) for rule in rules.values()),
        beside=notes,
    )


def _beside(episodes: list[Episode], rules: Mapping[str, SignRule]) -> dict[str, tuple[Note, ...]]:
    """The notes of everybody, listed or not, the latest first."""
    found: dict[str, list[Note]] = {}
    for each in episodes:
        if not each.lists:
            found.setdefault(each.participant_id, []).append(_note(each, rules[each.sign]))
    return {id: tuple(sorted(own, key=lambda note: (-note.last_day, note.id))) for id, own in found.items()}


def _listed(
    people: pd.DataFrame,
    episodes: list[Episode],
    rules: Mapping[str, SignRule],
    notes: Mapping[str, tuple[Note, ...]],
) -> tuple[ListedPerson, ...]:
    places = {name: place for place, name in enumerate(rules)}
    signs: dict[str, list[FiredSign]] = {}
    for each in episodes:
        if each.lists:
            signs.setdefault(each.participant_id, []).append(_fired(each, rules[each.sign]))
    found = [
        ListedPerson(
            participant_id=id,
            cohort=cohort if isinstance(cohort := people["cohort"].get(id), str) else "",
            signs=tuple(sorted(own, key=lambda sign: _rank(sign, places))),
            notes=notes.get(id, ()),
        )
        for id, own in signs.items()
    ]
    return tuple(sorted(found, key=lambda person: (_rank(person.first, places), person.participant_id)))


def _rank(sign: FiredSign, places: dict[str, int]) -> tuple:
    """Where a sign stands: current before past, then by priority, urgent ones in their own order, then the latest."""
    own_place = places[sign.id] if sign.priority == PRIORITIES[0] else 0
    return sign.state != CURRENT, PRIORITIES.index(sign.priority), own_place, -sign.last_day, sign.id


def _fired(episode: Episode, rule: SignRule) -> FiredSign:
    return FiredSign(
        id=rule.id,
        wording=rule.wording,
        priority=rule.priority,
        urgency=URGENCY[rule.priority],
        state=episode.state,
        first_day=episode.first_day,
        last_day=episode.last_day,
        reason=reason_of(episode, rule),
        rows=episode.rows,
        claims=rule.claims,
    )


def _note(episode: Episode, rule: SignRule) -> Note:
    return Note(rule.id, rule.note, episode.first_day, episode.last_day, reason_of(episode, rule))


def _card(rule: SignRule) -> RuleCard:
    entries = {sign.id: sign.wording for sign in load_guidance().warning_signs}
    return RuleCard(
        id=rule.id,
        wording=rule.wording,
        priority=rule.priority,
        is_note=bool(rule.note),
        condition=rule.in_words(load_settings()),
        source=rule.source,
        false_alarm=rule.false_alarm,
        remedy=rule.remedy,
        article=tuple(entries[name] for name in rule.article),
        claims=rule.claims,
    )


def list_title(listed: tuple[ListedPerson, ...], people: int) -> str:
    """The list in one sentence: who has something current, and how many of them today."""
    current = [person for person in listed if person.is_current]
    today = sum(
        any(sign.state == CURRENT and sign.priority == PRIORITIES[0] for sign in person.signs)
        for person in current
    )
    verb = "needs" if len(current) == 1 else "need"
    start = f"{words.capital(words.small_number(len(current)) if current else 'none')} of {words.number(people)} mothers {verb} a look"
    return f"{start}, {words.small_number(today)} of them today" if today else start
