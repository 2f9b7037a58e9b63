"""From files to checked cells: extracts of one reader and one set of options travel as one table."""

import dataclasses
import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import ibis
import ibis.expr.operations as ops
import ibis.expr.types as ir
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from pipelines.checks.cells import Decisions, in_sources, on_local_clock, read_cells, zoned_in_utc
from pipelines.checks.columns import (
    PROBLEM,
    TEXTS,
    as_found,
    factors_in,
    plain_evidence,
    read_plain,
    rests_in,
)
from pipelines.checks.halves import ask_for_half, half_evidence
from pipelines.checks.passes import repeated_starts, told_by_order
from pipelines.checks.units import decide_unit, looks_like_ounces, small_step_evidence, unit_evidence
from pipelines.checks.written_times import (
    UTC_SUFFIX,
    cut_times,
    decide_order,
    order_evidence,
    read_times,
    unread_times,
)
from pipelines.codebook import Codebook
from pipelines.errors import Question
from pipelines.privacy.deidentify import plain_label
from pipelines.readers.base import Extract
from pipelines.run.claims import SourceFile
from pipelines.settings import Settings
from pipelines.store.write import Workspace
from pipelines.study import Item, Study

# Rows of small files that are gathered before they become one table.
BATCH_ROWS = 300_000


@dataclass
class Source:
    """One file on its way: its rank in this ingest, what the reader said of it, what was found out about it.

    `questions` are what only the researcher can say of it; with any, nothing of this ingest may be kept.
    """

    rank: int
    file: SourceFile
    extract: Extract
    warnings: list[str]
    source_id: str = ""
    questions: list[Question] = field(default_factory=list)

    @property
    def owner_by_place(self) -> bool:
        """Whether the file's place says whose the rows are, because no row names a person."""
        rows = self.extract.rows
        if "participant" not in rows.columns:
            return True
        return isinstance(rows, pd.DataFrame) and not rows["participant"].notna().any()

    @property
    def dropped_identifiers(self) -> tuple[str, ...]:
        """Columns left behind because they identify people."""
        return self.extract.dropped_identifiers

    @property
    def unused_columns(self) -> tuple[str, ...]:
        """Columns that mean nothing to us."""
        return self.extract.unused_columns

    def let_go(self) -> None:
        """Free the rows, once they are staged."""
        self.extract = dataclasses.replace(self.extract, rows=pd.DataFrame())


@dataclass(frozen=True)
class Batch:
    """Files that travel together. `cells` is the table of `checks.cells.read_cells`."""

    number: int
    sources: tuple[Source, ...]
    cells: ir.Table
    factors: list[str]
    has_zone: bool
    has_births: bool
    has_dates: bool


def read_extract(file: SourceFile, study: Study, codebook: Codebook, backend) -> Extract:
    """Read one file; when the study's cohort is one of its columns, read it with that column.

    Restricted answers (distress scores) are left at the door unless the study has agreed a procedure for them.
    """
    extract = file.reader.read(file.path, file.options, backend)
    if study.cohort_column and "cohort" not in file.options.items:
        for column in extract.unused_columns:
            if column.strip().lower() == study.cohort_column:
                options = dataclasses.replace(
                    file.options, items={**file.options.items, "cohort": Item(column)}
                )
                extract = file.reader.read(file.path, options, backend)
                break
    return extract if study.distress_protocol else _without_restricted(extract, codebook)


def _without_restricted(extract: Extract, codebook: Codebook) -> Extract:
    restricted = [
        name
        for name in extract.rows.columns
        if name in codebook.factors and codebook.factors[name].restricted
    ]
    if not restricted:
        return extract
    rows = extract.rows
    if isinstance(rows, pd.DataFrame):
        left: pd.DataFrame | ir.Table = rows.drop(columns=restricted)
    else:
        left = _without_their_problems(rows.drop(*restricted), restricted, codebook)
    note = (
        f"{', '.join(restricted)} was not taken in: say [review] distress_protocol = true in the study file once a "
        "procedure for such scores is agreed"
    )
    return dataclasses.replace(extract, rows=left, warnings=(*extract.warnings, note))


def _without_their_problems(rows: ir.Table, restricted: Sequence[str], codebook: Codebook) -> ir.Table:
    """Rows that are not set aside for an answer that is not taken in anyway."""
    theirs = [each.id for each in codebook.instruments.values() if each.factor in restricted]
    if "problem_field" not in rows.columns:
        return rows
    ours = ~rows.problem_field.isin(theirs).fill_null(False)
    return rows.mutate(
        problem_field=ibis.ifelse(ours, rows.problem_field, ibis.null("string")),
        problem_code=ibis.ifelse(ours, rows.problem_code, ibis.null("string")),
    )


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


def row_count(extract: Extract) -> int:
    """Rows of an extract that lies in memory; 0 for a lazy one, which costs none."""
    return len(extract.rows) if isinstance(extract.rows, pd.DataFrame) else 0


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
        staged, halves = _read_times(number, group, staged, workspace)
        evidence = workspace.rows(plain_evidence(staged))
    _ask_for_halves([each for each in group if each.rank not in halves], staged, workspace, settings)
    zone = _zone(study, evidence, settings)
    if timed and zone:
        staged = _on_local_clock(number, staged, zone, workspace)
    if zone:
        staged = _with_passes(number, staged, zone, workspace)
    in_ounces, in_ml = _units(group, staged, workspace, settings)
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


