"""Add files: they are kept as received, taken in beside the page in one go, and their rows accounted for."""

from collections.abc import Callable, Sequence
from typing import Any

import streamlit as st

from dashboard import jobs, state
from dashboard.components.text import counted, escape
from dashboard.components.whose import Said, told_apart
from pipelines.errors import LactoscopeError
from pipelines.evidence.data import known_exports
from pipelines.run import Desk, Ledger

TELL = (
    "Exports of pumping apps, REDCap, Excel, CSV, zips; a study.toml and a data dictionary if there are any. "
    "Names and dates are dropped at the door; nothing leaves this computer."
)
READ_TODAY = (
    f"Read without any help: {', '.join(known_exports())}. Any other table: say what its columns mean."
)
KINDS = {"files": "Files", "folder": "A whole folder"}
WAITING = "Files wait for an answer below; nothing of this upload is in the study yet."
UNKNOWN = "Some files are in no format that is known; say below what their columns mean."
UNREAD = "Some files could not be read; they are named below."


def drop_zone() -> None:
    """Choose files or a folder, read them on a click, and say what became of their rows or why nothing was changed."""
    desk = state.desk()
    settle(desk)
    for message in state.upload_messages():
        st.html(f'<div class="ls-edge" role="status">{escape(message)}</div>')
    if jobs.current(str(desk.store)):
        _watch(str(desk.store))
        return
    number = state.next_upload()
    kind = st.segmented_control(
        "What to add", list(KINDS), format_func=KINDS.__getitem__, default="files", key="upload-kind"
    )
    if kind == "folder":
        given = st.file_uploader(
            TELL, help=READ_TODAY, accept_multiple_files="directory", key=f"upload-folder-{number}"
        )
    else:
        given = st.file_uploader(TELL, help=READ_TODAY, accept_multiple_files=True, key=f"upload-{number}")
    if not given:
        return
    said = told_apart(desk, given)
    if st.button("Read these files", icon=":material/arrow_forward:", key="upload-read"):
        _receive(desk, given, said)


def _receive(desk: Desk, given: Sequence[Any], said: Said) -> None:
    missed = desk.missing_dictionaries()
    try:
        folder = desk.receive((file.name, file.getbuffer()) for file in given)
        if said.rule:
            desk.answer(said.contents, "participant", said.rule)
    except LactoscopeError as trouble:
        refuse(trouble)
        return
    state.upload_done(())
    if folder is None or missed:
        # What came before could not be read without the dictionary.
        work(desk, desk.take_in_all)
    else:
        work(desk, lambda progress: desk.take_in([folder], progress))


def work(desk: Desk, what: Callable[[jobs.Progress], Any]) -> None:
    """Do something long to the study beside the page, and draw the page anew."""
    if not jobs.start(str(desk.store), what):
        refuse(LactoscopeError("Other files of this study are being read; wait for them."))
        return
    st.rerun()


def take_in_after(desk: Desk, change: Callable[[], object]) -> bool:
    """Change what the study says, then read its files by it; False where the change was refused, which is said."""
    try:
        change()
    except LactoscopeError as trouble:
        refuse(trouble)
        return False
    work(desk, desk.take_in_all)
    return True


def settle(desk: Desk) -> None:
    """Take the result of work that has ended, keep what to say about it, and draw the page anew."""
    job = jobs.take(str(desk.store))
    if job is None:
        return
    state.upload_done(_told(desk, job))
    if desk.store.exists():
        state.show_store(desk.store)
    st.rerun()


def _told(desk: Desk, job: jobs.Job) -> tuple[str, ...]:
    if job.error is not None:
        return (f"{job.error} Nothing was changed.",)
    register = desk.register()
    told = account(job.result) if isinstance(job.result, Ledger) else ()
    if register.asked:
        told += (WAITING,)
    elif register.open:
        tables, others = desk.tables()
        told += ((UNKNOWN,) if tables else ()) + ((UNREAD,) if others else ())
    return told


@st.fragment(run_every=1.0)
def _watch(key: str) -> None:
    """How far the work is; once it has ended the whole page is drawn anew."""
    job = jobs.current(key)
    if job is None or job.finished:
        st.rerun()
    else:
        st.progress(min(job.share, 1.0), text=f"{job.words} …")


def refuse(trouble: LactoscopeError) -> None:
    """Why nothing was changed."""
    st.html(f'<div class="ls-edge" role="alert">{escape(trouble)} Nothing was changed.</div>')


def account(ledger: Ledger) -> tuple[str, ...]:
    """What became of the rows, then what several files say alike, as sentences.

    A file that was not read and a warning stand with the file further down; here they are counted.
    """
    counts = ledger.total
    rows = (
        f"{counted(len(ledger.files), 'file', 'files')}, {counted(counts.read, 'row', 'rows')} read: "
        f"{counts.accepted:,} in use, {counts.duplicate:,} duplicate, "
        f"{counts.quarantined:,} set aside, {counts.other:,} not a pumping session. "
        f"The study has {counted(ledger.participants, 'participant', 'participants')}."
    )
    if ledger.removed:
        rows = f"Removed. The other files were read again: {rows}"
    elif not ledger.changed:
        rows = f"Nothing new: {rows}"
    warned = sum(1 for file in ledger.files if file.warnings)
    remark = (
        f"{counted(warned, 'file has', 'files have')} something to be said of; see Files." if warned else ""
    )
    return tuple(words for words in (rows, *ledger.warnings, remark) if words)
