"""One file of the study: read it in another way, or take it out again."""

from collections.abc import Mapping

import streamlit as st

from dashboard import cached, state
from dashboard.components.answers import answers
from dashboard.components.mapping import mapping_screen
from dashboard.components.page import raw
from dashboard.components.rows import sentence
from dashboard.components.text import counted
from dashboard.components.upload import work
from pipelines.evidence.data import DataPage
from pipelines.readers import reader_named
from pipelines.run import Desk
from pipelines.run.register import KnownFile
from pipelines.study import SourceOptions

ELSEWHERE = (
    "The files of this study were not added on this page. To take one out, name its code: "
    "python -m pipelines ingest ALL_FILES --remove CODE"
)
COST = "Taking it out reads {others} again and leaves nothing of it: no row, answer, date or name."


def file_actions(page: DataPage, names: Mapping[str, str]) -> None:
    """Choose a file, then change how it is read or take it out."""
    desk = state.desk()
    if state.current().study.path != str(desk.store):
        raw(sentence(ELSEWHERE))
        return
    here = {each.source_id: each for each in desk.register().files}
    known = [each for each in page.each_file if each.source_id in here]
    if not known:
        raw(sentence(ELSEWHERE))
        return
    readers = {each.source_id: each.code.split()[0] for each in known}
    called = {each.source_id: names.get(each.source_id, each.code) for each in known}
    chosen = st.selectbox(
        "Read a file in another way, or take it out",
        list(called),
        format_func=called.__getitem__,
        index=None,
        key="action-file",
    )
    if chosen is None:
        return
    what = st.segmented_control(
        "What to do", ["Read it in another way", "Take it out of the study"], key="action-what"
    )
    if what == "Take it out of the study":
        _take_out(desk, here[chosen], len(page.each_file) - 1)
    elif what:
        _read_anew(desk, here[chosen], readers[chosen])


def _take_out(desk: Desk, file: KnownFile, others: int) -> None:
    missing = desk.missing()
    if missing:
        count = counted(len(missing), "file was", "files were")
        raw(sentence(f"{count} added by the command line and cannot be read again from here. {ELSEWHERE}"))
        return
    raw(sentence(COST.format(others=counted(others, "other file", "other files"))))
    if st.button(f"Take out “{file.name}”", key="action-remove", icon=":material/delete:"):
        work(desk, lambda progress: desk.remove(file.source_id, progress))


def _read_anew(desk: Desk, file: KnownFile, reader: str) -> None:
    """A table gets its mapping again; an app's export the few things that it leaves open."""
    table = None
    if not reader_named(reader).is_app_export:
        table = cached.table_look(str(desk.folder), file.path, file.part, file.content)
    study = desk.study()
    if table is not None:
        known = next((each for each in study.described if each.header == table.sample.code), None)
        raw(sentence("What you say here holds for all files with these columns."))
        mapping_screen(desk, table, [file], known or SourceOptions())
        return
    answers(desk, [file.content], f"answers-{file.source_id}")
