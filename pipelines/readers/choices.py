"""From what a person chose for the columns of a foreign table to the options of a `[[source]]`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from pipelines.codebook import load_codebook
from pipelines.readers.columns import KIND
from pipelines.readers.field_names import field_names
from pipelines.readers.recodes import Recode, recodes
from pipelines.readers.suggestions import VOLUMES, ColumnLook, Suggestion, TableLook
from pipelines.study import Item, SourceOptions

# Meanings that are keys of a source of their own instead of items.
_KEYS = ("participant", "birth_date", "time")
# A choice's `written` for an end that is a clock only; the row's date is joined to it.
CLOCK = "clock"


@dataclass(frozen=True)
class Choice:
    """What one column was taken for, and how its values are to be read; see `suggestions.Suggestion`."""

    column: str
    meaning: str
    recode: Mapping[str, str] = field(default_factory=dict)
    written: str = ""
    session: tuple[str, ...] = ()


def suggested(look: TableLook) -> list[Choice]:
    """The choices that the suggestions make."""
    return [choice_of(each.column, each.chosen) for each in look.columns if each.chosen]


def choice_of(column: str, suggestion: Suggestion) -> Choice:
    """A suggestion taken as it is; values that nothing of ours is like stay without a recode."""
    recode = {each.value: each.code for each in suggestion.recode if each.code}
    return Choice(column, suggestion.meaning, recode, suggestion.written, suggestion.session)


def default_choice(column: ColumnLook, meaning: str) -> Choice:
    """A column taken for `meaning`, as a suggestion for it would read it, or without any reading of its own."""
    for each in column.suggestions:
        if each.meaning == meaning:
            return choice_of(column.column, each)
    recode = {each.value: each.code for each in values_to_recode(column, meaning) if each.code}
    session = column.values if meaning == KIND else ()
    return Choice(column.column, meaning, recode, session=session)


def values_to_recode(column: ColumnLook, meaning: str) -> tuple[Recode, ...]:
    """Values of a column that our answers to a factor do not have; empty for fields and numbers."""
    factor = load_codebook().factors.get(meaning)
    return recodes(factor, column.values) if factor is not None else ()


def chosen_before(source: SourceOptions) -> list[Choice]:
    """The choices that a source of a study file was made of."""
    found = []
    for name, item in source.items.items():
        meaning = f"{name}_ml" if f"{name}_ml" in VOLUMES else name
        if item.time and name == "ended_at":
            found.append(Choice(item.time, name, written=CLOCK))
        elif item.time:
            found += [Choice(item.column, "date"), Choice(item.time, "time")]
        else:
            found.append(Choice(item.column, meaning, item.recode, item.written, item.session))
    if source.participant.startswith("column:"):
        found.append(Choice(source.participant.removeprefix("column:"), "participant"))
    if source.birth_date:
        found.append(Choice(source.birth_date, "birth_date"))
    return found


def meanings() -> dict[str, str]:
    """Everything that a column may be taken for, with words: the fields, then the codebook's factors."""
    fields = {name: entry.label for name, entry in field_names().items()}
    factors = load_codebook().factors.values()
    asked = {each.id: each.label for each in factors if not each.derived and each.id not in fields}
    return fields | asked


def source_of(look: TableLook, choices: Sequence[Choice], options: SourceOptions) -> SourceOptions:
    """A `[[source]]` that reads tables with this header as chosen.

    `options` say what holds for the whole file (units, date order, zero, participant where no column is chosen). A
    date and a clock in two columns become the start together, where no column is the start by itself; an end that
    is a clock is joined with the same date, and left out where there is none.
    """
    by_meaning = {each.meaning: each for each in choices if each.meaning}
    ends = [each for each in choices if each.meaning == "ended_at" and each.written == CLOCK]
    choices = [each for each in choices if each not in ends]
    items = {
        _item_name(each, options): Item(each.column, dict(each.recode), "", each.session, each.written)
        for each in choices
        if each.meaning and each.meaning not in _KEYS
    }
    clock = by_meaning.get("time")
    if clock and "date" in items and "started_at" not in items:
        started = Item(items.pop("date").column, time=clock.column)
        items = {"started_at": started, **items}
    for end in ends:
        if "date" in by_meaning:
            items[end.meaning] = Item(by_meaning["date"].column, time=end.column)
    participant = by_meaning.get("participant")
    birth = by_meaning.get("birth_date")
    said = SourceOptions(
        files="",
        participant=f"column:{participant.column}" if participant else "auto",
        birth_date=birth.column if birth else None,
        missing_codes=look.missing_codes,
        items=items,
        header=look.sample.code,
    )
    return said.with_answers(options)


def _item_name(choice: Choice, options: SourceOptions) -> str:
    """The item's name; a volume whose unit nobody has said yet does not say mL by its name."""
    if options.units == "auto" and choice.meaning in VOLUMES:
        return choice.meaning.removesuffix("_ml")
    return choice.meaning
