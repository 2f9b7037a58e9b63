"""What the columns of a table mean: suggestions with their reasons, chosen by a person, tried before they are kept."""

from collections.abc import Sequence
from functools import partial
from typing import Any

import streamlit as st

from dashboard import cached, state
from dashboard.components import rows
from dashboard.components.owner import owner_choice
from dashboard.components.page import raw, section
from dashboard.components.text import counted, escape
from dashboard.components.upload import take_in_after
from pipelines.codebook import load_codebook
from pipelines.readers.choices import (
    CLOCK,
    Choice,
    chosen_before,
    default_choice,
    meanings,
    source_of,
    suggested,
    values_to_recode,
)
from pipelines.readers.columns import KIND
from pipelines.readers.suggestions import VOLUMES, ColumnLook, TableLook
from pipelines.run import Desk
from pipelines.run.inspection import shown_rows
from pipelines.run.received import Preview
from pipelines.run.register import KnownFile, OpenFile
from pipelines.study import DURATIONS, EPOCHS, SourceOptions
from pipelines.study_file import with_source

NOT_USED = "not used"
AS_WRITTEN, UNKNOWN = "", "unknown"
UNITS = {"auto": "as the file says", "ml": "millilitres", "oz": "US fluid ounces"}
ORDERS = {"": "as the file shows", "DMY": "day before month", "MDY": "month before day"}
ZEROS = {"measured": "nothing came", "not_measured": "not measured"}
NO_VOLUME = (
    "No column is taken for the volume, so every session would be read without one. If one of the columns has it, take "
    "it up and say what it means."
)
HOLDING = ("started_at", "date", "participant", "birth_date")


def mappings() -> None:
    """Every kind of table that waits for a meaning, one at a time."""
    desk = state.desk()
    tables, _ = cached.open_tables(str(desk.folder), desk.stamp)
    if not tables:
        return
    names = [_called(table.files[0].name, len(table.files)) for table in tables]
    place = 0
    if len(tables) > 1:
        place = st.selectbox(
            "Tables that wait for a meaning",
            range(len(tables)),
            format_func=names.__getitem__,
            key="mapping-table",
        )
    table = tables[min(place, len(tables) - 1)]
    section(f"Say what the columns of {names[place]} mean")
    if table.files[0].reader:
        # A reader knows it, but cannot use it as it is.
        raw(rows.sentence(f"It could not be read: {table.files[0].reason}."))
    mapping_screen(desk, table.look, table.files, None)


def _called(name: str, count: int) -> str:
    more = f" and {count - 1} more with the same columns" if count > 1 else ""
    return f"“{name}”{more}"


def mapping_screen(
    desk: Desk, look: TableLook, files: Sequence[OpenFile | KnownFile], before: SourceOptions | None
) -> None:
    """One table: first rows, a line for each column, what holds for the whole file, what would come of it.

    `before` is what the study file says of this header already; `files` are the received ones that it is about.
    """
    raw(_first_rows(look))
    chosen = {
        each.column: each for each in (chosen_before(before) if before and before.items else suggested(look))
    }
    choices = _columns(look, chosen)
    options = _whole_file(look, choices, before or SourceOptions())
    source = source_of(look, choices, options)
    text = with_source("", source)
    if not any(each.meaning in HOLDING for each in choices) or not source.items:
        raw(
            rows.sentence(
                "Choose a column for the start, the date or the participant, and one that says something."
            )
        )
        return
    raw(_outcome(cached.preview(str(desk.folder), files[0].path, files[0].part, text)))
    if _lacks_volume({each.meaning for each in choices}):
        raw(f'<div class="ls-edge" role="status">{escape(NO_VOLUME)}</div>')
    _keep(desk, source, look, files, is_new=before is None)


def _lacks_volume(meant: set[str]) -> bool:
    """Sessions are read, and nothing says how much came."""
    return ("started_at" in meant or {"date", "time"} <= meant) and not meant & {
        *VOLUMES,
        "tried_nothing_came",
    }


