"""The Guidance page's rows: the article says, this cohort shows, literature says. Pure HTML, one piece a theme."""

from collections.abc import Callable

from dashboard.components import glyph, rows
from dashboard.components.choices import OTHER_CHOICES
from dashboard.components.marks import WORDS, chip, coloured, literature_chip, token
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

COLUMNS = ("The article says", "This cohort", "Literature")
AXES = {"odds_ratio": glyph.ODDS, "volume_ratio": glyph.VOLUME}
NAMED_AT_FOOT = 3
# The Factors page and its section on other choices, as this page's addresses name them.
FACTORS, CHOICES = "factors", f"#{OTHER_CHOICES}"

# The address of the page with one statement first, from its id.
Link = Callable[[str], str]


def plain_link(claim: str) -> str:
    """The statement alone, without filters."""
    return f"?claim={claim}"


def theme(shown: GuidanceTheme, link: Link = plain_link, *, wanted: str = "", unfolded: bool = False) -> str:
    """One theme: title with a mark a statement, rows by axis, and what logs cannot answer folded at the foot.

    `wanted` is a statement whose parts stand open; `unfolded` opens the foot as well.
    """
    verdicts = [row.verdict for row in shown.rows] + ["not_testable"] * len(shown.untestable)
    title = (
        f'<div class="ls-theme"><h3 id="{escape(shown.id)}">{escape(shown.title)}</h3>{strip(verdicts)}</div>'
    )
    groups = "".join(_group(shown.rows, measure, wanted, link) for measure in AXES)
    return title + groups + _foot(shown.untestable, link, opened=unfolded or bool(wanted))


def _group(all_rows: tuple[ClaimRow, ...], measure: str, wanted: str, link: Link) -> str:
    """Rows that share an axis; the axis stands over them only where one of them has an estimate."""
    chosen = [row for row in all_rows if row.measure == measure]
    if not chosen:
        return ""
    words = ""
    if any(row.interval for row in chosen):
        words = glyph.axis_words(AXES[measure], "the opposite", "as it says")
    label = "This cohort" if measure == "odds_ratio" else "This cohort, in mL"
    cohort = f'<div class="ls-value"><span>{label}</span>{words}</div>' if words else f"<span>{label}</span>"
    head = rows.head((COLUMNS[0], cohort, COLUMNS[2]), axis=1, fixed=True)
    body = "".join(
        claim_row(row, link, opened=wanted == row.id, listed=wanted in _ids(row.repeats)) for row in chosen
    )
    return f"<div>{head}{body}</div>"


def _ids(repeats: tuple[RepeatedClaim, ...]) -> set[str]:
    return {repeat.id for repeat in repeats}


def claim_row(row: ClaimRow, link: Link = plain_link, *, opened: bool = False, listed: bool = False) -> str:
    """One statement with a finding of its own: what it says, what the cohort shows, what literature says."""
    article = (
        rows.says(row.paraphrase) + _claimed(row.says, link(row.id)) + repeats(row.repeats, opened=listed)
    )
    return rows.row(
        ((COLUMNS[0], article), (COLUMNS[1], _cohort(row, opened, link)), (COLUMNS[2], _literature(row))),
        anchor=row.id,
    )


def _cohort(row: ClaimRow, opened: bool, link: Link) -> str:
    mark = chip(row.verdict)
    if row.interval is not None:
        shape = "ring" if row.verdict in ("inconclusive", "insufficient_data") else "dot"
        drawn = glyph.ratio(row.interval, AXES[row.measure], shape=shape, colour=token(row.verdict))
        mark = f'<div class="ls-value">{mark}{drawn}</div>'
    closer = "" if row.interval is None else _closer(link(row.id), opened=opened)
    more = rows.fold("Details", rows.pairs(row.details) + closer, opened=opened)
    return mark + rows.sentence(_joined(row.sentence, row.next_step)) + rows.quiet(row.line) + more


def _closer(address: str, *, opened: bool) -> str:
    """Where more is told of a finding: on this page with its statement opened, and among the factors."""
    levels = "" if opened else _way(address, "Predicted shares at each level")
    return levels + _way(f"{FACTORS}{address}{CHOICES}", "Other choices of the analysis, on the Factors page")


def _way(address: str, words: str) -> str:
    return f'<div><a class="ls-link" target="_self" href="{escape(address)}">{escape(words)}</a></div>'


def _literature(row: ClaimRow) -> str:
    if row.literature is None:
        return rows.quiet("No position recorded.")
    if row.parts:
        standing = f'<div class="ls-look">≠ {escape(row.standing or "parts from this cohort")}</div>'
    else:
        standing = rows.quiet(row.standing)
    return literature(row.literature) + standing


def literature(position: LiteraturePosition) -> str:
    """What independent studies say: shape in ink, first sentence, best source, certainty; the rest folded."""
    first, rest = split_sentence(position.summary)
    best = " · ".join(
        part for part in (*map(without_address, position.sources[:1]), position.certainty) if part
    )
    listed = rows.listing(f'<div class="ls-quiet">{linked(source)}</div>' for source in position.sources)
    more = rows.fold("More, with sources", rows.sentence(rest) + listed)
    unchecked = "" if position.checked else rows.quiet("Figures not checked, so none are shown.")
    return literature_chip(position.position) + rows.sentence(first) + rows.quiet(best) + unchecked + more


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


def _foot(untestable: tuple[UntestableClaim, ...], link: Link, *, opened: bool) -> str:
    if not untestable:
        return ""
    names = "; ".join(claim.paraphrase.rstrip(".") for claim in untestable[:NAMED_AT_FOOT])
    rest = len(untestable) - NAMED_AT_FOOT
    tail = f"; and {rest} more" if rest > 0 else ""
    summary = f"{len(untestable)} that logs cannot answer: <b>{escape(names)}{tail}</b>"
    return rows.fold(
        summary, "".join(untestable_row(claim, link) for claim in untestable), opened=opened, kind="ls-fold"
    )


def untestable_row(claim: UntestableClaim, link: Link = plain_link) -> str:
    """A statement that logs cannot answer: the same row with the reason and what would help."""
    cohort = chip("not_testable") + rows.sentence(_joined(claim.reason, claim.next_step))
    position = literature(claim.literature) if claim.literature else ""
    article = rows.says(claim.paraphrase) + _claimed("", link(claim.id)) + repeats(claim.repeats)
    return rows.row(
        ((COLUMNS[0], article), (COLUMNS[1], cohort), (COLUMNS[2] if position else "", position)),
        anchor=claim.id,
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
