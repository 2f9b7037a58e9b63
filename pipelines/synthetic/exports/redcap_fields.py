"""The REDCap project of the synthetic study: its fields, and how its codes become ours."""

from pipelines.redcap_dictionary import Field, choices

# Columns and codes differ from ours on purpose: a real project's do.
CODES: dict[str, dict[str, str]] = {
    "maternal_age_band": {
        "1": "under_20",
        "2": "20_24",
        "3": "25_29",
        "4": "30_34",
        "5": "35_39",
        "6": "40_plus",
    },
    "parity": {"1": "first_birth", "2": "later_birth"},
    "flange_fit": {"1": "too_small", "2": "good", "3": "too_large"},
    "breast_hypoplasia": {"0": "none", "1": "suspected", "2": "told_by_clinician"},
    "hypothyroidism": {"0": "none", "1": "treated", "2": "untreated"},
    "breast_surgery": {"0": "none", "1": "reduction", "2": "enlargement", "9": "other"},
    "birth_mode": {"1": "vaginal", "2": "caesarean_planned", "3": "caesarean_urgent"},
    "feeding_mode": {"1": "pump_only", "2": "mostly_pump", "3": "half_half", "4": "mostly_breast"},
    "work_status": {"0": "not_working", "1": "part_time", "2": "full_time"},
    "pump_type": {
        "1": "electric_double",
        "2": "electric_single",
        "3": "hospital_grade",
        "4": "wearable",
        "5": "manual",
    },
    "hormonal_contraceptive": {"0": "none", "1": "progestin_only", "2": "combined"},
    "galactagogue": {"0": "none", "1": "herb_or_tea", "2": "medicine"},
    "let_down_felt": {"1": "yes", "2": "unsure", "3": "no"},
    "withdrawn": {"1": "yes", "2": "yes", "3": "yes", "4": "yes"},
}
YES_NO = {"0": "no", "1": "yes"}

# Our factor to their column, where a person answers it once.
BASELINE_ITEMS = {
    "parity": "births",
    "maternal_age_band": "age_group",
    "gestational_age_weeks": "weeks_at_delivery",
    "birth_mode": "how_born",
    "feeding_mode": "fed_how",
    "work_status": "paid_work",
    "flange_fit": "shield",
    "pump_type": "main_pump",
    "breast_hypoplasia": "tissue",
    "breast_surgery": "operation",
    "hypothyroidism": "thy",
    "pcos": "ovary",
    "hormonal_contraceptive": "contra",
    "galactagogue": "boosters",
    "oats": "porridge_daily",
    "placebo_person": "odd_number",
    "breastfeeding_confidence": "bses_sum",
}
DIARY_ITEMS = {
    "date": "dd_date",
    "stress": "dd_tension",
    "breast_pain": "dd_sore",
    "sleep_hours": "dd_slept",
    "fluid_litres": "dd_drunk",
    "engorgement": "dd_full",
    "blocked_duct": "dd_lumpy",
    "breast_redness": "dd_patch",
    "mastitis_signs": "dd_told_infection",
    "temperature_c": "dd_degrees",
    "ill_shivery": "dd_shivers",
    "decongestant": "dd_meds___1",
    "let_down_felt": "dd_felt_it",
    "feeds_at_breast": "dd_nursed",
    "nothing_came": "dd_dry",
    "sleep_disturbance": "wk_sleep_t",
    "anxiety": "wk_worry_sum",
    "distress_score": "fn_mood_sum",
}
# Totals under names of their own, which do not say what questionnaire they are of.
TOTALS = {"anxiety": "gad2", "sleep_disturbance": "promis_sleep_4a", "distress_score": "epds"}
# Whoever gave a reason for leaving has left.
LEAVING_ITEMS = {"withdrawn": "left_why"}
ITEMS = BASELINE_ITEMS | DIARY_ITEMS | LEAVING_ITEMS
YES_NO_FACTORS = (
    "pcos",
    "oats",
    "placebo_person",
    "engorgement",
    "blocked_duct",
    "breast_redness",
    "mastitis_signs",
    "ill_shivery",
    "decongestant",
)


def _radio(name: str, form: str, label: str, codes: dict[str, str]) -> Field:
    return Field(name, form, "radio", label, choices(codes.items()))


def _text(
    name: str, form: str, label: str, validation: str = "", low: str = "", high: str = "", **more
) -> Field:
    return Field(name, form, "text", label, "", validation, low, high, **more)


def _items(
    prefix: str, count: int, form: str, label: str, low: int, high: int, branching: str = ""
) -> list[Field]:
    points = choices((str(point), str(point)) for point in range(low, high + 1))
    return [
        Field(f"{prefix}{item}", form, "radio", f"{label}, item {item}", points, branching=branching)
        for item in range(1, count + 1)
    ]


def _sum(name: str, form: str, label: str, prefix: str, count: int) -> Field:
    parts = ", ".join(f"[{prefix}{item}]" for item in range(1, count + 1))
    return Field(name, form, "calc", label, f"sum({parts})")