def _keep(
    desk: Desk, source: SourceOptions, look: TableLook, files: Sequence[OpenFile | KnownFile], *, is_new: bool
) -> None:
    code = look.sample.code
    with st.container(horizontal=True):
        label = "Read it this way" if len(files) == 1 else f"Read all {len(files)} this way"
        wanted = st.button(label, key=f"mapping-keep-{code}", icon=":material/arrow_forward:")
        if wanted and not take_in_after(desk, partial(desk.describe, source)):
            return
        st.download_button(
            "Study file (study.toml)",
            with_source(desk.text(), source),
            file_name="study.toml",
            type="tertiary",
            icon=":material/download:",
            key=f"mapping-download-{code}",
            on_click="ignore",
        )
        words = "Leave this file out" if len(files) == 1 else "Leave these files out"
        if is_new and st.button(words, type="tertiary", key=f"mapping-leave-{code}"):
            desk.discard([each for each in files if isinstance(each, OpenFile)])
            st.rerun()
    raw(rows.quiet("Next time a table with these columns is recognised by its header."))


def _first_rows(look: TableLook) -> str:
    """The first rows as they are written; columns that identify people show nothing."""
    shown = shown_rows(look)
    hidden = {each.column for each in look.columns if each.identifies}
    names = [name for name in look.sample.header if name.strip()]
    head = "".join(f"<th>{escape(name)}</th>" for name in names)
    body = "".join(
        "<tr>"
        + "".join(
            f'<td class="ls-quiet">{"dropped" if name in hidden else escape(row.get(name, ""))}</td>'
            for name in names
        )
        + "</tr>"
        for row in shown
    )
    return f'<div class="ls-scroll" tabindex="0"><table class="ls-table"><tr>{head}</tr>{body}</table></div>'


def _columns(look: TableLook, chosen: dict[str, Choice]) -> list[Choice]:
    """A line for each column that may mean something; the others can be taken up by name."""
    code = look.sample.code
    likely = [each for each in look.columns if each.column in chosen or each.suggestions]
    others = [each for each in look.columns if each not in likely]
    found = [_column(each, chosen.get(each.column), code) for each in likely]
    if others:
        names = {each.column: each for each in others}
        more = st.multiselect(
            f"{counted(len(others), 'other column is', 'other columns are')} not used; take one up",
            list(names),
            key=f"mapping-more-{code}",
        )
        found += [_column(names[name], None, code) for name in more]
    return [each for each in found if each.meaning]


def _column(column: ColumnLook, chosen: Choice | None, code: str) -> Choice:
    key = f"mapping-{code}-{column.column}"
    words = {"": NOT_USED} | meanings()
    offered = [each.meaning for each in column.suggestions]
    options = list(dict.fromkeys(["", *offered, *words]))
    with st.container(gap="small"):
        left, right = st.columns([5, 7], vertical_alignment="top")
        with left:
            meaning = st.selectbox(
                column.column,
                options,
                index=options.index(chosen.meaning) if chosen and chosen.meaning in options else 0,
                format_func=words.__getitem__,
                key=key,
            )
        with right:
            raw(f'<div class="ls-beside">{rows.quiet(_why(column, meaning))}</div>', gap="0.5rem")
            if not meaning:
                return Choice(column.column, "")
            start = chosen if chosen and chosen.meaning == meaning else default_choice(column, meaning)
            return _details(column, start, key)


def _why(column: ColumnLook, meaning: str) -> str:
    for each in column.suggestions:
        if each.meaning == meaning:
            return f"Suggested: {each.reason}."
    if meaning:
        return f"Chosen by you; {column.looks}."
    return (
        f"{column.why_not[:1].upper()}{column.why_not[1:] or 'Not used'}." if column.why_not else "Not used."
    )


