"""The Guidance page's tables and lists in the one row: pumps, technique, tips, answers, opinions, gaps, signs."""

from dashboard.components import glyph, rows
from dashboard.components.claims import literature, references
from dashboard.components.glance import COHORT, LITERATURE
from dashboard.components.glyph import ShareAxis
from dashboard.components.marks import chip
from dashboard.components.sources import split_sentence
from dashboard.components.text import counted, escape
from dashboard.components.verdicts import tally
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

ARTICLE = "The article says"
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
    article = row.article[0][1] if row.article else "Not in the article"
    volume = escape(group.volume) if group.volume else ""
    cells = (
        ("", rows.strong(row.label)),
        (ARTICLE, rows.says(article)),
        (COHORT, group_value(group, axis)),
        ("Volume" if volume else "", volume),
    )
    if not row.article:
        return f'<div class="ls-unopened">{rows.row(cells)}</div>'
    opinions = rows.strong("Opinions no log can test") + rows.pairs(row.article[1:])
    why = "".join(rows.quiet(reason) for reason in row.reasons)
    return rows.card(cells, opinions + why + references(row.claims))


def technique(row: TechniqueRow) -> str:
    """One row of the technique table without its distribution, which is drawn below it with its reading."""
    told = rows.quiet("Drawn below.") if row.distribution else rows.sentence(row.sentence)
    cells = (
        ("", rows.strong(row.label)),
        (ARTICLE, rows.says(row.advice)),
        (COHORT, told),
    )
    return f'<div class="ls-even">{rows.card(cells, references(row.claims))}</div>'


def tips(listed: tuple[TipRow, ...]) -> str:
    """Let-down techniques as the article lists them; interval and literature stand at the statement of each."""
    head = rows.head(("Technique", ARTICLE, COHORT))
    return f'<div class="ls-even">{head}{"".join(map(_tip, listed))}</div>'


def _tip(tip: TipRow) -> str:
    told = f'<div class="ls-tally">{chip(tip.verdict)}<span class="ls-quiet">{escape(tip.brief)}</span></div>'
    studies = literature(tip.literature) if tip.literature else ""
    cohort = rows.sentence(tip.sentence) + rows.quiet(tip.line) + references(tip.also)
    return rows.card(
        (("", rows.strong(tip.label)), (ARTICLE, rows.says(tip.advice)), (COHORT, told)),
        rows.row((("", ""), (LITERATURE if studies else "", studies), (COHORT, cohort))),
    )


def answers(listed: tuple[AnswerRow, ...]) -> str:
    """Each question answered twice: by the article, then by this cohort, whose findings open on a click."""
    head = rows.head(("Question", "The article answers", "This cohort answers"))
    return f'<div class="ls-even">{head}{"".join(map(_answer, listed))}</div>'


def _answer(answer: AnswerRow) -> str:
    first, rest = split_sentence(answer.cohort)
    told = tally(found.verdict for found in answer.findings) + rows.quiet(first)
    statements = rows.fold("Statements", references(answer.claims))
    return rows.card(
        (
            ("", rows.strong(answer.question)),
            ("The article answers", rows.says(answer.article)),
            ("This cohort answers", told),
        ),
        rows.row((("", ""), ("", ""), ("", rows.sentence(rest) + _findings(answer.findings) + statements))),
    )


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
    head = rows.head(("Who", "Says", "The statements in it, in this cohort"))
    return f'<div class="ls-even">{head}{"".join(map(_opinion, listed))}</div>'


def _opinion(opinion: OpinionRow) -> str:
    return rows.card(
        (
            ("", rows.strong(opinion.name) + rows.quiet(f"{opinion.role} · opinion, no source given")),
            ("Says", rows.says(opinion.summary)),
            ("What it rests on", tally(claim.verdict for claim in opinion.claims)),
        ),
        rows.row((("", ""), ("", ""), ("", references(opinion.claims)))),
    )


def shortfalls(listed: tuple[ShortfallRow, ...]) -> str:
    """What the article leaves out or gets wrong, each with its source; the reason opens on a click."""
    body = "".join(
        rows.card(
            (("", rows.strong(gap.title)), ("", rows.quiet(gap.source))), rows.sentence(gap.explanation)
        )
        for gap in listed
    )
    return f'<div class="ls-gaps">{body}</div>'


def signs(listed: tuple[SignList, ...]) -> str:
    """The article's lists of reasons to seek help side by side; what a log can say of each opens on a click."""
    return f'<div class="ls-signs">{"".join(map(_signs, listed))}</div>'


def _signs(group: SignList) -> str:
    body = "".join(rows.card((("", rows.says(wording)),), rows.quiet(log)) for wording, log in group.signs)
    return f"<div>{rows.strong(group.title)}{body}</div>"


def urgent(words: str, disclaimer: str) -> str:
    """Urgent signs in one fixed line, then what this page is not."""
    line = f'<div class="ls-edge ls-wide"><b>Urgent signs.</b> {escape(words)}</div>' if words else ""
    return line + f'<div style="padding-top:12px">{rows.quiet(disclaimer)}</div>'
