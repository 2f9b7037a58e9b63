"""FHIR R4 as JSON: bundles, single resources or one a line; answers to questionnaires and observations of milk."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd

from pipelines.readers.base import Extract, Reader
from pipelines.readers.capture.survey import Survey, extract, text_column
from pipelines.readers.containers.tables import cell_name, opening_lines
from pipelines.readers.fhir_answers import AUTHORED, FORM, PARTICIPANT, Row, row_of
from pipelines.readers.fhir_resources import is_fhir, resources
from pipelines.study import SourceOptions


def recognise(path: Path) -> str | None:
    """The reason why a file holds FHIR resources as JSON, else None."""
    return "it is JSON with FHIR's resourceType" if is_fhir("\n".join(opening_lines(path))) else None


def read(path: Path, options: SourceOptions, backend: Any = None) -> Extract:
    """Read all resources, one row of `Extract.rows` each.

    A QuestionnaireResponse is a row of answers, its columns are the items' `linkId` (or text); an Observation whose
    code the study file names in `expressed_codes` is a session; every other resource is other, with the reason.
    Known breakages are read and reported: an answer that is no list, numbers as text, references with names in them.
    Raises InputError for what is no JSON.
    """
    opening_lines(path)  # refuses an empty file in the words of all readers
    found = resources(path)
    rows = [row_of(each, options) for each in found.resources]
    if options.participant == "auto":
        # A resource names its own person; where none does the file's name has to.
        named = any(PARTICIPANT in row.cells for row in rows)
        options = replace(options, participant=f"column:{PARTICIPANT}" if named else "file_name")
    return extract(_survey(path.name, rows, found.warnings), options)


def _survey(file: str, rows: Sequence[Row], warnings: Sequence[str]) -> Survey:
    header = tuple(dict.fromkeys(name for row in rows for name in row.cells))
    if "date" in header:
        # One form asks for the day and another does not: its answers belong to the day they were given on.
        for row in rows:
            if AUTHORED in row.cells:
                row.cells.setdefault("date", row.cells[AUTHORED])
    return Survey(
        "fhir",
        file,
        header,
        _cells(rows, header),
        aliases={name: (text,) for row in rows for name, text in row.texts.items()},
        labels=_labels(rows),
        day=AUTHORED if AUTHORED in header else "",
        day_reason="the day on which the answers were given",
        form=FORM if FORM in header else "",
        other=text_column([row.other for row in rows]),
        separator="+",
        partial=True,
        system=frozenset([AUTHORED, FORM]),
        warnings=(*warnings, *_notes(rows)),
        facts={"format": "json"},
    )


def _cells(rows: Sequence[Row], header: Sequence[str]) -> pd.DataFrame:
    columns = {
        cell_name(place): text_column([row.cells.get(name) for row in rows])
        for place, name in enumerate(header)
    }
    return pd.DataFrame(
        {
            **columns,
            "source_row": pd.Series(range(1, len(rows) + 1)),
            "repeated_header": pd.Series([False] * len(rows), dtype="bool"),
            "problem": text_column([row.problem for row in rows]),
        }
    )


def _labels(rows: Sequence[Row]) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for row in rows:
        for name, labels in row.labels.items():
            found.setdefault(name, {}).update(labels)
    return found


def _notes(rows: Sequence[Row]) -> list[str]:
    """What had to be put up with, with the number of resources."""
    counts = Counter(note for row in rows for note in dict.fromkeys(row.notes))
    return [f"{count} resource(s) with {note}" for note, count in counts.items()]


READER = Reader(
    name="fhir",
    title="FHIR R4 (JSON: QuestionnaireResponse, Observation; bundles or one a line)",
    suffixes=(".json", ".ndjson"),
    recognise=recognise,
    read=read,
)
