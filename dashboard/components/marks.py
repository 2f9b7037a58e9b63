"""Verdicts as a shape, then a word, then a colour; literature uses the same shapes in ink."""

import base64

from dashboard.components.terms import help_of
from dashboard.components.text import escape
from pipelines.figures.tokens import pairs
from pipelines.glossary import load_glossary

WORDS = {
    "supported": "Supported",
    "contradicted": "Contradicted",
    "negligible": "Negligible",
    "inconclusive": "Inconclusive",
    "insufficient_data": "Too few people",
    "not_collected": "Not collected",
    "not_testable": "Not testable",
    "hidden": "Hidden",
    "not_estimable": "No estimate",
}
TOKENS = {"supported": "cohort", "contradicted": "reference", "negligible": "ink"}
POSITIONS = {
    "supports": ("supported", "Backs it"),
    "contradicts": ("contradicted", "Speaks against it"),
    "mixed": ("inconclusive", "Mixed"),
    "weak": ("inconclusive", "Backs it weakly"),
    "no_evidence": ("not_collected", "No studies found"),
    "no_claim": ("not_testable", "Beyond the article"),
}
_DOTTED = '<circle cx="8" cy="8" r="6" fill="none" stroke="currentColor" stroke-width="2" stroke-dasharray="1.6 2.17"/>'
_SHAPES = {
    "supported": '<circle cx="8" cy="8" r="6.5" fill="currentColor"/>',
    "contradicted": '<g fill="none" stroke="currentColor" stroke-width="2"><circle cx="8" cy="8" r="6.2"/>'
    '<path d="M4.4 4.4 11.6 11.6M11.6 4.4 4.4 11.6"/></g>',
    "negligible": '<rect x="1" y="5.6" width="14" height="4.8" rx="1" fill="currentColor"/>',
    "inconclusive": '<circle cx="8" cy="8" r="6" fill="none" stroke="currentColor" stroke-width="2"/>',
    "insufficient_data": _DOTTED,
    "hidden": _DOTTED,
    "not_estimable": _DOTTED,
    "not_collected": '<path d="M1.5 8h4.5M10 8h4.5" stroke="currentColor" stroke-width="2"/>',
    "not_testable": '<path d="M3.5 13.5 12.5 2.5" stroke="currentColor" stroke-width="2"/>',
}


def token(verdict: str) -> str:
    """The colour token of a verdict; what cannot be said is quiet."""
    return TOKENS.get(verdict, "quiet")


def mark(verdict: str, *, label: str = "", size: int = 16) -> str:
    """The shape of a verdict as inline SVG in the surrounding colour; silent to screen readers without a label."""
    spoken = f'role="img" aria-label="{escape(label)}"' if label else 'aria-hidden="true"'
    title = f"<title>{escape(label)}</title>" if label else ""
    return (
        f'<svg class="ls-mark" xmlns="http://www.w3.org/2000/svg" width="{size}" height="{size}" '
        f'viewBox="0 0 16 16" {spoken}>{title}{_SHAPES[verdict]}</svg>'
    )


def coloured(verdict: str, *, label: str = "") -> str:
    """The shape in the verdict's own colour, for strips of marks."""
    return (
        f'<span style="color:var(--{token(verdict)})">{mark(verdict, label=label or WORDS[verdict])}</span>'
    )


def chip(verdict: str, word: str = "") -> str:
    """Shape and word of a verdict in its colour."""
    colour = f"color:var(--{token(verdict)})"
    title = f' title="{escape(help_of(verdict))}"' if verdict in load_glossary() else ""
    return f'<span class="ls-chip" style="{colour}"{title}>{mark(verdict)}{escape(word or WORDS[verdict])}</span>'


def literature_chip(position: str) -> str:
    """What literature says, in the verdicts' shapes but in ink: agreement is seen before it is read."""
    shape, word = POSITIONS[position]
    return f'<span class="ls-chip ls-ink">{mark(shape)}{escape(word)}</span>'


def image(verdict: str) -> str:
    """The shape as a data address for a widget's label; it carries both colours and follows the page's mode."""
    light, dark = pairs()[token(verdict)]
    svg = (
        '<svg xmlns="http://www.w3.org/2000/svg" width="16" height="16" viewBox="0 0 16 16">'
        f"<style>svg{{color:{light}}}@media(prefers-color-scheme:dark){{svg{{color:{dark}}}}}</style>"
        f"{_SHAPES[verdict]}</svg>"
    )
    return "data:image/svg+xml;base64," + base64.b64encode(svg.encode()).decode()
