"""The article's tables, tips, questions, experts and warning signs, each beside this cohort."""

from collections.abc import Callable

import pandas as pd

from pipelines.evidence import sentences, words
from pipelines.evidence.claim_rows import Sources, literature, mark, reference
from pipelines.evidence.frames import Frames
from pipelines.evidence.groups import Summary, section, summarise
from pipelines.evidence.guidance import (
    AnswerRow,
    ClaimReference,
    OpinionRow,
    PumpTable,
    PumpTableRow,
    ShortfallRow,
    SignList,
    TechniqueRow,
    TechniqueTable,
    TipRow,
)
from pipelines.evidence.parts import Bin, Distribution, Numbers
from pipelines.guidance import TechniqueRow as Technique
from pipelines.privacy.disclosure import hides
from pipelines.results import VERDICTS

# What the technique table's numbers are drawn from: column, bar width, axis, shares of what.
BAR_WIDTH = {"duration_min": 5, "sessions_per_day": 1}
LAST_BAR = {"duration_min": 60, "sessions_per_day": 14}
WHOLE_NUMBERS = ("sessions_per_day",)


def pumps(frames: Frames, outcome: str, sources: Sources) -> PumpTable:
    """The pump table: the article's cells beside this cohort's share and volume, and kinds the article lacks."""
    guidance = sources.guidance
    rows, found = [], []
    for pump in guidance.pumps:
        cells = ("effectiveness", "mechanism", "portability", "noise", "cost")
        claims = [claim for claim in guidance.claims if claim.startswith(f"pump.{pump.id}.")]
        output_claims = [claim for claim in claims if claim.rsplit(".", 1)[1] not in cells[1:]]
        rows.append(
            PumpTableRow(
                pump.label,
                tuple((words.capital(cell), getattr(pump, cell)) for cell in cells),
                tuple(reference(claim, sources) for claim in output_claims),
                tuple(dict.fromkeys(sources.findings[f"pump.{pump.id}.{cell}"].reason for cell in cells[1:])),
            )
        )
        found.append(_pump(frames, pump.label, pump.pump_types, outcome))
    named = {kind for pump in guidance.pumps for kind in pump.pump_types}
    for level in sources.codebook.factors["pump_type"].levels:
        other = _pump(frames, level.label, (level.code,), outcome)
        if level.code not in named and other.state != "not_collected":
            rows.append(PumpTableRow(level.label, ()))
            found.append(other)
    unknown = frames.sessions[frames.asked("pump_type").isna()]
    unreported = summarise(unknown, "Not reported", outcome, frames.minimum, frames.everyone)
    if unreported.state != "not_collected":
        rows.append(PumpTableRow(unreported.label, ()))
        found.append(unreported)
    shown = [each for each in found if each.share is not None]
    title = "Kinds of pump: the article’s table beside this cohort"
    if len(shown) > 1:
        shares = sorted(each.share for each in shown if each.share is not None)
        title = (
            f"Between kinds of pump, {shares[0] * 100:.0f} to {shares[-1] * 100:.0f} of{words.NO_BREAK}100 sessions "
            f"{words.OUTCOME_END[outcome]}"
        )
    note = "The cohort’s numbers are unadjusted: mothers choose a pump for a reason. Portability, noise and cost are the article’s opinion."
    return PumpTable(tuple(rows), section(title, found, outcome, "pump-table", note))


def _pump(frames: Frames, label: str, kinds: tuple[str, ...], outcome: str) -> Summary:
    rows = frames.sessions[frames.asked("pump_type").isin(kinds)]
    return summarise(rows, label, outcome, frames.minimum, frames.everyone)


def techniques(frames: Frames, sources: Sources) -> TechniqueTable:
    """The technique table with the cohort's distribution beside each advised range."""
    rows = tuple(_technique(row, frames, sources) for row in sources.guidance.techniques)
    inside = [row.sentence for row in rows if row.distribution]
    title = "What is advised, and what this cohort does" if not inside else inside[-1].rstrip(".")
    return TechniqueTable(title, rows)


