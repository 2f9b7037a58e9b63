"""How many people would settle an open claim, from what this cohort's own uncertainty says of its clustering."""

import math

from scipy import stats

from pipelines.settings import Settings

ROUNDED_TO = 10


def people_needed(people: int, standard_error: float, smallest_ratio: float, settings: Settings) -> int:
    """People of the same kind for which the smallest effect that matters would show with the wanted power.

    The standard error of a log ratio falls with the square root of the people, so n = people x (SE / SE wanted)^2 with
    SE wanted = |log smallest ratio| / (z of the confidence + z of the power), the normal approximation of sample size
    tutorials (Julious, Stat Med 2004;23:1921). A rough number, rounded up to tens.
    """
    confidence, power = settings["inference.confidence"], settings["inference.power"]
    errors = stats.norm.ppf((1 + confidence) / 2) + stats.norm.ppf(power)
    wanted = abs(math.log(smallest_ratio)) / errors
    return math.ceil(people * (standard_error / wanted) ** 2 / ROUNDED_TO) * ROUNDED_TO
