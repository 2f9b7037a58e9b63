"""What a store has to say: its findings, curves and review list by path, for the command line."""

from pathlib import Path

from pipelines.evidence import curves as curve_evidence
from pipelines.evidence import findings as finding_evidence
from pipelines.evidence import review as review_evidence
from pipelines.evidence.filters import ALL, Filters
from pipelines.evidence.foreseen import Progress
from pipelines.evidence.frames import load
from pipelines.evidence.splits import CURVES_BY
from pipelines.results import CurvePoint, Findings


def findings(
    store: Path | str, outcome: str | None = None, logs: str = ALL, progress: Progress | None = None
) -> Findings:
    """Findings of a whole store for its own outcome or the one named, of all logs or without the doubtful ones.

    Raises StoreError for no store.
    """
    path = Path(store)
    filters = Filters(outcome=outcome or load(path).info.outcome, logs=logs)
    return finding_evidence.findings(path, filters, progress)


def curves(store: Path | str, by: str = CURVES_BY[0]) -> tuple[CurvePoint, ...]:
    """Percentile curves of a store, everyone and each group of CURVES_BY. Raises StoreError for no store."""
    return curve_evidence.curves(Path(store), by)


def review(store: Path | str) -> review_evidence.Review:
    """The consultant's list of a store. Raises StoreError for no store."""
    return review_evidence.review(Path(store))
