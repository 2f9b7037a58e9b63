"""The study kit: filled in as REDCap export or as tables and ingested with its own study file, all arrives."""

import zipfile
from io import BytesIO

import pytest

from pipelines import run
from pipelines.__main__ import main
from pipelines.errors import InputError
from pipelines.kit import as_zip, kit_files, write_kit
from tests.end_to_end import kit
from tests.end_to_end.stores import code, table

WAYS = ("redcap", "csv", "workbook")


def ingest(folder, way: str):
    """A kit written, filled in one way and ingested; gives the store and the ledger.

    Only the study with the CSV tables has not agreed on a procedure for distress scores.
    """
    write_kit(folder)
    filled = kit.entries()
    if way == "redcap":
        kit.write_raw_export(folder / "redcap" / "export.csv", filled)
    elif way == "csv":
        kit.fill_csv(folder / "tables", filled)
    else:
        kit.fill_workbook(folder / "tables" / "study_tables.xlsx", filled)
    study = folder / "study.toml"
    if way != "csv":
        text = study.read_text().replace("distress_protocol = false", "distress_protocol = true")
        study.write_text(text)
    store = folder / "store.duckdb"
    return store, run.ingest([folder], study, store)


@pytest.fixture(scope="module")
def ingested(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LACTOSCOPE_KEY", "a key for the tests")
        return {way: ingest(tmp_path_factory.mktemp(way) / "study", way) for way in WAYS}


@pytest.mark.parametrize("way", WAYS)
def test_every_row_is_accepted(ingested, way):
    _, ledger = ingested[way]
    assert ledger.total.accepted == ledger.total.read == len(kit.entries())
    assert [problem for file in ledger.files for problem in file.set_aside] == []


@pytest.mark.parametrize("way", WAYS)
def test_the_store_passes_its_check(ingested, way):
    store, _ = ingested[way]
    assert [each.name for each in run.check_store(store) if not each.holds] == []


@pytest.mark.parametrize("way", WAYS)
def test_a_try_without_milk_is_a_measured_nothing_and_a_blank_is_unknown(ingested, way):
    store, _ = ingested[way]
    rows = [row for row in table(store, "sessions") if row["participant_id"] == code("K1")]
    rows.sort(key=lambda row: (row["day_in_study"], row["minute_of_day"]))
    assert [row["volume_ml"] for row in rows] == [30, 0, None, 30, 0, None]


@pytest.mark.parametrize("way", WAYS)
def test_the_birth_date_becomes_the_day_postpartum(ingested, way):
    store, _ = ingested[way]
    days = {(row["day_in_study"], row["day_postpartum"]) for row in table(store, "sessions")}
    assert days == {(0, kit.FIRST_DAY), (1, kit.FIRST_DAY + 1)}


@pytest.mark.parametrize("way", WAYS)
def test_every_answer_arrives_under_its_factor(ingested, way):
    store, _ = ingested[way]
    told = {(row["factor"], row["value"]) for row in table(store, "responses")}
    for name in ("sessions", "participants"):
        for row in table(store, name):
            told |= {(column, str(value).removesuffix(".0")) for column, value in row.items()}
    restricted = {"distress_score"} if way == "csv" else set()
    passed_over = {*kit.VOLUMES, "tried_nothing_came", "started_at", "date", "birth_date"} | restricted
    for entry in kit.entries():
        for column in set(entry.answers) - passed_over - {"birth_weight_g"}:  # kept in steps
            assert (column, entry.answers[column]) in told, column


@pytest.mark.parametrize("way", WAYS)
def test_a_total_keeps_the_name_of_its_questionnaire(ingested, way):
    store, _ = ingested[way]
    scales = {row["instrument"] for row in table(store, "responses") if row["factor"] == "stress"}
    assert {"pss4", "pss10"} <= scales


def compared(store) -> dict[str, list]:
    """What a store says of people, apart from file, row, the name that REDCap gives its own forms, and distress."""
    own = {form.name for form in kit.load_kit().own}
    found = {}
    for name in ("participants", "sessions", "responses"):
        rows = [
            {
                key: None if key == "instrument" and value in own else value
                for key, value in row.items()
                if key not in ("source_id", "source_row")
            }
            for row in table(store, name)
            if row.get("factor") != "distress_score"
        ]
        found[name] = sorted(str(sorted(row.items())) for row in rows)
    return found


def test_all_forms_of_the_kit_give_the_same_tables(ingested):
    stores = [compared(ingested[way][0]) for way in WAYS]
    for name in stores[0]:
        assert stores[0][name] == stores[1][name] == stores[2][name], name


def test_the_explaining_sheet_and_empty_tables_are_harmless(ingested):
    _, ledger = ingested["workbook"]
    assert any("[Columns]" in each.name for each in ledger.not_read)


def test_distress_scores_wait_for_an_agreed_procedure(ingested):
    asked = {way: {row["factor"] for row in table(ingested[way][0], "responses")} for way in WAYS}
    assert "distress_score" in asked["redcap"] & asked["workbook"]
    assert "distress_score" not in asked["csv"]


def test_a_kit_is_never_written_over_another(tmp_path, capsys):
    out = tmp_path / "study"
    assert main(["template", "--out", str(out)]) == 0
    printed = capsys.readouterr().out.split()
    assert sorted(printed) == sorted(str(path) for path in out.rglob("*") if path.is_file())
    (out / "study.toml").write_text("mine")
    (out / "HOW_TO.md").unlink()
    assert main(["template", "--out", str(out)]) == 2
    assert "is there already" in capsys.readouterr().err
    assert (out / "study.toml").read_text() == "mine" and not (out / "HOW_TO.md").exists()


def test_a_folder_that_cannot_be_one_is_said(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(InputError, match="cannot be written"):
        write_kit(tmp_path / "file" / "kit")


def test_the_zip_holds_the_same_files():
    with zipfile.ZipFile(BytesIO(as_zip())) as archive:
        assert set(archive.namelist()) == {f"study_kit/{name}" for name in kit_files()}
