"""Factors: every reported factor against the outcome, unadjusted beside adjusted, within beside between."""

from dataclasses import dataclass, field
from pathlib import Path

from pipelines.analysis.verdicts import smallest_ratio
from pipelines.codebook import Codebook, Factor, load_codebook
from pipelines.evidence import foreseen, words
from pipelines.evidence.classifier import ClassifierSection, being_worked_out, classifier_section
from pipelines.evidence.filters import Filters
from pipelines.evidence.findings import associated
from pipelines.evidence.frames import Frames, basis, cohort, load, select
from pipelines.evidence.missing import missing_answers
from pipelines.evidence.overview import clearest_findings
from pipelines.evidence.parts import HIDDEN, Basis, IntervalMark, Numbers
from pipelines.evidence.reverse import ReverseSection, reverse_section
from pipelines.evidence.specifications import choosable
from pipelines.evidence.statements import phrase_of, title_of
from pipelines.guidance import load_guidance
from pipelines.results import Association, ClaimFinding, Findings
from pipelines.settings import Settings, load_settings

PLACEBO_TITLE = "Placebo: these cannot matter"
COMPONENT_WORDS = {
    "total": "",
    "within": "",
    "between": " (between mothers)",
    "within_lagged": " (the day before)",
}


BETWEEN = (
    "Between different people the other direction hides: mothers with little milk worry more, pump more and try "
    "remedies. So what varies from day to day is judged in the same person only; the difference between people stands "
    "beside it and is no effect."
)


@dataclass(frozen=True)
class ForestRow:
    """One line of the forest: ratios above 1 go with more sessions without milk.

    `component` is total, between, within or within_lagged (results.COMPONENTS): within and within_lagged compare
    the same person with and without, the others compare people. `adjusted` None means that only the unadjusted
    estimate stands, `note` says why, or that a number's course is no straight line, or which questionnaire asked. `difference` is in words per 100
    sessions, `false_discovery` the rate in figures, "" where there is none. `weak` estimates rest on so few people that no verdict could follow.
    """

    label: str
    component: str
    adjusted: IntervalMark | None
    unadjusted: IntervalMark | None
    participants: int | None
    placebo: bool = False
    note: str = ""
    weak: bool = False
    difference: str = ""
    false_discovery: str = ""


@dataclass(frozen=True)
class ForestGroup:
    """The forest rows of one theme; placebo rows come as a last group of their own."""

    title: str
    rows: tuple[ForestRow, ...]


@dataclass(frozen=True)
class RefusedFactor:
    """A factor without an estimate: `state` as in parts.STATES, `reason` what is missing or needed."""

    label: str
    state: str
    reason: str


@dataclass(frozen=True)
class FactorsPage:
    """What the Factors page draws.

    `adjusted_for` is a sentence; `line` the forest's caption with n; `statements` pairs id and wording of the
    claims whose finding can be held against other choices (`specifications.claim_specifications`).
    """

    basis: Basis
    title: str
    adjusted_for: str = ""
    groups: tuple[ForestGroup, ...] = ()
    line: str = ""
    refused_title: str = ""
    refused: tuple[RefusedFactor, ...] = ()
    placebo_words: str = ""
    between_words: str = ""
    reverse: ReverseSection = field(default_factory=ReverseSection)
    numbers: Numbers | None = None
    statements: tuple[tuple[str, str], ...] = ()
    missing: str = ""


def factors(path: Path, filters: Filters) -> FactorsPage:
    """The Factors page of a store for a reader's filters. Raises StoreError when the file is no store."""
    frames = select(load(path), filters)
    grounds = basis(frames, filters)
    if grounds.unavailable:
        return FactorsPage(grounds, "Too few people for any number")
    found = associated(path, filters)
    codebook, settings = load_codebook(), load_settings()
    groups = _groups(found, codebook, settings)
    refused = _refused(found, codebook)
    return FactorsPage(
        grounds,
        _title(found, codebook),
        _adjusted_for(found, codebook),
        groups,
        words.line(
            "Odds ratio averaged over participants, 95 % interval, log scale",
            words.people(grounds.participants),
            words.sessions(grounds.sessions),
            "q is the false discovery rate among all rows of its kind",
        ),
        "What has no estimate, and why" if refused else "",
        refused,
        _placebo_words(groups),
        BETWEEN if any(row.component == "between" for group in groups for row in group.rows) else "",
        reverse_section(found),
        _numbers(found),
        choosable(found),
        _missing_title(frames, filters.outcome),
    )


