"""Rows of HTML: statements, tables, forest, ledger. What comes from data never becomes markup."""

import re
from html.parser import HTMLParser

import pytest

from dashboard.components import claims, findings, forest, groups, ledger, rows, tables
from pipelines.evidence.data import SetAsideRule, SourceFile
from pipelines.evidence.factors import ForestGroup, ForestRow, RefusedFactor
from pipelines.evidence.guidance import (
    AnswerRow,
    ClaimReference,
    ClaimRow,
    GuidanceTheme,
    LiteraturePosition,
    OpinionRow,
    PumpTable,
    PumpTableRow,
    RepeatedClaim,
    ShortfallRow,
    SignList,
    TechniqueRow,
    TipRow,
    UntestableClaim,
)
from pipelines.evidence.output import PublishedValue
from pipelines.evidence.overview import ClearFinding
from pipelines.evidence.parts import Grouped, GroupedSection, IntervalMark
from pipelines.results import RowCounts

BAD = "<script>alert(1)</script>"
MARK = IntervalMark(1.4, 1.1, 1.8, f"ratio {BAD}", 1.25)
LITERATURE = LiteraturePosition(
    "mixed", f"First {BAD}. Then more.", (f"Smith {BAD}, PMID 12", "Jones 2001"), "low"
)
REPEAT = RepeatedClaim(
    "again", f"Once more {BAD}.", "supported", f"Closing {BAD}", "read the other way round"
)
ROW = ClaimRow(
    f"id{BAD}",
    f"Says {BAD}.",
    "supported",
    f"Finding {BAD}.",
    f"claims {BAD}",
    f"line {BAD}",
    MARK,
    details=((f"Label {BAD}", f"Text {BAD}"),),
    next_step=f"Ask {BAD}.",
    literature=LITERATURE,
    parts=True,
    standing=f"parts {BAD}",
    repeats=(REPEAT,),
)
UNTESTABLE = UntestableClaim(
    "no", f"Hormones {BAD}.", f"Because {BAD}.", f"Ask {BAD}.", LITERATURE, (REPEAT,)
)
ENDS = "without milk"
THEME = GuidanceTheme("stress", f"Stress {BAD}", (ROW,), (UNTESTABLE,))
REFERENCES = (ClaimReference("a", f"Named {BAD}.", "negligible"),)
SHARE = IntervalMark(0.05, 0.03, 0.08, f"5 of 100 {BAD}")
GROUPS = GroupedSection(
    "Title",
    (
        Grouped(f"Kind {BAD}", SHARE, f"n {BAD}", "58 mL"),
        Grouped("Rare", None, "", "", "hidden", f"Few {BAD}."),
    ),
    0.1,
    note=f"Note {BAD}",
)
PUMPS = PumpTable(
    (
        PumpTableRow(f"Hand {BAD}", (("Output", f"Good {BAD}"), ("Noise", f"Low {BAD}")), REFERENCES),
        PumpTableRow("New", ()),
    ),
    GROUPS,
)
FOREST = (
    ForestGroup(f"Fit {BAD}", (ForestRow(f"Shield {BAD}", "between", MARK, MARK, 40, False, f"note {BAD}"),)),
)

PIECES = {
    "theme": claims.theme(THEME, ends=ENDS),
    "claim": claims.claim_row(ROW),
    "untestable": claims.untestable_row(UNTESTABLE),
    "pumps": tables.pumps(PUMPS, f"of 100 {BAD}"),
    "groups": tables.grouped(GROUPS, f"of 100 {BAD}"),
    "technique": tables.technique(
        TechniqueRow("t", f"Label {BAD}", f"Advice {BAD}", f"Sentence {BAD}", REFERENCES)
    ),
    "tips": tables.tips(
        (
            TipRow(
                "t", f"Warm {BAD}", f"Do {BAD}", "c", "supported", f"S {BAD}", f"l {BAD}", MARK, LITERATURE
            ),
        ),
    ),
    "answers": tables.answers(
        (AnswerRow("a", f"Why {BAD}?", f"So {BAD}.", f"Logs {BAD}.", REFERENCES, REFERENCES),)
    ),
    "opinions": tables.opinions((OpinionRow("o", f"Dr {BAD}", f"Role {BAD}", f"Says {BAD}", REFERENCES),)),
    "shortfalls": tables.shortfalls((ShortfallRow("s", f"Gap {BAD}", f"Why {BAD}", f"Source {BAD}"),)),
    "signs": tables.signs((SignList(f"List {BAD}", ((f"Sign {BAD}", f"Log {BAD}"),)),)),
    "urgent": tables.urgent(f"Fever {BAD}", f"No advice {BAD}"),
    "forest": forest.forest(FOREST, f"without {BAD}"),
    "refused": forest.refused((RefusedFactor(f"Thyroid {BAD}", "hidden", f"Few {BAD}."),)),
    "clearest": findings.clearest(
        (ClearFinding(f"New {BAD}", f"S {BAD}", f"l {BAD}", MARK),), "without milk"
    ),
    "set_aside": ledger.set_aside((SetAsideRule("c", f"Rule {BAD}", f"Do {BAD}", 3, f"file {BAD}"),), {}),
    "files": ledger.files(
        (SourceFile(f"a{BAD}.csv", f"Table {BAD}", f"why {BAD}", RowCounts(1, 1), (f"r {BAD}",)),)
    ),
    "published": groups.published((PublishedValue("A", 1, 2, f"Smith {BAD}"),)),
}


