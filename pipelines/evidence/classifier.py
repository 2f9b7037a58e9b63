"""Can a session without milk be foreseen? The classifier's performance in words and numbers."""

from dataclasses import dataclass, field

from pipelines.codebook import Codebook
from pipelines.evidence import words
from pipelines.evidence.model_card import ModelCard, model_card
from pipelines.evidence.parts import Numbers, rounded
from pipelines.results import Classifier, Cohort, DecisionPoint, GroupImportance, Interval
from pipelines.settings import Settings

SHOWN_GROUPS = 8
NAMED = 2


@dataclass(frozen=True)
class LeaningRow:
    """One group of factors that go together, with the AUC lost when it is shuffled."""

    label: str
    loss: float
    low: float
    high: float


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
    leaning_title: str = ""
    leaning: tuple[LeaningRow, ...] = ()
    leaning_line: str = ""
    leaning_numbers: Numbers | None = None
    decision_title: str = ""
    decision_line: str = ""
    decision_numbers: Numbers | None = None
    card: ModelCard | None = None
    waiting: str = ""


def being_worked_out(outcome: str, done: int, total: int) -> ClassifierSection:
    """The section while the classifier is computed; `waiting` says how far it is."""
    far = f"{done} of {total} steps are done. " if total else ""
    return ClassifierSection(
        f"Whether a {words.outcome(outcome)} can be foreseen is being worked out",
        waiting=f"{far}It takes seconds to minutes, once for each data version; this part fills in by itself.",
    )


def classifier_section(
    result: Classifier, cohort: Cohort, codebook: Codebook, settings: Settings, selection: str = ""
) -> ClassifierSection:
    """The classifier's performance in sentences, lines and numbers; why it has none, where it has none.

    `selection` are the reader's filters in words, for the model card.
    """
    name = words.outcome(cohort.outcome)
    if result.auc is None:
        return ClassifierSection(f"Whether a {name} can be foreseen is open", result, (result.reason,))
    assert result.auc_low is not None and result.auc_high is not None and result.prevalence is not None
    leaning = tuple(
        LeaningRow(_group_label(each.factors, codebook), each.auc_loss, each.low, each.high)
        for each in result.importance
    )
    return ClassifierSection(
        _classifier_title(result, name),
        result,
        (
            f"Take one session of each kind from two mothers the model has not seen: in {result.auc * 100:.0f} of 100 such "
            "pairs it gives the higher chance to the one that ended so; a coin would be right in 50.",
            "For one mother this says nearly nothing; for a cohort it says how far the reported factors together go with it.",
            *_comparisons(result),
        ),
        words.line(
            f"AUC {words.ratio(result.auc, result.auc_low, result.auc_high)}",
            _split_words(result),
            _people(result),
            words.sessions(result.sessions),
        ),
        _calibration_line(result),
        _auc_numbers(result),
        _calibration_numbers(result),
        leaning_title=_leaning_title(leaning),
        leaning=leaning[:SHOWN_GROUPS],
        leaning_line=words.line(
            "AUC lost on held-out mothers when a group’s values are shuffled among their sessions; what the model leans "
            "on, not what changes output",
            _people(result),
        ),
        leaning_numbers=_leaning_numbers(result.importance),
        decision_title=_decision_title(result.decision),
        decision_line=words.line(
            "Net benefit in 100 sessions: those met, less those approached in vain, weighted by how readily one would act",
            "held-out people",
            _people(result),
        ),
        decision_numbers=_decision_numbers(result.decision),
        card=model_card(result, cohort, codebook, settings, selection),
    )


def _split_words(result: Classifier) -> str:
    times = "" if result.repeats == 1 else f", repeated {result.repeats} times"
    once = ", not repeated for a selection" if result.repeats == 1 else ""
    return f"{result.folds}-fold{times}, split by participant{once}"


def _people(result: Classifier) -> str:
    """How many people the figures rest on, and of how many they were drawn."""
    drawn = result.people_in_study and result.participants and result.people_in_study > result.participants
    return f"{words.people(result.participants)}{f' drawn at random from {result.people_in_study:,}' if drawn else ''}"


