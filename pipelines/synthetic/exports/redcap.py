"""The questionnaires as a raw REDCap export: a sparse long file, and the project's data dictionary."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from pipelines.redcap_dictionary import dictionary_csv
from pipelines.synthetic.cohort import Cohort
from pipelines.synthetic.exports.base import ExportFile, to_csv
from pipelines.synthetic.exports.redcap_fields import CODES, ITEMS, fields
from pipelines.synthetic.forms import Forms, Scale, answer_forms
from pipelines.synthetic.recipe import Recipe, random_stream

DATA_FILE = "redcap/questionnaires.csv"
DICTIONARY_FILE = "redcap/dictionary.csv"
SYSTEM = ("record_id", "redcap_event_name", "redcap_repeat_instrument", "redcap_repeat_instance")
MEDICINES = ("dd_meds___1", "dd_meds___2", "dd_meds___3", "dd_meds____99", "dd_meds____77")
SKIPPED_MEDICINES = "dd_meds____77"


def dictionary_file() -> ExportFile:
    """The data dictionary as REDCap lets one download it."""
    return ExportFile(DICTIONARY_FILE, dictionary_csv(fields()).encode())


def columns() -> list[str]:
    """Header of the data file: REDCap's own columns, then each form's fields and its status."""
    names: list[str] = list(SYSTEM)
    form = ""
    for field in fields():
        if form and field.form != form:
            names.append(f"{form}_complete")
        form = field.form
        if field.name != "record_id":
            names += MEDICINES if field.type == "checkbox" else [field.name]
    return [*names, f"{form}_complete"]


def _code(values: pd.Series, factor: str) -> np.ndarray:
    """Our levels in the project's codes; yes and no as 1 and 0."""
    back = (
        {ours: theirs for theirs, ours in CODES[factor].items()}
        if factor in CODES
        else {"yes": "1", "no": "0"}
    )
    return values.map(back).fillna("").to_numpy(dtype=object)


def _flag(values: pd.Series) -> np.ndarray:
    return np.where(values, "1", "0").astype(object)


def _whole(values: np.ndarray) -> np.ndarray:
    values = np.asarray(values, dtype=float)
    return np.array(["" if np.isnan(value) else str(int(value)) for value in values], dtype=object)


class _Blanks:
    """Leaves single answers out: a missing code of the project, or nothing."""

    def __init__(self, cohort: Cohort, random: np.random.Generator) -> None:
        self.codes = np.array(cohort.recipe["forms"]["missing_codes"], dtype=object)
        self.share = cohort.recipe["forms"]["item_missing"]
        self.random = random

    def spoil(self, answers: np.ndarray, missing: np.ndarray | None = None) -> np.ndarray:
        """The answers, with a code where one is missing; `missing` decides which, else chance."""
        lost = self.random.random(answers.shape) < self.share if missing is None else missing
        return np.where(lost, self.random.choice(self.codes, answers.shape), answers)


def _scale(
    prefix: str, total: str, scale: Scale, written: np.ndarray, blanks: _Blanks
) -> dict[str, np.ndarray]:
    """A questionnaire's items as printed and its calculated total, which is blank when an item is missing."""
    answers = blanks.spoil(written.astype(str).astype(object), scale.missing)
    items = {f"{prefix}{item + 1}": answers[:, item] for item in range(answers.shape[1])}
    return items | ({total: _whole(scale.total)} if total else {})


def _iso(dates: np.ndarray) -> np.ndarray:
    return dates.astype("datetime64[D]").astype(str).astype(object)


def baseline_rows(cohort: Cohort, forms: Forms, blanks: _Blanks, random: np.random.Generator) -> pd.DataFrame:
    """One row a person: names and dates that must not stay, background, conditions, PSS-4 and BSES-SF."""
    people, words = cohort.people, cohort.recipe["log"]["words"]
    size = len(people)
    given, family = random.choice(words["given_names"], size), random.choice(words["family_names"], size)
    mail = [
        f"{first}.{last}{number}@example.com".lower()
        for number, (first, last) in enumerate(zip(given, family, strict=True), start=1)
    ]
    coded = {
        "births": "parity",
        "age_group": "maternal_age_band",
        "how_born": "birth_mode",
        "fed_how": "feeding_mode",
        "paid_work": "work_status",
        "shield": "flange_fit",
        "tissue": "breast_hypoplasia",
        "operation": "breast_surgery",
        "thy": "hypothyroidism",
        "ovary": "pcos",
        "contra": "hormonal_contraceptive",
        "boosters": "galactagogue",
        "porridge_daily": "oats",
    }
    answers = {column: blanks.spoil(_code(people[factor], factor)) for column, factor in coded.items()}
    content: dict[str, np.ndarray] = {
        "redcap_event_name": np.full(size, "enrolment_arm_1", dtype=object),
        "enrol_date": _iso(people["start_date"].to_numpy()),
        "delivery_date": _iso(people["birth_date"].to_numpy()),
        "given_name": given,
        "family_name": family,
        "mail_to": np.array(mail, dtype=object),
        "study_group": people["group"].to_numpy(dtype=object),
        "weeks_at_delivery": blanks.spoil(_whole(people["gestational_age_weeks"].to_numpy())),
        "main_pump": blanks.spoil(_code(people["main_pump"], "pump_type")),
        "odd_number": _code(people["placebo_person"], "placebo_person"),
        **answers,
        **_scale("pss4_", "pss4_sum", forms.baseline["pss4"], forms.baseline["pss4"].written, blanks),
        **_scale("bses_", "bses_sum", forms.baseline["bses"], forms.baseline["bses"].written, blanks),
        "enrolment_complete": np.full(size, "2", dtype=object),
    }
    return pd.DataFrame(content).assign(person=np.arange(size), order=0)


