"""Sections that compare groups of sessions on one axis, and the list of published values under the curves."""

from collections.abc import Sequence

from dashboard.components import tables
from dashboard.components.caption import block
from dashboard.components.page import nothing, outcome_words, section
from dashboard.components.text import escape
from pipelines.evidence.output import PublishedValue
from pipelines.evidence.parts import Basis, GroupedSection
from pipelines.evidence.words import capital


def groups(shown: GroupedSection | None, basis: Basis) -> None:
    """One section with its reading as title; the reason where there is nothing to draw."""
    if shown is None:
        return
    section(shown.title)
    if shown.unavailable:
        nothing(shown.unavailable, "insufficient_data")
        return
    words = shown.of or f"of 100 sessions, {outcome_words(basis)}"
    line = f"{capital(words)}, with 95 % interval"
    block(tables.grouped(shown, words), line, basis, shown.numbers, "ls-groups")


def published(values: Sequence[PublishedValue]) -> str:
    """What the lettered rings in the figure are."""
    if not values:
        return ""
    listed = " · ".join(
        f'<span class="ls-look">{escape(value.letter)}</span> {escape(value.words)}' for value in values
    )
    return f'<div class="ls-quiet">Published, other settings than this study’s: {listed}</div>'
