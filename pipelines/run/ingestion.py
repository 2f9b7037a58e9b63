"""Ingest: the one order of the stages, from files to a new store."""

import dataclasses
import gc
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pandas as pd

from pipelines import DATA
from pipelines.errors import Asked, InputError, Question, StoreError
from pipelines.plan import extended
from pipelines.privacy.deidentify import key_check
from pipelines.privacy.keys import load_key
from pipelines.privacy.links import Links, keep_links, prepare_links, read_links
from pipelines.readers import reader_named, scratch_space
from pipelines.results import RowCounts
from pipelines.run.build import build
from pipelines.run.claims import (
    NothingKnown,
    SourceFile,
    claim_files,
    require_every_folder,
    unread,
    without_dictionaries,
)
from pipelines.run.extracts import Batch, Source, read_extract, row_count
from pipelines.run.files import find_candidates
from pipelines.run.known_sources import Identity, identities, known_sources, unchanged_source
from pipelines.run.ledger import FileLedger, Ledger, NotRead
from pipelines.run.log_ends import write_log_ends
from pipelines.run.removal import (
    files_that_stay,
    forget_backups,
    forget_everything,
    forget_notes,
    to_remove,
)
from pipelines.run.staging import BATCH_ROWS, stage
from pipelines.run.state import Built, Plan, Progress, Work
from pipelines.settings import load_settings
from pipelines.store.layout import SCHEMA_VERSION
from pipelines.store.write import Workspace, work_folder
from pipelines.study import ONE_PERSON, SourceOptions, Study, default_study, load_study

DEFAULT_STORE = DATA / "store.duckdb"
STUDY = {
    "name": "VARCHAR",
    "synthetic": "BOOLEAN",
    "outcome": "VARCHAR",
    "low_output_ml": "DOUBLE",
    "minimum_cell": "INTEGER",
    "distress_protocol": "BOOLEAN",
    "data_version": "INTEGER",
    "key_check": "VARCHAR",
    "schema_version": "INTEGER",
    "plan": "VARCHAR",
    "plan_hash": "VARCHAR",
}


def _silent(_step: str, _done: int, _total: int) -> None:
    return None


