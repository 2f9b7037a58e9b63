"""Signs that nobody in the synthetic study is asked about, and distress on every way out: files in, list out."""

import json

import pytest

from pipelines import run
from pipelines.__main__ import main
from pipelines.evidence.course import course
from pipelines.evidence.handout import of_person
from pipelines.evidence.review import review
from pipelines.evidence.review_person import person
from pipelines.evidence.review_rows import NOT_SHOWN
from pipelines.figures.course import course as figure
from pipelines.reports.handout import handout_html
from tests.end_to_end.stores import KEY, code, write

PEOPLE = "ABCDEFGHIJ"
FORM = "participant_id,birth_date,blood_loss,retained_placenta,pcos,latch_difficulty\n"
DIARY = (
    "participant_id,date,infant_weight_loss_percent,infant_weight_concern,infant_status,latch_difficulty,"
    "decongestant,distress_score\n"
)
STUDY = """
[study]
name = "Rare signs"
[[source]]
files = "*.csv"
[review]
distress_protocol = {agreed}
"""


def make(folder, agreed: bool):
    """Ten people who log for 16 days from the day after the birth on, with a form and some diary entries."""
    volumes = (60, 70, 80)
    write(folder, "log.csv", *(f"{who},2024-03-{day:02}T{8 + 4 * place:02}:00,15,{volume},,wearable"
                               for who in PEOPLE for day in range(2, 18)
                               for place, volume in enumerate(volumes)))  # fmt: skip
    first = {"C": "ml_1000_plus,no,no,", "D": "under_1000,no,yes,", "F": ",,,yes", "I": ",yes,,"}
    write(folder, "form.csv", *(f"{who},2024-03-01,{first.get(who, ',,,')}" for who in PEOPLE), header=FORM)
    write(
        folder,
        "diary.csv",
        "A,2024-03-04,12,,home,,,",
        "B,2024-03-04,12,yes,in_hospital,,,",
        "D,2024-03-05,,,,,yes,",
        "E,2024-03-05,,,,yes,,",
        "E,2024-03-09,,,,yes,,",
        "F,2024-03-16,,,,yes,,",
        "G,2024-03-05,,,,yes,,",
        "H,2024-03-16,,,,,,19",
        "J,2024-03-16,10,no,home,no,no,3",
        header=DIARY,
    )
    (folder / "study.toml").write_text(STUDY.format(agreed=str(agreed).lower()))
    run.ingest([folder], folder / "study.toml", folder / "store.duckdb")
    return folder / "store.duckdb"


@pytest.fixture(scope="module")
def stores(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LACTOSCOPE_KEY", KEY)
        return {agreed: make(tmp_path_factory.mktemp(f"agreed-{agreed}"), agreed) for agreed in (True, False)}


NAMES = {code(who): who for who in PEOPLE}


def listed(store, capsys) -> dict[str, list[tuple]]:
    """Who is listed by which signs, from the command line's document, in its order."""
    assert main(["review", "--store", str(store), "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    return {
        NAMES[each["participant_id"]]: [
            (sign["id"], sign["priority"], sign["state"], sign["first_day"], sign["last_day"])
            for sign in each["signs"]
        ]
        for each in document["listed"]
    }


def test_weight_bleeding_placenta_and_latch_list_and_what_only_may_lower_the_supply_does_not(stores, capsys):
    found = listed(stores[False], capsys)
    assert found == {
        "F": [("latch_difficulty", "C", "current", 0, 14)],
        "A": [("infant_weight", "A", "past", 2, 2)],
        "C": [("medicine_or_condition", "A", "past", 0, 0)],
        "I": [("medicine_or_condition", "A", "past", 0, 0)],
        "E": [("latch_difficulty", "C", "past", 3, 7)],
    }
    beside = review(stores[False]).beside
    assert {note.id for note in beside[code("D")]} == {"medicine_or_condition"}


def test_the_reasons_name_what_was_reported_and_the_rows_show_it(stores):
    found = {NAMES[each.participant_id]: each.first for each in review(stores[False]).listed}
    assert found["A"].reason == "12 % of the birth weight lost"
    assert found["C"].reason == "Reported: blood loss at birth"
    assert found["I"].reason == "Reported: retained placenta"
    assert found["F"].reason == "Trouble latching reported on two days, the first time at the start"
    (weight,) = person(stores[False], code("A")).reasons[0].rows
    assert (weight.day, weight.source_row) == ("3", 1) and "12" in weight.says
    (bleeding,) = person(stores[False], code("C")).reasons[0].rows
    assert (bleeding.day, bleeding.says) == ("", "Blood loss at birth: 1,000 mL or more")


def test_distress_is_listed_with_an_agreed_procedure_and_then_alone(stores, capsys):
    agreed = listed(stores[True], capsys)
    assert agreed.pop("H") == [("distress_protocol", "B", "current", 14, 14)]
    assert agreed == listed(stores[False], capsys)


@pytest.mark.parametrize("agreed", [True, False])
def test_a_score_is_on_no_way_out(stores, agreed, capsys):
    store = stores[agreed]
    view = person(store, code("H"))
    assert [row.says for reason in view.reasons for row in reason.rows] == [NOT_SHOWN] * agreed
    made = course(store, code("H"))
    assert (
        made.reports == ()
        and [sign.label for sign in made.signs] == ["Protocol sign, see study procedure"] * agreed
    )
    assert view.numbers.columns == ("participant_id", "day_postpartum", "sessions", "volume_ml")
    main(["review", "--store", str(store), "--json"])
    sheets = [handout_html(of_person(store, code("H"), unit)) for unit in ("ml", "oz")]
    outlets = [repr(view), repr(made), figure(made, "light").to_json(), capsys.readouterr().out, *sheets]
    for text in outlets:
        for word in ("distress_score", "Distress score", "epds", "EPDS", "depress"):
            assert word not in text.replace("Levis, BMJ", "")
    for sheet in sheets:
        assert "rotocol" not in sheet and "procedure" not in sheet
        assert "We saw nothing in your log that needs a closer look." in sheet
