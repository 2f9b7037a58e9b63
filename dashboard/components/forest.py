"""The forest as HTML rows: name, interval, ratio, people; unadjusted faint above adjusted strong."""

from dashboard.components import glyph, rows
from dashboard.components.marks import chip
from dashboard.components.terms import marked
from dashboard.components.text import escape
from pipelines.evidence.factors import ForestGroup, ForestRow, RefusedFactor
from pipelines.evidence.parts import IntervalMark
from pipelines.evidence.reverse import ReverseRow

SAME_PERSON = ("within", "within_lagged")
COMPONENTS = {
    "within": "same person",
    "within_lagged": "same person, day before",
    "between": "different people",
    "total": "",
}


def key() -> str:
    """What the forest's marks mean."""

    def drawn(shape: str, colour: str) -> str:
        return (
            '<svg width="16" height="16" viewBox="-8 -8 16 16" overflow="visible" aria-hidden="true">'
            f"{glyph.point(shape, colour)}</svg>"
        )

    parts = [
        (drawn("dot", "cohort"), "the same person at other times"),
        (drawn("diamond", "cohort"), "different people: a difference, not an effect"),
        (drawn("small", "faint"), "unadjusted"),
        (drawn("dot", "quiet"), "carried by too few people for a verdict, or placebo"),
    ]
    parts.append(('<i class="ls-swatch"></i>', "too small to matter, for that row"))
    return f'<div class="ls-key">{"".join(f"<span>{mark}<span>{marked(escape(words))}</span></span>" for mark, words in parts)}</div>'


def forest(groups: tuple[ForestGroup, ...], outcome: str) -> str:
    """All groups on one axis, each row with the band of what would be too small to matter there. `outcome` is "without milk" or the like."""
    words = glyph.axis_words(glyph.ODDS, f"fewer {outcome}", f"more {outcome}")
    head = (
        f'<span class="ls-corner"></span><div>{words}</div><span class="ls-quiet">'
        f"{marked('odds ratio')}, 95&nbsp;%</span>"
        '<span class="ls-quiet ls-people">people</span>'
    )
    body = "".join(_group(group) for group in groups)
    return f'<div class="ls-forest">{head}{body}</div>'


def _group(group: ForestGroup) -> str:
    gap = '<div class="ls-gap"></div>'
    return f'<div class="ls-group">{escape(group.title)}</div>{gap * 3}{"".join(map(_row, group.rows))}'


def _row(row: ForestRow) -> str:
    shown = row.adjusted or row.unadjusted
    drawn = glyph.paired(
        row.adjusted,
        row.unadjusted,
        glyph.ODDS,
        shape="dot" if row.component in SAME_PERSON else "diamond",
        colour="quiet" if row.placebo or row.weak else "cohort",
        smallest_effect=shown.smallest_effect if shown else None,
    )
    cell = f'<div class="ls-cell">{drawn}</div>'
    return f'<div class="ls-name">{escape(row.label)} <span class="ls-quiet">{escape(COMPONENTS[row.component])}</span>{rows.quiet(row.note)}</div>{cell}{_figures(row)}'


def _figures(row: ForestRow) -> str:
    people = "hidden" if row.participants is None else f"{row.participants:,}"
    if row.adjusted is None:
        number = '<span class="ls-quiet">no adjusted estimate</span>'
    else:
        number = ratio_words(row.adjusted)
    more = " · ".join(part for part in (row.difference, row.false_discovery) if part)
    number += rows.quiet(more)
    return f'<div class="ls-number">{number}</div><div class="ls-quiet ls-people">{people}</div>'


def ratio_words(interval: IntervalMark) -> str:
    """A ratio with its interval in figures."""
    return escape(f"{interval.value:.2f} ({interval.low:.2f} to {interval.high:.2f})")


def refused(listed: tuple[RefusedFactor, ...]) -> str:
    """Factors without an estimate, those with the same reason in one row: mark, reason, names."""
    reasons: dict[tuple[str, str], list[str]] = {}
    for factor in listed:
        reasons.setdefault((factor.state, factor.reason), []).append(factor.label)
    body = "".join(
        rows.row(
            (
                ("", chip(state)),
                ("", rows.sentence(reason)),
                ("", rows.listing(escape(label) for label in labels)),
            )
        )
        for (state, reason), labels in reasons.items()
    )
    return f'<div class="ls-refused">{body}</div>'


def reverse(listed: tuple[ReverseRow, ...]) -> str:
    """The other direction: item, what it does after a day with little output, people and days."""
    return "".join(
        rows.row((("", escape(row.label)), ("", rows.sentence(row.sentence)), ("", rows.quiet(row.line))))
        for row in listed
    )
