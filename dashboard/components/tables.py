"""The Guidance page's tables and lists in the one row: pumps, technique, tips, answers, opinions, gaps, signs."""

from dashboard.components import glyph, rows
from dashboard.components.claims import literature, references
from dashboard.components.glyph import ShareAxis
from dashboard.components.marks import chip, token
from dashboard.components.sources import split_sentence
from dashboard.components.text import counted, escape
from pipelines.evidence.guidance import (
    AnswerRow,
    ClaimReference,
    OpinionRow,
    PumpTable,
    PumpTableRow,
    ShortfallRow,
    SignList,
    TechniqueRow,
    TipRow,
)
from pipelines.evidence.parts import Grouped, GroupedSection, IntervalMark

ARTICLE, COHORT = "The article says", "This cohort"
MOST_TELLING = 3


def group_value(group: Grouped, axis: ShareAxis) -> str:
    """One group's share on the section's axis with its quiet line, or its state and the reason."""
    if group.share is None:
        return chip(group.state) + rows.sentence(group.reason)
    line = " · ".join(part for part in (share_words(group.share), group.line) if part)
    return glyph.share(group.share, axis) + rows.quiet(line)


def share_words(share: IntervalMark) -> str:
    """A share with its interval in numbers of 100."""
    return f"{100 * share.value:.1f} ({100 * share.low:.1f} to {100 * share.high:.1f})"


def grouped(section: GroupedSection, of: str) -> str:
    """Groups of sessions on one axis, whose words are `of`: name, share with the outcome, mL a session."""
    axis = ShareAxis(section.axis_maximum)
    has_volume = any(group.volume for group in section.groups)
    head = rows.head(("", _axis(of, axis), "Volume" if has_volume else ""), axis=1)
    body = "".join(
        rows.row(
            (
                ("", rows.strong(group.label)),
                ("", group_value(group, axis)),
                ("Volume", escape(group.volume)) if group.volume else ("", ""),
            )
        )
        for group in section.groups
    )
    return head + body + rows.quiet(section.note)


def _axis(words: str, axis: ShareAxis) -> str:
    return f"<div>{escape(words)}</div>{glyph.axis_words(axis)}"


def pumps(table: PumpTable, of: str) -> str:
    """The pump table: the article's cells beside this cohort's share without milk and mL a session."""
    axis = ShareAxis(table.cohort.axis_maximum)
    head = rows.head(("Kind", ARTICLE, _axis(f"This cohort, {of}", axis), "Volume"), axis=2)
    body = "".join(
        _pump(row, group, axis) for row, group in zip(table.rows, table.cohort.groups, strict=True)
    )
    return f'<div class="ls-pumps">{head}{body}</div>' + rows.quiet(table.cohort.note)


def _pump(row: PumpTableRow, group: Grouped, axis: ShareAxis) -> str:
    article = rows.says("Not in the article")
    if row.article:
        why = "".join(rows.quiet(reason) for reason in row.reasons)
        article = rows.says(row.article[0][1]) + rows.fold(
            "Opinions no log can test", rows.pairs(row.article[1:]) + why
        )
    verdicts = rows.fold("Statements", references(row.claims))
    volume = escape(group.volume) if group.volume else ""
    return rows.row(
        (
            ("", rows.strong(row.label)),
            (ARTICLE, article),
            (COHORT, group_value(group, axis) + verdicts),
            ("Volume" if volume else "", volume),
        )
    )


def technique(row: TechniqueRow) -> str:
    """One row of the technique table without its distribution, which is drawn below it."""
    cells = (
        ("", rows.strong(row.label)),
        (ARTICLE, rows.says(row.advice)),
        (COHORT, rows.sentence(row.sentence) + rows.fold("Statements", references(row.claims))),
    )
    return f'<div class="ls-even">{rows.row(cells)}</div>'