class Balance(HTMLParser):
    """Counts open elements; SVG shapes close themselves."""

    EMPTY = ("br", "path", "circle", "rect", "line")

    def __init__(self):
        super().__init__()
        self.open = []
        self.faults = []

    def handle_starttag(self, tag, attrs):
        if tag not in self.EMPTY:
            self.open.append(tag)

    def handle_endtag(self, tag):
        if tag not in self.EMPTY and (not self.open or self.open.pop() != tag):
            self.faults.append(tag)


@pytest.mark.parametrize("name", PIECES)
def test_no_value_becomes_markup(name):
    assert "<script" not in PIECES[name] and "&lt;script" in PIECES[name]


@pytest.mark.parametrize("name", PIECES)
def test_every_element_is_closed(name):
    balance = Balance()
    balance.feed(PIECES[name])
    assert balance.open == [] and balance.faults == []


@pytest.mark.parametrize("name", PIECES)
def test_no_line_break_ends_the_html_block(name):
    assert "\n" not in PIECES[name]


def test_wrapper_undoes_the_pull_on_the_next_element():
    assert "margin-bottom:1rem" in rows.block("x")


def test_an_empty_fold_is_nothing():
    assert rows.fold("More", "") == ""


def test_a_statement_shows_three_voices_in_order():
    text = claims.claim_row(ROW)
    assert text.index("Says") < text.index("Finding") < text.index("First")


def test_the_article_speaks_in_serif():
    assert re.search(r'ls-says">Says', claims.claim_row(ROW))


def test_repeats_are_counted_with_the_finding_itself():
    assert "Said twice in the article" in claims.repeats((REPEAT,))
    assert "Said 4 times in the article" in claims.repeats((REPEAT,) * 3)


def test_statements_on_another_axis_stand_apart():
    volume = ClaimRow("v", "More.", "supported", "S.", interval=MARK, measure="volume_ratio")
    text = claims.theme(GuidanceTheme("t", "T", (volume, ROW)), ends=ENDS)
    assert text.count("axis from") == 2
    assert text.index("½") < text.index("⅔")


def test_no_axis_stands_over_rows_without_an_estimate():
    text = claims.theme(
        GuidanceTheme("t", "T", (ClaimRow("x", "X.", "not_collected", "Nobody was asked."),)), ends=ENDS
    )
    assert "axis from" not in text and "Not collected" in text


def test_what_logs_cannot_answer_is_folded_and_named():
    many = tuple(UntestableClaim(str(number), f"Statement {number}.", "No.") for number in range(5))
    text = claims.theme(GuidanceTheme("t", "T", (), many), ends=ENDS)
    assert "5 that logs cannot answer" in text and "Statement 0" in text and "and 3 more" in text
    assert '<details class="ls-fold">' in text


def test_the_pill_unfolds_what_logs_cannot_answer():
    assert '<details class="ls-fold" open>' in claims.theme(THEME, ends=ENDS, unfolded=True)


def test_a_wanted_statement_stands_open():
    wanted = GuidanceTheme("t", "T", (ClaimRow("w", "W.", "supported", "S.", details=(("a", "b"),)),))
    assert " open><summary>Details" in claims.theme(wanted, ends=ENDS, wanted="w")
    assert " open><summary>Details" not in claims.theme(wanted, ends=ENDS)


def test_a_folded_statement_says_its_verdict_its_numbers_and_where_literature_parts():
    row = ClaimRow(
        "s", "It helps.", "supported", "The whole sentence.", interval=MARK, literature=LITERATURE, parts=True,
        brief="6 beside 8 of 100", brief_line="0.80 (0.69 to 0.94) · 173 people",
    )  # fmt: skip
    glance, body = claims.claim_row(row).split('<div class="ls-body">')
    assert glance.startswith('<details class="ls-card" id="s"><summary>')
    for shown in ("It helps.", "Supported", "6 beside 8", "173", 'role="img"', "Literature", "parts from"):
        assert shown in glance.replace("\u00a0", " ")
    assert "The whole sentence." in body
    assert claims.claim_row(row, opened=True).startswith('<details class="ls-card" id="s" open>')


