"""Add files: they are kept as received, taken in by the pipeline in one go, and their rows accounted for."""

from pathlib import Path

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from dashboard import state
from dashboard.components.text import counted, escape
from pipelines import DATA
from pipelines.errors import LactoscopeError
from pipelines.run import Ledger, ingest

INCOMING = DATA / "incoming"
STORE = DATA / "store.duckdb"
TELL = "Exports of pumping apps, REDCap, Excel, CSV. Names and dates are dropped at the door; nothing leaves this computer."


def drop_zone() -> None:
    """Choose files, read them on a click, and say what became of their rows or why nothing was changed."""
    for message in state.upload_messages():
        st.html(f'<div class="ls-edge" role="status">{escape(message)}</div>')
    given = st.file_uploader(TELL, accept_multiple_files=True, key=f"upload-{state.next_upload()}")
    if given and st.button("Read these files", icon=":material/arrow_forward:", key="upload-read"):
        _take_in(given)


def _take_in(given: list[UploadedFile]) -> None:
    try:
        with st.spinner("Reading the files …"):
            ledger = ingest([keep(given, INCOMING)], store=STORE)
    except LactoscopeError as trouble:
        st.html(f'<div class="ls-edge" role="alert">{escape(trouble)} Nothing was changed.</div>')
        return
    state.upload_done(account(ledger))
    state.show_store(STORE)
    st.rerun()


def account(ledger: Ledger) -> tuple[str, ...]:
    """What became of the rows, then each file that was not read, then each warning, as sentences."""
    counts = ledger.total
    rows = (
        f"{counted(counts.read, 'row', 'rows')} read: {counts.accepted:,} in use, {counts.duplicate:,} duplicate, "
        f"{counts.quarantined:,} set aside, {counts.other:,} not a pumping session."
    )
    if not ledger.changed:
        rows = f"Nothing new: {rows}"
    left = tuple(f"Not read: {file.name}. {file.reason}" for file in ledger.not_read)
    warnings = (
        *ledger.warnings,
        *(f"{file.name}: {words}" for file in ledger.files for words in file.warnings),
    )
    return (rows, *left, *warnings)


def keep(given: list[UploadedFile], incoming: Path) -> Path:
    """Save files as received in a new numbered folder and give that folder.

    Only the last part of a name is used. A second file of the same name goes into a folder of its own, whose name no
    other upload has: it may become the participant's name.
    """
    incoming.mkdir(parents=True, exist_ok=True)
    used = [int(path.name) for path in incoming.iterdir() if path.name.isdecimal()]
    folder = incoming / str(max(used, default=0) + 1)
    folder.mkdir()
    for number, file in enumerate(given, start=1):
        target = folder / Path(file.name.replace("\\", "/")).name
        if target.exists():
            target = folder / f"{folder.name}-{number}" / target.name
            target.parent.mkdir()
        target.write_bytes(file.getbuffer())
    return folder