@contextmanager
def _uncollected() -> Iterator[None]:
    """No search for cyclic garbage meanwhile: building expressions makes many small objects and hardly any garbage,
    and each search looks through all of them; without them an ingest of a million rows is a tenth faster."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def ingest(
    paths: Sequence[str | Path],
    study: Study | str | Path | None = None,
    store: str | Path | None = None,
    progress: Progress | None = None,
    remove: Sequence[str] = (),
) -> Ledger:
    """Read files into a store, whole or not at all, and tell what became of every row.

    `paths` are files and folders; with a study file they limit what of its sources is read. `progress` is called
    with a step, what is done and what there is to do. `remove` names sources of the store, by the beginnings of
    their ids, that are taken out of it completely: the store is then built anew from all its other files, which
    must be among `paths`, and notes about people of whom nothing is left are deleted. Raises InputError and StoreError, one line each, with the store left as it was.
    """
    chosen = load_study(Path(study)) if isinstance(study, str | Path) else study or default_study()
    target = Path(store or DEFAULT_STORE)
    places = [Path(path) for path in paths]
    found, left = find_candidates(places, chosen)
    for name in sorted({each.reader for each in chosen.sources} - {SourceOptions().reader}):
        reader_named(name)
    settings = load_settings()
    key = load_key(chosen.pseudonym_key, target)
    with _uncollected(), Workspace(target, settings["ingest.memory_limit_mb"]) as workspace:
        work = Work(chosen, workspace, key, progress or _silent)
        _check_key(work)
        with scratch_space(work_folder(target)):
            files, unknown = claim_files(
                found, chosen, lambda done, total: work.progress("looking", done, total)
            )
            if not chosen.uploads:
                require_every_folder(places, files)
            if not remove:
                ledger = _ingest(work, files, without_dictionaries([*left, *unknown], files))
                return dataclasses.replace(ledger, warnings=(*ledger.warnings, *filter(None, [key.warning])))
            removed = to_remove(workspace, remove)
            rest = files_that_stay(workspace, removed, identities(files, chosen, key.value))
            work.needed = frozenset(each.content_hash for each in known_sources(workspace))
            workspace.start_anew()
            ledger = _ingest(work, rest, [*left, *unknown]) if rest else Ledger(target, ())
    if rest:
        forget_backups(target)
        forget_notes(target)
    else:
        forget_everything(target)
    return dataclasses.replace(ledger, removed=tuple(each.source_id for each in removed))


def _links(work: Work) -> Links | None:
    """The link file of the present store; None without a store, and when it is lost."""
    info = work.workspace.info
    if info is None or work.workspace.is_anew:
        return None
    return read_links(work.workspace.path, work.key.value, info.data_version)


def _check_key(work: Work) -> None:
    info = work.workspace.info
    if info is not None and info.key_check != key_check(work.key.value):
        raise StoreError(
            f"{work.workspace.path}: made with another key; set the key it was made with, or use a new store."
        )


def _read(work: Work, files: Sequence[SourceFile]) -> tuple[Plan, list[Batch]]:
    """Read every file that the store does not hold in this very way, in batches of a bounded size."""
    known = known_sources(work.workspace)
    plan = Plan(kept=known)
    todo: list[Identity] = []
    for identity in identities(files, work.study, work.key.value):
        there = unchanged_source(identity, known)
        if there is None:
            todo.append(identity)
        else:
            plan.unchanged.append((identity, there))
    replaced = {each.content_hash for each in known} & {each.file.content_hash for each in todo}
    if replaced:
        # What another file lost to the replaced one as a repeat may be new now: read those again too.
        todo += [identity for identity, there in plan.unchanged if there.counts.duplicate]
        plan.unchanged = [pair for pair in plan.unchanged if not pair[1].counts.duplicate]
    batches: list[Batch] = []
    waiting: list[Source] = []
    rows = 0
    for at, identity in enumerate(todo):
        work.progress("reading", at, len(todo))
        source = _one(work, identity, len(plan.sources) + 1, plan)
        if source is None:
            continue
        waiting.append(source)
        rows += row_count(source.extract)
        if rows > BATCH_ROWS:
            batches += _stage(work, waiting, len(batches))
            waiting, rows = [], 0
    if waiting:
        batches += _stage(work, waiting, len(batches))
    _ask(plan)
    plan.kept = [each for each in known if each.source_id not in set(plan.gone)]
    return plan, batches


def _ask(plan: Plan) -> None:
    """Raise Question when any file leaves something open; its line is that of the first, all are in its `files`."""
    plan.open += [(source.file, question) for source in plan.sources for question in source.questions]
    if not plan.open:
        return
    asked = [
        Asked(
            file.name,
            file.content_hash,
            question.key,
            question.choices,
            str(question),
            str(file.candidate.path),
            file.part,
        )
        for file, question in plan.open
    ]
    _, first = plan.open[0]
    others = len({each.content for each in asked}) - 1
    more = (
        f" {others} other {'file leaves' if others == 1 else 'files leave'} something open too."
        if others
        else ""
    )
    raise Question(f"{first}{more}", first.key, first.choices, asked)


def _one(work: Work, identity: Identity, rank: int, plan: Plan) -> Source | None:
    """Read one file; None when the same content of the same person was already read in this ingest, or when the
    reader has a question."""
    try:
        extract = read_extract(identity.file, work.study, work.codebook, work.workspace.backend)
    except Question as question:
        plan.open.append((identity.file, question))
        return None
    except InputError as error:
        if not work.study.uploads or identity.file.content_hash in work.needed:
            raise
        # One file of an upload that cannot be read is told of and keeps no other file out.
        plan.unread.append(unread(identity.file, error))
        return None
    source = Source(rank, identity.file, extract, list(extract.warnings))
    if source.owner_by_place and not identity.file.place:
        source.questions.append(_whose(identity.file))
    owner = identity.place_code if source.owner_by_place else None
    source.source_id = identity.source_id(owner)
    twin = next((each for each in plan.sources if each.source_id == source.source_id), None)
    if twin is not None:
        plan.again.append((identity, twin))
        return None
    plan.gone += [each.source_id for each in plan.kept if identity.replaces(each, source.source_id)]
    plan.sources.append(source)
    plan.identities[rank] = identity
    return source


def _whose(file: SourceFile) -> Question:
    return Question(
        f"{file.name}: such a file is called the same for everybody and lies in no folder of its own; say "
        f'participant = "{ONE_PERSON}CODE" in the study file.',
        "participant",
        {},
    )


def _stage(work: Work, sources: list[Source], staged: int) -> list[Batch]:
    work.progress("deciding", 0, len(sources))
    batches = stage(sources, work.workspace, work.study, work.codebook, work.settings, staged)
    for source in sources:
        source.let_go()
    return batches


def _study_row(work: Work, version: int) -> pd.DataFrame:
    """The store's one row about itself: the study file's words, else what the store says, else the defaults."""
    study, info, settings = work.study, work.workspace.info, work.settings
    row = {
        "name": study.name,
        "synthetic": study.synthetic,
        "outcome": study.outcome,
        "low_output_ml": study.low_output_ml or float(settings["outcomes.low_output_ml"]),
        "minimum_cell": study.minimum_cell or int(settings["privacy.minimum_cell"]),
        "distress_protocol": study.distress_protocol,
        "plan": extended(info.plan if info else "", study.plan, version),
        "plan_hash": study.plan.hash if study.plan else "",
    }
    if info is not None and study.path is None:
        row = {name: getattr(info, name) for name in row}
    row |= {
        "data_version": version,
        "key_check": key_check(work.key.value),
        "schema_version": SCHEMA_VERSION,
    }
    return pd.DataFrame([row])


def _says_the_same(work: Work) -> bool:
    info = work.workspace.info
    if info is None:
        return False
    (row,) = _study_row(work, info.data_version).to_dict("records")
    return all(getattr(info, name) == value for name, value in row.items())


def _ingest(work: Work, files: Sequence[SourceFile], left: list[NotRead]) -> Ledger:
    """Read, build, swap. Nothing of the store changes before the swap."""
    plan, batches = _read(work, files)
    left = [*left, *plan.unread]
    if not plan.sources and not plan.unchanged and plan.unread:
        raise NothingKnown(left)
    info = work.workspace.info
    if not plan.sources and info is not None and _says_the_same(work):
        return _ledger(work, plan, Built(), left, info.data_version, changed=False)
    version = 1 if info is None else info.data_version + 1
    built = build(work, plan, batches, _links(work))
    write_log_ends(work, built.links)
    work.workspace.write_frame("study", _study_row(work, version), STUDY)
    work.workspace.write_views(work.codebook)
    work.workspace.verify(work.codebook)
    ledger = _ledger(work, plan, built, left, version, changed=True)
    links = Links(version, built.links)
    path, key = work.workspace.path, work.key

    def before() -> None:
        key.keep()
        prepare_links(path, key.value, links)

    work.workspace.swap(before, lambda: keep_links(path))
    return ledger


def _entries(work: Work, plan: Plan, built: Built) -> list[FileLedger]:
    """One entry per file: read ones first, in their order, then those that needed no reading."""
    replaced = _hashes(work, set(plan.gone))
    entries = [
        _entry(source, built, "replaced" if source.file.content_hash in replaced else "new")
        for source in plan.sources
    ]
    for identity, there in plan.unchanged:
        entries.append(_unread(identity, there.counts.repeated, there.source_id))
    for identity, twin in plan.again:
        same = f"the same content as {twin.file.name}"
        entries.append(_unread(identity, built.counts[twin.rank], twin.source_id, same))
    return entries


def _unread(identity: Identity, first: RowCounts, source_id: str, *warnings: str) -> FileLedger:
    """A file that gave its rows before: what was accepted then is a repeat now."""
    file = identity.file
    counts = RowCounts(first.read, 0, first.accepted + first.duplicate, first.quarantined, first.other)
    return FileLedger(
        name=file.name,
        reader=file.reader.name,
        reason=file.reason,
        counts=counts,
        state="unchanged",
        source_id=source_id,
        warnings=warnings,
        content=file.content_hash,
        path=file.candidate.path,
        part=file.part,
    )


def _ledger(
    work: Work, plan: Plan, built: Built, left: list[NotRead], version: int, *, changed: bool
) -> Ledger:
    entries = _entries(work, plan, built)
    total = sum((entry.counts for entry in entries), start=RowCounts())
    assert total.adds_up, f"the ledger does not add up: {total}"
    participants, sessions = work.workspace.size(new=changed)
    return Ledger(
        store=work.workspace.path,
        files=tuple(entries),
        not_read=tuple(left),
        data_version=version,
        changed=changed,
        participants=participants,
        sessions=sessions,
        warnings=tuple(built.warnings),
        total=total,
    )


def _hashes(work: Work, source_ids: set[str]) -> set[str]:
    return {each.content_hash for each in known_sources(work.workspace) if each.source_id in source_ids}


def _entry(source: Source, built: Built, state: str) -> FileLedger:
    return FileLedger(
        name=source.file.name,
        reader=source.file.reader.name,
        reason=source.file.reason,
        counts=built.counts[source.rank],
        state=state,
        source_id=source.source_id,
        warnings=tuple(dict.fromkeys(source.warnings)),
        dropped_identifiers=source.dropped_identifiers,
        unused_columns=source.unused_columns,
        set_aside=built.set_aside.get(source.source_id, ()),
        content=source.file.content_hash,
        path=source.file.candidate.path,
        part=source.file.part,
    )
