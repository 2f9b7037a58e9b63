"""Signs that rest on answers: infection, fullness, nipples, the baby's weight, latch, medicines, distress."""

import itertools
from collections.abc import Iterator, Sequence

import pandas as pd

from pipelines.metrics.signs.episodes import DIARY, Episode, joined, rows_of
from pipelines.metrics.signs.tables import Study

SORE = ("sore", "red", "lump", "ill", "mastitis")
HOURS_A_DAY = 24


def _late(answers: pd.DataFrame, day: int) -> pd.Series:
    """Later than this day after birth; without a birth date, later than that day of the study."""
    return answers["day_postpartum"].fillna(answers["day"]) > day


def breast_infection(study: Study) -> Iterator[Episode]:
    """Fever on the same day as a sore breast, or on the day after."""
    settings = study.settings
    fever, sore = study.dated("fever"), study.dated(*SORE)
    near = pd.concat([sore.assign(fever_day=sore["day"]), sore.assign(fever_day=sore["day"] + 1)])
    keys = ["participant_id", "day"]
    hits = fever.merge(near[["participant_id", "fever_day"]].drop_duplicates(), "inner",
                       left_on=keys, right_on=["participant_id", "fever_day"])  # fmt: skip
    for _, run in hits.groupby(joined(hits, "day", "day", settings["review.episode_gap_days"])):
        days = sorted(run["day"].unique())
        beside = near[
            (near["participant_id"] == run["participant_id"].iloc[0]) & near["fever_day"].isin(days)
        ]
        yield Episode(
            "breast_infection",
            run["participant_id"].iloc[0],
            int(days[0]),
            int(days[-1]),
            numbers={
                "fever_days": len(days),
                "highest": float(run["value_number"].max()),
                "is_high": bool(run["value_number"].max() >= settings["review.high_fever_c"]),
                "is_lasting": _hours_at_least(days) >= settings["review.infection_persistent_hours"],
                "factors": tuple(dict.fromkeys(beside["factor"])),
            },
            rows=rows_of(pd.concat([run, beside]).sort_values(["day", "source_row"], kind="stable")),
            based_on=DIARY,
        )


def _hours_at_least(days: Sequence[int]) -> int:
    """How long a sign lasted that was there on these days in order: the longest stretch of days running, end to end."""
    longest = running = 0
    for earlier, later in itertools.pairwise(days):
        running = running + 1 if later - earlier == 1 else 0
        longest = max(longest, running)
    return longest * HOURS_A_DAY


def _runs(answers: pd.DataFrame, gap: int) -> pd.Series:
    """A number for each answer, the same for answers in a row: none of another kind between, nor a gap of days."""
    same = answers["participant_id"].eq(answers["participant_id"].shift())
    follows = same & (answers["answer"].diff() <= 1) & (answers["day"].diff() <= gap)
    return (~follows).cumsum()


def unresolved_fullness(study: Study) -> Iterator[Episode]:
    """The same fullness or lump in several diary entries in a row; sooner with severe pain."""
    settings = study.settings
    pain = study.dated("sore")
    severe = pain[pain["value_number"] >= settings["review.severe_pain"]]
    hurting = set(zip(severe["participant_id"], severe["day"], strict=True))
    for tick in ("lump", "full"):
        answers = study.dated(tick).drop_duplicates(["participant_id", "day"])
        answers["severe"] = [
            pair in hurting for pair in zip(answers["participant_id"], answers["day"], strict=True)
        ]
        if tick == "full":
            answers = answers[_late(answers, settings["review.engorgement_after_day"]) | answers["severe"]]
        gap = settings["review.episode_gap_days"]
        for _, run in answers.groupby(_runs(answers, gap)):
            yield from _fullness(run, severe, settings["review.unresolved_days"], with_pain=False)
            painful = run[run["severe"]]
            if len(run) < settings["review.unresolved_days"] and len(painful):
                for _, part in painful.groupby(_runs(painful, gap)):
                    needed = settings["review.unresolved_days_with_pain"]
                    yield from _fullness(part, severe, needed, with_pain=True)


