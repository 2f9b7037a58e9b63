"""When a number is not given, or carries no verdict, and the words that say why without the hidden count."""

from dataclasses import dataclass

import numpy as np

from pipelines.analysis.exposures import Counts
from pipelines.settings import Settings


@dataclass(frozen=True)
class Gates:
    """Reasons why an estimate carries no verdict; `insufficient` where data are lacking rather than unclear."""

    reasons: tuple[str, ...] = ()
    insufficient: bool = False

    def __add__(self, more: "Gates") -> "Gates":
        return Gates(self.reasons + more.reasons, self.insufficient or more.insufficient)


def insufficient(reason: str) -> Gates:
    """A gate that makes the data insufficient."""
    return Gates((reason,), True)


def inconclusive(reason: str) -> Gates:
    """A gate that leaves a finding inconclusive at best."""
    return Gates((reason,), False)


def level_refusal(
    level: Counts, reference: Counts, minimum_cell: int, settings: Settings
) -> tuple[str, str] | None:
    """(status, reason) where a level cannot be compared at all: hidden, or too few people; None where it can."""
    for name, counts in (("this answer", level), ("the answer it is compared with", reference)):
        if counts.participants < minimum_cell:
            return "suppressed", f"fewer than {minimum_cell} people gave {name}, so its numbers stay hidden"
    needed = settings["gates.participants_for_estimate"]
    if min(level.participants, reference.participants) < needed:
        return "not_estimable", f"fewer than {needed} people on one side of the comparison"
    return None


def model_refusal(sides: tuple[Counts, ...], minimum_cell: int, settings: Settings) -> tuple[str, str] | None:
    """As `level_refusal`, of the people whom the adjusted model could use: those with all the answers it needs."""
    fewest = min(side.participants for side in sides)
    if fewest < minimum_cell:
        return "suppressed", f"fewer than {minimum_cell} people have all the answers this model needs"
    needed = settings["gates.participants_for_estimate"]
    if fewest < needed:
        return "not_estimable", f"fewer than {needed} people have all the answers this model needs"
    return None


def event_gate(sides: tuple[Counts, ...], share: float, settings: Settings) -> Gates:
    """Too few people with the outcome on a side; more are needed where the outcome is rare."""
    rare = share < settings["gates.rare_outcome_share"]
    needed = settings[
        "gates.participants_with_rare_event_per_level" if rare else "gates.participants_with_event_per_level"
    ]
    if min(side.with_event for side in sides) >= needed:
        return Gates()
    why = f" (the outcome is rarer than {_percent(settings['gates.rare_outcome_share'])})" if rare else ""
    where = "on one or both sides of the comparison" if len(sides) > 1 else "in the comparison"
    return insufficient(f"fewer than {needed} people with such a session {where}{why}")


def people_gate(sides: tuple[Counts, ...], settings: Settings) -> Gates:
    """For volumes: too few people on a side."""
    needed = settings["gates.participants_with_event_per_level"]
    if min(side.participants for side in sides) >= needed:
        return Gates()
    return insufficient(f"fewer than {needed} people on one or both sides of the comparison")


def within_gate(varying: int, settings: Settings) -> Gates:
    """Too few people in whom both factor and outcome vary."""
    needed = settings["gates.varying_participants"]
    if varying >= needed:
        return Gates()
    return insufficient(f"fewer than {needed} people for whom both this and the outcome change over time")


def weight_gate(largest_share: float, effective: float, settings: Settings) -> Gates:
    """A few people carry the estimate."""
    found = Gates()
    if largest_share > settings["gates.largest_share"]:
        found += inconclusive(
            f"one person carries more than {_percent(settings['gates.largest_share'])} of the uncertainty"
        )
    if effective < settings["gates.effective_participants"]:
        found += inconclusive(
            f"fewer than {settings['gates.effective_participants']} people in effect carry this estimate"
        )
    return found


def size_gate(participants: int, parameters: int, settings: Settings) -> Gates:
    """Too few people for the model even after it was cut."""
    needed = settings["gates.people_per_parameter"]
    if participants >= needed * parameters:
        return Gates()
    return inconclusive(f"fewer than {needed} people for each number the model estimates")


def inflation_gate(inflation: float, entangled: str, together: float | None, settings: Settings) -> Gates:
    """Entangled with something adjusted for: judged together with it (a p-value), not alone."""
    if inflation <= settings["gates.vif_joint"]:
        return Gates()
    apart = f"hard to tell apart from {entangled} (variance inflation {inflation:.0f})"
    if together is None:
        return inconclusive(apart)
    clear = together <= 1 - settings["inference.confidence"]
    verb = "go clearly" if clear else "do not go clearly"
    return inconclusive(f"{apart}; the two together {verb} with the outcome")


def answer_gate(answered: int, everyone: int, settings: Settings) -> Gates:
    """Too many people gave no answer at all."""
    share = settings["gates.missing_people_share"]
    if everyone == 0 or 1 - answered / everyone <= share:
        return Gates()
    return inconclusive(f"more than {_percent(share)} of the people have no answer")


def logging_gate(
    missing: tuple[float, float], sessions_a_day: tuple[float, float] | None, settings: Settings
) -> Gates:
    """Sessions without a volume, or sessions logged a day, differ between the two sides."""
    found = Gates()
    if abs(missing[0] - missing[1]) > settings["gates.missing_difference"]:
        found += inconclusive("volumes are missing more often on one side of the comparison")
    if sessions_a_day and min(sessions_a_day) > 0:
        ratio = max(sessions_a_day) / min(sessions_a_day)
        if np.isfinite(ratio) and ratio - 1 > settings["gates.logging_difference"]:
            found += inconclusive("one side of the comparison logs clearly more sessions a day")
    return found


def _percent(share: float) -> str:
    return f"{share * 100:.0f}\N{NO-BREAK SPACE}%"
