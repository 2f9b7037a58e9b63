"""Reading the product's own `data/` files: an entry becomes a dataclass, or an error that names file and entry."""

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import MISSING, fields
from pathlib import Path
from types import UnionType
from typing import Any, NoReturn, TypeVar, get_args, get_origin

from pipelines.errors import DataFileError

Entry = TypeVar("Entry")
WORDS = {
    tuple: "a list",
    str: "a text",
    int: "a whole number",
    float: "a number",
    bool: "true or false",
    Mapping: "a table",
}


def refuse(file: str, entry: str, problems: Iterable[str]) -> NoReturn:
    """Raise DataFileError with everything that is wrong with one entry of a file."""
    raise DataFileError(f"{file}: entry '{entry}': {'; '.join(problems)}.")


def read_entries(path: Path) -> dict[str, Any]:
    """The content of a TOML file.

    Raises DataFileError when it is missing or cannot be read; what is broken or said twice is named by the table
    header above it.
    """
    try:
        text = path.read_text(encoding="utf-8")
        return tomllib.loads(text)
    except FileNotFoundError:
        raise DataFileError(f"{path.name} is missing from {path.parent}.") from None
    except UnicodeDecodeError:
        raise DataFileError(f"{path.name} is not UTF-8 text.") from None
    except tomllib.TOMLDecodeError as error:
        message = str(error)
    refuse(path.name, _header_above(text, message), [message])


def _header_above(text: str, message: str) -> str:
    """The table header at or above the line that a parser's message names."""
    line = re.search(r"at line (\d+)", message)
    above = text.splitlines()[: int(line.group(1)) if line else None]
    headers = [row.strip("[] \t").replace('"', "") for row in above if row.startswith("[")]
    return headers[-1] if headers else "(top of the file)"


def table(file: str, name: str, value: Any) -> Mapping[str, Any]:
    """The value, if it is a table; raises DataFileError otherwise."""
    return value if isinstance(value, Mapping) else refuse(file, name, ["must be a table"])


def build(kind: type[Entry], file: str, name: str, entry: Any, **given: Any) -> Entry:
    """A dataclass from a table of a file; lists become tuples.

    Raises DataFileError for fields that are unknown, missing, or of another type than the dataclass declares.
    """
    content = table(file, name, entry)
    values = {
        key: tuple(value) if isinstance(value, list) else value for key, value in content.items()
    } | given
    declared = {field.name: field for field in fields(kind)}  # type: ignore[arg-type]
    problems = [f"unknown field '{key}'" for key in values if key not in declared]
    for key, field in declared.items():
        if key not in values:
            problems += [f"'{key}' is missing"] if field.default is MISSING else []
        elif not _fits(values[key], field.type):
            problems.append(f"'{key}' must be {WORDS[_plain(field.type)[0]]}")
    if problems:
        refuse(file, name, problems)
    return kind(**values)


def _plain(kind: Any) -> tuple[type, ...]:
    """The types that a declared one allows, without what they contain: `tuple[str, ...]` is a tuple."""
    return tuple(
        get_origin(each) or each for each in (get_args(kind) if isinstance(kind, UnionType) else (kind,))
    )


def _fits(value: Any, kind: Any) -> bool:
    """Whether a value is of the declared type; a whole number is a float, true is not a number."""
    allowed = _plain(kind)
    if isinstance(value, bool):
        return bool in allowed
    return isinstance(value, allowed + ((int,) if float in allowed else ()))


def with_parts(kind: type[Entry], file: str, name: str, entry: Any, key: str) -> dict[str, Any]:
    """The entry with its list of sub-tables under `key` turned into dataclasses; no list is an empty one."""
    content = table(file, name, entry)
    return {**content, key: [build(kind, file, name, part) for part in content.get(key, [])]}
