"""The study kit as tables: one workbook with drop-down lists and an explaining sheet, and plain CSV files."""

import csv
import io

from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from pipelines.kit.forms import Asked, Form, Kit
from pipelines.settings import load_settings

PARTICIPANT = Asked(
    "participant_id",
    "participant_id",
    "text",
    "Participant",
    "The participant's code (no name)",
    required=True,
)
GUIDE = "Columns"
GUIDE_HEAD = ("Sheet", "Column", "What it says", "Answers", "Unit", "Remarks")
GUIDE_WIDTHS = (16, 28, 60, 60, 16, 80)
LAST_ROW = 10_000
FORMATS = {"datetime": "yyyy-mm-dd hh:mm", "date": "yyyy-mm-dd"}
EXCEL_KINDS = {"number": "decimal", "whole": "whole"}
BOLD, HEADING = Font(bold=True), PatternFill("solid", fgColor="F3F1EC")


def sheets(kit: Kit) -> tuple[Form, ...]:
    """The forms that a spreadsheet has a sheet for."""
    return (*reversed(kit.own), kit.together)


def columns(form: Form) -> tuple[Asked, ...]:
    """A sheet's columns: whose row it is, then the form's fields under the names that the pipeline knows."""
    return (PARTICIPANT, *form.fields)


def csv_files(kit: Kit) -> dict[str, str]:
    """An empty table for each form by its file's name: the header alone."""
    found = {}
    for form in sheets(kit):
        text = io.StringIO()
        csv.writer(text, lineterminator="\n").writerow([each.column for each in columns(form)])
        found[f"{form.name}.csv"] = text.getvalue()
    return found


def workbook(kit: Kit) -> bytes:
    """The workbook: the explaining sheet first, then one sheet a form with its columns' lists and limits."""
    book = Workbook()
    guide = book.active
    assert isinstance(guide, Worksheet)
    _guide(guide, kit)
    for form in sheets(kit):
        _sheet(book.create_sheet(form.title), form)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def _guide(sheet: Worksheet, kit: Kit) -> None:
    sheet.title = GUIDE
    sheet.append(GUIDE_HEAD)
    for form in sheets(kit):
        sheet.append((form.title, "", form.explanation))
        for each in columns(form):
            sheet.append(
                (form.title, each.column, each.question or each.label, answers(each), each.unit, each.note)
            )
    for place, width in enumerate(GUIDE_WIDTHS, start=1):
        sheet.column_dimensions[get_column_letter(place)].width = width
    for row in sheet.iter_rows():
        for cell in row:
            cell.alignment = Alignment(wrap_text=True, vertical="top")
    _head(sheet)


def answers(asked: Asked) -> str:
    """What may stand in a cell, in words: codes with their labels, or a range."""
    if asked.levels:
        return "; ".join(f"{each.code} = {each.label}" for each in asked.levels)
    if asked.kind in FORMATS:
        return FORMATS[asked.kind]
    if asked.minimum is not None and asked.maximum is not None:
        kind = "whole number" if asked.kind == "whole" else "number"
        return f"{kind}, {asked.minimum:g} to {asked.maximum:g}"
    return "text"


def _sheet(sheet: Worksheet, form: Form) -> None:
    for place, each in enumerate(columns(form), start=1):
        letter = get_column_letter(place)
        head = sheet.cell(1, place, each.column)
        head.comment = Comment(f"{each.question or each.label}\n{answers(each)} {each.unit}".strip(), GUIDE)
        sheet.column_dimensions[letter].width = max(12, len(each.column) + 2)
        check = validation(each)
        if check is not None:
            check.add(f"{letter}2:{letter}{LAST_ROW}")
            sheet.add_data_validation(check)
        if each.kind in FORMATS:
            sheet.column_dimensions[letter].number_format = FORMATS[each.kind]
    _head(sheet)


def validation(asked: Asked) -> DataValidation | None:
    """What a spreadsheet program refuses in this column; None where anything may stand."""
    if asked.levels:
        check = DataValidation(type="list", formula1=f'"{",".join(asked.codes)}"', allow_blank=True)
    elif asked.kind in FORMATS:
        earliest = f"DATE({load_settings()['limits.earliest_year']},1,1)"
        check = DataValidation(type="date", operator="greaterThan", formula1=earliest, allow_blank=True)
    elif asked.minimum is not None and asked.maximum is not None:
        check = DataValidation(
            type=EXCEL_KINDS[asked.kind],
            operator="between",
            formula1=f"{asked.minimum:g}",
            formula2=f"{asked.maximum:g}",
            allow_blank=True,
        )
    else:
        return None
    check.showErrorMessage = True
    check.errorTitle, check.error = asked.label[:32], f"Allowed: {answers(asked)}"[:255]
    return check


def _head(sheet: Worksheet) -> None:
    for cell in sheet[1]:
        cell.font, cell.fill = BOLD, HEADING
    sheet.freeze_panes = "A2"
