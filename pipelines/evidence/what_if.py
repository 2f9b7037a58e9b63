"""What if: the predicted share of sessions at each level of a claim's factor, all else as observed, in words."""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from threadpoolctl import threadpool_limits

from pipelines.analysis.what_if import predictions, spread
from pipelines.codebook import Factor, load_codebook
from pipelines.evidence import words
from pipelines.evidence.filters import Filters
from pipelines.evidence.findings import associated
from pipelines.evidence.frames import Frames, load, select
from pipelines.evidence.parts import Grouped, GroupedSection, IntervalMark, Numbers
from pipelines.evidence.studies import stamp
from pipelines.guidance import load_guidance
from pipelines.privacy.disclosure import hides
from pipelines.results import Prediction, Predictions
from pipelines.settings import load_settings

CLAIMS_IN_MEMORY = 64
ROOM_ABOVE = 1.1
NOTE = (
    "An association put into shares: the model’s average over these very sessions if each were like that, all else as "
    "observed. It is not what would happen if anything were changed."
)


@dataclass(frozen=True)
class WhatIf:
    """The predictions of one claim: `section` to draw, with a title that is its reading, or `reason` for none."""

    claim: str
    section: GroupedSection | None = None
    line: str = ""
    reason: str = ""


def what_if(path: Path, claim: str, filters: Filters) -> WhatIf | None:
    """The average predictions for a claim, computed when asked for; a repeat shows those of the claim it repeats.

    None for a claim that is not about output or does not exist. Raises StoreError when the file is no store.
    """
    return _what_if(path, stamp(path), claim, filters)


@lru_cache(maxsize=CLAIMS_IN_MEMORY)
def _what_if(path: Path, content: str, claim_id: str, filters: Filters) -> WhatIf | None:
    found = {each.id: each for each in associated(path, filters).claims}
    if claim_id not in found or found[claim_id].association is None:
        return None
    owner = found[claim_id].finding_of or claim_id
    finding, frames = found[owner], select(load(path), filters)
    with threadpool_limits(1, "blas"):
        predicted = predictions(
            frames.sessions,
            load_guidance().claims[owner],
            finding,
            load_codebook(),
            load_settings(),
            filters.outcome,
            frames.minimum,
        )
    extremes = spread(predicted.levels)
    if extremes is None:
        return WhatIf(owner, reason=predicted.reason or "Too few people for a prediction at two levels.")
    assert finding.factor is not None
    factor = load_codebook().factors[finding.factor]
    return WhatIf(
        owner, _section(owner, predicted, extremes, factor, filters.outcome), _line(predicted, frames)
    )


def _section(
    owner: str,
    predicted: Predictions,
    extremes: tuple[Prediction, Prediction],
    factor: Factor,
    outcome: str,
) -> GroupedSection:
    shown = tuple(_group(each, predicted.component, factor, outcome) for each in predicted.levels)
    highest = max(each.high or 0.0 for each in predicted.levels)
    return GroupedSection(
        _title(extremes, outcome),
        shown,
        _axis_end(highest),
        _numbers(owner, predicted),
        NOTE,
    )


def _title(extremes: tuple[Prediction, Prediction], outcome: str) -> str:
    first, last = (each.share or 0.0 for each in extremes)
    low, high = words.frequency(first, last), words.frequency(last, first)
    ended = words.OUTCOME_WITH[outcome]
    if low == high:
        return f"Predicted: about {low} of{words.NO_BREAK}100 sessions {ended}, whatever the level"
    return f"Predicted: from {low} to {high} of{words.NO_BREAK}100 sessions {ended}, all else as observed"


def _label(level: Prediction, component: str, factor: Factor) -> str:
    if level.level is None:
        return words.capital(_at(level, component, factor))
    return words.capital(words.joined([factor.level(code).label.lower() for code in level.level.split("+")]))


def _at(level: Prediction, component: str, factor: Factor) -> str:
    """A number in words; within a person as distance from what is usual for her."""
    assert level.value is not None
    unit = f"{words.NO_BREAK}{factor.unit}" if factor.unit else ""
    if not component.startswith("within"):
        return f"{level.value:.3g}{unit}"
    before = ", the day before" if component == "within_lagged" else ""
    if level.value == 0:
        return f"her own usual{before}"
    return f"{abs(level.value):.2g}{unit} {'above' if level.value > 0 else 'below'} her own usual{before}"


def _group(level: Prediction, component: str, factor: Factor, outcome: str) -> Grouped:
    label = _label(level, component, factor)
    if level.share is None or level.low is None or level.high is None:
        return Grouped(label, None, "", state="insufficient_data", reason=level.reason)
    said = f"{words.of_hundred(level.share)} sessions predicted {words.OUTCOME_WITH[outcome]}"
    return Grouped(label, IntervalMark(level.share, level.low, level.high, said), "")


def _axis_end(highest: float) -> float:
    """A round end of the axis, a little beyond the highest limit."""
    return next(
        end for end in (0.02, 0.05, 0.1, 0.2, 0.4, 0.6, 0.8, 1.0) if end >= min(highest * ROOM_ABOVE, 1.0)
    )


def _line(predicted: Predictions, frames: Frames) -> str:
    """People and sessions that the predictions average over; hidden where they come too close to everybody's."""
    people = predicted.participants
    if people is None or hides(people, frames.everyone, frames.minimum):
        return "number of people hidden"
    return words.line(words.people(people), words.sessions(predicted.sessions))


def _numbers(owner: str, predicted: Predictions) -> Numbers:
    columns = ("level", "value", "predicted_share", "low", "high", "reason")
    rows = tuple(
        tuple(
            round(value, 4) if isinstance(value, float) else value
            for value in (each.level, each.value, each.share, each.low, each.high, each.reason)
        )
        for each in predicted.levels
    )
    return Numbers(f"what_if_{owner.replace('.', '_')}", columns, rows)
