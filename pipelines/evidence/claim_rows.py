"""The statements of the Guidance page: what the article says, what this cohort shows, what literature says."""

from dataclasses import dataclass

from pipelines.analysis.sensitivity import e_value, risk_ratio
from pipelines.analysis.verdicts import smallest_ratio
from pipelines.codebook import Codebook
from pipelines.evidence import reverse, sentences, words
from pipelines.evidence.guidance import (
    ClaimReference,
    ClaimRow,
    GuidanceTheme,
    LiteraturePosition,
    RepeatedClaim,
    UntestableClaim,
)
from pipelines.evidence.parts import IntervalMark
from pipelines.evidence.statements import descriptive_cells
from pipelines.guidance import Claim, Guidance, Literature
from pipelines.results import Association, ClaimFinding, Findings
from pipelines.settings import Settings

SAYS = {
    "more_no_milk": "more sessions without milk",
    "less_no_milk": "fewer sessions without milk",
    "higher_volume": "more milk",
    "lower_volume": "less milk",
    "none": "no direction stated",
}
LOWER = ("less_no_milk", "lower_volume")
SIDES = {"supports": ("contradicted", "negligible"), "contradicts": ("supported",)}
STANDING = {
    ("supported", "supports"): "Article, cohort and literature agree",
    ("supported", "contradicts"): "Cohort with the article, literature against both",
    ("contradicted", "supports"): "Literature with the article, cohort against both",
    ("negligible", "supports"): "Literature with the article, no sign of it in this cohort",
    ("contradicted", "contradicts"): "Cohort and literature agree, both against the article",
    ("negligible", "contradicts"): "Cohort and literature agree, neither backs the article",
}
COMPONENT_TITLES = {
    "total": "Different mothers",
    "between": "Different mothers",
    "within": "Same mother",
    "within_lagged": "Same mother, the day before",
}


@dataclass(frozen=True)
class Sources:
    """What the rows are made of."""

    guidance: Guidance
    codebook: Codebook
    settings: Settings
    found: Findings

    @property
    def findings(self) -> dict[str, ClaimFinding]:
        """The cohort's finding by claim id."""
        return {claim.id: claim for claim in self.found.claims}


def themes(sources: Sources) -> tuple[GuidanceTheme, ...]:
    """All statements by theme, repeats folded under the finding they share; cells of the pump table are left out."""
    cells = descriptive_cells(sources.guidance)
    findings = sources.findings
    drawn = []
    for theme, claims in sources.guidance.by_theme().items():
        rows = tuple(_row(claim, findings, sources) for claim in claims if claim.carries_finding)
        silent = tuple(
            _untestable(claim, findings, sources)
            for claim in claims
            if claim.testable == "no" and not claim.repeats and claim.id not in cells
        )
        if rows or silent:
            drawn.append(GuidanceTheme(theme, sources.codebook.themes[theme], rows, silent))
    return tuple(drawn)


def reference(claim: str, sources: Sources) -> ClaimReference:
    """A statement as another table names it, with its numbers where it has no row of its own among the statements."""
    known, finding = sources.guidance.claims[claim], sources.findings[claim]
    shown = ("", "")
    if finding.association is not None and finding.finding_of == claim and not known.carries_finding:
        outcome = sources.found.cohort.outcome
        shown = (sentences.finding(finding, sources.codebook, outcome), sentences.line(finding))
    elif finding.verdict == "not_testable" and finding.association is None:
        shown = (sentences.full(finding.reason), "")
    return ClaimReference(claim, known.paraphrase, finding.verdict, *shown)


def literature(entry: Literature | None) -> LiteraturePosition | None:
    """What independent studies say, best source first."""
    if entry is None:
        return None
    cited = tuple(
        ", ".join(part for part in (source.citation, str(source.year or ""), source.identifier) if part)
        for source in entry.sources
    )
    certainty = f"{entry.certainty} certainty: {entry.basis}" if entry.certainty else ""
    return LiteraturePosition(entry.position, entry.summary, cited, certainty, entry.checked)


def mark(claim: Claim, finding: ClaimFinding, sources: Sources) -> IntervalMark | None:
    """The deciding ratio turned into the claimed direction: above 1 is as the article says. None without one."""
    if finding.measure == "volume_ratio":
        numbers = (finding.volume_ratio, finding.volume_low, finding.volume_high)
        name = "ratio of mean volumes"
    else:
        numbers = (finding.odds_ratio, finding.ci_low, finding.ci_high)
        name = "odds ratio"
    value, low, high = numbers
    # The numbers are those of the claim that owns the finding, so that one says which way they point.
    owner = sources.guidance.claims[finding.finding_of or claim.id]
    if value is None or low is None or high is None or finding.factor is None or not owner.is_directional:
        return None
    text = f"{name} {words.ratio(value, low, high)}"
    if is_turned(owner):
        value, low, high = 1 / value, 1 / high, 1 / low
    assert finding.association is not None
    smallest = smallest_ratio(finding.measure, finding.association, sources.codebook, sources.settings)
    return IntervalMark(value, low, high, text, smallest)


