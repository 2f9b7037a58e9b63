"""Why a claim has no verdict, and what would settle it, in words."""

from collections.abc import Sequence

from pipelines.codebook import Factor
from pipelines.guidance import Claim

# What would bring time order where the factor itself cannot be asked before the session.
FORMS = {
    "session": "the log of each session",
    "day": "the evening diary",
    "person": "the form filled in once",
}
ORDERED_BY = {
    "duration_min": "Record how long each session is meant to last before it starts.",
    "let_down_felt": "Record the flow by the minute, so that the let-down and the milk after it can be told apart.",
    "pump_pain": "Ask how much it hurts before the session starts, and say so in the export.",
}
PULLED_BACK = (
    "The answers of the same day go the other way: what comes out seems to change them, and in logs of few days that "
    "alone pulls the comparison with yesterday's answer to where it lies."
)


def not_collected(factors: Sequence[Factor]) -> str:
    """The reason when a study has no answers."""
    return f"This study has no answers on {_either(factors)}."


def not_collected_step(factor: Factor) -> str:
    """What to add to the study: the item's name, the form it belongs to, and its question."""
    if factor.derived:
        return "Keep a log in which every session has its start, so that this can be counted."
    return f"Add the item “{factor.id}” to {FORMS[factor.grains[0]]}. {factor.question}".strip()


def no_time_order(factor: Factor, claim: Claim) -> str:
    """The reason when nothing in the study's design tells what came first."""
    if claim.testable == "only_within_person" and not factor.varies:
        return f"{factor.label} is asked once a person, and people who differ in it differ in much else."
    if factor.order == "after":
        return f"{factor.label} is known only after the session, and what comes out can decide it."
    return (
        f"{factor.label} is reported during or after the session, and what comes out can change the report."
    )


def no_time_order_step(factor: Factor) -> str:
    """What would make a claim without time order testable; a trial where no log can bring the order."""
    if not factor.varies:
        return (
            "It needs a trial: people who differ in this once and for all cannot be compared with themselves."
        )
    return ORDERED_BY.get(
        factor.id,
        f"Ask for “{factor.id}” before the session starts, and say so in the export; else it needs a trial.",
    )


def gate_next_step(is_insufficient: bool, needed: int = 0, have: int = 0) -> str:
    """What would open a gate; with the size of cohort that the estimate's own uncertainty asks for, where known."""
    if is_insufficient:
        text = (
            "It takes more people on both sides of the comparison, with the sessions that the claim speaks of"
        )
    else:
        text = "It takes a larger or more even group, so that no single person or way of logging decides"
    return f"{text}{_in_all(needed, have)}."


def _in_all(needed: int, have: int) -> str:
    if not have or needed <= have:
        return ""
    return f"; about {needed:,} people like these in all, where there are {have:,} now"


def open_next_step(needed: int, have: int, detail: str, too_many: float) -> str:
    """How many more people of the same kind would settle a claim; beyond `too_many` times as many, a trial."""
    if detail == "fails_multiplicity":
        return "A second cohort with this claim named in advance."
    if not have:
        return "It takes more people like these."
    if needed <= have:
        return "About as many people again: this cohort is just large enough for the smallest effect that matters."
    if needed > too_many * have:
        return f"It needs a trial, or a far larger study: more than {too_many:.0f} times the {have:,} people of this one."
    return (
        f"About {needed - have:,} more people like these {have:,}, for the smallest effect that matters to show in four "
        "of five such studies."
    )


def no_log_next_step(is_referral: bool) -> str:
    """For statements that no log can test."""
    if is_referral:
        return "Nothing to settle here: it says when to ask for help, and no cohort should wait for that."
    return "It needs another kind of study: a log of sessions does not hold what this speaks of."


def settled_next_step(verdict: str) -> str:
    """What an answered claim still leaves open."""
    if verdict == "supported":
        return "A trial would tell whether changing it changes output."
    if verdict == "contradicted":
        return "A second cohort, and then a trial."
    return ""


def _either(factors: Sequence[Factor]) -> str:
    labels = [f"“{factor.label}”" for factor in factors]
    return labels[0] if len(labels) == 1 else f"{', '.join(labels[:-1])} or {labels[-1]}"