def _baseline() -> list[Field]:
    form = "enrolment"
    yes_no = {"0": "No", "1": "Yes"}
    radios = {
        "age_group": ("Age of the mother", CODES["maternal_age_band"]),
        "births": ("First birth or not", CODES["parity"]),
        "how_born": ("Kind of birth", CODES["birth_mode"]),
        "fed_how": ("How the baby is fed", CODES["feeding_mode"]),
        "paid_work": ("Paid work", CODES["work_status"]),
        "shield": ("Size of the breast shield", CODES["flange_fit"]),
        "main_pump": ("Main pump", CODES["pump_type"]),
        "tissue": ("Little breast tissue", CODES["breast_hypoplasia"]),
        "operation": ("Operation on the breast", CODES["breast_surgery"]),
        "thy": ("Underactive thyroid", CODES["hypothyroidism"]),
        "ovary": ("Polycystic ovaries", yes_no),
        "contra": ("Contraception", CODES["hormonal_contraceptive"]),
        "boosters": ("Taken to raise milk", CODES["galactagogue"]),
        "porridge_daily": ("Oats eaten for the milk", yes_no),
        "odd_number": ("Study number is odd", yes_no),
    }
    return [
        _text("record_id", form, "Study number"),
        _text("enrol_date", form, "Day of enrolment", "date_dmy"),
        _text("delivery_date", form, "Day of delivery", "date_dmy", identifier=True),
        _text("given_name", form, "Given name", identifier=True),
        _text("family_name", form, "Family name", identifier=True),
        _text("mail_to", form, "E-mail address", "email", identifier=True),
        _text("study_group", form, "Group"),
        _text("weeks_at_delivery", form, "Completed weeks at birth", "integer", "22", "44"),
        *(_radio(name, form, label, codes) for name, (label, codes) in radios.items()),
        *_items("pss4_", 4, form, "PSS-4", 0, 4),
        _sum("pss4_sum", form, "PSS-4 total (items 2 and 3 turned)", "pss4_", 4),
        *_items("bses_", 14, form, "BSES-SF", 1, 5),
        _sum("bses_sum", form, "BSES-SF total", "bses_", 14),
    ]


def _diary() -> list[Field]:
    form = "evening_entry"
    yes_no = {"0": "No", "1": "Yes"}
    ticks = {
        "dd_full": "Fullness that milk removal did not ease",
        "dd_lumpy": "A tender lump that stays",
        "dd_patch": "A red patch",
        "dd_told_infection": "Told or noticed a breast infection",
        "dd_shivers": "Ill or shivery",
    }
    weekly = "mod([redcap_repeat_instance], 7) = 1"
    return [
        _text("dd_date", form, "Day of this entry", "date_dmy"),
        _text("dd_tension", form, "Tension today", "integer", "0", "10"),
        _text("dd_sore", form, "Worst breast pain today", "integer", "0", "10"),
        _text("dd_slept", form, "Hours slept", "number", "0", "24"),
        _text("dd_drunk", form, "Litres drunk", "number", "0", "15"),
        *(_radio(name, form, label, yes_no) for name, label in ticks.items()),
        _text("dd_degrees", form, "Highest temperature, degrees C", "number", "30", "45"),
        Field(
            "dd_meds", form, "checkbox", "New medicine", "1, cold medicine | 2, antibiotic | 3, painkiller"
        ),
        _radio("dd_felt_it", form, "Felt milk let down", CODES["let_down_felt"]),
        _text("dd_nursed", form, "Feeds at the breast", "integer", "0", "40"),
        _text("dd_dry", form, "Times nothing came", "integer", "0", "20"),
        *_items("wk_sleep_", 4, form, "PROMIS Sleep Disturbance 4a, scored", 1, 5, weekly),
        Field("wk_sleep_t", form, "calc", "PROMIS Sleep Disturbance 4a, T score", "lookup"),
        *_items("wk_worry_", 2, form, "GAD-2", 0, 3, weekly),
        _sum("wk_worry_sum", form, "GAD-2 total", "wk_worry_", 2),
        _text("fn_mood_sum", form, "EPDS total", "integer", "0", "30"),
        _text("fn_mood_10", form, "EPDS item 10, scored", "integer", "0", "3"),
        *_items("fn_pss10_", 10, form, "PSS-10", 0, 4),
        _sum("fn_pss10_sum", form, "PSS-10 total (items 4, 5, 7 and 8 turned)", "fn_pss10_", 10),
    ]


def _leaving() -> list[Field]:
    form = "leaving"
    reasons = {"1": "stopped pumping", "2": "no time", "3": "moved away", "4": "other"}
    return [
        _text("left_on", form, "Day of withdrawal", "date_dmy"),
        _radio("left_why", form, "Reason", reasons),
    ]


def fields() -> list[Field]:
    """The whole data dictionary, in the order of the forms."""
    return [*_baseline(), *_diary(), *_leaving()]
