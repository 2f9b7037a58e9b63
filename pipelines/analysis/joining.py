"""Which sessions an answer is joined to: the one definition, for the model table and for what a page says of it.

An item of the day describes the sessions of its day, and as a possible cause counts for those of the next. A
questionnaire asks about more days: it describes the sessions of that many days up to its own, and as a possible
cause counts for those of as many days after it. Where windows of one questionnaire overlap a session takes the answer
nearest in time. What is asked of the person by no questionnaire, or too seldom for a diary, lasts until the next
answer; sessions before the first answer take the first.

Two ways to ask for one factor have different scales and windows, so they are never mixed: the estimates use one.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from pipelines.codebook import Codebook, Factor

DIARY_DAYS = 1


@dataclass(frozen=True)
class Days:
    """Study days counted from the day of the answer, both ends included."""

    first: int
    last: int


@dataclass(frozen=True)
class Recall:
    """The sessions that an answer describes, and those that it may be a cause of."""

    describes: Days
    possible_cause: Days


def recall(days: int) -> Recall:
    """The two windows of an answer about so many days, its own the last of them."""
    return Recall(Days(1 - days, 0), Days(1, days))


DIARY = recall(DIARY_DAYS)


def recall_days(factor: Factor, instrument: str, codebook: Codebook) -> int | None:
    """How many days a questionnaire asks about; None for an answer to none.

    What only questionnaires measure has their window even where the answer does not name one, if they agree.
    """
    if instrument in codebook.instruments:
        return codebook.instruments[instrument].recall_days
    windows = {each.recall_days for each in codebook.instruments.values() if each.factor == factor.id}
    return windows.pop() if factor.grains[0] == "person" and len(windows) == 1 else None


@dataclass(frozen=True)
class Asked:
    """The one way of asking for a factor that the estimates use.

    `form` is a questionnaire's id, "" for the codebook's own item in whatever form. `days` it asks about; None where an
    answer lasts until the next. `set_aside` are the other ways that this study asked the same in.
    """

    form: str
    days: int | None
    set_aside: tuple[str, ...] = ()


def form_of(instruments: pd.Series, codebook: Codebook) -> pd.Series:
    """The questionnaire that each answer came from, "" for an item of its own."""
    return instruments.where(instruments.isin(list(codebook.instruments)), "").astype(object)


def ways_asked(answered: pd.DataFrame, codebook: Codebook, daily_from: int) -> dict[str, Asked]:
    """How each factor that has an answer is read.

    `answered` has one row per factor, form (see `form_of`) and person, `days` with an answer. An item of the day that
    is kept as a diary comes before any questionnaire; else the way with the most answers counts.
    """
    found = {}
    for name, rows in answered.groupby("factor", sort=False):
        factor = codebook.factors[str(name)]
        days = {str(form): each["days"] for form, each in rows.groupby("form")}
        form = _preferred(factor, days, codebook, daily_from)
        window = days_asked(factor, form, days[form], codebook, daily_from)
        found[factor.id] = Asked(form, window, tuple(sorted(set(days) - {form})))
    return found


def days_asked(
    factor: Factor, form: str, days_answered: pd.Series, codebook: Codebook, daily_from: int
) -> int | None:
    """How many days an answer of one form is about, `days_answered` as in `lasts`; None where it lasts."""
    window = recall_days(factor, form, codebook)
    return DIARY_DAYS if window is None and not lasts(factor, days_answered, daily_from) else window


def _preferred(factor: Factor, days: Mapping[str, pd.Series], codebook: Codebook, daily_from: int) -> str:
    if "" in days and not lasts(factor, days[""], daily_from):
        return ""
    order = ["", *codebook.instruments]
    return max(days, key=lambda form: (days[form].sum(), -order.index(form)))


def lasts(factor: Factor, days_answered: pd.Series, daily_from: int) -> bool:
    """Whether an answer lasts until the next: asked of the person, or on too few days of most people for a diary.

    `days_answered` holds the number of days with an answer of each person who has any.
    """
    return factor.grains[0] == "person" or not days_answered.median() >= daily_from
