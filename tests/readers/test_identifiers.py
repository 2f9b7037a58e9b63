"""Which columns identify people by their name alone."""

import pytest

from pipelines.readers.identifiers import is_identifier


@pytest.mark.parametrize(
    "column",
    ["SubmitterName", "SubmitterID", "EmailAddress", "mother_name2", "RecipientLastName", "DeviceID", "dob"],
)
def test_a_column_is_an_identifier_however_its_words_are_joined(column):
    assert is_identifier(column)


@pytest.mark.parametrize("column", ["StartDate", "volumeMl", "PumpType", "Filename", "KEY"])
def test_other_columns_are_none(column):
    assert not is_identifier(column)
