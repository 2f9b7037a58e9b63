"""PiyoLog's text export: one file a month, days one under the other, in the app's language."""

import datetime
from dataclasses import dataclass

import numpy as np
import pandas as pd

from pipelines.synthetic.cohort import Cohort
from pipelines.synthetic.exports.base import ExportFile, amounts, parts, session_keys

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sept", "Oct", "Nov", "Dec")
DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
DAYS_JA, DAYS_ZH = "月火水木金土日", "一二三四五六日"
GAP = "   "
RULE = "----------"


@dataclass(frozen=True)
class Language:
    """The words of one interface language; `pumping` is empty where the app has no word for it."""

    code: str
    pumping: str
    milk: str
    formula: str
    nursing: str
    nappy: str
    asleep: str

    def month_title(self, day: datetime.date) -> str:
        """First line of a monthly file."""
        return {
            "en": f"[PiyoLog]{MONTHS[day.month - 1]} {day.year}",
            "ja": f"【ぴよログ】{day.year}年{day.month}月",
            "zh": f"[Piyo日志]{day.year}年{day.month}月",
        }[self.code]

    def day_title(self, day: datetime.date) -> str:
        """First line of a day."""
        weekday = day.weekday()
        return {
            "en": f"{DAYS[weekday]}, {day.day} {MONTHS[day.month - 1]} {day.year}",
            "ja": f"{day.year}/{day.month}/{day.day}({DAYS_JA[weekday]})",
            "zh": f"{day.year}年{day.month}月{day.day}日 周{DAYS_ZH[weekday]}",
        }[self.code]

    def age(self, name: str, days: int) -> str:
        """The baby's name and age."""
        months, rest = divmod(days, 30)
        return {
            "en": f"{name} ({months}m {rest}d old)",
            "ja": f"{name} ({months // 12}歳{months % 12}か月{rest}日)",
            "zh": f"{name}  ({months // 12}岁{months % 12}月{rest}日)",
        }[self.code]

    def sides(self, minutes: int) -> str:
        """Minutes of nursing on both sides."""
        return {
            "en": f"L {minutes}m / R {minutes}m",
            "ja": f"左{minutes}分 / 右{minutes}分",
            "zh": f"左 {minutes}分钟 / 右 {minutes}分钟",
        }[self.code]

    def totals(self, nursed: int, bottles: int, given: int) -> list[str]:
        """The day's sums below its events; they are no events."""
        return {
            "en": [
                f"Total Breastfeeding time{GAP}  L {nursed}m / R {nursed}m",
                f"Expressed Breast Milk total  {bottles}times {given}ml",
            ],
            "ja": [f"母乳合計 左 {nursed}分 / 右 {nursed}分", f"搾母乳合計 {bottles}回 {given}ml"],
            "zh": [f"母乳共  左 {nursed}分钟 / 右 {nursed}分钟", f"瓶喂母乳共  {bottles}times {given}ml"],
        }[self.code]


LANGUAGES = (
    Language("en", "Pumping", "Expressed Breast Milk", "Formula", "Nursing", "Pee", "Sleep"),
    Language("ja", "搾乳", "搾母乳", "ミルク", "母乳", "おしっこ", "寝る"),
    Language("zh", "", "瓶喂母乳", "配方奶", "母乳", "尿尿", "睡觉"),
)
LANGUAGE_SHARES = (0.7, 0.2, 0.1)


def _event_text(event, language: Language) -> str:
    if event.kind == "bottle":
        return f"{language.formula if event.formula else language.milk} {event.amount}ml"
    if event.kind == "breast":
        return f"{language.nursing} {language.sides(int(event.amount) // 4 + 1)}"
    return language.nappy if event.kind == "nappy" else language.asleep


def _lines(participant: str, log: pd.DataFrame, events: pd.DataFrame, language: Language) -> pd.DataFrame:
    """Every line about something that happened: started_at, text, key (None unless it is a session)."""
    milk = amounts(log["total"], log["unit"])
    pumping = [f"{language.pumping} {amount}".strip() for amount in milk]
    sessions = pd.DataFrame(
        {
            "started_at": log["started_at"].to_numpy(),
            "text": pumping,
            "key": pd.Series(session_keys(participant, log), dtype=object),
            "note": log["note"].to_numpy(),
        }
    )
    rest = pd.DataFrame(
        {
            "started_at": events["started_at"].to_numpy(),
            "text": [_event_text(event, language) for event in events.itertuples()],
            "key": None,
            "note": "",
        }
    )
    return pd.concat([sessions, rest], ignore_index=True).sort_values(
        "started_at", kind="stable", ignore_index=True
    )


def _day_text(
    day: datetime.date, lines: pd.DataFrame, events: pd.DataFrame, language: Language, age: str
) -> list[str]:
    out = [RULE, language.day_title(day), age, ""]
    out += [f"{entry.started_at:%H:%M}{GAP}{entry.text}{GAP}" for entry in lines.itertuples()]
    bottles = events[(events["kind"] == "bottle") & ~events["formula"]]
    nursed = int(sum(int(amount) // 4 + 1 for amount in events.loc[events["kind"] == "breast", "amount"]))
    out += ["", *language.totals(nursed, len(bottles), int(bottles["amount"].sum()))]
    diary = [note for note in lines["note"] if note]
    return [*out, *(["", *diary] if diary else []), ""]


def _month_files(
    cohort: Cohort,
    person: int,
    log: pd.DataFrame,
    events: pd.DataFrame,
    language: Language,
    baby: str,
    ending: str,
) -> list[ExportFile]:
    participant = cohort.people["participant"].iloc[person]
    birth = pd.Timestamp(cohort.people["birth_date"].iloc[person])
    lines = _lines(participant, log, events, language)
    files = []
    for month, inside in lines.groupby(lines["started_at"].dt.to_period("M")):
        first = inside["started_at"].iloc[0].date()
        text = [language.month_title(first), ""]
        for day, entries in inside.groupby(inside["started_at"].dt.normalize()):
            same_day = events[events["started_at"].dt.normalize() == day]
            age = language.age(baby, (day - birth).days)
            text += _day_text(day.date(), entries, same_day, language, age)
        path = f"piyolog/{participant}/{month}{ending}.txt"
        files.append(ExportFile(path, ("\n".join(text) + "\n").encode(), tuple(inside["key"])))
    return files


def piyolog_files(
    cohort: Cohort, log: pd.DataFrame, events: pd.DataFrame, habits: pd.DataFrame, random: np.random.Generator
) -> list[ExportFile]:
    """One folder a person, one file a month; a second export repeats some days of the first."""
    files = []
    days = cohort.recipe["log"]["re_export_days"]
    events_of = dict(list(events.groupby("person")))
    for person, own in log.groupby("person"):
        language = LANGUAGES[random.choice(len(LANGUAGES), p=LANGUAGE_SHARES)]
        baby = str(random.choice(cohort.recipe["log"]["words"]["baby_names"]))
        if not language.pumping:
            own = own[own["total"].notna()]  # a line with a time alone would say nothing
        exports = parts(own, habits["second_from"].iloc[person], days)
        for place, part in enumerate(exports):
            mine = events_of.get(person, events.iloc[:0])
            first, last = part["started_at"].min().normalize(), part["started_at"].max().normalize()
            mine = mine[mine["started_at"].dt.normalize().between(first, last)]
            ending = "" if place == 0 else "_later"
            files += _month_files(cohort, int(person), part, mine, language, baby, ending)
    return files
