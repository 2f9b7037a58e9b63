"""Percentiles of daily expressed volume for everyone and for each cohort of a study."""

from dataclasses import replace
from pathlib import Path

from pipelines.analysis.curves import percentile_curves
from pipelines.evidence.filters import Filters
from pipelines.evidence.frames import Frames, load, select, too_few
from pipelines.privacy.disclosure import hides
from pipelines.results import CurvePoint
from pipelines.settings import load_settings

NEARLY_ALL = "The number of people stays hidden, since it is close to that of everybody."


def curves(path: Path) -> tuple[CurvePoint, ...]:
    """All curve points of a store: cohort "" for everyone, then each cohort large enough to be shown.

    Raises StoreError when the file is no store.
    """
    frames = load(path)
    if too_few(frames, frames.info.outcome):
        return ()
    everyone = percentile_curves(frames.days, load_settings(), frames.minimum)
    parts = [_of_cohort(frames, cohort) for cohort in frames.choices.cohorts]
    return tuple(_fence(point, frames) for points in (everyone, *parts) for point in points)


def _of_cohort(frames: Frames, cohort: str) -> tuple[CurvePoint, ...]:
    chosen = select(frames, Filters(cohort=cohort))
    if too_few(chosen, frames.info.outcome):
        return ()
    return percentile_curves(chosen.days, load_settings(), frames.minimum, cohort)


def _fence(point: CurvePoint, frames: Frames) -> CurvePoint:
    if point.participants is not None and hides(point.participants, frames.everyone, frames.minimum):
        return replace(point, participants=None, reason=point.reason or NEARLY_ALL)
    return point
