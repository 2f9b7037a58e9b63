"""Several answers in one cell: a column of its own for each choice that a study file asks for."""

from typing import TYPE_CHECKING

import pandas as pd

from pipelines.readers.columns import find_column, named_column, participant_column
from pipelines.study import SourceOptions

if TYPE_CHECKING:
    from pipelines.readers.capture.survey import Survey

CHOICE = "___"


def asked_names(options: SourceOptions) -> list[str]:
    """Every column that a study file names for this source; of `QUESTION___CHOICE` also the question."""
    named = [name for item in options.items.values() for name in (*item.columns, item.time)]
    named += [column for each in options.questionnaires.values() for column in each.columns]
    named += [participant_column(options), named_column(options.birth_date)]
    return [name for full in named if full for name in dict.fromkeys([full, full.split(CHOICE)[0]])]


def with_ticks(survey: "Survey", options: SourceOptions) -> "Survey":
    """Add a column for each `QUESTION___CHOICE` that the study file maps and the table holds in one cell.

    1 where the choice is among the answers, 0 where the question was answered without it, NULL where it was not
    answered at all.
    """
    for name in [name for item in options.items.values() for name in item.columns if CHOICE in name]:
        question, choice = name.split(CHOICE, 1)
        column = survey.known_by(question)
        if find_column(survey.header, name) is not None or column is None:
            continue
        cells = survey.column(column)
        answered = cells.mask(cells.isin(list(options.missing_codes)))
        survey = survey.with_column(name, _ticked(answered, choice, survey.separator))
    return survey


def _ticked(cells: pd.Series, choice: str, separator: str) -> pd.Series:
    """A choice's own text may hold the separator, so it is looked for whole, not among the parts."""
    return cells.map(lambda cell: "1" if _holds(cell, choice, separator) else "0", na_action="ignore")


def _holds(cell: str, choice: str, separator: str) -> bool:
    if not separator:
        return cell.strip() == choice.strip()
    gap = separator.strip() or " "
    return _between(cell, gap).find(_between(choice, gap)) >= 0


def _between(text: str, gap: str) -> str:
    """The text with one gap around it and none beside its separators."""
    return gap + gap.join(part.strip() for part in text.split(gap)) + gap