def _zone(study: Study, evidence: list[dict], settings: Settings) -> tuple[str, int, int] | None:
    """The study's zone with the years its clock changes are needed for; other years are set aside anyway."""
    if study.timezone is None:
        return None
    first, last = settings["limits.earliest_year"], datetime.date.today().year + 1
    years = [row[name].year for row in evidence for name in ("first_start", "last_start") if row[name]]
    years = [min(max(year, first), last) for year in years] or [first, last]
    return study.timezone, min(years) - 1, max(years) + 1


def _on_local_clock(
    number: int, staged: ir.Table, zone: tuple[str, int, int], workspace: Workspace
) -> ir.Table:
    """Times that are written in UTC, on the study's clock."""
    names = zoned_in_utc(staged)
    (found,) = workspace.rows(
        staged.aggregate(any=ibis.or_(*(staged[name + UTC_SUFFIX].any() for name in names)))
    )
    return workspace.keep(f"timed_{number}", on_local_clock(staged, zone)) if found["any"] else staged


def _with_passes(number: int, staged: ir.Table, zone: tuple[str, int, int], workspace: Workspace) -> ir.Table:
    """Starts in an hour that exists twice with the pass that the order of a file's rows tells, where it does."""
    starts = repeated_starts(staged, zone)
    if starts is None or not workspace.rows(starts.aggregate(any=starts.twice.any()))[0]["any"]:
        return staged
    told = told_by_order(workspace.backend.to_pandas(starts))
    if told.empty:
        return staged
    passes = workspace.keep(f"passes_{number}", told)
    found = staged.left_join(passes, ["source_rank", "source_row"])
    return workspace.keep(f"passed_{number}", found.drop("source_rank_right", "source_row_right"))


def _ask_for_halves(group: list[Source], staged: ir.Table, workspace: Workspace, settings: Settings) -> None:
    """Ask for files whose starts, none marked AM or PM, may be those of a clock of twelve hours."""
    if "started_at" not in staged.columns or not group:
        return
    rows = workspace.rows(staged.group_by("source_rank").aggregate(**half_evidence(staged)))
    evidence = {row["source_rank"]: row for row in rows}
    for source in group:
        if source.rank not in evidence:
            continue
        try:
            ask_for_half(
                source.file.name,
                source.file.options.clock,
                evidence[source.rank],
                fewest_starts=settings["limits.clock_fewest_starts"],
                fewest_hours=settings["limits.clock_fewest_hours"],
            )
        except Question as question:
            source.questions.append(question)


def _read_times(
    number: int, group: list[Source], staged: ir.Table, workspace: Workspace
) -> tuple[ir.Table, frozenset[int]]:
    """Read the times in other forms than the plain one, day and month in the order that each file shows.

    Also the ranks of the files that say AM or PM.
    """

    def name_it(step: str, table: ir.Table) -> ir.Table:
        return workspace.call(f"{step}_{number}", table)

    cut = workspace.keep(f"cut_{number}", cut_times(staged, name_it))
    rows = workspace.rows(cut.group_by("source_rank").aggregate(**order_evidence(cut)))
    evidence = {row["source_rank"]: row for row in rows}
    day_first = set()
    for source in group:
        row = evidence.get(source.rank)
        if row is None:
            continue
        try:
            order = decide_order(
                source.file.name,
                source.file.options.date_order,
                row["order_first"],
                row["order_second"],
                row["order_open"],
                by_format=source.extract.date_order,
            )
        except Question as question:
            source.questions.append(question)
            continue
        if order == "DMY":
            day_first.add(source.rank)
    chosen = in_sources(cut, frozenset(day_first), len(group))
    timed = workspace.keep(f"timed_{number}", read_times(cut, chosen, name_it))
    workspace.forget(f"cut_{number}")
    return timed, frozenset(rank for rank, row in evidence.items() if row["halves"])


def _units(
    group: list[Source], staged: ir.Table, workspace: Workspace, settings: Settings
) -> tuple[frozenset[int], frozenset[int]]:
    """Files whose bare numbers are ounces, and those where they are mL, as the study file says."""
    rows = workspace.rows(staged.group_by("source_rank").aggregate(**unit_evidence(staged)))
    evidence = {row["source_rank"]: row for row in rows}
    chosen: dict[str | None, set[int]] = {"oz": set(), "ml": set(), None: set()}
    for source in group:
        if source.rank in evidence:
            stated = source.file.options.units
            try:
                unit = decide_unit(source.file.name, stated, evidence[source.rank]["unitless"])
            except Question as question:
                source.questions.append(question)
                continue
            chosen[unit].add(source.rank)
    doubtful = {source.rank: source for source in group if source.file.options.units == "auto"}
    doubtful = {rank: source for rank, source in doubtful.items() if evidence.get(rank, {}).get("fractions")}
    if doubtful:
        _warn_of_ounces(doubtful, staged, workspace, settings)
    return frozenset(chosen["oz"]), frozenset(chosen["ml"])


def _warn_of_ounces(
    doubtful: dict[int, Source], staged: ir.Table, workspace: Workspace, settings: Settings
) -> None:
    steps = small_step_evidence(staged, settings["limits.ounce_step"])
    rows = workspace.rows(staged.group_by("source_rank").aggregate(**steps))
    for row in rows:
        source = doubtful.get(row["source_rank"])
        if source and looks_like_ounces(
            row["numbers"],
            row["median"],
            row["steps"],
            below=settings["limits.ounce_suspect_median"],
            fewest=settings["limits.ounce_suspect_fewest"],
        ):
            source.warnings.append(
                "the volumes look like ounces although the column says mL; "
                'if so, say units = "oz" in the study file'
            )
