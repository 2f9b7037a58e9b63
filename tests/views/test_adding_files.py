"""The Data page's ways in: questions, mapping, each file's ledger, settings, removal, without a browser."""

import io
import zipfile

import pytest

from dashboard import jobs
from pipelines import DATA
from pipelines.run import Desk
from tests.views.conftest import html, open_app

OPEN = b"participant_id,started_at,volume\nA,2026-03-01 06:00,5\n"
PLAIN = b"participant_id,started_at,volume_ml\nB,2026-03-01 06:00,50\n"
FOREIGN = b"Date,Time,Kind of pump,Amount\n04/18/2026,6:32 PM,1,2\n04/19/2026,6:32 PM,2,3\n"


@pytest.fixture
def desk(invented, tmp_path) -> Desk:
    """The study that files are added to, beside the invented one that is shown."""
    return Desk(tmp_path / "added")


@pytest.fixture
def page(invented, desk):
    """Open the Data page after some files came in."""

    def opened(*given: tuple[str, bytes]):
        if given:
            desk.take_in([desk.receive(given)])
        return open_app("data")

    return opened


def settled(at, desk: Desk):
    """Wait for the work beside the page, and draw it again."""
    job = jobs.current(str(desk.store))
    if job is not None:
        job.thread.join(60)
        at.run()
    assert not at.exception, at.exception
    return at


def test_a_question_waits_until_it_is_answered(page, desk):
    at = page(("one.csv", OPEN), ("two.csv", OPEN.replace(b"A", b"C")), ("plain.csv", PLAIN))
    assert "2 files leave open the unit of the volumes" in [
        each.value.replace("\u00a0", " ") for each in at.header
    ]
    assert at.button(key="questions-go").disabled
    (radio,) = [each for each in at.radio if each.key.startswith("question-units")]
    radio.set_value("oz").run()
    at.button(key="questions-go").click().run()
    settled(at, desk)
    assert desk.register().asked == () and len(desk.register().files) == 3
    assert "3 files, 3 rows read" in html(at)


def test_each_file_can_have_its_own_answer(page, desk):
    at = page(("one.csv", OPEN), ("two.csv", OPEN.replace(b"A", b"C")))
    (toggle,) = [each for each in at.toggle if each.key.endswith("-singly")]
    toggle.set_value(True).run()
    for box, unit in zip(
        [each for each in at.selectbox if each.label in ("one.csv", "two.csv")], ("ml", "oz"), strict=True
    ):
        box.set_value(unit)
    at.run()
    at.button(key="questions-go").click().run()
    settled(at, desk)
    assert {source.units for source in desk.study().described} == {"ml", "oz"}


NAMING = b'[[source]]\nfiles = "export.csv"\ndictionary = "words.csv"\n'
EXPORT = b"record_id,stress,nickname,day_complete\nA,3,Anna,2\n"
WORDS = (
    b'"Variable / Field Name","Form Name","Field Type","Field Label",Identifier?\n'
    b"record_id,day,text,Id,\nstress,day,text,Stress,\nnickname,day,text,Called,y\n"
)


def test_a_study_file_that_names_a_missing_dictionary_can_do_without_it(page, desk):
    desk.receive([("study.toml", NAMING), ("export.csv", EXPORT)])
    at = page()
    assert any("names the data dictionary words.csv" in each.value for each in at.header)
    at.button(key="without-dictionary-words.csv").click().run()
    settled(at, desk)
    assert [each.name for each in desk.register().files] == ["export.csv"]
    assert "words.csv" not in desk.text() and 'files = "export.csv"' in desk.text()
    assert not [each for each in at.button if each.key and each.key.startswith("without-dictionary")]


def test_a_participants_code_is_typed_in_for_a_file_that_names_nobody(page, desk):
    at = page(("pump.csv", (DATA / "samples/nighp/clean.csv").read_bytes()))
    assert at.button(key="questions-go").disabled
    at.text_input(key="question-code-1/pump.csv").set_value("M7").run()
    at.button(key="questions-go").click().run()
    settled(at, desk)
    assert [source.participant for source in desk.study().described] == ["one:M7"]
    assert [each.name for each in desk.register().files] == ["pump.csv"]


