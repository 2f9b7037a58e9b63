"""Tables that may be many gigabytes: proved to be plain text and handed on lazily, or tidied into a copy first."""

import csv
import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import ibis
import ibis.expr.types as ir

from pipelines.errors import InputError
from pipelines.readers.containers.records import records
from pipelines.readers.containers.scratch import scratch_file
from pipelines.readers.containers.tables import (
    Layout,
    cell_name,
    is_repeated_header,
    plain_name,
    records_below,
)
from pipelines.readers.containers.text import detect_encoding, stream_lines

_CHUNK = 1 << 24
_TELLING = 1 << 20


def is_large(path: Path, limit: int) -> bool:
    """Whether a file is too large to be read into memory by us."""
    return path.stat().st_size > limit


def lazy_csv(path: Path, layout: Layout, backend: Any) -> tuple[ir.Table, tuple[str, ...]]:
    """A large delimited text as a lazy table, with warnings.

    One row per data row, columns as in `TextTable.cells` (`repeated_header` and `problem` only where a copy had
    to be made). A file that is rectangular UTF-8 throughout is read by the engine where it lies; any other is
    copied row by row into the scratch space first, so that no row is rejected by the engine.
    """
    columns = [cell_name(place) for place in range(len(layout.header))]
    if is_plain(path, layout):
        table = _read(
            backend, _plainly_named(path), columns, layout.delimiter, skip=_header_lines(path, layout)
        )
        return table.mutate(source_row=ibis.row_number() + 1), ()
    copy, replaced = _tidied_copy(path, layout)
    table = _read(backend, copy, [*columns, "repeated_header", "problem"], ",", skip=0)
    table = table.mutate(source_row=ibis.row_number() + 1, repeated_header=table.repeated_header == "1")
    warnings = ["the file is not plain CSV throughout and was tidied row by row"]
    if replaced:
        warnings.append("some characters could not be read")
    return table, tuple(warnings)


def lazy_parquet(path: Path, backend: Any) -> tuple[ir.Table, tuple[str, ...]]:
    """A Parquet file as a lazy table with its column names; all cells as text, `source_row` in the file's order.

    Empty text and not-a-number are NULL.
    """
    table = backend.read_parquet(str(_plainly_named(path)))
    header = tuple(table.columns)
    cells = {cell_name(place): _as_text(table[name]) for place, name in enumerate(header)}
    return table.select(**cells, source_row=ibis.row_number() + 1), header


def is_plain(path: Path, layout: Layout) -> bool:
    """Whether every line has as many cells as the header, none reaches over lines, and all is UTF-8 or ASCII.

    Also false for empty lines, rows of empty cells, a habit of spaces around cells, and a header that is repeated.
    Costs about a third of what reading the file does; whatever it cannot prove is not plain.
    """
    separator = layout.delimiter.encode()
    check = _LineCheck(separator, len(layout.header))
    header_lines = _header_lines(path, layout)
    with path.open("rb") as file:
        above = [file.readline() for _ in range(header_lines)]
        if any(b'"' in line for line in above[:-1]) or not above:
            return False
        check.begin(above[-1])
        while chunk := file.read(_CHUNK):
            chunk += file.readline()
            if not check.passes(chunk):
                return False
    return True


