"""What the cells of a foreign column look like, judged over the whole column and never by one cell."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from pipelines.settings import load_settings

WORDS = {
    "empty": "the first rows are empty",
    "time": "its values are dates with a time",
    "date": "its values are dates",
    "clock": "its values are times of day",
    "epoch_s": "its values count seconds since 1970",
    "epoch_ms": "its values count milliseconds since 1970",
    "excel_days": "its values count days as a spreadsheet does",
    "volume": "its values are volumes with a unit",
    "length": "its values are lengths of time",
    "number": "its values are numbers",
    "yes_no": "its values are yes and no",
    "words": "it has few different values",
    "code": "its values look like codes",
    "text": "its values are text",
}
_DATE = r"(?:\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4}|\d{1,2}[-. ]+[a-z]{3,9}[-., ]+\d{4}|[a-z]{3,9}[. ]+\d{1,2},? +\d{4})"
_CLOCK = r"\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?(?: ?[ap]\.?m\.?)?"
_ZONE = r"(?: ?(?:z|utc|gmt|[+-]\d{2}:?\d{2}))?"
_NUMBER = r"[+-]?(?:\d+(?:[.,]\d+)?|[.,]\d+)"
_FORMS = {
    "time": re.compile(
        rf"(?:[a-z]{{3,9}}[.,]? )?{_DATE}(?:,? ?(?:t|at)? ?{_CLOCK}{_ZONE})|{_CLOCK},? {_DATE}"
    ),
    "date": re.compile(rf"(?:[a-z]{{3,9}}[.,]? )?{_DATE}"),
    "clock": re.compile(_CLOCK),
    "volume": re.compile(rf"{_NUMBER} ?(?:ml|mls|cc|oz|fl\.? ?oz|ounces?)\.?"),
    "length": re.compile(
        r"\d{1,3}:\d{1,2}(?::\d{1,2})?|(?:\d+ ?(?:h|hrs?|hours?|m|mins?|minutes?|s|secs?|seconds?)\.?,? ?)+"
    ),
    "number": re.compile(_NUMBER),
    "yes_no": re.compile(r"yes|no|y|n|true|false|1|0|checked|unchecked"),
    "code": re.compile(r"[a-z]{0,8}[-_ ]?\d{1,10}[a-z]?|[a-z]{1,3}"),
}
_TWO_PARTS = re.compile(r"(\d{1,3}):\d{1,2}(?::\d{1,2})?")
# Seconds and milliseconds from 2001 to 2100, days from 2001 to 2100.
_EPOCHS = {
    "epoch_s": (978_307_200, 4_102_444_800),
    "epoch_ms": (978_307_200_000, 4_102_444_800_000),
    "excel_days": (36_892, 73_051),
}


@dataclass(frozen=True)
class Looks:
    """What a column's cells look like.

    `kinds` are keys of WORDS that nearly all filled cells fit; `distinct` are the different values in the order they
    come, None where there are too many to be answers; `numbers` the cells that are numbers, `firsts` what stands
    before the colon of cells with two parts.
    """

    kinds: frozenset[str]
    distinct: tuple[str, ...] | None
    numbers: tuple[float, ...]
    filled: int
    firsts: tuple[int, ...] = ()

    def words(self, kinds: Sequence[str]) -> str:
        """The first of these kinds that fits, in words; "" for none."""
        return next((WORDS[kind] for kind in kinds if kind in self.kinds), "")


def _as_number(cell: str) -> float | None:
    return float(cell.replace(",", ".")) if _FORMS["number"].fullmatch(cell) else None


def looks(cells: Sequence[str]) -> Looks:
    """What these cells of one column look like; empty ones say nothing."""
    filled = [" ".join(cell.split()).lower() for cell in cells if cell.strip()]
    if not filled:
        return Looks(frozenset({"empty"}), (), (), 0)
    settings = load_settings()
    enough = settings["mapping.alike_share"] * len(filled)

    def fits(test: Callable[[str], object]) -> bool:
        return sum(1 for cell in filled if test(cell)) >= enough

    kinds = {kind for kind, form in _FORMS.items() if fits(form.fullmatch)}
    numbers = tuple(number for cell in filled if (number := _as_number(cell)) is not None)
    for kind, (low, high) in _EPOCHS.items():
        if sum(1 for number in numbers if low <= number < high) >= enough:
            kinds.add(kind)
    written = tuple(dict.fromkeys(" ".join(cell.split()) for cell in cells if cell.strip()))
    few = len(written) <= settings["mapping.most_levels"] and not kinds & {"time", "date", "clock", "volume"}
    if few:
        kinds.add("words")
    firsts = tuple(int(match[1]) for cell in filled if (match := _TWO_PARTS.fullmatch(cell)))
    return Looks(frozenset(kinds or {"text"}), written if few else None, numbers, len(filled), firsts)
