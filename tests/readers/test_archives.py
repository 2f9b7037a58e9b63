"""Zip files are opened where they lie: members as parts, traps refused, nothing written outside the scratch space."""

import io
import random
import stat
import warnings
from pathlib import Path
from zipfile import ZIP_STORED, ZipFile, ZipInfo

import openpyxl
import pytest

from pipelines import readers
from pipelines.errors import InputError
from pipelines.readers.containers.archives import is_archive, members, refuse_oversize
from pipelines.settings import load_settings
from tests.readers.samples import SAMPLES
from tests.readers.zips import DIARY, LOG, packed, with_link, with_password


def told(path: Path) -> dict[str, str]:
    """Name of every part with its problem."""
    with readers.scratch_space():
        return {part.name: part.problem for part in readers.parts(path)}


def everything_below(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*")}


def test_members_are_parts_of_their_own_and_copies_are_gone_afterwards(tmp_path):
    path = packed(tmp_path / "P1.zip", {"log.csv": LOG, "form/diary.csv": DIARY})
    with readers.scratch_space() as folder:
        parts = readers.parts(path)
        assert [part.name for part in parts] == ["log.csv", "form/diary.csv"]
        assert all(part.path.is_relative_to(folder) for part in parts)
        assert [len(readers.read(part.path).rows.to_pandas()) for part in parts] == [2, 1]
    assert not any(part.path.exists() for part in parts)
    assert everything_below(tmp_path) == {"P1.zip"}


def test_what_systems_leave_behind_is_no_part(tmp_path):
    files = {
        "log.csv": LOG,
        "photos/": "",
        "__MACOSX/._log.csv": b"\0\5\26\7",
        ".DS_Store": b"\0",
        "a/Thumbs.db": b"\0",
        "~$log.xlsx": b"\0",
    }
    assert told(packed(tmp_path / "P1.zip", files)) == {"log.csv": ""}


def test_a_workbook_is_no_archive_and_one_inside_a_zip_gives_its_sheets(tmp_path):
    book = openpyxl.Workbook()
    book.active.title = "diary"
    for line in DIARY.splitlines():
        book.active.append(line.split(","))
    content = io.BytesIO()
    book.save(content)
    (tmp_path / "diary.xlsx").write_bytes(content.getvalue())
    assert not is_archive(tmp_path / "diary.xlsx")
    assert told(packed(tmp_path / "P1.zip", {"d.xlsx": content.getvalue()})) == {"d.xlsx, diary": ""}
    damaged = packed(tmp_path / "P2.zip", {"d.xlsx": content.getvalue()[:2000]})
    assert "damaged workbook" in told(damaged)["d.xlsx"]


def test_an_office_document_is_no_archive(tmp_path):
    assert not is_archive(
        packed(tmp_path / "letter.docx", {"[Content_Types].xml": "x", "word/document.xml": "x"})
    )
    assert not is_archive(packed(tmp_path / "table.ods", {"mimetype": "x", "content.xml": "x"}))


@pytest.mark.parametrize(
    "name", ["../evil.csv", "a/../../evil.csv", "/etc/evil.csv", "..\\evil.csv", "C:\\evil.csv"]
)
def test_a_name_that_leads_out_of_the_zip_is_refused_and_nothing_is_written(name, tmp_path):
    folder = tmp_path / "in" / "side"
    folder.mkdir(parents=True)
    path = packed(folder / "P1.zip", {"log.csv": LOG, name: LOG})
    with readers.scratch_space(folder), pytest.raises(InputError, match=r"P1\.zip: a name .* outside"):
        readers.parts(path)
    assert everything_below(tmp_path) == {"in", "in/side", "in/side/P1.zip"}


def test_a_link_is_not_followed(tmp_path):
    (tmp_path / "secret.csv").write_text(LOG)
    path = with_link(packed(tmp_path / "P1.zip", {"log.csv": LOG}), "link.csv", str(tmp_path / "secret.csv"))
    assert told(path) == {"log.csv": "", "link.csv": "a link to another file, not a file"}


def test_a_protected_member_is_told_and_the_others_are_read(tmp_path):
    path = with_password(packed(tmp_path / "P1.zip", {"log.csv": LOG, "diary.csv": DIARY}), "diary.csv")
    assert told(path)["log.csv"] == ""
    assert "password" in told(path)["diary.csv"]


def test_a_zip_inside_a_zip_is_not_opened(tmp_path):
    inner = packed(tmp_path / "inner.zip", {"log.csv": LOG}).read_bytes()
    found = told(packed(tmp_path / "P1.zip", {"log.csv": LOG, "more.zip": inner}))
    assert found["log.csv"] == "" and "a zip or a damaged workbook inside a zip" in found["more.zip"]


def test_a_member_whose_bytes_are_damaged_is_told(tmp_path):
    path = tmp_path / "P1.zip"
    with ZipFile(path, "w", ZIP_STORED) as archive:
        archive.writestr("log.csv", LOG)
        archive.writestr("diary.csv", DIARY)
    path.write_bytes(path.read_bytes().replace(b"A,2026-02-01,7", b"A,2026-02-01,8"))
    assert told(path) == {"log.csv": "", "diary.csv": told(path)["diary.csv"]}
    assert "damaged" in told(path)["diary.csv"]


def test_a_cut_or_empty_zip_is_refused_in_one_line(tmp_path):
    data = packed(tmp_path / "whole.zip", {"log.csv": LOG, "diary.csv": DIARY}).read_bytes()
    for end in range(4, len(data) - 1, 37):
        path = tmp_path / "P1.zip"
        path.write_bytes(data[:end])
        with pytest.raises(InputError, match=r"^P1\.zip: the zip file or workbook is damaged"):
            readers.parts(path)
    with pytest.raises(InputError, match=r"empty\.zip: the zip file holds no files"):
        readers.parts(packed(tmp_path / "empty.zip", {}))


def test_names_are_shown_on_one_line_whatever_wrote_them(tmp_path):
    path = tmp_path / "P1.zip"
    with ZipFile(path, "w") as archive:
        archive.writestr("two\nlines\x1b[2J.csv", LOG)
        archive.writestr("搾乳.csv", LOG)
        archive.writestr("a" * 5000 + "/" + "b" * 5000 + ".csv", LOG)
    found = list(told(path))
    assert found[0] == "two?lines?[2J.csv" and found[1] == "搾乳.csv" and len(found[2]) == 120


def test_utf8_names_that_do_not_say_so_are_read_and_other_signs_do_no_harm(tmp_path):
    data = packed(tmp_path / "a.zip", {"XXXXXX.csv": LOG}).read_bytes()
    for name, shown in (("搾乳".encode(), "搾乳.csv"), (b"\x8d\xef\x93\xfb..", None)):
        (tmp_path / "b.zip").write_bytes(data.replace(b"XXXXXX", name))
        [found] = told(tmp_path / "b.zip")
        assert found == shown or (shown is None and found.endswith("...csv"))


def test_the_same_name_twice_is_two_parts(tmp_path):
    path = tmp_path / "P1.zip"
    with warnings.catch_warnings(), ZipFile(path, "w") as archive:
        warnings.simplefilter("ignore")
        archive.writestr("log.csv", LOG)
        archive.writestr("log.csv", DIARY)
    assert told(path) == {"log.csv": "", "log.csv (2)": ""}


def test_what_would_fill_the_disk_is_refused_before_it_is_unpacked(tmp_path):
    path = packed(tmp_path / "bomb.zip", {"log.csv": LOG, "zeros.csv": bytes(20_000_000)})
    with readers.scratch_space() as folder, pytest.raises(InputError, match=r"bomb\.zip: it would unpack"):
        members(path)
    assert not folder.exists()
    workbook = packed(tmp_path / "bomb.xlsx", {"xl/workbook.xml": "x", "xl/zeros.xml": bytes(20_000_000)})
    with pytest.raises(InputError, match=r"bomb\.xlsx: it would unpack"):
        readers.parts(workbook)


def test_every_sample_is_known_inside_a_zip_too(tmp_path):
    files = {f"{sample.reader}/{sample.path.name}": sample.path.read_bytes() for sample in SAMPLES}
    path = packed(tmp_path / "all.zip", files)
    with readers.scratch_space():
        found = [(part.name.split("/")[0], readers.identify(part.path)) for part in readers.parts(path)]
    assert len(found) >= len(files)
    assert [name for name, _ in found] == [claim and claim[0].name for _, claim in found]


def entry(size: int, packed_size: int) -> ZipInfo:
    info = ZipInfo("log.csv")
    info.file_size, info.compress_size = size, packed_size
    return info


def test_the_limits_are_those_of_the_settings():
    settings = load_settings()
    many, most = settings["readers.zip_members"], settings["readers.zip_bytes"]
    refuse_oversize("a.zip", [entry(10, 10)] * many)
    with pytest.raises(InputError, match="more than 2,000 files"):
        refuse_oversize("a.zip", [entry(10, 10)] * (many + 1))
    refuse_oversize("a.zip", [entry(most // 2, most // 9)] * 2)
    with pytest.raises(InputError, match="too large"):
        refuse_oversize("a.zip", [entry(most // 2, most // 9)] * 3)
    small = settings["readers.small_file_bytes"]
    refuse_oversize("a.zip", [entry(small, small // settings["readers.zip_ratio"] - 1)])
    with pytest.raises(InputError, match="times its size"):
        refuse_oversize("a.zip", [entry(small, 1)] * 2)


def test_mutated_bytes_raise_nothing_but_input_errors(tmp_path):
    data, path = (
        packed(tmp_path / "P1.zip", {"log.csv": LOG, "diary.csv": DIARY}).read_bytes(),
        tmp_path / "a",
    )
    chance = random.Random(11)
    for _ in range(150):
        mutated = bytearray(data)
        for _ in range(chance.randint(1, 8)):
            place = chance.randrange(len(mutated))
            mutated[place : place + chance.randint(0, 3)] = chance.randbytes(chance.randint(0, 3))
        path.write_bytes(mutated)
        try:
            found = told(path)
        except InputError as error:
            assert str(error).startswith("a: ") and "\n" not in str(error)
        else:
            assert len(found) >= 1


def test_copies_can_be_read_by_their_owner_alone(tmp_path):
    path = packed(tmp_path / "P1.zip", {"log.csv": LOG})
    with readers.scratch_space() as folder:
        [part] = readers.parts(path)
        assert not stat.S_IMODE(part.path.parent.stat().st_mode) & 0o077
        assert part.path.parent != folder
