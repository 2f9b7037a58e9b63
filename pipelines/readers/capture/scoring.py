"""Questionnaires of the codebook in a table: scored from their items, or their total taken as delivered."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pandas as pd

from pipelines.codebook import BLANK_WORDS, Instrument, instrument_of, load_codebook
from pipelines.errors import InputError, Question
from pipelines.readers.columns import own_meaning
from pipelines.readers.containers.tables import plain_name
from pipelines.study import Item, Questionnaire, SourceOptions

if TYPE_CHECKING:
    from pipelines.readers.capture.survey import Survey

INSTRUMENT = "_instrument"
LOWER_BOUND = "lower bound"
ANSWERS = {
    "as_printed": "the answers as they were ticked, in the order of the printed list",
    "scored": "already turned round, so that more always means more of the same",
}
OUT_OF_RANGE = "item_out_of_range"


@dataclass(frozen=True)
class Scores:
    """What was scored in one table.

    `columns` are the new columns (the score and the instrument it came from), `items` maps factors to them as a
    study file would, with the reason; `used` are columns that went into a score, `answers` those of single items
    with their factor and questionnaire. `problems` has the rows with an answer beyond its range.
    """

    columns: Mapping[str, pd.Series] = field(default_factory=dict)
    items: Mapping[str, tuple[Item, str]] = field(default_factory=dict)
    answers: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    used: frozenset[str] = frozenset()
    problems: pd.DataFrame | None = None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Score:
    """One questionnaire's totals as text, row by row, and where they came from."""

    instrument: Instrument
    values: pd.Series
    names: pd.Series
    columns: tuple[str, ...]
    reason: str
    notes: tuple[str, ...] = ()
    wrong: pd.Series | None = None

    @property
    def is_from_items(self) -> bool:
        return len(self.columns) > 1


def score(survey: "Survey", options: SourceOptions) -> Scores:
    """Score every questionnaire that the study file or the columns' names tell.

    A column with the factor's own name fills the rows that have no score. Of two questionnaires for one factor the
    longer one counts. Raises InputError for a study file that names columns or a questionnaire that is not there,
    Question where answers may come turned or not and nothing says which.
    """
    found, notes = _found(survey, options)
    kept: dict[str, _Score] = {}
    for each in sorted(found, key=lambda one: (one.is_from_items, one.instrument.items), reverse=True):
        factor = each.instrument.factor
        first = kept.setdefault(factor, each)
        if first is not each:
            how = "the answers of" if first.is_from_items else "the total of"
            notes.append(f"{each.columns[0]} was not used: {factor} comes from {how} {first.instrument.id}")
    return _together(survey, list(kept.values()), notes)


def _found(survey: "Survey", options: SourceOptions) -> tuple[list[_Score], list[str]]:
    found: list[_Score] = []
    notes: list[str] = []
    instruments = load_codebook().instruments
    unknown = sorted(set(options.questionnaires) - set(instruments))
    if unknown:
        raise InputError(
            f"{survey.file}: there is no questionnaire '{unknown[0]}'; known are {', '.join(instruments)}."
        )
    for instrument in instruments.values():
        stated = options.questionnaires.get(instrument.id)
        if stated is None and instrument.factor in options.items:
            continue
        columns = _item_columns(survey, instrument, stated)
        if columns:
            scored = _from_items(survey, options, instrument, columns, stated)
            found += [scored] if isinstance(scored, _Score) else []
            notes += [scored] if isinstance(scored, str) else []
    for name in survey.header:
        named = next((one for each in survey.names_of(name) if (one := instrument_of(each))), None)
        if named is None or named.factor in options.items or name in survey.barred:
            continue
        if survey.header.count(name) == 1 and not _is_item(survey, name):
            found.append(_delivered(survey, options, named, name))
    return found, notes