class _LineCheck:
    """Decides chunk by chunk whether lines are plain."""

    def __init__(self, separator: bytes, width: int):
        self._separators = separator * (width - 1)
        # Signs that never stand in a plain cell stay, and make what is kept differ from what is expected.
        self._others = bytes(set(range(32, 256)) - set(separator + b'"'))
        quoted = rb'(?:(?<=\n)|(?<=%s))"(?! )(?:[^"\x00-\x1f]|"")*(?<! )"(?=%s|\r|\n)' % (
            re.escape(separator),
            re.escape(separator),
        )
        self._quoted = re.compile(quoted)
        self._padding = tuple(
            side
            for space in (b" ", b"\xc2\xa0")
            for side in (space + separator, separator + space, space + b"\n", b"\n" + space)
        )
        self._end = self._header = b"\n"
        # Padding is a habit of the program that wrote the file, and searching for it everywhere is dear.
        self._first = True

    def begin(self, header: bytes) -> None:
        """The header's line end must hold for all lines, and its text must not come again."""
        self._end = b"\r\n" if header.endswith(b"\r\n") else b"\n"
        self._header = b"\n" + header.rstrip(b"\r\n").removeprefix(b"\xef\xbb\xbf") + self._end

    def passes(self, chunk: bytes) -> bool:
        """Whether a chunk of whole lines is plain."""
        if not chunk.endswith(b"\n"):
            chunk += self._end
        chunk = b"\n" + chunk
        if self._header in chunk:
            return False
        if b'"' in chunk:
            chunk = self._quoted.sub(b"q", chunk)
        opening = chunk[:_TELLING] if self._first else b""
        if any(padding in opening for padding in self._padding):
            return False
        self._first = False
        if b"\n" + self._separators + self._end in chunk:
            return False
        line = self._separators + self._end
        kept = chunk.translate(None, self._others)[1:]
        return kept == line * (len(kept) // len(line)) and _is_utf8(chunk)


def _is_utf8(chunk: bytes) -> bool:
    if chunk.isascii():
        return True
    try:
        chunk.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _header_lines(path: Path, layout: Layout) -> int:
    """How many lines the engine must skip: title lines, blank ones among them, and the header."""
    found = 0
    for number, line in enumerate(stream_lines(path, "utf-8-sig"), start=1):
        found += any(True for _ in records([line], layout.delimiter))
        if found > layout.titles:
            return number
    return 0


def _read(backend: Any, path: Path, columns: list[str], delimiter: str, skip: int) -> ir.Table:
    """The engine's own CSV reading with nothing left to guess, every cell as text."""
    return backend.read_csv(
        str(path),
        columns=dict.fromkeys(columns, "VARCHAR"),
        header=False,
        skip=skip,
        delim=delimiter,
        quote='"',
        escape='"',
        # Buffers of the engine's own choice would be so large for such lines that a file fills only one or two of them.
        max_line_size=_CHUNK,
        buffer_size=2 * _CHUNK,
    )


def _tidied_copy(path: Path, layout: Layout) -> tuple[Path, bool]:
    """A rectangular UTF-8 copy with two columns more, `repeated_header` and `problem`; and whether characters
    were lost."""
    width = len(layout.header)
    header = [plain_name(name) for name in layout.header]
    with path.open("rb") as file:
        encoding = detect_encoding(_telling_lines(file))
    copy = scratch_file(".csv")
    replaced = False
    with copy.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        for record in records_below(stream_lines(path, encoding), layout):
            cells = [cell.replace("\n", " ") for cell in record.cells[:width]]
            cells += [""] * (width - len(cells))
            replaced = replaced or any("\ufffd" in cell for cell in cells)
            repeated = "1" if is_repeated_header(record.cells, header) else "0"
            writer.writerow([*cells, repeated, record.problem])
    return copy, replaced


def _telling_lines(file: Any) -> bytes:
    """The first part of a file and the first lines beyond it that are not ASCII: what tells its encoding."""
    opening = file.read(1 << 18)
    if opening[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\0" in opening[:4096]:
        return opening
    opening += file.readline()
    return opening + b"".join(_foreign_lines(file, 1 << 18))


def _foreign_lines(file: Any, limit: int) -> Iterator[bytes]:
    found = 0
    while found < limit and (chunk := file.read(_CHUNK)):
        if chunk.isascii():
            continue
        for line in (chunk + file.readline()).splitlines(keepends=True):
            if not line.isascii() and found < limit:
                found += len(line)
                yield line


def _as_text(column: ir.Column) -> ir.StringValue:
    if column.type().is_floating():
        column = ibis.ifelse(column.isnan(), ibis.null(), column)
    elif column.type().is_nested() or column.type().is_binary():
        raise InputError(
            f"column '{column.get_name()}' holds lists or structures; one value a cell is needed."
        )
    return column.cast("string").nullif("")


def _plainly_named(path: Path) -> Path:
    """The path itself, or a link to it where its name holds signs that an engine takes for a search pattern, or
    bytes that are not UTF-8."""
    if not any(sign in str(path) for sign in "*?[") and str(path) == os.fsencode(path).decode(
        errors="replace"
    ):
        return path
    link = scratch_file(path.suffix)
    link.unlink()
    try:
        link.symlink_to(path.resolve())
    except OSError:  # Windows lets only some people make links
        shutil.copyfile(path, link)
    return link
