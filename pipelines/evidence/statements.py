"""The article's statements as pages count and name them."""

from pipelines.codebook import Factor
from pipelines.evidence import words
from pipelines.evidence.parts import VerdictCount
from pipelines.guidance import Guidance
from pipelines.results import ANSWERED, VERDICTS, Findings

DESCRIPTIVE = ("mechanism", "portability", "noise", "cost")


def descriptive_cells(guidance: Guidance) -> frozenset[str]:
    """Claims that are cells of the pump table about something else than output; they are shown in that table only."""
    return frozenset(f"pump.{pump.id}.{column}" for pump in guidance.pumps for column in DESCRIPTIVE)


def verdict_counts(found: Findings, guidance: Guidance) -> tuple[VerdictCount, ...]:
    """How many of the article's statements have each verdict, in the order in which verdicts are shown."""
    cells = descriptive_cells(guidance)
    verdicts = [claim.verdict for claim in found.claims if claim.id not in cells]
    return tuple(VerdictCount(verdict, verdicts.count(verdict)) for verdict in VERDICTS)


def total(counts: tuple[VerdictCount, ...], *verdicts: str) -> int:
    """How many statements have one of these verdicts; all of them when none is named."""
    return sum(each.count for each in counts if not verdicts or each.verdict in verdicts)


def answered(counts: tuple[VerdictCount, ...]) -> int:
    """How many statements have an answer here."""
    return total(counts, *ANSWERED)


def found_behind(found: Findings, guidance: Guidance) -> int:
    """How many findings the answered statements rest on: those that repeat another share its finding."""
    cells = descriptive_cells(guidance)
    return len(
        {each.finding_of for each in found.claims if each.verdict in ANSWERED and each.id not in cells}
    )


def title_of(factor: Factor, level: str | None) -> str:
    """A factor's name in a list, with the level where it is not simply yes."""
    if level is None or level == "yes":
        return factor.label
    named = words.joined([factor.level(code).label.lower() for code in level.split("+")])
    return factor.label if named == factor.label.lower() else f"{factor.label}: {named}"


def phrase_of(factor: Factor, level: str) -> str:
    """What completes "of 100 sessions ..." for a level, or for levels taken together ("a+b")."""
    return words.joined([factor.level(code).phrase for code in level.split("+")])
