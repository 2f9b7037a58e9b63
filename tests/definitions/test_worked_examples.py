"""Every worked example of `data/definitions` is true: what the Methods page shows is what the product computes."""

import math
from collections.abc import Callable, Iterator

import ibis
import pandas as pd
import pytest

from pipelines import run
from pipelines.analysis.effects import within_between
from pipelines.analysis.joining import recall
from pipelines.analysis.sensitivity import e_value
from pipelines.analysis.verdicts import verdict
from pipelines.codebook import load_codebook
from pipelines.errors import DataFileError
from pipelines.evidence.definitions import DEFINITIONS, Cells, Definition, Example, load_definitions
from pipelines.metrics import signs
from pipelines.metrics.days import daily
from pipelines.metrics.logs import doubts, habits
from pipelines.metrics.participants import came_to_volume, per_participant
from pipelines.metrics.recall import in_days, joined, with_turn
from pipelines.metrics.sessions import shares, time_band, with_outcomes
from pipelines.metrics.signs.log import severe_pain
from pipelines.settings import load_settings
from tests.definitions.signs import found, study
from tests.definitions.worked import SESSION_DEFAULTS, TYPES, convert
from tests.end_to_end.stores import KEY, code
from tests.end_to_end.stores import table as stored

SETTINGS, CODEBOOK = load_settings(), load_codebook()
LOW_OUTPUT_ML = SETTINGS["outcomes.low_output_ml"]
CASES = [
    pytest.param(definition, example, id=f"{definition.id}: {example.says}")
    for definition in load_definitions().all
    for example in definition.examples
]


def rows_of(cells: Cells) -> list[dict]:
    """The rows as values; a row that stands for several comes as often, without that column."""
    found = []
    for cell in cells.rows:
        row = dict(zip(cells.columns, map(convert, cell), strict=True))
        found += [dict(row) for _ in range(row.pop("times", 1))]
    return found


def table(rows: list[dict], **defaults):
    """Rows as an Ibis table of sessions."""
    whole = [SESSION_DEFAULTS | defaults | row for row in rows]
    frame = pd.DataFrame({name: pd.Series([row[name] for row in whole], dtype=object) for name in whole[0]})
    return ibis.memtable(frame, schema={name: TYPES.get(name, "float64") for name in frame.columns})


def listed(expression, *order: str) -> list[dict]:
    """An expression's rows in order; without one, as they come."""
    return (expression.order_by(list(order)) if order else expression).to_pyarrow().to_pylist()


def outcomes(rows, _given, _folder):
    return listed(with_outcomes(table(rows), LOW_OUTPUT_ML), "minute_of_day")


def both_shares(rows, _given, _folder):
    return listed(shares(with_outcomes(table(rows), LOW_OUTPUT_ML), "no_milk"))


def time_of_day(rows, _given, _folder):
    sessions = table(rows)
    return listed(sessions.mutate(band=time_band(sessions.minute_of_day)), "minute_of_day")


def interval(rows, given, folder):
    lines = [f"{row['participant_id']},{row['started_at']},60" for row in rows]
    path = folder / "sessions.csv"
    path.write_text("\n".join(["participant_id,started_at,volume_ml", *lines]), encoding="utf-8")
    study_file = folder / "study.toml"
    study_file.write_text(
        f'[study]\nname = "worked"\ntimezone = "{given["timezone"]}"\n[[source]]\nfiles = "*.csv"\n',
        encoding="utf-8",
    )
    store = folder / "store.duckdb"
    run.ingest([folder], study_file, store)
    names = {code(row["participant_id"]): row["participant_id"] for row in rows}
    kept = [row | {"participant_id": names[row["participant_id"]]} for row in stored(store, "sessions")]
    return sorted(kept, key=lambda row: (row["participant_id"], row["day_in_study"], row["minute_of_day"]))


def days(rows, _given, _folder):
    expression = daily(with_outcomes(table(rows), LOW_OUTPUT_ML), SETTINGS)
    return listed(expression, "participant_id", "day_in_study")


def person(rows, _given, _folder):
    return listed(per_participant(with_outcomes(table(rows), LOW_OUTPUT_ML)), "participant_id")


def coming_to_volume(rows, _given, _folder):
    return listed(came_to_volume(table(rows), SETTINGS), "participant_id")


def split(rows, _given, _folder):
    frame = within_between(pd.DataFrame(rows), "stress", "participant_id", "day_in_study")
    return frame.rename(columns={"stress_between": "between", "stress_within": "within"}).to_dict("records")


def joined_answers(rows, given, _folder):
    answers = pd.DataFrame([row for row in rows if row["entry"] == "answer"])
    answers = answers.assign(factor="stress", source_id="file", source_row=range(len(answers)), value="")
    answers = answers.assign(value_number=1.0, instrument="diary")
    logged = pd.DataFrame([row for row in rows if row["entry"] == "session"])
    windows = recall(given["days_asked"])
    window = windows.describes if given["joined"] == "description" else windows.possible_cause
    placed = in_days(with_turn(ibis.memtable(answers), CODEBOOK.instruments), window.first, window.last)
    return listed(joined(placed, ibis.memtable(logged), ["factor"]))


def questionnaire(rows, given, _folder):
    instrument = CODEBOOK.instruments[given["instrument"]]
    return [{"total": instrument.total([row["answer"] for row in rows])}]


