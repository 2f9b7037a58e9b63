"""Decided by the evidence of a whole file: its clock, the order of day and month, the unit of its bare numbers."""

import datetime

import ibis
import ibis.expr.types as ir

from pipelines.checks.cells import in_sources, on_local_clock, zoned_in_utc
from pipelines.checks.halves import ask_for_half, half_evidence
from pipelines.checks.passes import repeated_starts, told_by_order
from pipelines.checks.units import decide_unit, looks_like_ounces, small_step_evidence, unit_evidence
from pipelines.checks.written_times import UTC_SUFFIX, cut_times, decide_order, order_evidence, read_times
from pipelines.errors import Question
from pipelines.run.extracts import Source
from pipelines.settings import Settings
from pipelines.store.write import Workspace
from pipelines.study import Study


def study_zone(study: Study, evidence: list[dict], settings: Settings) -> tuple[str, int, int] | None:
    """The study's zone with the years its clock changes are needed for; other years are set aside anyway."""
    if study.timezone is None:
        return None
    first, last = settings["limits.earliest_year"], datetime.date.today().year + 1
    years = [row[name].year for row in evidence for name in ("first_start", "last_start") if row[name]]
    years = [min(max(year, first), last) for year in years] or [first, last]
    return study.timezone, min(years) - 1, max(years) + 1


def on_study_clock(
    number: int, staged: ir.Table, zone: tuple[str, int, int], workspace: Workspace
) -> ir.Table:
    """Times that are written in UTC, on the study's clock."""
    names = zoned_in_utc(staged)
    (found,) = workspace.rows(
        staged.aggregate(any=ibis.or_(*(staged[name + UTC_SUFFIX].any() for name in names)))
    )
    return workspace.keep(f"timed_{number}", on_local_clock(staged, zone)) if found["any"] else staged


def with_passes(number: int, staged: ir.Table, zone: tuple[str, int, int], workspace: Workspace) -> ir.Table:
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


def ask_for_halves(group: list[Source], staged: ir.Table, workspace: Workspace, settings: Settings) -> None:
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


def read_times_of(
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


def units_of(
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
