"""Zip files for tests, made by hand where no packing program would make them."""

import stat
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

LOG = "participant_id,started_at,volume_ml\nA,2026-02-01 06:10,95\nA,2026-02-01 10:35,0\n"
DIARY = "participant_id,date,stress\nA,2026-02-01,7\n"


def packed(path: Path, files: dict[str, str | bytes]) -> Path:
    """A zip of these files."""
    with ZipFile(path, "w", ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return path


def with_password(path: Path, name: str) -> Path:
    """Mark one member of a zip as protected by a password, in both places where a zip says so."""
    data = bytearray(path.read_bytes())
    for signature, flags, length in ((b"PK\x03\x04", 6, 30), (b"PK\x01\x02", 8, 46)):
        start = 0
        while (start := data.find(signature, start)) >= 0:
            if data[start + length : start + length + len(name)] == name.encode():
                data[start + flags] |= 1
            start += 4
    path.write_bytes(bytes(data))
    return path


def with_link(path: Path, name: str, target: str) -> Path:
    """Add a symbolic link to a zip."""
    info = ZipInfo(name)
    info.external_attr = (stat.S_IFLNK | 0o777) << 16
    with ZipFile(path, "a") as archive:
        archive.writestr(info, target)
    return path
