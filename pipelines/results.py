"""Results that travel between analysis, evidence, pages and the command line. Frozen; NaN never appears, None does."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any

OUTCOMES = ("no_milk", "low_output")
COMPONENTS = ("total", "between", "within", "within_lagged")
MODELS = ("unadjusted", "adjusted")
STATUSES = ("estimated", "suppressed", "not_estimable")
VERDICTS = (
    "supported",
    "contradicted",
    "negligible",
    "inconclusive",
    "insufficient_data",
    "not_collected",
    "not_testable",
)
ANSWERED = ("supported", "contradicted", "negligible")


@dataclass(frozen=True)
class RowCounts:
    """The four fates of the data rows of one source, or of several together."""

    read: int = 0
    accepted: int = 0
    duplicate: int = 0
    quarantined: int = 0
    other: int = 0

    @property
    def adds_up(self) -> bool:
        """Every row that was read has exactly one fate."""
        return self.read == self.accepted + self.duplicate + self.quarantined + self.other

    @property
    def repeated(self) -> "RowCounts":
        """What the same rows become when they are read once more: whatever was accepted is a duplicate now."""
        return RowCounts(self.read, 0, self.accepted + self.duplicate, self.quarantined, self.other)

    @property
    def columns(self) -> dict[str, int]:
        """The counts under the names that the store's table of sources has for them."""
        return {f"rows_{fate}": count for fate, count in asdict(self).items()}

    @classmethod
    def of(cls, row: Mapping[Any, Any]) -> "RowCounts":
        """The counts of one source as the store has them."""
        return cls(**{each.name: int(row[f"rows_{each.name}"]) for each in fields(cls)})

    def __add__(self, more: "RowCounts") -> "RowCounts":
        return RowCounts(
            self.read + more.read,
            self.accepted + more.accepted,
            self.duplicate + more.duplicate,
            self.quarantined + more.quarantined,
            self.other + more.other,
        )


@dataclass(frozen=True)
class Interval:
    """An estimate with its 95 % interval; `standard_error` is on the estimate's own scale."""

    value: float
    low: float
    high: float
    standard_error: float


@dataclass(frozen=True)
class Association:
    """One factor level against its reference (or one step of a number), one component, one model.

    Counts are those at `level`; for a number those in the model. `share`, `reference_share` are shares of
    sessions with the outcome (0-1), `mean_volume_ml`, `reference_volume_ml` mean mL a session, all unadjusted.
    `gates` are reasons why an estimate carries no verdict although it stands; `insufficient` tells whether they
    make it insufficient (True) or only inconclusive (False); `gates` concern the odds ratio, `volume_gates` the
    volume ratio. `standard_error` and `degrees_of_freedom` belong
    to the log odds ratio, the `volume_` pair to the log ratio of mean volumes. `risk_difference` is the difference
    of the average predicted shares of sessions (0-1) at the level (`expected_share`; for a number one step more for
    everybody) and at the reference, same sessions, same adjustment. `volume_difference`
    is that of mean volumes in mL a session, adjusted alike, by least squares. `shape` says of a number whether a straight
    line fits; `penalised_ratio` stands, descriptive, where one answer separates the outcome and no odds ratio is.
    `asked` names the questionnaire that the answers come from, and what asked the same and is not mixed in.
    `complete_share` of the sessions compared have every answer that the model needs and are in it.
    """

    factor: str
    level: str | None
    reference: str | None
    component: str
    model: str
    participants: int | None = None
    sessions: int | None = None
    events: int | None = None
    odds_ratio: float | None = None
    ci_low: float | None = None
    ci_high: float | None = None
    p_value: float | None = None
    q_value: float | None = None
    volume_ratio: float | None = None
    volume_low: float | None = None
    volume_high: float | None = None
    step: str = ""
    adjusted_for: tuple[str, ...] = ()
    status: str = "estimated"
    reason: str = ""
    standard_error: float | None = None
    degrees_of_freedom: float | None = None
    volume_standard_error: float | None = None
    volume_degrees_of_freedom: float | None = None
    volume_p_value: float | None = None
    effective_participants: float | None = None
    largest_share: float | None = None
    share: float | None = None
    reference_share: float | None = None
    mean_volume_ml: float | None = None
    reference_volume_ml: float | None = None
    reference_participants: int | None = None
    within_person_sd: float | None = None
    gates: tuple[str, ...] = ()
    insufficient: bool = False
    volume_gates: tuple[str, ...] = ()
    volume_insufficient: bool = False
    risk_difference: float | None = None
    risk_low: float | None = None
    risk_high: float | None = None
    expected_share: float | None = None
    expected_reference_share: float | None = None
    shape: str = ""
    shape_p_value: float | None = None
    penalised_ratio: float | None = None
    volume_difference: float | None = None
    volume_difference_low: float | None = None
    volume_difference_high: float | None = None
    asked: str = ""
    complete_share: float | None = None


