"""Files that came and could not be read: named with the reason, read another way, or left out."""

from collections.abc import Sequence

import streamlit as st

from dashboard import cached, state
from dashboard.components import rows
from dashboard.components.answers import answers
from dashboard.components.page import raw, section
from dashboard.components.text import counted
from pipelines.errors import InputError
from pipelines.run import Desk
from pipelines.run.register import OpenFile

MOST = 8


def unread_files() -> None:
    """What could not be read, each with its reason; nothing where all was."""
    desk = state.desk()
    _, files = cached.open_tables(str(desk.folder), desk.stamp)
    if not files:
        return
    section(f"{counted(len(files), 'file', 'files')} could not be read")
    raw("".join(map(_line, files[:MOST])))
    if len(files) > MOST:
        raw(rows.fold(f"{len(files) - MOST} more", "".join(map(_line, files[MOST:]))))
    places = {number: each.name for number, each in enumerate(files)}
    chosen = 0
    if len(files) > 1:
        chosen = st.selectbox(
            "File", list(places), format_func=places.__getitem__, key="unread-file", width=320
        )
    file = files[min(chosen, len(files) - 1)]
    if file.reader:
        _another_way(desk, file)
    with st.container(horizontal=True):
        if st.button(f"Leave “{file.name}” out", type="tertiary", key="unread-leave"):
            desk.discard([file])
            st.rerun()
        if len(files) > 1 and st.button(
            f"Leave all {len(files)} out", type="tertiary", key="unread-leave-all"
        ):
            desk.discard(files)
            st.rerun()


def _line(file: OpenFile) -> str:
    reason = f"{file.reason[:1].upper()}{file.reason[1:]}."
    return rows.row((("", rows.strong(file.name)), ("", rows.sentence(reason)), ("", "")))


def _another_way(desk: Desk, file: OpenFile) -> None:
    try:
        contents: Sequence[str] = desk.contents(file.path, file.part)
    except InputError as error:
        raw(rows.sentence(str(error)))
        return
    answers(desk, contents, f"unread-{file.path}-{file.part}")
