"""How many statements have which verdict: the bar, its legend, the strip behind a theme's title."""

from collections import Counter
from collections.abc import Iterable

from dashboard.components.marks import WORDS, coloured, mark, token
from dashboard.components.text import escape
from pipelines.evidence.parts import VerdictCount

_EDGES = {"insufficient_data": "dotted", "not_collected": "dashed", "not_testable": "solid"}


def bar(counts: Iterable[VerdictCount]) -> str:
    """One segment a verdict, as wide as its count; fill and edge tell them apart without colour."""
    return f'<div class="ls-bar" role="img" aria-label="{escape(spoken(counts))}">{_segments(counts)}</div>'


def spoken(counts: Iterable[VerdictCount]) -> str:
    """The bar read aloud: "9 supported, 3 contradicted"."""
    return ", ".join(f"{item.count} {WORDS[item.verdict].lower()}" for item in counts if item.count)


def _segments(counts: Iterable[VerdictCount]) -> str:
    return "".join(_segment(item) for item in counts if item.count)


def _segment(item: VerdictCount) -> str:
    name = token(item.verdict)
    if item.verdict in ("supported", "contradicted", "negligible"):
        style, kind = f"background:var(--{name});border-color:var(--{name})", ' class="ls-solid"'
    else:
        colour = "line" if item.verdict == "not_testable" else "quiet"
        style, kind = f"border-style:{_EDGES.get(item.verdict, 'solid')};border-color:var(--{colour})", ""
    title = f"{WORDS[item.verdict]}: {item.count}"
    return f'<div{kind} style="flex-grow:{item.count};{style}" title="{escape(title)}">{item.count}</div>'


def legend(counts: Iterable[VerdictCount]) -> str:
    """The bar's words with their marks, in its order."""
    chips = "".join(
        f'<span class="ls-chip" style="color:var(--{token(item.verdict)})">{mark(item.verdict)}'
        f"{escape(WORDS[item.verdict])} {item.count}</span>"
        for item in counts
        if item.count
    )
    return f'<div class="ls-legend">{chips}</div>'


def strip(verdicts: Iterable[str]) -> str:
    """One mark a statement, behind a theme's title."""
    return f'<span class="ls-strip">{"".join(coloured(verdict) for verdict in verdicts)}</span>'


def tally(verdicts: Iterable[str]) -> str:
    """How often each verdict stands behind something, in the verdicts' order: mark, word and count."""
    counted = Counter(verdicts)
    chips = "".join(
        f'<span class="ls-chip" style="color:var(--{token(verdict)})">{mark(verdict)}'
        f"{escape(WORDS[verdict])} {counted[verdict]}</span>"
        for verdict in WORDS
        if counted[verdict]
    )
    return f'<div class="ls-tally">{chips}</div>' if chips else ""
