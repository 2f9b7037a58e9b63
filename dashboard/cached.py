"""The only cache: evidence by store, its stamp and the filters. Never a table as argument; it would be sampled."""

from pathlib import Path

import streamlit as st

from pipelines.evidence import (
    curves,
    data,
    factors,
    handout,
    methods,
    ready,
    specifications,
    studies,
    trends,
)
from pipelines.evidence import review_page as review_evidence
from pipelines.evidence import review_person as person_evidence
from pipelines.evidence import what_if as what_if_evidence
from pipelines.evidence.classifier import ClassifierSection
from pipelines.evidence.cohort import CohortPage
from pipelines.evidence.curves import SplitCurves
from pipelines.evidence.data import DataPage
from pipelines.evidence.factors import FactorsPage
from pipelines.evidence.filters import Choices, Filters
from pipelines.evidence.guidance import GuidancePage
from pipelines.evidence.logs import LogsSection
from pipelines.evidence.methods import MethodsPage
from pipelines.evidence.output import OutputPage
from pipelines.evidence.overview import OverviewPage
from pipelines.evidence.recall import RecallSection
from pipelines.evidence.review_page import ReviewPage
from pipelines.evidence.review_person import PersonView
from pipelines.evidence.specifications import SpecificationTable
from pipelines.evidence.studies import StudyCard
from pipelines.evidence.table_one import TableOne
from pipelines.evidence.trends import TrendsPage
from pipelines.evidence.what_if import WhatIf
from pipelines.kit import as_zip
from pipelines.readers.suggestions import TableLook
from pipelines.reports.handout import handout_html
from pipelines.run import Desk
from pipelines.run.received import OpenTable, Preview
from pipelines.run.register import OpenFile
from pipelines.study import read_study
from pipelines.study_file import NAME

KEPT = 48
READING = "Reading the logs …"


@st.cache_data(max_entries=KEPT, show_spinner=False)
def study(path: str, stamp: str) -> StudyCard:
    """Name, version and origin of a store; `stamp` makes a replaced store a new question."""
    return studies.describe(Path(path))


@st.cache_data(max_entries=KEPT, show_spinner=False)
def choices(path: str, stamp: str) -> Choices:
    """What a study offers to filter by."""
    return studies.choices(Path(path))


@st.cache_data(max_entries=KEPT, show_spinner=READING)
def overview_page(path: str, stamp: str, filters: Filters) -> OverviewPage:
    """What the Overview draws."""
    return ready.overview_page(Path(path), filters)


@st.cache_data(max_entries=KEPT, show_spinner=READING)
def guidance_page(path: str, stamp: str, filters: Filters) -> GuidancePage:
    """What the Guidance page draws."""
    return ready.guidance(Path(path), filters)


@st.cache_data(max_entries=KEPT, show_spinner=READING)
def factors_page(path: str, stamp: str, filters: Filters) -> FactorsPage:
    """What the Factors page draws."""
    return ready.factors_page(Path(path), filters)


def classifier_section(path: str, stamp: str, filters: Filters) -> ClassifierSection:
    """Whether such a session can be foreseen, as far as it is known by now; kept by the evidence, not here."""
    return factors.foreseen_section(Path(path), filters)


@st.cache_data(max_entries=KEPT, show_spinner=READING)
def cohort_page(path: str, stamp: str, filters: Filters) -> CohortPage:
    """What the Cohort page draws besides Table 1."""
    return ready.cohort_page(Path(path), filters)


@st.cache_data(max_entries=KEPT, show_spinner=READING)
def table_one(path: str, stamp: str, filters: Filters, split: str) -> TableOne | None:
    """Table 1 for one way to split the people or sessions."""
    return ready.table_one(Path(path), filters, split)


@st.cache_data(max_entries=KEPT, show_spinner=READING)
def output_page(path: str, stamp: str, filters: Filters) -> OutputPage:
    """What the Output page draws."""
    return ready.output_page(Path(path), filters)


@st.cache_data(max_entries=KEPT, show_spinner=READING)
def split_curves(path: str, stamp: str, filters: Filters, by: str) -> SplitCurves | None:
    """Curves of several groups of people side by side."""
    return curves.split_curves(Path(path), filters, by)


