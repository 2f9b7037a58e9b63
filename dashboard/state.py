"""The only place that touches the browser's session state and the page's address.

What a reader chose lives in the address, so that a link shows the same view; a copy in the session state brings
it back when a click on another page empties the address. All values are short plain texts, checked on the way in.
"""

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import streamlit as st

from pipelines import DATA
from pipelines.evidence.filters import ALL, Choices, Filters, accept
from pipelines.evidence.selection import BY_THEME, ORDERS, Selection
from pipelines.evidence.studies import StudyCard
from pipelines.evidence.volume_units import MILLILITRES, NAMES
from pipelines.results import VERDICTS
from pipelines.run import Desk

SHARED = ("study", "cohort", "days", "pump", "outcome", "logs")
SPLITS = ("by", "beside")
CLAIM = "claim"
GUIDANCE = ("verdict", "theme", "search", "parting", CLAIM, "order")
REVIEW = ("person", "part", "marks", "unit")
REVIEW_PARTS = {"people": "Who needs a look", "study": "The whole study", "rules": "How good the rules are"}
NO_MARK = "none"
REMEMBERED = "remembered"
VIEW = "view"
UPLOADS = "uploads"
UPLOAD_MESSAGES = "upload-messages"
LOOK = "upload-look"


@dataclass(frozen=True)
class View:
    """What the pages of this run show: the chosen study, its choices, the filters, and what a link asked in vain."""

    study: StudyCard
    choices: Choices
    filters: Filters
    problems: tuple[str, ...] = ()

    @property
    def key(self) -> tuple[str, str, Filters]:
        """What a cached call depends on: store, its stamp, filters."""
        return self.study.path, self.study.stamp, self.filters


def desk() -> Desk:
    """The study that files are added to: in the folder named outside, else beside the product's data."""
    return Desk(Path(os.environ.get("LACTOSCOPE_STUDY") or DATA).resolve())


def file_names() -> dict[str, str]:
    """Names of the files that were added to the study of this run, by source; they stay on this computer."""
    place = desk()
    if current().study.path != str(place.store):
        return {}
    return {each.source_id: each.name for each in place.register().files}


def store_paths() -> tuple[Path, ...]:
    """Stores that exist, the one to show by default first: the one named outside, real data, the demo."""
    named = os.environ.get("LACTOSCOPE_STORE")
    candidates = [Path(named)] if named else []
    candidates += [desk().store, DATA / "demo" / "store.duckdb"]
    return tuple(dict.fromkeys(path.resolve() for path in candidates if path.exists()))


def _restore(names: tuple[str, ...]) -> dict[str, str]:
    """What the address says for these names; where it says nothing for any of them, what was said before."""
    said = {name: st.query_params[name] for name in names if name in st.query_params}
    kept = dict(st.session_state.get(REMEMBERED, {}))
    return said or {name: kept[name] for name in names if name in kept}


def _remember(names: tuple[str, ...], words: Mapping[str, str]) -> None:
    """Put these names into the address and keep a copy; an empty text takes a name out."""
    kept = dict(st.session_state.get(REMEMBERED, {}))
    for name in names:
        text = words.get(name, "")
        kept.pop(name, None)
        if text:
            kept[name] = text
            if st.query_params.get(name) != text:
                st.query_params[name] = text
        elif name in st.query_params:
            del st.query_params[name]
    st.session_state[REMEMBERED] = kept


def study_name(card: StudyCard) -> str:
    """The short name of a study in an address: its store's own name, or its folder's where it is just "store"."""
    return _short_name(Path(card.path))


def named_study() -> str:
    """The study that the address names; "" for the default one."""
    return _restore(SHARED).get("study", "")


def _short_name(store: Path) -> str:
    return store.parent.name if store.stem == "store" else store.stem


def address(**words: str) -> str:
    """A relative link to this page with the study and filters of now and these further words."""
    shared = {name: text for name, text in _restore(SHARED).items() if text}
    return f"?{urlencode(shared | words)}"


def choose_study(cards: tuple[StudyCard, ...]) -> tuple[StudyCard, tuple[str, ...]]:
    """The study that the address names, else the first; and what to say when it names one that is not here."""
    wanted = named_study()
    for card in cards:
        if wanted == study_name(card):
            return card, ()
    problem = (f"This link asked for the study “{wanted}”, which is not on this computer.",) if wanted else ()
    return cards[0], problem


def load(card: StudyCard, choices: Choices, problems: tuple[str, ...] = ()) -> View:
    """Fix what this run shows and keep it for the pages."""
    words = _restore(SHARED)
    filters, refused = accept(words, choices)
    _remember(SHARED, words)
    st.session_state[VIEW] = View(card, choices, filters, problems + refused)
    return st.session_state[VIEW]


def current() -> View:
    """What this run shows; the entry script fixes it before any page is drawn."""
    return st.session_state[VIEW]


def save(study: str, filters: Filters, choices: Choices) -> None:
    """Put study and filters into the address; what is not limited is left out of it."""
    first = choices.first_day if filters.first_day is None else filters.first_day
    last = choices.last_day if filters.last_day is None else filters.last_day
    limited = filters.first_day is not None or filters.last_day is not None
    words = {
        "study": study,
        "cohort": filters.cohort or "",
        "days": f"{first}-{last}" if limited else "",
        "pump": filters.pump_type or "",
        "outcome": filters.outcome if filters.outcome != choices.outcome else "",
        "logs": filters.logs if filters.logs != ALL else "",
    }
    _remember(SHARED, words)


def widget(key: str) -> Any:
    """The value of a widget, for its own callback."""
    return st.session_state.get(key)


