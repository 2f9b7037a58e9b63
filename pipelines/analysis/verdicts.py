"""The verdict on one claim: from an estimate, its uncertainty and the smallest effect that would matter."""

import math

from pipelines.analysis.clustered import critical_value
from pipelines.codebook import Codebook
from pipelines.results import Association
from pipelines.settings import Settings, load_settings

FALSE_DISCOVERY_RATE: float = load_settings()["inference.false_discovery_rate"]


def verdict(
    theta: float, standard_error: float, degrees_of_freedom: float, smallest_effect: float, q: float = 0.0
) -> tuple[str, str]:
    """Say what an estimate means for a claim, as (verdict, detail).

    `theta` is a log ratio in the claimed direction, `smallest_effect` a ratio such as 1.25 fixed before the data,
    `q` the false discovery rate at which this claim would be called (0 where it stands alone). The order matters:
    contradicted before negligible, negligible before supported.
    """
    half = float(critical_value(degrees_of_freedom)) * standard_error
    low, high = theta - half, theta + half
    smallest = abs(math.log(smallest_effect))
    called = q <= FALSE_DISCOVERY_RATE
    if high < 0 and called:
        return "contradicted", "opposite"
    if high < smallest:
        if low > 0:
            return "negligible", "in_claimed_direction_but_small"
        return "negligible", "no_relevant_effect" if low > -smallest else "no_effect_as_large_as_claimed"
    if low > 0 and called:
        return "supported", "relevant" if low > smallest else "size_open"
    return "inconclusive", "fails_multiplicity" if low > 0 else "interval_includes_none_and_relevant"


def smallest_ratio(measure: str, association: Association, codebook: Codebook, settings: Settings) -> float:
    """The smallest effect that would matter for this comparison, as a ratio for the step that is shown.

    A factor's own value where the codebook gives one; else the settings' defaults. Those for numbers are per
    standard deviation within a person and are turned into the factor's step.
    """
    factor = codebook.factors[association.factor]
    within = association.component.startswith("within")
    if measure == "volume_ratio":
        base, per_deviation = settings["effects.volume_ratio"], True
    elif factor.smallest_effect is not None:
        base, per_deviation = factor.smallest_effect, False
    elif not within:
        base, per_deviation = settings["effects.odds_ratio_between"], False
    elif association.level is not None:
        base, per_deviation = settings["effects.odds_ratio_within_yes_no"], False
    else:
        base, per_deviation = settings["effects.odds_ratio_within_sd"], True
    if association.level is None and per_deviation and association.within_person_sd:
        return float(base ** (factor.step / association.within_person_sd))
    return float(base)