@dataclass(frozen=True)
class CalibrationPoint:
    """One group of held-out sessions: mean predicted and observed share, with a participant-clustered interval."""

    predicted: float
    observed: float
    low: float
    high: float
    participants: int


@dataclass(frozen=True)
class DecisionPoint:
    """Net benefit per session of acting from one predicted chance on; acting on nobody has 0.

    `model` with its participant-clustered interval, `everyone` for acting on all sessions; both in sessions with the
    outcome that are met, less those without it, weighted by the threshold's odds. `participants` have a session whose
    predicted chance reaches the threshold.
    """

    threshold: float
    model: float
    low: float
    high: float
    everyone: float
    participants: int


@dataclass(frozen=True)
class GroupImportance:
    """How much the held-out AUC falls when factors that go together are shuffled together; no effect of anything."""

    factors: tuple[str, ...]
    auc_loss: float
    low: float
    high: float


@dataclass(frozen=True)
class Classifier:
    """Held-out performance of the simple classifier, participants never split across folds.

    `baseline_*` is day postpartum only; `history_auc` the person's own earlier share of sessions with the
    outcome; `challenger_*` gradient boosting on the same folds. `beyond_day`, `beyond_history` and
    `simplicity_costs` are differences of AUC on the same sessions (model minus day, model minus history, challenger
    minus model). `people_in_study` is more than `participants` where a random part of the people was taken.
    None everywhere with `reason` where it cannot be estimated.
    """

    auc: float | None = None
    auc_low: float | None = None
    auc_high: float | None = None
    baseline_auc: float | None = None
    baseline_low: float | None = None
    baseline_high: float | None = None
    history_auc: float | None = None
    history_low: float | None = None
    history_high: float | None = None
    brier: float | None = None
    calibration_slope: float | None = None
    slope_low: float | None = None
    slope_high: float | None = None
    calibration_intercept: float | None = None
    intercept_low: float | None = None
    intercept_high: float | None = None
    brier_low: float | None = None
    brier_high: float | None = None
    scaled_brier: Interval | None = None
    average_precision: Interval | None = None
    observed_expected: Interval | None = None
    challenger_auc: float | None = None
    challenger_low: float | None = None
    challenger_high: float | None = None
    challenger_brier: float | None = None
    beyond_day: Interval | None = None
    beyond_history: Interval | None = None
    simplicity_costs: Interval | None = None
    folds: int | None = None
    repeats: int | None = None
    grouped_by: str = "participant_id"
    prevalence: float | None = None
    participants: int | None = None
    sessions: int | None = None
    factors: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()
    calibration: tuple[CalibrationPoint, ...] = ()
    decision: tuple[DecisionPoint, ...] = ()
    importance: tuple[GroupImportance, ...] = ()
    penalties: tuple[float, ...] = ()
    missing: tuple[tuple[str, float], ...] = ()
    events: int | None = None
    people_in_study: int | None = None
    reason: str = ""


