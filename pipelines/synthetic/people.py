"""Who takes part: group, person effects, fixed traits, start and leaving. One row a participant."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from pipelines.synthetic.recipe import Recipe, random_stream

Random = np.random.Generator
AGE_BANDS = ("under_20", "20_24", "25_29", "30_34", "35_39", "40_plus")


def choose(random: Random, shares: Mapping[str, float], size: int) -> np.ndarray:
    """Draw answers with the given shares (scaled to sum to 1)."""
    weights = np.array(list(shares.values()), dtype=float)
    edges = np.cumsum(weights / weights.sum())
    return np.array(list(shares), dtype=object)[
        np.searchsorted(edges[:-1], random.random(size), side="right")
    ]


def bridge_effect(uniform: np.ndarray, bridge: float) -> np.ndarray:
    """Person effects on the log-odds scale from the bridge distribution for the logistic link.

    With them, `expit(m / bridge + effect)` averages over people to exactly `expit(m)`, so population-averaged odds
    ratios are known without simulation (Wang and Louis, Biometrika 2003).
    """
    return np.log(np.sin(bridge * np.pi * uniform) / np.sin(bridge * np.pi * (1 - uniform))) / bridge


def _by_group(recipe: Recipe, group: np.ndarray, key: str) -> np.ndarray:
    return pd.Series(group).map({name: entry[key] for name, entry in recipe["groups"].items()}).to_numpy()


def _whole_between(random: Random, ranges: Sequence[Sequence[int]]) -> np.ndarray:
    low, high = np.array([list(entry) for entry in ranges]).T
    return random.integers(low, high + 1)


def _dates(recipe: Recipe, random: Random, size: int) -> np.ndarray:
    waves = np.array(recipe["calendar"]["waves"], dtype="datetime64[D]")
    wave = waves[random.integers(0, len(waves), size)]
    span = (wave[:, 1] - wave[:, 0]).astype(int)
    return wave[:, 0] + random.integers(0, span + 1)


def _effects(recipe: Recipe, random: Random, people: pd.DataFrame) -> dict[str, np.ndarray]:
    person, size = recipe["person"], len(people)
    group = people["group"].to_numpy()
    effect = bridge_effect(random.random(size), person["bridge"])
    z = effect / person["effect_sd"]

    def beside(correlation: float) -> np.ndarray:
        return correlation * z + np.sqrt(1 - correlation**2) * random.standard_normal(size)

    volume = np.exp(
        person["volume_log_sd"] * beside(person["volume_correlation"]) - person["volume_log_sd"] ** 2 / 2
    )
    rise = _by_group(recipe, group, "half_rise_log_sd") * beside(person["half_rise_correlation"])
    rate_sd = _by_group(recipe, group, "rate_log_sd")
    rate = _by_group(recipe, group, "rate") * np.exp(
        rate_sd * random.standard_normal(size) + person["power_per_sd"] * z
    )
    share = random.normal(person["right_share"], person["right_share_sd"], size)
    return {
        "effect": effect,
        "z": z,
        "plateau_ml": _by_group(recipe, group, "plateau") * np.minimum(volume, person["volume_highest"]),
        "half_rise_day": _by_group(recipe, group, "half_rise_day") * np.exp(rise),
        "rate": rate,
        "right_share": np.clip(share, 0.2, 0.8),
        "stress_mean": beside(recipe["stress"]["person"]),
    }


def _leaving(recipe: Recipe, random: Random, people: pd.DataFrame) -> np.ndarray:
    """Study day of withdrawal, NaN for those who stay."""
    weekly = _by_group(recipe, people["group"].to_numpy(), "leaving")
    hazard = -np.log1p(-weekly) / 7 * np.exp(recipe["person"]["leaving_per_sd"] * people["z"])
    day = np.ceil(random.exponential(size=len(people)) / hazard)
    return np.where(day < recipe.days, day, np.nan)


def _age_bands(recipe: Recipe, random: Random, size: int) -> np.ndarray:
    years = random.normal(recipe["traits"]["age_mean"], recipe["traits"]["age_sd"], size)
    return np.array(AGE_BANDS, dtype=object)[np.searchsorted([20, 25, 30, 35, 40], years, side="right")]


def _yes(random: Random, share: float, size: int) -> np.ndarray:
    return np.where(random.random(size) < share, "yes", "no").astype(object)


def _traits(recipe: Recipe, random: Random, people: pd.DataFrame) -> dict[str, np.ndarray]:
    traits, size = recipe["traits"], len(people)

    def levels(reference: str, **shares: float) -> np.ndarray:
        return choose(random, {reference: 1 - sum(shares.values())} | shares, size)

    contraceptive = levels("none", progestin_only=traits["progestin_only"])
    working = people["group"].to_numpy() == "working"
    main_pump = np.empty(size, dtype=object)
    for name, entry in recipe["groups"].items():
        chosen = choose(random, entry["pumps"], size)
        main_pump = np.where(people["group"] == name, chosen, main_pump)
    return {
        "flange_fit": levels("good", too_small=traits["too_small"], too_large=traits["too_large"]),
        "breast_hypoplasia": levels("none", told_by_clinician=traits["breast_hypoplasia"]),
        "hypothyroidism": levels(
            "none", untreated=traits["thyroid_untreated"], treated=traits["thyroid_treated"]
        ),
        "pcos": _yes(random, traits["pcos"], size),
        "parity": levels("later_birth", first_birth=traits["first_birth"]),
        "hormonal_contraceptive": np.where(working, contraceptive, "none"),
        "oats": _yes(random, traits["oats"], size),
        "galactagogue": levels(
            "none", herb_or_tea=traits["galactagogue_herb"], medicine=traits["galactagogue_medicine"]
        ),
        "breast_surgery": levels(
            "none", reduction=traits["surgery_reduction"], enlargement=traits["surgery_enlargement"]
        ),
        "birth_mode": levels(
            "vaginal",
            caesarean_planned=traits["caesarean_planned"],
            caesarean_urgent=traits["caesarean_urgent"],
        ),
        "main_pump": main_pump,
        "gestational_age_weeks": _whole_between(
            random, list(_by_group(recipe, people["group"], "gestation"))
        ),
    }


def make_people(recipe: Recipe, size: int, seed: int, part: int = 0) -> pd.DataFrame:
    """Draw the participants: one row each, factor columns under their codebook ids.

    `effect` is the person effect on the log-odds scale, `z` the same in SD; `withdrawn_day` is the study day of
    leaving, NaN for those who stay; dates are calendar dates of the exports. `part` gives further, independent
    people of the same study.
    """
    random = random_stream(seed, "people", part)
    groups = {name: entry["share"] for name, entry in recipe["groups"].items()}
    people = pd.DataFrame({"group": choose(random, groups, size)})
    people = people.assign(**_effects(recipe, random, people))
    people["withdrawn_day"] = _leaving(recipe, random, people)
    people = people.assign(**_traits(recipe, random, people))
    people["start_day"] = _whole_between(random, list(_by_group(recipe, people["group"], "first_day")))
    people["start_date"] = _dates(recipe, random, size)
    people["birth_date"] = people["start_date"] - pd.to_timedelta(people["start_day"], unit="D")
    for column in ("feeding_mode", "work_status"):
        people[column] = _by_group(recipe, people["group"], column)
    for column in ("sleep", "fluids"):
        diary = recipe["diary"][column]
        people[f"{column}_mean"] = random.normal(diary["mean"], diary["between"], size)
    people["maternal_age_band"] = _age_bands(recipe, random, size)
    return people


def number_people(recipe: Recipe, people: pd.DataFrame) -> pd.DataFrame:
    """Give each row its raw identifier; its parity is the placebo of person grain, which does nothing."""
    number = np.arange(1, len(people) + 1)
    width = max(3, len(str(len(people))))
    prefix = recipe["cohort"]["identifier"]
    return people.assign(
        participant=[f"{prefix}{value:0{width}d}" for value in number],
        placebo_person=np.where(number % 2 == 1, "yes", "no"),
    )
