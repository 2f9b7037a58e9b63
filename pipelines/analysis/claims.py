"""What this cohort says of every claim: the one comparison that may answer it, its gates, its verdict."""

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from statsmodels.stats.multitest import multipletests

from pipelines.analysis.claim_words import (
    PULLED_BACK,
    gate_next_step,
    no_log_next_step,
    no_time_order,
    no_time_order_step,
    not_collected,
    not_collected_step,
    open_next_step,
    settled_next_step,
)
from pipelines.analysis.comparison_choice import Wanted, component_for, wanted_comparisons
from pipelines.analysis.sample_size import people_needed
from pipelines.analysis.verdicts import smallest_ratio, verdict
from pipelines.codebook import Codebook
from pipelines.guidance import Claim, Guidance
from pipelines.results import Association, ClaimFinding
from pipelines.settings import Settings


def claim_findings(
    guidance: Guidance,
    codebook: Codebook,
    associations: Sequence[Association],
    settings: Settings,
    outcome: str,
    contrasts: Mapping[Wanted, Association] | None = None,
    collected: Collection[str] = (),
    participants: int = 0,
) -> tuple[ClaimFinding, ...]:
    """The finding on every claim of the guidance, each once, in the guidance's order.

    `associations` are those of `associations.associations`, `contrasts` those of `contrasts.claim_contrasts` for
    claims that take levels together or name another reference, `collected` the factors that the study has answers
    to (`features.collected`), which tells "not asked" from "too few", `participants` how many people there are, from
    which the next step says how many more it takes. Verdicts in this order: not collected or not
    testable, a gate, the rule of `verdicts.verdict` with the false discovery rate over all claims that carry a
    finding of their own. A repeat has the finding, numbers and verdict of the claim it repeats, its own id and its
    own `expected` direction.
    """
    context = _Context(
        guidance,
        codebook,
        settings,
        outcome,
        _table(associations),
        contrasts or {},
        frozenset(collected),
        participants,
    )
    owners = {claim.id: _owner(claim, context) for claim in guidance.claims.values()}
    own = {owner: _compare(guidance.claims[owner], context) for owner in dict.fromkeys(owners.values())}
    rates = _false_discovery_rates(own, context)
    judged = {owner: _judge(found, rates.get(owner), context) for owner, found in own.items()}
    return tuple(_for_claim(claim, owners[claim.id], judged, context) for claim in guidance.claims.values())


Key = tuple[str, str | None, str | None, str]


@dataclass(frozen=True)
class _Context:
    guidance: Guidance
    codebook: Codebook
    settings: Settings
    outcome: str
    table: Mapping[Key, Association]
    contrasts: Mapping[Wanted, Association]
    answered: frozenset[str]
    participants: int

    @property
    def compared(self) -> set[str]:
        """Factors that the study has any comparison of."""
        return {key[0] for key in self.table} | {wanted.factor for wanted in self.contrasts}


def _table(associations: Sequence[Association]) -> dict[Key, Association]:
    return {_key(found): found for found in associations if found.model == "adjusted"}


@dataclass(frozen=True)
class _Compared:
    """One claim with the comparison chosen for it, or with the reason why there is none."""

    claim: Claim
    association: Association | None = None
    verdict: str = ""
    detail: str = ""
    reason: str = ""
    next_step: str = ""
    note: str = ""

    @property
    def measured(self) -> tuple[float | None, float | None, float | None, float | None]:
        """Ratio, standard error and degrees of freedom of its log, and p-value, of the deciding measure."""
        found = self.association
        if found is None:
            return None, None, None, None
        if self.claim.measure == "volume_ratio":
            return (
                found.volume_ratio,
                found.volume_standard_error,
                found.volume_degrees_of_freedom,
                found.volume_p_value,
            )
        return found.odds_ratio, found.standard_error, found.degrees_of_freedom, found.p_value

    @property
    def gates(self) -> tuple[tuple[str, ...], bool]:
        """Reasons against a verdict on the deciding measure, and whether data are lacking."""
        found = self.association
        assert found is not None
        if self.claim.measure == "volume_ratio":
            return found.volume_gates, found.volume_insufficient
        return found.gates, found.insufficient


def _owner(claim: Claim, context: _Context) -> str:
    """The claim whose finding this one carries: the end of its chain of repeats, or one that compares the same.

    A claim that repeats another but names a comparison of its own (a kind of pump, a recent change) owns its
    finding where the study has that comparison; the first such claim owns it for all that name the same.
    """
    if not claim.repeats:
        return claim.id
    parent = context.guidance.claims[claim.repeats[0].of]
    if claim.testable != "no" and claim.contrast and _differs(claim, parent) and _available(claim, context):
        same = [
            other.id
            for other in context.guidance.claims.values()
            if other.contrast == claim.contrast
            and other.factors[:1] == claim.factors[:1]
            and other.direction == claim.direction
            and other.testable != "no"
        ]
        return same[0]
    return _owner(parent, context)