def _diary_columns(cohort: Cohort, entries: pd.DataFrame, blanks: _Blanks) -> dict[str, np.ndarray]:
    days = cohort.recipe.days
    row = entries["person"].to_numpy() * days + np.minimum(entries["study_day"].to_numpy(), days - 1)
    day = cohort.days.iloc[row].reset_index(drop=True)
    random = blanks.random
    measured = random.random(len(day)) < cohort.recipe["forms"]["temperature_measured"]
    feverish = (day["temperature_c"] >= cohort.recipe["signs"]["fever"]).to_numpy()
    nursed = cohort.feeds.groupby(["person", "study_day"]).size()
    pairs = pd.MultiIndex.from_arrays([entries["person"], entries["study_day"]])
    numbers = {
        "dd_tension": day["stress"].astype(str),
        "dd_sore": day["breast_pain"].astype(str),
        "dd_slept": day["sleep_hours"].map("{:g}".format),
        "dd_drunk": day["fluid_litres"].map("{:g}".format),
        "dd_dry": day["nothing_came"].astype(str),
        "dd_nursed": pd.Series(nursed.reindex(pairs).fillna(0).to_numpy().astype(int)).astype(str),
    }
    ticks = {
        "dd_full": "engorgement",
        "dd_lumpy": "blocked_duct",
        "dd_patch": "breast_redness",
        "dd_told_infection": "mastitis_signs",
        "dd_shivers": "ill_shivery",
    }
    must = _course_entries(cohort, entries)
    lost = {name: (random.random(len(day)) < blanks.share) & ~must for name in (*numbers, *ticks)}
    answers = {
        name: blanks.spoil(values.to_numpy(dtype=object), lost[name]) for name, values in numbers.items()
    }
    answers |= {column: blanks.spoil(_flag(day[state]), lost[column]) for column, state in ticks.items()}
    degrees = day["temperature_c"].map("{:.1f}".format).to_numpy(dtype=object)
    answers["dd_degrees"] = np.where(measured | feverish, degrees, "")
    answers["dd_felt_it"] = blanks.spoil(_code(day["let_down_felt"], "let_down_felt"))
    return answers | _medicines(day, blanks)


def _course_entries(cohort: Cohort, entries: pd.DataFrame) -> np.ndarray:
    """Entries of persons with a planted course of the diary: theirs are complete."""
    told = [
        course.person
        for course in cohort.courses
        if course.sign in ("breast_infection", "unresolved_fullness")
    ]
    return entries["person"].isin(told).to_numpy()


def _medicines(day: pd.DataFrame, blanks: _Blanks) -> dict[str, np.ndarray]:
    """Checkboxes: 0 or 1 always; a missing answer ticks the code's own box and leaves all others at 0."""
    random, size = blanks.random, len(day)
    lost = random.random(size) < blanks.share
    code = random.random(size) < 0.5
    antibiotic = day["mastitis_signs"].to_numpy() & (random.random(size) < 0.5)
    painkiller = random.random(size) < 0.08
    taken = (day["decongestant"].to_numpy(), antibiotic, painkiller)
    answers = {
        name: _flag(pd.Series(ticked & ~lost)) for name, ticked in zip(MEDICINES[:3], taken, strict=True)
    }
    return answers | {
        MEDICINES[3]: _flag(pd.Series(lost & code)),
        MEDICINES[4]: _flag(pd.Series(lost & ~code)),
    }


def _only(answers: Mapping[str, np.ndarray], asked: np.ndarray) -> dict[str, np.ndarray]:
    """Answers where a part was filled in. A skipped part ticks its checkbox's code for that; boxes are never empty."""
    skipped = {name: "1" if name == SKIPPED_MEDICINES else "0" for name in MEDICINES}
    return {name: np.where(asked, values, skipped.get(name, "")) for name, values in answers.items()}