def test_files_that_ask_can_be_left_out(page, desk):
    at = page(("one.csv", OPEN), ("plain.csv", PLAIN))
    at.button(key="questions-leave").click().run()
    settled(at, desk)
    assert [each.name for each in desk.register().files] == ["plain.csv"]


def test_a_table_nobody_knows_is_mapped_with_reasons_and_a_preview(page, desk):
    at = page(("P1.csv", FOREIGN))
    text = html(at)
    assert "Say what the columns of" in " ".join(each.value for each in at.header)
    assert "Suggested: its name is 'amount'; its values are numbers." in text.replace("&#x27;", "'")
    assert "Nothing in the table tells the unit" in text
    (units,) = [each for each in at.selectbox if each.label == "Volumes are in"]
    units.set_value("ml").run()
    assert "0 would be in use, 2 set aside" in html(at), "numbers without a meaning are no answers"
    for value, code in (("1", "manual"), ("2", "wearable")):
        (box,) = [each for each in at.selectbox if each.label.startswith(f"{value} (")]
        box.set_value(code)
    at.run()
    assert "Of 2 rows, 2 would be in use" in html(at)
    assert not desk.store.exists()
    (keep,) = [each for each in at.button if each.key.startswith("mapping-keep")]
    keep.click().run()
    settled(at, desk)
    (source,) = desk.study().described
    assert source.items["pump_type"].recode == {"1": "manual", "2": "wearable"} and source.units == "ml"
    assert desk.register().open == () and desk.store.exists()


def test_a_table_of_sessions_without_a_volume_says_so_before_it_is_read(page):
    at = page(("P1.csv", FOREIGN))
    assert "would be read without one" not in html(at)
    (amount,) = [each for each in at.selectbox if each.value == "volume_ml" or each.value == "volume"]
    amount.set_value("").run()
    assert "No column is taken for the volume" in html(at)


def test_what_is_no_table_is_named_with_the_reason(page):
    text = html(page(("scan.pdf", b"%PDF-1.4")))
    assert "scan.pdf" in text and "No reader knows this kind of file." in text


