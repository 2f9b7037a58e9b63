"""Under every figure and list: what, n, filter, version, synthetic, and its numbers to take away."""

import streamlit as st

from dashboard.components.page import raw
from dashboard.components.text import escape
from pipelines.evidence.parts import Basis, Numbers

SYNTHETIC = "synthetic data: invented people, nothing here is a finding"


def words(line: str, basis: Basis) -> str:
    """The caption as HTML; the word synthetic stands out."""
    parts = [escape(part) for part in (line, basis.filters, f"data version {basis.data_version}") if part]
    if basis.synthetic:
        parts.append("<b>synthetic</b>")
    return f'<div class="ls-quiet">{" · ".join(parts)}</div>'


def caption(line: str, basis: Basis, numbers: Numbers | None) -> None:
    """Caption and download; no button where there are no numbers."""
    with st.container(gap=None):
        raw(words(line, basis), gap="1rem")
        download(basis, numbers)


def download(basis: Basis, numbers: Numbers | None) -> None:
    """The numbers behind a figure as CSV; synthetic ones say so in name and content."""
    if numbers is None:
        return
    remark, ending = (SYNTHETIC, "-synthetic") if basis.synthetic else ("", "")
    st.download_button(
        "Numbers (CSV)",
        numbers.as_csv(remark),
        file_name=f"{numbers.name}{ending}.csv",
        mime="text/csv",
        type="tertiary",
        icon=":material/download:",
        key=f"download-{numbers.name}",
        on_click="ignore",
    )


def block(inner: str, line: str, basis: Basis, numbers: Numbers | None, kind: str = "") -> None:
    """A list in HTML with its caption and download."""
    with st.container(gap="small"):
        raw(inner, kind)
        caption(line, basis, numbers)
