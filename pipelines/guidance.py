"""The guidance as data: claims, tables, tips, answers, warning signs, opinions and the independent literature."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from pipelines import DATA
from pipelines.codebook import load_codebook
from pipelines.errors import DataFileError

GUIDANCE = DATA / "guidance"

DIRECTIONS = ("more_no_milk", "less_no_milk", "higher_volume", "lower_volume", "none")
TESTABLE = ("yes", "only_if_time_order", "only_within_person", "no")
POSITIONS = ("supports", "mixed", "weak", "contradicts", "no_evidence", "no_claim")


@dataclass(frozen=True)
class Repeat:
    """The claim whose finding this one repeats; `reversed` when it names the good level instead of the bad."""

    of: str
    reversed: bool = False


@dataclass(frozen=True)
class Claim:
    """One testable or untestable statement of the article, in our own words.

    `direction` is what it predicts when the factor is present (or at its low end, see `points_at_low_end`).
    `contrast` is the (level, reference) meant when it is not simply presence against the codebook's reference.
    `reason` is never empty when `testable` is "no". `sign` names the review sign a referral rule belongs to.
    """

    id: str
    section: str
    theme: str
    paraphrase: str
    factors: tuple[str, ...]
    direction: str
    level: str
    testable: str
    reason: str = ""
    repeats: tuple[Repeat, ...] = ()
    contrast: tuple[str, ...] = ()
    points_at_low_end: bool = False
    measure: str = "odds_ratio"
    sign: str = ""
    literature: str = ""
    expert: str = ""

    @property
    def carries_finding(self) -> bool:
        """Has a finding of its own: it can be tested and repeats no other claim."""
        return self.testable != "no" and not self.repeats

    @property
    def is_directional(self) -> bool:
        """Predicts more or less of something, so that it can be supported or contradicted."""
        return self.direction != "none"


@dataclass(frozen=True)
class Source:
    """One publication: citation, year, and a DOI, PMID or other address where there is one."""

    citation: str
    year: int
    identifier: str = ""


@dataclass(frozen=True)
class Literature:
    """What independent studies say on one factor, towards the article's claim.

    `checked` False means that parts were recalled, not read; pages then show the words without figures.
    """

    id: str
    factors: tuple[str, ...]
    position: str
    summary: str
    certainty: str
    basis: str
    sources: tuple[Source, ...]
    checked: bool = True


@dataclass(frozen=True)
class PumpRow:
    """One row of the article's pump table; the effectiveness cell is the claim `pump.<row>.effectiveness`."""

    id: str
    label: str
    pump_types: tuple[str, ...]
    mechanism: str
    effectiveness: str
    portability: str
    noise: str
    cost: str


@dataclass(frozen=True)
class TechniqueRow:
    """One row of the article's technique table, with its numeric range where it gives one."""

    id: str
    label: str
    advice: str
    factor: str
    claims: tuple[str, ...]
    low: float | None = None
    high: float | None = None
    unit: str = ""


@dataclass(frozen=True)
class Tip:
    """One let-down technique."""

    id: str
    label: str
    advice: str
    factor: str
    claim: str


@dataclass(frozen=True)
class Answer:
    """One question of the FAQ, what the article answers, and the claims that it rests on."""

    id: str
    question: str
    answer: str
    claims: tuple[str, ...]


@dataclass(frozen=True)
class WarningSign:
    """One entry of the article's two lists of reasons to seek help; `sign` is the review rule's id."""

    id: str
    list: str
    wording: str
    claim: str
    sign: str


@dataclass(frozen=True)
class Opinion:
    """An expert statement: who, with which stated role, says what; `claims` in the order of the statement."""

    id: str
    name: str
    role: str
    summary: str
    claims: tuple[str, ...]


@dataclass(frozen=True)
class Shortfall:
    """One thing the article leaves out or gets wrong, with the reason and its source."""

    id: str
    title: str
    explanation: str
    source: str


@dataclass(frozen=True)
class Guidance:
    """The whole article as data, with what literature says beside it."""

    claims: Mapping[str, Claim]
    literature: Mapping[str, Literature]
    sections: Mapping[str, str]
    pumps: tuple[PumpRow, ...]
    techniques: tuple[TechniqueRow, ...]
    tips: tuple[Tip, ...]
    answers: tuple[Answer, ...]
    warning_signs: tuple[WarningSign, ...]
    opinions: tuple[Opinion, ...]
    shortfalls: tuple[Shortfall, ...]
    urgent_signs: str

    def literature_for(self, claim: Claim) -> Literature | None:
        """The literature entry a claim points at, or that of the claim it repeats."""
        if claim.literature:
            return self.literature[claim.literature]
        return self.literature_for(self.claims[claim.repeats[0].of]) if claim.repeats else None
