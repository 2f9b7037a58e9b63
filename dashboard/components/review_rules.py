"""How good the rules are: each rule in words, what it found and missed on synthetic studies, its usual false alarm."""

from dashboard.components import rows
from dashboard.components.page import raw, section
from dashboard.components.text import escape
from pipelines.evidence.review import RuleCard
from pipelines.evidence.review_figures import ReviewFigures, RuleFigures

NOT_MEASURED = (
    "Not measured: nobody in the synthetic studies is asked what it looks at, so neither what it misses nor how often "
    "it is wrong is known."
)
COLUMNS = ("Sign", "Rule", "On synthetic studies")


def review_rules(cards: tuple[RuleCard, ...], figures: ReviewFigures) -> None:
    """All rules, those that list first, each with its measured figures."""
    section("How often the rules are right, measured where the truth is known")
    raw(rows.sentence(figures.sentence))
    measured = {rule.id: rule for rule in figures.rules}
    listing = [card for card in cards if card.priority]
    notes = [card for card in cards if not card.priority]
    body = "".join(_rule(card, measured.get(card.id)) for card in listing)
    beside = "".join(_rule(card, None) for card in notes)
    raw(f'<div class="ls-even">{rows.head(COLUMNS)}{body}</div>')
    section("These stand beside a listed person and list nobody by themselves")
    raw(f'<div class="ls-even">{rows.head(COLUMNS)}{beside}</div>')


def _rule(card: RuleCard, figures: RuleFigures | None) -> str:
    more = rows.pairs(
        (
            ("Threshold from", card.source),
            ("Often something else", card.false_alarm),
            ("What tells it apart", card.remedy),
            ("In the article", "; ".join(card.article) or "not in the article's lists"),
        )
    )
    return rows.row(
        (
            (COLUMNS[0], rows.strong(card.wording)),
            (COLUMNS[1], f"<div>{escape(card.condition)}</div>" + rows.fold("More", more)),
            (COLUMNS[2], _figures(figures)),
        )
    )


def _figures(figures: RuleFigures | None) -> str:
    if figures is None:
        return rows.quiet("Not measured: a note only.")
    if not figures.is_measured:
        return rows.quiet(NOT_MEASURED)
    wrong = (
        f"{figures.false:,} of {figures.other_people:,} people without a planted course had it wrongly "
        f"({100 * figures.false_alarm_rate:.1f} %)"
    )
    found, there = figures.found + figures.seen, figures.planted + figures.true
    return f"<div>{escape(f'Found {found:,} of {there:,} ({100 * found / there:.0f} %)')}</div>" + rows.quiet(
        f"{wrong}."
    )
