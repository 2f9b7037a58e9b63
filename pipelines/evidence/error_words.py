"""Error rates, coverage and power in words, for whoever reviews a finding or plans a study."""

from collections.abc import Iterator
from dataclasses import dataclass

from pipelines.codebook import load_codebook
from pipelines.evidence import words
from pipelines.evidence.error_rates import ClaimRates, ErrorRates, Made, Scenario, Share, Simulated
from pipelines.evidence.parts import Numbers
from pipelines.guidance import load_guidance

NOT_YET = "not yet simulated"
KIND_WORDS = {
    "between": "people who have something, beside people who do not",
    "within": "the same person, for one standard deviation of her own more",
}
CLAIM_COLUMNS = (
    "scenario",
    "people",
    "claim",
    "cohorts",
    "supported",
    "contradicted",
    "negligible",
    "inconclusive",
    "insufficient_data",
    "intervals",
    "covered",
    "seed",
    "code_version",
)
POWER_COLUMNS = ("kind", "odds_ratio", "people", "cohorts", "supported", "seed", "code_version")


@dataclass(frozen=True)
class ScenarioRow:
    """One scenario at one size. `sentences` are empty where it is not yet simulated; `line` says how often and when."""

    name: str
    people: int
    simulated: str
    sentences: tuple[str, ...] = ()
    line: str = ""


@dataclass(frozen=True)
class PowerRow:
    """One true effect over cohort sizes; each cell a share with its Monte Carlo error, or that it is not simulated."""

    effect: str
    cells: tuple[str, ...]


@dataclass(frozen=True)
class ErrorSection:
    """What simulations say of the verdicts; the titles are readings.

    `made` says how every cohort is made, `not_simulated` names what is not, `power_note` how to read the power table.
    """

    title: str
    rows: tuple[ScenarioRow, ...]
    power_title: str
    power_people: tuple[int, ...]
    power: tuple[PowerRow, ...]
    made: str = ""
    not_simulated: tuple[str, ...] = ()
    power_note: str = ""
    numbers: Numbers | None = None
    power_numbers: Numbers | None = None


def error_section(rates: ErrorRates) -> ErrorSection:
    """The section of the Methods page."""
    rows = tuple(_scenario_row(each, people, rates) for each in rates.scenarios for people in each.people)
    plan = rates.power_plan
    power = tuple(
        PowerRow(
            f"Odds ratio {ratio:g}, {KIND_WORDS[kind]}",
            tuple(_power_cell(rates, ratio, people, kind) for people in plan.people),
        )
        for kind in plan.kinds
        for ratio in plan.odds_ratios
    )
    return ErrorSection(
        _title(rates, rows),
        rows,
        _power_title(rates),
        plan.people,
        power,
        _made(rates.made),
        rates.made.not_simulated,
        plan.note,
        _numbers(rates),
        _power_numbers(rates),
    )


def _made(made: Made) -> str:
    """How every simulated cohort is made, in a sentence."""
    return (
        f"Every simulated person logs {made.days} days with {made.fewest_sessions} to {made.most_sessions} sessions; "
        f"where nothing acts, {words.of_hundred(made.no_milk)} sessions are without milk, and people differ by a standard "
        f"deviation of {made.person_deviation:g} in log odds. {words.of_hundred(made.with_factor)} people, days or "
        "sessions have the factor in question."
    )


def _title(rates: ErrorRates, rows: tuple[ScenarioRow, ...]) -> str:
    done = sum(bool(row.sentences) for row in rows)
    if not done:
        return "How often verdicts are wrong is not yet simulated"
    told = [share for each in rates.simulated for share in _wrong(rates, each)]
    worst = (
        f"; a wrong verdict came up in at most {_percent(max(told, key=lambda one: one.value))} of cohorts for any claim"
        if told
        else ""
    )
    return f"{words.capital(words.small_number(done))} of {words.small_number(len(rows))} simulations are done{worst}"


def _wrong(rates: ErrorRates, found: Simulated) -> Iterator[Share]:
    """The shares that a scenario holds to a limit."""
    scenario = next(each for each in rates.scenarios if each.id == found.scenario)
    for claim in _judged(scenario, found):
        yield from (claim.share(verdict) for verdict in scenario.limits if claim.verdicts)


def _judged(scenario: Scenario, found: Simulated) -> list[ClaimRates]:
    return [each for each in found.claims if not scenario.claims or each.claim in scenario.claims]


