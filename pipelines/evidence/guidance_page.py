"""The Guidance page as a whole: every statement of the article beside this cohort and the literature."""

from pathlib import Path

from pipelines.codebook import load_codebook
from pipelines.evidence import article_tables as tables
from pipelines.evidence import words
from pipelines.evidence.claim_rows import Sources, themes
from pipelines.evidence.filters import Filters
from pipelines.evidence.findings import associated
from pipelines.evidence.frames import Frames, basis, load, select
from pipelines.evidence.guidance import GuidancePage
from pipelines.evidence.parts import Numbers, VerdictCount
from pipelines.evidence.statements import answered, descriptive_cells, found_behind, total, verdict_counts
from pipelines.guidance import load_guidance
from pipelines.results import Findings
from pipelines.settings import load_settings

DISCLAIMER = (
    "Associations in these logs beside studies of volume done elsewhere. A research tool, no medical device and no "
    "medical advice."
)


def guidance(path: Path, filters: Filters) -> GuidancePage:
    """The Guidance page of a store for a reader's filters. Raises StoreError when the file is no store."""
    return page_of(select(load(path), filters), filters, associated(path, filters))


def page_of(frames: Frames, filters: Filters, found: Findings) -> GuidancePage:
    """The Guidance page of some sessions and their findings, which must have been fenced."""
    sources = Sources(load_guidance(), load_codebook(), load_settings(), found)
    counts = verdict_counts(sources.found, sources.guidance)
    sections = sources.guidance.sections
    return GuidancePage(
        basis(frames, filters),
        _title(counts),
        _subtitle(counts, found_behind(sources.found, sources.guidance)),
        counts,
        themes(sources),
        tables.pumps(frames, filters.outcome, sources),
        tables.techniques(frames, sources),
        tables.tips(sources),
        tables.answers(sources),
        tables.opinions(sources),
        tables.shortfalls(sources),
        tables.signs(sources, lambda name: sections.get(name, name)),
        sources.guidance.urgent_signs,
        DISCLAIMER,
        _numbers(sources),
    )


def _title(counts: tuple[VerdictCount, ...]) -> str:
    tally = {each.verdict: each.count for each in counts}
    if not answered(counts):
        return f"None of the article’s {total(counts)} statements can be decided by these logs"
    return (
        f"Of the article’s {total(counts)} statements, {_so_many(tally['supported'], 'agrees', 'agree')} with these logs, "
        f"{_so_many(tally['contradicted'], 'disagrees', 'disagree')}, "
        f"{_so_many(tally['negligible'], 'shows', 'show')} no sign of a difference that matters"
    )


def _subtitle(counts: tuple[VerdictCount, ...], behind: int) -> str:
    here = answered(counts)
    rest = f"the {here} rest on {words.counted(behind, 'finding')}; " if here else ""
    if not here:
        return "Each has the reason"
    return f"{words.capital(rest)}{words.number(total(counts) - here)} cannot be decided here, each with the reason"


def _so_many(count: int, one: str, many: str) -> str:
    return f"{count or 'none'} {one if count == 1 else many}"


def _numbers(sources: Sources) -> Numbers:
    """Every statement with its verdict and numbers, for a spreadsheet."""
    cells = descriptive_cells(sources.guidance)
    columns = (
        "claim paraphrase verdict detail reason factor expected component measure odds_ratio ci_low ci_high "
        "volume_ratio volume_low volume_high people sessions finding_of literature"
    ).split()
    rows = []
    for finding in sources.found.claims:
        if finding.id in cells:
            continue
        claim = sources.guidance.claims[finding.id]
        entry = sources.guidance.literature_for(claim)
        found = finding.association
        values = [getattr(finding, column) for column in columns[2:15]]
        rows.append(
            (
                finding.id,
                claim.paraphrase,
                *(round(value, 4) if isinstance(value, float) else value for value in values),
                found.participants if found else None,
                found.sessions if found else None,
                finding.finding_of,
                entry.position if entry else "",
            )
        )
    return Numbers("guidance", tuple(columns), tuple(rows))
