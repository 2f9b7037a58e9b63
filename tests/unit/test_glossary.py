"""The glossary: every mark on a page has its term, every term is used, and nothing from data becomes markup."""

import re
from pathlib import Path

import pytest

from dashboard.components.glossary import glossary
from dashboard.components.marks import WORDS, chip
from dashboard.components.terms import help_of, marked
from dashboard.components.text import escape
from pipelines import ROOT
from pipelines.errors import DataFileError
from pipelines.glossary import load_glossary
from pipelines.guidance import load_guidance
from pipelines.results import VERDICTS

TERMS = load_glossary()
PAGE_SOURCES = [
    *(ROOT / "dashboard").rglob("*.py"),
    *(ROOT / "pipelines" / "evidence").glob("*.py"),
    *(ROOT / "pipelines" / "analysis").glob("*.py"),
]


def source() -> str:
    return "\n".join(path.read_text(encoding="utf-8") for path in PAGE_SOURCES).replace(
        "{words.NO_BREAK}", " "
    )


def named_by_hand() -> set[str]:
    """Terms that a help text asks for by id."""
    return set(re.findall(r"""help_of\(["']([^"']+)["']\)""", source()))


def test_every_term_that_a_help_mark_names_exists():
    assert named_by_hand() and not named_by_hand() - set(TERMS)


def test_every_verdict_has_its_meaning_behind_its_shape():
    assert set(VERDICTS) <= set(TERMS)
    for verdict in VERDICTS:
        assert escape(TERMS[verdict].meaning) in chip(verdict) and WORDS[verdict] == TERMS[verdict].term


def test_every_term_is_a_word_that_pages_use():
    graded = {f"{entry.certainty} certainty" for entry in load_guidance().literature.values()}
    text = f"{source()} {' '.join(graded)}".casefold()
    unused = [
        term.id
        for term in TERMS.values()
        if term.id not in {*VERDICTS, *named_by_hand()}
        and not any(word.casefold() in text for word in term.words)
    ]
    assert not unused


def test_a_word_is_marked_once_in_a_text_and_keeps_its_spelling():
    text = marked(escape("Adjusted odds ratio 1.4, odds ratio 1.2 unadjusted; 3 more per 100 sessions"))
    assert text.count("<abbr") == 4 and ">Adjusted</abbr>" in text and ">unadjusted</abbr>" in text
    assert text.count(">odds ratio</abbr>") == 1 and "per 100\u00a0sessions</abbr>" in text


def test_parts_of_longer_words_are_left_alone():
    assert marked("readjusted odds-ratios brier") == "readjusted odds-ratios brier"


def test_the_longest_spelling_wins():
    assert (
        "Ratio of mean volumes: " in marked("ratio of mean volumes")
        and marked("ratio of mean volumes").count("<abbr") == 1
    )


def test_a_mark_says_meaning_and_what_to_tell_a_mother():
    term = TERMS["odds_ratio"]
    assert term.meaning in help_of("odds_ratio") and term.to_a_mother in help_of("odds_ratio")


def test_the_list_holds_every_term_with_its_sentence():
    text = glossary()
    for term in TERMS.values():
        assert f'id="word-{term.id}"' in text and escape(term.to_a_mother) in text


@pytest.mark.parametrize(
    ("entry", "problem"),
    [
        ('[a]\nterm = "A"\nwords = ["a"]\n', "'meaning' is missing"),
        ('[a]\nterm = "A"\nwords = ["a"]\nmeaning = " "\n', "needs a meaning"),
        (
            '[a]\nterm = "A"\nwords = ["x"]\nmeaning = "m"\n[b]\nterm = "B"\nwords = ["X"]\nmeaning = "m"\n',
            "already a word of 'a'",
        ),
    ],
)
def test_a_wrong_entry_is_named(tmp_path: Path, entry, problem):
    file = tmp_path / "glossary.toml"
    file.write_text(entry, encoding="utf-8")
    with pytest.raises(DataFileError, match=re.escape(problem)):
        load_glossary(file)
