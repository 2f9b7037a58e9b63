"""Findings, curves and the review list as plain documents for machines: the keys that other programs rely on."""

from collections.abc import Iterable
from typing import Any

from pipelines.evidence import words
from pipelines.evidence.review import FiredSign, ListedPerson, Review
from pipelines.results import Association, ClaimFinding, CurvePoint, Findings

COHORT = ("participants", "sessions", "events", "outcome", "synthetic", "data_version")
ASSOCIATION = (
    "factor level reference component model participants sessions events odds_ratio ci_low ci_high p_value q_value "
    "volume_ratio volume_low volume_high step adjusted_for status reason risk_difference risk_low risk_high shape "
    "volume_difference volume_difference_low volume_difference_high"
).split()
CLASSIFIER = (
    "auc auc_low auc_high baseline_auc brier calibration_slope calibration_intercept folds grouped_by history_auc "
    "challenger_auc challenger_brier repeats prevalence participants people_in_study".split()
)
CLAIM = (
    "id verdict detail reason factor expected component measure odds_ratio ci_low ci_high volume_ratio volume_low "
    "volume_high finding_of next_step plan"
).split()
REVERSE = "factor measure step participants days value low high p_value status reason".split()
PLAN = "hash since_version changed_at words".split()
SIGN = "id state priority first_day last_day reason".split()
NOTE = "id first_day last_day".split()
CURVE = "cohort day_postpartum probability volume_ml ci_low ci_high participants status reason".split()


def _document(result: Any, keys: Iterable[str]) -> dict[str, Any]:
    values = ((key, getattr(result, key)) for key in keys)
    return {key: list(value) if isinstance(value, tuple) else value for key, value in values}


def findings_document(found: Findings) -> dict[str, Any]:
    """Cohort, associations, classifier and claims; a number that is hidden or cannot be estimated is None."""
    classifier = _document(found.classifier, CLASSIFIER)
    if found.classifier.reason:
        classifier["reason"] = found.classifier.reason
    return {
        "cohort": _document(found.cohort, COHORT),
        "associations": [_association(each) for each in found.associations],
        "classifier": classifier,
        "claims": [_claim(each) for each in found.claims],
        "reverse": [_document(each, REVERSE) for each in found.reverse],
        "plan": _document(found.plan, PLAN),
    }


def _association(found: Association) -> dict[str, Any]:
    document = _document(found, ASSOCIATION)
    return document | {"reason": "; ".join(filter(None, (found.reason, found.asked)))}


def _claim(found: ClaimFinding) -> dict[str, Any]:
    return _document(found, CLAIM)


def curves_document(points: Iterable[CurvePoint]) -> dict[str, Any]:
    """Percentiles of daily volume by cohort and day postpartum (birth = day 0)."""
    return {"curves": [_document(point, CURVE) for point in points]}


def findings_lines(found: Findings) -> list[str]:
    """The same for a person at a terminal: the cohort, the adjusted estimates, the verdicts."""
    cohort = found.cohort
    synthetic = "SYNTHETIC DATA: invented people, nothing here is a finding.\n" if cohort.synthetic else ""
    size = [words.people(cohort.participants), words.sessions(cohort.sessions)]
    said = [*filter(None, size), f"outcome {cohort.outcome}", f"data version {cohort.data_version}"]
    lines = [f"{synthetic}{cohort.name}: {', '.join(said)}"]
    if cohort.reason:
        return [*lines, cohort.reason]
    for each in found.associations:
        if each.model == "adjusted":
            name = f"{each.factor} {each.level or ''}".strip()
            lines.append(f"  {name:44} {each.component:14} {_estimate(each)}")
    lines += [f"  {each.id:44} {each.verdict:18} {each.detail or each.reason}" for each in found.claims]
    return lines


def _estimate(found: Association) -> str:
    if found.odds_ratio is None or found.ci_low is None or found.ci_high is None:
        return f"{found.status}: {found.reason}"
    return f"odds ratio {words.ratio(found.odds_ratio, found.ci_low, found.ci_high)}, {words.people(found.participants)}"


def curves_lines(points: Iterable[CurvePoint]) -> list[str]:
    """The curves for a person at a terminal: one line a point that can be shown."""
    lines = [f"{'cohort':16} {'day':>4} {'percentile':>10} {'mL':>7} {'95 % interval':>16}"]
    for point in points:
        if point.volume_ml is not None and point.ci_low is not None and point.ci_high is not None:
            interval = f"{point.ci_low:.0f} to {point.ci_high:.0f}"
            lines.append(
                f"{point.cohort or 'everyone':16} {point.day_postpartum:>4} {point.probability * 100:>10.0f} "
                f"{point.volume_ml:>7.0f} {interval:>16}"
            )
    return lines if len(lines) > 1 else ["Too few people logged whole days for any percentile."]


def review_document(found: Review) -> dict[str, Any]:
    """The consultant's list: people by code, their signs with the rows that show them, and notes. Days are study days."""
    return {"data_version": found.data_version, "listed": [_listed(person) for person in found.listed]}


def _listed(person: ListedPerson) -> dict[str, Any]:
    return {
        "participant_id": person.participant_id,
        "signs": [_sign(sign) for sign in person.signs],
        "notes": [_document(note, NOTE) for note in person.notes],
    }


def _sign(sign: FiredSign) -> dict[str, Any]:
    return _document(sign, SIGN) | {"rows": [list(row) for row in sign.rows]}


def review_lines(found: Review) -> list[str]:
    """The list for a person at a terminal: who, how soon, since when, why."""
    synthetic = ["SYNTHETIC DATA: invented people, nobody needs anything."] if found.synthetic else []
    lines = [*synthetic, f"{found.study}: {found.unavailable or found.title}", found.how_current]
    for person in found.listed:
        lines.append(f"{person.participant_id}  {person.cohort}".rstrip())
        lines += [
            f"  {sign.priority} {sign.urgency}: {sign.wording} ({sign.state}, {_days(sign.first_day, sign.last_day)}): "
            f"{sign.reason}"
            for sign in person.signs
        ]
        lines += [
            f"  note: {note.wording} ({_days(note.first_day, note.last_day)}): {note.reason}"
            for note in person.notes
        ]
    return lines


def _days(first: int, last: int) -> str:
    return f"study day {first}" if first == last else f"study days {first} to {last}"
