"""The last gate before a page: no count that tells of fewer people than the study's minimum leaves here."""

from collections.abc import Iterable
from dataclasses import fields, replace
from typing import Any

from pipelines.analysis.claim_words import gate_next_step
from pipelines.evidence import sentences
from pipelines.privacy.disclosure import hides
from pipelines.results import Association, ClaimFinding, Classifier, Cohort, Findings, ReverseAssociation

WORDS = (
    "factor",
    "level",
    "reference",
    "component",
    "model",
    "step",
    "adjusted_for",
    "status",
    "reason",
    "gates",
    "insufficient",
    "volume_gates",
    "volume_insufficient",
    "shape",
    "asked",
)
NUMBERS = tuple(field.name for field in fields(Association) if field.name not in WORDS)
COUNTS = ("participants", "sessions", "events", "reference_participants")
ONE_HIDDEN = "counts stay hidden: they would give away an answer of too few people"
TOO_CLOSE = "counts stay hidden: they come too close to those of the whole cohort"
NEARLY_ALL = "counts stay hidden: nearly everybody is on one side of the comparison"


def fence(findings: Findings) -> Findings:
    """Hide what could tell of fewer people than the cohort's minimum cell.

    An association whose level or reference has too few people loses all of its numbers; one whose people differ
    from the cohort's by too few loses its counts. A cohort below the minimum has no number at all, nor has a selection
    that says why it must have none (it leaves out so few people that the whole study beside it would tell of them).
    """
    cohort = findings.cohort
    total, minimum = cohort.participants or 0, cohort.minimum_cell
    if total < minimum:
        return without_numbers(
            findings, f"Fewer than {minimum} people are in this selection, so no number is shown."
        )
    if cohort.reason:
        return without_numbers(findings, cohort.reason)
    associations = tuple(_fence(each, total, minimum) for each in findings.associations)
    claims = tuple(_part_joined(_fence_claim(each, total, minimum), associations) for each in findings.claims)
    reverse = tuple(_fence_reverse(each, total, minimum) for each in findings.reverse)
    return replace(findings, associations=associations, claims=claims, reverse=reverse)


def fence_classifier(found: Classifier, cohort: Cohort) -> Classifier:
    """Hide how many people it rests on where that is too close to the cohort's; how well it does may stand."""
    if found.participants is None or not hides(found.participants, cohort.participants, cohort.minimum_cell):
        return found
    return replace(found, participants=None, sessions=None, events=None)


def without_numbers(findings: Findings, reason: str) -> Findings:
    """The same findings for a cohort of which nothing may be told: no number anywhere, and why."""
    cohort = replace(
        findings.cohort,
        participants=None,
        sessions=None,
        events=None,
        share_of_sessions=None,
        mean_participant_share=None,
        reason=reason,
    )
    return Findings(
        cohort,
        tuple(_suppress(each, reason) for each in findings.associations),
        Classifier(reason=reason),
        tuple(_silence(each, reason) for each in findings.claims),
        plan=findings.plan,
    )


def _fence(found: Association, total: int, minimum: int) -> Association:
    if found.status != "estimated":
        return _keep_counts(found, total, minimum)
    for people in (found.participants, found.reference_participants):
        if people is not None and people < minimum:
            return _suppress(found, f"fewer than {minimum} people are in one of the groups compared")
    return _keep_counts(found, total, minimum)


def _fence_reverse(found: ReverseAssociation, total: int, minimum: int) -> ReverseAssociation:
    if found.participants is None or not hides(found.participants, total, minimum):
        return found
    reason = "; ".join(filter(None, (found.reason.rstrip("."), TOO_CLOSE)))
    return replace(found, participants=None, days=None, reason=reason)


def _keep_counts(found: Association, total: int, minimum: int) -> Association:
    """Keep the counts unless they, or what is missing from the total, tell of too few people."""
    if found.status == "suppressed":
        return _suppress(found, found.reason)
    people = [each for each in (found.participants, found.reference_participants) if each is not None]
    if any(hides(each, total, minimum) for each in people):
        hidden = replace(found, **_none(COUNTS))
        said = "counts stay hidden" in found.reason
        return hidden if said else replace(hidden, reason="; ".join(filter(None, (found.reason, NEARLY_ALL))))
    return found


def _suppress(found: Association, reason: str) -> Association:
    return replace(found, **_none(NUMBERS), status="suppressed", reason=reason)


def _none(names: Iterable[str]) -> dict[str, Any]:
    return dict.fromkeys(names)


def _fence_claim(claim: ClaimFinding, total: int, minimum: int) -> ClaimFinding:
    if claim.association is None:
        return claim
    fenced = _fence(claim.association, total, minimum)
    if fenced.status == "suppressed":
        return _silence(replace(claim, association=fenced), fenced.reason)
    return replace(claim, association=fenced)


def _part_joined(claim: ClaimFinding, associations: tuple[Association, ...]) -> ClaimFinding:
    """Hide the counts of levels taken together where those shown apart would give a hidden one away."""
    found = claim.association
    if found is None or found.level is None or "+" not in found.level:
        return claim
    parts = [
        each for each in associations if each.factor == found.factor and each.level in found.level.split("+")
    ]
    hidden = any(each.status == "suppressed" for each in parts)
    if not hidden or all(each.participants is None for each in parts):
        return claim
    reason = "; ".join(filter(None, (found.reason, ONE_HIDDEN)))
    return replace(claim, association=replace(found, **_none(COUNTS), reason=reason))


def _silence(claim: ClaimFinding, reason: str) -> ClaimFinding:
    """A claim without numbers; one that was not decided for another reason keeps that one."""
    keeps = claim.verdict in ("not_testable", "not_collected")
    return replace(
        claim,
        verdict=claim.verdict if keeps else "insufficient_data",
        detail=claim.detail if keeps else "gate",
        next_step=claim.next_step if keeps else gate_next_step(is_insufficient=True),
        reason=claim.reason if keeps else sentences.full(reason),
        odds_ratio=None,
        ci_low=None,
        ci_high=None,
        volume_ratio=None,
        volume_low=None,
        volume_high=None,
        q_value=None,
        people_needed=None,
        association=None,
        imputed=None,
    )
