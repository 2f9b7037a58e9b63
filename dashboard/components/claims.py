"""The Guidance page's rows: the article says, this cohort shows, literature says. Pure HTML, one piece a theme."""

from collections.abc import Callable

from dashboard.components import glance, rows
from dashboard.components.choices import OTHER_CHOICES
from dashboard.components.glance import COHORT, LITERATURE
from dashboard.components.marks import WORDS, chip, coloured, literature_chip
from dashboard.components.sources import linked, split_sentence, without_address
from dashboard.components.text import escape
from dashboard.components.verdicts import strip
from pipelines.evidence.guidance import (
    ClaimReference,
    ClaimRow,
    GuidanceTheme,
    LiteraturePosition,
    RepeatedClaim,
    UntestableClaim,
)

NAMED_AT_FOOT = 2
# The Factors page and its section on other choices, as this page's addresses name them.
FACTORS, CHOICES = "factors", f"#{OTHER_CHOICES}"

# The address of the page with one statement first, from its id.
Link = Callable[[str], str]


def plain_link(claim: str) -> str:
    """The statement alone, without filters."""
    return f"?claim={claim}"


def theme(
    shown: GuidanceTheme, link: Link = plain_link, *, ends: str, wanted: str = "", unfolded: bool = False
) -> str:
    """One theme: title with a mark a statement, a row a statement by axis, and what logs cannot answer at the foot.

    `ends` is the outcome after "sessions" ("without milk"); `wanted` a statement that stands open; `unfolded` opens
    the foot as well.
    """
    verdicts = [row.verdict for row in shown.rows] + ["not_testable"] * len(shown.untestable)
    title = (
        f'<div class="ls-theme"><h3 id="{escape(shown.id)}">{escape(shown.title)}</h3>{strip(verdicts)}</div>'
    )
    groups = [(measure, rows) for measure in glance.AXES if (rows := _on_axis(shown.rows, measure))]
    drawn = "" if groups else f'<div class="ls-head">{title}</div>'
    for place, (measure, chosen) in enumerate(groups):
        first = title if place == 0 else "<div>Judged by how much milk comes</div>"
        body = "".join(_stated(row, link, wanted) for row in chosen)
        drawn += f"<div>{glance.head(first, chosen, measure, ends)}{body}</div>"
    foot = _foot(shown, link, opened=unfolded or bool(wanted), wanted=wanted)
    return f'<div class="ls-claims">{drawn}{foot}</div>'


def _is_silent(row: ClaimRow) -> bool:
    """Logs cannot test it, and there is no number to look at either: it folds with others at the theme's foot."""
    return row.verdict == "not_testable" and glance.is_unsaid(row)


def _on_axis(all_rows: tuple[ClaimRow, ...], measure: str) -> list[ClaimRow]:
    """The rows under one axis; those without an interval need none and stand under the first."""
    return [
        row
        for row in all_rows
        if not _is_silent(row) and measure == (row.measure if row.interval else "odds_ratio")
    ]


def _stated(row: ClaimRow, link: Link, wanted: str) -> str:
    return claim_row(row, link, opened=wanted == row.id, listed=wanted in _ids(row.repeats))


def _ids(repeats: tuple[RepeatedClaim, ...]) -> set[str]:
    return {repeat.id for repeat in repeats}


def claim_row(row: ClaimRow, link: Link = plain_link, *, opened: bool = False, listed: bool = False) -> str:
    """One statement with a finding of its own: what it says, what the cohort shows, what literature says.

    At a glance its verdict, interval, shares, n and position; opened, the sentences, details and sources behind them.
    """
    parts = '<div class="ls-look">≠ parts from this cohort</div>' if row.parts else ""
    position = (
        literature_chip(row.literature.position) if row.literature else rows.quiet("No position recorded.")
    )
    article = _claimed(row.says, link(row.id)) + repeats(row.repeats, opened=listed)
    return rows.card(
        (("", rows.says(row.paraphrase)), *glance.cells(row), (LITERATURE, position + parts)),
        rows.row((("", article), (COHORT, _cohort(row, opened, link)), (LITERATURE, _literature(row)))),
        anchor=row.id,
        opened=opened or listed,
        kind=glance.kind(row),
    )


def _cohort(row: ClaimRow, opened: bool, link: Link) -> str:
    closer = "" if row.interval is None else _closer(link(row.id), opened=opened)
    more = rows.fold("Details", rows.pairs(row.details) + closer, opened=opened)
    said = split_sentence(row.sentence)[1] if glance.is_unsaid(row) else row.sentence
    return rows.sentence(_joined(said, row.next_step)) + rows.quiet(row.line) + more


def _closer(address: str, *, opened: bool) -> str:
    """Where more is told of a finding: on this page with its statement opened, and among the factors."""
    levels = "" if opened else _way(address, "Predicted shares at each level")
    return levels + _way(f"{FACTORS}{address}{CHOICES}", "Other choices of the analysis, on the Factors page")


