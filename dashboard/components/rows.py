"""The one row: a grid of cells under a hairline that stacks at phone width with a small label before each part."""

from collections.abc import Iterable

from dashboard.components.terms import marked
from dashboard.components.text import escape

WAITING = "ls-waiting"


def block(inner: str, kind: str = "", gap: str = "1rem") -> str:
    """Outer element of a piece of HTML; its lower margin undoes the page's pull on what follows."""
    return f'<div class="ls {kind}" style="margin-bottom:{gap}">{inner}</div>'


def quiet(words: str) -> str:
    """A quiet line, words of the glossary marked; nothing for no words."""
    return f'<div class="ls-quiet">{marked(escape(words))}</div>' if words else ""


def sentence(words: str) -> str:
    """A sentence at reading width; nothing for no words."""
    return f'<div class="ls-lead">{escape(words)}</div>' if words else ""


def waiting(words: str) -> str:
    """How far something is that is still being worked out; the mark tells whoever waits for the whole page."""
    return f'<div class="ls-lead {WAITING}" role="status">{escape(words)}</div>'


def says(words: str) -> str:
    """The article's voice."""
    return f'<div class="ls-says">{escape(words)}</div>'


def strong(words: str) -> str:
    """The name of a row."""
    return f'<div class="ls-strong">{escape(words)}</div>'


def row(cells: Iterable[tuple[str, str]], anchor: str = "") -> str:
    """One row. Each cell is a label, shown at phone width only, and its HTML."""
    return f'<div class="ls-row"{_identity(anchor)}>{_cells(cells)}</div>'


def card(
    cells: Iterable[tuple[str, str]], body: str, *, anchor: str = "", opened: bool = False, kind: str = ""
) -> str:
    """A row whose cells say the most important at a glance and which opens on a click to show `body` under them."""
    classes = f"ls-card {kind}".strip()
    return (
        f'<details class="{classes}"{_identity(anchor)}{" open" if opened else ""}>'
        f'<summary><div class="ls-cells">{_cells(cells)}</div></summary><div class="ls-body">{body}</div></details>'
    )


def _cells(cells: Iterable[tuple[str, str]]) -> str:
    return "".join(
        f'<div><div class="ls-label">{escape(label)}</div>{body}</div>' if label else f"<div>{body}</div>"
        for label, body in cells
    )


def _identity(anchor: str) -> str:
    return f' id="{escape(anchor)}"' if anchor else ""


def head(cells: Iterable[str], *, axis: int | None = None, fixed: bool = False) -> str:
    """Column names over a group of rows; the cell numbered `axis` is HTML and stays at phone width."""
    inner = "".join(
        f'<div class="ls-axis">{cell}</div>' if place == axis else f"<div>{escape(cell)}</div>"
        for place, cell in enumerate(cells)
    )
    return f'<div class="ls-head{" ls-fixed" if fixed else ""}">{inner}</div>'


def fold(summary: str, inner: str, *, opened: bool = False, kind: str = "") -> str:
    """A part that opens on a click; `summary` and `inner` are HTML."""
    return (
        f'<details class="{kind}"{" open" if opened else ""}><summary>{summary}</summary>{inner}</details>'
        if inner
        else ""
    )


def pairs(items: Iterable[tuple[str, str]]) -> str:
    """Label and text side by side."""
    inner = "".join(
        f"<div>{marked(escape(label))}</div><div>{marked(escape(text))}</div>" for label, text in items
    )
    return f'<div class="ls-pairs">{inner}</div>' if inner else ""


def listing(items: Iterable[str]) -> str:
    """A plain list of HTML pieces."""
    inner = "".join(f"<li>{item}</li>" for item in items)
    return f'<ul class="ls-list">{inner}</ul>' if inner else ""
