"""Why a claim has no verdict, and what would settle it, in words."""

import math
from collections.abc import Sequence

from pipelines.codebook import Factor
from pipelines.guidance import Claim

# Power of 80 % at the two-sided 5 % level: 1.96 + 0.84 standard errors.
STANDARD_ERRORS_NEEDED = 2.8
# What would bring time order where the factor itself cannot be asked before the session.
ORDERED_BY = {
    "duration_min": "Record how long each session is meant to last before it starts.",
    "let_down_felt": "Record the flow by the minute, so that the let-down and the milk after it can be told apart.",
    "pump_pain": "Ask how much it hurts before the session starts, and say so in the export.",
}


def not_collected(factors: Sequence[Factor]) -> str:
    """The reason when a study has no answers."""
    return f"This study has no answers on {_either(factors)}."


def not_collected_step(factor: Factor) -> str:
    """What to add to the study."""
    if factor.derived:
        return "Keep a log in which every session has its start, so that this can be counted."
    return f"Ask: {factor.question}"


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
    """What would make a claim without time order testable."""
    return ORDERED_BY.get(factor.id, "Ask for it before the session starts, and say so in the export.")


def gate_next_step(is_insufficient: bool) -> str:
    """What would open a gate."""
    if is_insufficient:
        return "It takes more people on both sides of the comparison, with the sessions that the claim speaks of."
    return "It takes a larger or more even group, so that no single person or way of logging decides."


def open_next_step(standard_error: float, smallest_effect: float, detail: str) -> str:
    """How much larger a cohort would have to be, at this one's clustering."""
    if detail == "fails_multiplicity":
        return "A second cohort with this claim named in advance."
    times = (STANDARD_ERRORS_NEEDED * standard_error / math.log(smallest_effect)) ** 2
    if times <= 1.2:
        return "It takes somewhat more people: the cohort is nearly large enough for the smallest effect that matters."
    size = f"{times:.0f}" if times >= 3 else f"{times:.1f}"
    if times > 50:
        return "A trial, or a far larger study: more than 50 times as many people would be needed here."
    return f"It takes about {size} times as many people, at this cohort's clustering, for the smallest effect that matters."


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
