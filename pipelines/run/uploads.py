"""Uploaded files on their way to the disk: where each may lie, and which of them is the study file."""

import os
from collections.abc import Iterable, Sequence
from pathlib import Path, PurePosixPath

from pipelines.errors import InputError

Given = Iterable[tuple[str, bytes | memoryview]]


def files_in(folders: Iterable[Path]) -> list[Path]:
    """All files below some folders, in the same order everywhere."""
    return sorted(path for folder in folders for path in folder.rglob("*") if path.is_file())


def write_whole(path: Path, text: str) -> None:
    """Write a file that only its owner may read, whole or not at all."""
    draft = path.with_name(path.name + ".new")
    draft.unlink(missing_ok=True)
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
    draft.replace(path)


def _decoded(name: str, content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise InputError(f"{name}: the study file cannot be read; save it as UTF-8 text.") from None


def sorted_out(
    given: Given,
) -> tuple[list[tuple[tuple[str, ...], bytes | memoryview]], list[str]]:
    """Uploaded files by the parts of their names, without folders that all share, and the texts of study files."""
    files = [(safe_parts(name), content) for name, content in given]
    shared = shared_folders([parts_of for parts_of, _ in files])
    kept, texts = [], []
    for parts_of, content in files:
        if parts_of[-1].lower().endswith(".toml"):
            texts.append(_decoded(parts_of[-1], bytes(content)))
        else:
            kept.append((parts_of[shared:], content))
    return kept, texts


def safe_parts(name: str) -> tuple[str, ...]:
    """The parts of a name that cannot lead anywhere else."""
    parts_of = PurePosixPath(name.replace("\\", "/")).parts
    return tuple(part for part in parts_of if part not in ("/", "..", ".") and ":" not in part) or ("file",)


def shared_folders(names: Sequence[tuple[str, ...]]) -> int:
    """How many folders all names begin with."""
    count = 0
    while names and all(len(name) > count + 1 and name[count] == names[0][count] for name in names):
        count += 1
    return count


def keep_files(files: Sequence[tuple[tuple[str, ...], bytes | memoryview]], incoming: Path) -> Path:
    """Write files into a new numbered folder and give that folder.

    A second file of the same name goes into a folder of its own, whose name no other upload has: it may become the
    participant's name.
    """
    incoming.mkdir(parents=True, exist_ok=True)
    used = [int(path.name) for path in incoming.iterdir() if path.name.isdecimal()]
    folder = incoming / str(max(used, default=0) + 1)
    folder.mkdir()
    for number, (parts_of, content) in enumerate(files, start=1):
        target = folder.joinpath(*parts_of)
        if target.exists():
            target = folder / f"{folder.name}-{number}" / parts_of[-1]
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
    return folder
