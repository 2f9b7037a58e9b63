"""Guidance: every statement of the article, what this cohort shows, and what independent literature says."""

from dataclasses import dataclass

from pipelines.evidence.parts import Basis, Distribution, GroupedSection, IntervalMark, Numbers, VerdictCount


@dataclass(frozen=True)
class LiteraturePosition:
    """What independent studies say: `position` as in guidance.POSITIONS, `sources` the citations, best first.

    `certainty` is in words; `checked` False means that the words stand without figures.
    """

    position: str
    summary: str
    sources: tuple[str, ...] = ()
    certainty: str = ""
    checked: bool = True


@dataclass(frozen=True)
class RepeatedClaim:
    """A statement that repeats another's finding; `note` tells how ("read the other way round", a contrast).

    `verdict` differs from the finding's only where the statement has a contrast of its own or cannot be tested
    itself; `finding` then says what the cohort shows of it, or the reason why nothing.
    """

    id: str
    paraphrase: str
    verdict: str
    section: str = ""
    note: str = ""
    finding: str = ""


@dataclass(frozen=True)
class ClaimRow:
    """One statement with a finding of its own, and those that repeat it.

    `says` is the claimed direction in words ("less milk"); `sentence` the finding with natural frequencies, or
    what is missing; `line` ratio, interval, n; `brief` and `brief_line` the same in a few figures; `interval` the ratio turned into the claimed direction, None
    without an estimate; `measure` odds_ratio or volume_ratio; `details` label and text pairs; `next_step` what
    would settle it or which item to add; `parts` True where cohort and literature part; `standing` says where
    article, cohort and literature agree or part, "" where they cannot be compared; `sections` where in the article it stands, `factors` the factor labels it maps to (for the search).
    """

    id: str
    paraphrase: str
    verdict: str
    sentence: str
    says: str = ""
    line: str = ""
    interval: IntervalMark | None = None
    measure: str = "odds_ratio"
    details: tuple[tuple[str, str], ...] = ()
    next_step: str = ""
    literature: LiteraturePosition | None = None
    parts: bool = False
    standing: str = ""
    repeats: tuple[RepeatedClaim, ...] = ()
    sections: tuple[str, ...] = ()
    factors: tuple[str, ...] = ()
    brief: str = ""
    brief_line: str = ""


@dataclass(frozen=True)
class UntestableClaim:
    """A statement that logs and questionnaires cannot test, with the reason and, where it helps, what would.

    `repeats` are other untestable statements of the same wording.
    """

    id: str
    paraphrase: str
    reason: str
    next_step: str = ""
    literature: LiteraturePosition | None = None
    repeats: tuple[RepeatedClaim, ...] = ()
    factors: tuple[str, ...] = ()


@dataclass(frozen=True)
class GuidanceTheme:
    """One theme with its statements in the article's order; `untestable` fold into one line at its foot."""

    id: str
    title: str
    rows: tuple[ClaimRow, ...]
    untestable: tuple[UntestableClaim, ...] = ()


@dataclass(frozen=True)
class ClaimReference:
    """A statement named from a table, an answer or an opinion, with the verdict it has in this cohort.

    `sentence` and `line` say what the cohort shows where no row of the statements says it already, or why nothing.
    """

    id: str
    paraphrase: str
    verdict: str
    sentence: str = ""
    line: str = ""


@dataclass(frozen=True)
class PumpTableRow:
    """One kind of pump: the article's five cells beside this cohort's share without milk and mL a session.

    `article` pairs column and cell in the article's words as we paraphrase them, effectiveness first; empty for
    a kind that the article lacks. `reasons` say why the cells after the first have no finding.
    """

    label: str
    article: tuple[tuple[str, str], ...]
    claims: tuple[ClaimReference, ...] = ()
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True)
class PumpTable:
    """The pump table: `rows` of the article and `cohort.groups` in the same order, one group a row."""

    rows: tuple[PumpTableRow, ...]
    cohort: GroupedSection


@dataclass(frozen=True)
class TechniqueRow:
    """One row of the technique table: the article's advice, the cohort beside it, and the statements it makes.

    `distribution` None where the cohort has no such number; `sentence` then says what it has or what to add.
    """

    id: str
    label: str
    advice: str
    sentence: str
    claims: tuple[ClaimReference, ...] = ()
    distribution: Distribution | None = None


@dataclass(frozen=True)
class TechniqueTable:
    """The technique table with its reading."""

    title: str
    rows: tuple[TechniqueRow, ...]


@dataclass(frozen=True)
class TipRow:
    """One let-down technique: advice, verdict of its statement, what the cohort shows in a sentence and a line.

    `brief` and `brief_line` are the same in a few figures; `also` further statements of the same technique.
    """

    id: str
    label: str
    advice: str
    claim: str
    verdict: str
    sentence: str
    line: str = ""
    interval: IntervalMark | None = None
    literature: LiteraturePosition | None = None
    also: tuple[ClaimReference, ...] = ()
    brief: str = ""
    brief_line: str = ""


@dataclass(frozen=True)
class AnswerRow:
    """One question of the FAQ, answered by the article and by this cohort.

    `findings` are the cohort's answer, the most telling first, each with what it shows; without one `cohort` says
    why there is none.
    """

    id: str
    question: str
    article: str
    cohort: str = ""
    claims: tuple[ClaimReference, ...] = ()
    findings: tuple[ClaimReference, ...] = ()


@dataclass(frozen=True)
class OpinionRow:
    """An expert statement as opinion: who, stated role, what, and the statements it makes or repeats."""

    id: str
    name: str
    role: str
    summary: str
    claims: tuple[ClaimReference, ...] = ()


@dataclass(frozen=True)
class ShortfallRow:
    """One thing the article leaves out or gets wrong, with explanation and source."""

    id: str
    title: str
    explanation: str
    source: str


@dataclass(frozen=True)
class SignList:
    """One of the article's two lists of reasons to seek help; `signs` pairs wording and what a log can say of it."""

    title: str
    signs: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class GuidancePage:
    """What the Guidance page draws, from top to bottom. `subtitle` says how many cannot be decided, and why."""

    basis: Basis
    title: str
    subtitle: str = ""
    counts: tuple[VerdictCount, ...] = ()
    themes: tuple[GuidanceTheme, ...] = ()
    pumps: PumpTable | None = None
    techniques: TechniqueTable | None = None
    tips: tuple[TipRow, ...] = ()
    answers: tuple[AnswerRow, ...] = ()
    opinions: tuple[OpinionRow, ...] = ()
    shortfalls: tuple[ShortfallRow, ...] = ()
    signs: tuple[SignList, ...] = ()
    urgent: str = ""
    disclaimer: str = ""
    numbers: Numbers | None = None
