"""JSON exports that are lists of entries: every list becomes a text table of its own, as a workbook's sheets do."""

import csv
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from pipelines.errors import InputError
from pipelines.readers.containers.scratch import scratch_file
from pipelines.readers.containers.text import whole_text
from pipelines.settings import load_settings

WHOLE = "list"


def is_json(path: Path) -> bool:
    """Whether a file begins like JSON and is small enough to be read whole."""
    try:
        with path.open("rb") as file:
            opening = file.read(64).removeprefix(b"\xef\xbb\xbf").lstrip()
        return (
            opening[:1] in (b"{", b"[") and path.stat().st_size <= load_settings()["readers.small_file_bytes"]
        )
    except OSError:
        return False


def lists(path: Path) -> list[tuple[str, Path]]:
    """Name and text copy (UTF-8 CSV in the scratch space) of each list of entries; empty when there is none.

    Raises InputError when the text is no JSON.
    """
    try:
        content = json.loads(whole_text(path)[0])
    except (ValueError, RecursionError):
        raise InputError(f"{path.name}: this JSON file is damaged; export it anew.") from None
    named = content.items() if isinstance(content, dict) else [(WHOLE, content)]
    return [(str(name), _copy(entries)) for name, entries in named if _is_table(entries)]


def _is_table(entries: Any) -> bool:
    return isinstance(entries, list) and bool(entries) and all(isinstance(each, dict) for each in entries)


def _copy(entries: list[dict]) -> Path:
    rows = [dict(_flat(entry)) for entry in entries]
    header = list(dict.fromkeys(name for row in rows for name in row))
    copy = scratch_file(".csv")
    with copy.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows([row.get(name, "") for name in header] for row in rows)
    return copy


def _flat(entry: Mapping[str, Any], above: str = "") -> Iterator[tuple[str, str]]:
    """Names and texts of an entry's values; what lies deeper has the names on the way joined by a point."""
    for name, value in entry.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{above}{name}.")
        else:
            yield f"{above}{name}", _text(value)


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return "; ".join(map(_text, value))
    return str(value)