def _technique(row: Technique, frames: Frames, sources: Sources) -> TechniqueRow:
    claims = tuple(reference(claim, sources) for claim in row.claims)
    values, of = _values(row.factor, frames)
    if row.low is not None and row.high is not None and values is not None:
        drawn = _distribution(row, values, of, frames)
        return TechniqueRow(row.id, row.label, row.advice, drawn.reading, claims, drawn)
    return TechniqueRow(row.id, row.label, row.advice, _levels(row.factor, frames, sources), claims)


def _values(factor: str, frames: Frames) -> tuple[pd.DataFrame | None, str]:
    """The numbers of a technique with their people: sessions for the duration, complete days for the frequency."""
    if factor == "duration_min":
        rows = frames.sessions.reindex(columns=["participant_id", "duration_min"]).dropna()
        return rows.rename(columns={"duration_min": "value"}), "sessions"
    if factor == "sessions_per_day":
        rows = frames.days[frames.days["volume_ml"].notna()][["participant_id", "sessions"]]
        return rows.rename(columns={"sessions": "value"}), "days"
    return None, ""


def _distribution(row: Technique, values: pd.DataFrame, of: str, frames: Frames) -> Distribution:
    width, last = BAR_WIDTH[row.factor], LAST_BAR[row.factor]
    people = values["participant_id"].nunique()
    bins = tuple(
        _bin(values, start, start + width, start + width >= last, frames) for start in range(0, last, width)
    )
    drawn = tuple(_centred(each) for each in bins) if row.factor in WHOLE_NUMBERS else bins
    inside = values["value"].between(row.low, row.high)
    reading = _inside(values, inside, row, of, frames)
    hidden = hides(people, frames.everyone, frames.minimum)
    line = words.line(words.people(None if hidden else people), f"{words.number(len(values))} {of}")
    table = Numbers(
        f"technique-{row.id}",
        ("from", "below", "share"),
        tuple((each.start, each.end, None if each.share is None else round(each.share, 4)) for each in bins),
    )
    return Distribution(reading, row.unit, of, drawn, row.low, row.high, line, table)


def _bin(values: pd.DataFrame, start: float, end: float, is_last: bool, frames: Frames) -> Bin:
    at = values["value"] >= start if is_last else values["value"].between(start, end, inclusive="left")
    people = values.loc[at, "participant_id"].nunique()
    share = None if 0 < people < frames.minimum or values.empty else float(at.mean())
    return Bin(start, end, share)


def _centred(bar: Bin) -> Bin:
    """A bar that stands on its whole number instead of beside it."""
    return Bin(bar.start - 0.5, bar.end - 0.5, bar.share)


def _inside(values: pd.DataFrame, inside: pd.Series, row: Technique, of: str, frames: Frames) -> str:
    if values.loc[inside, "participant_id"].nunique() < frames.minimum:
        return f"Fewer than {frames.minimum} people have {of} in the advised range; the share stays hidden."
    assert row.low is not None and row.high is not None
    return (
        f"{words.capital(words.of_hundred(float(inside.mean())))} {of} lie in the advised range of "
        f"{row.low:g} to {row.high:g} {row.unit}."
    )


def _levels(name: str, frames: Frames, sources: Sources) -> str:
    """How many people report each level of a technique without a number, or which item would tell."""
    factor = sources.codebook.factors[name]
    answers = (
        frames.sessions[["participant_id", name]].dropna() if name in frames.sessions else pd.DataFrame()
    )
    if answers.empty:
        return f"Not collected here. The item to add: {factor.question}"
    if factor.is_numeric:
        return f"Half of the sessions are at {answers[name].median():g} {factor.unit} or less."
    shares = []
    for level in factor.levels:
        people = answers.loc[answers[name] == level.code, "participant_id"].nunique()
        if people >= frames.minimum:
            share = float((answers[name] == level.code).mean())
            shares.append(f"{words.percent(share)} {level.label.lower()}")
    if not shares:
        return f"Fewer than {frames.minimum} people report any one answer; the shares stay hidden."
    return f"{factor.label}, share of sessions: {words.listed(shares)}."


