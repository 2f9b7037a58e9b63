"""One sentence for one finding, written from its numbers: natural frequencies first, never a cause."""

from pipelines.analysis.verdicts import smallest_ratio
from pipelines.codebook import Codebook, Factor
from pipelines.evidence import words
from pipelines.evidence.statements import phrase_of
from pipelines.results import Association, ClaimFinding
from pipelines.settings import load_settings

ONLY_A_DAY = "Judged by the day before; what builds up more slowly is not seen."


def association(found: Association, codebook: Codebook, outcome: str) -> str:
    """What one association says about the outcome, in natural frequencies.

    For a level: both raw shares. For a number: the shares predicted for the same sessions as they are and with one
    step more. Where the estimate is adjusted, the difference with everything adjusted for alike follows. "" when
    there is no estimate.
    """
    factor = codebook.factors[found.factor]
    if found.odds_ratio is None or found.share is None:
        return ""
    alike = difference(found)
    if found.level is None:
        return f"{_step(found, factor, outcome)}{alike}"
    if found.reference_share is None or found.reference is None:
        return ""
    first = words.frequency(found.share, found.reference_share)
    second = words.frequency(found.reference_share, found.share)
    return (
        f"Of{words.NO_BREAK}100 sessions {phrase_of(factor, found.level)}, {first} "
        f"{words.OUTCOME_ENDS[outcome]}; of{words.NO_BREAK}100 {phrase_of(factor, found.reference)}, {second}.{alike}"
    )


def difference(found: Association) -> str:
    """How many sessions more or fewer per 100 in an adjusted estimate, as a sentence after another; "" without one."""
    if None in (found.risk_difference, found.risk_low, found.risk_high) or found.model != "adjusted":
        return ""
    assert found.risk_difference is not None and found.risk_low is not None and found.risk_high is not None
    numbers = words.per_hundred(found.risk_difference, found.risk_low, found.risk_high)
    return f" What was adjusted for being alike: {numbers}."


def _step(found: Association, factor: Factor, outcome: str) -> str:
    assert found.odds_ratio is not None and found.share is not None
    usual, expected = _shares(found)
    assert usual is not None and expected is not None
    first, second = words.frequency(expected, usual), words.frequency(usual, expected)
    if first == second:
        return (
            f"Of{words.NO_BREAK}100 sessions, about {first} {words.OUTCOME_ENDS[outcome]}, {factor.phrase_more} "
            "as well as on average."
        )
    return (
        f"Of{words.NO_BREAK}100 sessions {factor.phrase_more}, about {first} {words.OUTCOME_ENDS[outcome]}; "
        f"of{words.NO_BREAK}100 on average, {second}."
    )


def _shares(found: Association) -> tuple[float | None, float | None]:
    """The share to compare with, and the share at the level or with one step more."""
    if found.level is not None:
        return found.reference_share, found.share
    usual, expected = found.expected_reference_share, found.expected_share
    if (usual is None or expected is None) and found.share is not None and found.odds_ratio is not None:
        usual = found.share
        odds = usual / (1 - usual) * found.odds_ratio
        expected = odds / (1 + odds)
    return usual, expected


def volume(found: Association, codebook: Codebook) -> str:
    """What one association says about the volume: both raw means for a level, the ratio for a number."""
    factor = codebook.factors[found.factor]
    if found.volume_ratio is None:
        return ""
    if found.level is None:
        return f"Sessions {factor.phrase_more} gave {_change(found.volume_ratio)}."
    if found.mean_volume_ml is None or found.reference_volume_ml is None or found.reference is None:
        return ""
    return (
        f"Sessions {phrase_of(factor, found.level)} gave {words.millilitres(found.mean_volume_ml)} on average; "
        f"{phrase_of(factor, found.reference)}, {words.millilitres(found.reference_volume_ml)}."
    )


def _change(ratio: float) -> str:
    change = abs(ratio - 1)
    if change < 0.005:
        return "as much milk as on average"
    return f"{words.percent(change)} {'more' if ratio > 1 else 'less'} milk"


