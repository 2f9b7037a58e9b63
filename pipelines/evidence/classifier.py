"""Can a session without milk be foreseen? The classifier's performance in words and numbers."""

from dataclasses import dataclass, field

from pipelines.evidence import words
from pipelines.evidence.parts import Numbers, rounded
from pipelines.results import Classifier


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


def classifier_section(result: Classifier, outcome: str) -> ClassifierSection:
    """The classifier's performance in sentences, lines and numbers; why it has none, where it has none."""
    name = words.outcome(outcome)
    if result.auc is None:
        return ClassifierSection(f"Whether a {name} can be foreseen is open", result, (result.reason,))
    assert result.auc_low is not None and result.auc_high is not None and result.prevalence is not None
    return ClassifierSection(
        _classifier_title(result, name),
        result,
        (
            f"Take one session of each kind from two mothers the model has not seen: in {result.auc * 100:.0f} of 100 such "
            "pairs it gives the higher chance to the one that ended so; a coin would be right in 50.",
            "For one mother this says nearly nothing; for a cohort it says how far the reported factors together go with it.",
        ),
        words.line(
            f"AUC {words.ratio(result.auc, result.auc_low, result.auc_high)}",
            f"{result.folds}-fold, repeated {result.repeats} times, split by participant",
            words.people(result.participants),
        ),
        _calibration_line(result),
        _auc_numbers(result),
        _calibration_numbers(result),
    )


def _classifier_title(result: Classifier, name: str) -> str:
    assert result.auc is not None and result.auc_low is not None
    if result.auc_low <= 0.5:
        return f"A {name} cannot be foreseen for new mothers from what was reported"
    how = "a little" if result.auc < 0.7 else "fairly well" if result.auc < 0.8 else "well"
    beside = ""
    if result.history_auc is not None:
        better = result.auc > result.history_auc
        beside = f", {'better' if better else 'less well'} than from a mother’s own earlier sessions"
    return f"A {name} can be foreseen {how}{beside}"


def _calibration_line(result: Classifier) -> str:
    slope = ""
    if (
        result.calibration_slope is not None
        and result.slope_low is not None
        and result.slope_high is not None
    ):
        slope = f"slope {words.ratio(result.calibration_slope, result.slope_low, result.slope_high)}"
    brier = f"Brier score {result.brier:.3f}" if result.brier is not None else ""
    return words.line("Held-out people", slope, brier)


def _auc_numbers(result: Classifier) -> Numbers:
    rows = (
        ("model, new people", result.auc, result.auc_low, result.auc_high),
        ("day postpartum alone", result.baseline_auc, result.baseline_low, result.baseline_high),
        ("her own earlier sessions", result.history_auc, result.history_low, result.history_high),
    )
    return Numbers(
        "classifier-auc",
        ("what", "auc", "low", "high"),
        tuple((name, *(rounded(value, 4) for value in values)) for name, *values in rows),
    )


def _calibration_numbers(result: Classifier) -> Numbers:
    rows = tuple(
        (
            rounded(p.predicted, 4),
            rounded(p.observed, 4),
            rounded(p.low, 4),
            rounded(p.high, 4),
            p.participants,
        )
        for p in result.calibration
    )
    return Numbers("classifier-calibration", ("predicted", "observed", "low", "high", "people"), rows)
