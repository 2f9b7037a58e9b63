"""Add files: they are kept as received, taken in by the pipeline in one go, and their rows accounted for."""

from pathlib import Path

import streamlit as st
from pipelines.run import ingest
from streamlit.runtime.uploaded_file_manager import UploadedFile

from dashboard import state
from dashboard.components.text import counted, escape
from pipelines import DATA
from pipelines.errors import LactoscopeError
from pipelines.study import Study

INCOMING = DATA / "incoming"
STORE = DATA / "store.duckdb"


def drop_zone() -> None:
    """Choose files, read them on a click, and say what became of their rows or why nothing was changed."""
    message = state.upload_message()
    if message:
        st.html(f'<div class="ls-edge" role="status">{escape(message)}</div>')
    given = st.file_uploader(
        "Exports of pumping apps, REDCap, Excel, CSV. Names and dates are dropped at the door; "
        "nothing leaves this computer.",
        accept_multiple_files=True,
        key=f"upload-{state.next_upload()}",
    )
    if given and st.button("Read these files", icon=":material/arrow_forward:", key="upload-read"):
        _take_in(given)


def _take_in(given: list[UploadedFile]) -> None:
    try:
        with st.status("Reading the files …"):
            counts = ingest([_keep(given)], Study(), STORE).counts
    except LactoscopeError as trouble:
        st.html(f'<div class="ls-edge" role="alert">{escape(trouble)} Nothing was changed.</div>')
        return
    state.upload_done(
        f"{counted(counts.read, 'row', 'rows')} read: {counts.accepted:,} in use, {counts.duplicate:,} duplicate, "
        f"{counts.quarantined:,} set aside, {counts.other:,} not a pumping session."
    )
    state.show_real_data(STORE)
    st.rerun()


def _keep(given: list[UploadedFile]) -> Path:
    """Save files as received in a new numbered folder; only the last part of a name is used."""
    INCOMING.mkdir(parents=True, exist_ok=True)
    used = [int(path.name) for path in INCOMING.iterdir() if path.name.isdecimal()]
    folder = INCOMING / str(max(used, default=0) + 1)
    folder.mkdir()
    for file in given:
        (folder / Path(file.name).name).write_bytes(file.getbuffer())
    return folder