def _is_item(survey: "Survey", name: str) -> bool:
    """Whether a name that could be a total (gad7) is the last of a row of items (gad1, gad2, ...)."""
    match = re.fullmatch(r"(.*?)(_?)0*\d+", plain_name(name))
    return match is not None and f"{match[1]}{match[2]}1" in map(plain_name, survey.header)


def _item_columns(survey: "Survey", instrument: Instrument, stated: Questionnaire | None) -> list[str]:
    """The columns of the items in their order; none where the table does not have them all."""
    if stated is not None and stated.columns:
        found = [name for each in stated.columns if (name := survey.known_by(each)) is not None]
        if len(found) != instrument.items:
            raise InputError(
                f"{survey.file}: {instrument.id} needs its {instrument.items} item columns, in their order; "
                f"{len(found)} of those named are there."
            )
        return found
    numbered = _numbered(survey, instrument.item_columns)
    wanted = range(1, instrument.items + 1)
    if set(wanted) <= set(numbered) and instrument.items + 1 not in numbered:
        return [numbered[number] for number in wanted]
    return []


def _numbered(survey: "Survey", prefixes: Sequence[str]) -> dict[int, str]:
    """Columns by the number at the end of their name; the first beginning that fits a number has it."""
    found: dict[int, str] = {}
    for prefix in prefixes:
        pattern = re.compile(rf"{re.escape(prefix)}_?(?:q|i|item)?_?0*(\d+)")
        for name in survey.header:
            for each in survey.names_of(name) if name not in survey.barred else ():
                match = pattern.fullmatch(plain_name(each))
                if match:
                    found.setdefault(int(match[1]), name)
    return found


def _from_items(
    survey: "Survey",
    options: SourceOptions,
    instrument: Instrument,
    columns: Sequence[str],
    stated: Questionnaire | None,
) -> _Score | str:
    """The totals of one questionnaire; a sentence instead where only the study file could say how to score it."""
    how = stated.answers if stated else None
    if instrument.come_either_way:
        # An answer to this question must not turn questionnaires that it was not asked about.
        how = how or options.answers
    if how is None and instrument.come_either_way:
        text = (
            f"{survey.file}: the answers of {instrument.id} may have been exported as ticked or already turned; "
            'say answers = "as_printed" or "scored" in the study file.'
        )
        if load_codebook().factors[instrument.factor].restricted:
            return text.removeprefix(f"{survey.file}: ").rstrip(".") + "; it was not scored"
        raise Question(text, "answers", ANSWERS)
    texts = pd.DataFrame({name: _cells(survey, name, options.missing_codes) for name in columns})
    if stated and stated.recode:
        texts = texts.replace(dict(stated.recode))
    numbers = texts.apply(lambda column: pd.to_numeric(column.str.replace(",", "."), errors="coerce"))
    numbers = numbers.astype("float64")  # a table without rows has no type of its own
    if texts.notna().any(axis=None) and numbers.isna().all(axis=None):
        return (
            f"the answers of {instrument.id} are words, so it was not scored; recode them to numbers under "
            "[source.questionnaires] in the study file, or export codes"
        )
    inside = numbers.ge(instrument.item_minimum) & numbers.le(instrument.item_maximum) & (numbers % 1 == 0)
    wrong = (texts.notna() & ~inside).any(axis=1)
    totals, short, bounds = _totals(numbers, texts.notna().any(axis=1) & ~wrong, instrument, how == "scored")
    return _Score(
        instrument,
        totals,
        pd.Series(instrument.id, index=totals.index, dtype="str").mask(
            bounds, f"{instrument.id} {LOWER_BOUND}"
        ),
        tuple(columns),
        f"{instrument.name}, scored from its {instrument.items} answers",
        tuple(_score_notes(instrument, numbers.where(inside), short, bounds)),
        wrong,
    )


