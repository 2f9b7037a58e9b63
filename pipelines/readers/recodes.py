"""Which of our answers a foreign value may be; numbers without words are left for a person to say."""

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from pipelines.codebook import Factor, Level, plain
from pipelines.settings import load_settings

# What the checks understand anyway, so that it needs no recode.
_YES_NO = ("yes", "no", "y", "n", "true", "false", "t", "f", "1", "0", "10", "00", "checked", "unchecked")


@dataclass(frozen=True)
class Recode:
    """One of their values, the code of ours that it is taken for ("" for none yet), and why."""

    value: str
    code: str
    reason: str


def recodes(factor: Factor, values: Sequence[str]) -> tuple[Recode, ...]:
    """One entry for every value of a coded factor that would not be understood as it is written."""
    if factor.is_numeric:
        return ()
    understood = {plain(level.code) for level in factor.levels}
    if factor.kind == "yes_no":
        understood |= set(_YES_NO)
    return tuple(_recode(factor, value) for value in values if plain(value) not in understood)


def _recode(factor: Factor, value: str) -> Recode:
    if not any(sign.isalpha() for sign in value):
        return Recode(value, "", "a number tells no meaning; look it up in your codebook")
    ratio, level = max(
        ((_likeness(value, level), level) for level in factor.levels), key=lambda pair: pair[0]
    )
    if ratio == 1:
        return Recode(value, level.code, "the same words")
    if ratio >= load_settings()["mapping.likeness"]:
        return Recode(value, level.code, f"like '{level.label}'")
    return Recode(value, "", "like none of our answers")


def _likeness(value: str, level: Level) -> float:
    """Likeness to a level's code or label; 1 also where all words of the value stand in one of them."""
    words = set(value.lower().replace("-", " ").replace("_", " ").split())
    best = 0.0
    for known in (level.code, level.label):
        ratio = SequenceMatcher(None, plain(value), plain(known)).ratio()
        inside = words <= set(known.lower().replace("-", " ").replace("_", " ").split())
        best = max(best, ratio, 0.9 if inside else 0.0)
    return best
