"""Everything of the article is on the Guidance page: each statement with a finding or a reason, each row of its tables."""

import html as entities

import pytest

from dashboard.components.choices import OTHER_CHOICES
from dashboard.components.sources import split_sentence
from pipelines.analysis.features import model_table
from pipelines.evidence.filters import Choices, Filters
from pipelines.evidence.findings import compute
from pipelines.evidence.frames import Frames
from pipelines.evidence.guidance_page import page_of
from pipelines.guidance import load_guidance
from pipelines.results import VERDICTS
from pipelines.store.tables import StoreInfo
from tests.unit.analysis.study import CODEBOOK, SETTINGS, make_study
from tests.views.conftest import html, open_app

GUIDANCE = load_guidance()
CELLS = {cell for pump in GUIDANCE.pumps for cell in pump.claims if not cell.endswith(".effectiveness")}


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    """The page of a small made study."""
    study = make_study(participants=60, days=8)
    rows = model_table(*study.tables(), CODEBOOK, SETTINGS).assign(cohort="all", duration_min=18.0)
    days = study.daily.assign(volume_ml=500.0, cohort="all", day_postpartum=study.daily["day_in_study"] + 10)
    info = StoreInfo(
        path=tmp_path_factory.mktemp("made") / "store.duckdb",
        name="Made",
        synthetic=True,
        data_version=1,
        outcome="no_milk",
        low_output_ml=15,
        minimum_cell=10,
        distress_protocol=False,
    )
    frames = Frames(info, Choices(), rows, days, 60)
    filters = Filters()
    return page_of(frames, filters, compute(frames, filters))


@pytest.fixture
def screen(page, invented):
    """All text of the page as drawn."""
    invented.guidance = lambda filters: page
    return entities.unescape(html(open_app("guidance")))


def statements(page):
    """Every statement of the page by id, with its verdict and what is said of it."""
    told = {}
    for theme in page.themes:
        for row in theme.rows:
            told[row.id] = (row.verdict, row.sentence)
            told |= {each.id: (each.verdict, each.finding or row.sentence) for each in row.repeats}
        for claim in theme.untestable:
            told[claim.id] = ("not_testable", claim.reason)
            told |= {each.id: (each.verdict, each.finding or claim.reason) for each in claim.repeats}
    return told


def test_the_article_is_whole_in_the_data():
    assert len(set(GUIDANCE.claims) - CELLS) == 142 and len(CELLS) == 16


def test_every_statement_is_on_the_page_with_a_finding_or_the_reason_why_there_is_none(page):
    told = statements(page)
    assert set(told) == set(GUIDANCE.claims) - CELLS
    assert not [id for id, (_, text) in told.items() if not text.strip()]


def test_every_statement_can_be_read_on_screen(page, screen):
    missing = [id for id in statements(page) if GUIDANCE.claims[id].paraphrase not in screen]
    assert not missing


def test_every_cell_of_the_pump_table_is_on_screen_with_its_reason(page, screen):
    rows = dict(zip([pump.id for pump in GUIDANCE.pumps], page.pumps.rows, strict=False))
    for pump in GUIDANCE.pumps:
        for cell in ("mechanism", "effectiveness", "portability", "noise", "cost"):
            assert getattr(pump, cell) in screen
        reasons = {GUIDANCE.claims[cell].reason for cell in pump.claims if cell in CELLS}
        assert reasons == set(rows[pump.id].reasons) and all(reason in screen for reason in reasons)


@pytest.mark.parametrize(
    ("entries", "fields"),
    [
        ("techniques", ("label", "advice")),
        ("tips", ("label", "advice")),
        ("answers", ("question", "answer")),
        ("warning_signs", ("wording",)),
        ("opinions", ("name", "role", "summary")),
        ("shortfalls", ("title", "explanation", "source")),
    ],
)
def test_every_row_of_the_articles_lists_is_on_screen(screen, entries, fields):
    wanted = [getattr(entry, name) for entry in getattr(GUIDANCE, entries) for name in fields]
    assert wanted and not [text for text in wanted if text not in screen]


def test_every_row_names_the_statements_it_makes(page):
    named = {
        "techniques": [{each.id for each in row.claims} for row in page.techniques.rows],
        "tips": [{row.claim, *(each.id for each in row.also)} for row in page.tips],
        "answers": [{each.id for each in row.claims} for row in page.answers],
        "opinions": [{each.id for each in row.claims} for row in page.opinions],
    }
    assert named["tips"] == [{tip.claim, *tip.also} for tip in GUIDANCE.tips]
    for kind in ("techniques", "answers", "opinions"):
        assert named[kind] == [set(entry.claims) for entry in getattr(GUIDANCE, kind)]


def test_a_question_is_answered_by_its_findings_the_most_telling_first_or_by_a_reason(page, screen):
    assert any(len(answer.findings) > 1 for answer in page.answers)
    for answer in page.answers:
        places = [VERDICTS.index(each.verdict) for each in answer.findings]
        assert places == sorted(places)
        assert bool(answer.findings) != bool(answer.cohort)
        parts = [part for each in answer.findings for part in split_sentence(each.sentence)]
        assert all(part.replace("\u00a0", " ") in screen for part in parts)


def test_a_finding_leads_to_itself_under_other_choices_on_the_factors_page(page, invented):
    invented.guidance = lambda filters: page
    text = entities.unescape(html(open_app("guidance", cohort="North")))
    estimated = [row.id for theme in page.themes for row in theme.rows if row.interval]
    assert estimated
    for claim in estimated:
        assert f'href="factors?cohort=North&claim={claim}#{OTHER_CHOICES}"' in text


def test_each_statement_has_a_link_that_keeps_the_filters(page, invented):
    invented.guidance = lambda filters: page
    text = entities.unescape(html(open_app("guidance", cohort="North")))
    for theme in page.themes:
        for row in (*theme.rows, *theme.untestable):
            assert f'href="?cohort=North&claim={row.id}"' in text
