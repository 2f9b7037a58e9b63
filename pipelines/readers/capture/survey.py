"""One table of a questionnaire system, and how it becomes an extract."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import ibis
import ibis.expr.types as ir
import pandas as pd

from pipelines.codebook import suggest
from pipelines.readers.base import ColumnMeaning, Extract
from pipelines.readers.capture.choices import CHOICE, asked_names, with_ticks
from pipelines.readers.capture.labels import recoded, without_units
from pipelines.readers.capture.namesakes import without_namesakes
from pipelines.readers.capture.participants import with_participant
from pipelines.readers.capture.scoring import Scores, score
from pipelines.readers.columns import Mapped, Plan, find_column, own_meaning, plan_columns
from pipelines.readers.containers.tables import cell_name
from pipelines.readers.identifiers import is_identifier
from pipelines.readers.mapping import canonical, kind_by_row, with_kind
from pipelines.study import Item, SourceOptions

RowKind = Callable[[ir.Table, Plan, Sequence[str]], ir.StringValue]


@dataclass(frozen=True)
class Survey:
    """A table of answers before its columns mean anything.

    `header` has the names that a study file would use; `cells` are those of a `TextTable`, one row for each data
    row. `aliases` are other names of a column (the question's text, the name without its group); `labels` what
    a column's codes stand for. `ids` are the system's own columns for a study's codes of people, `response` its code of a single response. `day` is the column that dates a row where no other does, `form` the column that names the form a row came from, `occasion` are those that name the visit or repeat it is of; `other` says row by row why it is none of
    our business (NULL: it is ours). `separator` stands between several answers in one cell. `partial` says that a file need not have any of the study
    file's columns, because every form is a file of its own. `system` are columns of the
    program itself, `barred` are never used because they identify people.
    """

    reader: str
    file: str
    header: tuple[str, ...]
    cells: pd.DataFrame
    aliases: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    labels: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    ids: tuple[str, ...] = ()
    response: str = ""
    day: str = ""
    day_reason: str = ""
    form: str = ""
    occasion: tuple[str, ...] = ()
    other: pd.Series | None = None
    separator: str = ""
    partial: bool = False
    system: frozenset[str] = frozenset()
    barred: frozenset[str] = frozenset()
    warnings: tuple[str, ...] = ()
    facts: Mapping[str, Any] = field(default_factory=dict)

    def column(self, name: str) -> pd.Series:
        """The cells under a name of the header."""
        return self.cells[cell_name(self.header.index(name))]

    def names_of(self, name: str) -> tuple[str, ...]:
        """A column's name in the header, and what else it is called."""
        return (name, *self.aliases.get(name, ()))

    def known_by(self, wanted: str) -> str | None:
        """The column with this name, else with this other name; None for none."""
        place = find_column(self.header, wanted)
        if place is not None:
            return self.header[place]
        return next(
            (name for name in self.header if find_column(self.names_of(name), wanted) is not None), None
        )

    def with_column(self, name: str, values: pd.Series) -> "Survey":
        """The same table with one more column behind the others."""
        cells = self.cells.assign(**{cell_name(len(self.header)): values.astype("str")})
        return replace(self, header=(*self.header, name), cells=cells)


def text_column(values: Sequence[str | None], index: pd.Index | None = None) -> pd.Series:
    """Texts as a column of cells; None and empty text are NULL."""
    column = pd.Series(list(values), index=index, dtype="str")
    return column.mask(column == "")


def extract(survey: Survey, options: SourceOptions, kind: RowKind | None = None) -> Extract:
    """The survey's rows in canonical columns, a lazy Ibis table.

    Columns are used when the study file maps them, when they or their questions have our own names, or when they
    hold a questionnaire of the codebook (items or total). A row is a session when its start or another session
    field is filled, a day when its date is, baseline when any factor or the birth date is, else other; `kind`
    replaces this rule. Raises Question for the participant's column where nothing tells it, InputError for mapped
    columns that are not there.
    """
    written = set(survey.header)
    options = _items_there(survey, options) if survey.partial else options
    survey = with_ticks(_known_as(_without_others(_as_text(survey)), options), options)
    told = {"participant": "its name says whose the answers are"} if options.participant == "auto" else {}
    options = with_participant(survey, options)
    scores = score(survey, options)
    survey = _with_scores(survey, scores)
    added = {**_day_and_form(survey, options), **scores.items}
    taken_over = {**options.items, **{name: item for name, (item, _) in added.items()}}
    options = replace(options, items=taken_over)
    plan = _plan(survey, options, told | {name: reason for name, (_, reason) in added.items()}, scores.used)
    plan, survey = recoded(plan, survey.labels), without_units(survey, plan)
    plan, namesakes = without_namesakes(plan, survey, options.missing_codes)
    plan, survey = _with_occasion(plan, survey)
    rows = canonical(ibis.memtable(survey.cells), plan, options.missing_codes)
    row_kind = (kind or _plain_kind)(rows, plan, survey.header)
    hidden = survey.system | scores.used
    return Extract(
        reader=survey.reader,
        rows=with_kind(rows, row_kind),
        columns=_meanings(plan, survey, scores, hidden, namesakes),
        dropped_identifiers=_dropped(survey, plan, written, hidden),
        unused_columns=tuple(name for name in plan.unused if name in written and name not in hidden),
        warnings=(
            *survey.warnings,
            *scores.notes,
            *plan.warnings,
            *(f"not used: {name}: {why}" for name, why in namesakes.items()),
            *_refused(survey, options),
            *_left_out(survey),
        ),
        facts=survey.facts,
    )


def _items_there(survey: Survey, options: SourceOptions) -> SourceOptions:
    """The options without items of which this file has no column."""
    items = {
        name: item
        for name, item in options.items.items()
        if any(survey.known_by(each.split(CHOICE)[0]) is not None for each in item.columns)
    }
    return replace(options, items=items)


def _as_text(survey: Survey) -> Survey:
    """The same table with text in every column: one without any answer may have lost its type on the way."""
    names = [cell_name(place) for place in range(len(survey.header))]
    return replace(
        survey, cells=survey.cells.assign(**{name: survey.cells[name].astype("str") for name in names})
    )


def _without_others(survey: Survey) -> Survey:
    """The same table with nothing left in the rows that are none of our business."""
    if survey.other is None:
        return survey
    theirs = survey.other.notna()
    names = [cell_name(place) for place in range(len(survey.header))]
    cells = survey.cells.assign(**{name: survey.cells[name].mask(theirs) for name in (*names, "problem")})
    return replace(survey, cells=cells.assign(repeated_header=cells["repeated_header"] | theirs))


def _known_as(survey: Survey, options: SourceOptions) -> Survey:
    """Each column under the name by which the study file, or our codebook, knows it."""
    asked = asked_names(options)
    header = list(survey.header)
    for place, name in enumerate(survey.header):
        others = survey.aliases.get(name, ())
        if any(find_column([name], each) is not None for each in asked):
            continue
        wanted = [other for other in others if any(find_column([other], each) is not None for each in asked)]
        if not own_meaning(name)[0]:
            wanted += [other for other in others if own_meaning(other)[0]]
        if wanted and wanted[0] not in header:
            header[place] = wanted[0]
    renamed = dict(zip(survey.header, header, strict=True))
    labels = {renamed.get(name, name): codes for name, codes in survey.labels.items()}
    aliases = {renamed.get(name, name): (name, *others) for name, others in survey.aliases.items()}
    return replace(survey, header=tuple(header), labels=labels, aliases=aliases)


def _with_scores(survey: Survey, scores: Scores) -> Survey:
    for name, values in scores.columns.items():
        survey = survey.with_column(name, values)
    if scores.problems is None:
        return survey
    cells, first = survey.cells, scores.problems
    if "problem" in cells:
        known = cells["problem"].notna()
        first = first.assign(
            problem=cells["problem"].where(known, first["problem"]),
            problem_field=first["problem_field"].mask(known, "row"),
        )
    return replace(survey, cells=cells.assign(problem=first["problem"], problem_field=first["problem_field"]))


def _day_and_form(survey: Survey, options: SourceOptions) -> dict[str, tuple[Item, str]]:
    """The columns for the rows' date and form, where neither the study file nor a column of ours has them."""
    own = {own_meaning(name)[0] for name in survey.header} | set(options.items)
    found = {}
    if survey.day and "date" not in own:
        found["date"] = (Item(survey.day), survey.day_reason)
    if survey.form and "instrument" not in own:
        found["instrument"] = (Item(survey.form), "the form that a row came from")
    return found


def _plan(survey: Survey, options: SourceOptions, reasons: Mapping[str, str], used: frozenset[str]) -> Plan:
    """The columns' meanings, with what is barred or already scored out of sight."""
    out_of_sight = survey.barred | used
    kept = {name: _without(item, survey.barred) for name, item in options.items.items()}
    allowed = {name: item for name, item in kept.items() if item is not None}
    visible = ["" if name in out_of_sight else name for name in survey.header]
    plan = plan_columns(visible, replace(options, items=allowed), survey.file)
    mapped = tuple(
        replace(each, reason=reasons[each.meaning]) if each.meaning in reasons else each
        for each in plan.mapped
    )
    return replace(plan, mapped=mapped)


def _without(item: Item, barred: frozenset[str]) -> Item | None:
    """The item with those of its columns that may be used; None when none may."""
    columns = [column for column in item.columns if column not in barred]
    return replace(item, column=columns[0], others=tuple(columns[1:])) if columns else None


def _with_occasion(plan: Plan, survey: Survey) -> tuple[Plan, Survey]:
    """The plan with a column that names the visit or repeat of every row, where the program has columns for it."""
    if not survey.occasion:
        return plan, survey
    parts = [survey.column(name).fillna("") for name in survey.occasion]
    named = parts[0].str.cat(parts[1:], sep="|") if len(parts) > 1 else parts[0]
    named = named.mask(named.str.strip("|") == "")
    why = "tells answers without a date apart"
    mapped = Mapped("occasion", len(survey.header), survey.occasion[0], why)
    return replace(plan, mapped=(*plan.mapped, mapped)), survey.with_column("occasion", named)


def _plain_kind(rows: ir.Table, plan: Plan, header: Sequence[str]) -> ir.StringValue:
    return kind_by_row(rows)


def _meanings(
    plan: Plan, survey: Survey, scores: Scores, hidden: frozenset[str], namesakes: Mapping[str, str]
) -> tuple[ColumnMeaning, ...]:
    """The plan in words; a column that nobody mapped is told with what it may be, or why it only seems to be ours."""
    found = []
    for each in plan.meanings():
        if not each.meaning and (each.column in hidden or each.column in survey.barred):
            continue
        if each.column in namesakes and not each.meaning:
            found.append(replace(each, reason=namesakes[each.column]))
            continue
        likely = suggest(each.column)[:1] if not each.meaning and not is_identifier(each.column) else ()
        for factor, why in likely:
            each = replace(each, reason=f"{each.reason}; perhaps {factor} ({why}), if so map it")
        found.append(each)
    barred = [
        ColumnMeaning(name, "", "an identifier, dropped") for name in survey.header if name in survey.barred
    ]
    scored = [
        ColumnMeaning(column, factor, f"an answer of {instrument}")
        for column, (factor, instrument) in scores.answers.items()
    ]
    return (*found, *scored, *barred)


def _dropped(survey: Survey, plan: Plan, written: set[str], hidden: frozenset[str]) -> tuple[str, ...]:
    dropped = {*plan.identifiers, *survey.barred} & written - hidden
    return tuple(dict.fromkeys(name for name in survey.header if name in dropped))


def _refused(survey: Survey, options: SourceOptions) -> list[str]:
    columns = [column for item in options.items.values() for column in item.columns]
    asked = [column for column in columns if column in survey.barred]
    return [f"column '{name}' is marked as an identifier and was not used" for name in asked]


def _left_out(survey: Survey) -> list[str]:
    """How many rows are none of our business, by reason."""
    if survey.other is None:
        return []
    counts = survey.other.dropna().value_counts(sort=False)
    return [
        f"{count} {'row' if count == 1 else 'rows'} counted as other: {why}" for why, count in counts.items()
    ]
