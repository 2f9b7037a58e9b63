"""Volumes in the unit that a mother uses: millilitres or fluid ounces."""

from pipelines.evidence import words
from pipelines.settings import load_settings

MILLILITRES, OUNCES = "ml", "oz"
NAMES = {MILLILITRES: "mL", OUNCES: "oz"}
DIGITS = {MILLILITRES: 0, OUNCES: 1}


def amount(volume_ml: float, unit: str) -> float:
    """A volume in mL as a number of the unit."""
    return volume_ml / load_settings()["limits.ml_per_ounce"] if unit == OUNCES else volume_ml


def in_words(volume_ml: float, unit: str) -> str:
    """A volume in the unit that the mother uses: whole mL, ounces to one decimal."""
    return f"{amount(volume_ml, unit):,.{DIGITS[unit]}f}{words.NO_BREAK}{NAMES[unit]}"
