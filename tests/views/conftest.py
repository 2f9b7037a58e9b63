"""The dashboard without a browser: against invented pages, or against a real store."""

import re
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest
from streamlit.testing.v1 import AppTest

from dashboard import cached, state
from tests.views import pages

ROOT = Path(__file__).resolve().parents[2]
APP = ROOT / "dashboard" / "app.py"
VIEWS = ("overview", "data", "cohort", "output", "factors", "guidance", "review", "methods")
SECTIONS = ("logs_section", "recall_section")
SECONDS = 60


def open_app(view: str = "overview", **address: str) -> AppTest:
    """Run the entry script, go to a page, with an address' words; any exception fails the test."""
    at = AppTest.from_file(str(APP), default_timeout=SECONDS)
    for name, value in address.items():
        at.query_params[name] = value
    at.run()
    if view != "overview":
        at.switch_page(f"views/{view}.py").run()
    assert not at.exception, at.exception
    return at


def html(at: AppTest) -> str:
    """All HTML and Markdown of a page as one text, without style sheet and marks of terms, with plain spaces."""
    pieces = [str(element.value) for element in at.markdown]
    pieces += [str(element.proto.body) for element in at.get("html")]
    text = " ".join(piece for piece in pieces if not piece.startswith("<style>"))
    return re.sub(r"</?abbr[^>]*>", "", text).replace("\u00a0", " ")


@pytest.fixture
def invented(monkeypatch, tmp_path) -> SimpleNamespace:
    """The dashboard on invented pages; set an attribute such as `invented.overview` to another builder."""
    builders = SimpleNamespace(**{name: getattr(pages, name) for name in (*VIEWS, "classifier")}, asked=[])
    store = tmp_path / "pilot" / "store.duckdb"
    store.parent.mkdir()
    store.touch()
    builders.store = store
    builders.cards = {store: pages.card(store)}
    # Files are added to this study and never to the one of whoever runs the tests.
    monkeypatch.setenv("LACTOSCOPE_STUDY", str(tmp_path / "added"))
    builders.choices = pages.CHOICES
    monkeypatch.setattr(state, "store_paths", lambda: tuple(builders.cards))
    monkeypatch.setattr(cached, "study", lambda path, _stamp: builders.cards[Path(path)])
    monkeypatch.setattr(cached, "choices", lambda _path, _stamp: builders.choices)
    for name in VIEWS:
        monkeypatch.setattr(cached, f"{name}_page", _answering(builders, name))
    for name in SECTIONS:
        setattr(builders, name, getattr(pages, name))
        monkeypatch.setattr(cached, name, _answering_at_all(builders, name))
    monkeypatch.setattr(cached, "classifier_section", _answering(builders, "classifier"))
    builders.splits = []
    monkeypatch.setattr(cached, "what_if", lambda *_: None)
    builders.person, builders.trends = pages.person, pages.trends
    monkeypatch.setattr(
        cached, "person_view", lambda _path, _stamp, code, unit: builders.person(code, unit=unit)
    )
    monkeypatch.setattr(cached, "trends_page", lambda _path, _stamp, filters, unit: builders.trends(filters))
    for name in ("table_one", "split_curves"):
        setattr(builders, name, getattr(pages, name))
        monkeypatch.setattr(cached, name, _answering_by(builders, name))
    return builders


def _answering_at_all(builders: SimpleNamespace, name: str) -> Callable:
    return lambda _path, _stamp: getattr(builders, name)()


def _answering_by(builders: SimpleNamespace, name: str) -> Callable:
    def answer(path, stamp, filters, by):
        builders.splits.append((name, by))
        return getattr(builders, name)(filters, by)

    return answer


def _answering(builders: SimpleNamespace, name: str) -> Callable:
    def answer(path, stamp, filters):
        builders.asked.append((name, path, stamp, filters))
        return getattr(builders, name)(filters)

    return answer
