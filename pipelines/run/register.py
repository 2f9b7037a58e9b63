"""What is known of the files that a study received: their names, which the store must not hold, and what they became."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from pipelines.errors import Asked
from pipelines.run.uploads import write_whole


@dataclass(frozen=True)
class KnownFile:
    """A received file, or a part of one, that the store holds rows of; `path` is relative to `incoming`."""

    source_id: str
    content: str
    name: str
    path: str
    part: str = ""


@dataclass(frozen=True)
class OpenFile:
    """A received file, or a part of one, that was not read, and why; perhaps a table that can be mapped, or one whose
    `reader` cannot use it as it is read now."""

    name: str
    path: str
    part: str
    reason: str
    reader: str = ""


@dataclass(frozen=True)
class Register:
    """What is known of the received files. `asked` are questions that wait for an answer; while any does, nothing of
    their upload is in the store. `left_out` are files' paths, each with the code of a
    part that was removed from the study."""

    files: tuple[KnownFile, ...] = ()
    open: tuple[OpenFile, ...] = ()
    asked: tuple[Asked, ...] = ()
    left_out: tuple[tuple[str, str], ...] = ()


def read_register(path: Path) -> Register:
    """The register in a file; an empty one where there is none."""
    if not path.is_file():
        return Register()
    content = json.loads(path.read_text(encoding="utf-8"))
    return Register(
        tuple(KnownFile(**each) for each in content["files"]),
        tuple(OpenFile(**each) for each in content["open"]),
        tuple(Asked(**each) for each in content["asked"]),
        tuple((path, code) for path, code in content["left_out"]),
    )


def keep_register(register: Register, path: Path) -> None:
    """Write a register, whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    content = asdict(register) | {
        "asked": [vars(each) | {"choices": dict(each.choices)} for each in register.asked]
    }
    write_whole(path, json.dumps(content, ensure_ascii=False, indent=1))
