"""What can be changed, is reported often here, and goes along with the outcome: candidates to talk about."""

from dataclasses import dataclass
from pathlib import Path

from pipelines.codebook import Codebook, load_codebook
from pipelines.evidence import words
from pipelines.evidence.filters import Filters
from pipelines.evidence.findings import associated
from pipelines.evidence.statements import phrase_of
from pipelines.evidence.volume_units import MILLILITRES, in_words
from pipelines.results import Association, ClaimFinding

# Themes of things that a mother or her helper can change; conditions, medicines and background are not.
MODIFIABLE_THEMES = ("fit", "pump", "supply", "technique", "stress", "food")
SUPPORTED = "supported"


@dataclass(frozen=True)
class Modifiable:
    """One thing that can be changed and whose statement this cohort supports.

    `sentence` tells both raw shares, or both mean volumes where the statement is about the volume. It is "" for a
    number, and where the raw figures point the other way than the adjusted ratio: side by side they would unsay it.
    `participants` and `sessions` are those at the level, None when they stay hidden.
    """

    factor: str
    label: str
    claim: str
    sentence: str
    participants: int | None
    sessions: int | None


def supported_and_modifiable(path: Path, filters: Filters, unit: str = MILLILITRES) -> tuple[Modifiable, ...]:
    """What can be changed and has support here, the most frequent first; each factor once. Fenced like all findings."""
    found = associated(path, filters)
    codebook = load_codebook()
    chosen: dict[str, Modifiable] = {}
    for claim in found.claims:
        if _counts(claim, codebook):
            assert claim.factor is not None and claim.association is not None
            chosen.setdefault(
                claim.factor,
                Modifiable(
                    claim.factor,
                    codebook.factors[claim.factor].label,
                    claim.finding_of or claim.id,
                    _sentence(claim, claim.association, filters.outcome, unit),
                    claim.association.participants,
                    claim.association.sessions,
                ),
            )
    return tuple(sorted(chosen.values(), key=lambda each: -(each.sessions or 0)))


def _sentence(claim: ClaimFinding, found: Association, outcome: str, unit: str) -> str:
    """Both raw figures of what the statement is about, in short sentences; "" for a number, which has no two groups."""
    if found.level is None or found.reference is None:
        return ""
    factor = load_codebook().factors[found.factor]
    level, reference = phrase_of(factor, found.level), phrase_of(factor, found.reference)
    if claim.measure == "volume_ratio":
        new, old = found.mean_volume_ml, found.reference_volume_ml
        if new is None or old is None or not _same_way(new - old, claim.volume_ratio):
            return ""
        return (
            f"A session {level} gave {in_words(new, unit)} on average. "
            f"A session {reference} gave {in_words(old, unit)}."
        )
    new, old = found.share, found.reference_share
    if new is None or old is None or not _same_way(new - old, claim.odds_ratio):
        return ""
    return (
        f"Of{words.NO_BREAK}100 sessions {level}, {words.frequency(new, old)} {words.OUTCOME_ENDS[outcome]}. "
        f"Of{words.NO_BREAK}100 {reference}, {words.frequency(old, new)} did."
    )


def _same_way(difference: float, ratio: float | None) -> bool:
    """Whether a raw difference and an adjusted ratio point the same way."""
    return ratio is not None and (difference > 0) == (ratio > 1) and difference != 0


def _counts(claim: ClaimFinding, codebook: Codebook) -> bool:
    if claim.verdict != SUPPORTED or claim.association is None:
        return False
    if claim.factor is None or claim.factor not in codebook.factors:
        return False
    return codebook.factors[claim.factor].theme in MODIFIABLE_THEMES
