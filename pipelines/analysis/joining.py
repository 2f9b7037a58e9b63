"""Which sessions an answer is joined to: the one definition, for the model table and for what a page says of it.

An item of the day describes the sessions of its day, and as a possible cause counts for those of the next. A
questionnaire asks about more days: it describes the sessions of that many days up to its own, and as a possible
cause counts for those of as many days after it. What is asked of the person, or too seldom for a diary, lasts until
the next answer; sessions before the first answer take the first.
"""

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


def lasts(factor: Factor, days_answered: pd.Series, daily_from: int) -> bool:
    """Whether an answer lasts until the next: asked of the person, or on too few days of most people for a diary.

    `days_answered` holds the number of days with an answer of each person who has any.
    """
    return factor.grains[0] == "person" or not days_answered.median() >= daily_from