def test_a_statement_opens_for_a_wanted_repeat():
    row = ClaimRow("w", "W.", "supported", "S.", interval=MARK, repeats=(REPEAT,))
    text = claims.theme(GuidanceTheme("t", "T", (row,)), ends=ENDS, wanted=REPEAT.id)
    assert '<details class="ls-card" id="w" open>' in text


def test_a_reason_takes_the_room_of_figures_and_is_not_said_again_below():
    row = ClaimRow("x", "X.", "not_collected", "Nobody was asked. Add the item.")
    glance, body = claims.claim_row(row).split('<div class="ls-body">')
    assert "Nobody was asked." in glance and "ls-unsaid" in glance
    assert "Nobody" not in body and "Add the item." in body


def test_what_logs_cannot_test_folds_at_the_foot_even_with_a_factor_unless_it_has_a_number():
    silent = ClaimRow("q", "Quiet.", "not_testable", "Asked afterwards.")
    told = ClaimRow("n", "Told.", "not_testable", "Asked afterwards.", interval=MARK)
    text = claims.theme(GuidanceTheme("t", "T", (silent, told)), ends=ENDS)
    shown, foot = text.split('<details class="ls-fold">')
    assert 'id="n"' in shown and 'id="q"' not in shown and 'id="q"' in foot and "1 that logs" in foot


def test_unchecked_literature_says_so():
    assert "not checked" in claims.literature(LiteraturePosition("weak", "Words.", checked=False))


def test_a_hidden_group_has_chip_and_reason_and_no_number():
    text = tables.grouped(GROUPS, "of 100")
    assert "Hidden" in text and "Few" in text


def test_a_kind_that_the_article_lacks_says_so():
    assert "Not in the article" in PIECES["pumps"]


def test_same_person_is_a_dot_and_different_people_a_diamond():
    within = forest.forest((ForestGroup("G", (ForestRow("F", "within", MARK, None, 40),)),), "without milk")
    assert "M0-6.5" in PIECES["forest"] and "M0-6.5" not in within


def test_a_hidden_count_of_people_says_so():
    row = ForestRow("Stress", "within_lagged", MARK, None, None)
    text = forest.forest((ForestGroup("G", (row,)),), "without milk")
    assert ">hidden</div>" in text and "same person, day before" in text


def test_an_estimate_beyond_the_axis_is_a_solid_arrow_head():
    far = IntervalMark(3.9, 1.8, 8.5, "odds ratio 3.90", 1.25)
    row = ForestRow("New", "within", far, None, 40)
    assert "M-7-6 4 0-7 6Z" in forest.forest((ForestGroup("G", (row,)),), "without milk")


def test_refused_factors_with_one_reason_share_a_row():
    refused = tuple(
        RefusedFactor(label, "hidden", "Fewer than 10 people.") for label in ("Thyroid", "Surgery")
    )
    text = forest.refused(refused)
    assert text.count("Fewer than") == 1 and "Thyroid" in text and "Surgery" in text


def test_placebo_is_grey():
    row = ForestRow("Digit", "within", MARK, None, 40, placebo=True)
    assert "--cohort" not in forest.forest((ForestGroup("Placebo", (row,)),), "without milk")


def test_the_ledger_adds_up_on_screen():
    text = ledger.equation(RowCounts(14212, 13412, 611, 118, 71))
    assert [int(number.replace(",", "")) for number in re.findall(r">([\d,]+)</b>", text)] == [
        14212,
        13412,
        611,
        118,
        71,
    ]
    assert re.findall(r"<i>(.)</i>", text) == ["=", "+", "+", "+"]


def test_a_question_shows_a_few_findings_with_their_verdicts_and_folds_the_rest():
    found = tuple(ClaimReference(f"c{at}", "It helps.", "supported", f"Finding {at}.") for at in range(5))
    text = tables.answers((AnswerRow("a", "Why?", "So.", findings=found),))
    glance, opened = text.split('<div class="ls-body">')
    assert "Supported 5" in glance
    shown, folded = opened.split("<summary>2\N{NO-BREAK SPACE}more findings</summary>")
    assert [f"Finding {at}." in shown for at in range(5)] == [True, True, True, False, False]
    assert shown.count('class="ls-chip"') == 3 and folded.count('class="ls-chip"') == 2
