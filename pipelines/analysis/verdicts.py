"""The verdict on one claim: from an estimate, its uncertainty and the smallest effect that would matter."""

import math

from pipelines.analysis.clustered import critical_value

FALSE_DISCOVERY_RATE = 0.05


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
