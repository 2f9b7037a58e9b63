"""Overview: what is loaded, how good it is, the clearest findings, and what cannot be said."""

from dataclasses import dataclass

from pipelines.evidence.parts import Basis, IntervalMark, Numbers, VerdictCount


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
    `findings` is empty; `reasons` why statements have no answer; `quality` one or two sentences.
    """

    basis: Basis
    title: str
    findings: tuple[ClearFinding, ...] = ()
    no_findings: str = ""
    statements_title: str = ""
    counts: tuple[VerdictCount, ...] = ()
    reasons: str = ""
    quality_title: str = ""
    quality: tuple[str, ...] = ()
    numbers: Numbers | None = None
