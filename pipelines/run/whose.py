"""Whose uploaded files are, before any is read: how many people, and what tells them apart."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from pipelines.errors import InputError
from pipelines.readers import Part, scratch_space
from pipelines.run.claims import NothingKnown, SourceFile, claim_files
from pipelines.run.extracts import Source
from pipelines.run.files import upload_candidates
from pipelines.run.owners import owner, shared_names
from pipelines.study import PARTICIPANT, Study

FOLDER, FILE_NAME, AS_THEY_COME = "folder", "file name", ""


@dataclass(frozen=True)
class PlacedFile:
    """A file whose rows name nobody: `people` is its person by each rule, "" where that tells nobody apart; `by` is
    what tells it as it comes."""

    name: str
    content: str
    people: Mapping[str, str]
    by: str


@dataclass(frozen=True)
class Whose:
    """Files whose place tells whose they are, how many others say it in their rows, and the columns of tables among
    the first that might say it. `folder` is the one that holds everything that came, "" where there is none: it tells
    nobody apart, but may be the code of the one person whose files these are."""

    placed: tuple[PlacedFile, ...] = ()
    in_rows: int = 0
    columns: tuple[str, ...] = ()
    folder: str = ""

    def people(self, rule: str = AS_THEY_COME, by: str = "") -> tuple[str, ...]:
        """The people by a rule, or those of them that are told by the folder or by the file's name."""
        found = {each.people[rule] for each in self.placed if not by or each.by == by}
        return tuple(sorted(found - {""}))

    def untold(self, rule: str = AS_THEY_COME) -> int:
        """How many files no person is told of."""
        return sum(1 for each in self.placed if not each.people[rule])


def whose(folder: Path, study: Study, before: Sequence[Path] = ()) -> Whose:
    """Look at the files of one upload; `before` are the folders of earlier ones, which may hold a data dictionary.

    Raises InputError when the study file names a dictionary that is not there.
    """
    folder = folder.absolute()
    study = replace(study, uploads=(*before, folder), left_out=frozenset())
    with scratch_space():
        try:
            files, _ = claim_files(upload_candidates([folder], study), study)
        except NothingKnown:
            return Whose()
        shared = shared_names(list({file.candidate.path: file.candidate for file in files}.values()))
        placed, columns, in_rows = [], set(), 0
        for file in files:
            by_place, unused = _by_place(file)
            if not by_place:
                in_rows += 1
                continue
            placed.append(_placed(file, shared))
            columns |= set(unused)
        return Whose(tuple(placed), in_rows, tuple(sorted(columns)))


def _by_place(file: SourceFile) -> tuple[bool, Sequence[str]]:
    """Whether a file's place has to tell whose it is, and its columns that mean nothing yet.

    A file that cannot be read or leaves something open says so when it is read; until then nothing is told of it.
    """
    if file.reader.is_app_export:
        return True, ()
    try:
        extract = file.reader.read(file.path, file.options, None)
    except InputError:
        return False, ()
    return Source(0, file, extract, []).owner_by_place, extract.unused_columns


def _placed(file: SourceFile, shared: frozenset[str]) -> PlacedFile:
    part = Part(file.path, file.part)
    people = {AS_THEY_COME: file.place}
    for rule in PARTICIPANT[1:]:
        candidate = replace(file.candidate, options=replace(file.options, participant=rule))
        people[rule] = owner(candidate, part, file.reader, shared)
    by = FILE_NAME if file.place == file.candidate.path.stem else FOLDER if file.place else ""
    return PlacedFile(file.name, file.content_hash, people, by)
