"""Which files an ingest may read, and with which options."""

import dataclasses
import hashlib
import os
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from pipelines.errors import InputError
from pipelines.readers.containers.archives import is_archive
from pipelines.run.ledger import NotRead
from pipelines.study import SourceOptions, Study

OURS = (".duckdb", ".key", ".link", ".bak", ".new", ".wal", ".lock")


def legible(name: str) -> str:
    """A name with what no text can hold or show written out: bytes that are not UTF-8, line ends, control signs."""
    return "".join(
        sign.encode("unicode_escape").decode() if unicodedata.category(sign) in ("Cc", "Cs") else sign
        for sign in name
    )


@dataclass(frozen=True)
class Candidate:
    """A file that may be read. `named` by the user (then it must be readable); `base` is the PATH it was found by.

    `upload` is the folder that a received file came into. `unless_described` says why it is left alone where no source of the study file knows it by header or content; ""
    where it is read all the same.
    """

    path: Path
    options: SourceOptions
    base: Path
    named: bool
    unless_described: str = ""
    upload: Path | None = None

    @property
    def name(self) -> str:
        """How the ledger calls the file: relative to the PATH it was found by."""
        return legible(self.path.name if self.path == self.base else str(self.path.relative_to(self.base)))

    @cached_property
    def is_archive(self) -> bool:
        """Whether it is a zip, whose members are read."""
        return is_archive(self.path)


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
    named = {
        each.dictionary: received_dictionary(each.dictionary, study)
        for each in study.sources
        if each.dictionary
    }
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
    received = [each for each in bare_candidates(paths, SourceOptions()) if each.path not in dictionaries]
    return [
        dataclasses.replace(found.get(each.path, each), named=each.named, upload=_upload(each.path, study))
        for each in received
    ]


def _upload(path: Path, study: Study) -> Path | None:
    return next((each.absolute() for each in study.uploads if path.is_relative_to(each.absolute())), None)


def received_dictionary(dictionary: str, study: Study) -> Path:
    """A data dictionary among the received files, the latest one. Raises InputError when it is not there."""
    found = find_received(dictionary, study)
    if found is None:
        raise InputError(
            f"the study file names the data dictionary {Path(dictionary).name}; add this file too."
        )
    return found


def find_received(dictionary: str, study: Study) -> Path | None:
    """A data dictionary among the received files, the latest one; None when it is not there."""
    for folder in reversed(study.uploads):
        for path in (folder / dictionary, *sorted(folder.rglob(Path(dictionary).name))):
            if path.is_file():
                return path.absolute()
    return None


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
                left.append(NotRead(legible(str(path.relative_to(limit))), f"{reason} it", path))
    return list(found.values()), left


def part_code(name: str) -> str:
    """A short text for a part of a file; its name can hold a person's and must not outlast the part."""
    return hashlib.sha256(legible(name).encode()).hexdigest()[:16]


def file_hash(path: Path) -> str:
    """SHA-256 of a file's content."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
