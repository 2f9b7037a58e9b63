"""Text on its way into HTML: escaped, on one line, with number and unit kept together."""

import html
import re

NO_BREAK = "\u00a0"
_OF = re.compile(r"(\d) of (?=\d)")
_UNIT = re.compile(
    r"(\d) (?=(?:%|mL|people|sessions|mothers|days|rows|hours|minutes|times|litres|oz|°C|h|min)\b|%)"
)
_TO = re.compile(r"(\d) to (?=\d)")


def keep_together(words: str) -> str:
    """Put no-break spaces into "6 of 100", "60 %", "0.94 to 1.34", "188 people", so that none is torn apart."""
    words = _OF.sub(rf"\1{NO_BREAK}of{NO_BREAK}", words)
    words = _TO.sub(rf"\1{NO_BREAK}to{NO_BREAK}", words)
    return _UNIT.sub(rf"\1{NO_BREAK}", words)


def escape(value: object) -> str:
    """Any value as safe HTML text on one line; a line break would end the HTML block inside Markdown."""
    return html.escape(keep_together(re.sub(r"\s*\n\s*", " ", str(value)).strip()))


def counted(number: int, one: str, many: str) -> str:
    """A count with its noun: "1 row", "1,204 rows"."""
    return f"{number:,}{NO_BREAK}{one if number == 1 else many}"