def _way(address: str, words: str) -> str:
    return f'<div><a class="ls-link" target="_self" href="{escape(address)}">{escape(words)}</a></div>'


def _literature(row: ClaimRow) -> str:
    if row.literature is None:
        return rows.quiet("No position recorded.")
    standing = rows.quiet(row.standing)
    if row.parts:
        standing = f'<div class="ls-look">≠ {escape(row.standing or "parts from this cohort")}</div>'
    return findings_of(row.literature) + standing


def literature(position: LiteraturePosition) -> str:
    """What independent studies say: shape in ink, then the findings behind it."""
    return literature_chip(position.position) + findings_of(position)


def findings_of(position: LiteraturePosition) -> str:
    """The first sentence of what independent studies found, best source, certainty; the rest folded."""
    first, rest = split_sentence(position.summary)
    best = " · ".join(
        part for part in (*map(without_address, position.sources[:1]), position.certainty) if part
    )
    listed = rows.listing(f'<div class="ls-quiet">{linked(source)}</div>' for source in position.sources)
    more = rows.fold("More, with sources", rows.sentence(rest) + listed)
    unchecked = "" if position.checked else rows.quiet("Figures not checked, so none are shown.")
    return rows.sentence(first) + rows.quiet(best) + unchecked + more


def repeats(repeated: tuple[RepeatedClaim, ...], *, opened: bool = False) -> str:
    """The statements that repeat a finding, folded under how often the article says it."""
    if not repeated:
        return ""
    times = len(repeated) + 1
    items = (
        rows.says(claim.paraphrase)
        + rows.quiet(" · ".join(part for part in (claim.section, claim.note) if part))
        + (_noted(claim.verdict, claim.finding) if claim.finding else "")
        for claim in repeated
    )
    often = "twice" if times == 2 else f"{times} times"
    return rows.fold(f"Said {often} in the article", rows.listing(items), opened=opened)


def _noted(verdict: str, *texts: str) -> str:
    """The mark and word of a verdict before what is said of it."""
    said = " ".join(text for text in (f"{WORDS[verdict]}.", *texts) if text)
    return f'<div class="ls-note">{coloured(verdict)}<span>{escape(said)}</span></div>'


def _foot(shown: GuidanceTheme, link: Link, *, opened: bool, wanted: str) -> str:
    """What logs cannot answer, in one line that names the first of them and opens."""
    silent = [row for row in shown.rows if _is_silent(row)]
    said = [row.paraphrase.rstrip(".") for row in silent]
    said += [claim.paraphrase.rstrip(".") for claim in shown.untestable]
    if not said:
        return ""
    names = "; ".join(said[:NAMED_AT_FOOT])
    rest = len(said) - NAMED_AT_FOOT
    tail = f"; and {rest} more" if rest > 0 else ""
    summary = f"{len(said)} that logs cannot answer: <b>{escape(names)}{tail}</b>"
    listed = "".join(_stated(row, link, wanted) for row in silent) + "".join(
        untestable_row(claim, link, opened=wanted in {claim.id, *_ids(claim.repeats)})
        for claim in shown.untestable
    )
    return rows.fold(summary, listed, opened=opened, kind="ls-fold")


def untestable_row(claim: UntestableClaim, link: Link = plain_link, *, opened: bool = False) -> str:
    """A statement that logs cannot answer: the same row with the reason and what would help."""
    reason, rest = split_sentence(claim.reason)
    position = literature_chip(claim.literature.position) if claim.literature else ""
    cohort = rows.sentence(_joined(rest, claim.next_step))
    article = _claimed("", link(claim.id)) + repeats(claim.repeats)
    studies = findings_of(claim.literature) if claim.literature else ""
    return rows.card(
        (
            ("", rows.says(claim.paraphrase)),
            ("", chip("not_testable")),
            ("", rows.quiet(reason)),
            (LITERATURE if position else "", position),
        ),
        rows.row((("", article), (COHORT, cohort), (LITERATURE if studies else "", studies))),
        anchor=claim.id,
        opened=opened,
        kind="ls-unsaid",
    )


def references(claims: tuple[ClaimReference, ...]) -> str:
    """Statements named from elsewhere, each with the mark of its verdict."""
    return rows.listing(
        f'<div class="ls-note">{coloured(claim.verdict)}<span>{escape(claim.paraphrase)} '
        f'<span class="ls-ink">{escape(" ".join((f"{WORDS[claim.verdict]}.", claim.sentence)).strip())}</span>'
        f"{rows.quiet(claim.line)}</span></div>"
        for claim in claims
    )


def _claimed(words: str, address: str) -> str:
    """The claimed direction, and a link that opens the page with this statement first."""
    link = f'<a class="ls-link" href="{escape(address)}" title="Link to this statement">link</a>'
    return f'<div class="ls-quiet">{escape(words)}{" · " if words else ""}{link}</div>'


def _joined(*sentences: str) -> str:
    return " ".join(sentence for sentence in sentences if sentence)
