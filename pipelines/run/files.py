"""Which files an ingest reads, with which options, and whose they are when the file itself does not say."""

import dataclasses
import hashlib
import os
import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path, PurePosixPath

from pipelines.codebook import load_codebook
from pipelines.errors import InputError
from pipelines.readers import Part, Reader, has_header, identify, parts, reader_named, recognises
from pipelines.readers.containers.archives import is_archive
from pipelines.run.ledger import LEFT_OUT, NotRead
from pipelines.settings import load_settings
from pipelines.study import SourceOptions, Study

OURS = (".duckdb", ".key", ".link", ".bak", ".new", ".wal", ".lock")


class NothingKnown(InputError):
    """No reader knows any of the files; `left` tells of each of them."""

    def __init__(self, left: Sequence[NotRead]):
        super().__init__(
            "no file that a reader knows was found; `inspect FILE` tells what a file is taken for."
        )
        self.left = tuple(left)


@dataclass(frozen=True)
class Candidate:
    """A file that may be read. `named` by the user (then it must be readable); `base` is the PATH it was found by.

    `unless_described` says why it is left alone where no source of the study file knows it by header or content; ""
    where it is read all the same.
    """

    path: Path
    options: SourceOptions
    base: Path
    named: bool
    unless_described: str = ""

    @property
    def name(self) -> str:
        """How the ledger calls the file: relative to the PATH it was found by."""
        return self.path.name if self.path == self.base else str(self.path.relative_to(self.base))

    @cached_property
    def is_archive(self) -> bool:
        """Whether it is a zip, whose members are read."""
        return is_archive(self.path)


@dataclass(frozen=True)
class SourceFile:
    """One part of a file that a reader has claimed. `place` is the participant when the rows do not name one, `part`
    the name of the sheet, list or member ("" for a whole file)."""

    candidate: Candidate
    path: Path
    name: str
    reader: Reader
    reason: str
    content_hash: str
    place: str
    part: str = ""

    @property
    def options(self) -> SourceOptions:
        """How this file is to be read."""
        return self.candidate.options


def _is_ours(path: Path) -> bool:
    """Whether a file is a store, a study file or something hidden: nothing to ingest."""
    stem = path.name.lower()
    ours = any(stem.endswith(suffix) for suffix in OURS) or ".duckdb." in stem or stem.endswith(".toml")
    return ours or path.name.startswith((".", "~$"))


def _below(folder: Path) -> list[Path]:
    """All files below a folder, in an order that is the same everywhere."""
    found = [
        Path(root) / name
        for root, folders, names in os.walk(folder)
        if not any(part.startswith(".") for part in Path(root).relative_to(folder).parts)
        for name in names
    ]
    return sorted(
        (path for path in found if not _is_ours(path)), key=lambda path: path.relative_to(folder).parts
    )


def _existing(paths: Sequence[Path]) -> list[Path]:
    for path in paths:
        if not path.exists():
            raise InputError(f"{path}: there is no such file or folder.")
    return [path.absolute() for path in paths]


def find_candidates(paths: Sequence[Path], study: Study) -> tuple[list[Candidate], list[NotRead]]:
    """What an ingest of these paths may read under a study: by the files that it names, else like a bare ingest."""
    if study.uploads:
        return upload_candidates(paths, study), []
    if study.path is not None and study.named:
        return study_candidates(paths, study)
    return bare_candidates(paths, study.named[0] if study.named else SourceOptions()), []


def upload_candidates(paths: Sequence[Path], study: Study) -> list[Candidate]:
    """Received files: those that a source of the study file names by their place in their upload, or by their name
    alone where an upload lost the folders; all others like a bare ingest. Data dictionaries are no candidates."""
    found: dict[Path, Candidate] = {}
    named = {each.dictionary: _received(each.dictionary, study) for each in study.sources if each.dictionary}
    dictionaries = set(named.values())
    for options in study.named:
        if options.dictionary:
            options = dataclasses.replace(options, dictionary=str(named[options.dictionary]))
        for folder in study.uploads:
            base, files = _matches(folder.absolute(), options.files)
            name = Path(options.files)
            if not files and any(sign.isalnum() for sign in name.stem):
                # A name of nothing but wildcards would take every file that came without its folders.
                base, files = _matches(folder.absolute(), name.name)
            for path in files:
                found.setdefault(path, Candidate(path, options, base, named=False))
    return [
        dataclasses.replace(found[each.path], named=each.named) if each.path in found else each
        for each in bare_candidates(paths, SourceOptions())
        if each.path not in dictionaries
    ]


