"""The link file: each participant's first date and birth date, encrypted, for the files that come later.

It carries the data version of the store it belongs to. A new one is written beside it first and takes its place
after the store has been swapped, so that whatever moment an ingest is stopped at, one of the two fits the store.
"""

import base64
import hashlib
import json
import os
from dataclasses import dataclass, field
from pathlib import Path

LINK_SUFFIX = ".link"


@dataclass(frozen=True)
class Link:
    """One participant's dates in days since 1970: the day that `day_in_study` counts from, and the birth."""

    first_day: int | None = None
    birth_day: int | None = None


@dataclass(frozen=True)
class Links:
    """All participants' dates by pseudonym, and the data version of the store they fit."""

    data_version: int
    people: dict[str, Link] = field(default_factory=dict)


def link_file(store: Path) -> Path:
    """Where the link file of a store lies."""
    return store.with_name(store.name + LINK_SUFFIX)


def _draft(path: Path) -> Path:
    return path.with_name(path.name + ".new")


def _backup(path: Path) -> Path:
    return path.with_name(path.name + ".bak")


def _cipher(key: bytes):
    from cryptography.fernet import Fernet

    derived = hashlib.sha256(b"lactoscope link file" + key).digest()
    return Fernet(base64.urlsafe_b64encode(derived))


def _read(path: Path, key: bytes) -> Links | None:
    """The links of one file; None when it is missing, damaged or of another key."""
    from cryptography.fernet import InvalidToken

    try:
        content = json.loads(_cipher(key).decrypt(path.read_bytes()))
    except (OSError, InvalidToken, ValueError):
        return None
    people = {code: Link(first, birth) for code, (first, birth) in content["people"].items()}
    return Links(content["data_version"], people)


def read_links(store: Path, key: bytes, data_version: int) -> Links | None:
    """The links that fit this version of the store; None when there are none, which costs the old participants.

    Finishes what a stopped ingest left undone: a newer file takes its place when the store is already the newer
    one.
    """
    path = link_file(store)
    for candidate in (path, _draft(path)):
        links = _read(candidate, key)
        if links is not None and links.data_version == data_version:
            if candidate != path:
                candidate.replace(path)
            return links
    return None


def prepare_links(store: Path, key: bytes, links: Links) -> None:
    """Write the links of the coming version beside the current ones."""
    content = {
        "data_version": links.data_version,
        "people": {code: (link.first_day, link.birth_day) for code, link in sorted(links.people.items())},
    }
    draft = _draft(link_file(store))
    draft.unlink(missing_ok=True)
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(_cipher(key).encrypt(json.dumps(content).encode()))
        file.flush()
        os.fsync(file.fileno())


def keep_links(store: Path) -> None:
    """Let the prepared links take their place, once the store is the one they belong to."""
    path = link_file(store)
    if path.is_file():
        path.replace(_backup(path))
    _draft(path).replace(path)


def forget_backup(store: Path) -> None:
    """Delete the links as they were before the last ingest."""
    _backup(link_file(store)).unlink(missing_ok=True)


def forget_links(store: Path) -> None:
    """Delete all links of a store that nothing is left in."""
    forget_backup(store)
    link_file(store).unlink(missing_ok=True)