def _differs(claim: Claim, parent: Claim) -> bool:
    return claim.contrast != parent.contrast and (
        not parent.is_directional or claim.factors[:1] != parent.factors[:1]
    )


def _available(claim: Claim, context: _Context) -> bool:
    return claim.factors[0] in context.compared


def _compare(claim: Claim, context: _Context) -> _Compared:
    """Choose the comparison that may answer a claim, or say why none can."""
    if claim.testable == "no":
        return _Compared(
            claim,
            verdict="not_testable",
            detail="not_about_output",
            reason=claim.reason,
            next_step=no_log_next_step(False),
        )
    if not claim.is_directional:
        reason = claim.reason or "The statement names no direction, so output is described without a verdict."
        return _Compared(
            claim,
            verdict="not_testable",
            detail="description",
            reason=reason,
            next_step="There is nothing to settle before the statement names a direction.",
        )
    factors = [context.codebook.factors[name] for name in claim.factors]
    in_time = [factor for factor in factors if component_for(claim, factor)]
    if not in_time:
        return _Compared(
            claim,
            verdict="not_testable",
            detail="no_time_order",
            reason=no_time_order(factors[0], claim),
            next_step=no_time_order_step(factors[0]),
        )
    candidates = _candidates(claim, context)
    if not candidates and any(factor.id in context.answered for factor in in_time):
        return _Compared(
            claim,
            verdict="insufficient_data",
            detail="gate",
            reason="Too few people, or too few answers, for any comparison.",
            next_step=gate_next_step(is_insufficient=True),
        )
    if not candidates:
        return _Compared(
            claim,
            verdict="not_collected",
            detail="no_answers",
            reason=not_collected(in_time),
            next_step=not_collected_step(in_time[0]),
        )
    return min(candidates, key=_preference)


def _candidates(claim: Claim, context: _Context) -> list[_Compared]:
    found = []
    for wanted in wanted_comparisons(claim, context.codebook, context.compared):
        key = (wanted.factor, wanted.level, wanted.reference, wanted.component)
        association = context.contrasts.get(wanted) or (None if wanted.among else context.table.get(key))
        if association is not None:
            found.append(_Compared(claim, association, note=wanted.note))
    return found


def _preference(candidate: _Compared) -> tuple[bool, bool]:
    """A claim on several factors rests on the first one that the data suffice for, whatever it shows."""
    return candidate.measured[0] is None, candidate.gates[1]


def _false_discovery_rates(own: Mapping[str, _Compared], context: _Context) -> dict[str, float]:
    """Benjamini-Hochberg over the claims that carry a directional finding of their own.

    Two claims that rest on the same comparison and the same measure are one test.
    """
    tested = {
        claim: (_key(found.association), found.claim.measure, found.measured[3])
        for claim, found in own.items()
        if found.association is not None and found.measured[3] is not None and not found.gates[1]
    }
    tests = list(dict.fromkeys(tested.values()))
    if not tests:
        return {}
    rates = dict(
        zip(tests, multipletests([p_value for *_, p_value in tests], method="fdr_bh")[1], strict=True)
    )
    return {claim: float(rates[test]) for claim, test in tested.items()}


def _key(found: Association) -> Key:
    return found.factor, found.level, found.reference, found.component


def _judge(found: _Compared, rate: float | None, context: _Context) -> ClaimFinding:
    claim, association = found.claim, found.association
    blank = ClaimFinding(
        id=claim.id,
        verdict=found.verdict,
        detail=found.detail,
        reason=found.reason,
        factor=association.factor if association else (claim.factors[0] if claim.factors else None),
        expected=claim.direction,
        measure=claim.measure,
        finding_of=claim.id,
        next_step=found.next_step,
    )
    if association is None:
        return blank
    numbered = _with_numbers(blank, association, rate)
    ratio, error, freedom, _ = found.measured
    if ratio is None or error is None or freedom is None:
        return _refused(numbered, association)
    reasons, is_insufficient = found.gates
    smallest = smallest_ratio(claim.measure, association, context.codebook, context.settings)
    needed = people_needed(context.participants, error, smallest, context.settings)
    if reasons:
        return replace(
            numbered,
            verdict="insufficient_data" if is_insufficient else "inconclusive",
            detail="gate",
            reason=_sentence(reasons),
            next_step=gate_next_step(is_insufficient, needed, context.participants),
        )
    return _ruled(numbered, found, rate, context)


