"""What a one-page hand-out says, for one mother or for a group: plain words, short sentences, mL or ounces.

Nothing of a distress scale and no code of a diagnosis stands on paper.
"""

from dataclasses import dataclass
from pathlib import Path

from pipelines.evidence import words
from pipelines.evidence.course import EVERYBODY, Course, course
from pipelines.evidence.filters import Filters
from pipelines.evidence.frames import Frames, basis, load, select
from pipelines.evidence.modifiable import supported_and_modifiable
from pipelines.evidence.output import curve_section
from pipelines.evidence.volume_units import MILLILITRES, NAMES, amount, in_words
from pipelines.guidance import load_guidance
from pipelines.guidance.signs import load_signs
from pipelines.privacy.disclosure import hides
from pipelines.results import CurvePoint

MOST_POINTS = 3
# From this share of sessions on, one of them happens to nearly everybody within weeks.
NOT_UNUSUAL = 0.02
READ_ON_DAY = 14
LOW, MIDDLE, HIGH = 0.25, 0.5, 0.75
NO_DIAGNOSIS = (
    "This sheet shows a log. It is not a diagnosis. Milk amounts differ a lot from mother to mother."
)
TALK = "If you have questions, ask the person who gave you this sheet."


@dataclass(frozen=True)
class HandoutDay:
    """One bar of the small chart: `amount` in the chosen unit, None on days without a number."""

    day: int
    amount: float | None


@dataclass(frozen=True)
class HandoutBand:
    """Where half of the mothers lie on one day: a quarter below `low`, a quarter above `high`, in the chosen unit."""

    day: int
    low: float
    middle: float
    high: float


@dataclass(frozen=True)
class HandoutBlock:
    """A heading with short sentences."""

    heading: str
    sentences: tuple[str, ...]


@dataclass(frozen=True)
class Handout:
    """The content of one page. `unit` is "mL" or "oz"; `chart_words` says what the chart shows; `foot` the small print.

    `unavailable` says why there is no hand-out ("" otherwise).
    """

    title: str
    subtitle: str
    blocks: tuple[HandoutBlock, ...]
    days: tuple[HandoutDay, ...]
    bands: tuple[HandoutBand, ...]
    unit: str
    day_axis: str
    chart_words: str
    urgent: str
    foot: tuple[str, ...]
    unavailable: str = ""


def of_person(path: Path, participant_id: str, unit: str = MILLILITRES) -> Handout:
    """The hand-out about one mother's log. Raises InputError when the study has no such code."""
    made = course(path, participant_id)
    blocks = [HandoutBlock("What your log shows", _log_sentences(made, unit)), *_to_talk_about(made)]
    return Handout(
        title="Your pumping log",
        subtitle=f"{participant_id} · day {made.first_day} to day {made.last_day}",
        blocks=tuple(blocks),
        days=tuple(
            HandoutDay(day.day, None if day.volume_ml is None else amount(day.volume_ml, unit))
            for day in made.days
        ),
        bands=_bands(made.bands, made.first_day, made.last_day, unit),
        unit=NAMES[unit],
        day_axis=made.day_axis,
        chart_words=_chart_words(made),
        urgent=load_guidance().urgent_signs,
        foot=_foot(made.synthetic),
    )


def of_cohort(path: Path, filters: Filters, unit: str = MILLILITRES) -> Handout:
    """The hand-out about everybody whom `filters` leave; small groups have none."""
    frames = select(load(path), filters)
    grounds = basis(frames, filters)
    empty = Handout("Pumping in this study", "", (), (), (), NAMES[unit], "", "", "", (), grounds.unavailable)
    if grounds.unavailable:
        return empty
    drawn = curve_section(frames)
    points = tuple(point for point in drawn.points if point.status == "estimated")
    last = max((point.day_postpartum for point in points), default=0)
    blocks = [
        *_how_often(frames, filters.outcome),
        *_amount_block(points, unit),
        *_helps_block(path, filters, unit),
    ]
    return Handout(
        title="Pumping in this study",
        subtitle=words.line(grounds.study, grounds.filters, words.people(grounds.participants)),
        blocks=tuple(blocks),
        days=(),
        bands=_bands(points, 0, last, unit),
        unit=NAMES[unit],
        day_axis="days since birth (day of birth = 0)",
        chart_words="The grey area holds the middle half of the mothers. The line is the one in the middle.",
        urgent=load_guidance().urgent_signs,
        foot=_foot(grounds.synthetic),
    )


