"""What every reader promises, checked on every sample: rules first, so that they can be discussed one by one."""

import hashlib
import shutil

import pandas as pd
import pytest

from pipelines import readers
from pipelines.codebook import load_codebook
from pipelines.errors import InputError
from pipelines.readers import READERS
from pipelines.readers.base import ROW_COLUMNS
from pipelines.study import SourceOptions
from tests.readers.samples import SAMPLES, Sample, as_text, delivered, frame, golden_file

KINDS = {"session", "day", "baseline", "other"}
every_sample = pytest.mark.parametrize("sample", SAMPLES, ids=str)
every_reader = pytest.mark.parametrize("reader", READERS, ids=lambda reader: reader.name)


def known_columns() -> set[str]:
    factors = load_codebook().factors
    beside = (f"{name}_{what}" for name in factors for what in ("order", "instrument"))
    return {*ROW_COLUMNS, *factors, *beside}


def under_another_name(sample: Sample, folder):
    path = folder / "no telling name"
    shutil.copyfile(sample.path, path)
    return path


@every_reader
def test_reader_has_a_clean_and_a_nasty_sample(reader):
    stems = {sample.path.stem for sample in SAMPLES if sample.reader == reader.name}
    assert {"clean", "nasty"} <= stems


@every_sample
def test_sample_is_recognised_by_exactly_its_reader(sample):
    claims = [reader.name for reader in READERS if reader.recognise(sample.path)]
    assert claims == [sample.reader]


@every_sample
def test_recognition_looks_at_the_content_and_not_at_the_name(sample, tmp_path):
    found = readers.identify(under_another_name(sample, tmp_path))
    assert found is not None
    assert found[0].name == sample.reader


@every_reader
def test_recognition_of_text_that_is_no_export_is_none(reader, tmp_path):
    path = tmp_path / "letter.csv"
    path.write_text("Dear colleague, please find enclosed\nwhat you asked for, and more.\n")
    assert reader.recognise(path) is None


@every_sample
def test_rows_are_the_golden_rows(sample):
    golden = pd.read_csv(golden_file(sample.path), dtype=str, keep_default_na=False)
    pd.testing.assert_frame_equal(delivered(sample), golden.astype(object))


@every_sample
def test_every_row_has_one_kind_and_its_own_number(sample):
    rows = delivered(sample)
    assert set(rows.kind) <= KINDS
    assert rows.source_row.tolist() == [str(number) for number in range(1, len(rows) + 1)]


@every_sample
def test_columns_are_canonical(sample):
    assert set(delivered(sample).columns) <= known_columns()


@every_sample
def test_every_problem_names_a_field_and_a_code(sample):
    rows = delivered(sample)
    if "problem_code" in rows:
        assert ((rows.problem_code == "") == (rows.problem_field == "")).all()


@every_sample
def test_reading_twice_gives_the_same(sample):
    again = as_text(frame(readers.read(sample.path, sample.options)))
    pd.testing.assert_frame_equal(again, delivered(sample))


@every_sample
def test_reading_changes_nothing_on_disk(sample, tmp_path):
    path = under_another_name(sample, tmp_path)
    for beside in sample.path.parent.glob("*.dictionary.csv"):
        shutil.copyfile(beside, tmp_path / beside.name)
    before = {each.name: hashlib.sha256(each.read_bytes()).hexdigest() for each in tmp_path.iterdir()}
    frame(readers.read(path, sample.options))
    assert {each.name: hashlib.sha256(each.read_bytes()).hexdigest() for each in tmp_path.iterdir()} == before


@every_sample
def test_no_identifier_is_handed_on(sample):
    """All that a name, an address or a note says in the samples; the rows must not hold any of it."""
    telling = (
        "example.org|Anaïs|Zoë|Иванова|Петрова|Сидорова|Example|Baby|宝宝|あかちゃん|slept after|at work|出门"
    )
    text = delivered(sample).drop(columns=["problem_code"], errors="ignore").to_csv(index=False)
    assert not pd.Series([text]).str.contains(telling).any()


@every_sample
def test_a_used_column_is_neither_dropped_nor_unused(sample):
    extract = readers.read(sample.path, sample.options)
    used = {meaning.column for meaning in extract.columns if meaning.meaning}
    assert not used & {*extract.dropped_identifiers, *extract.unused_columns}
    assert not set(extract.dropped_identifiers) & set(extract.unused_columns)


@every_reader
@pytest.mark.parametrize("content", [b"", b"\xef\xbb\xbf", b"\xff\xfe", b"\r\n \r\n", b"\0\0\0\0"])
def test_an_empty_file_is_refused_in_words(reader, content, tmp_path):
    path = tmp_path / "nothing.csv"
    path.write_bytes(content)
    with pytest.raises(InputError, match=r"nothing\.csv: the file is empty"):
        reader.read(path, SourceOptions(), None)


@every_reader
def test_a_file_of_another_kind_is_refused_in_words(reader, tmp_path):
    path = tmp_path / "photo.jpg"
    path.write_bytes(bytes(range(256)) * 20)
    with pytest.raises(InputError, match=r"photo\.jpg"):
        reader.read(path, SourceOptions(), None)
