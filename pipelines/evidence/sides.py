"""The two breasts: how much of the milk each gives, and how often each gives more."""

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from pipelines.analysis.clustered import critical_value
from pipelines.evidence import words
from pipelines.evidence.frames import Frames
from pipelines.evidence.groups import section, summarise
from pipelines.evidence.parts import GroupedSection, Numbers, rounded
from pipelines.privacy.disclosure import hides

RIGHT_SHARE = "Right breast’s share of the milk, people weighted equally"


@dataclass(frozen=True)
class RightShare:
    """The mean over people of the right breast's share (0-1) of their milk, with a 95 % interval over people."""

    value: float
    low: float
    high: float
    participants: int


def sides(sessions: pd.DataFrame, frames: Frames) -> GroupedSection:
    """How often each breast gives more, and its share of the milk, in sessions that measured both and had any."""
    both = sessions[sessions["volume_left_ml"].notna() & sessions["volume_right_ml"].notna()]
    both = both[both["volume_left_ml"] + both["volume_right_ml"] > 0]
    left, right = both["volume_left_ml"], both["volume_right_ml"]
    kinds = {"Right gives more": right > left, "Left gives more": left > right, "Both alike": left == right}
    found = [
        summarise(both.assign(side=each.astype(float)), label, "side", frames.minimum, frames.everyone)
        for label, each in kinds.items()
    ]
    # All three shares are of the same sessions, so a volume for each would be the same three times.
    found = [replace(each, mean_volume_ml=None) for each in found]
    milk = right_share(both, frames.minimum)
    shown = section(_title(found[0].share, found[1].share, milk), found, "side", "each-breast")
    if milk is None or shown.numbers is None:
        return replace(shown, of="of 100 sessions with milk that measured both breasts")
    people = None if hides(milk.participants, frames.everyone, frames.minimum) else milk.participants
    note = (
        f"Of 100{words.NO_BREAK}mL, {milk.value * 100:.1f} ({milk.low * 100:.1f} to {milk.high * 100:.1f}) come from the "
        f"right breast: the mean over {words.people(people)}, everybody weighted equally, with its 95 % interval."
    )
    return replace(
        shown,
        of="of 100 sessions with milk that measured both breasts",
        note=note,
        numbers=_with_share(shown.numbers, milk, people),
    )


def right_share(both: pd.DataFrame, minimum: int) -> RightShare | None:
    """The right breast's share of each person's milk, averaged over people; None with too few of them.

    Each session with both sides and any milk has a share, each person the mean of hers.
    """
    share = both["volume_right_ml"] / (both["volume_left_ml"] + both["volume_right_ml"])
    people = share.groupby(both["participant_id"], sort=False).mean()
    if len(people) < minimum:
        return None
    half = float(critical_value(len(people) - 1)) * float(people.std(ddof=1)) / np.sqrt(len(people))
    mean = float(people.mean())
    return RightShare(mean, max(0.0, mean - half), min(1.0, mean + half), len(people))


def _title(right: float | None, left: float | None, milk: RightShare | None) -> str:
    if right is None or left is None or milk is None:
        return "Too few sessions measured each breast apart"
    more, share = ("right", milk.value) if milk.value >= 0.5 else ("left", 1 - milk.value)
    often = right if more == "right" else left
    return (
        f"Of 100{words.NO_BREAK}mL, {share * 100:.0f} come from the {more} breast; it gives more in "
        f"{words.of_hundred(often)} sessions"
    )


def _with_share(numbers: Numbers, milk: RightShare, people: int | None) -> Numbers:
    """The table of the section with the share of the milk as its last row."""
    cells = {
        "group": RIGHT_SHARE,
        "people": people,
        "share": rounded(milk.value, 4),
        "share_low": rounded(milk.low, 4),
        "share_high": rounded(milk.high, 4),
        "state": "estimated",
    }
    return replace(numbers, rows=(*numbers.rows, tuple(cells.get(name) for name in numbers.columns)))