def _comparisons(result: Classifier) -> tuple[str, ...]:
    """What the model adds to its baselines, and what its simplicity costs."""
    told = []
    for found, other in (
        (result.beyond_day, "the day since birth alone"),
        (result.beyond_history, "her own earlier sessions"),
    ):
        if found is not None:
            told.append(f"in {_more_or_less(found)} than {other}{_doubt(found)}")
    sentences = [f"It is right {words.listed(told)}."] if told else []
    costs = result.simplicity_costs
    if costs is not None:
        sentences.append(
            "Gradient boosting, which may combine everything with everything, is right in "
            f"{_more_or_less(costs)} than this simple model{_doubt(costs)}: that is what simplicity costs."
        )
    return tuple(sentences)


def _more_or_less(found: Interval) -> str:
    return f"{abs(found.value) * 100:.0f} of 100 pairs {'more' if found.value >= 0 else 'fewer'}"


def _doubt(found: Interval) -> str:
    """The interval of a difference in pairs of 100, and that it may be none."""
    limits = f"{words.signed(found.low * 100, 0)} to {words.signed(found.high * 100, 0)}"
    return f" ({limits}{', so perhaps none' if found.low <= 0 <= found.high else ''})"


def _group_label(factors: tuple[str, ...], codebook: Codebook) -> str:
    """The group's first factors by name; how many more go with them."""
    labels = [codebook.factors[name].label for name in factors]
    named = [labels[0], *(label[:1].lower() + label[1:] for label in labels[1:NAMED])]
    more = len(labels) - NAMED
    return words.listed([*named, f"{words.small_number(more)} more"] if more > 0 else named)


def _leaning_title(leaning: tuple[LeaningRow, ...]) -> str:
    clear = [each.label for each in leaning if each.low > 0][:2]
    if not clear:
        return "It leans on no factor clearly"
    return f"It leans most on {words.listed([label[:1].lower() + label[1:] for label in clear])}"


def _leaning_numbers(importance: tuple[GroupImportance, ...]) -> Numbers:
    rows = tuple(
        (" ".join(each.factors), rounded(each.auc_loss, 4), rounded(each.low, 4), rounded(each.high, 4))
        for each in importance
    )
    return Numbers("classifier-importance", ("factors", "auc_loss", "low", "high"), rows)


def _decision_title(points: tuple[DecisionPoint, ...]) -> str:
    if not points:
        return ""
    better = [point for point in points if point.low > max(0.0, point.everyone)]
    if not better:
        return "Acting by its chances is nowhere clearly worth more than acting on every session or on none"
    first, last = better[0].threshold * 100, better[-1].threshold * 100
    span = f"{first:.0f}" if first == last else f"{first:.0f} to {last:.0f}"
    gain = max(point.model - max(0.0, point.everyone) for point in better) * 100
    return (
        f"From a chance of {span} in 100 on, acting by it beats acting on every session or on none, by at most "
        f"{gain:.1f} in 100 sessions"
    )


def _decision_numbers(points: tuple[DecisionPoint, ...]) -> Numbers:
    columns = ("threshold", "net_benefit_model", "low", "high", "net_benefit_everyone", "people_at_or_above")
    rows = tuple(
        (
            each.threshold,
            rounded(each.model, 5),
            rounded(each.low, 5),
            rounded(each.high, 5),
            rounded(each.everyone, 5),
            each.participants,
        )
        for each in points
    )
    return Numbers("classifier-decision", columns, rows)


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
    def told(name: str, value: float | None, low: float | None, high: float | None) -> str:
        if value is None or low is None or high is None:
            return ""
        return f"{name} {value:.2f} ({low:.2f} to {high:.2f})"

    def of(name: str, found: Interval | None) -> str:
        return told(name, found.value, found.low, found.high) if found else ""

    chance = f", chance {result.prevalence:.2f}" if result.prevalence is not None else ""
    return words.line(
        "Held-out people",
        told("slope", result.calibration_slope, result.slope_low, result.slope_high),
        told("intercept", result.calibration_intercept, result.intercept_low, result.intercept_high),
        of("observed/expected", result.observed_expected),
        f"Brier score {result.brier:.3f}" if result.brier is not None else "",
        of("scaled", result.scaled_brier),
        of("average precision", result.average_precision) + (chance if result.average_precision else ""),
    )


def _auc_numbers(result: Classifier) -> Numbers:
    rows = (
        ("model, new people", result.auc, result.auc_low, result.auc_high),
        ("day postpartum alone", result.baseline_auc, result.baseline_low, result.baseline_high),
        (
            "gradient boosting, new people",
            result.challenger_auc,
            result.challenger_low,
            result.challenger_high,
        ),
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
