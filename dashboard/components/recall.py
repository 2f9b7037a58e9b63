"""Recall windows: for each form what its answers were joined to, and in a fold the same for each item."""

from dashboard.components import rows
from dashboard.components.caption import caption
from dashboard.components.marks import chip
from dashboard.components.page import raw, section
from dashboard.components.text import escape
from pipelines.evidence.recall import RecallForm, RecallItem, RecallSection

HEAD = (
    "Form",
    "Describes: sessions in the days that it asks about",
    "Possible cause: sessions in as many days after it",
)
HIDDEN = "Too few people answered; the numbers stay hidden."


def recall_windows(page: RecallSection) -> None:
    """The whole section, with its numbers to take away."""
    section(page.title)
    if not page.forms:
        return
    raw(f'<div class="ls-even ls-recall">{rows.head(HEAD)}{"".join(map(_form, page.forms))}</div>')
    caption(page.note, page.basis, page.numbers)


def _form(form: RecallForm) -> str:
    first = rows.strong(form.title) + rows.quiet(form.line)
    if form.hidden:
        return rows.row((("", first), ("", chip("hidden") + rows.quiet(HIDDEN)), ("", "")))
    items = rows.fold(escape("Each item"), "".join(map(_item, form.items)))
    return (
        rows.row(
            (
                ("", first),
                (HEAD[1], escape(form.describes)),
                (HEAD[2], escape(form.possible_cause)),
            )
        )
        + items
    )


def _item(item: RecallItem) -> str:
    first = escape(item.label) + rows.quiet(item.window)
    if item.hidden:
        return rows.row((("", first), ("", chip("hidden") + rows.quiet(HIDDEN)), ("", "")))
    return rows.row(
        (
            ("", first),
            (HEAD[1], escape(item.describes) + rows.quiet(item.estimates)),
            (HEAD[2], escape(item.possible_cause)),
        )
    )
