"""A private folder for the copies that reading needs; it is deleted when the work is done."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from pathlib import Path
from tempfile import NamedTemporaryFile, TemporaryDirectory, mkdtemp

# Leaves room for the folders before it where a system bounds whole paths.
_LONGEST_NAME = 80
_FOLDER: ContextVar[Path | None] = ContextVar("scratch_folder", default=None)


@contextmanager
def scratch_space(parent: Path | None = None) -> Iterator[Path]:
    """Keep every copy that readers make inside the block in one folder, deleted at its end.

    The copies hold what the files hold, names included, so whoever reads files should read and use the rows
    inside such a block. `parent` is where the folder is made, by default the system's temporary folder.
    """
    with TemporaryDirectory(prefix="lactoscope-", dir=parent, ignore_cleanup_errors=True) as name:
        token = _FOLDER.set(Path(name))
        try:
            yield Path(name)
        finally:
            _FOLDER.reset(token)


@cache
def _until_exit() -> TemporaryDirectory:
    return TemporaryDirectory(prefix="lactoscope-", ignore_cleanup_errors=True)


def _folder() -> Path:
    return _FOLDER.get() or Path(_until_exit().name)


def scratch_folder(prefix: str) -> Path:
    """A new empty folder in the scratch space; outside any block it lives until the program ends."""
    return Path(mkdtemp(prefix=prefix, dir=_folder()))


def scratch_file(suffix: str) -> Path:
    """A new empty file in the scratch space; outside any block it lives until the program ends."""
    with NamedTemporaryFile(dir=_folder(), suffix=suffix, delete=False) as file:
        return Path(file.name)


def scratch_copy(name: str) -> Path:
    """A place for a file of this name, alone in a new folder of the scratch space; only plain signs of the name stay."""
    plain = re.sub(r"[^\w.() -]", "_", name).strip(" .")[-_LONGEST_NAME:]
    return Path(mkdtemp(dir=_folder())) / (plain or "file")