def finding(claim: ClaimFinding, codebook: Codebook, outcome: str) -> str:
    """What this cohort says of one claim: the sentence of its deciding measure, or the reason why there is none.

    A number without a verdict says which gate it stopped at; one that rests on the day before, what that cannot see.
    """
    found = claim.association
    if found is None or found.status != "estimated" or _estimate(claim) is None:
        return claim.reason
    text = (
        volume(found, codebook) if claim.measure == "volume_ratio" else association(found, codebook, outcome)
    )
    if claim.verdict == "negligible":
        text = (
            f"No sign of an effect as large as the smallest that matters{_smallest(claim, codebook)}. {text}"
        )
    if found.component == "within_lagged":
        text = f"{text} {ONLY_A_DAY}"
    if claim.detail == "gate":
        return f"{text} No verdict: {claim.reason[:1].lower()}{claim.reason[1:]}"
    return f"{text} {claim.reason}".strip()


def _smallest(claim: ClaimFinding, codebook: Codebook) -> str:
    """The smallest effect of interest in figures, both ways round."""
    assert claim.association is not None
    smallest = smallest_ratio(claim.measure, claim.association, codebook, load_settings())
    return f" (a ratio of {smallest:.2f} or {1 / smallest:.2f}{_per(claim.association)})"


def full(reason: str) -> str:
    """A reason as a sentence of its own."""
    return words.capital(reason) + ("" if not reason or reason.endswith((".", "?", "!")) else ".")


def _estimate(claim: ClaimFinding) -> float | None:
    return claim.volume_ratio if claim.measure == "volume_ratio" else claim.odds_ratio


def line(claim: ClaimFinding) -> str:
    """The quiet line: kind of ratio with interval, people, sessions."""
    found = claim.association
    if found is None:
        return ""
    if claim.measure == "volume_ratio":
        numbers = (claim.volume_ratio, claim.volume_low, claim.volume_high)
        name = "ratio of mean volumes"
    else:
        numbers = (claim.odds_ratio, claim.ci_low, claim.ci_high)
        name = "odds ratio"
    text = ""
    if numbers[0] is not None and numbers[1] is not None and numbers[2] is not None:
        text = (
            f"{named(name, found)} {words.ratio_with_level(numbers[0], numbers[1], numbers[2])}{_per(found)}"
        )
    return words.line(text, words.people(found.participants), words.sessions(found.sessions))


def brief(claim: ClaimFinding) -> str:
    """The finding in a few figures, for a row at a glance: "7 beside 9 of 100", "60 beside 79 mL"; "" without one."""
    found = claim.association
    if found is None or found.status != "estimated" or found.share is None or _estimate(claim) is None:
        return ""
    if claim.measure == "volume_ratio":
        return _brief_volume(found)
    usual, share = _shares(found)
    if usual is None or share is None:
        return ""
    first, second = words.frequency(share, usual), words.frequency(usual, share)
    if first == second:
        return f"{first} of{words.NO_BREAK}100 both ways"
    return f"{first} beside {second} of{words.NO_BREAK}100"


def _brief_volume(found: Association) -> str:
    if found.level is None:
        return "" if found.volume_ratio is None else _change(found.volume_ratio)
    if found.mean_volume_ml is None or found.reference_volume_ml is None:
        return ""
    first, second = (
        words.millilitres(volume) for volume in (found.mean_volume_ml, found.reference_volume_ml)
    )
    return f"{first} beside {second}"


def brief_line(claim: ClaimFinding) -> str:
    """Under it: the deciding ratio with its interval and step, and the people it rests on; "" without an estimate."""
    found = claim.association
    low, value, high = (
        (claim.volume_low, claim.volume_ratio, claim.volume_high)
        if claim.measure == "volume_ratio"
        else (claim.ci_low, claim.odds_ratio, claim.ci_high)
    )
    if found is None or value is None or low is None or high is None:
        return ""
    line = words.line(f"{words.ratio(value, low, high)}{_per(found)}", words.people(found.participants))
    # The dot stays behind when the line breaks in a narrow cell.
    return line.replace(" · ", f"{words.NO_BREAK}· ")


def named(ratio: str, found: Association) -> str:
    """The kind of ratio; the shares and means beside it are raw, so that an adjusted one says so."""
    return f"adjusted {ratio}" if found.model == "adjusted" else ratio


def _per(found: Association) -> str:
    return f" {found.step}" if found.step else ""
