"""Zip files: each member as a copy of its own in the scratch space, and nothing written anywhere else.

Names in a zip are text that anybody may have written. They are shown, never used as places: no copy is named by a
path of the zip, and a zip whose names lead out of it is refused.
"""

import errno
import re
import shutil
import stat
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from lzma import LZMAError
from pathlib import Path, PurePosixPath
from zipfile import BadZipFile, ZipFile, ZipInfo
from zlib import error as ZlibError

from pipelines.errors import InputError
from pipelines.readers.containers.scratch import scratch_copy
from pipelines.settings import load_settings

_SIGNATURES = (b"PK\x03\x04", b"PK\x05\x06")
# Documents of office programs are zips too, but no packed files.
_DOCUMENT_PARTS = frozenset({"[Content_Types].xml", "mimetype", "META-INF/MANIFEST.MF"})
_OF_THE_SYSTEM = frozenset({"__macosx", "thumbs.db", "desktop.ini"})
# A damaged zip may send the library to a place before the file's beginning, hence OSError.
DAMAGED = (BadZipFile, EOFError, LookupError, LZMAError, OSError, RuntimeError, ValueError, ZlibError)
_FULL = (errno.ENOSPC, errno.EDQUOT)
_ENCRYPTED, _UTF8 = 0x1, 0x800
_LONGEST_SHOWN = 120
_DRIVE = re.compile(r"[A-Za-z]:")


@dataclass(frozen=True)
class Member:
    """One file of a zip: its name there, made fit to be shown, and its copy; or the `problem` why there is none."""

    name: str
    copy: Path | None
    problem: str = ""


def is_archive(path: Path) -> bool:
    """Whether the content is a zip of files, damaged or not, whatever the file is called; no office document."""
    try:
        with path.open("rb") as file:
            if file.read(4) not in _SIGNATURES:
                return False
    except OSError:
        return False
    try:
        with ZipFile(path) as archive:
            return not _DOCUMENT_PARTS & set(archive.namelist())
    except DAMAGED:
        return True


def members(path: Path) -> list[Member]:
    """All files of a zip, in its order; folders and what systems leave behind (`__MACOSX`, `.DS_Store`) are none.

    A member that is protected, damaged, a link or a zip itself has no copy, and its problem in words. Raises
    InputError when the zip is damaged or empty, when it would unpack to more than the settings allow, and when a
    name in it leads out of it.
    """
    try:
        with ZipFile(path) as archive:
            found = [info for info in archive.infolist() if not _is_of_the_system(info)]
            _refuse_traps(path.name, found)
            copies = [_member(archive, info) for info in found]
    except DAMAGED:
        raise InputError(
            f"{path.name}: the zip file or workbook is damaged; copy or export it again."
        ) from None
    if not copies:
        raise InputError(f"{path.name}: the zip file holds no files.")
    return list(_told_apart(copies))


def refuse_oversize(name: str, infos: Iterable[ZipInfo]) -> None:
    """Raises InputError when a zip has more members, or would unpack to more, than any export does."""
    settings = load_settings()
    sizes = [(info.file_size, info.compress_size) for info in infos]
    if len(sizes) > settings["readers.zip_members"]:
        raise InputError(
            f"{name}: more than {settings['readers.zip_members']:,} files in one zip; hand them in as a folder."
        )
    unpacked, packed = sum(size for size, _ in sizes), sum(size for _, size in sizes)
    if unpacked > settings["readers.zip_bytes"]:
        raise InputError(f"{name}: too large to be unpacked here; unpack it and hand in the files.")
    floor, most = settings["readers.small_file_bytes"], settings["readers.zip_ratio"]
    if any(size > floor and size > most * small for size, small in [*sizes, (unpacked, packed)]):
        raise InputError(
            f"{name}: it would unpack to more than {most} times its size, as no log does; it was not opened."
        )


def _refuse_traps(name: str, infos: list[ZipInfo]) -> None:
    refuse_oversize(name, infos)
    if any(_leads_out(info.filename) for info in infos):
        raise InputError(f"{name}: a name in this zip file leads to a place outside it; it was not opened.")


def _leads_out(name: str) -> bool:
    plain = name.replace("\\", "/")
    return plain.startswith("/") or bool(_DRIVE.match(plain)) or ".." in PurePosixPath(plain).parts


def _is_of_the_system(info: ZipInfo) -> bool:
    """Whether an entry is a folder, hidden, or something that a system or a program left behind."""
    path = info.filename.replace("\\", "/")
    names = path.split("/")
    hidden = any(name.startswith((".", "~$")) and name not in (".", "..") for name in names)
    return path.endswith("/") or hidden or any(name.lower() in _OF_THE_SYSTEM for name in names)


def _shown(info: ZipInfo) -> str:
    """The name of a member on one short line; older programs write UTF-8 without saying so."""
    name = info.filename
    if not info.flag_bits & _UTF8:
        with suppress(UnicodeError):
            name = name.encode("cp437").decode("utf-8")
    name = name.replace("\\", "/")[-_LONGEST_SHOWN:]
    return "".join(sign if sign.isprintable() else "?" for sign in name) or "without a name"


def _member(archive: ZipFile, info: ZipInfo) -> Member:
    name = _shown(info)
    if info.flag_bits & _ENCRYPTED:
        return Member(name, None, "it is protected by a password; unpack it and hand in the files")
    if stat.S_ISLNK(info.external_attr >> 16):
        return Member(name, None, "a link to another file, not a file")
    copy = scratch_copy(PurePosixPath(name).name)
    try:
        with archive.open(info) as packed, copy.open("wb") as file:
            shutil.copyfileobj(packed, file)
    except DAMAGED as error:
        if isinstance(error, OSError) and error.errno in _FULL:
            raise InputError(f"{name}: there is no room on the disk to unpack it.") from None
        copy.unlink(missing_ok=True)
        return Member(
            name, None, "damaged, or packed in a way that is not known; pack it again as a plain zip"
        )
    if is_archive(copy):
        copy.unlink()
        return Member(
            name,
            None,
            "a zip or a damaged workbook inside a zip is not opened; unpack it and hand in the files",
        )
    return Member(name, copy)


def _told_apart(found: Iterable[Member]) -> Iterator[Member]:
    """A zip may hold the same name twice: the second one is shown with a number."""
    seen: dict[str, int] = {}
    for member in found:
        seen[member.name] = seen.get(member.name, 0) + 1
        again = seen[member.name]
        yield Member(f"{member.name} ({again})", member.copy, member.problem) if again > 1 else member
