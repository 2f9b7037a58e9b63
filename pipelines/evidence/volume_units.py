"""Volumes in the unit that a mother uses: millilitres or fluid ounces."""

import re

from pipelines.evidence import words
from pipelines.settings import load_settings

MILLILITRES, OUNCES = "ml", "oz"
NAMES = {MILLILITRES: "mL", OUNCES: "oz"}
DIGITS = {MILLILITRES: 0, OUNCES: 1}
TOLD_IN_ML = re.compile(rf"(\d[\d,]*(?:\.\d+)?)[ {words.NO_BREAK}]mL\b")


def amount(volume_ml: float, unit: str) -> float:
    """A volume in mL as a number of the unit."""
    return volume_ml / load_settings()["limits.ml_per_ounce"] if unit == OUNCES else volume_ml


def in_words(volume_ml: float, unit: str) -> str:
    """A volume in the unit that the mother uses: whole mL, ounces to one decimal."""
    return told(amount(volume_ml, unit), unit)


def told(number: float, unit: str) -> str:
    """A number that is in the unit already, with its name."""
    return f"{number:,.{DIGITS[unit]}f}{words.NO_BREAK}{NAMES[unit]}"


def retold(text: str, unit: str) -> str:
    """A sentence of the product with every "120 mL" in it told in the unit; sentences are written in mL."""
    if unit == MILLILITRES:
        return text
    return TOLD_IN_ML.sub(lambda found: in_words(float(found[1].replace(",", "")), unit), text)
