"""JSON to FHIR resources: a bundle, a list, a single resource, or one resource a line."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipelines.errors import InputError
from pipelines.readers.containers.text import whole_text

BROKEN = "broken_json"
NO_RESOURCE = "no_resource"
_MARK = re.compile(r'"resourceType"\s*:')
_DEEPEST = 20


@dataclass(frozen=True)
class Resource:
    """One resource as it stands in the file; empty with a `problem` where it could not be read."""

    content: Mapping[str, Any]
    problem: str = ""

    @property
    def kind(self) -> str:
        """Its resourceType."""
        return str(self.content.get("resourceType", ""))


@dataclass(frozen=True)
class Found:
    """All resources of a file in its order, and what is to be said about the file."""

    resources: tuple[Resource, ...]
    warnings: tuple[str, ...] = ()


def is_fhir(opening: str) -> bool:
    """Whether a text begins like JSON and names a resourceType."""
    return opening.lstrip().startswith(("{", "[")) and _MARK.search(opening) is not None


def resources(path: Path) -> Found:
    """Every resource of a file; those inside bundles one by one.

    Raises InputError for text that is no JSON, neither as a whole nor line by line.
    """
    text, encoding, replaced = whole_text(path)
    warnings = [f"some characters could not be read as {encoding}"] if replaced else []
    if not is_fhir(text):
        raise InputError(f"{path.name}: no JSON with FHIR's resourceType.")
    try:
        document = json.loads(text)
    except RecursionError:
        raise InputError(f"{path.name}: this JSON is nested too deeply to be one of FHIR.") from None
    except ValueError as error:
        lines = tuple(_by_line(text))
        if not any(line.content for line in lines):
            line = getattr(error, "lineno", 1)
            raise InputError(f"{path.name}: no valid JSON from line {line} on; export it again.") from None
        return Found(lines, tuple(warnings))
    if isinstance(document, dict) and any(
        isinstance(link, dict) and link.get("relation") == "next" for link in as_list(document.get("link"))
    ):
        warnings.append("this bundle is one page of several; ingest the other pages too")
    return Found(tuple(_flat(document)), tuple(warnings))


def as_list(value: Any) -> list[Any]:
    """What should be a list as one: a single value is a list of it, nothing is an empty one."""
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def _by_line(text: str) -> Iterator[Resource]:
    for line in text.split("\n"):
        if not line.strip():
            continue
        try:
            yield from _flat(json.loads(line))
        except (ValueError, RecursionError):
            yield Resource({}, BROKEN)


def _flat(value: Any, depth: int = 0) -> Iterator[Resource]:
    if isinstance(value, list):
        for each in value:
            yield from _flat(each, depth + 1)
    elif not isinstance(value, dict) or "resourceType" not in value or depth > _DEEPEST:
        yield Resource({}, NO_RESOURCE)
    elif value["resourceType"] == "Bundle":
        for entry in as_list(value.get("entry")):
            yield from _flat(entry.get("resource") if isinstance(entry, dict) else None, depth + 1)
    else:
        yield Resource(value)
