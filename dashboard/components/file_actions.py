"""One file of the study: read it in another way, or take it out again."""

from collections.abc import Mapping

import streamlit as st

from dashboard import cached, state
from dashboard.components.mapping import ORDERS, OWNERS, UNITS, ZEROS, mapping_screen
from dashboard.components.page import raw
from dashboard.components.rows import sentence
from dashboard.components.text import counted
from dashboard.components.upload import refuse, work
from pipelines.errors import LactoscopeError
from pipelines.evidence.data import DataPage
from pipelines.readers import reader_named
from pipelines.run import Desk
from pipelines.run.received import KnownFile
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
    chosen = st.selectbox("File", list(called), format_func=called.__getitem__, index=None, key="action-file")
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
        mapping_screen(desk, table, file.path, file.part, known or SourceOptions(), [file.path])
        return
    before = SourceOptions()
    for each in study.described:
        before = before.with_answers(each) if file.content in each.content else before
    with st.form("answers-form", border=False):
        given = {
            "units": _one("Volumes are in", UNITS, before.units),
            "zero": _one("A volume of 0 means", ZEROS, before.zero),
            "date_order": _one("Dates are written", ORDERS, before.date_order or ""),
            "participant": _one("The participant is", OWNERS, before.participant),
        }
        if st.form_submit_button("Read it this way", key="answers-keep"):
            try:
                for key, value in given.items():
                    desk.answer([file.content], key, value)
            except LactoscopeError as trouble:
                refuse(trouble)
                return
            work(desk, desk.take_in_all)


def _one(label: str, choices: dict[str, str], before: str) -> str:
    place = list(choices).index(before) if before in choices else 0
    return st.selectbox(label, list(choices), index=place, format_func=choices.__getitem__)
