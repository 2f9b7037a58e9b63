"""Which of the article's statements a reader wants to see: by verdict, theme, words, disagreement."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from pipelines.evidence.guidance import ClaimRow, GuidanceTheme, UntestableClaim
from pipelines.results import VERDICTS

BY_THEME, BY_VERDICT, BY_STANDING = "theme", "verdict", "standing"
ORDERS = {BY_THEME: "By theme", BY_VERDICT: "By verdict", BY_STANDING: "Disagreement first"}
PARTING, AGREEING, OPEN = "part", "agree", "open"
STANDINGS = {
    PARTING: "Cohort and literature part",
    AGREEING: "Cohort and literature agree",
    OPEN: "One of them takes no side",
}


@dataclass(frozen=True)
class Selection:
    """A reader's choice on the Guidance page; an empty choice shows all. `claim` is drawn first and open.

    `order` is one of ORDERS.
    """

    verdicts: tuple[str, ...] = ()
    theme: str = ""
    search: str = ""
    only_parting: bool = False
    claim: str = ""
    order: str = BY_THEME

    @property
    def is_everything(self) -> bool:
        """Nothing is filtered away."""
        return not (self.verdicts or self.theme or self.search.strip() or self.only_parting)


def select(themes: tuple[GuidanceTheme, ...], selection: Selection) -> tuple[GuidanceTheme, ...]:
    """The themes with the statements that fit; themes without any are left out."""
    chosen = []
    for theme in themes:
        if selection.theme and theme.id != selection.theme:
            continue
        rows = tuple(row for row in theme.rows if _fits_row(row, selection))
        untestable = tuple(claim for claim in theme.untestable if _fits_untestable(claim, selection))
        if rows or untestable:
            chosen.append(replace(theme, rows=rows, untestable=untestable))
    return tuple(chosen)


def arranged(
    themes: tuple[GuidanceTheme, ...], order: str, verdict_words: Mapping[str, str]
) -> tuple[GuidanceTheme, ...]:
    """The same statements in another order: by verdict, or those first on which cohort and literature part."""
    rows = [row for theme in themes for row in theme.rows]
    untestable = tuple(claim for theme in themes for claim in theme.untestable)
    if order == BY_VERDICT:
        groups = [(f"verdict-{name}", verdict_words[name], name) for name in VERDICTS]
        last, group_of = "not_testable", lambda row: row.verdict
    elif order == BY_STANDING:
        groups = [(f"standing-{name}", title, name) for name, title in STANDINGS.items()]
        last, group_of = OPEN, _standing
    else:
        return themes
    grouped = (
        GuidanceTheme(
            id, title, tuple(row for row in rows if group_of(row) == name), untestable if name == last else ()
        )
        for id, title, name in groups
    )
    return tuple(each for each in grouped if each.rows or each.untestable)


def _standing(row: ClaimRow) -> str:
    if row.parts:
        return PARTING
    return AGREEING if row.standing else OPEN


def holding(themes: tuple[GuidanceTheme, ...], claim: str) -> GuidanceTheme | None:
    """A theme cut down to the one row that holds this statement, itself or as a repeat; None if there is none."""
    for theme in themes:
        rows = tuple(row for row in theme.rows if claim in _ids(row))
        untestable = tuple(row for row in theme.untestable if claim in _ids(row))
        if rows or untestable:
            return replace(theme, rows=rows, untestable=untestable)
    return None


def _ids(row: ClaimRow | UntestableClaim) -> set[str]:
    return {row.id, *(repeat.id for repeat in row.repeats)}


def _fits_row(row: ClaimRow, selection: Selection) -> bool:
    verdicts = {row.verdict, *(repeat.verdict for repeat in row.repeats)}
    by_verdict = not selection.verdicts or bool(verdicts & set(selection.verdicts))
    return by_verdict and (row.parts or not selection.only_parting) and _says(row, selection.search)


def _fits_untestable(claim: UntestableClaim, selection: Selection) -> bool:
    by_verdict = not selection.verdicts or "not_testable" in selection.verdicts
    return by_verdict and not selection.only_parting and _says(claim, selection.search)


def _says(row: ClaimRow | UntestableClaim, search: str) -> bool:
    """Every word of the search occurs in the statement, its repeats, its factors, its finding or the literature."""
    texts = [row.id, row.paraphrase, *row.factors, *(repeat.paraphrase for repeat in row.repeats)]
    texts += [row.sentence if isinstance(row, ClaimRow) else row.reason, row.next_step]
    if row.literature is not None:
        texts += [row.literature.summary, *row.literature.sources]
    hay = " ".join(texts).casefold()
    return all(word in hay for word in search.casefold().split())
