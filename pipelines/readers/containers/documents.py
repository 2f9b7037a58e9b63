"""JSON as apps and servers save it: one document, or several one after the other in a file."""

import json
from pathlib import Path
from typing import Any

from pipelines.errors import InputError
from pipelines.readers.containers.text import whole_text

_START = ("{", "[")


def begins_like_json(text: str) -> bool:
    """Whether a text may be JSON that holds objects."""
    return text.lstrip().startswith(_START)


def json_documents(path: Path) -> list[Any]:
    """All JSON documents of a file, in its order.

    Raises InputError with line and column where a document is damaged: what stands behind the damage could only be
    guessed.
    """
    text = whole_text(path)[0]
    decoder, found, place = json.JSONDecoder(), [], 0
    try:
        while (place := _next(text, place)) < len(text):
            document, place = decoder.raw_decode(text, place)
            found.append(document)
    except json.JSONDecodeError as error:
        raise InputError(
            f"{path.name}: not valid JSON (line {error.lineno}, column {error.colno}); export the file again."
        ) from None
    except (RecursionError, ValueError):
        raise InputError(f"{path.name}: this JSON cannot be read; export the file again.") from None
    return found


def _next(text: str, place: int) -> int:
    """Where the next document begins: behind spaces and line ends, and commas between saved pages."""
    while place < len(text) and (text[place].isspace() or text[place] == ","):
        place += 1
    return place
