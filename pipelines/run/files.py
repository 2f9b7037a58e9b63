"""Which files an ingest reads, with which options, and whose they are when the file itself does not say."""

import dataclasses
import hashlib
import os
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from pipelines.codebook import load_codebook
from pipelines.errors import InputError
from pipelines.readers import Reader, identify, parts, reader_named
from pipelines.run.ledger import NotRead
from pipelines.settings import load_settings
from pipelines.study import SourceOptions, Study

OURS = (".duckdb", ".key", ".link", ".bak", ".new", ".wal", ".lock")


@dataclass(frozen=True)
class Candidate:
    """A file that may be read. `named` by the user (then it must be readable); `base` is the PATH it was found by."""

    path: Path
    options: SourceOptions
    base: Path
    named: bool

    @property
    def name(self) -> str:
        """How the ledger calls the file: relative to the PATH it was found by."""
        return self.path.name if self.path == self.base else str(self.path.relative_to(self.base))


@dataclass(frozen=True)
class SourceFile:
    """One part of a file that a reader has claimed. `place` is the participant when the rows do not name one."""

    candidate: Candidate
    path: Path
    name: str
    reader: Reader
    reason: str
    content_hash: str
    place: str

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
    for options in study.sources:
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
            if path == limit:
                raise InputError(f"{path.name}: no [[source]] of {study.path.name} names this file.")
            left.append(NotRead(str(path.relative_to(limit)), f"no [[source]] of {study.path.name} names it"))
    return list(found.values()), left


def file_hash(path: Path) -> str:
    """SHA-256 of a file's content."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _owner(candidate: Candidate, reader: Reader, shared_names: frozenset[str]) -> str:
    """Whose a file is, by its place: folder under PATH, folder that holds it, or its name."""
    rule, path = candidate.options.participant, candidate.path
    if rule == "file_name":
        return path.stem
    if rule == "folder_name":
        return path.parent.name
    folders = path.relative_to(candidate.base).parts[:-1] if path != candidate.base else ()
    by_folder = reader.is_app_export or path.stem in shared_names
    if folders and by_folder:
        return folders[0]
    return path.parent.name if reader.same_name_everywhere else path.stem


def _shared_names(candidates: Sequence[Candidate]) -> frozenset[str]:
    """File names that occur in several folders: there the name cannot tell people apart."""
    stems = Counter(stem for stem, _ in {(each.path.stem, each.path.parent) for each in candidates})
    return frozenset(stem for stem, count in stems.items() if count > 1)


def _claim(part_path: Path, candidate: Candidate) -> tuple[Reader, str] | None:
    if candidate.options.reader != "auto":
        return reader_named(candidate.options.reader), "named in the study file"
    return identify(part_path, candidate.options)


def claim_files(candidates: Sequence[Candidate]) -> tuple[list[SourceFile], list[NotRead]]:
    """Find the reader of every candidate. Call it inside the readers' scratch space.

    Raises InputError when a file that the user named has no reader, and when no file at all has one.
    """
    claimed, left = [], []
    shared = _shared_names(candidates)
    for candidate in candidates:
        try:
            found = parts(candidate.path)
            claims = [(part, _claim(part.path, candidate)) for part in found]
        except InputError as error:
            if candidate.named:
                raise
            left.append(NotRead(candidate.name, str(error).split(": ", 1)[-1]))
            continue
        known = [(part, claim) for part, claim in claims if claim]
        if not known and candidate.named:
            raise InputError(f"{candidate.name}: no reader knows this file; map its columns in a study file.")
        if not known:
            left.append(NotRead(candidate.name, "no reader knows this kind of file"))
        for part, claim in claims:
            if claim is None and known:
                left.append(NotRead(f"{candidate.name} [{part.name}]", "no reader knows this sheet"))
        for part, (reader, reason) in known:
            name = f"{candidate.name} [{part.name}]" if part.name else candidate.name
            place = _owner(candidate, reader, shared)
            claimed.append(
                SourceFile(candidate, part.path, name, reader, reason, file_hash(part.path), place)
            )
    if not claimed:
        raise InputError(
            "no file that a reader knows was found; `inspect FILE` tells what a file is taken for."
        )
    return claimed, left


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
        dataclasses.replace(options, files="", dictionary=dictionary),
        (study.timezone, study.cohort, study.distress_protocol),
        [
            (each.id, each.grains, each.levels, each.minimum, each.maximum)
            for each in codebook.factors.values()
        ],
        [
            entry.value
            for name, entry in load_settings().entries.items()
            if name.startswith(("limits.", "privacy."))
        ],
    )
    return hashlib.sha256(repr(what).encode()).hexdigest()[:16]
