"""A consultant's notes about one person and her done mark: kept beside the store, never in the research tables."""

from datetime import datetime
from functools import partial
from pathlib import Path

import streamlit as st

from dashboard import state
from dashboard.components import rows
from dashboard.components.page import raw
from dashboard.components.text import escape
from pipelines.errors import LactoscopeError
from pipelines.evidence import review_done
from pipelines.evidence.review_done import ReviewItem
from pipelines.evidence.review_person import PersonView
from pipelines.store import notes as kept

APART = "Kept beside the study on this computer, apart from the research tables; can be exported and deleted."
FOR_GOOD = "Her notes and every mark that somebody looked are deleted for good. Her log stays."
NAME_KEY, TEXT_KEY, SAID_KEY = "review-name", "review-note", "review-said"
ASKS_FOR_A_NAME = "The study's own procedure asks who acknowledged this: put your initials first."


def notes(view: PersonView, item: ReviewItem | None, store: Path) -> None:
    """Initials, notes with a way to add and delete one, and the mark that she was looked at."""
    told = state.said(SAID_KEY)
    if told:
        raw(f'<div class="ls-edge" role="alert">{escape(told)}</div>')
    st.text_input("Your initials", key=NAME_KEY, width=160, max_chars=20)
    for note in kept.notes(store, view.participant_id):
        _note(note, store)
    st.text_area("Note for colleagues", key=TEXT_KEY, placeholder=APART, height=90)
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        st.button(
            "Keep note",
            icon=":material/add:",
            key="review-keep",
            on_click=_keep,
            args=(store, view.participant_id),
        )
        _done(view, item, store)
    everything, marks = kept.notes(store), kept.done_marks(store)
    if view.participant_id in {*marks, *(note.participant_id for note in everything)}:
        _forget(view.participant_id, store)
    if everything or marks:
        st.download_button(
            "All notes and marks (JSON)",
            partial(kept.export_notes, store),
            file_name="review-notes.json",
            mime="application/json",
            type="tertiary",
            icon=":material/download:",
            key="review-export",
            on_click="ignore",
        )


def _note(note: kept.WrittenNote, store: Path) -> None:
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        who = f"{note.author}, " if note.author else ""
        raw(f"<div>{escape(note.text)}</div>" + rows.quiet(f"{who}{_when(note.written_at)}"))
        st.button(
            "Delete",
            icon=":material/delete:",
            type="tertiary",
            key=f"review-delete-{note.id}",
            on_click=kept.delete_note,
            args=(store, note.id),
        )


def _forget(participant_id: str, store: Path) -> None:
    """A way to delete all that was written about one person, behind one more step."""
    with st.popover("Delete all about her", icon=":material/delete:", type="tertiary"):
        raw(rows.sentence(FOR_GOOD))
        st.button(
            f"Delete all about {participant_id}",
            key="review-forget",
            on_click=kept.delete_person,
            args=(store, participant_id),
        )


def _when(moment: str) -> str:
    at = datetime.fromisoformat(moment)
    return f"{at.day} {at:%B %Y, %H:%M} UTC"


def _keep(store: Path, participant_id: str) -> None:
    try:
        kept.add_note(
            store, participant_id, str(state.widget(TEXT_KEY) or ""), str(state.widget(NAME_KEY) or "")
        )
    except LactoscopeError as error:
        state.say(SAID_KEY, str(error))
        return
    state.preset(TEXT_KEY, "")


def _done(view: PersonView, item: ReviewItem | None, store: Path) -> None:
    """A button to mark her as looked at; when she is, who did it and when, what changed since, and a way back."""
    if item is None:
        return
    if item.done is not None and not item.is_open:
        who = f" by {item.done.author}" if item.done.author else ""
        changed = f" {item.changes.sentence}." if item.changes else ""
        raw(rows.quiet(f"Looked at{who} on {_when(item.done.marked_at)}.{changed}"), gap="0")
        st.button(
            "Put her back on the list",
            type="tertiary",
            key="review-undo",
            on_click=kept.undo_done,
            args=(store, view.participant_id),
        )
        return
    st.button(
        "Mark as looked at",
        icon=":material/check:",
        key="review-done",
        on_click=_mark,
        args=(store, view.participant_id, view.needs_a_name),
    )


def _mark(store: Path, participant_id: str, needs_a_name: bool) -> None:
    name = str(state.widget(NAME_KEY) or "").strip()
    if needs_a_name and not name:
        state.say(SAID_KEY, ASKS_FOR_A_NAME)
        return
    review_done.mark_done(store, participant_id, name)
