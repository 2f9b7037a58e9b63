"""All findings of a study or a selection: associations, classifier, verdict per claim, fenced."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

from threadpoolctl import threadpool_limits

from pipelines.analysis.associations import associations
from pipelines.analysis.claims import claim_findings
from pipelines.analysis.classifier import classify
from pipelines.analysis.contrasts import claim_contrasts
from pipelines.analysis.features import collected
from pipelines.analysis.reverse import reverse_associations
from pipelines.codebook import load_codebook
from pipelines.evidence import kept
from pipelines.evidence.fence import fence
from pipelines.evidence.filters import Filters
from pipelines.evidence.frames import Frames, load, select, too_few
from pipelines.evidence.plan_state import marked, plan_state
from pipelines.evidence.studies import stamp
from pipelines.guidance import load_guidance
from pipelines.results import Classifier, Cohort, Findings
from pipelines.settings import load_settings

STUDIES_IN_MEMORY = 4
SELECTIONS_IN_MEMORY = 16


def findings(path: Path, filters: Filters | None = None) -> Findings:
    """Findings of the store at `path`, for the sessions that `filters` leave (default: all, the study's outcome).

    Those of the whole study are computed once per data version and kept beside the store. Raises StoreError when the
    file is no store.
    """
    chosen = filters or Filters(outcome=load(path).info.outcome)
    return (_of_study if chosen.is_everyone else _of_selection)(path, stamp(path), chosen)


@lru_cache(maxsize=STUDIES_IN_MEMORY)
def _of_study(path: Path, content: str, filters: Filters) -> Findings:
    frames = load(path)
    key = kept.fingerprint(frames.info.data_version, filters.outcome)
    found = kept.read(path, key)
    if found is None:
        found = compute(frames, filters)
        kept.write(path, key, filters.outcome, found)
    return found


def classifier(path: Path, filters: Filters) -> Classifier:
    """How well the outcome can be foreseen in the sessions that `filters` leave.

    For a selection it is asked for apart, since it takes as long as all other findings and one page needs it.
    """
    if filters.is_everyone:
        return findings(path, filters).classifier
    return _classifier_of_selection(path, stamp(path), filters)


@lru_cache(maxsize=SELECTIONS_IN_MEMORY)
def _of_selection(path: Path, content: str, filters: Filters) -> Findings:
    frames = select(load(path), filters)
    with threadpool_limits(1, "blas"):
        return fence(_associated(frames, filters))


@lru_cache(maxsize=SELECTIONS_IN_MEMORY)
def _classifier_of_selection(path: Path, content: str, filters: Filters) -> Classifier:
    frames = select(load(path), filters)
    if reason := too_few(frames, filters.outcome):
        return Classifier(reason=reason)
    with threadpool_limits(1, "blas"):
        settings = load_settings()
        return classify(
            frames.sessions,
            load_codebook(),
            settings,
            filters.outcome,
            frames.minimum,
            repeats=settings["classifier.repeats_of_a_selection"],
        )


def compute(frames: Frames, filters: Filters) -> Findings:
    """Analyse a study from its rows; too small a one has no number anywhere."""
    rows = frames.sessions if not too_few(frames, filters.outcome) else frames.sessions.iloc[:0]
    # The classifier takes as long as all else, so each has a thread; more threads inside an algebra routine would
    # only wait for each other.
    with threadpool_limits(1, "blas"), ThreadPoolExecutor() as pool:
        classifying = pool.submit(
            classify, rows, load_codebook(), load_settings(), filters.outcome, frames.minimum
        )
        found = _associated(frames, filters)
        return fence(replace(found, classifier=classifying.result()))


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
    claims = claim_findings(guidance, codebook, found, settings, outcome, contrasts, asked, people)
    reverse = reverse_associations(rows, codebook, settings, outcome, frames.minimum)
    return Findings(
        cohort(frames, filters, reason),
        found,
        claims=marked(claims, frames.info, filters),
        reverse=reverse,
        plan=plan_state(frames.info),
    )


def cohort(frames: Frames, filters: Filters, reason: str) -> Cohort:
    """Counts and the two shares of the outcome: of sessions, and as the mean of the participants' shares."""
    known = frames.sessions[frames.sessions[filters.outcome].notna()]
    event = known[filters.outcome].astype(float)
    people = event.groupby(known["participant_id"]).mean()
    return Cohort(
        participants=len(people),
        sessions=len(known),
        events=int(event.sum()),
        outcome=filters.outcome,
        synthetic=frames.info.synthetic,
        data_version=frames.info.data_version,
        name=frames.info.name,
        low_output_ml=frames.info.low_output_ml,
        minimum_cell=frames.minimum,
        share_of_sessions=float(event.mean()) if len(known) else None,
        mean_participant_share=float(people.mean()) if len(people) else None,
        reason=reason,
    )
