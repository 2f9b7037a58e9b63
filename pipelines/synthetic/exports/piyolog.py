"""PiyoLog's text export: one file a month, days one under the other, in the app's language."""

import datetime
from collections.abc import Hashable
from dataclasses import dataclass
from itertools import groupby
from typing import Any

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


@dataclass(frozen=True)
class Line:
    """One line about something that happened; `key` is None unless it is a session."""

    started_at: datetime.datetime
    text: str
    key: Hashable | None = None
    note: str = ""
    nursed: int = 0
    given: int = 0


def _event_line(event: Any, language: Language) -> Line:
    started_at, amount = event.started_at.to_pydatetime(), int(event.amount)
    if event.kind == "bottle":
        milk = language.formula if event.formula else language.milk
        return Line(started_at, f"{milk} {amount}ml", given=0 if event.formula else amount)
    if event.kind == "breast":
        return Line(
            started_at, f"{language.nursing} {language.sides(amount // 4 + 1)}", nursed=amount // 4 + 1
        )
    return Line(started_at, language.nappy if event.kind == "nappy" else language.asleep)


def _lines(participant: str, log: pd.DataFrame, events: pd.DataFrame, language: Language) -> list[Line]:
    """Everything that happened, in order of time."""
    milk = amounts(log["total"], log["unit"])
    starts = log["started_at"].dt.to_pydatetime()
    sessions = [
        Line(start, f"{language.pumping} {amount}".strip(), key, note)
        for start, amount, key, note in zip(
            starts, milk, session_keys(participant, log), log["note"], strict=True
        )
    ]
    return sorted(
        [*sessions, *(_event_line(event, language) for event in events.itertuples())],
        key=lambda line: line.started_at,
    )


def _day_text(day: datetime.date, lines: list[Line], language: Language, age: str) -> list[str]:
    given = [line.given for line in lines if line.given]
    diary = [line.note for line in lines if line.note]
    return [
        RULE,
        language.day_title(day),
        age,
        "",
        *(f"{line.started_at:%H:%M}{GAP}{line.text}{GAP}" for line in lines),
        "",
        *language.totals(sum(line.nursed for line in lines), len(given), sum(given)),
        *(["", *diary] if diary else []),
        "",
    ]


def _month_files(
    participant: str, birth: datetime.date, lines: list[Line], language: Language, baby: str, ending: str
) -> list[ExportFile]:
    files = []
    for (year, month), inside in groupby(
        lines, key=lambda line: (line.started_at.year, line.started_at.month)
    ):
        whole = list(inside)
        text = [language.month_title(whole[0].started_at.date()), ""]
        for day, entries in groupby(whole, key=lambda line: line.started_at.date()):
            text += _day_text(day, list(entries), language, language.age(baby, (day - birth).days))
        path = f"piyolog/{participant}/{year}-{month:02d}{ending}.txt"
        files.append(ExportFile(path, ("\n".join(text) + "\n").encode(), tuple(line.key for line in whole)))
    return files


def piyolog_files(
    cohort: Cohort, log: pd.DataFrame, events: pd.DataFrame, habits: pd.DataFrame, random: np.random.Generator
) -> list[ExportFile]:
    """One folder a person, one file a month; a second export repeats some days of the first."""
    files = []
    days = cohort.recipe["log"]["re_export_days"]
    events_of = dict(list(events.groupby("person")))
    for person, own in log.groupby("person"):
        participant = cohort.people["participant"].iloc[person]
        birth = pd.Timestamp(cohort.people["birth_date"].iloc[person]).date()
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
            lines = _lines(participant, part, mine, language)
            files += _month_files(participant, birth, lines, language, baby, ending)
    return files
