"""The study kit filled in, as a script would: the same answers as a REDCap raw export and as tables."""

import csv
import datetime
from dataclasses import dataclass
from pathlib import Path

import openpyxl

from pipelines.kit.forms import Asked, Form, load_kit
from pipelines.kit.redcap import RECORD, export_columns, form_fields
from pipelines.kit.tables import columns, sheets

PEOPLE = ("K1", "K2")
BORN = datetime.date(2024, 3, 1)
FIRST_DAY = 5
VOLUMES = ("volume_left_ml", "volume_right_ml", "volume_ml")


@dataclass(frozen=True)
class Entry:
    """One filled form: whose, which, and the answers by the pipeline's own column names."""

    person: str
    form: Form
    answers: dict[str, str]


def answer(asked: Asked, number: int, day: datetime.date) -> str:
    """A value that the field allows; another number is another answer."""
    if asked.kind == "datetime":
        return f"{day} {6 + number % 12:02d}:15"
    if asked.kind == "date":
        return str(BORN if asked.column == "birth_date" else day)
    if asked.levels:
        return asked.codes[number % len(asked.codes)]
    if asked.kind == "text":
        return "North" if number % 2 else "South"
    low, high = asked.minimum or 0, asked.maximum or 0
    # From the middle of the range: the ends of some are banded for privacy.
    return str(int((low + high) / 2) + number % 3)


def session(form: Form, number: int, day: datetime.date) -> dict[str, str]:
    """A session: every third with milk, every third a try without, every third not measured."""
    found = {each.column: answer(each, number, day) for each in form.fields}
    nothing, measured = number % 3 == 1, number % 3 == 0
    volumes = dict(zip(VOLUMES, ("10", "20", "30"), strict=True)) if measured else dict.fromkeys(VOLUMES, "")
    return found | volumes | {"tried_nothing_came": "yes" if nothing else "no"}


def entries() -> list[Entry]:
    """Everything that these people filled in."""
    kit, found = load_kit(), []
    log, diary, baseline = (
        next(form for form in kit.own if form.name == name)
        for name in ("session_log", "daily_diary", "baseline")
    )
    for at, person in enumerate(PEOPLE):
        found.append(
            Entry(person, baseline, {each.column: answer(each, at, BORN) for each in baseline.fields})
        )
        for number in range(6):
            day = BORN + datetime.timedelta(days=FIRST_DAY + number // 3)
            found.append(Entry(person, log, session(log, number, day)))
        for number in range(2):
            day = BORN + datetime.timedelta(days=FIRST_DAY + number)
            found.append(
                Entry(person, diary, {each.column: answer(each, at + number, day) for each in diary.fields})
            )
        for number, form in enumerate(kit.questionnaires):
            day = BORN + datetime.timedelta(days=FIRST_DAY + 1)
            found.append(
                Entry(person, form, {each.column: answer(each, number, day) for each in form.fields})
            )
    return found


def raw_header() -> list[str]:
    """The columns of a raw export of the kit's project: each form's fields, then its status."""
    kit = load_kit()
    header = [RECORD, "redcap_repeat_instrument", "redcap_repeat_instance"]
    for form in (*kit.own, *kit.questionnaires):
        header += [*export_columns(form), f"{form.name}_complete"]
    return header


def raw_rows(filled: list[Entry]) -> list[dict[str, str]]:
    """The rows of a raw export: yes/no as 1 and 0, ticks as 1 and 0 in every row, one row for each entry."""
    ticks = [name for name in raw_header() if "___" in name]
    rows, instances = [], {}
    for entry in filled:
        form = entry.form
        types = {field.name: field.type for field in form_fields(form)}
        row = dict.fromkeys(ticks, "0") | {RECORD: entry.person, f"{form.name}_complete": "2"}
        if form.repeats:
            key = (entry.person, form.name)
            instances[key] = instances.get(key, 0) + 1
            row |= {"redcap_repeat_instrument": form.name, "redcap_repeat_instance": str(instances[key])}
        for column, meaning in export_columns(form).items():
            value = entry.answers[meaning]
            if types.get(column) == "yesno" or "___" in column:
                value = {"yes": "1", "no": "0"}.get(value, value)
            row[column] = value
        rows.append(row)
    return rows


def write_raw_export(path: Path, filled: list[Entry]) -> None:
    """The export as REDCap writes it."""
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, raw_header(), restval="")
        writer.writeheader()
        writer.writerows(raw_rows(filled))


def sheet_of(entry: Entry) -> tuple[str, dict[str, str]]:
    """The sheet that an entry goes into, and its cells."""
    kit = load_kit()
    if not entry.form.instrument:
        return entry.form.name, {"participant_id": entry.person, **entry.answers}
    return kit.together.name, {
        "participant_id": entry.person,
        "instrument": entry.form.instrument,
        **entry.answers,
    }


def fill_csv(folder: Path, filled: list[Entry]) -> None:
    """Append the entries to the kit's own CSV tables, under the headers that stand there."""
    for name, cells in map(sheet_of, filled):
        path = folder / f"{name}.csv"
        header = path.read_text(encoding="utf-8").splitlines()[0].split(",")
        assert set(cells) <= set(header)
        with path.open("a", newline="", encoding="utf-8") as file:
            csv.DictWriter(file, header, restval="").writerow(cells)


def fill_workbook(path: Path, filled: list[Entry]) -> None:
    """Write the entries into the kit's own workbook as a person would: dates as dates, numbers as numbers."""
    book = openpyxl.load_workbook(path)
    titles = {form.name: form for form in sheets(load_kit())}
    for name, cells in map(sheet_of, filled):
        form = titles[name]
        kinds = {each.column: each.kind for each in columns(form)}
        header = [cell.value for cell in book[form.title][1]]
        book[form.title].append([typed(cells.get(column, ""), kinds[column]) for column in header])
    book.save(path)


def typed(text: str, kind: str):
    """A cell as a spreadsheet program keeps it."""
    if not text:
        return None
    if kind in ("date", "datetime"):
        moment = datetime.datetime.fromisoformat(text)
        return moment if kind == "datetime" else moment.date()
    return float(text) if kind in ("number", "whole") else text
