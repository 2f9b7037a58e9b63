"""Writing a synthetic study as a folder of real export files, a study file, and the truth beside them."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd

from pipelines.synthetic.cohort import Cohort, simulate
from pipelines.synthetic.exports.babybuddy import babybuddy_files
from pipelines.synthetic.exports.base import ExportFile
from pipelines.synthetic.exports.huckleberry import huckleberry_files
from pipelines.synthetic.exports.others import other_events
from pipelines.synthetic.exports.piyolog import piyolog_files
from pipelines.synthetic.exports.redcap import questionnaire_table, redcap_files
from pipelines.synthetic.exports.table import table_files
from pipelines.synthetic.log import write_log
from pipelines.synthetic.recipe import random_stream
from pipelines.synthetic.study_file import study_toml
from pipelines.synthetic.truth import Truth, make_truth

AppWriter = Callable[
    [Cohort, pd.DataFrame, pd.DataFrame, pd.DataFrame, np.random.Generator], list[ExportFile]
]
APPS: dict[str, AppWriter] = {
    "huckleberry": huckleberry_files,
    "piyolog": piyolog_files,
    "babybuddy": babybuddy_files,
}


def export_files(cohort: Cohort, log: pd.DataFrame, habits: pd.DataFrame) -> list[ExportFile]:
    """The written log as the files that the study would receive, paths relative to `exports/`."""
    app_people = habits.index[habits["logging"] != "table"].to_numpy()
    events = other_events(cohort, app_people, log)
    table = log[log["logging"] == "table"]
    files = table_files(cohort, table, habits, random_stream(cohort.seed, "log", 1))
    for place, (name, write) in enumerate(APPS.items(), start=2):
        own = log[log["logging"] == name]
        files += write(cohort, own, events, habits, random_stream(cohort.seed, "log", place))
    return [replace(file, path=f"exports/{file.path}") for file in files]


def _save(folder: Path, path: str, content: bytes) -> None:
    target = folder / path
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(content)


def write_study(folder: Path | str, participants: int = 240, seed: int = 0, variant: str = "base") -> Truth:
    """Write a synthetic study into `folder`: exports, questionnaires, `study.toml` and `truth.json`.

    The same participants, seed and variant give the same bytes. Files of the same names are overwritten, others
    stay. Raises DataFileError for an unknown variant.
    """
    folder = Path(folder)
    cohort = simulate(participants, seed, variant)
    log, habits = write_log(cohort)
    exports = export_files(cohort, log, habits)
    questionnaires = questionnaire_table(cohort)
    truth = make_truth(cohort, log, habits, exports, questionnaires)
    for file in (*exports, *redcap_files(questionnaires)):
        _save(folder, file.path, file.content)
    folders = {file.path.split("/")[1] for file in exports}
    _save(folder, "study.toml", study_toml(cohort.recipe, folders).encode())
    _save(folder, "truth.json", (json.dumps(truth.content, indent=1, ensure_ascii=False) + "\n").encode())
    return truth