def _missing_title(frames: Frames, outcome: str) -> str:
    """The reading of the missing answers, which the Cohort page shows; "" where none is missing."""
    found = missing_answers(frames, outcome)
    return found.title if found.rows else ""


def foreseen_section(path: Path, filters: Filters) -> ClassifierSection:
    """Whether such a session can be foreseen, as far as it is known by now; waits only until it was looked up."""
    job = foreseen.start(path, filters)
    frames = select(load(path), filters)
    job.is_looked_up.wait()
    if not job.finished.is_set():
        return being_worked_out(filters.outcome, job.done, job.total)
    return classifier_section(
        job.wait(),
        cohort(frames, filters, ""),
        load_codebook(),
        load_settings(),
        basis(frames, filters).filters,
    )


def _placebo_words(groups: tuple[ForestGroup, ...]) -> str:
    """What the placebos at the foot of the forest say of everything above them; "" where there are none."""
    rows = [row for group in groups for row in group.rows if row.placebo and row.adjusted]
    found = [row for row in rows if row.adjusted and not row.adjusted.low <= 1 <= row.adjusted.high]
    if not rows:
        return ""
    many = words.counted(len(rows), "placebo")
    if not found:
        return (
            f"The {many} cannot have to do with milk, went through the very same analysis, and show nothing: as it "
            "should be. One in 20 would show something by chance."
        )
    which = words.listed([f"“{row.label}”" for row in found])
    return (
        f"Of the {many}, which cannot have to do with milk, {which} came out as if it did. One in 20 does so by chance; "
        "it is a reminder to trust the weakest findings above least."
    )


def _pairs(found: Findings) -> dict[tuple[str, str | None, str], dict[str, Association]]:
    """Adjusted and unadjusted association of each factor, level and component, in the order of the codebook."""
    pairs: dict[tuple[str, str | None, str], dict[str, Association]] = {}
    for each in found.associations:
        pairs.setdefault((each.factor, each.level, each.component), {})[each.model] = each
    return pairs


def _groups(found: Findings, codebook: Codebook, settings: Settings) -> tuple[ForestGroup, ...]:
    groups: dict[str, list[ForestRow]] = {theme: [] for theme in codebook.themes}
    placebos: list[ForestRow] = []
    for (name, level, component), models in _pairs(found).items():
        factor = codebook.factors[name]
        # Between people a background factor tells who they are, which the adjustment needs and no reader.
        if component == "between" and factor.role in ("adjustment", "placebo"):
            continue
        # Placebos that a study collects itself would only repeat the ones that every study has.
        if factor.role == "placebo" and not factor.derived:
            continue
        row = _row(factor, level, component, models, codebook, settings)
        if row is not None:
            (placebos if row.placebo else groups[factor.theme]).append(row)
    drawn = [ForestGroup(codebook.themes[theme], tuple(rows)) for theme, rows in groups.items() if rows]
    return (*drawn, *([ForestGroup(PLACEBO_TITLE, tuple(placebos))] if placebos else []))


def _row(
    factor: Factor,
    level: str | None,
    component: str,
    models: dict[str, Association],
    codebook: Codebook,
    settings: Settings,
) -> ForestRow | None:
    adjusted, unadjusted = models.get("adjusted"), models.get("unadjusted")
    marks = [_mark(each, codebook, settings) for each in (adjusted, unadjusted)]
    if marks == [None, None]:
        return None
    shown = adjusted if marks[0] else unadjusted
    assert shown is not None
    note = "" if marks[0] or adjusted is None else words.capital(adjusted.reason)
    label = f"{title_of(factor, level)}{_step(shown)}"
    return ForestRow(
        label,
        component,
        marks[0],
        marks[1],
        shown.participants,
        placebo=factor.role == "placebo",
        note=" ".join(filter(None, (note or _bent(shown), _asked(shown)))),
        weak=bool(adjusted and adjusted.gates),
        difference=_difference(shown) if marks[0] else "",
        false_discovery=f"q {shown.q_value:.2g}" if marks[0] and shown.q_value is not None else "",
    )


def _bent(found: Association) -> str:
    """That a number's course is no straight line, where it is none."""
    return f"The shape is {found.shape}." if found.shape.startswith("not a straight") else ""


