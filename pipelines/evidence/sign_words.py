"""The reason of one episode of a warning sign in words and numbers. A distress score never gets here."""

from collections.abc import Callable, Mapping
from typing import Any

from pipelines.codebook import load_codebook
from pipelines.evidence import words
from pipelines.guidance.signs import SignRule
from pipelines.metrics.signs import Episode

Numbers = Mapping[str, Any]


def reason_of(episode: Episode, rule: SignRule) -> str:
    """The rule's own sentence for this episode, with thousands, plurals and names of answers in words."""
    numbers = {**episode.numbers, "first_day": episode.first_day, "last_day": episode.last_day}
    filled = dict(numbers)
    if "days" in numbers:
        filled["days"] = words.counted(numbers["days"], "day")
    filled |= WORDS.get(rule.id, _no_more)(numbers)
    return words.capital(rule.reason.format(**filled))


def _no_more(_numbers: Numbers) -> dict[str, str]:
    return {}


def _named(numbers: Numbers) -> str:
    """The answers behind a sign by their names in the codebook."""
    factors = load_codebook().factors
    return words.listed([_inside(factors[name].label) for name in numbers["factors"]])


def _inside(label: str) -> str:
    """A label inside a sentence: a small first letter, unless it is an abbreviation."""
    return label if label[1:2].isupper() else label[:1].lower() + label[1:]


def _infection(numbers: Numbers) -> dict[str, str]:
    return {
        "fever_days": words.counted(numbers["fever_days"], "day"),
        "high": " (high)" if numbers["is_high"] else "",
        "sore": _named(numbers),
        "lasting": ", longer than a day" if numbers["is_lasting"] else "",
    }


def _weight(numbers: Numbers) -> dict[str, str]:
    parts = []
    if numbers["lost"] is not None:
        parts.append(f"{numbers['lost']:.0f} % of the birth weight lost")
    if numbers["below_on"] is not None:
        parts.append(f"still below the birth weight on day {numbers['below_on']} after birth")
    if numbers["worried"]:
        parts.append("a parent worries about weight or feeding")
    return {"what": words.capital("; ".join(parts))}


def _distress(numbers: Numbers) -> dict[str, str]:
    if not numbers["is_dated"]:
        return {"form": "Form without a date"}
    stale = f", {numbers['days_old']} days before her last entry" if numbers["is_stale"] else ""
    return {"form": f"Form of study day {numbers['first_day']}{stale}"}


def _supply(numbers: Numbers) -> dict[str, str]:
    return {"what": _named(numbers)}


def _fullness(numbers: Numbers) -> dict[str, str]:
    return {
        "what": words.capital(_named(numbers)),
        "diary_days": words.counted(numbers["days"], "diary day"),
        "pain": ", with severe pain" if numbers["with_pain"] else "",
    }


def _nipples(numbers: Numbers) -> dict[str, str]:
    days = words.counted(numbers["days"], "day")
    if "factors" in numbers:
        return {"what": f"Cracked or bleeding nipples reported on {days}"}
    return {"what": f"Pain of {numbers['pain']} or more of 10 in {numbers['sessions']} sessions on {days}"}


def _latch(numbers: Numbers) -> dict[str, str]:
    return {"start": ", the first time at the start" if numbers["at_start"] else ""}


def _activation(numbers: Numbers) -> dict[str, str]:
    if "factor" in numbers:
        return {"what": "Reported: " + _inside(load_codebook().factors[numbers["factor"]].label)}
    return {"what": f"Milk had not come in by the end of day {numbers['by_day']} after birth"}


def _falling(numbers: Numbers) -> dict[str, str]:
    return {"share": words.percent(numbers["share"])}


WORDS: dict[str, Callable[[Numbers], dict[str, str]]] = {
    "breast_infection": _infection,
    "infant_weight": _weight,
    "distress_protocol": _distress,
    "medicine_or_condition": _supply,
    "unresolved_fullness": _fullness,
    "nipple_damage": _nipples,
    "falling_volume": _falling,
    "latch_difficulty": _latch,
    "delayed_activation": _activation,
}