def tips(sources: Sources) -> tuple[TipRow, ...]:
    """The let-down techniques with the verdict of the statement each makes."""
    findings, guidance = sources.findings, sources.guidance
    rows = []
    for tip in guidance.tips:
        claim, finding = guidance.claims[tip.claim], findings[tip.claim]
        rows.append(
            TipRow(
                tip.id,
                tip.label,
                tip.advice,
                tip.claim,
                finding.verdict,
                sentences.finding(finding, sources.codebook, sources.found.cohort.outcome),
                sentences.line(finding),
                mark(claim, finding, sources),
                literature(guidance.literature_for(claim)),
                tuple(reference(other, sources) for other in tip.also),
                sentences.brief(finding),
                sentences.brief_line(finding),
            )
        )
    return tuple(rows)


def answers(sources: Sources) -> tuple[AnswerRow, ...]:
    """The FAQ answered by the article and by this cohort."""
    rows = []
    for each in sources.guidance.answers:
        own = _own_findings(each.claims, sources)
        found = _telling(own, sources)
        rows.append(
            AnswerRow(
                each.id,
                each.question,
                each.answer,
                "" if found else _no_answer(own, sources),
                tuple(reference(claim, sources) for claim in each.claims),
                found,
            )
        )
    return tuple(rows)


def _own_findings(claims: tuple[str, ...], sources: Sources) -> tuple[str, ...]:
    """The statements whose findings stand behind some claims, each once."""
    findings, known = sources.findings, sources.guidance.claims
    named = [repeat.of for claim in claims for repeat in known[claim].repeats] or list(claims)
    return tuple(dict.fromkeys(findings[claim].finding_of or claim for claim in (*claims, *named)))


def _telling(own: tuple[str, ...], sources: Sources) -> tuple[ClaimReference, ...]:
    """What the cohort shows of each, what is settled before what stays open; the same said twice stands once."""
    told: dict[tuple[str, str], ClaimReference] = {}
    for claim in own:
        finding = sources.findings[claim]
        if finding.association is not None and finding.odds_ratio is not None:
            text = sentences.finding(finding, sources.codebook, sources.found.cohort.outcome)
            paraphrase = sources.guidance.claims[claim].paraphrase
            told.setdefault((finding.verdict, text), ClaimReference(claim, paraphrase, finding.verdict, text))
    return tuple(sorted(told.values(), key=lambda each: VERDICTS.index(each.verdict)))


def _no_answer(own: tuple[str, ...], sources: Sources) -> str:
    reasons = dict.fromkeys(sources.findings[claim].reason for claim in own if sources.findings[claim].reason)
    return f"These logs have no answer. {' '.join(reasons)}".strip()


def opinions(sources: Sources) -> tuple[OpinionRow, ...]:
    """The expert statements as opinion, with the statements they make or repeat."""
    return tuple(
        OpinionRow(
            each.id,
            each.name,
            each.role,
            each.summary,
            tuple(reference(claim, sources) for claim in each.claims),
        )
        for each in sources.guidance.opinions
    )


def shortfalls(sources: Sources) -> tuple[ShortfallRow, ...]:
    """What the article leaves out or gets wrong."""
    return tuple(
        ShortfallRow(each.id, each.title, each.explanation, each.source)
        for each in sources.guidance.shortfalls
    )


def signs(sources: Sources, title: Callable[[str], str]) -> tuple[SignList, ...]:
    """The article's two lists of reasons to seek help, each with what its statement's reason says."""
    findings = sources.findings
    lists = dict.fromkeys(sign.list for sign in sources.guidance.warning_signs)
    return tuple(
        SignList(
            title(name),
            tuple(
                (sign.wording, findings[sign.claim].reason)
                for sign in sources.guidance.warning_signs
                if sign.list == name
            ),
        )
        for name in lists
    )
