"""The kit's study file: it fits the data dictionary and the tables as they are."""

import json
from collections.abc import Iterable

from pipelines.kit.forms import Kit
from pipelines.kit.redcap import RECORD, export_columns
from pipelines.settings import load_settings

REDCAP_FOLDER, TABLES_FOLDER = "redcap", "tables"
DICTIONARY = "dictionary.csv"


def study_toml(kit: Kit) -> str:
    """Text of `study.toml` for exports in `redcap/` and tables in `tables/`."""
    settings = load_settings()
    blocks = [
        [
            "# Made with the study kit; it fits the kit's REDCap project and its tables as they are.",
            "[study]",
            'name = "Name of the study"',
            '# timezone = "Europe/London"   # where the participants live',
            'outcome = "no_milk"            # or low_output',
            f"low_output_ml = {settings['outcomes.low_output_ml']}",
        ],
        [
            "[privacy]",
            f"minimum_cell = {settings['privacy.minimum_cell']}",
            'pseudonym_key = "env:LACTOSCOPE_KEY"',
        ],
        [
            "[review]",
            "distress_protocol = false      # true once it is agreed what happens after a high distress score",
        ],
        [
            "[[source]]",
            f'files = "{REDCAP_FOLDER}/*.csv"',
            'reader = "redcap"',
            f'participant = "column:{RECORD}"',
            'birth_date = "column:birth_date"',
            f'dictionary = "{REDCAP_FOLDER}/{DICTIONARY}"',
            'units = "ml"',
            'zero = "measured"',
        ],
        ["[source.items]", *_items(kit)],
    ]
    for ending in ("xlsx", "csv"):
        blocks.append(
            ["[[source]]", f'files = "{TABLES_FOLDER}/*.{ending}"', 'units = "ml"', 'zero = "measured"']
        )
    return "\n\n".join("\n".join(block) for block in blocks) + "\n"


def _items(kit: Kit) -> Iterable[str]:
    """The columns of the REDCap project that do not bear our own name."""
    named: dict[str, list[str]] = {}
    for form in (*kit.own, *kit.questionnaires):
        for column, meaning in export_columns(form).items():
            named.setdefault(meaning, []).append(column)
    for meaning, columns in named.items():
        if columns != [meaning]:
            yield f"{meaning} = {{ column = {json.dumps(columns if len(columns) > 1 else columns[0])} }}"
