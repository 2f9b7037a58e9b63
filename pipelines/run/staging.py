"""From files to checked cells: extracts of one reader and one set of options travel as one table."""

import dataclasses
from collections.abc import Iterable, Sequence

import ibis
import ibis.expr.operations as ops
import ibis.expr.types as ir
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from pipelines.checks.cells import Decisions, read_cells
from pipelines.checks.columns import (
    PROBLEM,
    TEXTS,
    as_found,
    factors_in,
    plain_evidence,
    read_plain,
    rests_in,
)
from pipelines.checks.written_times import unread_times
from pipelines.codebook import Codebook
from pipelines.privacy.deidentify import plain_label
from pipelines.run.deciding import (
    ask_for_halves,
    on_study_clock,
    read_times_of,
    study_zone,
    units_of,
    with_passes,
)
from pipelines.run.extracts import Batch, Source
from pipelines.settings import Settings
from pipelines.store.write import Workspace
from pipelines.study import Study

# Rows of small files that are gathered before they become one table.
BATCH_ROWS = 300_000


def _is_small(rows: pd.DataFrame | ir.Table) -> bool:
    """Whether an extract's rows are already in memory."""
    return isinstance(rows, pd.DataFrame) or bool(rows.op().find(ops.InMemoryTable))


def _text(values: pd.Series) -> pa.Array:
    present = values.notna()
    return pa.array(
        [str(value) if there else None for value, there in zip(values, present, strict=True)], pa.string()
    )


def _frame(source: Source, backend) -> pa.Table:
    """A small extract as a table of text, with the file's rank, and whose the rows are where they do not say."""
    rows = source.extract.rows
    if isinstance(rows, pd.DataFrame):
        columns = {str(name): _text(rows[name]) for name in rows.columns if name != "source_row"}
        numbers = pa.array(rows["source_row"].astype("int64"), pa.int64())
    else:
        table = backend.to_pyarrow(rows)
        columns = {name: table[name].cast(pa.string()) for name in table.column_names if name != "source_row"}
        numbers = table["source_row"].cast(pa.int64())
    count = len(numbers)
    if "participant" in columns:
        stripped = pc.utf8_trim_whitespace(columns["participant"])
        columns["participant"] = pc.if_else(pc.equal(stripped, ""), None, stripped)
    if "participant" not in columns or columns["participant"].null_count == count:
        columns["participant"] = pa.array([source.file.place] * count, pa.string())
    columns["source_rank"] = pa.array([source.rank] * count, pa.int64())
    return pa.table({"source_row": numbers, **columns})


def _groups(sources: Iterable[Source]) -> list[list[Source]]:
    """Sources that may share a table: the same reader and options; a large one stays alone."""
    groups: dict[object, list[Source]] = {}
    for source in sources:
        options = source.file.options
        options = dataclasses.replace(options, participant=options.participant_rule)
        key: object = (source.file.reader.name, repr(options))
        if not _is_small(source.extract.rows):
            key = source.rank
        groups.setdefault(key, []).append(source)
    return list(groups.values())


def stage(
    sources: Sequence[Source],
    workspace: Workspace,
    study: Study,
    codebook: Codebook,
    settings: Settings,
    before: int,
) -> list[Batch]:
    """Read the cells of some sources; `before` batches have been staged already.

    Where the order of day and month or a unit is not certain the source has a question, and its values mean nothing.
    """
    batches: list[Batch] = []
    for group in _groups(sources):
        number = before + len(batches) + 1
        if _is_small(group[0].extract.rows):
            frames = [_frame(source, workspace.backend) for source in group]
            raw = workspace.keep(f"raw_{number}", pa.concat_tables(frames, promote_options="default"))
            staged = workspace.keep(f"staged_{number}", read_plain(raw, codebook))
            workspace.forget(f"raw_{number}")
        else:
            staged = _stage_large(group[0], number, workspace, codebook)
        batches.append(_decide(number, group, staged, workspace, study, codebook, settings))
    return batches


def _steady(rows: ir.Table, name: str) -> ops.Value | None:
    """The expression behind a column of a lazy table, traced through its projections."""
    node, value = rows.op(), None
    while isinstance(node, ops.Project):
        value = node.values[name]
        while isinstance(value, ops.Alias):
            value = value.arg
        if not isinstance(value, ops.Field):
            return value
        node, name = value.rel, value.name
    return value