def log_habits(rows, _given, _folder):
    return listed(habits(table(rows), SETTINGS))


def log_doubts(rows, _given, _folder):
    """Sessions of a day at odd times, some hours apart."""
    begin, places = 0, {}
    for number, row in enumerate(rows):
        day = row["day_in_study"]
        place = places[day] = places.get(day, -1) + 1
        row["minute_of_day"] = 400 + 170 * place + (7 * day + 13 * place) % 37
        started = 1440 * day + row["minute_of_day"]
        row["interval_hours"] = (started - begin) / 60 if number else None
        begin = started
    return listed(doubts(habits(table(rows), SETTINGS), SETTINGS))


def as_text(rows: list[dict]) -> str:
    """Rows as the text table that they came from; "" for none."""
    words = {None: "-", True: "yes", False: "no"}
    lines = [list(row) for row in rows[:1]]
    lines += [
        [
            words[value] if value is None or value is True or value is False else str(value)
            for value in row.values()
        ]
        for row in rows
    ]
    return "\n".join(" ".join(line) for line in lines)


RULES_OF = {"nipple_damage": (severe_pain, signs.damaged_nipples)}


def sign(name: str) -> Callable:
    """The episodes of one sign that list a person; sessions of a day follow each other by the hour.

    Rows that name a factor are answers, all others sessions.
    """

    def episodes(rows, given, _folder):
        answers = [row for row in rows if "factor" in row]
        rows = [row for row in rows if "factor" not in row]
        minutes: dict[int, int] = {}
        for row in rows:
            day = row["day_in_study"]
            minutes[day] = minutes.get(day, 420) + 60
            row["minute_of_day"] = minutes[day]
        return [
            {**each.numbers, "first_day": each.first_day, "last_day": each.last_day, "state": each.state}
            for rule in RULES_OF.get(name) or (getattr(signs, name),)
            for each in found(rule, study(rows, as_text(answers), people={"A": given}))
            if each.lists
        ]

    return episodes


def verdicts(rows, given, _folder):
    names = ("log_ratio", "standard_error", "degrees_of_freedom")
    told = [verdict(*(row[name] for name in names), given["smallest"], row["q"]) for row in rows]
    return [row | {"verdict": word, "detail": detail} for row, (word, detail) in zip(rows, told, strict=True)]


def e_values(rows, _given, _folder):
    told = [e_value(row["ratio"], row["low"], row["high"]) for row in rows]
    return [row | {"point": point, "limit": limit} for row, (point, limit) in zip(rows, told, strict=True)]


METRICS = {
    "outcomes": outcomes,
    "shares": both_shares,
    "flow": outcomes,
    "interval": interval,
    "time_of_day": time_of_day,
    "days": days,
    "person": person,
    "coming_to_volume": coming_to_volume,
    "within_between": split,
    "recall": joined_answers,
    "questionnaire": questionnaire,
    "habits": log_habits,
    "doubts": log_doubts,
    "verdict": verdicts,
    "e_value": e_values,
}


def compute(definition: Definition) -> Callable:
    """What computes a definition."""
    return sign(definition.sign) if definition.metric == "sign" else METRICS[definition.metric]


def same(computed, expected) -> bool:
    if expected is None:
        return computed is None or (isinstance(computed, float) and math.isnan(computed))
    if isinstance(expected, (int, float)) and not isinstance(expected, bool):
        return computed is not None and math.isclose(computed, expected, rel_tol=1e-4, abs_tol=1e-9)
    return bool(computed == expected)


def differences(computed: list[dict], expected: list[dict]) -> Iterator[str]:
    if len(computed) != len(expected):
        yield f"{len(computed)} rows instead of {len(expected)}: {computed}"
        return
    for number, (row, wanted) in enumerate(zip(computed, expected, strict=True), start=1):
        for name, value in wanted.items():
            if not same(row[name], value):
                yield f"row {number}, {name}: {row[name]} instead of {value}"


@pytest.fixture(autouse=True)
def key(monkeypatch):
    monkeypatch.setenv("LACTOSCOPE_KEY", KEY)


@pytest.mark.parametrize(("definition", "example"), CASES)
def test_a_worked_example_comes_out_as_it_is_shown(definition: Definition, example: Example, tmp_path):
    computed = compute(definition)(rows_of(example.goes_in), dict(example.given or {}), tmp_path)
    assert [*differences(computed, rows_of(example.comes_out))] == []


def test_a_wrong_example_would_be_seen():
    assert [*differences([{"total": 11}], [{"total": 12}])] and [
        *differences([{"total": 0}], [{"total": None}])
    ]


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("volume_ml duration_min", "volume_ml length", "no words for the column 'length'"),
        ("5             60        0\n", "5             60\n", "too few or too many cells"),
        ('settings = ["outcomes.low_output_ml"]', 'settings = ["outcomes.lowest"]', "unknown threshold"),
        ('settings = ["outcomes.low_output_ml"]\n', "", "not under settings"),
    ],
)
def test_a_definition_that_contradicts_itself_is_refused_with_its_name(tmp_path, old, new, words):
    for path in DEFINITIONS.glob("*.toml"):
        text = path.read_text(encoding="utf-8")
        (tmp_path / path.name).write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(DataFileError, match=words):
        load_definitions(tmp_path)
