"""What pages draw, kept in a folder beside the store: the next look, even from a new process, need not compute it.

Everything here has been through small-cell suppression. A file is named after the store's stamp, the product's code
and data files, the page and the choice; whatever of these changes makes it another file, and the old ones are swept.
"""

import json
import os
import shutil
import threading
from collections.abc import Callable
from dataclasses import asdict
from hashlib import sha256
from pathlib import Path
from typing import Any, TypeVar, cast

from pipelines.evidence import kept
from pipelines.evidence.studies import stamp

Result = TypeVar("Result")
SHORT = 16
_lock = threading.Lock()


def folder_beside(store: Path) -> Path:
    """Where the pages of a store are kept."""
    return store.with_name(store.name + ".pages")


def forget(store: Path) -> None:
    """Delete all pages of a store, because something in them must not be kept."""
    shutil.rmtree(folder_beside(store), ignore_errors=True)


def shelved(store: Path, name: str, kind: type, choice: object, compute: Callable[[], Result]) -> Result:
    """The result of `compute`, a dataclass of this kind or None, from the shelf where it is there.

    `choice` is everything but the store that it depends on. Nothing is kept where nobody may write, nor what would
    not come back as it was. Raises StoreError when the file is no store.
    """
    file = folder_beside(store) / _file_name(store, name, choice)
    text = _read(file)
    if text is not None:
        return cast(Result, kept.rebuilt(kind, json.loads(text)))
    result = compute()
    _write(store, file, kind, result)
    return result


def is_shelved(store: Path, name: str, choice: object) -> bool:
    """Whether it needs no computing."""
    return (folder_beside(store) / _file_name(store, name, choice)).exists()


def _file_name(store: Path, name: str, choice: object) -> str:
    return f"{_age(store)}-{name}-{_short(repr(choice))}.json"


def _age(store: Path) -> str:
    """Changes with the store's content and with the product."""
    return _short(f"{stamp(store)} {kept.product_fingerprint()}")


def _short(text: str) -> str:
    return sha256(text.encode()).hexdigest()[:SHORT]


def _read(file: Path) -> str | None:
    try:
        return file.read_text(encoding="utf-8")
    except FileNotFoundError:
        return None


def _write(store: Path, file: Path, kind: Any, result: Any) -> None:
    if not os.access(store.parent, os.W_OK):
        return
    text = json.dumps(None if result is None else asdict(result), default=_plain)
    if kept.rebuilt(kind, json.loads(text)) != result:
        return
    with _lock:
        file.parent.mkdir(exist_ok=True)
        # Another process may write the same page; each has a file of its own until it is whole.
        new = file.with_suffix(f".{os.getpid()}.new")
        new.write_text(text, encoding="utf-8")
        new.replace(file)
        # The store may have been replaced while it was being read: then this page belongs to neither.
        if not file.name.startswith(_age(store)):
            file.unlink(missing_ok=True)
        _sweep(store)


def _sweep(store: Path) -> None:
    """Delete the pages of former contents and former versions of the product."""
    for old in folder_beside(store).glob("*.json"):
        if not old.name.startswith(_age(store)):
            old.unlink(missing_ok=True)


def _plain(value: Any) -> Any:
    """A number of an array as a plain one."""
    return value.item()
