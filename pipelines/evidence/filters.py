"""Which sessions a page speaks of: the reader's choice, what can be chosen, and both in words."""

from dataclasses import dataclass

from pipelines.results import OUTCOMES

ALL, BELIEVABLE = "all", "believable"
LOGS = {ALL: "All logs", BELIEVABLE: "Only logs without a reason for doubt"}
OUTCOME_WORDS = {"no_milk": "session without milk", "low_output": "session with little milk"}


@dataclass(frozen=True)
class Choices:
    """What one study offers to choose from; days are days postpartum, None when no birth date is known.

    The first and last day are those that enough people logged: a single person's last day is nobody's business.

    `pump_types` pairs each code with its label.
    """

    cohorts: tuple[str, ...] = ()
    pump_types: tuple[tuple[str, str], ...] = ()
    first_day: int | None = None
    last_day: int | None = None
    outcome: str = "no_milk"

    @property
    def pump_labels(self) -> dict[str, str]:
        """Pump labels by code."""
        return dict(self.pump_types)


@dataclass(frozen=True)
class Filters:
    """The sessions a page speaks of. None means no limit; days are days postpartum, both ends included.

    `logs` is one of LOGS: all, or only those that give no reason for doubt.
    """

    cohort: str | None = None
    first_day: int | None = None
    last_day: int | None = None
    pump_type: str | None = None
    outcome: str = "no_milk"
    logs: str = ALL

    @property
    def is_everyone(self) -> bool:
        """No session is left out."""
        limits = (self.cohort, self.first_day, self.last_day, self.pump_type)
        return limits == (None,) * len(limits) and self.logs == ALL

    def sentence(self, choices: Choices) -> str:
        """The choice in words, such as "Everyone, all days, any pump"."""
        who = "Everyone" if self.cohort is None else f"Cohort {self.cohort}"
        pump = (
            "any pump" if self.pump_type is None else choices.pump_labels.get(self.pump_type, self.pump_type)
        )
        parts = [who, days_in_words(self.first_day, self.last_day, choices), pump]
        if self.logs == BELIEVABLE:
            parts.append("without doubtful logs")
        if self.outcome != choices.outcome:
            parts.append("little milk instead of none" if self.outcome == "low_output" else "no milk at all")
        return ", ".join(part for part in parts if part)


def days_in_words(first: int | None, last: int | None, choices: Choices) -> str:
    """A range of days in words; an end without a limit is the first or last day on offer."""
    if first is None and last is None:
        return "all days"
    first = choices.first_day if first is None else first
    last = choices.last_day if last is None else last
    return f"day {first}" if first == last else f"days {first} to {last}"


def day_limits(first: int | None, last: int | None, choices: Choices) -> tuple[int | None, int | None]:
    """A range without the limits that reach as far as all days on offer: few people logged beyond them, and to leave
    those few out would tell of them."""
    if choices.first_day is not None and first is not None and first <= choices.first_day:
        first = None
    if choices.last_day is not None and last is not None and last >= choices.last_day:
        last = None
    return first, last


def accept(asked: dict[str, str], choices: Choices) -> tuple[Filters, tuple[str, ...]]:
    """Turn the words of a link into filters, and say in sentences what could not be granted.

    `asked` holds any of cohort, days ("0-84"), pump, outcome, logs. A value that this study does not have is left
    out of the filters and named, so that a reader never takes everyone for the cohort a link asked for.
    """
    problems: list[str] = []
    cohort = _one_of(asked.get("cohort"), choices.cohorts, "cohort", problems)
    pump = _one_of(asked.get("pump"), tuple(choices.pump_labels), "pump", problems)
    outcome = _one_of(asked.get("outcome"), OUTCOMES, "outcome", problems) or choices.outcome
    logs = _one_of(asked.get("logs"), tuple(LOGS), "logs", problems) or ALL
    first, last = _day_range(asked.get("days"), choices, problems)
    return Filters(cohort, first, last, pump, outcome, logs), tuple(problems)


def _one_of(value: str | None, allowed: tuple[str, ...], name: str, problems: list[str]) -> str | None:
    if value in (None, ""):
        return None
    if value in allowed:
        return value
    problems.append(
        f"This link asked for {name} “{value}”, which this study does not have or which too few people share; it is left out."
    )
    return None


def _day_range(value: str | None, choices: Choices, problems: list[str]) -> tuple[int | None, int | None]:
    if value in (None, ""):
        return None, None
    first, dash, last = str(value).partition("-")
    if not (dash and first.isdecimal() and last.isdecimal()) or int(first) > int(last):
        problems.append(
            f"This link asked for days “{value}”; a range such as 0-84 is needed, so all days are shown."
        )
        return None, None
    if choices.first_day is None or choices.last_day is None:
        problems.append(
            "This link asked for a range of days, but no birth date is known; all days are shown."
        )
        return None, None
    if int(last) < choices.first_day or int(first) > choices.last_day:
        problems.append(
            f"This link asked for days {first} to {last}, which nobody logged; all days are shown."
        )
        return None, None
    return day_limits(int(first), int(last), choices)
