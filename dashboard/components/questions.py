"""What only the researcher can say of some files: asked once for all that ask the same, or file by file."""

from collections.abc import Sequence
from pathlib import PurePosixPath

import streamlit as st

from dashboard import state
from dashboard.components.page import raw, section
from dashboard.components.rows import listing, quiet, sentence
from dashboard.components.text import counted, escape
from dashboard.components.upload import take_in_after, work
from pipelines.errors import Asked
from pipelines.run import Desk
from pipelines.study import ONE_PERSON

OPEN = {
    "units": "the unit of the volumes",
    "date_order": "whether dates are day/month or month/day",
    "clock": "which half of the day the times mean",
    "participant": "whose the rows are",
    "side": "which breast it was",
    "zero": "what a volume of 0 means",
}
NAMED = 6


def questions() -> None:
    """Every question that waits, and one button that answers them all; nothing where none does."""
    desk = state.desk()
    asked = desk.register().asked
    if not asked:
        return
    groups: dict[tuple, list[Asked]] = {}
    for each in asked:
        groups.setdefault((each.key, tuple(each.choices.items())), []).append(each)
    answers = []
    for (key, choices), files in groups.items():
        section(f"{_files(files)} {'leaves' if len(files) == 1 else 'leave'} open {OPEN.get(key, key)}")
        answers.append((key, _ask(key, dict(choices), files)))
    with st.container(horizontal=True):
        given = all(value for _, found in answers for value in found.values())
        if st.button("Go on", disabled=not given, key="questions-go", icon=":material/arrow_forward:"):
            take_in_after(desk, lambda: _answer(desk, answers))
        if st.button("Leave these files out", type="tertiary", key="questions-leave"):
            desk.leave_out(asked)
            work(desk, desk.take_in_all)


def _files(asked: Sequence[Asked]) -> str:
    return counted(len({each.content for each in asked}), "file", "files")


def _ask(key: str, choices: dict[str, str], files: Sequence[Asked]) -> dict[str, str | None]:
    """The answer for each file's content, None while there is none."""
    found = files[0].text.split(":", 1)[-1].split(";")[0].strip()
    # A single file is named by its question below.
    raw(sentence(f"{found[:1].upper()}{found[1:]}.") + (_names(files) if len(files) > 1 else ""))
    if not choices:
        return _typed(files)
    name = f"question-{key}-{'-'.join(choices)}"
    singly = len(files) > 1 and st.toggle("Answer file by file", key=f"{name}-singly")
    if not singly:
        label = f"In all {len(files)} files" if len(files) > 1 else f"In {files[0].file}"
        value = st.radio(
            label, list(choices), format_func=choices.__getitem__, index=None, key=name, horizontal=True
        )
        return {each.content: value for each in files}
    return {
        each.content: st.selectbox(
            each.file,
            list(choices),
            format_func=choices.__getitem__,
            index=None,
            key=f"{name}-{each.content}",
        )
        for each in files
    }


def _typed(files: Sequence[Asked]) -> dict[str, str | None]:
    """A participant's code for each file; all parts of a zip are one person's."""
    before = sorted(known_codes(state.desk()))
    if before:
        raw(quiet(f"Codes typed in before: {', '.join(before)}. The same code is the same participant."))
    given = {}
    for path in dict.fromkeys(each.path for each in files):
        given[path] = st.text_input(
            f"Participant's code for {PurePosixPath(path).name}",
            key=f"question-code-{path}",
            placeholder="P001",
            width=320,
        ).strip()
    return {each.content: f"{ONE_PERSON}{given[each.path]}" if given[each.path] else None for each in files}


def known_codes(desk: Desk) -> set[str]:
    """Codes of participants that were typed in for files of this study."""
    rules = (source.participant for source in desk.study().sources)
    return {rule.removeprefix(ONE_PERSON).strip() for rule in rules if rule.startswith(ONE_PERSON)}


def _names(files: Sequence[Asked]) -> str:
    named = [escape(each.file) for each in files[:NAMED]]
    more = len(files) - NAMED
    return listing(named) + (quiet(f"and {more} more") if more > 0 else "")


def _answer(desk: Desk, answers: Sequence[tuple[str, dict[str, str | None]]]) -> None:
    for key, found in answers:
        for value in dict.fromkeys(found.values()):
            if value is not None:
                desk.answer([content for content, given in found.items() if given == value], key, value)
