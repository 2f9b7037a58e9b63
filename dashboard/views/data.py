"""Data: add files, see what became of every row, and what each file was taken for."""

from dashboard import cached, state
from dashboard.components import ledger
from dashboard.components.caption import caption
from dashboard.components.logs import believable_logs
from dashboard.components.page import empty, head, raw, section
from dashboard.components.recall import recall_windows
from dashboard.components.study_kit import study_kit
from dashboard.components.upload import drop_zone

page = cached.data_page(*state.current().key)

head(page.title, page.subtitle)
raw(ledger.equation(page.ledger))
caption("Rows read, by their one fate", page.basis, page.numbers)

if page.set_aside:
    section(page.set_aside_title)
    raw(ledger.set_aside(page.set_aside))

section("Files: what each was taken for, and why")
if page.files:
    raw(ledger.files(page.files))
else:
    empty("No file has been read yet.")

section("Add files")
drop_zone()

store = state.current().key[:2]
believable_logs(cached.logs_section(*store))
recall_windows(cached.recall_section(*store))

study_kit()