def _asked(found: Association) -> str:
    return f"{words.capital(found.asked)}." if found.asked else ""


def _difference(found: Association) -> str:
    if found.risk_difference is None or found.risk_low is None or found.risk_high is None:
        return ""
    return words.per_hundred(found.risk_difference, found.risk_low, found.risk_high)


def _step(found: Association) -> str:
    return f", {found.step}" if found.step else ""


def _mark(found: Association | None, codebook: Codebook, settings: Settings) -> IntervalMark | None:
    if found is None or found.odds_ratio is None or found.ci_low is None or found.ci_high is None:
        return None
    text = f"odds ratio {words.ratio(found.odds_ratio, found.ci_low, found.ci_high)}"
    smallest = smallest_ratio("odds_ratio", found, codebook, settings)
    return IntervalMark(found.odds_ratio, found.ci_low, found.ci_high, text, smallest)


def _refused(found: Findings, codebook: Codebook) -> tuple[RefusedFactor, ...]:
    """Comparisons without any estimate, gathered by what is missing."""
    gathered: dict[tuple[str, str], list[str]] = {}
    for (name, level, component), models in _pairs(found).items():
        if any(each.status == "estimated" for each in models.values()):
            continue
        if codebook.factors[name].role == "placebo":
            continue
        worst = models.get("adjusted") or models["unadjusted"]
        label = f"{title_of(codebook.factors[name], level)}{COMPONENT_WORDS[component]}{_penalised(worst)}"
        state = HIDDEN if worst.status == "suppressed" else "not_estimable"
        # What the adjustment had to leave out differs from row to row and is no reason for the refusal.
        names = gathered.setdefault((state, worst.reason.split(";")[0]), [])
        if label not in names:
            names.append(label)
    return tuple(
        RefusedFactor(words.capital(words.listed(names)), state, f"{words.capital(reason)}.")
        for (state, reason), names in gathered.items()
    )


def _penalised(found: Association) -> str:
    """A penalised estimate beside a factor that has no other; it describes and decides nothing."""
    if found.penalised_ratio is None:
        return ""
    ratio = found.penalised_ratio
    shown = f"{ratio:.2f}" if 0.01 <= ratio < 100 else ("over 100" if ratio > 1 else "under 0.01")
    return f" (penalised odds ratio {shown}, descriptive)"


def _adjusted_for(found: Findings, codebook: Codebook) -> str:
    used = [each.adjusted_for for each in found.associations if each.adjusted_for]
    common = [name for name in codebook.base_adjustment if any(name in names for names in used)]
    labels = [codebook.factors[name].label.lower() for name in common]
    return (
        f"Adjusted for {words.listed(labels)}, and what each factor needs besides"
        if labels
        else "Not adjusted"
    )


def _title(found: Findings, codebook: Codebook) -> str:
    """The clearest finding in each direction, as what sessions of that kind do."""
    clear = clearest_findings(found, load_guidance())
    end = words.OUTCOME_END[found.cohort.outcome]
    more = [_phrase(claim, codebook) for claim in clear if (claim.odds_ratio or 1) > 1][:1]
    fewer = [_phrase(claim, codebook) for claim in clear if (claim.odds_ratio or 1) < 1][:1]
    parts = [f"sessions {phrase} {end} more often" for phrase in more]
    parts += [f"sessions {phrase} {'do so' if more else end} less often" for phrase in fewer]
    return (
        words.capital("; ".join(parts)) or f"Nothing that was reported goes clearly with sessions that {end}"
    )


def _phrase(claim: ClaimFinding, codebook: Codebook) -> str:
    found = claim.association
    assert found is not None
    factor = codebook.factors[found.factor]
    return factor.phrase_more if found.level is None else phrase_of(factor, found.level)


def _numbers(found: Findings) -> Numbers:
    """Every association as the command line prints it."""
    columns = (
        "factor level reference component model participants sessions events odds_ratio ci_low ci_high "
        "p_value q_value risk_difference risk_low risk_high volume_ratio volume_low volume_high volume_difference "
        "volume_difference_low volume_difference_high step shape status reason"
    ).split()
    rows = tuple(tuple(_cell(getattr(each, column)) for column in columns) for each in found.associations)
    return Numbers("associations", tuple(columns), rows)


def _cell(value):
    return float(f"{value:.5g}") if isinstance(value, float) else value
