"""The other direction in words: what follows a day with more sessions without milk."""

from dataclasses import dataclass

from pipelines.codebook import Codebook, load_codebook
from pipelines.evidence import words
from pipelines.evidence.parts import Numbers, rounded
from pipelines.results import Findings, ReverseAssociation


@dataclass(frozen=True)
class ReverseRow:
    """One item of the day: `sentence` what it does after a day with little output, or why nothing can be said."""

    label: str
    sentence: str
    line: str


@dataclass(frozen=True)
class ReverseSection:
    """Whether yesterday's output goes with today's answers; no rows where a study has no such days."""

    title: str = ""
    note: str = ""
    rows: tuple[ReverseRow, ...] = ()
    numbers: Numbers | None = None


NOTE = (
    ", compared with the same mother’s other days. Where output goes with the next day’s answer, an "
    "answer of the same day cannot tell what came first. A state that lasts for days counts here too."
)


def reverse_section(found: Findings) -> ReverseSection:
    """Every item that low output could change, clearest title first."""
    if not found.reverse:
        return ReverseSection()
    codebook, outcome = load_codebook(), found.cohort.outcome
    rows = tuple(
        ReverseRow(
            codebook.factors[each.factor].label,
            each.reason if each.value is None else f"{words.capital(change(each, codebook))}.",
            line(each),
        )
        for each in found.reverse
    )
    note = f"{_after(found.reverse[0].step, outcome)}{NOTE}"
    return ReverseSection(_title(found, codebook), note, rows, _numbers(found))


def _title(found: Findings, codebook: Codebook) -> str:
    clear = [each for each in found.reverse if _is_clear(each)]
    names = words.listed([codebook.factors[each.factor].label.lower() for each in clear])
    after = f"a day with more sessions {words.OUTCOME_WITH[found.cohort.outcome]}"
    if not clear:
        return f"The other direction: nothing asked the next day goes clearly with {after}"
    return f"The other direction: after {after}, {names} {'differs' if len(clear) == 1 else 'differ'}"


def _is_clear(each: ReverseAssociation) -> bool:
    none = 1.0 if each.measure == "odds_ratio" else 0.0
    return each.low is not None and each.high is not None and not each.low <= none <= each.high


def sentence(each: ReverseAssociation, codebook: Codebook, outcome: str) -> str:
    """What goes with a day of little output on the day after, same mother; the reason where there is no number."""
    if each.value is None:
        return each.reason
    label = codebook.factors[each.factor].label.lower()
    return f"{_after(each.step, outcome)}, same mother: {label} {change(each, codebook)}."


def _after(step: float, outcome: str) -> str:
    return f"The day after {words.of_hundred(step)} more sessions than usual {words.OUTCOME_ENDS[outcome]}"


def change(each: ReverseAssociation, codebook: Codebook) -> str:
    """How much higher or lower, or the ratio of odds, with the interval."""
    assert each.value is not None and each.low is not None and each.high is not None
    if each.measure == "odds_ratio":
        return f"with odds {words.ratio(each.value, each.low, each.high)} times the usual"
    unit = codebook.factors[each.factor].unit
    limits = f"95{words.NO_BREAK}% interval {words.signed(each.low, 2)} to {words.signed(each.high, 2)}"
    if abs(each.value) < 0.005:
        return f"no different on average ({limits} {unit})"
    side = "higher" if each.value > 0 else "lower"
    return f"{abs(each.value):.2f}{words.NO_BREAK}{unit} {side} ({limits})"


def line(each: ReverseAssociation) -> str:
    """People and days behind it."""
    days = f"{words.number(each.days)}{words.NO_BREAK}days" if each.days is not None else ""
    return words.line(words.people(each.participants), days)


def _numbers(found: Findings) -> Numbers:
    columns = ("factor", "measure", "step", "value", "low", "high", "people", "days", "status", "reason")
    rows = tuple(
        (
            each.factor,
            each.measure,
            each.step,
            rounded(each.value, 4),
            rounded(each.low, 4),
            rounded(each.high, 4),
            each.participants,
            each.days,
            each.status,
            each.reason,
        )
        for each in found.reverse
    )
    return Numbers("other-direction", columns, rows)
