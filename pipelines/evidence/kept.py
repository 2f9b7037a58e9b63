"""Findings of the whole study are computed once per data version and kept beside the store, already fenced."""

import json
import os
import threading
from dataclasses import asdict, is_dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any, get_args, get_origin, get_type_hints

from pipelines import DATA, ROOT
from pipelines.results import Findings

# Two parts of the same findings may be finished at the same moment.
_lock = threading.Lock()


def path_beside(store: Path) -> Path:
    """Where the findings of a store are kept."""
    return store.with_name(store.name + ".findings.json")


def fingerprint(data_version: int, outcome: str, identity: str = "") -> str:
    """What findings depend on: the data version with the sources in it, the outcome, and the product."""
    return sha256(f"{data_version} {identity} {outcome} {product_fingerprint()}".encode()).hexdigest()


@cache
def product_fingerprint() -> str:
    """Code, codebook, guidance and settings as they were when this process first asked: those it runs with."""
    digest = sha256()
    parts = ("", "analysis", "metrics", "evidence", "privacy", "store", "guidance")
    code = [path for part in parts for path in (ROOT / "pipelines" / part).glob("*.py")]
    data = [*DATA.glob("*.toml"), *DATA.glob("codebook/**/*.toml"), *DATA.glob("guidance/*.toml")]
    for path in sorted([*code, *data]):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def read(store: Path, key: str, part: str = "") -> Findings | None:
    """The kept findings with this fingerprint, or None when there are none; `part` is kept beside the rest."""
    path = path_beside(store)
    if not path.exists():
        return None
    content = json.loads(path.read_text(encoding="utf-8"))
    name = _name(key, part)
    return from_dict(content[name]) if name in content else None


def _name(key: str, part: str) -> str:
    return f"{key} {part}".strip()


def write(store: Path, key: str, outcome: str, findings: Findings, part: str = "") -> None:
    """Keep findings; older ones of the same outcome are dropped. Nothing is kept where nobody may write."""
    with _lock:
        _write(store, key, outcome, findings, part)


def _write(store: Path, key: str, outcome: str, findings: Findings, part: str) -> None:
    path = path_beside(store)
    if not os.access(path.parent, os.W_OK):
        return
    old = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    content = {
        name: kept
        for name, kept in old.items()
        if kept["cohort"]["outcome"] != outcome or name.split()[0] == key
    }
    content[_name(key, part)] = asdict(findings)
    new = path.with_name(path.name + ".new")
    new.write_text(json.dumps(content), encoding="utf-8")
    new.replace(path)


def from_dict(content: dict[str, Any]) -> Findings:
    """Findings from their plain form."""
    return rebuilt(Findings, content)


def rebuilt(kind: Any, value: Any) -> Any:
    """A value as its annotation says: dataclasses from dicts, tuples from lists, None and plain values as they are."""
    if value is None:
        return None
    if isinstance(kind, type) and is_dataclass(kind):
        hints = _hints(kind)
        return kind(**{name: rebuilt(hints[name], each) for name, each in value.items()})
    inner = get_args(kind)
    if get_origin(kind) is tuple:
        each_kind = [inner[0]] * len(value) if Ellipsis in inner else inner
        return tuple(rebuilt(one, each) for one, each in zip(each_kind, value, strict=True))
    known = [each for each in inner if each is not type(None)]
    return rebuilt(known[0], value) if len(known) == 1 and get_origin(kind) is not dict else value


_hints = cache(get_type_hints)
