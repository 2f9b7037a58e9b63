"""What can be changed, is reported often here, and goes along with the outcome: candidates to talk about."""

from dataclasses import dataclass
from pathlib import Path

from pipelines.codebook import Codebook, load_codebook
from pipelines.evidence import words
from pipelines.evidence.filters import Filters
from pipelines.evidence.findings import associated
from pipelines.evidence.statements import phrase_of
from pipelines.results import Association, ClaimFinding

# Themes of things that a mother or her helper can change; conditions, medicines and background are not.
MODIFIABLE_THEMES = ("fit", "pump", "supply", "technique", "stress", "food")
SUPPORTED = "supported"


@dataclass(frozen=True)
class Modifiable:
    """One thing that can be changed and whose statement this cohort supports.

    `sentence` tells both raw shares, "" for a number; `participants` and `sessions` are those at the level, None when
    they stay hidden.
    """

    factor: str
    label: str
    claim: str
    sentence: str
    participants: int | None
    sessions: int | None


def supported_and_modifiable(path: Path, filters: Filters) -> tuple[Modifiable, ...]:
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
                    _sentence(claim.association, codebook, filters.outcome),
                    claim.association.participants,
                    claim.association.sessions,
                ),
            )
    return tuple(sorted(chosen.values(), key=lambda each: -(each.sessions or 0)))


def _sentence(found: Association, codebook: Codebook, outcome: str) -> str:
    """Both raw shares as natural frequencies in short sentences; "" for a number, which has no two groups."""
    if None in (found.share, found.reference_share, found.level, found.reference):
        return ""
    assert found.share is not None and found.reference_share is not None
    assert found.level is not None and found.reference is not None
    factor = codebook.factors[found.factor]
    first = words.frequency(found.share, found.reference_share)
    second = words.frequency(found.reference_share, found.share)
    return (
        f"Of{words.NO_BREAK}100 sessions {phrase_of(factor, found.level)}, {first} {words.OUTCOME_ENDS[outcome]}. "
        f"Of{words.NO_BREAK}100 {phrase_of(factor, found.reference)}, {second} did."
    )


def _counts(claim: ClaimFinding, codebook: Codebook) -> bool:
    if claim.verdict != SUPPORTED or claim.association is None:
        return False
    if claim.factor is None or claim.factor not in codebook.factors:
        return False
    return codebook.factors[claim.factor].theme in MODIFIABLE_THEMES