def test_a_file_that_cannot_be_read_is_read_another_way_or_left_out(page, desk):
    """A zip with two people's exports says why it is not read; a typed code makes it one person's."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for folder, sample in (("A", "clean"), ("B", "generation_2025")):
            archive.write(DATA / f"samples/nighp/{sample}.csv", f"{folder}/pump.csv")
    at = page(("all.zip", packed.getvalue()), ("scan.pdf", b"%PDF-1.4"), ("plain.csv", PLAIN))
    assert "2 files could not be read" in [each.value.replace("\u00a0", " ") for each in at.header]
    assert "may be several people" in html(at)
    at.selectbox(key="unread-file").set_value(1).run()
    at.button(key="unread-leave").click().run()
    assert [each.name for each in desk.register().open] == ["all.zip"]
    owner = "unread-1/all.zip--owner"
    at.selectbox(key=owner).set_value("one:").run()
    at.text_input(key=f"{owner}-code").set_value("M7").run()
    at.button(key="unread-1/all.zip--keep").click().run()
    settled(at, desk)
    assert desk.register().open == () and len(desk.register().files) == 3
    assert "The study has 2 participants" in html(at)


def test_each_file_has_its_ledger_and_each_row_its_remedy(page, desk, invented):
    text = html(page())
    assert "generic 0a1b2c" in text and "All files" in text and "Say which." in text


def test_a_files_own_name_is_shown_only_to_whoever_received_it(page, desk, invented):
    from functools import partial

    from tests.views import pages

    desk.take_in([desk.receive([("Mrs Smith.csv", PLAIN)])])
    (known,) = desk.register().files
    row = pages.data(None).each_file[0]
    shown = (type(row)(known.source_id, "generic 123456", row.taken_for, row.why, row.counts),)
    invented.data = partial(pages.data, each_file=shown)
    assert "Mrs Smith.csv" not in html(page())
    invented.cards = {desk.store: pages.card(desk.store)}
    assert "Mrs Smith.csv" in html(open_app("data"))


def test_settings_are_kept_in_the_study_file(page, desk):
    at = page()
    at.text_input[0].set_value("Pilot 2026")
    at.number_input[1].set_value(12)
    (keep,) = [each for each in at.button if each.label == "Keep"]
    keep.click().run()
    assert not at.exception
    study = desk.study()
    assert (study.name, study.minimum_cell, study.outcome) == ("Pilot 2026", 12, "no_milk")


def test_a_file_is_taken_out_on_a_click(page, desk, invented, monkeypatch):
    from functools import partial

    from tests.views import pages

    desk.take_in([desk.receive([("a.csv", PLAIN), ("b.csv", PLAIN.replace(b"B", b"C"))])])
    row = pages.data(None).each_file[0]
    shown = tuple(
        type(row)(each.source_id, f"generic {each.source_id[:6]}", row.taken_for, row.why, row.counts)
        for each in desk.register().files
    )
    invented.data = partial(pages.data, each_file=shown)
    invented.cards = {desk.store: pages.card(desk.store)}
    at = page()
    at.selectbox(key="action-file").set_value(shown[0].source_id).run()
    (what,) = [each for each in at.get("button_group") if "Take it out" in str(each.options)]
    what.set_value("Take it out of the study").run()
    assert "1 other file" in html(at)
    at.button(key="action-remove").click().run()
    settled(at, desk)
    assert len(desk.register().files) == 1 and "Removed." in html(at)


def test_a_refusal_says_that_nothing_was_changed(page, desk, monkeypatch):
    from pipelines.errors import StoreError

    at = page(("one.csv", OPEN))

    def refuse(*_):
        raise StoreError("The store is held open.")

    monkeypatch.setattr(Desk, "take_in", refuse)
    at.button(key="questions-leave").click().run()
    settled(at, desk)
    assert "The store is held open. Nothing was changed." in html(at)


def test_how_people_are_told_apart_is_shown_and_said_before_reading(page, desk):
    export = (DATA / "samples/nighp/clean.csv").read_bytes()
    at = page()
    at.file_uploader(key="upload-0").set_value(
        [("pump.csv", export, "text/csv"), ("P7.csv", PLAIN.replace(b"participant_id", b"who"), "text/csv")]
    ).run()
    text = html(at)
    assert "1 person, by the file name: P7" in text and "1 file does not tell whose it is" in text
    at.selectbox(key="whose-rule-0").set_value("one:").run()
    at.text_input(key="whose-code-0").set_value("M7").run()
    assert "1 person: M7" in html(at) and not desk.folder.exists()
    at.button(key="upload-read").click().run()
    settled(at, desk)
    assert {source.participant for source in desk.study().described} == {"one:M7"}
    assert "The study has 1 participant." in html(at)


def test_the_folder_that_holds_everything_is_offered_as_one_persons_code(page, desk):
    export = (DATA / "samples/nighp/clean.csv").read_bytes()
    at = page()
    at.file_uploader(key="upload-0").set_value([("M01/pump.csv", export, "text/csv")]).run()
    assert "one person, M01, as their folder is called" in at.selectbox(key="whose-rule-0").options
    at.selectbox(key="whose-rule-0").set_value("one:M01").run()
    assert "1 person: M01" in html(at) and not desk.folder.exists()
    at.file_uploader(key="upload-0").set_value(
        [(f"pile/{person}/pump.csv", export, "text/csv") for person in ("P1", "P2")]
    ).run()
    assert not [each for each in at.selectbox(key="whose-rule-0").options if "pile" in each]
