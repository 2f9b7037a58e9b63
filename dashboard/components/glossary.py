"""The glossary as a list: each word, what it means, and how to say it to a mother."""

from dashboard.components import rows
from dashboard.components.text import escape
from pipelines.glossary import load_glossary


def glossary() -> str:
    """Every term with its meaning and what to say to a mother, in the one row; folded, as few read them all."""
    head = rows.head(("Word", "What it means", "To a mother"))
    body = "".join(
        rows.row(
            (
                ("", rows.strong(term.term)),
                ("What it means", f"<div>{escape(term.meaning)}</div>"),
                (
                    "To a mother",
                    rows.says(term.to_a_mother) if term.to_a_mother else rows.quiet("for readers only"),
                ),
            ),
            anchor=f"word-{term.id}",
        )
        for term in load_glossary().values()
    )
    shown = f'<div class="ls-even">{head}{body}</div>'
    return rows.fold(f"{len(load_glossary())} words", shown, kind="ls-fold")