def preset(key: str, value: Any) -> str:
    """Set a widget to what the address says before it is drawn, and give its key back.

    Set on every run, since a widget in a closed popover hears only what the latest run says.
    """
    st.session_state[key] = value
    return key


def load_selection(themes: tuple[str, ...], claims: frozenset[str]) -> tuple[Selection, tuple[str, ...]]:
    """What a reader of the Guidance page wants to see, and what a link asked for in vain."""
    words = _restore(GUIDANCE)
    _remember(GUIDANCE, words)
    asked = [name for name in words.get("verdict", "").split(",") if name]
    problems = [
        f"This link asked for the verdict “{name}”, which does not exist."
        for name in asked
        if name not in VERDICTS
    ]
    theme, claim = words.get("theme", ""), words.get("claim", "")
    order = words.get("order", BY_THEME)
    if order not in ORDERS:
        problems.append(f"This link asked for the order “{order}”, which does not exist.")
    if theme and theme not in themes:
        problems.append(f"This link asked for the theme “{theme}”, which does not exist.")
    if claim and claim not in claims:
        problems.append(f"This link asked for the statement “{claim}”, which does not exist.")
    selection = Selection(
        verdicts=tuple(name for name in asked if name in VERDICTS),
        theme=theme if theme in themes else "",
        search=words.get("search", ""),
        only_parting=words.get("parting") == "yes",
        claim=claim if claim in claims else "",
        order=order if order in ORDERS else BY_THEME,
    )
    return selection, tuple(problems)


def save_selection(selection: Selection) -> None:
    """Put the Guidance page's choice into the address."""
    _remember(
        GUIDANCE,
        {
            "verdict": ",".join(selection.verdicts),
            "theme": selection.theme,
            "search": selection.search.strip(),
            "parting": "yes" if selection.only_parting else "",
            "claim": selection.claim,
            "order": selection.order if selection.order != BY_THEME else "",
        },
    )


def load_claim() -> str:
    """The id of the statement that the address, or a look at it on another page, asks for; "" for none."""
    return _restore((CLAIM,)).get(CLAIM, "")


def save_claim(claim: str) -> None:
    """Put a statement into the address."""
    _remember((CLAIM,), {CLAIM: claim})


def load_split(name: str, offered: tuple[str, ...], default: str) -> tuple[str, str]:
    """By what a table (`by`) or curves (`beside`) are split, and what to say where a link asked in vain."""
    assert name in SPLITS
    words = _restore((name,))
    _remember((name,), words)
    asked = words.get(name, "")
    if not asked or asked in offered:
        return asked or default, ""
    return default, f"This link asked for groups by “{asked}”, which this study does not have."


def save_split(name: str, key: str, default: str) -> None:
    """Put the choice into the address; the default one is left out."""
    _remember((name,), {name: "" if key == default else key})


@dataclass(frozen=True)
class ReviewChoice:
    """What a reader of the Review page wants: a person's code ("" the first), part, unit of volumes.

    `marks` are the clinical marks she wants, None for those that the codebook shows.
    """

    person: str = ""
    part: str = "people"
    marks: tuple[str, ...] | None = None
    unit: str = MILLILITRES


def load_review() -> tuple[ReviewChoice, tuple[str, ...]]:
    """What a reader of the Review page wants to see, and what a link asked for in vain."""
    words = _restore(REVIEW)
    _remember(REVIEW, words)
    part, unit, marks = words.get("part", "people"), words.get("unit", MILLILITRES), words.get("marks", "")
    problems = (
        () if part in REVIEW_PARTS else (f"This link asked for the part “{part}”, which does not exist.",)
    )
    chosen = ReviewChoice(
        person=words.get("person", ""),
        part=part if part in REVIEW_PARTS else "people",
        marks=None if not marks else () if marks == NO_MARK else tuple(marks.split(",")),
        unit=unit if unit in NAMES else MILLILITRES,
    )
    return chosen, problems


def save_review(choice: ReviewChoice) -> None:
    """Put the Review page's choice into the address; what is usual is left out of it."""
    usual = ReviewChoice()
    _remember(
        REVIEW,
        {
            "person": choice.person,
            "part": choice.part if choice.part != usual.part else "",
            "marks": "" if choice.marks is None else ",".join(choice.marks) or NO_MARK,
            "unit": choice.unit if choice.unit != usual.unit else "",
        },
    )


def next_upload() -> int:
    """How many uploads were taken in; a new number empties the drop zone."""
    return int(st.session_state.get(UPLOADS, 0))


def looked_at(files: tuple[str, ...], look: Callable[[], Any]) -> Any:
    """What looking at chosen files found, once for the same files."""
    before = st.session_state.get(LOOK)
    if before is None or before[0] != files:
        st.session_state[LOOK] = before = (files, look())
    return before[1]


def upload_done(messages: tuple[str, ...]) -> None:
    """Note that an upload was taken in, with what to say about it from the next run on."""
    st.session_state[UPLOADS] = next_upload() + 1
    st.session_state[UPLOAD_MESSAGES] = messages


def upload_messages() -> tuple[str, ...]:
    """What to say about the last upload; it stays until the next one, since a page may be drawn at any moment."""
    return tuple(st.session_state.get(UPLOAD_MESSAGES, ()))


def say(key: str, words: str) -> None:
    """Leave a sentence for the next run of the page."""
    st.session_state[key] = words


def said(key: str) -> str:
    """The sentence that was left, once."""
    return str(st.session_state.pop(key, ""))


def show_store(store: Path) -> None:
    """Make the study of this store the one that is shown, without a filter."""
    _remember(SHARED, {"study": _short_name(store.resolve())})
