"""What a consultant has looked at, and what has changed since."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from pipelines.evidence import words
from pipelines.evidence.review import CURRENT, FiredSign, ListedPerson, Review, review
from pipelines.store import notes as kept
from pipelines.store.notes import DoneMark, SeenSign


@dataclass(frozen=True)
class Changes:
    """What is different from when the review was marked done.

    `new` signs were not there, `longer` ones were and went on, `ended` are the wordings of those that were current and
    are past or gone.
    """

    new: tuple[FiredSign, ...]
    longer: tuple[FiredSign, ...]
    ended: tuple[str, ...]
    new_data: bool

    @property
    def asks_for_a_look(self) -> bool:
        """Whether there is anything that was not seen."""
        return bool(self.new or self.longer)

    @property
    def sentence(self) -> str:
        """The changes in one sentence."""
        parts = []
        if self.new:
            parts.append(f"new: {words.listed([_inside(sign.wording) for sign in self.new])}")
        if self.longer:
            parts.append(f"went on: {words.listed([_inside(sign.wording) for sign in self.longer])}")
        if self.ended:
            parts.append(f"ended: {words.listed([_inside(wording) for wording in self.ended])}")
        if parts:
            return words.capital("; ".join(parts))
        return "New data, nothing else has changed" if self.new_data else "Nothing has changed"


@dataclass(frozen=True)
class ReviewItem:
    """One person of the list with her done mark (None: nobody has looked) and what changed since."""

    person: ListedPerson
    done: DoneMark | None
    changes: Changes | None

    @property
    def is_open(self) -> bool:
        """Still to be looked at: never marked done, or changed since."""
        return self.changes is None or self.changes.asks_for_a_look


def items(path: Path) -> tuple[ReviewItem, ...]:
    """The review list in its order, each person with what was done. Raises StoreError when the file is no store."""
    return with_marks(review(path), kept.done_marks(path))


def with_marks(found: Review, marks: Mapping[str, DoneMark]) -> tuple[ReviewItem, ...]:
    """The people of a list in its order, each with her done mark among `marks` (by code)."""
    return tuple(_item(person, marks.get(person.participant_id), found) for person in found.listed)


def _item(person: ListedPerson, mark: DoneMark | None, found: Review) -> ReviewItem:
    return ReviewItem(person, mark, None if mark is None else changes(person, mark, found))


def changes(person: ListedPerson, mark: DoneMark, found: Review) -> Changes:
    """Compare a person's signs with those that were seen; two are the same when their days overlap."""
    words_of = {rule.id: rule.wording for rule in found.rules}
    new = tuple(sign for sign in person.signs if not any(_same(sign, seen) for seen in mark.signs))
    longer = tuple(
        sign
        for sign in person.signs
        if any(_same(sign, seen) and sign.last_day > seen.last_day for seen in mark.signs)
    )
    ended = tuple(
        words_of.get(seen.id, seen.id)
        for seen in mark.signs
        if seen.state == CURRENT
        and not any(_same(sign, seen) and sign.state == CURRENT for sign in person.signs)
    )
    return Changes(new, longer, ended, found.data_version != mark.data_version)


def _same(sign: FiredSign, seen: SeenSign) -> bool:
    return sign.id == seen.id and sign.first_day <= seen.last_day and seen.first_day <= sign.last_day


def mark_done(path: Path, participant_id: str, author: str = "") -> DoneMark | None:
    """Mark a listed person's review done, with what there is to see now; None when she is not listed."""
    found = review(path)
    person = found.person(participant_id)
    if person is None:
        return None
    seen = [SeenSign(sign.id, sign.first_day, sign.last_day, sign.state) for sign in person.signs]
    return kept.mark_done(path, participant_id, found.data_version, seen, author)


def _inside(wording: str) -> str:
    return wording[:1].lower() + wording[1:]