def _cells(survey: "Survey", name: str, missing_codes: Sequence[str]) -> pd.Series:
    """The column's cells, NULL where they say that nothing is known."""
    cells = survey.column(name)
    return cells.mask(cells.isin(list(missing_codes)) | cells.str.strip().str.lower().isin(BLANK_WORDS))


def _totals(
    numbers: pd.DataFrame, ours: pd.Series, instrument: Instrument, scored: bool
) -> tuple[pd.Series, pd.Series, pd.Series]:
    """Totals as text; where answers were too few; where a total is a lower bound."""
    totals = pd.Series(None, index=numbers.index, dtype="str")
    for row in numbers.index[ours]:
        answers = [None if pd.isna(value) else float(value) for value in numbers.loc[row]]
        total = instrument.total(answers, scored)
        totals[row] = None if total is None else f"{total:.10g}"
    known = totals.notna()
    missing = numbers.isna().any(axis=1)
    return totals, ours & ~known, known & missing & (instrument.missing_gives == "lower_bound")


def _score_notes(
    instrument: Instrument, numbers: pd.DataFrame, short: pd.Series, bounds: pd.Series
) -> list[str]:
    notes = []
    name = instrument.id
    if short.any():
        notes.append(f"{_rows(short)} with too few answers for a total of {name}: {instrument.missing_rule}")
    if bounds.any():
        notes.append(f"{_rows(bounds)} of {name} with an answer missing: the sum is kept as a lower bound")
    lowest = numbers.min(axis=None, skipna=True)
    if pd.notna(lowest) and lowest > instrument.item_minimum:
        notes.append(
            f"no answer of {name} is {instrument.item_minimum}, the lowest there is; if this export counts from "
            f"another number, recode the answers in the study file"
        )
    return notes


def _rows(marked: pd.Series) -> str:
    count = int(marked.sum())
    return f"{count} {'row' if count == 1 else 'rows'}"


def _delivered(survey: "Survey", options: SourceOptions, instrument: Instrument, name: str) -> _Score:
    values = _cells(survey, name, options.missing_codes)
    names = pd.Series(instrument.id, index=values.index, dtype="str").where(values.notna())
    reason = f"{instrument.name}, total as delivered"
    note = f"{name}: total of {instrument.id} as delivered; it must lie in {instrument.total_minimum:g} to "
    return _Score(instrument, values, names, (name,), reason, (f"{note}{instrument.total_maximum:g}",))


def _together(survey: "Survey", kept: list[_Score], notes: list[str]) -> Scores:
    columns: dict[str, pd.Series] = {}
    items: dict[str, tuple[Item, str]] = {}
    answers: dict[str, tuple[str, str]] = {}
    used: set[str] = set()
    problems = pd.DataFrame({"problem": None, "problem_field": None}, index=survey.cells.index, dtype="str")
    for each in kept:
        factor = each.instrument.factor
        own = [name for name in survey.header if own_meaning(name)[0] == factor and name not in survey.barred]
        values = each.values
        for name in own:
            values = values.fillna(survey.column(name))
        columns[f"{each.instrument.id} total"] = values
        columns[factor + INSTRUMENT] = each.names.where(each.values.notna())
        items[factor] = (Item(f"{each.instrument.id} total"), each.reason)
        items[factor + INSTRUMENT] = (Item(factor + INSTRUMENT), "the questionnaire that the score came from")
        answers |= dict.fromkeys(each.columns, (factor, each.instrument.name)) | dict.fromkeys(
            own, (factor, "the same factor, where there is no score")
        )
        used |= {*each.columns, *own}
        notes += each.notes
        if each.wrong is not None and each.wrong.any():
            first = each.wrong & problems["problem"].isna()
            problems = problems.assign(
                problem=problems["problem"].mask(first, OUT_OF_RANGE),
                problem_field=problems["problem_field"].mask(first, each.instrument.id),
            )
    found = problems["problem"].notna().any()
    return Scores(columns, items, answers, frozenset(used), problems if found else None, tuple(notes))
