"""How strong something unmeasured would have to be to explain a finding away."""

import math

COMMON_OUTCOME = 0.15


def _single(ratio: float) -> float:
    ratio = 1 / ratio if ratio < 1 else ratio
    return ratio + math.sqrt(ratio * (ratio - 1))


def e_value(ratio: float, low: float, high: float) -> tuple[float, float]:
    """The E-value of a risk ratio and of the interval's limit nearer 1.

    Something that goes with the factor and with the outcome by risk ratios of at least this size, beyond what was
    adjusted for, could explain the estimate (the limit: the finding) away. The limit is 1 where the interval
    includes 1. Source: VanderWeele and Ding, Ann Intern Med 2017;167:268.
    """
    if not 0 < low <= ratio <= high:
        raise ValueError("e_value needs 0 < low <= ratio <= high")
    if low <= 1 <= high:
        return _single(ratio), 1.0
    return _single(ratio), _single(low if ratio > 1 else high)


def risk_ratio(odds_ratio: float, prevalence: float) -> float:
    """Roughly the risk ratio of an odds ratio: itself for a rare outcome, its square root above 15 %.

    Source: VanderWeele, Biometrics 2020;76:746.
    """
    return math.sqrt(odds_ratio) if prevalence > COMMON_OUTCOME else odds_ratio
