"""What each page draws, from the shelf where it is there: the pages' way into the evidence."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

from pipelines.evidence import cohort, factors, guidance_page, logs, output, overview, recall
from pipelines.evidence.cohort import CohortPage
from pipelines.evidence.factors import FactorsPage
from pipelines.evidence.filters import BELIEVABLE, Choices, Filters
from pipelines.evidence.guidance import GuidancePage
from pipelines.evidence.logs import LogsSection
from pipelines.evidence.output import OutputPage
from pipelines.evidence.overview import OverviewPage
from pipelines.evidence.recall import RecallSection
from pipelines.evidence.shelf import shelved
from pipelines.evidence.studies import choices
from pipelines.evidence.table_one import TableOne
from pipelines.results import OUTCOMES


def overview_page(path: Path, filters: Filters) -> OverviewPage:
    """What the Overview draws. Raises StoreError, as all here, when the file is no store."""
    return shelved(path, "overview", OverviewPage, filters, lambda: overview.overview(path, filters))


def guidance(path: Path, filters: Filters) -> GuidancePage:
    """What the Guidance page draws."""
    return shelved(path, "guidance", GuidancePage, filters, lambda: guidance_page.guidance(path, filters))


def factors_page(path: Path, filters: Filters) -> FactorsPage:
    """What the Factors page draws, but for the classifier."""
    return shelved(path, "factors", FactorsPage, filters, lambda: factors.factors(path, filters))


def output_page(path: Path, filters: Filters) -> OutputPage:
    """What the Output page draws."""
    return shelved(path, "output", OutputPage, filters, lambda: output.output(path, filters))


def cohort_page(path: Path, filters: Filters) -> CohortPage:
    """What the Cohort page draws, but for Table 1."""
    return shelved(path, "cohort", CohortPage, filters, lambda: cohort.cohort(path, filters))


def table_one(path: Path, filters: Filters, split: str) -> TableOne | None:
    """Table 1 for one way to split."""
    choice = (filters, split)

    def compute() -> TableOne | None:
        return cohort.table_one(path, filters, split)

    return shelved(path, "table", TableOne, choice, compute)


def logs_section(path: Path) -> LogsSection:
    """How the logs were written."""
    return shelved(path, "logs", LogsSection, None, lambda: logs.logs(path))


def recall_section(path: Path) -> RecallSection:
    """Which sessions answers were joined to."""
    return shelved(path, "recall", RecallSection, None, lambda: recall.recall_windows(path))


def likely(offered: Choices) -> Iterator[Filters]:
    """The choices that a reader is likely to make: everyone, the other outcome, each cohort and pump, doubtful logs out."""
    everyone = Filters(outcome=offered.outcome)
    yield everyone
    yield from (replace(everyone, cohort=name) for name in offered.cohorts)
    yield from (replace(everyone, pump_type=code) for code, _ in offered.pump_types)
    yield from (replace(everyone, outcome=name) for name in OUTCOMES if name != offered.outcome)
    yield replace(everyone, logs=BELIEVABLE)


def ahead(path: Path) -> Iterator[Callable[[], object]]:
    """What to compute before anybody asks, in the order in which it is likely to be asked for."""
    yield from (partial(section, path) for section in (logs_section, recall_section))
    for filters in likely(choices(path)):
        for page in (overview_page, guidance, factors_page, output_page, cohort_page):
            yield partial(page, path, filters)
        yield partial(table_one, path, filters, "")
