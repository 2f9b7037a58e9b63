"""What is planted in each scenario of `data/evaluation/scenarios.toml`, and what is kept of each cohort."""

from dataclasses import dataclass
from math import log, sqrt

from pipelines.analysis.claims import claimed_log_ratio
from pipelines.analysis.verdicts import smallest_ratio, verdict
from pipelines.evidence.error_rates import error_rates
from pipelines.results import ClaimFinding
from tests.simulation.cohorts import Plan
from tests.simulation.verdicts import CODEBOOK, GUIDANCE, SETTINGS, judge

# Every factor that a claim can be judged on, with a level that is common enough to be judged in 100 people.
EVERYTHING: dict[str, str | None] = {
    "stress": None,
    "fatigue": None,
    "fluid_litres": None,
    "diet_quality": "poor",
    "flange_fit": "too_small",
    "hormonal_imbalance": "yes",
    "hypothyroidism": "untreated",
    "pump_maintenance": "never",
    "breast_hypoplasia": "suspected",
    "delayed_lactogenesis": "yes",
    "feeding_mode": "half_half",
    "hormonal_contraceptive": "progestin_only",
    "decongestant": "yes",
    "galactagogue": "herb_or_tea",
    "blocked_duct": "yes",
    "mastitis_signs": "yes",
    "engorgement": "yes",
    "nipple_damage": "cracked_or_bleeding",
    "relaxation": "yes",
    "warm_compress": "yes",
    "breast_massage": "yes",
    "breast_compression": "planned",
    "breast_switching": "planned",
    "setting": "not_private",
    "baby_cue": "yes",
    "skin_to_skin_before": "yes",
    "hand_expression_with": "planned",
}
KNOWN_ODDS = next(each.odds_ratios or {} for each in error_rates().scenarios if each.id == "known_effects")
KNOWN = {name: EVERYTHING[name] for name in KNOWN_ODDS}
CLAIMS = {
    "flange_fit": "cause.pump_fit",
    "stress": "cause.stress",
    "warm_compress": "strategy.relaxing.warm",
    "decongestant": "cause.medication.decongestant",
    "breast_hypoplasia": "cause2.health",
    "breast_compression": "strategy.compression",
    "fluid_litres": "cause.dehydration",
}
STRONG_REVERSE = {"confounding": 0.5, "feedback": 2.0, "carry_over": 0.4}


@dataclass(frozen=True)
class Kept:
    """Of one claim in one cohort: its verdict, the one it had standing alone, whether the interval held the truth."""

    verdict: str
    alone: str
    held: bool | None = None


def no_effect(people: int, seed: list[int]) -> dict[str, Kept]:
    """Nothing goes with output; every claim is judged, all of them sharing one false discovery rate."""
    found = judge(Plan(people, EVERYTHING, early=True, habits=True), seed)
    return {claim: kept(finding, 1.0) for claim, finding in found.items() if finding.association}


def reverse_causation(people: int, seed: list[int]) -> dict[str, Kept]:
    """People with little milk are more stressed and a bad day adds to it; stress itself does nothing."""
    found = judge(Plan(people, {"stress": None}, **STRONG_REVERSE), seed, only_planted=True)
    return {"cause.stress": kept(found["cause.stress"], 1.0)}


def known_effects(people: int, seed: list[int]) -> dict[str, Kept]:
    """Four kinds of factor, one of them with an effect, in turn; with two the odds ratios would not be exact."""
    planted = list(KNOWN)[seed[-1] % len(KNOWN)]
    plan = Plan(people, KNOWN, log_odds={planted: log(KNOWN_ODDS[planted])})
    found = judge(plan, seed, only_planted=True)
    return {
        CLAIMS[name]: kept(found[CLAIMS[name]], KNOWN_ODDS[name] if name == planted else 1.0)
        for name in KNOWN
    }


def smallest_effect(people: int, seed: list[int]) -> dict[str, Kept]:
    """Cohorts with an effect as large as the smallest of interest, one on the outcome and one on the volume."""
    between, yes_no = SETTINGS["effects.odds_ratio_between"], SETTINGS["effects.odds_ratio_within_yes_no"]
    volume = SETTINGS["effects.volume_ratio"]
    per_report = 1 / within_deviation(Plan(people, {}))
    found: dict[str, Kept] = {}
    for odds, volumes in (
        ({"flange_fit": between}, {"breast_hypoplasia": 1 / volume}),
        ({"stress": SETTINGS["effects.odds_ratio_within_sd"] ** per_report}, {"breast_compression": volume}),
        ({"warm_compress": 1 / yes_no}, {"fluid_litres": volume**per_report}),
        ({"decongestant": yes_no}, {}),
    ):
        planted = odds | volumes
        plan = Plan(
            people,
            {name: EVERYTHING[name] for name in planted},
            log_odds={name: log(ratio) for name, ratio in odds.items()},
            log_volume={name: log(ratio) for name, ratio in volumes.items()},
        )
        judged = judge(plan, [*seed, len(found)], only_planted=True)
        found |= {CLAIMS[name]: kept(judged[CLAIMS[name]], ratio) for name, ratio in planted.items()}
    return found


def supported(odds_ratio: float, people: int, kind: str, seed: list[int]) -> bool:
    """Whether an effect is found by a study of this one claim; `kind` as in `evidence.error_rates.Power`."""
    if kind == "between":
        plan = Plan(people, {"flange_fit": "too_small"}, log_odds={"flange_fit": log(odds_ratio)})
        return judge(plan, seed, only_planted=True)["cause.pump_fit"].verdict == "supported"
    plan = Plan(people, {"stress": None})
    plan = Plan(people, {"stress": None}, log_odds={"stress": log(odds_ratio) / within_deviation(plan)})
    return judge(plan, seed, only_planted=True)["cause.stress"].verdict == "supported"


def within_deviation(plan: Plan) -> float:
    """Expected standard deviation of yesterday's reports within a person; each is drawn with one of 1."""
    return sqrt(1 - 1 / (plan.days - 1))


def kept(finding: ClaimFinding, truth: float) -> Kept:
    """Keep of a finding what is counted; `truth` is the true ratio of the measure that decides the claim."""
    found = finding.association
    assert found is not None
    is_volume = finding.measure == "volume_ratio"
    low, high = (found.volume_low, found.volume_high) if is_volume else (found.ci_low, found.ci_high)
    held = None if low is None or high is None else low <= truth <= high
    return Kept(finding.verdict, _alone(finding), held)


def _alone(finding: ClaimFinding) -> str:
    """The verdict where no other claim were tested: its own p-value takes the place of the false discovery rate."""
    found, claim = finding.association, GUIDANCE.claims[finding.id]
    assert found is not None
    if finding.detail == "gate":
        return finding.verdict
    if finding.measure == "volume_ratio":
        numbers = found.volume_ratio, found.volume_standard_error, found.volume_degrees_of_freedom
        p_value = found.volume_p_value
    else:
        numbers, p_value = (found.odds_ratio, found.standard_error, found.degrees_of_freedom), found.p_value
    ratio, error, freedom = numbers
    assert ratio is not None and error is not None and freedom is not None and p_value is not None
    theta = claimed_log_ratio(claim, found, ratio)
    smallest = smallest_ratio(finding.measure, found, CODEBOOK, SETTINGS)
    return verdict(theta, error, freedom, smallest, p_value)[0]
