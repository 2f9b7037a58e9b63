"""Words of the glossary on a page: marked where they stand, with their meaning behind them."""

import html
import re
from functools import cache

from dashboard.components.text import escape
from pipelines.glossary import Term, load_glossary


def help_of(term: str) -> str:
    """The help text of a term, for a widget; an unknown id is a programmer's error."""
    return load_glossary()[term].help


@cache
def _spellings() -> tuple[re.Pattern[str], dict[str, Term]]:
    """A pattern of every spelling in escaped text, the longest first, and the term of each."""
    owners = {html.escape(word).casefold(): term for term in load_glossary().values() for word in term.words}
    longest_first = sorted(owners, key=len, reverse=True)
    parts = (re.escape(word).replace(r"\ ", "[ \u00a0]") for word in longest_first)
    return re.compile(rf"(?<![\w-])(?:{'|'.join(parts)})(?!\w)", re.IGNORECASE), owners


def marked(text: str) -> str:
    """Escaped text with the first mention of each known word marked; its meaning shows on pointing at it."""
    pattern, owners = _spellings()
    told: set[str] = set()

    def mark(found: re.Match[str]) -> str:
        term = owners[found[0].replace("\u00a0", " ").casefold()]
        if term.id in told:
            return found[0]
        told.add(term.id)
        return f'<abbr title="{escape(term.help)}">{found[0]}</abbr>'

    return pattern.sub(mark, text)
