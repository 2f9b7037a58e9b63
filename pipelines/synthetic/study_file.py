"""The study file that says what the exports' columns mean."""

import json

from pipelines.synthetic.exports.redcap import DATA_FILE, DICTIONARY_FILE
from pipelines.synthetic.exports.redcap_fields import (
    CODES,
    ITEMS,
    TOTALS,
    YES_NO,
    YES_NO_FACTORS,
)
from pipelines.synthetic.exports.table import ANSWERS, EAST_CODES, EAST_COLUMNS, OWN_COLUMNS
from pipelines.synthetic.recipe import Recipe

APPS = (
    ("huckleberry", "exports/huckleberry/*/*.csv", "huckleberry", "auto"),
    ("piyolog", "exports/piyolog/*/*.txt", "piyolog", "auto"),
    ("babybuddy_ml", "exports/babybuddy_ml/*/*.csv", "babybuddy", "ml"),
    ("babybuddy_oz", "exports/babybuddy_oz/*/*.csv", "babybuddy", "oz"),
)


def _item(factor: str, column: str, recode: dict[str, str], instrument: str = "") -> str:
    codes = ", ".join(f"{json.dumps(theirs)} = {json.dumps(ours)}" for theirs, ours in recode.items())
    parts = [f"column = {json.dumps(column)}"]
    parts += [f"recode = {{ {codes} }}"] if codes else []
    parts += [f"instrument = {json.dumps(instrument)}"] if instrument else []
    return f"{factor} = {{ {', '.join(parts)} }}"


def _redcap_items() -> list[str]:
    lines = []
    for factor, column in ITEMS.items():
        recode = YES_NO if factor in YES_NO_FACTORS else CODES.get(factor, {})
        lines.append(_item(factor, column, recode, TOTALS.get(factor, "")))
    return lines


def _east_items() -> list[str]:
    lines = []
    for ours, theirs in zip(OWN_COLUMNS, EAST_COLUMNS, strict=True):
        if ours in ("participant_id", "note"):
            continue
        recode = {code: level for level, code in EAST_CODES.get(ours, {}).items()} if ours in ANSWERS else {}
        lines.append(_item(ours, theirs, recode))
    return lines


def _head(recipe: Recipe) -> list[list[str]]:
    return [
        [
            "# A synthetic study: nobody in it exists.",
            "[study]",
            f"name = {json.dumps(recipe['cohort']['study_name'])}",
            "synthetic = true",
            f"timezone = {json.dumps(recipe['calendar']['timezone'])}",
            'outcome = "no_milk"',
            f"low_output_ml = {recipe['cohort']['low_output_ml']}",
            'cohort = "study_group"',
        ],
        ["[privacy]", "minimum_cell = 10", 'pseudonym_key = "env:LACTOSCOPE_KEY"'],
        ["[review]", "distress_protocol = true"],
    ]


def _source(files: str, reader: str, *lines: str, items: list[str] | None = None) -> list[str]:
    block = ["[[source]]", f"files = {json.dumps(files)}", f"reader = {json.dumps(reader)}", *lines]
    return [*block, "", "[source.items]", *items] if items else block


def _questionnaires(recipe: Recipe) -> list[str]:
    codes = ", ".join(json.dumps(code) for code in recipe["forms"]["missing_codes"] if code)
    return _source(
        DATA_FILE,
        "redcap",
        'participant = "column:record_id"',
        'birth_date = "column:delivery_date"',
        f"dictionary = {json.dumps(DICTIONARY_FILE)}",
        f"missing_codes = [{codes}]",
        items=_redcap_items(),
    )


def study_toml(recipe: Recipe, folders: set[str]) -> str:
    """Text of `study.toml`; `folders` are the export folders that hold files."""
    measured = 'zero = "measured"'
    blocks = [*_head(recipe), _questionnaires(recipe)]
    if "logs" in folders:
        blocks.append(_source("exports/logs/*", "generic", measured))
    if "logs_east" in folders:
        east = ('participant = "column:mother"', 'units = "oz"', 'date_order = "DMY"', measured)
        blocks.append(_source("exports/logs_east/*.csv", "generic", *east, items=_east_items()))
    for folder, files, reader, units in APPS:
        if folder in folders:
            lines = ('participant = "folder_name"', f"units = {json.dumps(units)}", measured)
            blocks.append(_source(files, reader, *lines))
    return "\n\n".join("\n".join(block) for block in blocks) + "\n"