def _constants(rows: ir.Table) -> dict[str, ir.Value]:
    """Columns of a lazy table that say the same in every row, as expressions without a table."""
    found = {}
    for name in rows.columns:
        value = _steady(rows, name)
        if value is not None and not value.find((ops.Field, ops.RowNumber)):
            found[name] = value.to_expr()
    return found


def _counts_rows(rows: ir.Table) -> bool:
    """Whether `source_row` is nothing but the number of the row in the file."""
    value = _steady(rows, "source_row") if "source_row" in rows.columns else None
    return value is not None and bool(value.find(ops.RowNumber)) and not value.find(ops.Field)


def _stage_large(source: Source, number: int, workspace: Workspace, codebook: Codebook) -> ir.Table:
    """Read a lazy table in one pass, and once more with the text of its odd cells when it has any.

    What is the same in all rows is not kept row by row, and rows are numbered by their place in the kept table,
    because numbering them while they are read holds up the reading.
    """
    rows = source.extract.rows
    assert isinstance(rows, ir.Table), "a large extract is lazy"
    constants = {
        name: value.cast("string") for name, value in _constants(rows).items() if name in TEXTS + PROBLEM
    }
    if "participant" not in rows.columns:
        constants["participant"] = ibis.literal(source.file.place)
    counted = _counts_rows(rows)
    rows = rows.drop(
        *(name for name in constants if name in rows.columns), *(["source_row"] if counted else [])
    )
    name = f"staged_{number}"
    kept = workspace.keep(name, read_plain(rows, codebook, keep_rests=False), in_file_order=counted)
    (found,) = workspace.rows(kept.aggregate(unread=kept.unread.sum()))
    if found["unread"]:
        kept = workspace.keep(name, read_plain(rows, codebook), in_file_order=counted)
    if counted:
        kept = kept.mutate(source_row=kept.rowid() + 1)
    if "participant" in kept.columns:
        ids = [row["participant"] for row in workspace.rows(kept.select("participant").distinct())]
        # Cutting spaces off a million ids is dear, and they are few enough to be looked at.
        if any(text is not None and text != (text.strip() or None) for text in ids):
            kept = kept.mutate(participant=kept.participant.strip().nullif(""))
    return kept.mutate(source_rank=ibis.literal(source.rank, "int64"), **constants)


def _decide(
    number: int,
    group: list[Source],
    staged: ir.Table,
    workspace: Workspace,
    study: Study,
    codebook: Codebook,
    settings: Settings,
) -> Batch:
    evidence = workspace.rows(plain_evidence(staged))
    staged = as_found(staged, evidence)
    unread = set(rests_in(staged))
    timed = bool(unread_times(staged))
    halves: frozenset[int] = frozenset()
    if timed:
        staged, halves = read_times_of(number, group, staged, workspace)
        evidence = workspace.rows(plain_evidence(staged))
    ask_for_halves([each for each in group if each.rank not in halves], staged, workspace, settings)
    zone = study_zone(study, evidence, settings)
    if timed and zone:
        staged = on_study_clock(number, staged, zone, workspace)
    if zone:
        staged = with_passes(number, staged, zone, workspace)
    in_ounces, in_ml = units_of(group, staged, workspace, settings)
    decisions = Decisions(
        in_ounces=in_ounces,
        in_ml=in_ml,
        zero_unmeasured=frozenset(each.rank for each in group if each.file.options.zero == "not_measured"),
        zone=zone,
        sources=len(group),
    )
    cells = read_cells(staged, decisions, codebook, settings)
    for name in ("cohort", "instrument"):
        if name in cells.columns:
            cells = cells.mutate(**{name: plain_label(cells[name])})
    if "source_session_id" in cells.columns:
        # One source's ids mean nothing in another kind of source.
        own = ibis.literal(group[0].file.reader.name + "|") + cells.source_session_id
        cells = cells.mutate(source_session_id=own)
    if unread:
        cells = workspace.keep(f"cells_{number}", cells)
        workspace.forget(f"staged_{number}")
    else:
        cells = workspace.call(f"cells_{number}", cells)
        if timed:
            workspace.forget(f"timed_{number}")
    return Batch(
        number,
        tuple(group),
        cells,
        factors_in(cells, codebook),
        zone is not None,
        "birth_date" in staged.columns,
        "date" in staged.columns,
    )