def _with_numbers(blank: ClaimFinding, association: Association, rate: float | None) -> ClaimFinding:
    return replace(
        blank,
        component=association.component,
        odds_ratio=association.odds_ratio,
        ci_low=association.ci_low,
        ci_high=association.ci_high,
        volume_ratio=association.volume_ratio,
        volume_low=association.volume_low,
        volume_high=association.volume_high,
        association=association,
        q_value=rate,
    )


def _refused(finding: ClaimFinding, association: Association) -> ClaimFinding:
    """No estimate: too few people, or nothing that could be told apart."""
    entangled = "told apart" in association.reason
    return replace(
        finding,
        verdict="inconclusive" if entangled else "insufficient_data",
        detail="gate",
        reason=_sentence((association.reason or "the deciding ratio could not be estimated",)),
        next_step=gate_next_step(not entangled),
    )


def _ruled(numbered: ClaimFinding, found: _Compared, rate: float | None, context: _Context) -> ClaimFinding:
    claim, association = found.claim, found.association
    assert association is not None
    ratio, error, freedom, _ = found.measured
    assert ratio is not None and error is not None and freedom is not None
    theta = claimed_log_ratio(claim, association, ratio)
    smallest = smallest_ratio(claim.measure, association, context.codebook, context.settings)
    word, detail = verdict(theta, error, freedom, smallest, rate or 0.0)
    if word == "contradicted" and _is_pulled_back(found, context):
        return replace(
            numbered,
            verdict="inconclusive",
            detail="gate",
            reason=PULLED_BACK,
            next_step=no_time_order_step(context.codebook.factors[association.factor]),
        )
    step, needed = settled_next_step(word), None
    if word == "inconclusive":
        needed = people_needed(context.participants, error, smallest, context.settings)
        largest = context.settings["inference.largest_extension"]
        step = open_next_step(needed, context.participants, detail, largest)
    return replace(
        numbered, verdict=word, detail=detail, reason=found.note, next_step=step, people_needed=needed or None
    )


def _is_pulled_back(found: _Compared, context: _Context) -> bool:
    """Whether the answer of the day goes clearly with output the other way than yesterday's answer does.

    A person's mean, from which yesterday's answer deviates, holds answers given after a session. What output does to
    them pulls the estimate the other way, the more the fewer days there are (Nickell, Econometrica 1981;49:1417).
    """
    association = found.association
    assert association is not None
    if association.component != "within_lagged":
        return False
    key = (association.factor, association.level, association.reference, "within")
    same_day = context.table.get(key)
    if same_day is None:
        return False
    ratio, low, high = association.odds_ratio, same_day.ci_low, same_day.ci_high
    if found.claim.measure == "volume_ratio":
        ratio, low, high = association.volume_ratio, same_day.volume_low, same_day.volume_high
    if ratio is None or low is None or high is None:
        return False
    return low > 1 > ratio or high < 1 < ratio


def claimed_log_ratio(claim: Claim, association: Association, ratio: float) -> float:
    """The log of a ratio turned so that above 0 is what the claim says.

    More sessions without milk and more volume are up; a claim about a number's low end is turned once more.
    """
    theta = math.log(ratio)
    wants_more = claim.direction in ("more_no_milk", "higher_volume")
    if claim.measure == "odds_ratio" and claim.direction in ("higher_volume", "lower_volume"):
        wants_more = not wants_more
    if claim.measure == "volume_ratio" and claim.direction in ("more_no_milk", "less_no_milk"):
        wants_more = not wants_more
    if association.level is None and claim.points_low(association.factor):
        wants_more = not wants_more
    return theta if wants_more else -theta


def _sentence(reasons: Sequence[str]) -> str:
    text = "; ".join(dict.fromkeys(reasons))
    return text[:1].upper() + text[1:] + "."


def _for_claim(
    claim: Claim, owner: str, judged: Mapping[str, ClaimFinding], context: _Context
) -> ClaimFinding:
    """The finding as this claim carries it; a claim that cannot be tested stays so, whatever it repeats."""
    finding = judged[owner]
    if claim.testable == "no":
        return ClaimFinding(
            id=claim.id,
            verdict="not_testable",
            detail="referral_rule" if claim.sign else "not_about_output",
            reason=claim.reason,
            factor=claim.factors[0] if claim.factors else None,
            expected=claim.direction,
            measure=claim.measure,
            finding_of=owner,
            next_step=no_log_next_step(bool(claim.sign)),
        )
    return replace(finding, id=claim.id, expected=claim.direction, finding_of=owner)
