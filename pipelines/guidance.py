"""The guidance as data: claims, tables, tips, answers, warning signs, opinions and the independent literature."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from pipelines import DATA
from pipelines.codebook import Codebook, load_codebook
from pipelines.datafiles import build, read_entries, refuse, with_parts

GUIDANCE = DATA / "guidance"
CLAIMS, LITERATURE, ARTICLE = "claims.toml", "literature.toml", "article.toml"

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

    `direction` is what it predicts when the first factor is present or a number is high; low, where
    `points_at_low_end` (`low_end` names the further factors whose low values are meant). `contrast` is the
    (level, reference) of the first factor that is meant when it is not simply presence against the codebook's
    reference; it settles the direction, and levels joined by "+" are taken together. `among` (factor, level)
    restricts the comparison. `reason` is never empty when `testable` is "no", else at most a remark. `sign` names
    the review sign a referral rule belongs to, `expert` the opinion a statement comes from.
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
        return (
            (tuple(self.contrast[0].split("+")), tuple(self.contrast[1].split("+")))
            if self.contrast
            else None
        )

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

    @property
    def descriptive_cells(self) -> frozenset[str]:
        """Ids of the pump table's cells that describe a kind of pump and say nothing about output."""
        return frozenset(id for row in self.pumps for id in row.claims if not id.endswith(".effectiveness"))

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
        themes = [
            theme for theme in load_codebook().themes if any(c.theme == theme for c in self.claims.values())
        ]
        return {theme: tuple(c for c in self.claims.values() if c.theme == theme) for theme in themes}

    def judged_together(self) -> tuple[Claim, ...]:
        """The claims that share one correction for multiplicity.

        Those with a directional finding of their own, and one for each contrast among the directional claims that
        repeat a finding without direction (the kinds of pump).
        """
        chosen: dict[tuple, Claim] = {}
        for claim in self.claims.values():
            own = self.own_claim(claim)
            if claim.testable != "no" and claim.is_directional and (own is claim or not own.is_directional):
                chosen.setdefault((own.id, claim.contrast if own is not claim else ()), claim)
        return tuple(chosen.values())

    def literature_for(self, claim: Claim) -> Literature | None:
        """The literature entry a claim points at, or that of the claim it repeats; None where there is none."""
        if claim.literature:
            return self.literature[claim.literature]
        return self.literature_for(self.own_claim(claim)) if claim.repeats else None


GROUPS = {
    "pumps": PumpRow,
    "techniques": TechniqueRow,
    "tips": Tip,
    "answers": Answer,
    "warning_signs": WarningSign,
    "opinions": Opinion,
    "shortfalls": Shortfall,
}
Entry = TypeVar("Entry")


def _unknown(what: str, names: Iterable[str], known: Iterable[str]) -> Iterator[str]:
    return (f"unknown {what} '{name}'" for name in names if name not in set(known))


def _level_problems(claim: Claim, codebook: Codebook) -> Iterator[str]:
    """What is wrong with the contrast of a claim or with the group that it is restricted to."""
    if claim.contrast and (len(claim.contrast) != 2 or not claim.factors):
        yield "a contrast is a level and a reference of the first factor"
    elif claim.compared and claim.factors[0] in codebook.factors:
        level, reference = claim.compared
        codes = {known.code for known in codebook.factors[claim.factors[0]].levels}
        yield from _unknown(f"level of {claim.factors[0]}", level + reference, codes)
        yield from (f"level '{code}' stands on both sides" for code in level if code in reference)
    if claim.among:
        factor = codebook.factors.get(claim.among[0])
        yield from _unknown("factor", claim.among[:1], codebook.factors)
        yield from _unknown(
            "level", claim.among[1:], [known.code for known in (factor.levels if factor else ())]
        )


def _repeat_problems(claim: Claim, claims: Mapping[str, Claim]) -> Iterator[str]:
    """What is wrong with what a claim repeats: it must end, in one step, at a finding or a text of its own."""
    for position, repeat in enumerate(claim.repeats):
        target = claims.get(repeat.of)
        if target is None:
            yield f"repeats the unknown claim '{repeat.of}'"
        elif target is claim or claim.id in {further.of for further in target.repeats}:
            yield f"repeats '{repeat.of}' in a circle"
        elif target.repeats:
            yield f"repeats '{repeat.of}', which repeats another claim itself"
        elif position == 0 and claim.testable != "no" and not target.carries_finding:
            yield f"repeats '{repeat.of}', which has no finding"