def _received(dictionary: str, study: Study) -> Path:
    """A data dictionary among the received files, the latest one. Raises InputError when it is not there."""
    for folder in reversed(study.uploads):
        for path in (folder / dictionary, *sorted(folder.rglob(Path(dictionary).name))):
            if path.is_file():
                return path.absolute()
    raise InputError(f"the study file names the data dictionary {Path(dictionary).name}; add this file too.")


def bare_candidates(paths: Sequence[Path], options: SourceOptions) -> list[Candidate]:
    """Without a study file: every file named, and every file below a folder named, once."""
    found: dict[Path, Candidate] = {}
    for path in _existing(paths):
        if path.is_dir():
            for each in _below(path):
                found.setdefault(each, Candidate(each, options, path, named=False))
        else:
            found[path] = Candidate(path, options, path, named=True)
    return list(found.values())


def _matches(folder: Path, pattern: str) -> tuple[Path, list[Path]]:
    """Files that a pattern of the study file means, and the folder before its first wildcard."""
    fixed = []
    for part in Path(pattern).parts:
        if any(sign in part for sign in "*?["):
            break
        fixed.append(part)
    base = folder.joinpath(*fixed)
    if base.is_file():
        return base.parent, [base]
    files: list[Path] = []
    for path in sorted(folder.glob(pattern)):
        files += _below(path) if path.is_dir() else [path]
    return base, [path for path in dict.fromkeys(files) if not _is_ours(path)]


def study_candidates(paths: Sequence[Path], study: Study) -> tuple[list[Candidate], list[NotRead]]:
    """With a study file: what its sources name and lies under a PATH; what lies there besides is not read.

    Raises InputError when a file that the user names belongs to no source.
    """
    assert study.path is not None, "a study without a file has no places of its own"
    folder = study.path.absolute().parent
    limits = _existing(paths)
    found: dict[Path, Candidate] = {}
    dictionaries = set()
    for options in study.named:
        if options.dictionary:
            dictionary = folder / options.dictionary
            dictionaries.add(dictionary)
            if not dictionary.is_file():
                raise InputError(f"{study.path.name}: the dictionary {options.dictionary} is not there.")
            options = dataclasses.replace(options, dictionary=str(dictionary))
        base, files = _matches(folder, options.files)
        for path in files:
            if any(path == limit or path.is_relative_to(limit) for limit in limits):
                found.setdefault(path, Candidate(path, options, base, path in limits))
    for dictionary in dictionaries:
        found.pop(dictionary, None)
    left = []
    for limit in limits:
        for path in _below(limit) if limit.is_dir() else [limit]:
            if path in found or path in dictionaries:
                continue
            reason = f"no [[source]] of {study.path.name} names"
            if study.described:
                found[path] = Candidate(path, SourceOptions(), limit, path == limit, f"{reason} it")
            elif path == limit:
                raise InputError(f"{path.name}: {reason} this file.")
            else:
                left.append(NotRead(str(path.relative_to(limit)), f"{reason} it"))
    return list(found.values()), left