def _fullness(run: pd.DataFrame, severe: pd.DataFrame, needed: int, *, with_pain: bool) -> Iterator[Episode]:
    if len(run) < needed:
        return
    person = run["participant_id"].iloc[0]
    beside = severe[(severe["participant_id"] == person) & severe["day"].isin(run["day"])]
    yield Episode(
        "unresolved_fullness",
        person,
        int(run["day"].min()),
        int(run["day"].max()),
        numbers={"factors": (run["factor"].iloc[0],), "days": len(run), "with_pain": with_pain},
        rows=rows_of(pd.concat([run, beside]) if with_pain else run),
        based_on=DIARY,
    )


def damaged_nipples(study: Study) -> Iterator[Episode]:
    """Cracked or bleeding nipples reported after the first days."""
    settings = study.settings
    answers = study.ticked("nipple")
    answers = answers[_late(answers, settings["review.nipple_after_day"])]
    for _, run in answers.groupby(joined(answers, "day", "day", settings["review.episode_gap_days"])):
        yield _reported("nipple_damage", run)


def _reported(sign: str, run: pd.DataFrame, *, lists: bool = True, **numbers) -> Episode:
    """An episode that says what was reported, and on how many days."""
    return Episode(
        sign,
        run["participant_id"].iloc[0],
        int(run["day"].min()),
        int(run["day"].max()),
        lists=lists,
        numbers={"factors": tuple(dict.fromkeys(run["factor"])), "days": run["day"].nunique(), **numbers},
        rows=rows_of(run),
        based_on=DIARY,
    )


def infant_weight(study: Study) -> Iterator[Episode]:
    """Too much weight lost, still below the birth weight late, or a parent's worry; not while in hospital."""
    settings = study.settings
    answers = study.ticked("weight", "worry")
    lost = answers["value_number"].where(answers["tick"] == "weight")
    much = lost > settings["review.infant_weight_loss_percent"]
    still_below = lost.notna() & (answers["day_postpartum"] >= settings["review.infant_birth_weight_day"])
    hits = answers.assign(much=much, still_below=still_below & ~much)
    hits = hits[hits["much"] | hits["still_below"] | (hits["tick"] == "worry")]
    hits = hits[study.last_said("baby_at", hits, "day") != "in_hospital"]
    for _, run in hits.groupby(joined(hits, "day", "day", settings["review.episode_gap_days"])):
        yield _reported(
            "infant_weight",
            run,
            lost=float(run["value_number"][run["much"]].max()) if run["much"].any() else None,
            below_on=int(run["day_postpartum"][run["still_below"]].max())
            if run["still_below"].any()
            else None,
            worried=bool((run["tick"] == "worry").any()),
        )


def latch_difficulty(study: Study) -> Iterator[Episode]:
    """Trouble latching in several diary entries, or at the start and again later."""
    settings = study.settings
    for _, run in study.ticked("latch").groupby("participant_id"):
        dated = run[run["is_dated"]]
        at_start = bool((~run["is_dated"]).any())
        again = bool((dated["day"] >= settings["review.latch_again_day"]).any())
        if dated["day"].nunique() >= settings["review.latch_days"] or (at_start and again):
            yield _reported("latch_difficulty", run, at_start=at_start)


def medicine_or_condition(study: Study) -> Iterator[Episode]:
    """Heavy bleeding or a retained placenta; other medicines and conditions with an effect on supply as a note."""
    for tick, lists in (("urgent", True), ("supply", False)):
        for _, run in study.ticked(tick).groupby("participant_id"):
            yield _reported("medicine_or_condition", run, lists=lists)


def distress_protocol(study: Study) -> Iterator[Episode]:
    """The mark of the study's own procedure was reached. No score goes further than here.

    `study` has such answers only where the study has agreed a procedure.
    """
    last = study.people["last_entry"]
    for _, row in study.ticked("distress").iterrows():
        is_dated = bool(row["is_dated"])
        age = int(last[row["participant_id"]] - row["day"]) if is_dated else 0
        yield Episode(
            "distress_protocol",
            row["participant_id"],
            int(row["day"]),
            int(row["day"]),
            numbers={
                "days_old": age,
                "is_stale": age > study.settings["review.current_diary_days"],
                "is_dated": is_dated,
            },
            rows=((str(row["source_id"]), int(row["source_row"])),),
            based_on=DIARY,
        )
