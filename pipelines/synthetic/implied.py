"""What follows from the planted effects and is not in the recipe: yesterday's value as a cause, volumes with zeros."""

import numpy as np

from pipelines.synthetic.cohort import Cohort
from pipelines.synthetic.days import STATES
from pipelines.synthetic.effects import exposure
from pipelines.synthetic.recipe import Effect


def total_odds_ratio(effect: Effect) -> float:
    """The odds ratio with the steps on the way counted in."""
    return effect.odds_ratio if effect.odds_ratio_total is None else effect.odds_ratio_total


def lagged_odds_ratio(cohort: Cohort, effect: Effect) -> float | None:
    """Odds ratio of yesterday's answer for today's sessions; None for what is not answered by the day.

    A state acts on the same day, so yesterday's answer only tells as much as the state lasts. Amounts are drawn
    anew each day around the person's mean, so within a person yesterday's says nothing.
    """
    if effect.factor not in cohort.days:
        return None
    if effect.factor not in STATES:
        return 1.0
    state = cohort.days[effect.factor].to_numpy().reshape(-1, cohort.recipe.days)
    today, yesterday = state[:, 1:], state[:, :-1]
    if not yesterday.any():
        return None
    after, without = today[yesterday].mean(), today[~yesterday].mean()
    ratio = total_odds_ratio(effect)
    return round(float((1 - after + after * ratio) / (1 - without + without * ratio)), 3)


def mean_volume_ratio(cohort: Cohort, effect: Effect) -> float | None:
    """Ratio of mean volumes with sessions without milk counted as 0, at the level against the reference (or one unit
    more); None where the recipe has no ratio. Averaged over the cohort's own sessions."""
    if effect.volume_ratio is None:
        return None
    sessions = cohort.model_sessions
    if effect.factor not in (*sessions.columns, *cohort.days.columns, *cohort.people.columns):
        return None
    has = exposure(cohort.recipe, effect, cohort.people, cohort.days, sessions)
    chance = sessions["chance"].to_numpy()
    step = np.log(total_odds_ratio(effect)) / cohort.recipe["person"]["bridge"]
    usual = np.log(chance / (1 - chance))
    with_factor = usual + step * ((1 - has) if effect.levels else 1.0)
    without = usual - step * (has if effect.levels else 0.0)
    volume = (
        sessions["volume_ml"].to_numpy() / effect.volume_ratio**has
        if effect.levels
        else sessions["volume_ml"]
    )
    came = ~sessions["no_milk"].to_numpy()
    # Sessions in which milk came stand for all: weighted by the inverse of their chance to be seen.
    weight = np.where(came, volume / (1 - chance), 0.0)
    ratio = np.sum(weight / (1 + np.exp(with_factor))) / np.sum(weight / (1 + np.exp(without)))
    return round(float(effect.volume_ratio * ratio), 3)
