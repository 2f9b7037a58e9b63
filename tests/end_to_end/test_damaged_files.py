"""A file of each reader, damaged in ten ways, by the command line: a clear line or a ledger that adds up."""

import json

import pytest

from pipelines.__main__ import main
from pipelines.readers import reader_named
from tests.readers.damage import DAMAGES
from tests.readers.samples import SAMPLES, Sample

WHOLE = {sample.reader: sample for sample in SAMPLES if sample.path.stem == "clean" and sample.is_lines}
LOGS = [sample for sample in WHOLE.values() if reader_named(sample.reader).is_app_export]
UNITS = {"babybuddy": "ml", "redcap": "ml"}


def study_file(sample: Sample, name: str) -> str:
    """The sample's own study file for a file of this name, with the unit that its format leaves open."""
    beside = sample.path.with_suffix(".study.toml")
    text = beside.read_text(encoding="utf-8") if beside.exists() else "[[source]]\n"
    lines = [line for line in text.splitlines() if not line.startswith(("files", "dictionary", "units"))]
    place = lines.index("[[source]]") + 1
    unit = [f'units = "{UNITS[sample.reader]}"'] if sample.reader in UNITS else []
    return "\n".join([*lines[:place], f'files = "{name}"', *unit, *lines[place:]]) + "\n"


@pytest.mark.parametrize("sample", WHOLE.values(), ids=WHOLE.keys())
@pytest.mark.parametrize("way", DAMAGES)
def test_a_damaged_file_ends_in_a_clear_line_or_in_a_ledger_that_adds_up(sample, way, tmp_path, capsys):
    name = f"export{sample.path.suffix}"
    (tmp_path / name).write_bytes(DAMAGES[way](sample.path.read_bytes()))
    (tmp_path / "study.toml").write_text(study_file(sample, name), encoding="utf-8")
    store = tmp_path / "store.duckdb"
    code = main(
        [
            "ingest",
            str(tmp_path / name),
            "--study",
            str(tmp_path / "study.toml"),
            "--store",
            str(store),
            "--json",
        ]
    )
    printed = capsys.readouterr()
    if code:
        assert code == 2 and printed.err.count("\n") == 1 and "Traceback" not in printed.err
        assert not store.exists()
        return
    ledger = json.loads(printed.out)
    total = ledger["total"]
    parts = ("rows_accepted", "rows_duplicate", "rows_quarantined", "rows_other")
    assert total["rows_read"] == sum(total[part] for part in parts) > 0
    for file in ledger["files"]:
        aside = {problem["row"] for problem in file["quarantine"]}
        assert bool(aside) == bool(file["rows_quarantined"])
        assert all(problem["message"] for problem in file["quarantine"])


@pytest.mark.parametrize("sample", [WHOLE["generic"], *LOGS], ids=str)
def test_an_impossible_volume_is_set_aside_with_its_reason(sample, tmp_path, capsys):
    name = f"export{sample.path.suffix}"
    (tmp_path / name).write_bytes(DAMAGES["impossible_volume"](sample.path.read_bytes()))
    (tmp_path / "study.toml").write_text(study_file(sample, name), encoding="utf-8")
    arguments = [
        str(tmp_path / name),
        "--study",
        str(tmp_path / "study.toml"),
        "--store",
        str(tmp_path / "s.duckdb"),
    ]
    assert main(["ingest", *arguments, "--json"]) == 0
    ledger = json.loads(capsys.readouterr().out)
    assert ledger["total"]["rows_quarantined"] > 0
    assert any("mL" in problem["message"] for file in ledger["files"] for problem in file["quarantine"])
