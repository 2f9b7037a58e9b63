"""The guidance as frozen dataclasses: what the article says, and what independent studies say beside it."""

from collections.abc import Mapping
from dataclasses import dataclass

from pipelines.codebook import load_codebook

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

    `direction` is what it predicts when the first factor is present or, for a number, high; low where
    `points_at_low_end` (`low_end` names further numbers whose low values are meant). `contrast` is the (level,
    reference) of the first factor that is meant when it is not simply presence against the codebook's reference;
    levels joined by "+" are taken together. `among` (factor, level) restricts the comparison. `reason` is never
    empty when `testable` is "no", else at most a remark. `sign` names the review sign a referral rule belongs to,
    `expert` the opinion a statement comes from.
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
    among: tuple[str, ...] = ()
    points_at_low_end: bool = False
    low_end: tuple[str, ...] = ()
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

    @property
    def compared(self) -> tuple[tuple[str, ...], tuple[str, ...]] | None:
        """Level codes of the contrast and of its reference; None where presence is meant."""
        level, reference = self.contrast or ("", "")
        return (tuple(level.split("+")), tuple(reference.split("+"))) if self.contrast else None

    def points_low(self, factor: str) -> bool:
        """Whether low values of this number are what the claim is about."""
        return factor in self.low_end if self.low_end else self.points_at_low_end


@dataclass(frozen=True)
class Source:
    """One publication: citation, year (None where it was not shown), a DOI, PMID or other address if there is one."""

    citation: str
    year: int | None = None
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
    """One row of the article's pump table; each of the five cells is a claim of its own."""

    id: str
    label: str
    pump_types: tuple[str, ...]
    mechanism: str
    effectiveness: str
    portability: str
    noise: str
    cost: str

    @property
    def claims(self) -> tuple[str, ...]:
        """Claim ids of the cells, in the order of the fields."""
        cells = ("mechanism", "effectiveness", "portability", "noise", "cost")
        return tuple(f"pump.{self.id}.{cell}" for cell in cells)


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
    """One let-down technique; `also` are further claims of the same tip."""

    id: str
    label: str
    advice: str
    factor: str
    claim: str
    also: tuple[str, ...] = ()


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
class PublishedVolume:
    """A published 24-hour volume in mL on a day postpartum (birth = day 0); `words` say which statistic of whom."""

    id: str
    day_postpartum: int
    volume_ml: float
    words: str
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
    published: tuple[PublishedVolume, ...]
    urgent_signs: str

    def own_claim(self, claim: Claim) -> Claim:
        """The claim whose finding this one carries: itself, or the first that it repeats."""
        return self.claims[claim.repeats[0].of] if claim.repeats else claim

    def repeated_by(self, id: str) -> tuple[Claim, ...]:
        """Claims that repeat this one, alone or among others, in the article's order."""
        return tuple(claim for claim in self.claims.values() if id in {repeat.of for repeat in claim.repeats})

    def times_said(self, id: str) -> int:
        """How often the article says it: once, and once more for every claim that repeats it."""
        return 1 + len(self.repeated_by(id))

    def by_theme(self) -> Mapping[str, tuple[Claim, ...]]:
        """All claims by theme id, in page order and inside a theme in the article's order; no empty theme."""
        grouped: dict[str, list[Claim]] = {theme: [] for theme in load_codebook().themes}
        for claim in self.claims.values():
            grouped[claim.theme].append(claim)
        return {theme: tuple(claims) for theme, claims in grouped.items() if claims}

    def judged_together(self) -> tuple[Claim, ...]:
        """The claims that share one correction for multiplicity: directional findings, and the kinds of pump.

        The latter repeat a finding without direction; each of their contrasts counts once.
        """
        chosen: dict[tuple, Claim] = {}
        for claim in self.claims.values():
            own = self.own_claim(claim)
            if claim.testable != "no" and claim.is_directional and (own is claim or not own.is_directional):
                chosen.setdefault((own.id, claim.contrast if own is not claim else ()), claim)
        return tuple(chosen.values())

    def literature_for(self, claim: Claim) -> Literature | None:
        """The literature entry a claim points at, or that of the claim it repeats.

        None where there is none, and for untestable bundles, whose parts have each their own.
        """
        if claim.literature:
            return self.literature[claim.literature]
        if not claim.repeats or (claim.testable == "no" and len(claim.repeats) > 1):
            return None
        return self.literature_for(self.own_claim(claim))