def entry_rows(cohort: Cohort, forms: Forms, blanks: _Blanks) -> pd.DataFrame:
    """One row an evening entry, an instance of the repeating form; parts that were not answered stay empty."""
    entries = forms.entries
    person, study_day = entries["person"].to_numpy(), entries["study_day"].to_numpy()
    start = cohort.people["start_date"].to_numpy().astype("datetime64[D]")[person]
    sleep, worry, strain = (forms.scales[name] for name in ("sleep4", "gad2", "pss10"))
    scores = np.array([np.nan, *cohort.recipe["forms"]["sleep_t_scores"]])
    place = np.where(np.isnan(sleep.total), 0, sleep.total - 3).astype(int)
    t_score = np.array(["" if np.isnan(score) else f"{score:g}" for score in scores[place]], dtype=object)
    weekly = {
        **_scale("wk_sleep_", "", sleep, sleep.scored, blanks),
        "wk_sleep_t": t_score,
        **_scale("wk_worry_", "wk_worry_sum", worry, worry.written, blanks),
    }
    fortnight = {
        "fn_mood_sum": _whole(entries["distress_score"].to_numpy()),
        "fn_mood_10": _whole(entries["distress_item_10"].to_numpy()),
        **_scale("fn_pss10_", "fn_pss10_sum", strain, strain.written, blanks),
    }
    content = {
        "redcap_event_name": np.full(len(entries), "follow_up_arm_1", dtype=object),
        "redcap_repeat_instrument": np.full(len(entries), "evening_entry", dtype=object),
        "redcap_repeat_instance": (entries.groupby("person").cumcount() + 1)
        .astype(str)
        .to_numpy(dtype=object),
        "dd_date": _iso(start + study_day),
        **_only(_diary_columns(cohort, entries, blanks), entries["diary"].to_numpy()),
        **_only(weekly, entries["weekly"].to_numpy()),
        **_only(fortnight, entries["fortnight"].to_numpy()),
        "evening_entry_complete": np.where(entries["diary"], "2", "1").astype(object),
    }
    return pd.DataFrame(content).assign(person=person, order=1)


def leaving_rows(cohort: Cohort, random: np.random.Generator) -> pd.DataFrame:
    """One row for each person who withdrew."""
    left = cohort.people.index[cohort.people["withdrawn_day"].notna()].to_numpy()
    start = cohort.people["start_date"].to_numpy().astype("datetime64[D]")[left]
    day = cohort.people["withdrawn_day"].to_numpy()[left].astype(int)
    return pd.DataFrame(
        {
            "redcap_event_name": np.full(len(left), "leaving_arm_1", dtype=object),
            "left_on": _iso(start + day),
            "left_why": random.integers(1, 5, len(left)).astype(str).astype(object),
            "leaving_complete": np.full(len(left), "2", dtype=object),
            "person": left,
            "order": 2,
        }
    )


def questionnaire_table(cohort: Cohort, forms: Forms | None = None) -> pd.DataFrame:
    """The whole export as text cells, record by record, empty where nothing was asked or answered."""
    forms = forms or answer_forms(cohort)
    random = random_stream(cohort.seed, "forms", 1)
    blanks = _Blanks(cohort, random)
    rows = pd.concat(
        [
            baseline_rows(cohort, forms, blanks, random),
            entry_rows(cohort, forms, blanks),
            leaving_rows(cohort, random),
        ],
        ignore_index=True,
    ).sort_values(["person", "order"], kind="stable")
    rows["record_id"] = cohort.people["participant"].to_numpy()[rows["person"]]
    table = rows.reindex(columns=columns())
    # REDCap writes 0 into every checkbox, also on rows that never showed it.
    table[list(MEDICINES)] = table[list(MEDICINES)].fillna("0")
    return table.fillna("").reset_index(drop=True)


def answer_counts(recipe: Recipe, table: pd.DataFrame) -> dict[str, int]:
    """How many answers each mapped factor has: cells that are neither empty nor a missing code."""
    codes = ["", *recipe["forms"]["missing_codes"]]
    skipped = (table[list(MEDICINES[3:])] == "1").any(axis=1) | (table["evening_entry_complete"] == "")
    counts = {}
    for factor, column in ITEMS.items():
        if factor == "date":
            continue
        known = ~skipped if column in MEDICINES else ~table[column].isin(codes)
        counts[factor] = int(known.sum())
    return counts


def redcap_files(table: pd.DataFrame) -> list[ExportFile]:
    """The data file and the data dictionary."""
    content = to_csv(list(table.columns), table.to_numpy(dtype=object).tolist())
    return [ExportFile(DATA_FILE, content, (None,) * len(table)), dictionary_file()]
