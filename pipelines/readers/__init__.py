"""Where data enters: one module per kind of export, chosen by what is in a file."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipelines.errors import InputError
from pipelines.readers import (
    babybuddy,
    babyconnect,
    droste,
    feedbaby,
    fhir,
    generic,
    google_forms,
    huckleberry,
    kobo,
    nara,
    nighp,
    nursing_timer,
    piyolog,
    qualtrics,
    redcap,
    statistics_files,
)
from pipelines.readers.base import Extract, Reader
from pipelines.readers.containers.archives import Member, is_archive, members
from pipelines.readers.containers.json_lists import is_json, lists
from pipelines.readers.containers.scratch import scratch_space
from pipelines.readers.containers.tables import find_layout, header_code
from pipelines.readers.containers.workbooks import is_workbook, sheets
from pipelines.study import SourceOptions

# The one list: adding a reader is a module, a line here, and its samples.
READERS: tuple[Reader, ...] = (
    generic.READER,
    huckleberry.READER,
    babybuddy.READER,
    piyolog.READER,
    babyconnect.READER,
    droste.READER,
    nursing_timer.READER,
    nighp.READER,
    nara.READER,
    feedbaby.READER,
    redcap.READER,
    qualtrics.READER,
    kobo.READER,
    google_forms.READER,
    statistics_files.READER,
    fhir.READER,
)

__all__ = [
    "READERS",
    "Extract",
    "Part",
    "Reader",
    "has_header",
    "identify",
    "parts",
    "read",
    "reader_named",
    "recognises",
    "scratch_space",
]


@dataclass(frozen=True)
class Part:
    """What the ledger counts as one file: a file itself, a sheet of a workbook, a list of a JSON file, a zip's member.

    `name` is the sheet's or member's, empty for a whole file. `path` is where its rows can be read; for a sheet or
    member this is a copy in the scratch space, so its content hash tells it apart. `problem` says why a member of a
    zip has no copy (`path` is then the zip's).
    """

    path: Path
    name: str = ""
    problem: str = ""


def parts(path: Path) -> tuple[Part, ...]:
    """The parts of a file, in its order; a plain file is its own only part.

    A JSON file that no reader knows whole has its lists as parts. Call it inside `scratch_space()`, which deletes
    the copies. Raises InputError when a workbook, zip or JSON file is damaged, empty or a trap.
    """
    if is_archive(path) and not is_workbook(path):
        return tuple(part for member in members(path) for part in _unpacked(path, member))
    return tuple(Part(copy, title) for title, copy in _tables(path)) or (Part(path),)


def _tables(path: Path) -> list[tuple[str, Path]]:
    """Name and copy of every sheet of a workbook, or list of a JSON file; empty for a file that is one table."""
    if is_workbook(path):
        return sheets(path)
    if is_json(path) and not any(reader.recognise(path) for reader in READERS):
        return lists(path)
    return []


def _unpacked(archive: Path, member: Member) -> list[Part]:
    """The parts of one member of a zip: the sheets of a workbook, the lists of a JSON file, else itself."""
    if member.copy is None:
        return [Part(archive, member.name, member.problem)]
    try:
        tables = _tables(member.copy)
    except InputError as error:
        return [Part(archive, member.name, str(error).split(": ", 1)[-1])]
    return [Part(copy, f"{member.name}, {title}") for title, copy in tables] or [
        Part(member.copy, member.name)
    ]


def identify(path: Path, options: SourceOptions | None = None) -> tuple[Reader, str] | None:
    """The reader for a file and the reason in words, by its content alone; None when no reader knows it.

    With `options` a table that no reader knows goes to the generic reader if the study file maps its columns. Of a
    workbook or zip the first part that is known counts. Raises InputError when the file is empty, or two readers
    claim it.
    """
    for part in parts(path):
        if part.problem:
            continue
        claims = [(reader, reason) for reader in READERS if (reason := reader.recognise(part.path))]
        if len(claims) > 1:
            names = " and ".join(reader.name for reader, _ in claims)
            raise InputError(
                f"{path.name}: the readers {names} both claim this file; name one in the study file."
            )
        if claims:
            return claims[0]
        mapped = generic.mapped_claim(part.path, options) if options else None
        if mapped:
            return generic.READER, mapped
    return None


def has_header(path: Path, code: str) -> bool:
    """Whether a table has the header with this code (`containers.tables.header_code`), whatever stands above it."""
    if generic.is_parquet(path):
        return header_code(generic.parquet_header(path)) == code
    return find_layout(path, lambda header: header_code(header) == code) is not None


def recognises(reader: Reader, path: Path, options: SourceOptions) -> bool:
    """Whether a file without parts is of this reader's kind, or is a table that the study file maps for it."""
    if reader.recognise(path):
        return True
    return reader is generic.READER and generic.mapped_claim(path, options) is not None


def reader_named(name: str) -> Reader:
    """The reader of this name. Raises InputError with the names there are."""
    for reader in READERS:
        if reader.name == name:
            return reader
    raise InputError(
        f"there is no reader '{name}'; choose one of {', '.join(each.name for each in READERS)}."
    )


def read(path: Path, options: SourceOptions | None = None, backend: Any = None) -> Extract:
    """Read a file that is one part, with the reader that the options name or that its content tells.

    `backend` is the Ibis backend that is to read large tables, by default Ibis's own. Raises InputError when no reader knows the file, when
    it has several `parts`, and for whatever the reader cannot use.
    """
    options = options or SourceOptions()
    found = parts(path)
    if len(found) > 1:
        names = ", ".join(part.name for part in found)
        raise InputError(f"{path.name}: this file has several parts ({names}); each is read by itself.")
    if found[0].problem:
        raise InputError(f"{path.name}: {found[0].name}: {found[0].problem}.")
    if options.reader != "auto":
        return reader_named(options.reader).read(found[0].path, options, backend)
    claim = identify(found[0].path, options)
    if claim is None:
        raise InputError(f"{path.name}: no reader knows this file; map its columns in a study file.")
    return claim[0].read(found[0].path, options, backend)
