"""Overview: what is loaded, how good it is, the clearest findings, and what cannot be said."""

from dataclasses import dataclass
from math import floor, log
from pathlib import Path

from pipelines.analysis.verdicts import smallest_ratio
from pipelines.codebook import Codebook, load_codebook
from pipelines.evidence import sentences, words
from pipelines.evidence.filters import Filters
from pipelines.evidence.findings import associated
from pipelines.evidence.frames import Frames, basis, load, select
from pipelines.evidence.parts import Basis, IntervalMark, Numbers, VerdictCount
from pipelines.evidence.sources import ledgers, total_of
from pipelines.evidence.statements import answered, found_behind, title_of, total, verdict_counts
from pipelines.guidance import Guidance, load_guidance
from pipelines.results import ClaimFinding, Findings, RowCounts
from pipelines.settings import load_settings

SHOWN = 3
WHY_OPEN = {
    "inconclusive": "open, as the interval is wide or few people carry it",
    "insufficient_data": "too few people",
    "not_collected": "not asked here",
    "not_testable": "a log like this cannot test it",
}


@dataclass(frozen=True)
class ClearFinding:
    """One of the clearest findings: `name` the factor, `line` ratio, interval and n; above 1 = more without milk."""

    name: str
    sentence: str
    line: str
    interval: IntervalMark
    claim: str = ""


@dataclass(frozen=True)
class OverviewPage:
    """What the Overview draws, from top to bottom.

    `title` is the share of sessions without milk and how many things go with it; `no_findings` says why
    `findings` is empty; `reasons` why statements have no answer, `settle` what would answer the open ones, `plan`
    whether anything was fixed before the data; `quality` one or two sentences.
    """

    basis: Basis
    title: str
    findings: tuple[ClearFinding, ...] = ()
    no_findings: str = ""
    statements_title: str = ""
    counts: tuple[VerdictCount, ...] = ()
    reasons: str = ""
    settle: str = ""
    plan: str = ""
    quality_title: str = ""
    quality: tuple[str, ...] = ()
    numbers: Numbers | None = None


def overview(path: Path, filters: Filters) -> OverviewPage:
    """The Overview of a store for a reader's filters. Raises StoreError when the file is no store."""
    frames = select(load(path), filters)
    grounds = basis(frames, filters)
    if grounds.unavailable:
        return OverviewPage(grounds, "Too few people for any number")
    found = associated(path, filters)
    codebook, guidance = load_codebook(), load_guidance()
    clearest = clearest_findings(found, guidance)
    rows = tuple(_clear(claim, codebook, filters.outcome) for claim in clearest)
    counts = verdict_counts(found, guidance)
    return OverviewPage(
        grounds,
        _title(found, clearest),
        rows,
        "" if rows else "No factor goes clearly with more or fewer such sessions here.",
        _statements_title(counts),
        counts,
        _reasons(counts, found_behind(found, guidance)),
        _settle(found, guidance),
        found.plan.words,
        *_quality(path, frames, found),
        _numbers(rows),
    )


def clearest_findings(found: Findings, guidance: Guidance) -> list[ClaimFinding]:
    """At most three claims with an answer, clearest first: supported or contradicted, by the outcome's odds ratio.

    Clear means far from no difference in standard errors; one finding for each factor.
    """
    answered = [
        claim
        for claim in found.claims
        if claim.verdict in ("supported", "contradicted")
        and claim.finding_of == claim.id
        and _excludes_one(claim)
        and guidance.claims[claim.id].carries_finding
    ]
    answered.sort(key=_clarity, reverse=True)
    first_of_factor = {claim.factor: claim for claim in reversed(answered)}
    return [claim for claim in answered if first_of_factor[claim.factor] is claim][:SHOWN]


def _excludes_one(claim: ClaimFinding) -> bool:
    return claim.ci_low is not None and claim.ci_high is not None and not claim.ci_low <= 1 <= claim.ci_high


def _clarity(claim: ClaimFinding) -> float:
    found = claim.association
    if found is None or not found.standard_error or not found.odds_ratio:
        return 0.0
    return abs(log(found.odds_ratio)) / found.standard_error


def _clear(claim: ClaimFinding, codebook: Codebook, outcome: str) -> ClearFinding:
    found = claim.association
    assert found is not None and claim.odds_ratio and claim.ci_low and claim.ci_high and claim.factor
    factor = codebook.factors[claim.factor]
    smallest = smallest_ratio("odds_ratio", found, codebook, load_settings())
    interval = words.ratio(claim.odds_ratio, claim.ci_low, claim.ci_high)
    with_level = words.ratio_with_level(claim.odds_ratio, claim.ci_low, claim.ci_high)
    mark = IntervalMark(claim.odds_ratio, claim.ci_low, claim.ci_high, f"odds ratio {interval}", smallest)
    text = words.line(
        f"{sentences.named('odds ratio', found)} {with_level}",
        words.people(found.participants),
        words.sessions(found.sessions),
    )
    return ClearFinding(
        title_of(factor, found.level), sentences.association(found, codebook, outcome), text, mark, claim.id
    )


