"""All findings of a study or a selection: associations, classifier, verdict per claim, fenced."""

from dataclasses import replace
from functools import lru_cache
from pathlib import Path

from threadpoolctl import threadpool_limits

from pipelines.analysis.associations import associations
from pipelines.analysis.claims import claim_findings
from pipelines.analysis.contrasts import claim_contrasts
from pipelines.analysis.design import model_data
from pipelines.analysis.features import collected
from pipelines.analysis.joining import DIARY_DAYS
from pipelines.analysis.missing_answers import confirm
from pipelines.analysis.reverse import reverse_associations
from pipelines.codebook import load_codebook
from pipelines.evidence import foreseen, kept
from pipelines.evidence.asked import told
from pipelines.evidence.fence import fence, fence_classifier
from pipelines.evidence.filters import Filters
from pipelines.evidence.foreseen import Progress
from pipelines.evidence.frames import Frames, cohort, load, select, too_few
from pipelines.evidence.plan_state import marked, plan_state
from pipelines.evidence.shelf import shelved
from pipelines.evidence.studies import stamp
from pipelines.guidance import load_guidance
from pipelines.results import Classifier, Findings
from pipelines.settings import load_settings

STUDIES_IN_MEMORY = 4
SELECTIONS_IN_MEMORY = 16
APART = "The classifier is worked out apart."


def findings(path: Path, filters: Filters | None = None, progress: Progress | None = None) -> Findings:
    """Findings of the store at `path`, for the sessions that `filters` leave (default: all, the study's outcome).

    Computed once per data version and kept beside the store. Waits for the classifier,
    whose `progress` is told; pages take `associated` instead. Raises StoreError when the file is no store.
    """
    chosen = filters or Filters(outcome=load(path).info.outcome)
    # The classifier takes as long as all else, so each has a thread.
    job = foreseen.start(path, chosen, progress)
    found = associated(path, chosen)
    return replace(found, classifier=fence_classifier(job.wait(), found.cohort))


def associated(path: Path, filters: Filters) -> Findings:
    """All findings but the classifier, whose `reason` says so."""
    return (_of_study if filters.is_everyone else _of_selection)(path, stamp(path), filters)


@lru_cache(maxsize=STUDIES_IN_MEMORY)
def _of_study(path: Path, content: str, filters: Filters) -> Findings:
    frames = load(path)
    key = kept.fingerprint(frames.info.data_version, filters.outcome, frames.identity)
    found = kept.read(path, key)
    if found is None:
        found = compute(frames, filters)
        kept.write(path, key, filters.outcome, found)
    return found


@lru_cache(maxsize=SELECTIONS_IN_MEMORY)
def _of_selection(path: Path, content: str, filters: Filters) -> Findings:
    return shelved(path, "findings", Findings, filters, lambda: compute(select(load(path), filters), filters))


def compute(frames: Frames, filters: Filters) -> Findings:
    """Analyse a study from its rows; too small a one has no number anywhere. Without the classifier."""
    # More threads inside an algebra routine would only wait for the classifier's.
    with threadpool_limits(1, "blas"):
        return fence(_associated(frames, filters))


def _associated(frames: Frames, filters: Filters) -> Findings:
    """Everything but the classifier, before the fence."""
    codebook, settings, guidance = load_codebook(), load_settings(), load_guidance()
    outcome = filters.outcome
    reason = too_few(frames, outcome)
    rows = frames.sessions if not reason else frames.sessions.iloc[:0]
    found = associations(rows, codebook, settings, outcome, frames.minimum)
    contrasts = claim_contrasts(rows, guidance, codebook, settings, outcome, frames.minimum)
    asked = collected(frames.sessions, codebook)
    people = rows.loc[rows[outcome].notna(), "participant_id"].nunique()
    found = told(found, frames.ways, codebook)
    contrasts = dict(zip(contrasts, told(contrasts.values(), frames.ways, codebook), strict=True))
    claims = claim_findings(guidance, codebook, found, settings, outcome, contrasts, asked, people)
    if not reason:
        data = model_data(rows, codebook, settings, outcome)
        kind = "multiple_imputations" if filters.is_everyone else "imputations_of_a_selection"
        copies = int(settings[f"inference.{kind}"])
        claims = confirm(claims, guidance.claims.values(), data, frames.minimum, copies)
    no_diary = [name for name, way in frames.ways.items() if way.days != DIARY_DAYS]
    reverse = reverse_associations(rows, codebook, settings, outcome, frames.minimum, no_diary)
    return Findings(
        cohort(frames, filters, reason),
        found,
        Classifier(reason=APART),
        claims=marked(claims, frames.info, filters),
        reverse=reverse,
        plan=plan_state(frames.info),
    )