def is_turned(claim: Claim) -> bool:
    """Whether a ratio below 1 is what the claim predicts."""
    low_end = bool(claim.factors) and claim.points_low(claim.factors[0])
    return (claim.direction in LOWER) != low_end


def parts(finding: ClaimFinding, entry: Literature | None) -> bool:
    """Whether this cohort and literature part: one backs the article and the other does not."""
    return entry is not None and finding.verdict in SIDES.get(entry.position, ())


def standing(finding: ClaimFinding, entry: Literature | None) -> str:
    """Where article, cohort and literature agree or part; "" where one of them takes no side."""
    position = entry.position if entry else ""
    return STANDING.get((finding.verdict, position), "")


def _row(claim: Claim, findings: dict[str, ClaimFinding], sources: Sources) -> ClaimRow:
    finding = findings[claim.id]
    entry = sources.guidance.literature_for(claim)
    differs = parts(finding, entry)
    repeated = sources.guidance.repeated_by(claim.id)
    return ClaimRow(
        id=claim.id,
        paraphrase=claim.paraphrase,
        verdict=finding.verdict,
        sentence=sentences.finding(finding, sources.codebook, sources.found.cohort.outcome),
        says=SAYS[claim.direction],
        line=words.line(sentences.line(finding), finding.plan if finding.association else ""),
        interval=mark(claim, finding, sources),
        measure=finding.measure,
        details=details(claim, finding, sources),
        next_step=finding.next_step,
        literature=literature(entry),
        parts=differs,
        standing=standing(finding, entry),
        repeats=tuple(_repeat(each, claim, findings, sources) for each in repeated),
        sections=_sections((claim, *repeated), sources),
        factors=_labels(claim, sources),
        brief=sentences.brief(finding),
        brief_line=sentences.brief_line(finding),
    )


def _repeat(claim: Claim, own: Claim, findings: dict[str, ClaimFinding], sources: Sources) -> RepeatedClaim:
    notes = []
    if any(repeat.of == own.id and repeat.reversed for repeat in claim.repeats):
        notes.append("read the other way round")
    if claim.contrast and claim.contrast != own.contrast:
        notes.append("with a comparison of its own")
    section = sources.guidance.sections[claim.section]
    finding, text = findings[claim.id], ""
    if finding.verdict != findings[own.id].verdict:
        text = sentences.finding(finding, sources.codebook, sources.found.cohort.outcome)
        text = words.line(sentences.full(text), sentences.line(finding))
    return RepeatedClaim(claim.id, claim.paraphrase, finding.verdict, section, ", ".join(notes), text)


def _untestable(claim: Claim, findings: dict[str, ClaimFinding], sources: Sources) -> UntestableClaim:
    repeated = sources.guidance.repeated_by(claim.id)
    return UntestableClaim(
        claim.id,
        claim.paraphrase,
        findings[claim.id].reason,
        findings[claim.id].next_step,
        literature(sources.guidance.literature_for(claim)),
        tuple(_repeat(each, claim, findings, sources) for each in repeated),
        _labels(claim, sources),
    )


def _sections(claims: tuple[Claim, ...], sources: Sources) -> tuple[str, ...]:
    return tuple(dict.fromkeys(sources.guidance.sections[claim.section] for claim in claims))


def _labels(claim: Claim, sources: Sources) -> tuple[str, ...]:
    return tuple(sources.codebook.factors[name].label for name in claim.factors)


