"""Entry script of the dashboard: path, page frame, the study and filter that every page shares, navigation."""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
if (
    str(ROOT) not in sys.path
):  # Streamlit puts only this script's folder on the path, and reruns it on every click
    sys.path.insert(0, str(ROOT))

import streamlit as st
from streamlit import runtime

from dashboard import cached, jobs, state
from dashboard.components import theme
from dashboard.components.filter_bar import filter_bar
from dashboard.components.studies import readable_studies, tell

VIEWS = ROOT / "dashboard" / "views"
PAGES = {
    "overview": "Overview",
    "data": "Data",
    "cohort": "Cohort",
    "output": "Output",
    "factors": "Factors",
    "guidance": "Guidance",
    "review": "Review",
    "methods": "Methods",
}

st.set_page_config(page_title="Lactoscope", page_icon=theme.icon(), layout="wide")
theme.apply()
st.logo(theme.logo())

cards, unreadable = readable_studies(state.store_paths())
# Before there is a study every address leads to the first start, so that a kept link is no dead end.
pages = [
    st.Page(
        VIEWS / f"{name if cards else 'start'}.py", title=title, url_path=name, default=name == "overview"
    )
    for name, title in PAGES.items()
]
page = st.navigation(pages, position="top" if cards else "hidden")
tell(unreadable)
if cards:
    card, problems = state.choose_study(cards)
    # Only in a running server: a test or a script that draws one page has nobody who will ask for the next.
    if runtime.exists():
        jobs.ahead.prepare(card.path, card.stamp)
    filter_bar(cards, state.load(card, cached.choices(card.path, card.stamp), problems))
page.run()
