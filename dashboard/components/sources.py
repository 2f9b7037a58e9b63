"""Citations on their way into HTML: addresses become links, long summaries give their first sentence."""

import re

from dashboard.components.text import escape

_DOI = re.compile(r"\b10\.\d{4,9}/[^\s;,]+")
_PMID = re.compile(r"\bPMID:? ?(\d+)")
_PMC = re.compile(r"\bPMC\d+")
_TRIAL = re.compile(r"\bNCT\d{8}")
_END = re.compile(r"(?<=[a-z0-9)%][.!?]) (?=[A-Z\d])")
_ADDRESSES = (
    (_DOI, "https://doi.org/{}"),
    (_PMID, "https://pubmed.ncbi.nlm.nih.gov/{}/"),
    (_PMC, "https://www.ncbi.nlm.nih.gov/pmc/articles/{}/"),
    (_TRIAL, "https://clinicaltrials.gov/study/{}"),
)


def split_sentence(text: str) -> tuple[str, str]:
    """The first sentence of a text, and the rest ("" if there is none)."""
    found = _END.search(text)
    return (text[: found.start()], text[found.end() :]) if found else (text, "")


def without_address(citation: str) -> str:
    """A citation without its DOI, PMID, PMC or trial number, for a short line."""
    for pattern, _ in _ADDRESSES:
        citation = pattern.sub("", citation)
    return re.sub(r"[\s,;]+$", "", re.sub(r"\s*[,;]\s*(?=[,;]|$)", "", citation))


def linked(citation: str) -> str:
    """A citation as HTML with its address as a link."""
    for pattern, address in _ADDRESSES:
        found = pattern.search(citation)
        if found:
            target = address.format(found.group(found.lastindex or 0))
            link = f'<a href="{escape(target)}" target="_blank" rel="noopener">{escape(found.group())}</a>'
            return f"{escape(citation[: found.start()])} {link}{escape(citation[found.end() :])}"
    return escape(citation)
