"""How far one claim's finding hangs on our choices, in words, for the Factors page and a claim's details."""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from threadpoolctl import threadpool_limits

from pipelines.analysis.specifications import specifications
from pipelines.analysis.verdicts import smallest_ratio
from pipelines.codebook import load_codebook
from pipelines.evidence import words
from pipelines.evidence.claim_rows import is_turned
from pipelines.evidence.filters import Filters
from pipelines.evidence.findings import associated
from pipelines.evidence.frames import load, select
from pipelines.evidence.parts import IntervalMark, Numbers
from pipelines.evidence.studies import stamp
from pipelines.guidance import Claim, load_guidance
from pipelines.results import ANSWERED, ClaimFinding, Findings, Specification
from pipelines.settings import load_settings

CLAIMS_IN_MEMORY = 64


@dataclass(frozen=True)
class SpecificationRow:
    """One other choice: what was changed, the ratio turned into the claimed direction, its verdict, and who was in it.

    `mark` None means that there is no estimate; `reason` then says why, else which gate it stopped at.
    """

    changed: str
    mark: IntervalMark | None
    verdict: str
    line: str
    reason: str = ""


@dataclass(frozen=True)
class SpecificationTable:
    """All rows of one claim under a title that is their reading; `about_volume` says which ratio it is."""

    claim: str
    paraphrase: str
    title: str
    rows: tuple[SpecificationRow, ...]
    about_volume: bool
    numbers: Numbers | None = None


def choosable(found: Findings) -> tuple[tuple[str, str], ...]:
    """The claims that have an estimate of their own, as id and paraphrase, those with an answer first."""
    known = load_guidance().claims
    own = [each for each in found.claims if each.finding_of == each.id and _estimated(each)]
    own.sort(key=lambda each: each.verdict not in ANSWERED)
    return tuple((each.id, known[each.id].paraphrase) for each in own)


def claim_specifications(path: Path, claim_id: str, filters: Filters) -> SpecificationTable | None:
    """One claim's finding under other choices; None where it has no estimate. A repeat shows the claim it repeats.

    Computed when asked for, since every row is a fit of its own.
    """
    return _table(path, stamp(path), claim_id, filters)


def _estimated(finding: ClaimFinding) -> bool:
    return finding.association is not None and finding.association.status == "estimated"


@lru_cache(maxsize=CLAIMS_IN_MEMORY)
def _table(path: Path, content: str, claim_id: str, filters: Filters) -> SpecificationTable | None:
    found = {each.id: each for each in associated(path, filters).claims}
    if claim_id not in found:
        return None
    owner = found[claim_id].finding_of or claim_id
    finding, claim = found[owner], load_guidance().claims[owner]
    if not _estimated(finding):
        return None
    frames = select(load(path), filters)
    with threadpool_limits(1, "blas"):
        rows = specifications(
            frames.sessions,
            claim,
            finding,
            load_codebook(),
            load_settings(),
            filters.outcome,
            frames.minimum,
            frames.info.low_output_ml,
        )
    shown = tuple(_row(each, claim, finding) for each in rows)
    return SpecificationTable(
        owner,
        claim.paraphrase,
        _title(rows),
        shown,
        claim.measure == "volume_ratio",
        _numbers(owner, rows),
    )


def _row(row: Specification, claim: Claim, finding: ClaimFinding) -> SpecificationRow:
    line = words.line(words.people(row.participants), words.sessions(row.sessions)) if row.ratio else ""
    reason = words.capital(row.reason)
    return SpecificationRow(row.changed, _mark(row, claim, finding), row.verdict, line, reason)


def _mark(row: Specification, claim: Claim, finding: ClaimFinding) -> IntervalMark | None:
    if row.ratio is None or row.low is None or row.high is None or finding.association is None:
        return None
    name = "ratio of mean volumes" if claim.measure == "volume_ratio" else "odds ratio"
    text = f"{name} {words.ratio(row.ratio, row.low, row.high)}"
    value, low, high = row.ratio, row.low, row.high
    if is_turned(claim):
        value, low, high = 1 / value, 1 / high, 1 / low
    smallest = smallest_ratio(claim.measure, finding.association, load_codebook(), load_settings())
    return IntervalMark(value, low, high, text, smallest)


ALL_OTHERS = {1: "the one other choice", 2: "both other choices"}


def _title(rows: tuple[Specification, ...]) -> str:
    """How many of the other choices give the same verdict."""
    chosen, others = rows[0], [row for row in rows[1:] if row.ratio is not None]
    same = sum(row.verdict == chosen.verdict for row in others)
    word = "on too few people" if chosen.verdict == "insufficient_data" else chosen.verdict.replace("_", " ")
    if not others:
        return f"Judged {word}; no other choice gives an estimate"
    if same == len(others):
        every = ALL_OTHERS.get(same, f"all {words.small_number(same)} other choices")
        return f"Judged {word}, and so under {every}"
    other = words.counted(len(others) - same, "other choice")
    return f"Judged {word}; {other} of {words.small_number(len(others))} would say otherwise"


def _numbers(claim: str, rows: tuple[Specification, ...]) -> Numbers:
    columns = ("changed", "ratio", "low", "high", "participants", "sessions", "verdict", "reason")
    cells = tuple(
        tuple(
            float(f"{value:.5g}") if isinstance(value, float) else value
            for value in (getattr(row, column) for column in columns)
        )
        for row in rows
    )
    return Numbers(f"choices_{claim.replace('.', '_')}", columns, cells)
