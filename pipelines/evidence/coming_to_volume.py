"""Coming to volume: how many people reached the volume of an established supply in time."""

import pandas as pd
from statsmodels.stats.proportion import proportion_confint

from pipelines.codebook import load_codebook
from pipelines.evidence import words
from pipelines.evidence.frames import Frames
from pipelines.evidence.parts import HIDDEN, Grouped, GroupedSection, IntervalMark, Numbers
from pipelines.evidence.splits import first_answers
from pipelines.metrics.days import daily
from pipelines.metrics.participants import came_to_volume
from pipelines.metrics.sessions import with_outcomes
from pipelines.privacy.disclosure import hidden_cells, hides
from pipelines.settings import Settings, load_settings
from pipelines.store.tables import open_store

FEEDING = "feeding_mode"
DEPENDENT = "pump_only"
EVERYONE = "Everyone"
COLUMNS = ("group", "people", "people_who_came", "share", "share_low", "share_high", "state")


def coming_to_volume(frames: Frames) -> GroupedSection:
    """The share of the selected people with a day of enough milk by the limit day, by how their babies get milk.

    Only people with a complete day among the last days of the limit count: whoever stopped before cannot be told.
    """
    settings = load_settings()
    people = pd.Index(frames.sessions["participant_id"].unique())
    came = reached(frames, settings).reindex(people).dropna().astype(bool)
    groups = _groups(frames, came.index)
    return share_of_people(came, groups, frames, settings)


def reached(frames: Frames, settings: Settings) -> pd.Series:
    """Whether each person came to volume, by person; only those with a complete day late enough to tell."""
    with open_store(frames.info.path) as store:
        days = store.keep("days", daily(with_outcomes(store.sessions, frames.info.low_output_ml), settings))
        late = days.filter(
            days.day_postpartum.isin(settings["review.volume_days"]) & days.volume_ml.notnull()
        )
        told = set(late.select("participant_id").distinct().participant_id.execute())
        came = came_to_volume(days, settings).execute()
    came = came[came["participant_id"].isin(told)]
    return came.set_index("participant_id")["came_to_volume"]


def _groups(frames: Frames, people: pd.Index) -> dict[str, pd.Index]:
    """Everyone, and by how the baby gets milk where that is asked."""
    rows = frames.sessions
    if FEEDING not in rows:
        return {}
    feeding = first_answers(rows[FEEDING], rows["participant_id"]).reindex(people)
    levels = load_codebook().factors[FEEDING].levels
    found = {level.label: people[feeding == level.code] for level in levels}
    return {label: members for label, members in found.items() if len(members)}


def share_of_people(
    came: pd.Series, groups: dict[str, pd.Index], frames: Frames, settings: Settings
) -> GroupedSection:
    """The section from who came to volume and who is in which group; groups of few people hidden."""
    counts = {name: (int(came[each].sum()), len(each)) for name, each in groups.items()}
    hidden = _hidden(list(counts.values()), frames.minimum)
    rows = {name: (*counts[name], hide) for name, hide in zip(groups, hidden, strict=True)}
    total = (int(came.sum()), len(came))
    in_none = total[1] - sum(people for _, people in counts.values())
    if all(hidden) or not 0 < in_none < frames.minimum:
        # Beside groups that nearly add up to everyone, everyone's number would tell of the few in none of them.
        hide = hides(total[0], total[1], frames.minimum) or total[1] < frames.minimum
        rows = {EVERYONE: (*total, hide)} | rows
    ml, day = settings["outcomes.coming_to_volume_ml"], settings["outcomes.coming_to_volume_day"]
    drawn = tuple(_grouped(name, *row, frames) for name, row in rows.items())
    highest = max((each.share.high for each in drawn if each.share), default=0.0)
    days = settings["review.volume_days"]
    return GroupedSection(
        _title(rows, ml, day, settings),
        drawn,
        1.0,
        _numbers(rows, frames),
        f"Counted are people with a complete day among days {min(days)} to {max(days)}; one day with {ml:g} mL or more on or "
        f"before day {day} is enough. It says something about supply only where a mother only pumps: beside the breast "
        "the log holds a part of the milk.",
        "" if highest else "Too few people with a complete day around then.",
        f"of 100 people with {ml:g} mL in a day by day {day}",
    )


def _hidden(counts: list[tuple[int, int]], minimum: int) -> list[bool]:
    """Groups of few people, of few who came or of few who did not; and what would give them away."""
    parts = [[came for came, _ in counts], [people - came for came, people in counts]]
    hidden = [hidden_cells(part, minimum) for part in parts]
    return [
        any(each) or people < minimum
        for each, (_, people) in zip(zip(*hidden, strict=True), counts, strict=True)
    ]


def _grouped(name: str, came: int, people: int, hide: bool, frames: Frames) -> Grouped:
    if hide:
        reason = f"Fewer than {frames.minimum} people came to volume, or did not, or would be told of."
        return Grouped(name, None, "", state=HIDDEN, reason=reason)
    low, high = _interval(came, people)
    share = came / people
    text = f"{words.of_hundred(share)} people ({low * 100:.0f} to {high * 100:.0f})"
    shown = None if hides(people, frames.everyone, frames.minimum) else people
    return Grouped(name, IntervalMark(share, low, high, text), words.people(shown))


def _interval(came: int, people: int) -> tuple[float, float]:
    """Wilson's 95 % interval of a share of people, which count once each."""
    low, high = proportion_confint(came, people, method="wilson")
    return float(low), float(high)


def _title(rows: dict[str, tuple[int, int, bool]], ml: float, day: int, settings: Settings) -> str:
    label = load_codebook().factors[FEEDING].level(DEPENDENT).label
    for name, who in ((label, "mothers who only pump"), (EVERYONE, "mothers")):
        if name in rows and not rows[name][2]:
            came, people, _ = rows[name]
            return (
                f"Of 100 {who}, {came / people * 100:.0f} have a day of {ml:g}{words.NO_BREAK}mL by day {day}"
            )
    return f"Too few people to say how many come to {ml:g}{words.NO_BREAK}mL a day by day {day}"


def _numbers(rows: dict[str, tuple[int, int, bool]], frames: Frames) -> Numbers:
    lines: list[tuple] = []
    for name, (came, people, hide) in rows.items():
        if hide:
            lines.append((name, None, None, None, None, None, HIDDEN))
            continue
        low, high = _interval(came, people)
        told = not hides(people, frames.everyone, frames.minimum)
        counts = (people, came) if told else (None, None)
        lines.append((name, *counts, *(round(each, 4) for each in (came / people, low, high)), "estimated"))
    return Numbers("coming-to-volume", COLUMNS, tuple(lines))
