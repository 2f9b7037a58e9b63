"""Random damage to any file: bytes, lines, cells, numbers, quotes, encodings, and the structure of JSON and zips.

A change is (name, a, b): two whole numbers say where and how much, so that Hypothesis can make them small.
"""

import io
import json
import zipfile
from collections.abc import Callable
from typing import Any

from hypothesis import strategies as st

Change = tuple[str, int, int]
DELIMITERS = (b",", b";", b"\t", b"|")
STRANGE = (
    b"",
    b"\0",
    b'"',
    b"''",
    b"-1",
    b"0",
    b"1e308",
    b"NaN",
    b"inf",
    b"99999999999999999999",
    b"31/02/2026 25:61",
    b"0000-00-00 00:00",
    b"9999-12-31 23:59:59",
    b"2026-03-29 02:30",
    b"\xff\xfe",
    "搾乳 100ml".encode("cp932"),
    "１２".encode(),
    b"=1+1",
    b"\r",
    b"a\nb",
    b"__EMPTY__",
    b"null",
    b"x" * 5000,
)


def _lines(data: bytes) -> list[bytes]:
    return data.split(b"\n")


def _place(a: int, length: int) -> int:
    return a % max(1, length)


def _flip(data: bytes, a: int, b: int) -> bytes:
    place = _place(a, len(data))
    return data[:place] + bytes([b % 256]) + data[place + 1 :]


def _cut(data: bytes, a: int, b: int) -> bytes:
    place = _place(a, len(data))
    return data[:place] + data[place + 1 + b % 40 :]


def _truncate(data: bytes, a: int, b: int) -> bytes:
    return data[: _place(a, len(data))]


def _insert(data: bytes, a: int, b: int) -> bytes:
    place = _place(a, len(data))
    return data[:place] + STRANGE[_place(b, len(STRANGE))] + data[place:]


def _double_line(data: bytes, a: int, b: int) -> bytes:
    lines = _lines(data)
    place = _place(a, len(lines))
    return b"\n".join(lines[:place] + [lines[place]] * (2 + b % 3) + lines[place + 1 :])


def _drop_line(data: bytes, a: int, b: int) -> bytes:
    lines = _lines(data)
    del lines[_place(a, len(lines))]
    return b"\n".join(lines)


def _swap_lines(data: bytes, a: int, b: int) -> bytes:
    lines = _lines(data)
    one, other = _place(a, len(lines)), _place(b, len(lines))
    lines[one], lines[other] = lines[other], lines[one]
    return b"\n".join(lines)


def _change_cells(data: bytes, a: int, b: int, change: Callable[[list[bytes], int], None]) -> bytes:
    lines = _lines(data)
    place = _place(a, len(lines))
    delimiter = max(DELIMITERS, key=lines[place].count)
    cells = lines[place].split(delimiter)
    change(cells, _place(b, len(cells)))
    lines[place] = delimiter.join(cells)
    return b"\n".join(lines)


def _drop_cell(data: bytes, a: int, b: int) -> bytes:
    return _change_cells(data, a, b, lambda cells, at: cells.pop(at))


def _double_cell(data: bytes, a: int, b: int) -> bytes:
    return _change_cells(data, a, b, lambda cells, at: cells.insert(at, cells[at]))


def _strange_cell(data: bytes, a: int, b: int) -> bytes:
    def change(cells: list[bytes], at: int) -> None:
        cells[at] = STRANGE[_place(a + b, len(STRANGE))]

    return _change_cells(data, a, b, change)


def _quote(data: bytes, a: int, b: int) -> bytes:
    def change(cells: list[bytes], at: int) -> None:
        cells[at] = (b'"' + cells[at], cells[at] + b'"', b'"' + cells[at] + b'"x')[a % 3]

    return _change_cells(data, a, b, change)


def _other_encoding(data: bytes, a: int, b: int) -> bytes:
    """The rest of the file from some line on in another encoding, as when two files are pasted together."""
    encoding = ("utf-16", "utf-16-le", "cp1252", "cp932", "utf-8-sig")[b % 5]
    lines = _lines(data)
    place = _place(a, len(lines))
    rest = b"\n".join(lines[place:]).decode("utf-8", "replace").encode(encoding, "replace")
    return b"\n".join(lines[:place]) + b"\n" * (place > 0) + rest


def _whole_encoding(data: bytes, a: int, b: int) -> bytes:
    encoding = ("utf-16", "utf-16-be", "utf-32", "cp1252", "cp932", "utf-7")[b % 6]
    return data.decode("utf-8", "replace").encode(encoding, "replace")


def _repeat(data: bytes, a: int, b: int) -> bytes:
    return data * (2 + a % 3)


def _json_value(data: bytes, a: int, b: int) -> bytes:
    """One value somewhere in a JSON document gone, doubled, nested or of another kind; else bytes cut out."""
    try:
        document = json.loads(data)
    except ValueError:
        return _cut(data, a, b)
    places = list(_containers(document))
    if not places:
        return data
    container, key = places[a % len(places)]
    others: tuple[Any, ...] = (
        None,
        [],
        {},
        "",
        "x",
        -1,
        1e300,
        True,
        [container[key]],
        {"a": container[key]},
    )
    container[key] = others[b % len(others)]
    return json.dumps(document).encode()


def _containers(node: Any):
    pairs = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for key, value in list(pairs):
        yield node, key
        yield from _containers(value)


def _in_zip(data: bytes, a: int, b: int) -> bytes:
    """One member of a zip (a workbook is one) damaged, the archive itself whole; else bytes turned."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = [(entry.filename, archive.read(entry)) for entry in archive.infolist()]
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, RuntimeError, EOFError):
        return _flip(data, a, b)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for at, (name, content) in enumerate(members):
            damaged = INSIDE[b % len(INSIDE)](content, a, b) if at == a % len(members) else content
            archive.writestr(name, damaged)
    return out.getvalue()


INSIDE = (_flip, _cut, _truncate, _insert, _drop_line, _strange_cell)
CHANGES: dict[str, Callable[[bytes, int, int], bytes]] = {
    "flip": _flip,
    "cut": _cut,
    "truncate": _truncate,
    "insert": _insert,
    "double_line": _double_line,
    "drop_line": _drop_line,
    "swap_lines": _swap_lines,
    "drop_cell": _drop_cell,
    "double_cell": _double_cell,
    "strange_cell": _strange_cell,
    "quote": _quote,
    "other_encoding": _other_encoding,
    "whole_encoding": _whole_encoding,
    "repeat": _repeat,
    "json_value": _json_value,
    "in_zip": _in_zip,
}
BINARY = ("flip", "cut", "truncate", "insert", "in_zip")
JSON = ("flip", "cut", "truncate", "insert", "json_value", "quote", "repeat", "whole_encoding", "drop_line")
LINES = tuple(name for name in CHANGES if name not in ("json_value", "in_zip"))


def changes(suffix: str) -> st.SearchStrategy[list[Change]]:
    """One to six changes that suit a kind of file."""
    names = JSON if suffix == ".json" else LINES if suffix in (".csv", ".tsv", ".txt") else BINARY
    number = st.integers(0, 100_000)
    return st.lists(st.tuples(st.sampled_from(names), number, number), min_size=1, max_size=6)


def mutated(data: bytes, chosen: list[Change]) -> bytes:
    """The data with these changes, one after the other; never much longer than a few times the data."""
    for name, a, b in chosen:
        if data:
            data = CHANGES[name](data, a, b)
    return data[:2_000_000]
