"""The recipe: every number the generator uses, read from `data/synthetic.toml`, and the variants of it."""

import copy
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from pipelines import DATA
from pipelines.errors import DataFileError

RECIPE_FILE = DATA / "synthetic.toml"

# The order gives every stage its own stream of random numbers, so a change in one leaves the others as they were.
STAGES = ("people", "days", "sessions", "courses", "reports", "log", "forms", "others")


@dataclass(frozen=True)
class Effect:
    """What one factor does to a session: the truth that an analysis should find.

    `levels` are the answers that carry it (a number has none and a `centre` instead). Odds ratios are
    population-averaged with everything else given; `odds_ratio_total` counts the steps in `via` too;
    `odds_ratio_logged` is what remains in the log where the log blurs the factor, None where it does not.
    `volume_ratio` is the ratio of mean volume once milk came, None where it is no ratio.
    """

    id: str
    factor: str
    kind: str
    component: str
    odds_ratio: float
    levels: tuple[str, ...] = ()
    reference: str | None = None
    unit: str = "yes"
    centre: float = 0.0
    odds_ratio_total: float | None = None
    odds_ratio_logged: float | None = None
    via: tuple[str, ...] = ()
    volume_ratio: float | None = None
    naive: str = ""
    note: str = ""


@dataclass(frozen=True)
class Recipe:
    """All numbers of one variant, by section, and the effects."""

    variant: str
    sections: Mapping[str, Any]
    effects: tuple[Effect, ...]

    def __getitem__(self, section: str) -> Any:
        """One section of the file as a mapping; an unknown name is a programmer's error."""
        return self.sections[section]

    @property
    def days(self) -> int:
        """Study days of follow-up."""
        return self.sections["cohort"]["days"]

    @property
    def clean_review(self) -> bool:
        """Whether persons without a planted course must show no warning sign."""
        return self.sections["cohort"].get("unplanted_without_signs", False)


def _set(content: dict, name: str, value: Any) -> None:
    section, key = name.split(".")
    content[section][key] = value


def _without_effect(entry: dict) -> dict:
    without = entry | {"odds_ratio": 1.0}
    without |= {key: 1.0 for key in ("odds_ratio_total", "odds_ratio_logged", "volume_ratio") if key in entry}
    return without


def load_recipe(variant: str = "base", path: Path = RECIPE_FILE) -> Recipe:
    """Read the recipe and apply a variant.

    Raises DataFileError, naming those there are, for a variant that the file does not describe.
    """
    with path.open("rb") as file:
        content = tomllib.load(file)
    variants = content.pop("variants")
    effects = content.pop("effects")
    if variant not in variants:
        raise DataFileError(f"{path.name}: no variant '{variant}'; there are {', '.join(variants)}.")
    content = copy.deepcopy(content)
    for name, value in variants[variant].items():
        if name == "effects.none":
            effects = [_without_effect(entry) for entry in effects]
        else:
            _set(content, name, value)
    lists = [
        entry | {key: tuple(value) for key, value in entry.items() if isinstance(value, list)}
        for entry in effects
    ]
    return Recipe(variant, content, tuple(Effect(**entry) for entry in lists))


def random_stream(seed: int, stage: str, part: int = 0) -> np.random.Generator:
    """The random numbers of one stage; the same seed, stage and part always give the same ones."""
    return np.random.default_rng([seed, STAGES.index(stage), part])