def _details(column: ColumnLook, choice: Choice, key: str) -> Choice:
    """How the values of a chosen column are to be read, where that is not plain."""
    if choice.meaning == KIND and column.values:
        session = st.multiselect(
            "These are pumping sessions",
            list(column.values),
            default=list(choice.session),
            key=f"{key}-session",
        )
        return Choice(choice.column, KIND if session else "", session=tuple(session))
    moments = {"": "a date with a time"} | EPOCHS
    forms = {
        "duration_min": {"": "minutes"} | DURATIONS,
        "started_at": moments,
        "ended_at": moments | {CLOCK: "a clock; the row's date is joined to it"},
    }
    if choice.meaning in forms and (
        choice.written or "number" not in column.looks or choice.meaning in ("duration_min", "ended_at")
    ):
        form = forms[choice.meaning]
        written = st.selectbox(
            "Written as",
            list(form),
            index=list(form).index(choice.written),
            format_func=form.__getitem__,
            key=f"{key}-form",
        )
        return Choice(choice.column, choice.meaning, written=written)
    asked = values_to_recode(column, choice.meaning)
    if not asked:
        return choice
    levels = {level.code: level.label for level in load_codebook().factors[choice.meaning].levels}
    answers = {AS_WRITTEN: "choose …", **levels, UNKNOWN: "unknown, leave blank"}
    recode = {}
    open_values = sum(1 for each in asked if not choice.recode.get(each.value))
    title = f"{counted(len(asked), 'value', 'values')} to translate" + (
        f", {open_values} still open" if open_values else ""
    )
    with st.expander(title, expanded=bool(open_values)):
        for each in asked:
            default = choice.recode.get(each.value, AS_WRITTEN)
            recode[each.value] = st.selectbox(
                f"{each.value} ({each.reason})",
                list(answers),
                index=list(answers).index(default) if default in answers else 0,
                format_func=answers.__getitem__,
                key=f"{key}-value-{each.value}",
            )
    return Choice(choice.column, choice.meaning, {old: new for old, new in recode.items() if new})


def _whole_file(look: TableLook, choices: Sequence[Choice], before: SourceOptions) -> SourceOptions:
    """What is said once for all rows: unit, order of dates, what 0 means, whose the rows are."""
    code = look.sample.code
    taken = {each.meaning for each in choices}
    said: dict[str, Any] = {}
    with st.container(horizontal=True, gap="medium"):
        if taken & set(VOLUMES):
            said["units"] = _one("Volumes are in", UNITS, before.units, f"mapping-units-{code}")
            said["zero"] = _one("A volume of 0 means", ZEROS, before.zero, f"mapping-zero-{code}")
        if taken & {"started_at", "date", "birth_date"}:
            order = _one("Dates are written", ORDERS, before.date_order or "", f"mapping-order-{code}")
            said["date_order"] = order or None
        if "participant" not in taken:
            said["participant"] = owner_choice(before.participant, f"mapping-owner-{code}")
    return SourceOptions(**said)


def _one(label: str, choices: dict[str, str], before: str, key: str) -> str:
    return st.selectbox(
        label,
        list(choices),
        index=list(choices).index(before),
        format_func=choices.__getitem__,
        key=key,
        width=240,
    )


def _outcome(preview: Preview) -> str:
    """What would become of the rows, before anything is kept."""
    if preview.question is not None:
        return f'<div class="ls-edge" role="status">{escape(_needed(preview.question.key))}</div>'
    if preview.ledger is None:
        return f'<div class="ls-edge" role="alert">{escape(preview.problem or "No row could be read.")}</div>'
    counts = preview.ledger.counts
    line = (
        f"Of {counted(counts.read, 'row', 'rows')}, {counts.accepted:,} would be in use, {counts.quarantined:,} set aside, "
        f"{counts.duplicate:,} duplicate, {counts.other:,} not a pumping session."
    )
    reasons = [
        f"Row {problem.row}, {problem.field.replace('_', ' ')}: {problem.message}"
        for problem in preview.ledger.set_aside
    ]
    said = [*(f"{words[:1].upper()}{words[1:]}." for words in preview.ledger.warnings), *reasons]
    return f'<div role="status">{rows.strong(line)}{rows.listing(rows.quiet(words) for words in said)}</div>'


def _needed(key: str) -> str:
    return {
        "units": "Nothing in the table tells the unit of the volumes: choose it above.",
        "date_order": "The dates may be day/month or month/day: choose the order above.",
    }.get(key, f"The table leaves open: {key}.")
