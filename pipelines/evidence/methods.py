"""Methods: how every number is made, how often it is wrong, what it rests on, and how to cite it."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from pipelines.evidence import words
from pipelines.evidence.data_dictionary import DataDictionary, data_dictionary
from pipelines.evidence.definitions import UNKNOWN, Cells, Definition, Example, load_definitions
from pipelines.evidence.error_rates import error_rates
from pipelines.evidence.error_words import ErrorSection, error_section
from pipelines.evidence.filters import Filters
from pipelines.evidence.method_words import Citation, Remark, citation, load_words
from pipelines.evidence.parts import Basis, Numbers
from pipelines.evidence.provenance import Provenance, provenance
from pipelines.evidence.review_figures import ReviewFigures, review_figures
from pipelines.guidance.marks import load_marks
from pipelines.settings import Setting, load_settings
from pipelines.store.tables import StoreInfo, open_store

SETTING_COLUMNS = ("name", "value", "unit", "reason", "source")
RULE_COLUMNS = ("rule", "planted", "found", "true", "seen", "false", "other_people")


@dataclass(frozen=True)
class ShownExample:
    """One worked example with its cells in words; `given` says what else is known."""

    says: str
    given: str
    goes_in: Cells
    comes_out: Cells


@dataclass(frozen=True)
class ShownDefinition:
    """One definition; its examples are run as tests."""

    title: str
    sentence: str
    examples: tuple[ShownExample, ...] = ()


@dataclass(frozen=True)
class ShownTopic:
    """Definitions that belong together, such as those of days."""

    title: str
    definitions: tuple[ShownDefinition, ...]


@dataclass(frozen=True)
class ShownSetting:
    """One threshold in words; `group` says what it is about."""

    name: str
    group: str
    value: str
    unit: str
    reason: str
    source: str

    @property
    def text(self) -> str:
        """What a search looks through."""
        return " ".join((self.name, self.value, self.unit, self.reason, self.source)).lower()


@dataclass(frozen=True)
class RuleRow:
    """One review rule: found of the planted and true ones, and people who got it wrongly; "" where never planted."""

    wording: str
    found: str
    false_alarms: str


@dataclass(frozen=True)
class RuleSection:
    """What the review rules find on synthetic studies; the title is its reading."""

    title: str
    sentence: str
    rows: tuple[RuleRow, ...]
    numbers: Numbers


@dataclass(frozen=True)
class ShownRemark:
    """One paragraph under its own title, with its source ("" for our own words)."""

    title: str
    text: str
    source: str = ""


@dataclass(frozen=True)
class MethodsPage:
    """What the Methods page draws; only the provenance and the dictionary depend on the study."""

    basis: Basis
    title: str
    subtitle: str
    topics: tuple[ShownTopic, ...]
    estimates: tuple[ShownRemark, ...]
    settings: tuple[ShownSetting, ...]
    setting_numbers: Numbers
    errors: ErrorSection
    rules: RuleSection
    dictionary: DataDictionary
    limits: tuple[ShownRemark, ...]
    privacy: tuple[ShownRemark, ...]
    reporting: tuple[ShownRemark, ...]
    provenance: Provenance
    citation: Citation


def methods(path: Path, filters: Filters) -> MethodsPage:
    """The Methods page of a store; it speaks of the whole study, whatever the filters.

    Raises StoreError for no store.
    """
    with open_store(path) as store:
        info, origin, dictionary = store.info, provenance(store), data_dictionary(store)
    topics, settings, texts = _topics(), _settings(), load_words()
    errors = error_section(error_rates())
    return MethodsPage(
        basis=_basis(info, filters),
        title=_title(topics, settings),
        subtitle="Each worked example below is at the same time a test of the program.",
        topics=topics,
        estimates=_remarks(texts.estimates),
        settings=settings,
        setting_numbers=Numbers(
            "settings",
            SETTING_COLUMNS,
            tuple((e.name, e.value, e.unit, e.reason, e.source) for e in settings),
        ),
        errors=errors,
        rules=_rules(review_figures()),
        dictionary=dictionary,
        limits=_remarks(texts.limits),
        privacy=_remarks(texts.privacy),
        reporting=_remarks(texts.reporting),
        provenance=origin,
        citation=citation(),
    )


def _basis(info: StoreInfo, filters: Filters) -> Basis:
    """What the page rests on: the definitions are those of everyone, so no filter is named."""
    return Basis(
        info.name,
        info.synthetic,
        info.data_version,
        None,
        None,
        words.outcome(filters.outcome),
        "",
        info.minimum_cell,
    )


def _title(topics: tuple[ShownTopic, ...], settings: tuple[ShownSetting, ...]) -> str:
    definitions = [each for topic in topics for each in topic.definitions]
    examples = sum(len(each.examples) for each in definitions)
    return (
        f"Every number here can be checked: {len(definitions)} definitions, {examples} worked examples, "
        f"{len(settings)} thresholds with their reasons"
    )


def _topics() -> tuple[ShownTopic, ...]:
    """The definitions in words, and the clinical marks that are switched on."""
    found = load_definitions()
    shown = tuple(
        ShownTopic(topic.title, tuple(_definition(each, found.columns) for each in topic.definitions))
        for topic in found.topics
    )
    marks = tuple(
        ShownDefinition(mark.label, f"{mark.in_words()}. Source: {mark.source}")
        for mark in load_marks().values()
        if mark.shown
    )
    return (*shown, ShownTopic("Clinical marks of a course", marks)) if marks else shown


def _definition(definition: Definition, columns) -> ShownDefinition:
    return ShownDefinition(
        definition.name(),
        definition.in_words(load_settings()),
        tuple(_example(each, columns) for each in definition.examples),
    )


def _example(example: Example, columns) -> ShownExample:
    given = ", ".join(
        f"{columns[name]}: {_cell(str(value), '')}" for name, value in (example.given or {}).items()
    )
    return ShownExample(
        example.says,
        words.capital(given),
        _in_words(example.goes_in, columns, "blank"),
        _in_words(example.comes_out, columns, "unknown"),
    )


def _in_words(cells: Cells, columns, unknown: str) -> Cells:
    return Cells(
        tuple(columns[name] for name in cells.columns),
        tuple(tuple(_cell(cell, unknown) for cell in row) for row in cells.rows),
    )


def _cell(cell: str, unknown: str) -> str:
    """A cell as it is read: codes in words, a minus as a minus, a start without its T."""
    if cell == UNKNOWN:
        return unknown
    if cell[:1] == "-":
        return "\N{MINUS SIGN}" + cell[1:]
    return re.sub(r"(?<=\d)T(?=\d)", " ", cell.replace("_", " "))


def _settings() -> tuple[ShownSetting, ...]:
    return tuple(_setting(each) for each in load_settings().entries.values())


def _setting(entry: Setting) -> ShownSetting:
    group = load_words().group(entry.name)
    return ShownSetting(entry.name, group, _value(entry.value), entry.unit, entry.reason, entry.source)


def _value(value: object) -> str:
    """A threshold's value as it is read; a list with commas."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return f"{value:,}" if isinstance(value, int) else str(value)


def matching(entries: Iterable, search: str) -> tuple:
    """The entries whose text holds every word of a search; all of them for none."""
    asked = search.lower().split()
    return tuple(each for each in entries if all(word in each.text for word in asked))


def _remarks(texts: tuple[Remark, ...]) -> tuple[ShownRemark, ...]:
    return tuple(ShownRemark(each.title, each.in_words(load_settings()), each.source) for each in texts)


def _rules(figures: ReviewFigures) -> RuleSection:
    rows = tuple(
        RuleRow(
            rule.wording,
            f"{rule.found + rule.seen} of {rule.planted + rule.true}" if rule.is_measured else "",
            f"{words.number(rule.false)} of {words.number(rule.other_people)} people",
        )
        for rule in figures.rules
    )
    counts = tuple(tuple(getattr(rule, name) for name in ("id", *RULE_COLUMNS[1:])) for rule in figures.rules)
    title = f"The review rules found {figures.planted_listed} of {figures.planted} planted courses"
    return RuleSection(title, figures.sentence, rows, Numbers("review-rules", RULE_COLUMNS, counts))
