"""The study's secret key: from the environment, else made once and kept beside the store."""

import os
import secrets
from dataclasses import dataclass
from pathlib import Path

from pipelines.errors import InputError

KEY_SUFFIX = ".key"
SHORTEST = 8


def key_file(store: Path) -> Path:
    """Where the key of a store is kept when no environment variable holds one."""
    return store.with_name(store.name + KEY_SUFFIX)


@dataclass(frozen=True)
class Key:
    """A secret key; `path` is where a key made just now is still to be kept, None for one that is kept already.

    `warning` says why the key protects little, "" where it protects well.
    """

    value: bytes
    path: Path | None = None
    warning: str = ""

    def keep(self) -> None:
        """Write a new key beside the store, readable by its owner alone, whole or not at all."""
        if self.path is None or self.path.is_file():
            return
        draft = self.path.with_name(self.path.name + ".new")
        draft.unlink(missing_ok=True)
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(self.value)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(self.path)


def _too_short(name: str, value: str) -> str:
    if len(value) >= SHORTEST:
        return ""
    return (
        f"the key in {name} has fewer than {SHORTEST} characters and can be guessed by whoever has the store; make a "
        "store with a longer one before real data go in"
    )


def load_key(spec: str, store: Path) -> Key:
    """The secret key: the variable of `env:NAME`, else the store's key file, else a random one still to be kept.

    Raises InputError when the study file does not name a variable, and when a store is there but no key for it.
    """
    name = spec.removeprefix("env:")
    if not spec.startswith("env:") or not name:
        raise InputError(
            'pseudonym_key in the study file must have the form "env:NAME"; the key itself stays out of it.'
        )
    value = os.environ.get(name, "")
    if value:
        return Key(value.encode(), warning=_too_short(name, value))
    path = key_file(store)
    if path.is_file():
        return Key(path.read_bytes().strip())
    if store.exists():
        raise InputError(f"no key for {store.name}: set {name}, or put {path.name} back beside the store.")
    return Key(secrets.token_hex(32).encode(), path)
