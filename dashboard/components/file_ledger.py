"""Every file with its own ledger, and every row that was set aside, with what to do."""

from collections.abc import Mapping, Sequence

import streamlit as st

from dashboard.components import rows
from dashboard.components.caption import download
from dashboard.components.page import raw
from dashboard.components.text import counted, escape
from pipelines.evidence.data import DataPage, FileRow, WaitingRow
from pipelines.evidence.parts import Numbers

# Longer tables push what follows out of sight; the rest is a click or a download away.
MOST_FILES, MOST_ROWS = 12, 8
ALL = ""
COUNTS = ("read", "accepted", "duplicate", "quarantined", "other")
HEADS = ("File", "Taken for", "Read", "In use", "Duplicate", "Set aside", "Other")


def each_file(page: DataPage, names: Mapping[str, str]) -> None:
    """A table with one line for each file, whose numbers add up across and down; names where they are known here."""
    shown = page.each_file
    if len(shown) > MOST_FILES and not st.toggle(f"Show all {len(shown):,} files", key="files-all"):
        shown = shown[:MOST_FILES]
    left = len(page.each_file) - len(shown)
    more = rows.quiet(f"{left:,} files more, none with more rows set aside than these") if left else ""
    raw(_table(shown, page, names) + more)
    download(page.basis, _numbers(page.each_file))


def _table(files: Sequence[FileRow], page: DataPage, names: Mapping[str, str]) -> str:
    head = "".join(f"<th>{word}</th>" for word in HEADS)
    body = "".join(_line(each, names) for each in files)
    total = _cells([getattr(page.ledger, name) for name in COUNTS])
    foot = f"<tr class='ls-sum'><td>All files</td><td></td>{total}</tr>"
    return f'<div class="ls-scroll" tabindex="0"><table class="ls-table ls-ledgers"><tr>{head}</tr>{body}{foot}</table></div>'


def _line(file: FileRow, names: Mapping[str, str]) -> str:
    name = names.get(file.source_id, "")
    called = escape(name or file.code) + (rows.quiet(file.code) if name else "")
    said = rows.quiet(file.why) + "".join(map(rows.quiet, file.remarks))
    return (
        f"<tr><td>{called}</td><td>{rows.fold(escape(file.taken_for), said)}</td>"
        f"{_cells([getattr(file.counts, each) for each in COUNTS])}</tr>"
    )


def _cells(numbers: Sequence[int]) -> str:
    return "".join(f"<td>{number:,}</td>" for number in numbers)


def _numbers(files: Sequence[FileRow]) -> Numbers:
    return Numbers(
        "files",
        ("file", "taken_for", *COUNTS),
        tuple(
            (each.code, each.taken_for, *(getattr(each.counts, name) for name in COUNTS)) for each in files
        ),
    )


def waiting_rows(page: DataPage, names: Mapping[str, str]) -> None:
    """The rows that were set aside, of one file or all, by one rule or all."""
    files = {ALL: "All files"} | {
        each.source_id: names.get(each.source_id, each.code) for each in page.waiting
    }
    rules = {ALL: "All rules"} | {each.rule: each.rule for each in page.waiting}
    with st.container(horizontal=True):
        file = st.selectbox("File", list(files), format_func=files.__getitem__, key="waiting-file", width=320)
        rule = st.selectbox("Rule", list(rules), format_func=rules.__getitem__, key="waiting-rule", width=320)
    found = [each for each in page.waiting if file in (ALL, each.source_id) and rule in (ALL, each.rule)]
    shown = found
    if len(found) > MOST_ROWS and not st.toggle(f"Show all {len(found):,} reasons", key="waiting-all"):
        shown = found[:MOST_ROWS]
    said = f"{len(shown):,} of {counted(len(found), 'reason', 'reasons')}"
    raw(_waiting_table(shown, names) + rows.quiet(f"{said}; the download has all of these"))
    download(page.basis, _waiting_numbers(found))


def _waiting_table(found: Sequence[WaitingRow], names: Mapping[str, str]) -> str:
    head = "".join(f"<th>{word}</th>" for word in ("File", "Row", "Column", "What to do"))
    body = "".join(
        f"<tr><td>{escape(names.get(each.source_id, each.code))}</td><td>{each.row:,}</td>"
        f"<td>{escape(each.field)}</td><td>{escape(each.what_to_do)}</td></tr>"
        for each in found
    )
    return f'<div class="ls-scroll" tabindex="0"><table class="ls-table"><tr>{head}</tr>{body}</table></div>'


def _waiting_numbers(found: Sequence[WaitingRow]) -> Numbers:
    return Numbers(
        "set-aside-rows-chosen",
        ("file", "row", "column", "rule", "what_to_do"),
        tuple((each.code, each.row, each.field, each.rule, each.what_to_do) for each in found),
    )
