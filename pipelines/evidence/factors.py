"""Factors: every reported factor against the outcome, unadjusted beside adjusted, within beside between."""

from dataclasses import dataclass, field

from pipelines.evidence.parts import Basis, IntervalMark, Numbers
from pipelines.results import Classifier


@dataclass(frozen=True)
class ForestRow:
    """One line of the forest: ratios above 1 go with more sessions without milk.

    `component` is total, between, within or within_lagged (results.COMPONENTS): within and within_lagged compare
    the same person with and without, the others compare people. `adjusted` None means that only the unadjusted
    estimate stands, `note` says why.
    """

    label: str
    component: str
    adjusted: IntervalMark | None
    unadjusted: IntervalMark | None
    participants: int | None
    placebo: bool = False
    note: str = ""


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
class ClassifierSection:
    """Can a session without milk be foreseen? `title` is the answer; `result.reason` says why it has none."""

    title: str
    result: Classifier = field(default_factory=Classifier)
    sentences: tuple[str, ...] = ()
    auc_line: str = ""
    calibration_line: str = ""
    auc_numbers: Numbers | None = None
    calibration_numbers: Numbers | None = None


@dataclass(frozen=True)
class FactorsPage:
    """What the Factors page draws.

    `adjusted_for` is a sentence; `line` the forest's caption with n; `smallest_effect` the odds ratio whose band
    runs through all rows.
    """

    basis: Basis
    title: str
    adjusted_for: str = ""
    groups: tuple[ForestGroup, ...] = ()
    line: str = ""
    smallest_effect: float | None = None
    refused_title: str = ""
    refused: tuple[RefusedFactor, ...] = ()
    classifier: ClassifierSection | None = None
    numbers: Numbers | None = None
