"""Uploads: kept as received, told in sentences."""

from dataclasses import dataclass
from pathlib import Path

from dashboard.components.upload import account, keep
from pipelines.results import RowCounts
from pipelines.run import FileLedger, Ledger
from pipelines.run.ledger import NotRead


@dataclass
class Given:
    """What the drop zone hands over."""

    name: str
    content: bytes

    def getbuffer(self) -> bytes:
        return self.content


def test_files_are_kept_byte_for_byte_in_a_new_folder(tmp_path):
    first = keep([Given("a.csv", b"\xff\x00")], tmp_path)
    second = keep([Given("a.csv", b"other")], tmp_path)
    assert (first / "a.csv").read_bytes() == b"\xff\x00"
    assert first != second and (second / "a.csv").read_bytes() == b"other"


def test_two_files_of_one_name_are_both_kept(tmp_path):
    folder = keep([Given("pump.csv", b"1"), Given("pump.csv", b"2")], tmp_path)
    assert {path.read_bytes() for path in folder.rglob("pump.csv")} == {b"1", b"2"}


def test_a_name_cannot_lead_out_of_the_folder(tmp_path):
    folder = keep([Given("../../evil.csv", b"x"), Given("..\\worse.csv", b"y")], tmp_path)
    assert sorted(path.name for path in folder.iterdir()) == ["evil.csv", "worse.csv"]


def ledger(**more) -> Ledger:
    counts = RowCounts(10, 6, 2, 1, 1)
    files = (FileLedger("a.csv", "generic", "columns", counts, warnings=("zeros may mean not measured",)),)
    return Ledger(Path("store.duckdb"), files, total=counts, **more)


def test_rows_files_and_warnings_are_told():
    told = account(
        ledger(not_read=(NotRead("b.pdf", "No reader knows it."),), warnings=("a new key was made",))
    )
    assert "6 in use" in told[0] and "1 set aside" in told[0]
    assert told[1:] == (
        "Not read: b.pdf. No reader knows it.",
        "a new key was made",
        "a.csv: zeros may mean not measured",
    )


def test_the_same_files_again_are_nothing_new():
    assert account(ledger(changed=False))[0].startswith("Nothing new")
