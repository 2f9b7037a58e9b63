"""Every clean sample, damaged in eleven ways: no traceback, and no row lost without a word."""

import random

import pandas as pd
import pytest

from pipelines import readers
from pipelines.errors import InputError
from pipelines.study import SourceOptions
from tests.readers.damage import DAMAGES
from tests.readers.samples import SAMPLES, Sample, as_text, delivered, frame, golden_file

CLEAN = [sample for sample in SAMPLES if sample.path.stem != "nasty" and sample.is_lines]
ONLY_SPELLING = ("wrong_encoding", "mixed_line_ends")
WITHOUT_VOLUMES = ("labels", "legacy", "feeding", "feeds", "fed", "sleep", "pauses", "baseline", "diary")
WITHOUT_SESSIONS = ("google_forms", "kobo", "qualtrics")
VOLUMES = ["volume_left", "volume_right", "volume_total"]


def damaged(sample: Sample, way: str, folder) -> pd.DataFrame:
    path = folder / f"export{sample.path.suffix}"
    path.write_bytes(DAMAGES[way](sample.path.read_bytes()))
    found = readers.identify(path, sample.options)
    assert found is not None
    assert found[0].name == sample.reader
    return frame(readers.read(path, sample.options))


@pytest.mark.parametrize("sample", CLEAN, ids=str)
@pytest.mark.parametrize("way", [way for way in DAMAGES if way != "empty"])
def test_damage_loses_no_row(sample, way, tmp_path):
    rows = damaged(sample, way, tmp_path)
    assert rows.source_row.tolist() == list(range(1, len(rows) + 1))
    assert len(rows) >= len(delivered(sample))


@pytest.mark.parametrize("sample", CLEAN, ids=str)
def test_an_empty_file_is_refused_in_words(sample, tmp_path):
    path = tmp_path / sample.path.name
    path.write_bytes(DAMAGES["empty"](sample.path.read_bytes()))
    with pytest.raises(InputError, match="empty"):
        readers.read(path)


@pytest.mark.parametrize("sample", CLEAN, ids=str)
@pytest.mark.parametrize("way", ONLY_SPELLING)
def test_another_spelling_of_the_same_text_gives_the_same_rows(sample, way, tmp_path):
    pd.testing.assert_frame_equal(as_text(damaged(sample, way, tmp_path)), delivered(sample))


@pytest.mark.parametrize("sample", CLEAN, ids=str)
def test_a_repeated_header_is_other_and_changes_no_row(sample, tmp_path):
    rows = damaged(sample, "extra_header_rows", tmp_path)
    kept = rows[rows.kind != "other"].drop(columns="source_row")
    expected = delivered(sample)
    expected = expected[expected.kind != "other"].drop(columns="source_row")
    assert as_text(kept).values.tolist() == expected.values.tolist()


@pytest.mark.parametrize("sample", CLEAN, ids=str)
def test_sessions_in_rows_that_are_too_long_are_marked(sample, tmp_path):
    rows = damaged(sample, "ragged_rows", tmp_path)
    ours = rows[(rows.kind != "other") & ((rows.source_row - 1 + sample.header_lines) % 3 == 1)]
    if sample.reader != "piyolog" and len(ours):
        assert ours.problem_code.eq("ragged_row").all()


@pytest.mark.parametrize("sample", CLEAN, ids=str)
def test_an_unknown_unit_never_reads_as_millilitres(sample, tmp_path):
    rows = damaged(sample, "unknown_unit", tmp_path)
    cells = rows[[name for name in VOLUMES if name in rows]].stack().dropna()
    # A unit in the cell counts before that of its column.
    said = cells.empty or cells.str.contains("tsp").all()
    assert said or sample.reader == "babybuddy"
    assert said or "unit" not in rows or rows.unit.isna().all()


@pytest.mark.parametrize("sample", CLEAN, ids=str)
def test_the_sign_of_a_volume_is_kept(sample, tmp_path):
    rows = damaged(sample, "negative_volume", tmp_path)
    # The sides of Baby Connect stand in a sentence, which is not damaged.
    names = ["volume_total"] if sample.reader == "babyconnect" else VOLUMES
    cells = [cell for name in names if name in rows for cell in rows[name].dropna()]
    assert all(cell.startswith("-") for cell in cells)
    assert cells or sample.reader in WITHOUT_SESSIONS or sample.path.stem in WITHOUT_VOLUMES


def test_a_unit_in_the_cell_survives_beside_another_in_the_header(tmp_path):
    sample = next(sample for sample in CLEAN if str(sample) == "generic-clean")
    rows = damaged(sample, "both_units", tmp_path)
    assert rows.volume_total.dropna().tolist() == ["115ml", "85 oz", "0ml", "70 oz", "65ml"]


@pytest.mark.parametrize("sample", CLEAN, ids=str)
def test_a_cut_last_row_is_marked_unless_it_is_not_ours(sample, tmp_path):
    rows = damaged(sample, "truncated", tmp_path)
    last = rows.iloc[-1]
    if sample.path.stem == "older":  # its last cell is the time, which is then unreadable
        assert len(last.started_at) < len("2022-05-03 14:11:09")
    else:
        assert last.kind == "other" or sample.reader == "piyolog" or last.problem_code == "truncated_row"


@pytest.mark.parametrize("sample", SAMPLES, ids=str)
def test_mutated_bytes_raise_nothing_but_input_errors(sample, tmp_path):
    original = sample.path.read_bytes()
    chance = random.Random(sample.path.name + sample.reader)
    for number in range(12):
        data = bytearray(original)
        for _ in range(chance.randint(1, 20)):
            place = chance.randrange(len(data))
            data[place : place + chance.randint(0, 3)] = chance.randbytes(chance.randint(0, 3))
        path = tmp_path / f"{number}{sample.path.suffix}"
        path.write_bytes(bytes(data))
        try:
            rows = frame(readers.reader_named(sample.reader).read(path, SourceOptions(), None))
        except InputError:
            continue
        assert rows.source_row.is_unique


def test_golden_files_are_never_damaged_samples():
    assert all(golden_file(sample.path).exists() for sample in SAMPLES)
