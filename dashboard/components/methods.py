"""The Methods page in the one row: definitions with worked tables, thresholds, error rates, dictionary, provenance."""

from collections.abc import Iterable, Sequence

from dashboard.components import rows
from dashboard.components.marks import chip
from dashboard.components.text import escape
from pipelines.evidence.data_dictionary import FactorEntry, InstrumentEntry
from pipelines.evidence.definitions import Cells
from pipelines.evidence.error_words import ErrorSection, PowerRow, ScenarioRow
from pipelines.evidence.methods import (
    RuleRow,
    ShownDefinition,
    ShownExample,
    ShownRemark,
    ShownSetting,
    ShownTopic,
)
from pipelines.evidence.provenance import Provenance, row_words

WIDE = "ls-two"
NEVER_PLANTED = "Never planted, so not measured"


def table(columns: Iterable[str], body: Iterable[Sequence[str]], label: str) -> str:
    """A plain table that scrolls sideways by itself; `label` is read aloud."""
    head = "".join(f"<th>{escape(name)}</th>" for name in columns)
    lines = "".join("<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in line) + "</tr>" for line in body)
    return (
        f'<div class="ls-scroll" tabindex="0" role="region" aria-label="{escape(label)}">'
        f'<table class="ls-table"><thead><tr>{head}</tr></thead><tbody>{lines}</tbody></table></div>'
    )


def topic(shown: ShownTopic, *, opened: bool = False) -> str:
    """Definitions that belong together under their name; `opened` shows the first one's examples."""
    title = f'<div class="ls-theme"><h3>{escape(shown.title)}</h3></div>'
    return title + _two(
        _definition(each, opened=opened and not place) for place, each in enumerate(shown.definitions)
    )


def _two(lines: Iterable[tuple[str, str]]) -> str:
    """Rows of two cells: the name, and what there is to say."""
    body = "".join(rows.row((("", name), ("", inner))) for name, inner in lines)
    return f'<div class="{WIDE}">{body}</div>' if body else ""


def _definition(shown: ShownDefinition, *, opened: bool) -> tuple[str, str]:
    count = len(shown.examples)
    summary = f"{count} worked example{'' if count == 1 else 's'}"
    inner = "".join(_example(each) for each in shown.examples)
    return rows.strong(shown.title), rows.sentence(shown.sentence) + rows.fold(summary, inner, opened=opened)


def _example(shown: ShownExample) -> str:
    """What goes in beside what comes out."""
    given = rows.quiet(shown.given)
    left = f"{rows.quiet('Goes in')}{_cells(shown.goes_in, 'What goes in')}"
    right = f"{rows.quiet('Comes out')}{_cells(shown.comes_out, 'What comes out')}"
    both = f'<div class="ls-worked"><div>{left}</div><div>{right}</div></div>'
    return f'<div class="ls-example">{rows.sentence(shown.says)}{given}{both}</div>'


def _cells(cells: Cells, label: str) -> str:
    if not cells.rows:
        return rows.sentence("Nothing.")
    return table(cells.columns, cells.rows, label)


def remarks(shown: Iterable[ShownRemark]) -> str:
    """Paragraphs with their titles beside them."""
    return _two(
        (rows.strong(each.title), rows.sentence(each.text) + rows.quiet(each.source)) for each in shown
    )


def settings(shown: Sequence[ShownSetting], *, opened: bool) -> str:
    """Thresholds, folded by the part of the program that they belong to."""
    groups = dict.fromkeys(each.group for each in shown)
    return "".join(
        rows.fold(
            f"{escape(name)} <b>{len(own)}</b>",
            _two((_threshold(each), rows.sentence(each.reason) + rows.quiet(each.source)) for each in own),
            opened=opened,
            kind="ls-fold",
        )
        for name in groups
        for own in ([each for each in shown if each.group == name],)
    )


def _threshold(shown: ShownSetting) -> str:
    return rows.strong(f"{shown.value} {shown.unit}") + rows.quiet(shown.name)


def scenarios(section: ErrorSection) -> str:
    """Every planned simulation with what came out, or that it has not been run."""
    made = rows.sentence(section.made) + rows.fold(
        "What is not simulated", rows.listing(map(escape, section.not_simulated))
    )
    return made + _two((_scenario_name(each), _scenario(each)) for each in section.rows)


def _scenario_name(row: ScenarioRow) -> str:
    return rows.strong(row.name) + rows.quiet(f"{row.people} people")


def _scenario(row: ScenarioRow) -> str:
    found = "".join(rows.sentence(each) for each in row.sentences) or f"<b>{escape('Not yet simulated')}</b>"
    return rows.quiet(row.simulated) + found + rows.quiet(row.line)


def power(section: ErrorSection) -> str:
    """The power table: true effects down, people across."""
    columns = ("True effect", *(f"{people} people" for people in section.power_people))
    return table(columns, (_power(each) for each in section.power), section.power_title)


def _power(row: PowerRow) -> tuple[str, ...]:
    return (row.effect, *row.cells)


def rules(shown: Iterable[RuleRow]) -> str:
    """Review rules with what they found, and whom they listed wrongly."""
    body = ((each.wording, each.found or NEVER_PLANTED, each.false_alarms) for each in shown)
    return table(("Rule", "Found of those planted or true", "Wrongly given to"), body, "Review rules")


def factors(shown: Sequence[FactorEntry], *, opened: bool) -> str:
    """Factors, folded by theme."""
    themes = dict.fromkeys(each.theme for each in shown)
    return "".join(
        rows.fold(
            f"{escape(name)} <b>{len(own)}</b>",
            _two((rows.strong(each.label) + rows.quiet(each.id), _factor(each)) for each in own),
            opened=opened,
            kind="ls-fold",
        )
        for name in themes
        for own in ([each for each in shown if each.theme == name],)
    )


def _factor(entry: FactorEntry) -> str:
    return rows.sentence(f"{entry.values[:1].upper()}{entry.values[1:]}; {entry.recorded}.") + rows.quiet(
        f"{entry.here[:1].upper()}{entry.here[1:]}"
    )


def instruments(shown: Iterable[InstrumentEntry]) -> str:
    """Published questionnaires: scoring, missing answers, recall window, terms, source."""
    return _two(
        (
            rows.strong(each.name) + rows.quiet(f"{each.measures}; {each.recall}"),
            rows.sentence(each.scoring)
            + rows.pairs(
                (("Missing answers", each.missing), ("Terms", each.licence), ("Source", each.citation))
            ),
        )
        for each in shown
    )


def origin(found: Provenance) -> str:
    """Facts, files and packages."""
    files = [
        (
            rows.strong(each.label),
            rows.sentence(row_words(each))
            if each.counts
            else chip("hidden") + rows.sentence(row_words(each)),
        )
        for each in found.readers
    ]
    packages = rows.sentence(", ".join(f"{name} {number}" for name, number in found.packages))
    return rows.pairs(found.facts) + _two((*files, (rows.strong("Packages"), packages)))
