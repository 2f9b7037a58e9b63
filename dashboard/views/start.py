"""First start, before there is any study: bring files, or make the synthetic study."""

from dashboard.components.mapping import mappings
from dashboard.components.missing_dictionary import missing_dictionary
from dashboard.components.page import head, raw, section
from dashboard.components.questions import questions
from dashboard.components.rows import sentence
from dashboard.components.study_settings import study_settings
from dashboard.components.unread import unread_files
from dashboard.components.upload import drop_zone

head(
    "What do pumping logs say when no milk comes?", "No data yet. Two ways in; nothing leaves this computer."
)

section("Bring your own files")
drop_zone()
missing_dictionary()
questions()
mappings()
unread_files()
study_settings()

section("Or look at a synthetic study")
raw(
    sentence(
        "Run “python -m pipelines demo” beside this window: invented people with known effects. Then load this page again."
    )
)