def _scenario_row(scenario: Scenario, people: int, rates: ErrorRates) -> ScenarioRow:
    found = rates.of(scenario.id, people)
    if found is None:
        return ScenarioRow(scenario.name, people, scenario.simulated)
    judged = _judged(scenario, found)
    sentences = [_held(verdict, limit, judged) for verdict, limit in scenario.limits.items()]
    sentences.append(_covered(scenario, judged))
    line = words.line(
        f"{words.number(found.cohorts)} cohorts", f"seed {found.seed}", f"code version {found.code_version}"
    )
    return ScenarioRow(scenario.name, people, scenario.simulated, tuple(filter(None, sentences)), line)


def _held(verdict: str, limit: float, judged: list[ClaimRates]) -> str:
    """The worst claim's share beside the limit, and how many claims lie above it by more than chance."""
    told = [each for each in judged if each.verdicts]
    if not told:
        return ""
    worst = max(told, key=lambda each: each.share(verdict).value)
    share = worst.share(verdict)
    said = f"{words.capital(verdict)}: {_percent(share)} of cohorts"
    if len(told) > 1:
        said = f"{words.capital(verdict)}: at most {_percent(share)} of cohorts for any of {len(told)} claims ({_name(worst.claim)})"
    above = sum(each.share(verdict).value - 2 * each.share(verdict).error > limit for each in told)
    judgement = f"above the limit of {100 * limit:g} %"
    if share.value <= limit:
        judgement = f"within the limit of {100 * limit:g} %"
    elif not above:
        judgement = f"not above the limit of {100 * limit:g} % by more than chance"
    return f"{said}, {judgement}."


def _covered(scenario: Scenario, judged: list[ClaimRates]) -> str:
    """The range of the coverages, beside what they are held to."""
    shares = [(each.coverage, each.claim) for each in judged if each.coverage is not None]
    if not shares or scenario.coverage_at_least is None:
        return ""
    (low, low_claim), (high, _) = (pick(shares, key=lambda pair: pair[0].value) for pick in (min, max))
    aim = f"{100 * scenario.coverage_at_least:g} to {100 * (scenario.coverage_at_most or 1):g} % is the aim"
    if len(shares) == 1:
        return f"The 95 % interval held the truth in {_percent(low)} of cohorts; {aim}."
    return f"The 95 % interval held the truth in {_percent(low)} ({_name(low_claim)}) to {_percent(high)} of cohorts; {aim}."


def _percent(share: Share) -> str:
    """A share with its Monte Carlo standard error, "1.2 % (± 0.3)"."""
    return f"{100 * share.value:.1f}{words.NO_BREAK}% (±{words.NO_BREAK}{100 * share.error:.1f})"


def _name(claim: str) -> str:
    claims, factors = load_guidance().claims, load_codebook().factors
    return claims[claim].paraphrase.rstrip(".") if claim in claims else factors[claim].label


def _power_cell(rates: ErrorRates, odds_ratio: float, people: int, kind: str) -> str:
    found = rates.power_of(odds_ratio, people, kind)
    return _percent(found.share) if found else NOT_YET


def _power_title(rates: ErrorRates) -> str:
    if not rates.power:
        return "What a study of a given size can find is not yet simulated"
    best = max(rates.power, key=lambda each: (each.people, each.odds_ratio, each.kind == "between"))
    return (
        f"With {best.people} people an odds ratio of {best.odds_ratio:g} "
        f"{'between people' if best.kind == 'between' else 'within people'} is called supported in "
        f"{100 * best.share.value:.0f}{words.NO_BREAK}% of cohorts"
    )


def _numbers(rates: ErrorRates) -> Numbers | None:
    rows = tuple(
        (
            found.scenario,
            found.people,
            each.claim,
            each.cohorts,
            *(each.verdicts.get(verdict, 0) if each.verdicts else None for verdict in CLAIM_COLUMNS[4:9]),
            each.intervals,
            each.covered,
            found.seed,
            found.code_version,
        )
        for found in rates.simulated
        for each in found.claims
    )
    return Numbers("error-rates", CLAIM_COLUMNS, rows) if rows else None


def _power_numbers(rates: ErrorRates) -> Numbers | None:
    rows = tuple(tuple(getattr(each, name) for name in POWER_COLUMNS) for each in rates.power)
    return Numbers("power", POWER_COLUMNS, rows) if rows else None
