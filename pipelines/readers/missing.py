"""Numbers that stand for an answer that is not there."""

import re
from collections.abc import Iterable

_MISSING = re.compile(r"-\d{2,4}")


def likely_missing_codes(cells: Iterable[str]) -> tuple[str, ...]:
    """Negative numbers of two digits and more, highest first: nothing that is asked here has such a value."""
    return tuple(sorted({cell for cell in cells if _MISSING.fullmatch(cell)}, key=float, reverse=True))