@dataclass(frozen=True)
class ReverseAssociation:
    """The other direction: yesterday's output and today's answer, within the same person.

    `measure` is "difference" (in the factor's own unit) or "odds_ratio" (of any level but the reference); `value` is
    for `step` more of yesterday's sessions with the outcome (a share, 0-1). Days are participant-days with both.
    """

    factor: str
    measure: str
    step: float
    participants: int | None = None
    days: int | None = None
    value: float | None = None
    low: float | None = None
    high: float | None = None
    p_value: float | None = None
    status: str = "estimated"
    reason: str = ""


@dataclass(frozen=True)
class Specification:
    """One other way to look at a claim's comparison, and what would then be said.

    `kind` is chosen, outcome, adjustment, person, answers or model; `changed` says in words what differs. The ratio
    is of the claim's deciding measure, turned as the claim's factor is; None with `reason` where there is none.
    """

    kind: str
    changed: str
    ratio: float | None = None
    low: float | None = None
    high: float | None = None
    participants: int | None = None
    sessions: int | None = None
    verdict: str = ""
    reason: str = ""


@dataclass(frozen=True)
class Prediction:
    """The average predicted share (0-1) of the outcome were a factor at one level, all else as observed.

    `level` is the level's code, or codes joined by "+"; `value` a number in the factor's unit, within a person the
    distance from her own mean. A share of None has its `reason`.
    """

    level: str | None = None
    value: float | None = None
    share: float | None = None
    low: float | None = None
    high: float | None = None
    reason: str = ""


@dataclass(frozen=True)
class Predictions:
    """The predictions for one claim with the people and sessions they average over, or the reason for none."""

    levels: tuple[Prediction, ...] = ()
    participants: int | None = None
    sessions: int | None = None
    component: str = ""
    reason: str = ""


PLAN_STATES = ("confirmatory", "exploratory")


@dataclass(frozen=True)
class PlanState:
    """The study's plan as it stands in the store: what was fixed, its hash, and the data versions it changed at.

    `words` says it in sentences. Without a plan `hash` is "" and everything is exploratory.
    """

    hash: str = ""
    since_version: int | None = None
    changed_at: tuple[int, ...] = ()
    words: str = ""


@dataclass(frozen=True)
class ClaimFinding:
    """What this cohort says of one claim; numbers are turned as the claim's factor is, not into its direction.

    `imputed` is the deciding ratio with people's missing answers filled in, where any are missing.
    """

    id: str
    verdict: str
    detail: str = ""
    reason: str = ""
    factor: str | None = None
    expected: str = "none"
    component: str | None = None
    measure: str = "odds_ratio"
    odds_ratio: float | None = None
    ci_low: float | None = None
    ci_high: float | None = None
    volume_ratio: float | None = None
    volume_low: float | None = None
    volume_high: float | None = None
    finding_of: str = ""
    association: Association | None = None
    q_value: float | None = None
    next_step: str = ""
    plan: str = "exploratory"
    people_needed: int | None = None
    imputed: Interval | None = None


@dataclass(frozen=True)
class Cohort:
    """Who and what the numbers rest on. Counts are None when fewer people than the minimum cell are left."""

    participants: int | None
    sessions: int | None
    events: int | None
    outcome: str
    synthetic: bool
    data_version: int
    name: str = ""
    low_output_ml: float | None = None
    minimum_cell: int = 10
    share_of_sessions: float | None = None
    mean_participant_share: float | None = None
    reason: str = ""


@dataclass(frozen=True)
class Findings:
    """Everything `findings` prints and the Factors, Guidance and Overview pages draw."""

    cohort: Cohort
    associations: tuple[Association, ...] = ()
    classifier: Classifier = field(default_factory=Classifier)
    claims: tuple[ClaimFinding, ...] = ()
    reverse: tuple[ReverseAssociation, ...] = ()
    plan: PlanState = field(default_factory=PlanState)


@dataclass(frozen=True)
class CurvePoint:
    """One percentile of daily expressed volume on one day postpartum (birth = day 0), people weighted equally."""

    cohort: str
    day_postpartum: int
    probability: float
    volume_ml: float | None
    ci_low: float | None
    ci_high: float | None
    participants: int | None
    status: str
    reason: str = ""
