"""Data: add files, see what became of every row, and what each file was taken for."""

from dashboard import cached, state
from dashboard.components import ledger
from dashboard.components.caption import caption
from dashboard.components.file_actions import file_actions
from dashboard.components.file_ledger import each_file, waiting_rows
from dashboard.components.logs import believable_logs
from dashboard.components.mapping import mappings
from dashboard.components.missing_dictionary import missing_dictionary
from dashboard.components.page import empty, head, raw, section
from dashboard.components.questions import questions
from dashboard.components.recall import recall_windows
from dashboard.components.study_kit import study_kit
from dashboard.components.study_settings import study_settings
from dashboard.components.unread import unread_files
from dashboard.components.upload import drop_zone

page = cached.data_page(*state.current().key)
names = state.file_names()
called = {each.code: names[each.source_id] for each in page.each_file if each.source_id in names}

head(page.title, page.subtitle)
raw(ledger.equation(page.ledger))
caption("Rows read, by their one fate", page.basis, page.numbers)

section("Add files")
drop_zone()
missing_dictionary()
questions()
mappings()
unread_files()
study_settings()

if page.set_aside:
    section(page.set_aside_title)
    raw(ledger.set_aside(page.set_aside, called))
    waiting_rows(page, names)

section("Files: what each was taken for, and what became of its rows")
if page.files:
    raw(ledger.files(page.files))
    each_file(page, names)
    file_actions(page, names)
else:
    empty("No file has been read yet.")

store = state.current().key[:2]
believable_logs(cached.logs_section(*store))
recall_windows(cached.recall_section(*store))

study_kit()
