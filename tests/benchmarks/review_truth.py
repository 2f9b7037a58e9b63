"""What a review list gets right on a synthetic study, whose truth is known."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from pipelines.evidence.review import ListedPerson
from pipelines.privacy.deidentify import pseudonym
from pipelines.privacy.keys import load_key
from pipelines.study import default_study

DISTRESS = "distress_protocol"


@dataclass
class Judged:
    """Counts of one study, or of several added up.

    By sign: `planted` courses and those `found` by their own sign; `true` ones of other people on their unspoilt
    course and those `seen`; `false` alarms, people with a sign that is neither planted nor true. `other_people` are
    all who have no planted course.
    """

    people: int = 0
    other_people: int = 0
    planted: Counter = field(default_factory=Counter)
    found: Counter = field(default_factory=Counter)
    true: Counter = field(default_factory=Counter)
    seen: Counter = field(default_factory=Counter)
    false: Counter = field(default_factory=Counter)
    falsely_listed: list[str] = field(default_factory=list)
    missed: list[tuple[str, str]] = field(default_factory=list)

    @property
    def planted_listed(self) -> int:
        """Planted courses, distress apart, whose person is on the list for them."""
        return sum(count for sign, count in self.found.items() if sign != DISTRESS)


def raw_ids(truth: Mapping, store: Path) -> dict[str, str]:
    """The study's own ids by the codes that the store gives them."""
    key = load_key(default_study().pseudonym_key, store).value
    names = [each["participant"] for each in truth["people"]]
    return {pseudonym(key, None, name): name for name in names}


def judge(truth: Mapping, listed: Sequence[ListedPerson], raw: Mapping[str, str]) -> Judged:
    """Compare a list with the `review` part of truth.json; `raw` gives the study's own id for each code."""
    signs = {raw[person.participant_id]: {sign.id for sign in person.signs} for person in listed}
    planted = {each["participant"]: each["course"] for each in truth["review"]["planted"]}
    true: dict[str, set[str]] = {}
    for each in truth["review"]["also_true"]:
        true.setdefault(each["participant"], set()).add(each["sign"])
    judged = Judged(len(truth["people"]), len(truth["people"]) - len(planted))
    for person, course in planted.items():
        judged.planted[course] += 1
        judged.found[course] += course in signs.get(person, ())
        if course not in signs.get(person, ()):
            judged.missed.append((person, course))
    for person, own in true.items():
        judged.true.update(own)
        judged.seen.update(own & signs.get(person, set()))
    for person, own in signs.items():
        if person not in planted:
            judged.false.update(own - true.get(person, set()))
            if person not in true:
                judged.falsely_listed.append(person)
    return judged