@st.cache_data(max_entries=KEPT, show_spinner=READING)
def data_page(path: str, stamp: str, filters: Filters) -> DataPage:
    """What the Data page draws; it speaks of all rows, whatever the filter."""
    return data.data(Path(path), filters)


@st.cache_data(max_entries=KEPT, show_spinner=READING)
def methods_page(path: str, stamp: str, filters: Filters) -> MethodsPage:
    """What the Methods page draws; it speaks of the whole study, whatever the filter."""
    return methods.methods(Path(path), filters)


@st.cache_data(max_entries=KEPT, show_spinner=READING)
def logs_section(path: str, stamp: str) -> LogsSection:
    """How the logs were written; it speaks of all of them, whatever the filter."""
    return ready.logs_section(Path(path))


@st.cache_data(max_entries=KEPT, show_spinner=READING)
def recall_section(path: str, stamp: str) -> RecallSection:
    """Which sessions answers were joined to; it speaks of all of them, whatever the filter."""
    return ready.recall_section(Path(path))


@st.cache_data(max_entries=KEPT, show_spinner=READING)
def review_page(path: str, stamp: str, filters: Filters) -> ReviewPage:
    """What the Review page draws, without notes and done marks, which change between two looks."""
    return review_evidence.review_page(Path(path), filters)


@st.cache_data(max_entries=KEPT, show_spinner=READING)
def person_view(path: str, stamp: str, participant_id: str, unit: str) -> PersonView:
    """One person of the Review page, volumes in mL or ounces."""
    return person_evidence.person(Path(path), participant_id, unit)


@st.cache_data(max_entries=KEPT, show_spinner=READING)
def trends_page(path: str, stamp: str, filters: Filters, unit: str) -> TrendsPage:
    """The trends of the whole study, volumes in mL or ounces."""
    return trends.trends(Path(path), filters, unit)


@st.cache_data(max_entries=KEPT, show_spinner=READING)
def person_sheet(path: str, stamp: str, participant_id: str, unit: str) -> str:
    """The hand-out about one person as print-ready HTML."""
    return handout_html(handout.of_person(Path(path), participant_id, unit))


@st.cache_data(max_entries=KEPT, show_spinner=READING)
def study_sheet(path: str, stamp: str, filters: Filters, unit: str) -> str:
    """The hand-out about everybody whom the filters leave as print-ready HTML."""
    return handout_html(handout.of_cohort(Path(path), filters, unit))


@st.cache_data(max_entries=1, show_spinner=False)
def study_kit() -> bytes:
    """The study kit as a zip; it depends on the product's own files alone."""
    return as_zip()


@st.cache_data(max_entries=KEPT, show_spinner=False)
def open_tables(folder: str, stamp: str) -> tuple[tuple[OpenTable, ...], tuple[OpenFile, ...]]:
    """Received files that wait for a mapping; `stamp` changes whenever the register of files does."""
    return Desk(Path(folder)).tables()


@st.cache_data(max_entries=KEPT, show_spinner=False)
def table_look(folder: str, path: str, part: str, content: str) -> TableLook | None:
    """A look at a received table; a content of its own makes a changed file a new question."""
    return Desk(Path(folder)).look(path, part)


@st.cache_data(max_entries=KEPT, show_spinner="Trying it out …")
def preview(folder: str, path: str, part: str, source_text: str) -> Preview:
    """What a mapping, given as the text of a study file, would make of a received table."""
    (source,) = read_study(source_text, Path(NAME)).sources
    return Desk(Path(folder)).preview(path, part, source)


@st.cache_data(max_entries=KEPT, show_spinner="Trying other choices …")
def specification_table(path: str, stamp: str, filters: Filters, claim: str) -> SpecificationTable | None:
    """One claim's finding under other choices."""
    return specifications.claim_specifications(Path(path), claim, filters)


@st.cache_data(max_entries=KEPT, show_spinner=False)
def what_if(path: str, stamp: str, filters: Filters, claim: str) -> WhatIf | None:
    """One claim's predicted shares at each level."""
    return what_if_evidence.what_if(Path(path), claim, filters)