def _claim_problems(claim: Claim, guidance: Guidance, codebook: Codebook) -> Iterator[str]:
    """Everything that contradicts the word lists, the codebook or the other entries."""
    yield from _unknown("section", [claim.section], guidance.sections)
    yield from _unknown("theme", [claim.theme], codebook.themes)
    yield from _unknown("direction", [claim.direction], DIRECTIONS)
    yield from _unknown("testable", [claim.testable], TESTABLE)
    yield from _unknown("factor", claim.factors + claim.low_end, codebook.factors)
    yield from _unknown("literature", [claim.literature or "-"], ["-", *guidance.literature])
    yield from _unknown(
        "expert", [claim.expert or "-"], ["-", *(opinion.id for opinion in guidance.opinions)]
    )
    measure = "volume_ratio" if claim.direction.endswith("volume") else "odds_ratio"
    if claim.measure != measure:
        yield f"measure '{claim.measure}' does not fit the direction, which needs {measure}"
    if claim.testable == "no" and not claim.reason:
        yield "the reason why it cannot be tested is missing"
    if claim.carries_finding and not claim.factors:
        yield "a claim with a finding of its own needs a factor"
    yield from _level_problems(claim, codebook)
    yield from _repeat_problems(claim, guidance.claims)


def _literature_problems(entry: Literature, codebook: Codebook) -> Iterator[str]:
    yield from _unknown("position", [entry.position], POSITIONS)
    yield from _unknown("factor", entry.factors, codebook.factors)
    if not entry.sources and entry.position != "no_evidence":
        yield "the source is missing"
    if not entry.checked and re.search(r"\d", entry.summary):
        yield "the summary shows a figure although not everything was checked"


def _article_problems(guidance: Guidance, codebook: Codebook) -> Iterator[tuple[str, list[str]]]:
    """Entry and problems of the tables, tips, answers, signs and opinions."""
    mentions: list[tuple[str, tuple[str, ...], tuple[str, ...]]] = [
        *((f"pumps.{row.id}", row.claims, ()) for row in guidance.pumps),
        *((f"techniques.{row.id}", row.claims, (row.factor,)) for row in guidance.techniques),
        *((f"tips.{tip.id}", (tip.claim, *tip.also), (tip.factor,)) for tip in guidance.tips),
        *((f"answers.{answer.id}", answer.claims, ()) for answer in guidance.answers),
        *((f"opinions.{opinion.id}", opinion.claims, ()) for opinion in guidance.opinions),
        *((f"warning_signs.{sign.id}", (sign.claim,), ()) for sign in guidance.warning_signs),
    ]
    for entry, claims, factors in mentions:
        yield entry, [*_unknown("claim", claims, guidance.claims)]
        yield entry, [*_unknown("factor", factors, codebook.factors)]
    kinds = [level.code for level in codebook.factors["pump_type"].levels]
    for row in guidance.pumps:
        yield f"pumps.{row.id}", [*_unknown("level of pump_type", row.pump_types, kinds)]
    for sign in guidance.warning_signs:
        yield f"warning_signs.{sign.id}", [*_unknown("section", [sign.list], guidance.sections)]
        if guidance.claims[sign.claim].sign != sign.sign:
            yield f"warning_signs.{sign.id}", [f"sign '{sign.sign}' is not that of its claim"]
    for shortfall in guidance.shortfalls:
        yield f"shortfalls.{shortfall.id}", [] if shortfall.source else ["the source is missing"]


def _check(guidance: Guidance, codebook: Codebook) -> None:
    """Raise DataFileError at the first entry that contradicts the codebook, the word lists or another entry."""
    for claim in guidance.claims.values():
        if problems := [*_claim_problems(claim, guidance, codebook)]:
            refuse(CLAIMS, claim.id, problems)
    for study in guidance.literature.values():
        if problems := [*_literature_problems(study, codebook)]:
            refuse(LITERATURE, study.id, problems)
    for entry, problems in _article_problems(guidance, codebook):
        if problems:
            refuse(ARTICLE, entry, problems)


def _group(kind: type[Entry], file: str, entries: Mapping[str, Any], prefix: str = "") -> dict[str, Entry]:
    """Dataclasses by id from a table of tables."""
    return {name: build(kind, file, prefix + name, entry, id=name) for name, entry in entries.items()}


@cache
def load_guidance(folder: Path = GUIDANCE) -> Guidance:
    """Read and check the guidance: `claims.toml`, `literature.toml`, `article.toml`, one table for each entry.

    Raises DataFileError naming file and entry for whatever is unknown (factor, level, theme, section, claim, or a
    word outside the lists above), said twice, missing (reason, source, field), or repeated in a circle.
    """
    claims, literature, article = (read_entries(folder / file) for file in (CLAIMS, LITERATURE, ARTICLE))
    claims = {name: with_parts(Repeat, CLAIMS, name, entry, "repeats") for name, entry in claims.items()}
    literature = {
        name: with_parts(Source, LITERATURE, name, row, "sources") for name, row in literature.items()
    }
    if missing := [key for key in GROUPS if not article.get(key)]:
        refuse(ARTICLE, missing[0], ["is missing"])
    entries: dict[str, Any] = {
        "claims": _group(Claim, CLAIMS, claims),
        "literature": _group(Literature, LITERATURE, literature),
    }
    for key, kind in GROUPS.items():
        entries[key] = tuple(_group(kind, ARTICLE, article.pop(key), f"{key}.").values())
    guidance = build(Guidance, ARTICLE, "(top of the file)", article, **entries)
    _check(guidance, load_codebook())
    return guidance
