"""The other direction: whether yesterday's output goes with today's answers, within the same person."""

from collections.abc import Collection
from dataclasses import replace

import numpy as np
import pandas as pd

from pipelines.analysis.design import DAY, is_number
from pipelines.analysis.effects import Fit, linear, logistic, within_between
from pipelines.codebook import Codebook, Factor
from pipelines.errors import NotEstimable
from pipelines.results import ReverseAssociation
from pipelines.settings import Settings

KEYS = ["participant_id", "day_in_study"]
OUTPUT = "yesterday"


def reverse_associations(
    model_table: pd.DataFrame,
    codebook: Codebook,
    settings: Settings,
    outcome: str,
    minimum_cell: int,
    no_diary: Collection[str] = (),
) -> tuple[ReverseAssociation, ...]:
    """For every item of the day that low output could change: today's answer by yesterday's share of such sessions.

    Days with both, within the person (the person's mean of yesterday's shares is a term of its own) and adjusted for
    the day postpartum; numbers by least squares, levels as any but the reference by logistic regression, with the
    covariance of `effects`. Not adjusted for yesterday's answer, so that a state that lasts counts too. `no_diary` are
    factors whose answers are about more than their day, so that no day's own answer is known.
    """
    shares = _shares(model_table, outcome)
    found = []
    for factor in codebook.with_role("factor", "adjustment"):
        is_of_day = factor.grains[0] == "day" and not factor.derived and not factor.restricted
        if is_of_day and factor.output_changes_it and factor.id in set(model_table) - set(no_diary):
            found.append(_one(factor, _days(model_table, factor, shares), settings, minimum_cell))
    return tuple(found)


def _shares(table: pd.DataFrame, outcome: str) -> pd.Series:
    """The share of each participant-day's sessions with the outcome, moved to the day after."""
    known = table[table[outcome].notna()]
    shares = known[outcome].astype(float).groupby([known[name] for name in KEYS]).mean()
    people, days = shares.index.get_level_values(0), shares.index.get_level_values(1)
    return pd.Series(
        shares.to_numpy(), index=pd.MultiIndex.from_arrays([people, days.astype(int) + 1], names=KEYS)
    )


def _days(table: pd.DataFrame, factor: Factor, shares: pd.Series) -> pd.DataFrame:
    """One row per participant-day that has today's answer and yesterday's share."""
    wanted = [*KEYS, factor.id, *([DAY] if DAY in table else [])]
    days = table[wanted].dropna(subset=[factor.id]).drop_duplicates(KEYS)
    today = days[factor.id]
    answer = today.astype(float) if is_number(factor) else (today != factor.reference).astype(float)
    index = pd.MultiIndex.from_arrays([days["participant_id"], days["day_in_study"].astype(int)])
    yesterday = shares.reindex(index).to_numpy()
    rows = pd.DataFrame(
        {
            "participant_id": days["participant_id"].to_numpy(),
            "answer": answer.to_numpy(),
            OUTPUT: yesterday,
        }
    )
    if DAY in days:
        rows["log day"] = np.log1p(days[DAY].astype("Float64").astype(float).to_numpy())
    return rows.dropna().reset_index(drop=True)


def _one(factor: Factor, days: pd.DataFrame, settings: Settings, minimum_cell: int) -> ReverseAssociation:
    measure = "difference" if is_number(factor) else "odds_ratio"
    step = float(settings["reverse.share_step"])
    blank = ReverseAssociation(factor.id, measure, step)
    people = days["participant_id"].nunique()
    if people < minimum_cell:
        reason = f"Fewer than {minimum_cell} people have such days one after the other."
        return replace(blank, status="suppressed", reason=reason)
    varying = days.groupby("participant_id")[["answer", OUTPUT]].nunique().gt(1).all(axis=1).sum()
    needed = settings["gates.varying_participants"]
    counted = replace(blank, participants=people, days=len(days))
    if varying < needed:
        reason = f"Fewer than {needed} people for whom both yesterday’s output and this change over time."
        return replace(counted, status="not_estimable", reason=reason)
    try:
        fit = _fit(days, measure)
    except NotEstimable:
        return replace(
            counted, status="not_estimable", reason="It cannot be told apart from the course of the days."
        )
    name = f"{OUTPUT}_within"
    value, limits = fit.coefficients[name] * step, [end * step for end in fit.intervals[name]]
    if measure == "odds_ratio":
        value, limits = float(np.exp(value)), [float(np.exp(end)) for end in limits]
    return replace(counted, value=value, low=limits[0], high=limits[1], p_value=fit.p_values[name])


def _fit(days: pd.DataFrame, measure: str) -> Fit:
    split = within_between(days, OUTPUT, "participant_id")
    terms = [f"{OUTPUT}_within", f"{OUTPUT}_between"]
    if "log day" in split and split["log day"].nunique() > 1:
        terms.append("log day")
    model = linear if measure == "difference" else logistic
    return model(split, "answer", terms, "participant_id")
