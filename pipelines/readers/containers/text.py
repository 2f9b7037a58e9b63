"""Bytes to text, whatever program saved them."""

import codecs
from collections.abc import Iterator
from pathlib import Path

from charset_normalizer import from_bytes

from pipelines.errors import InputError
from pipelines.settings import load_settings

# The longer mark first: UTF-32 begins with the bytes of UTF-16.
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# What spreadsheet programs and phones of our users' languages write; with fewer candidates short texts are
# told apart better.
_LEGACY = [
    "cp1252",
    "cp1251",
    "cp1250",
    "cp932",
    "euc_jp",
    "gb18030",
    "big5",
    "euc_kr",
    "koi8_r",
    "mac_roman",
]
# No-break, narrow no-break, thin and ideographic spaces stand where a plain one is meant; a mark in the middle
# of a text, a NUL and the substitute sign that ends old files mean nothing.
_SPACES = {
    0x00A0: " ",
    0x2007: " ",
    0x2009: " ",
    0x202F: " ",
    0x3000: " ",
    0xFEFF: None,
    0x0000: None,
    0x001A: None,
}
_REPLACED = "\ufffd"


def detect_encoding(data: bytes) -> str:
    """Name the encoding of `data` (a whole file or its first part).

    A byte-order mark decides; else zero bytes in every second place mean UTF-16; else UTF-8 when nearly all of
    it is valid (a file cut in the middle of a character stays UTF-8); else the likeliest legacy encoding.
    """
    for mark, name in _MARKS:
        if data.startswith(mark):
            return name
    sample = data[:4096]
    if sample[1::2].count(0) > len(sample) // 5 and sample[0::2].count(0) == 0:
        return "utf-16-le"
    if sample[0::2].count(0) > len(sample) // 5 and sample[1::2].count(0) == 0:
        return "utf-16-be"
    decoded = data.decode("utf-8", "replace")
    broken = decoded.count(_REPLACED)
    foreign = sum(1 for sign in decoded if sign > "\x7f") - broken
    if broken == 0 or broken * 10 <= foreign or decoded.rstrip(_REPLACED).count(_REPLACED) == 0:
        return "utf-8"
    best = from_bytes(data, cp_isolation=_LEGACY).best()
    return best.encoding if best else "cp1252"


def decode(data: bytes) -> tuple[str, str, bool]:
    """Turn bytes into text: the text with `\\n` line ends and plain spaces, its encoding, and whether a byte had
    to be replaced because it is no character of that encoding."""
    encoding = detect_encoding(data)
    text = data.decode(encoding, "replace")
    return tidy(text).replace("\r\n", "\n").replace("\r", "\n"), encoding, _REPLACED in text


def tidy(text: str) -> str:
    """Text with every kind of space as a plain one, and without NUL and stray byte-order marks."""
    if text.isascii() and "\0" not in text and "\x1a" not in text:
        return text
    return text.translate(_SPACES)


def first_lines(path: Path) -> list[str]:
    """The lines of the first part of a file, enough to recognise it; an incomplete last line is left out.

    Raises InputError when the file is empty or cannot be opened.
    """
    limit = load_settings()["readers.opening_bytes"]
    with _open(path) as file:
        data = file.read(limit)
    if not data.strip(b"\0 \t\r\n\x1a\xef\xbb\xbf\xff\xfe"):
        raise InputError(f"{path.name}: the file is empty.")
    lines = decode(data)[0].split("\n")
    return lines[:-1] if len(data) == limit and len(lines) > 1 else lines


def whole_text(path: Path) -> tuple[str, str, bool]:
    """All of a small file as text, with its encoding and whether a byte had to be replaced."""
    with _open(path) as file:
        return decode(file.read())


def stream_lines(path: Path, encoding: str) -> Iterator[str]:
    """The lines of a file of any size, without line ends; bytes that are no character become U+FFFD."""
    with path.open(encoding=encoding, errors="replace", newline=None) as file:
        for line in file:
            yield tidy(line.rstrip("\n"))


def _open(path: Path):
    try:
        return path.open("rb")
    except OSError as error:
        raise InputError(f"{path.name}: cannot be opened ({error.strerror}).") from None
