"""What one FHIR resource says: a row of answers, a session, or the reason why it is none of our business."""

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from pipelines import DATA
from pipelines.datafiles import read_entries
from pipelines.readers.fhir_resources import Resource, as_list
from pipelines.study import SourceOptions

PARTICIPANT, AUTHORED, FORM, SESSION = "participant", "authored", "questionnaire", "session_id"
_PEOPLE = ("Patient", "RelatedPerson", "Practitioner", "Person")
_VOID = ("entered-in-error", "cancelled")
_UNFINISHED = ("in-progress", "stopped")
_SEVERAL = " + "
_REFERENCE = re.compile(r"(?:.*/)?Patient/([A-Za-z0-9.\-]+)(?:/_history/.*)?")
_UNITS = {"[foz_us]": "oz", "mL": "ml"}
NO_LIST = "answers that stand alone instead of in a list"
NAMES = "references that hold names instead of an id; each became a code and was dropped"
KEPT_UNFINISHED = (
    'responses that were begun and not finished; what they answer was kept (unfinished = "left_out" in the study file '
    "leaves them out)"
)


@dataclass
class Row:
    """One resource on its way to a row: cells by column, other names and code labels of its columns."""

    cells: dict[str, str] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)
    labels: dict[str, dict[str, str]] = field(default_factory=dict)
    other: str | None = None
    problem: str | None = None
    notes: list[str] = field(default_factory=list)


@cache
def _known_codes() -> Mapping[str, Any]:
    """Codes that name milk and are not the mother's output."""
    return read_entries(DATA / "codebook" / "fhir_codes.toml")


def row_of(resource: Resource, options: SourceOptions) -> Row:
    """The row that a resource becomes; a row with `other` has no cells."""
    if resource.problem:
        return Row(problem=resource.problem)
    content, kind = resource.content, resource.kind
    if kind in _PEOPLE:
        return Row(other=f"{kind} says who somebody is")
    if kind not in ("QuestionnaireResponse", "Observation"):
        return Row(other=f"{kind} is no kind of resource that is read")
    status = content.get("status")
    if status in _VOID:
        return Row(other=f"marked as {status}")
    if kind == "Observation":
        return _session(content, options)
    if status in _UNFINISHED and options.unfinished == "left_out":
        return Row(other="begun and not finished; the study file leaves such responses out")
    return _answers(content)


def _answers(content: Mapping[str, Any]) -> Row:
    row = Row()
    if content.get("status") in _UNFINISHED:
        row.notes.append(KEPT_UNFINISHED)
    for name, text, value, label in _walk(content.get("item"), row.notes):
        before = row.cells.get(name)
        row.cells[name] = value if before is None else before + _SEVERAL + value
        if text and text != name:
            row.texts[name] = text
        if label:
            row.labels.setdefault(name, {})[value] = label
    _place(row, content, ("subject", "source", "author"))
    if isinstance(content.get("authored"), str):
        row.cells[AUTHORED] = content["authored"]
    if isinstance(content.get("questionnaire"), str):
        row.cells[FORM] = content["questionnaire"].rpartition("/")[2].partition("|")[0]
    return row


def _walk(items: Any, notes: list[str]) -> Iterator[tuple[str, str, str, str]]:
    """Column, question text, value and label of every answer, those of nested items too."""
    for item in as_list(items):
        if not isinstance(item, dict):
            continue
        text = " ".join(str(item.get("text") or "").split())
        name = str(item.get("linkId") or text)
        given = item.get("answer")
        if given is not None and not isinstance(given, list):
            notes.append(NO_LIST)
        for answer in as_list(given):
            value, label = _value(answer)
            if name and value:
                yield name, text, value, label
            if isinstance(answer, dict):
                yield from _walk(answer.get("item"), notes)
        yield from _walk(item.get("item"), notes)


def _value(answer: Any) -> tuple[str, str]:
    """An answer as a cell, and the label of its code; empty for what would identify people or is no value."""
    if not isinstance(answer, dict):
        return _text(answer), ""
    for key, value in answer.items():
        if key == "valueCoding" and isinstance(value, dict):
            return _text(value.get("code") or value.get("display")), _text(value.get("display"))
        if key == "valueQuantity" and isinstance(value, dict):
            return quantity(value), ""
        if key.startswith("value") and not isinstance(value, dict | list):
            return _text(value), ""
    return "", ""


def _text(value: Any) -> str:
    if value is None or isinstance(value, dict | list):
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return " ".join(str(value).split())


def quantity(value: Mapping[str, Any]) -> str:
    """Number and unit of a Quantity as one cell; the number may stand as text, with its unit or without."""
    unit = _text(value.get("code") or value.get("unit"))
    number = _text(value.get("value"))
    if not number or any(sign.isalpha() for sign in number.lower().replace("e", "")):
        return number
    return f"{number} {_UNITS.get(unit, unit)}".strip()


def _place(row: Row, content: Mapping[str, Any], keys: tuple[str, ...]) -> None:
    """Whose the resource is: the first of these references that tells a patient."""
    for key in keys:
        found, has_names = _person(content.get(key))
        if found:
            row.cells[PARTICIPANT] = found
            row.notes += [NAMES] if has_names else []
            return


def _person(reference: Any) -> tuple[str, bool]:
    """A patient's id, and whether it was made from a search with names in it; empty for anybody else."""
    for each in as_list(reference):
        if not isinstance(each, dict):
            continue
        text = _text(each.get("reference"))
        match = _REFERENCE.fullmatch(text)
        if match:
            return match[1], False
        if text.startswith("urn:"):
            return text, False
        if text.startswith("Patient?"):
            return "by-search-" + hashlib.sha256(text.encode()).hexdigest()[:16], True
        identifier = each.get("identifier")
        if isinstance(identifier, dict) and identifier.get("value"):
            return _text(identifier["value"]), False
    return "", False


def _session(content: Mapping[str, Any], options: SourceOptions) -> Row:
    """A session where the observation is of milk expressed, by the codes of the study file."""
    code = content.get("code")
    codings = [
        each
        for each in as_list(code.get("coding") if isinstance(code, dict) else None)
        if isinstance(each, dict)
    ]
    codes = [_text(each.get("code")) for each in codings]
    full = [f"{_text(each.get('system'))}|{_text(each.get('code'))}" for each in codings]
    if not set(options.expressed_codes) & {*codes, *full}:
        return Row(other=_why_none(codes))
    if content.get("bodySite"):
        return Row(other="milk of one breast; give the total of the session")
    row = Row()
    _place(row, content, ("subject",))
    period = content.get("effectivePeriod")
    period = period if isinstance(period, dict) else {}
    start = content.get("effectiveDateTime") or content.get("effectiveInstant") or period.get("start")
    value = content.get("valueQuantity")
    amount = quantity(value) if isinstance(value, dict) else _text(content.get("valueInteger"))
    cells = {
        "started_at": _text(start),
        "ended_at": _text(period.get("end")),
        "volume_total": amount,
        SESSION: _text(content.get("id")),
    }
    row.cells |= {name: cell for name, cell in cells.items() if cell}
    return row


def _why_none(codes: list[str]) -> str:
    known = next((code for code in codes if code in _known_codes()), None)
    if known:
        return f"code {known}: {_known_codes()[known]['meaning']}, not the mother's output"
    named = f" ({codes[0]})" if codes and codes[0] else ""
    return (
        f"an observation of something else{named}; name its code in expressed_codes if it is milk expressed"
    )
