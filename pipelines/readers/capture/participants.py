"""Whose a row of answers is: the study file says it, a column with a usual name does, or the researcher is asked."""

from dataclasses import replace
from typing import TYPE_CHECKING

from pipelines.errors import Question
from pipelines.readers.columns import own_meaning
from pipelines.readers.containers.tables import plain_name
from pipelines.readers.identifiers import is_identifier
from pipelines.study import SourceOptions

if TYPE_CHECKING:
    from pipelines.readers.capture.survey import Survey

# Names under which studies keep a person's code, the plainest first.
_USUAL = (
    "participant_id",
    "participant",
    "participant_code",
    "participant_number",
    "subject_id",
    "subject",
    "study_id",
    "study_number",
    "study_code",
    "record_id",
    "mother_id",
    "pid",
    "ptid",
    "subjid",
    "usubjid",
    "screening_id",
    "case_id",
)
MOST_CHOICES = 30
_MOST_NAMED = 6


def with_participant(survey: "Survey", options: SourceOptions) -> SourceOptions:
    """Options that say whose the rows are.

    A column counts when the study file names it, or when it has a usual name (or one of the system's own for ids)
    and is filled. Raises Question with the columns there are when neither holds; a file without a row asks nothing.
    """
    if options.participant != "auto":
        return options
    name = usual_column(survey)
    if name is None and survey.cells.empty:
        return options
    if name is None:
        raise _question(survey)
    return replace(options, participant=f"column:{name}")


def usual_column(survey: "Survey") -> str | None:
    """The filled column that has a usual name for a person's code; None for none."""
    known_as = {name: {plain_name(each) for each in survey.names_of(name)} for name in survey.header}
    for usual in _USUAL:
        for name, names in known_as.items():
            if usual in names and name not in survey.barred and survey.column(name).notna().any():
                return name
    return next((name for name in survey.ids if _tells_people_apart(survey, name)), None)


def _tells_people_apart(survey: "Survey", name: str) -> bool:
    """Whether a column for the study's own codes was used. A response's own code is no person's."""
    return name in survey.header and survey.column(name).notna().any()


def _question(survey: "Survey") -> Question:
    names = [
        name
        for name in dict.fromkeys(survey.header)
        if name.strip() and name not in survey.barred and not is_identifier(name) and not own_meaning(name)[0]
    ]
    candidates = [*(name for name in names if name not in survey.system)]
    choices = {f"column:{name}": f"the column {name}" for name in candidates[:MOST_CHOICES]}
    if survey.response:
        choices[f"column:{survey.response}"] = f"every response is another person's ({survey.response})"
    some = ", ".join(candidates[:_MOST_NAMED]) + (", ..." if len(candidates) > _MOST_NAMED else "")
    return Question(
        f'{survey.file}: no column says whose the answers are; say participant = "column:NAME" in the study file'
        + (f", where NAME is one of its columns ({some})." if some else "."),
        "participant",
        {**choices, "file_name": "all rows are one person's, named by the file"},
    )