def file_hash(path: Path) -> str:
    """SHA-256 of a file's content."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _owner(candidate: Candidate, part: Part, reader: Reader, shared_names: frozenset[str]) -> str:
    """Whose a file is, by its place: folder under PATH, folder that holds it, or its name."""
    rule, path = candidate.options.participant, candidate.path
    if rule == "file_name":
        return path.stem
    if rule == "folder_name":
        return _folder_inside(candidate, part) or path.parent.name
    folders = _folders(candidate)
    by_folder = reader.is_app_export or path.stem in shared_names
    if folders and by_folder:
        return folders[0]
    return path.parent.name if _tells_nobody(candidate, reader, shared_names) else path.stem


def _folders(candidate: Candidate) -> tuple[str, ...]:
    """The folders between PATH and a file."""
    path = candidate.path
    return path.relative_to(candidate.base).parts[:-1] if path != candidate.base else ()


def _folder_inside(candidate: Candidate, part: Part) -> str:
    """The folder that holds a member inside its zip; empty for one that lies in none, and for other files."""
    return PurePosixPath(part.name).parent.name if candidate.is_archive else ""


def _tells_nobody(candidate: Candidate, reader: Reader, shared_names: frozenset[str]) -> bool:
    """Whether a file's name is the same for everybody. Files in a zip go by the zip's name, not by their own."""
    if not candidate.is_archive:
        return reader.same_name_everywhere
    stem = candidate.path.stem
    if stem in shared_names and candidate.path == candidate.base:
        return True
    # Browsers number what is downloaded again: "csv (5).zip".
    return re.sub(r" ?\(\d+\)$", "", stem).lower() in reader.mailed_as


def _shared_names(candidates: Sequence[Candidate]) -> frozenset[str]:
    """File names that occur in several folders: there the name cannot tell people apart."""
    stems = Counter(stem for stem, _ in {(each.path.stem, each.path.parent) for each in candidates})
    return frozenset(stem for stem, count in stems.items() if count > 1)


@dataclass(frozen=True)
class _Claim:
    """A part of a file with the reader that takes it, why, and how it is to be read."""

    part: Part
    reader: Reader
    reason: str
    candidate: Candidate
    content_hash: str


def _described(part: Part, content: str, study: Study) -> tuple[SourceOptions, str]:
    """What the study file says of a part by its header and by its content, and in words that it does."""
    said, reasons = SourceOptions(), []
    for source in study.described:
        if source.header and has_header(part.path, source.header):
            said = said.with_answers(source)
            reasons.append("its header is one that the study file describes")
    for source in study.described:
        if content in source.content:
            said = said.with_answers(source)
            reasons.append("the study file answers what this very file leaves open")
    return said, "; ".join(dict.fromkeys(reasons))


def _claim(part: Part, candidate: Candidate, study: Study) -> _Claim | None:
    """Who reads a part, by what the study file says of it and by its content; None when nobody does.

    A reader that the study file names for a zip takes the members that it recognises. Raises InputError for a part
    that cannot be read.
    """
    if part.problem:
        raise InputError(f"{part.name}: {part.problem}")
    content = file_hash(part.path)
    if content in study.left_out:
        raise InputError(f"{part.name}: {LEFT_OUT}")
    said, described = _described(part, content, study)
    if candidate.unless_described and not described:
        return None
    options = candidate.options.with_answers(said)
    if said.dictionary and study.uploads:
        options = dataclasses.replace(options, dictionary=str(_received(said.dictionary, study)))
    candidate = dataclasses.replace(candidate, options=options)
    found: tuple[Reader, str] | None
    if options.reader == "auto":
        found = identify(part.path, options)
    else:
        named = reader_named(options.reader)
        takes = described or not candidate.is_archive or recognises(named, part.path, options)
        found = (named, "named in the study file") if takes else None
    if found is None:
        return None
    reader, reason = found
    return _Claim(part, reader, f"{reason}; {described}" if described else reason, candidate, content)


def looked_at(candidate: Candidate, study: Study) -> list[tuple[Part, SourceFile | None, str]]:
    """Every part of one file as the reader that knows it would read it, None for what no reader knows, and why a
    part cannot be read ("" otherwise). Raises InputError when the file as a whole cannot be read."""
    shared = _shared_names([candidate])
    found: list[tuple[Part, SourceFile | None, str]] = []
    for part in parts(candidate.path):
        try:
            claim = _claim(part, candidate, study)
        except InputError as error:
            if not part.name:
                raise
            found.append((part, None, _without_name(error)))
            continue
        found.append((part, _source_file(claim, shared) if claim else None, ""))
    return found


def _claims(candidate: Candidate, study: Study) -> tuple[list[_Claim], list[NotRead]]:
    """The parts of a file that somebody reads, and the others. Raises InputError like `claim_files`."""
    known, left = [], []
    for part in parts(candidate.path):
        reason = candidate.unless_described or "no reader knows this kind of file"
        try:
            claim = _claim(part, candidate, study)
        except InputError as error:
            if not part.name:
                raise
            claim, reason = None, _without_name(error)
        if claim is None:
            left.append(NotRead(_part_name(candidate, part), reason, candidate.path, part.name))
        else:
            known.append(claim)
    if not known and candidate.named:
        raise _unusable(candidate, left)
    _refuse_several_people(candidate, known)
    return known, left


def _refuse_several_people(candidate: Candidate, known: Sequence[_Claim]) -> None:
    """Raises InputError for a zip that may hold the exports of several people, none of whom its own place names."""
    folders = {
        _folder_inside(candidate, claim.part)
        for claim in known
        if claim.reader.is_app_export and claim.candidate.options.participant == "auto"
    }
    if len(folders - {""}) > 1 and not _folders(candidate):
        raise InputError(
            f"{candidate.name}: the exports in this zip lie in several folders, which may be several people; unpack it, "
            'or say participant = "folder_name" or, for one person, "file_name" in the study file.'
        )


def _part_name(candidate: Candidate, part: Part) -> str:
    return f"{candidate.name} [{part.name}]" if part.name else candidate.name


def _without_name(error: InputError) -> str:
    """What an error says, without the name of the file, which the ledger shows beside it."""
    return str(error).split(": ", 1)[-1].removesuffix(".")


def _unusable(candidate: Candidate, left: Sequence[NotRead]) -> InputError:
    """Why a file that the user named gives nothing at all."""
    if candidate.is_archive:
        first = left[0]
        return InputError(f"{first.name}: {first.reason}; nothing in this zip file can be read.")
    words = candidate.unless_described or "no reader knows this file; map its columns in a study file"
    return InputError(f"{candidate.name}: {words}.")


def claim_files(
    candidates: Sequence[Candidate], study: Study, progress: Callable[[int, int], None] | None = None
) -> tuple[list[SourceFile], list[NotRead]]:
    """Find the reader of every candidate. Call it inside the readers' scratch space.

    `progress` hears how many were looked at, of how many. Raises InputError when a file that the user named has no
    reader, and when no file at all has one.
    """
    claimed: list[SourceFile] = []
    left: list[NotRead] = []
    shared = _shared_names(candidates)
    for at, candidate in enumerate(candidates):
        if progress:
            progress(at, len(candidates))
        try:
            known, unknown = _claims(candidate, study)
        except InputError as error:
            if candidate.named:
                raise
            left.append(NotRead(candidate.name, _without_name(error), candidate.path))
            continue
        left += unknown
        claimed += [_source_file(claim, shared) for claim in known]
    if not claimed:
        raise NothingKnown(left)
    return claimed, left


def _source_file(claim: _Claim, shared: frozenset[str]) -> SourceFile:
    candidate, part = claim.candidate, claim.part
    name, place = _part_name(candidate, part), _owner(candidate, part, claim.reader, shared)
    return SourceFile(
        candidate, part.path, name, claim.reader, claim.reason, claim.content_hash, place, part.name
    )


def require_every_folder(paths: Sequence[Path], files: Sequence[SourceFile]) -> None:
    """Raises InputError for a folder that the user named and no file was claimed from: nothing is lost in silence."""
    read = [file.candidate.path for file in files]
    for path in paths:
        folder = path.absolute()
        if folder.is_dir() and not any(each.is_relative_to(folder) for each in read):
            raise InputError(f"{path}: no file that a reader knows was found in this folder.")


def options_hash(file: SourceFile, study: Study) -> str:
    """A short text that changes whenever the same file would be read in another way."""
    codebook = load_codebook()
    options = file.options
    dictionary = file_hash(Path(options.dictionary)) if options.dictionary else None
    what = (
        file.reader.name,
        dataclasses.replace(options, files="", dictionary=dictionary, header=None, content=()),
        (study.timezone, study.cohort, study.distress_protocol),
        [
            (each.id, each.grains, each.levels, each.minimum, each.maximum)
            for each in codebook.factors.values()
        ],
        list(codebook.instruments.values()),
        [
            entry.value
            for name, entry in load_settings().entries.items()
            if name.startswith(("limits.", "privacy."))
        ],
    )
    return hashlib.sha256(repr(what).encode()).hexdigest()[:16]
