"""Who reads a file: every part of it, by what the study file says of it and by its content."""

import dataclasses
import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from pipelines.codebook import load_codebook
from pipelines.errors import InputError
from pipelines.readers import (
    Part,
    Reader,
    generic,
    has_header,
    identify,
    parts,
    reader_named,
    recognises,
    redcap,
)
from pipelines.readers.dictionary import is_dictionary
from pipelines.run.files import Candidate, file_hash, legible, part_code, received_dictionary
from pipelines.run.ledger import LEFT_OUT, NotRead
from pipelines.run.owners import folder_inside, folders, owner, shared_names
from pipelines.settings import load_settings
from pipelines.study import SourceOptions, Study

_UNKNOWN = "no reader knows this kind of file"
_MAP_IT = "map its columns in a study file"


class NothingKnown(InputError):
    """No reader knows any of the files; `left` tells of each of them."""

    def __init__(self, left: Sequence[NotRead]):
        super().__init__(
            "no file that a reader knows was found; `inspect FILE` tells what a file is taken for."
        )
        self.left = tuple(left)


@dataclass(frozen=True)
class SourceFile:
    """One part of a file that a reader has claimed. `place` is the participant when the rows do not name one ("" where
    it tells nobody apart), `part`
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
    if (candidate.path, part_code(part.name)) in study.left_out:
        raise InputError(f"{part.name}: {LEFT_OUT}")
    if part.problem:
        raise InputError(f"{part.name}: {part.problem}")
    content = file_hash(part.path)
    said, described = _described(part, content, study)
    if candidate.unless_described and not described:
        return None
    if is_dictionary(part.path):
        # A pattern such as *.csv takes it in where it lies beside the exports.
        return None
    options = candidate.options.with_answers(said)
    if said.dictionary and study.uploads:
        options = dataclasses.replace(options, dictionary=str(received_dictionary(said.dictionary, study)))
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
    if described:
        reason = f"{reason}; {described}"
    beside = _dictionary_beside(reader, candidate, study)
    if beside is not None:
        reason = f"{reason}; with the data dictionary {beside.name} beside it, whose fields are its columns"
        candidate = dataclasses.replace(
            candidate, options=dataclasses.replace(options, dictionary=str(beside))
        )
    return _Claim(part, reader, reason, candidate, content)


def _dictionary_beside(reader: Reader, candidate: Candidate, study: Study) -> Path | None:
    """The dictionary of a REDCap export for which none is named; received files have theirs from their upload."""
    named = candidate.options.dictionary or study.uploads or candidate.is_archive
    return None if named or reader is not redcap.READER else redcap.dictionary_beside(candidate.path)


def looked_at(candidate: Candidate, study: Study) -> list[tuple[Part, SourceFile | None, str]]:
    """Every part of one file as the reader that knows it would read it, None for what no reader knows, and why a
    part cannot be read ("" otherwise). Raises InputError when the file as a whole cannot be read."""
    shared = shared_names([candidate])
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
        reason = ""
        try:
            claim = _claim(part, candidate, study)
        except InputError as error:
            if not part.name:
                raise
            claim, reason = None, _without_name(error)
        if claim is None:
            reason = reason or candidate.unless_described or why_unknown(part) or _UNKNOWN
            left.append(NotRead(part_name(candidate, part), reason, candidate.path, part.name))
        else:
            known.append(claim)
    if not known and candidate.named and not is_dictionary(candidate.path):
        raise _unusable(candidate, left)
    return known, left


def why_unknown(part: Part) -> str:
    """What a part is that no reader takes, and what to do with it; "" where nothing can be said of it."""
    if is_dictionary(part.path):
        return (
            "a data dictionary of REDCap: it holds no answers, and belongs to none of the exports read here"
        )
    return generic.of_a_repeat(part.path)


def _several_people(candidate: Candidate, known: Sequence[_Claim]) -> InputError | None:
    """Why nothing is read of a zip that may hold the exports of several people, none of whom its own place names."""
    inside = {
        folder_inside(candidate, claim.part)
        for claim in known
        if claim.reader.is_app_export and claim.candidate.options.participant == "auto"
    }
    if len(inside - {""}) > 1 and not folders(candidate):
        return InputError(
            f"{candidate.name}: the exports in this zip lie in several folders, which may be several people; unpack it, "
            'or say participant = "folder_name" or, for one person, "file_name" in the study file.'
        )
    return None


def unread(file: SourceFile, error: InputError) -> NotRead:
    """A file that its reader cannot use, with what the reader says."""
    return NotRead(file.name, _without_name(error), file.candidate.path, file.part, file.reader.name)


def _left(candidate: Candidate, error: InputError, reader: Reader | None = None) -> NotRead:
    return NotRead(candidate.name, _without_name(error), candidate.path, reader=reader.name if reader else "")


def part_name(candidate: Candidate, part: Part) -> str:
    """How the ledger calls a file, or a part of one."""
    return f"{candidate.name} [{legible(part.name)}]" if part.name else candidate.name


def _without_name(error: InputError) -> str:
    """What an error says, without the name of the file, which the ledger shows beside it."""
    return str(error).split(": ", 1)[-1].removesuffix(".")


def _unusable(candidate: Candidate, left: Sequence[NotRead]) -> InputError:
    """Why a file that the user named gives nothing at all."""
    if candidate.is_archive:
        first = left[0]
        hint = f"; {_MAP_IT}" if first.reason == _UNKNOWN else ""
        return InputError(f"{first.name}: {first.reason}; nothing in this zip file can be read{hint}.")
    special = why_unknown(Part(candidate.path))
    words = candidate.unless_described or special or f"no reader knows this file; {_MAP_IT}"
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
    shared = shared_names(candidates)
    for at, candidate in enumerate(candidates):
        if progress:
            progress(at, len(candidates))
        try:
            known, unknown = _claims(candidate, study)
        except InputError as error:
            if candidate.named:
                raise
            left.append(_left(candidate, error))
            continue
        left += unknown
        several = _several_people(candidate, known)
        if several and candidate.named:
            raise several
        if several:
            left.append(_left(candidate, several, known[0].reader))
            continue
        claimed += [_source_file(claim, shared) for claim in known]
    if not claimed:
        raise NothingKnown(left)
    return claimed, left


def without_dictionaries(left: Sequence[NotRead], files: Sequence[SourceFile]) -> list[NotRead]:
    """The files that were not read, without the data dictionaries that served for reading others."""
    used = {Path(file.options.dictionary) for file in files if file.options.dictionary}
    return [each for each in left if each.path not in used]


def _source_file(claim: _Claim, shared: frozenset[str]) -> SourceFile:
    candidate, part = claim.candidate, claim.part
    name, place = part_name(candidate, part), legible(owner(candidate, part, claim.reader, shared))
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
        dataclasses.replace(
            options,
            files="",
            participant=options.participant_rule,
            dictionary=dictionary,
            header=None,
            content=(),
        ),
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