def tips(listed: tuple[TipRow, ...]) -> str:
    """Let-down techniques in the same row as statements."""
    words = (
        glyph.axis_words(glyph.ODDS, "the opposite", "as it says")
        if any(tip.interval for tip in listed)
        else ""
    )
    cohort = f'<div class="ls-value"><span>{COHORT}</span>{words}</div>'
    return rows.head((ARTICLE, cohort, "Literature"), axis=1) + "".join(_tip(tip) for tip in listed)


def _tip(tip: TipRow) -> str:
    mark = chip(tip.verdict)
    if tip.interval is not None:
        shape = "ring" if tip.verdict in ("inconclusive", "insufficient_data") else "dot"
        drawn = glyph.ratio(tip.interval, glyph.ODDS, shape=shape, colour=token(tip.verdict))
        mark = f'<div class="ls-value">{mark}{drawn}</div>'
    position = literature(tip.literature) if tip.literature else ""
    return rows.row(
        (
            (ARTICLE, rows.strong(tip.label) + rows.says(tip.advice)),
            (COHORT, mark + rows.sentence(tip.sentence) + rows.quiet(tip.line) + references(tip.also)),
            ("Literature" if position else "", position),
        )
    )


def answers(listed: tuple[AnswerRow, ...]) -> str:
    """Each question answered twice: by the article, then by this cohort."""
    body = "".join(
        rows.row(
            (
                ("", rows.strong(answer.question)),
                ("The article answers", rows.says(answer.article)),
                (
                    "This cohort answers",
                    rows.sentence(answer.cohort)
                    + _findings(answer.findings)
                    + rows.fold("Statements", references(answer.claims)),
                ),
            )
        )
        for answer in listed
    )
    head = rows.head(("Question", "The article answers", "This cohort answers"))
    return f'<div class="ls-even">{head}{body}</div>'


def _findings(found: tuple[ClaimReference, ...]) -> str:
    """One finding below the other, each with the mark and word of its verdict; the less telling ones folded."""
    told = [_finding(each) for each in found]
    rest = told[MOST_TELLING:]
    more = counted(len(rest), "more finding", "more findings")
    return rows.listing(told[:MOST_TELLING]) + rows.fold(more, rows.listing(rest))


def _finding(found: ClaimReference) -> str:
    """The verdict, the statement that it is on, and the shares; how they were adjusted and judged opens on a click."""
    first, rest = split_sentence(found.sentence)
    more = rows.fold("Adjusted, and how it was judged", rows.sentence(rest))
    return chip(found.verdict) + rows.quiet(f"“{found.paraphrase}”") + rows.sentence(first) + more


def opinions(listed: tuple[OpinionRow, ...]) -> str:
    """Expert statements, marked as opinion, with the statements they make or repeat."""
    body = "".join(
        rows.row(
            (
                ("", rows.strong(opinion.name) + rows.quiet(f"{opinion.role} · opinion, no source given")),
                ("Says", rows.says(opinion.summary)),
                ("What it rests on", references(opinion.claims)),
            )
        )
        for opinion in listed
    )
    return f'<div class="ls-even">{rows.head(("Who", "Says", "The statements in it, in this cohort"))}{body}</div>'


def shortfalls(listed: tuple[ShortfallRow, ...]) -> str:
    """What the article leaves out or gets wrong, each with its reason and source."""
    return "".join(
        rows.row(
            (
                ("", rows.strong(gap.title)),
                ("", rows.sentence(gap.explanation)),
                ("Source", rows.quiet(gap.source)),
            )
        )
        for gap in listed
    )


def signs(listed: tuple[SignList, ...]) -> str:
    """The article's lists of reasons to seek help, with what a log can say of each."""
    return "".join(
        rows.row(
            (
                ("", rows.strong(group.title)),
                ("", rows.listing(f"{rows.says(wording)}{rows.quiet(log)}" for wording, log in group.signs)),
                ("", ""),
            )
        )
        for group in listed
    )


def urgent(words: str, disclaimer: str) -> str:
    """Urgent signs in one fixed line, then what this page is not."""
    line = f'<div class="ls-edge ls-wide"><b>Urgent signs.</b> {escape(words)}</div>' if words else ""
    return line + f'<div style="padding-top:12px">{rows.quiet(disclaimer)}</div>'