def _log_sentences(made: Course, unit: str) -> tuple[str, ...]:
    said = [
        f"You wrote down {words.counted(len(made.sessions), 'session')} on {words.counted(len(made.days), 'day')}."
    ]
    if made.known:
        empty = words.counted(made.no_milk, "session")
        said.append(f"In {empty}, no milk came." if made.no_milk else "Milk came every time.")
    last = next((day for day in reversed(made.days) if day.volume_ml is not None), None)
    if last is not None and last.volume_ml is not None:
        said.append(f"On day {last.day} you pumped {in_words(last.volume_ml, unit)} in all.")
        said += _beside_others(made, last.day, last.volume_ml, unit)
    return tuple(said)


def _beside_others(made: Course, day: int, volume_ml: float, unit: str) -> list[str]:
    """Where the middle half of the mothers lies that day, and that this is wide."""
    lines = {
        round(point.probability, 4): point.volume_ml for point in made.bands if point.day_postpartum == day
    }
    low, high = lines.get(LOW), lines.get(HIGH)
    if low is None or high is None:
        return []
    between = f"{in_words(low, unit)} and {in_words(high, unit)}"
    whom = "in this study" if made.bands_of == EVERYBODY else "in your group of this study"
    return [f"That day, half of the mothers {whom} pumped between {between}."]


def _to_talk_about(made: Course) -> list[HandoutBlock]:
    """What to look at together: current signs that may stand on paper, each once."""
    rules = load_signs()
    current = [sign.id for sign in made.signs if sign.state == "current"]
    said = [rules[id].to_mother for id in dict.fromkeys(current) if rules[id].to_mother]
    if not said:
        return [
            HandoutBlock("What to talk about", ("We saw nothing in your log that needs a closer look.", TALK))
        ]
    return [HandoutBlock("What to talk about", (*said[:MOST_POINTS], TALK))]


def _how_often(frames: Frames, outcome: str) -> list[HandoutBlock]:
    """How many of 100 sessions have the outcome; nothing where it would tell of a few people."""
    sessions = frames.sessions
    with_any = sessions.loc[sessions[outcome] == 1, "participant_id"].nunique()
    if hides(with_any, frames.everyone, frames.minimum):
        return []
    share = float(sessions[outcome].dropna().astype(float).mean())
    text = f"In this study, {words.of_hundred(share)} pumping sessions {words.OUTCOME_END[outcome]}."
    more = ("So one such session is nothing unusual.",) if share >= NOT_UNUSUAL else ()
    return [HandoutBlock(f"How often sessions {words.OUTCOME_END[outcome]}", (text, *more))]


def _amount_block(points: tuple[CurvePoint, ...], unit: str) -> list[HandoutBlock]:
    day = min(
        (point.day_postpartum for point in points), key=lambda each: abs(each - READ_ON_DAY), default=None
    )
    lines = {round(point.probability, 4): point.volume_ml for point in points if point.day_postpartum == day}
    low, middle, high = (lines.get(each) for each in (LOW, MIDDLE, HIGH))
    if low is None or middle is None or high is None:
        return []
    return [
        HandoutBlock(
            "How much comes in a day",
            (
                f"On day {day} after the birth, half of the mothers pumped {in_words(middle, unit)} or more.",
                f"One in four pumped less than {in_words(low, unit)}. One in four pumped more than {in_words(high, unit)}.",
            ),
        )
    ]


def _helps_block(path: Path, filters: Filters, unit: str) -> list[HandoutBlock]:
    """Statements about things one can change that this study supports; "goes along with", never a cause."""
    found = [each for each in supported_and_modifiable(path, filters, unit) if each.sentence][:MOST_POINTS]
    if not found:
        return []
    return [
        HandoutBlock(
            "What goes along with it",
            (*(each.sentence for each in found), "This does not tell us that one leads to the other."),
        )
    ]


def _bands(points: tuple[CurvePoint, ...], first: int, last: int, unit: str) -> tuple[HandoutBand, ...]:
    lines: dict[int, dict[float, float]] = {}
    for point in points:
        if point.volume_ml is not None and first <= point.day_postpartum <= last:
            lines.setdefault(point.day_postpartum, {})[round(point.probability, 4)] = point.volume_ml
    found = []
    for day, own in sorted(lines.items()):
        if {LOW, MIDDLE, HIGH} <= set(own):
            low, middle, high = (amount(own[each], unit) for each in (LOW, MIDDLE, HIGH))
            found.append(HandoutBand(day, low, middle, high))
    return tuple(found)


def _chart_words(made: Course) -> str:
    text = "Each bar is one full day of your log. A day without a bar is a day that we cannot count."
    return f"{text} The grey area holds the middle half of the mothers." if made.bands else text


def _foot(synthetic: bool) -> tuple[str, ...]:
    made_up = ("This is a made-up study: nobody in it exists.",) if synthetic else ()
    return (*made_up, NO_DIAGNOSIS)
