"""The Cohort page's rows and tables: the flow, Table 1, who did not answer, how long logs go on."""

from dashboard.components import rows
from dashboard.components.text import escape
from pipelines.evidence.flow import Flow
from pipelines.evidence.missing import MissingSection
from pipelines.evidence.retention import Retention
from pipelines.evidence.table_one import Cell, TableOne, TableRow

# The section on missing answers, as addresses name it.
COHORT, WHO_IS_MISSING = "cohort", "who-did-not-answer"


def flow(found: Flow) -> str:
    """One row a step: what is left, of rows or sessions and of people, and what fell away before."""
    head = rows.head(("Step", "What fell away", "What is left"))
    body = "".join(
        rows.row(
            (
                ("", rows.strong(step.label)),
                ("", rows.sentence(step.lost or "Nothing fell away.")),
                ("", rows.strong(step.left) + rows.quiet(step.people)),
            )
        )
        for step in found.steps
    )
    return f'<div class="ls-flow">{head}{body}</div>'


def table_one(table: TableOne) -> str:
    """Two columns a group, people and sessions; a variable's name in a row of its own with the difference."""
    groups = "".join(
        f'<th colspan="2" class="ls-group">{escape(column.label)}{_size(column.people, column.sessions)}</th>'
        for column in table.columns
    )
    counted = "<th>People</th><th>Sessions</th>" * len(table.columns)
    body = "".join(_row(row, 2 * len(table.columns)) for row in table.rows)
    return (
        '<div class="ls-scroll ls-tall" tabindex="0"><table class="ls-table ls-one"><thead>'
        f"<tr><th></th>{groups}<th></th></tr><tr><th></th>{counted}<th>Difference</th></tr></thead>"
        f"<tbody>{body}</tbody></table></div>"
    )


def _size(people: str, sessions: str) -> str:
    return "".join(f"<div>{escape(words)}</div>" for words in (people, sessions) if words)


def _row(row: TableRow, width: int) -> str:
    if row.is_variable:
        difference = escape(row.difference or "none to give")
        return f'<tr class="ls-variable"><th>{escape(row.label)}</th><td colspan="{width}"></td><td>{difference}</td></tr>'
    cells = "".join(_cell(cell) for cell in row.cells)
    return f"<tr><th>{escape(row.label)}</th>{cells}<td></td></tr>"


def _cell(cell: Cell) -> str:
    return "".join(f"<td>{_lines(words)}</td>" for words in (cell.people, cell.sessions))


def _lines(words: str) -> str:
    """Median and mean under each other; what is hidden in the quiet colour."""
    if words in ("Hidden", "Nobody told", "counted by person"):
        return f'<span class="ls-quiet">{escape(words)}</span>'
    return "".join(f"<div>{escape(part)}</div>" for part in words.split("; "))


def retention(found: Retention) -> str:
    """One row a study day, a column a group."""
    head = "".join(f"<th>{escape(name)}</th>" for name in found.groups)
    body = "".join(
        f"<tr><th>{escape(row.day)}</th>{''.join(f'<td>{_lines(cell)}</td>' for cell in row.cells)}</tr>"
        for row in found.rows
    )
    return (
        '<div class="ls-scroll" tabindex="0"><table class="ls-table ls-one"><thead>'
        f"<tr><th></th>{head}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def missing(section: MissingSection) -> str:
    """Each question that not everybody answered, with the outcome of both groups and each cohort's part."""
    head = rows.head(("Question", "People without an answer", "Without an answer, by cohort"))
    body = "".join(
        rows.row(
            (
                ("", rows.strong(row.label)),
                ("", rows.sentence(row.sentence)),
                ("", rows.quiet(row.cohorts) or rows.quiet("one cohort")),
            )
        )
        for row in section.rows
    )
    return f'<div class="ls-missing">{head}{body}</div>'


def way_to_missing(address: str) -> str:
    """The way to who did not answer, from another page for the same sessions."""
    return (
        f'<a class="ls-link" target="_self" href="{escape(f"{COHORT}{address}#{WHO_IS_MISSING}")}">'
        "Who did not answer, on the Cohort page</a>"
    )