def details(claim: Claim, finding: ClaimFinding, sources: Sources) -> tuple[tuple[str, str], ...]:
    """What a reader finds behind "Details": every component, both measures, adjustment, what it takes to undo it."""
    found = finding.association
    if found is None:
        return ()
    rows: list[tuple[str, str]] = [("The article claims", SAYS[claim.direction])]
    rows += _components(found, sources)
    rows += [
        ("The other direction", reverse.sentence(each, sources.codebook, sources.found.cohort.outcome))
        for each in sources.found.reverse
        if each.factor == found.factor
    ]
    adjusted = [sources.codebook.factors[name].label.lower() for name in found.adjusted_for]
    rows.append(("Adjusted for", words.listed(adjusted) or "nothing"))
    rows += _complete(found)
    if found.asked:
        rows.append(("Asked by", found.asked))
    if found.effective_participants is not None:
        rows.append(("Carried by", f"as if by {found.effective_participants:.0f} people who count alike"))
    if found.risk_difference is not None and found.risk_low is not None and found.risk_high is not None:
        numbers = words.per_hundred(found.risk_difference, found.risk_low, found.risk_high)
        rows.append(("Per 100 sessions", f"{numbers}, what was adjusted for being alike"))
    rows += _millilitres(found)
    if found.shape:
        rows.append(("Shape", found.shape))
    if finding.q_value is not None:
        rows.append(("Among all claims", f"false discovery rate {finding.q_value:.3f}"))
    rows += _imputed(finding)
    rows += _e_value(finding, sources)
    rows += _unlogged(finding, sources.found.cohort.outcome)
    return tuple(rows)


def _complete(found: Association) -> list[tuple[str, str]]:
    """How many of the sessions compared the adjusted model could use, where not all."""
    if found.complete_share is None or found.complete_share == 1:
        return []
    told = words.percent(found.complete_share)
    return [
        ("In the adjusted model", f"{told} of these sessions; the others lack an answer that it adjusts for")
    ]


def _millilitres(found: Association) -> list[tuple[str, str]]:
    """The adjusted difference of mean volumes."""
    value, low, high = found.volume_difference, found.volume_difference_low, found.volume_difference_high
    if value is None or low is None or high is None:
        return []
    numbers = (
        f"{words.signed(value, 1)}{words.NO_BREAK}mL ({words.signed(low, 1)} to {words.signed(high, 1)})"
    )
    step = f" {found.step}" if found.step else ""
    return [("Milk a session", f"{numbers}{step}, what was adjusted for being alike")]


def _imputed(finding: ClaimFinding) -> list[tuple[str, str]]:
    """The deciding ratio with missing answers of people filled in, where any are missing."""
    if finding.imputed is None:
        return []
    numbers = words.ratio(finding.imputed.value, finding.imputed.low, finding.imputed.high)
    return [("With missing answers filled in", numbers)]


def _unlogged(finding: ClaimFinding, outcome: str) -> list[tuple[str, str]]:
    """How many sessions without milk, unlogged on one side alone, would bring the interval to no difference."""
    ratio, low, high = finding.odds_ratio, finding.ci_low, finding.ci_high
    found = finding.association
    if finding.measure != "odds_ratio" or ratio is None or low is None or high is None or found is None:
        return []
    if found.level is None or low <= 1 <= high:
        return []
    # Sessions with the outcome that were not logged raise the odds of their side in proportion.
    more = low - 1 if ratio > 1 else 1 / high - 1
    side = "compared with" if ratio > 1 else "with it"
    return [
        (
            "Unlogged sessions that would undo it",
            f"{words.percent(more)} more of the sessions {words.OUTCOME_WITH[outcome]} on the side {side}, "
            "if only that side left them out of the log",
        )
    ]


def _components(found: Association, sources: Sources) -> list[tuple[str, str]]:
    rows = []
    for each in sources.found.associations:
        if (each.factor, each.level) != (found.factor, found.level) or each.odds_ratio is None:
            continue
        if each.ci_low is None or each.ci_high is None:
            continue
        text = f"odds ratio {words.ratio(each.odds_ratio, each.ci_low, each.ci_high)}"
        if each.volume_ratio is not None and each.volume_low is not None and each.volume_high is not None:
            text += f"; ratio of volumes {words.ratio(each.volume_ratio, each.volume_low, each.volume_high)}"
        if each.component == "between":
            text += "; a difference between mothers, not an effect"
        rows.append((f"{COMPONENT_TITLES[each.component]}, {each.model}", text))
    return rows


def _e_value(finding: ClaimFinding, sources: Sources) -> list[tuple[str, str]]:
    share = sources.found.cohort.share_of_sessions
    numbers = (finding.odds_ratio, finding.ci_low, finding.ci_high)
    if finding.measure != "odds_ratio" or share is None or None in numbers:
        return []
    point, limit = e_value(*(risk_ratio(number, share) for number in numbers if number is not None))
    if limit <= 1:
        return [("Would undo it", "nothing needs to: the interval holds no difference already")]
    text = f"something unmeasured that goes with both by a factor of {point:.2f} each"
    return [("Would undo it", f"{text} (for the limit nearer to none: {limit:.2f})")]
