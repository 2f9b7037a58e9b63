"""The study kit for REDCap: a data dictionary that can be uploaded as it is."""

from collections.abc import Iterator

from pipelines.kit.forms import Asked, Form, Kit
from pipelines.redcap_dictionary import Field, choices, dictionary_csv

RECORD = "record_id"
# REDCap's own yes/no question knows no other words; it keeps yes as 1.
YES_NO = ("No", "Yes")
VALIDATIONS = {"datetime": "datetime_ymd", "date": "date_ymd", "number": "number", "whole": "integer"}
TICKED = "1"
TICK_MARK = "___"


def dictionary(kit: Kit) -> str:
    """The data dictionary of all forms as CSV text; the record's code is the first field of the first form."""
    forms = (*kit.own, *kit.questionnaires)
    record = Field(
        RECORD, forms[0].name, "text", "Participant's code (no name)", identifier=True, required=True
    )
    return dictionary_csv([record, *(field for form in forms for field in form_fields(form))])


def export_columns(form: Form) -> dict[str, str]:
    """The columns of a raw export for this form, each with the name that the pipeline knows it by."""
    ticked = form.ticks.columns if form.ticks else ()
    mark = f"{form.ticks.name}{TICK_MARK}" if form.ticks else ""
    return {f"{mark if each.column in ticked else ''}{each.name}": each.column for each in form.fields}


def form_fields(form: Form) -> Iterator[Field]:
    """The lines of one form; a tick list stands where its first question would."""
    ticked = form.ticks.columns if form.ticks else ()
    for each in form.fields:
        if each.column not in ticked:
            yield _field(each, form)
        elif form.ticks and each.column == ticked[0]:
            listed = [(asked.column, asked.label) for asked in form.fields if asked.column in ticked]
            yield Field(form.ticks.name, form.name, "checkbox", form.ticks.question, choices(listed))


def _field(asked: Asked, form: Form) -> Field:
    low, high = _limit(asked.minimum), _limit(asked.maximum)
    return Field(
        name=asked.name,
        form=form.name,
        type=_type(asked),
        label=asked.question or asked.label,
        choices="" if _is_plain(asked) else choices((each.code, each.label) for each in asked.levels),
        validation=VALIDATIONS.get(asked.kind, ""),
        minimum=low,
        maximum=high,
        identifier=asked.identifies,
        branching=_branching(asked, form),
        note=" ".join(part for part in (f"In {asked.unit}." if asked.unit else "", asked.note) if part),
        required=asked.required,
    )


def _is_plain(asked: Asked) -> bool:
    """Whether REDCap's own yes/no question says the same."""
    return tuple(level.label for level in asked.levels) == YES_NO


def _type(asked: Asked) -> str:
    if _is_plain(asked):
        return "yesno"
    return "radio" if asked.levels else "text"


def _limit(value: float | None) -> str:
    return "" if value is None else f"{value:g}"


def _branching(asked: Asked, form: Form) -> str:
    """Show the field unless the other one has the answer."""
    if asked.unless is None:
        return ""
    field, answer = asked.unless
    other = next(each for each in form.fields if each.name == field)
    return f"[{field}] <> '{TICKED if _is_plain(other) and answer == 'yes' else answer}'"
