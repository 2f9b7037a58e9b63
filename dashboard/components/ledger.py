"""The Data page's rows: the ledger as an equation, what was set aside, what each file was taken for."""

from collections.abc import Mapping

from dashboard.components import rows
from dashboard.components.text import counted, escape
from pipelines.evidence.data import SetAsideRule, SourceFile
from pipelines.results import RowCounts


def equation(counts: RowCounts) -> str:
    """Every row that was read has one fate, and the sum can be checked on screen."""
    parts = (
        ("", counts.read, "read", "ink"),
        ("=", counts.accepted, "in use", "cohort"),
        ("+", counts.duplicate, "duplicate", "ink"),
        ("+", counts.quarantined, "set aside", "reference"),
        ("+", counts.other, "not a pumping session", "ink"),
    )
    inner = "".join(
        f'<span class="ls-term">{f"<i>{sign}</i>" if sign else ""}<span><b style="color:var(--{colour})">{number:,}</b>'
        f'<span class="ls-quiet">{escape(words)}</span></span></span>'
        for sign, number, words, colour in parts
    )
    return f'<div class="ls-ledger">{inner}</div>'


def set_aside(rules: tuple[SetAsideRule, ...], names: Mapping[str, str]) -> str:
    """Rows that were set aside, by rule, with what to do and where they stand.

    `names` are those of the files that were added here, by the codes that stand for them.
    """
    return "".join(
        rows.row(
            (
                ("", rows.strong(rule.title)),
                ("", rows.sentence(rule.what_to_do)),
                ("", escape(counted(rule.rows, "row", "rows")) + rows.quiet(_named(rule.where, names))),
            )
        )
        for rule in rules
    )


def _named(where: str, names: Mapping[str, str]) -> str:
    for code, name in names.items():
        where = where.replace(code, name)
    return where


def files(listed: tuple[SourceFile, ...]) -> str:
    """Each file with what it was taken for, why, and its own ledger."""
    return "".join(
        rows.row(
            (
                ("", rows.strong(file.name)),
                ("", escape(file.taken_for) + rows.quiet(file.why) + "".join(map(rows.quiet, file.remarks))),
                ("", escape(counted(file.counts.read, "row", "rows")) + rows.quiet(_fates(file.counts))),
            )
        )
        for file in listed
    )


def _fates(counts: RowCounts) -> str:
    fates = (
        (counts.accepted, "in use"),
        (counts.duplicate, "duplicate"),
        (counts.quarantined, "set aside"),
        (counts.other, "not a pumping session"),
    )
    return " · ".join(f"{number:,} {words}" for number, words in fates if number)