def _title(found: Findings, clear: list[ClaimFinding]) -> str:
    cohort = found.cohort
    assert cohort.share_of_sessions is not None
    more = sum((claim.odds_ratio or 1) > 1 for claim in clear)
    sides = {"more": more, "fewer": len(clear) - more}
    told = [f"{side} with {words.counted(count, 'thing')}" for side, count in sides.items() if count]
    rest = f"clearly {words.listed(told)}" if told else "nothing goes clearly with it"
    return f"{words.of_hundred(cohort.share_of_sessions)} pumping sessions {words.OUTCOME_END[cohort.outcome]}; {rest}"


def _statements_title(counts: tuple[VerdictCount, ...]) -> str:
    every, here = total(counts), answered(counts)
    return f"{here} of the article’s {every} statements have an answer here; {every - here} have none"


def _reasons(counts: tuple[VerdictCount, ...], behind: int) -> str:
    tally = {each.verdict: each.count for each in counts}
    reasons = [f"{text} ({tally[verdict]})" for verdict, text in WHY_OPEN.items() if tally[verdict]]
    without = f"Those without one: {'; '.join(reasons)}." if reasons else ""
    here = answered(counts)
    if here <= behind:
        return without
    return f"The article repeats itself: the {here} rest on {words.counted(behind, 'finding')}. {without}".strip()


def _settle(found: Findings, guidance: Guidance) -> str:
    """The nearest steps towards an answer: how many more people the closest open findings need, which items to add."""
    own = [
        claim
        for claim in found.claims
        if claim.finding_of == claim.id and guidance.claims[claim.id].carries_finding
    ]
    open_ones = [claim for claim in own if claim.verdict == "inconclusive" and claim.people_needed]
    nearest = sorted(open_ones, key=lambda claim: claim.people_needed or 0)
    codebook = load_codebook()
    asked = dict.fromkeys(
        codebook.factors[claim.factor].label
        for claim in own
        if claim.verdict == "not_collected" and claim.factor
    )
    parts = []
    if nearest and nearest[0].people_needed and found.cohort.participants:
        more = max(nearest[0].people_needed - found.cohort.participants, 0)
        about = f"about {words.number(more)} more people" if more else "about as many people again"
        factor = codebook.factors[nearest[0].factor].label.lower() if nearest[0].factor else "one"
        parts.append(f"The open statement nearest to an answer, on {factor}, needs {about}")
    if asked:
        labels = list(asked)
        rest = len(labels) - SHOWN
        named = [*labels[:SHOWN], *([f"{words.small_number(rest)} more"] if rest > 0 else [])]
        parts.append(f"{words.counted(len(asked), 'item')} to add would open others: {words.listed(named)}")
    return f"{'. '.join(words.capital(part) for part in parts)}." if parts else ""


def _unused(ledger: RowCounts) -> str:
    """What the rows are that are neither in use nor set aside."""
    start = f"Of the whole study’s {words.number(ledger.read)} rows"
    others = [f"{words.number(ledger.duplicate)} were there before"] if ledger.duplicate else []
    others += (
        [f"{words.number(ledger.other)} are other events, such as feeds and nappies"] if ledger.other else []
    )
    return (
        f"{start}, {words.listed(others)}."
        if others
        else f"{start}, none repeats another or is an event of another kind."
    )


def _quality(path: Path, frames: Frames, found: Findings) -> tuple[str, tuple[str, ...]]:
    outcome = found.cohort.outcome
    ledger = total_of(ledgers(path))
    aside = words.number(ledger.quarantined) if ledger.quarantined else "none"
    title = f"{words.number(ledger.accepted)} rows are in use; {aside} {'is' if ledger.quarantined < 2 else 'are'} set aside"
    read = _unused(ledger)
    if ledger.quarantined:
        read += f" Those set aside ({percent_floor(ledger.quarantined / ledger.read)}) wait on the Data page, each with its reason."
    known = frames.sessions[frames.sessions[outcome].notna()]
    ever = known.groupby("participant_id")[outcome].max().astype(float).mean()
    never = (
        f"{words.percent(ever)} of people ever log a session {words.OUTCOME_WITH[outcome]}. Apps seldom record empty "
        "sessions, so the shares here may be too low."
    )
    return title, (read, f"{_alike(found)}{never}")


def _alike(found: Findings) -> str:
    """The share in which every person counts the same, since who pumps more often weighs more in the title's."""
    share = found.cohort.mean_participant_share
    if share is None:
        return ""
    return f"With every person counting alike, {words.of_hundred(share)} sessions {words.OUTCOME_END[found.cohort.outcome]}. "


def percent_floor(share: float) -> str:
    """A small share in per cent with two decimals, never rounded up."""
    return f"{floor(share * 10_000) / 100:g}{words.NO_BREAK}%"


def _numbers(rows: tuple[ClearFinding, ...]) -> Numbers:
    columns = ("factor", "odds_ratio", "low", "high", "in_words")
    return Numbers(
        "clearest-findings",
        columns,
        tuple(
            (
                row.name,
                round(row.interval.value, 3),
                round(row.interval.low, 3),
                round(row.interval.high, 3),
                row.sentence,
            )
            for row in rows
        ),
    )
