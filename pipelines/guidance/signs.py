"""The warning signs of the review list as data: wording, priority, thresholds by name, what they stand for."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from pipelines.datafiles import build, read_entries, refuse
from pipelines.guidance.load import GUIDANCE, load_guidance
from pipelines.guidance.model import Guidance
from pipelines.settings import Settings, load_settings, with_values

SIGNS = "warning_signs.toml"
LOOKS_AT = ("log", "diary", "form", "baseline", "log_end")
PRIORITIES = ("A", "B", "C")


@dataclass(frozen=True)
class SignRule:
    """One warning sign.

    `priority` is "" when the sign never lists a person, `note` "" when it never stands as a note. `condition` is the
    rule in words with its thresholds as `{names}`, `reason` the template of one episode's words, `to_mother` what a
    hand-out says ("" for what must not stand on paper). `article` are the
    entries of the article's seek-help lists that the sign stands for, `claims` the statements that fit.
    """

    id: str
    wording: str
    looks_at: str
    condition: str
    reason: str
    settings: tuple[str, ...]
    source: str
    false_alarm: str
    remedy: str
    article: tuple[str, ...]
    claims: tuple[str, ...]
    priority: str = ""
    note: str = ""
    to_mother: str = ""

    @property
    def lists(self) -> bool:
        """Whether the sign can put a person on the list by itself."""
        return bool(self.priority)

    def in_words(self, settings: Settings) -> str:
        """The rule in words with the thresholds filled in."""
        return with_values(self.condition, self.settings, settings)


def _problems(rule: SignRule, guidance: Guidance, settings: Settings) -> Iterator[str]:
    """What one sign contradicts: the word lists, the settings, the article, the claims."""
    if rule.looks_at not in LOOKS_AT:
        yield f"unknown looks_at '{rule.looks_at}'"
    if rule.priority and rule.priority not in PRIORITIES:
        yield f"unknown priority '{rule.priority}'"
    if not (rule.priority or rule.note):
        yield "neither lists a person nor stands as a note"
    yield from (f"unknown setting '{name}'" for name in rule.settings if name not in settings.entries)
    yield from (f"unknown claim '{name}'" for name in rule.claims if name not in guidance.claims)
    entries = {sign.id: sign for sign in guidance.warning_signs}
    yield from (f"unknown entry of the article '{name}'" for name in rule.article if name not in entries)
    for name in rule.article:
        if name in entries and entries[name].sign != rule.id:
            yield f"the article's entry '{name}' names the sign '{entries[name].sign}'"
    if not rule.source:
        yield "the source is missing"
    known = [name for name in rule.settings if name in settings.entries]
    if "{" in with_values(rule.condition, known, settings):
        yield "the condition names a threshold that is not under settings"


def _uncovered(rules: Mapping[str, SignRule], guidance: Guidance) -> Iterator[str]:
    """Entries of the article's seek-help lists, and claims that name a sign, without a sign here."""
    covered = {entry for rule in rules.values() for entry in rule.article}
    for sign in guidance.warning_signs:
        if sign.id not in covered:
            yield f"no sign stands for the article's entry '{sign.id}'"
    for claim in guidance.claims.values():
        if claim.sign and claim.id not in getattr(rules.get(claim.sign), "claims", ()):
            yield f"the claim '{claim.id}' names the sign '{claim.sign}', which does not name the claim"


def check_signs(rules: Mapping[str, SignRule], guidance: Guidance, settings: Settings) -> None:
    """Raise DataFileError at the first sign that contradicts the rest, or when a seek-help entry has none."""
    for rule in rules.values():
        if problems := [*_problems(rule, guidance, settings)]:
            refuse(SIGNS, rule.id, problems)
    if problems := [*_uncovered(rules, guidance)]:
        refuse(SIGNS, "(whole file)", problems)


@cache
def load_signs(folder: Path = GUIDANCE) -> Mapping[str, SignRule]:
    """Read and check the warning signs, by id in the order of the file.

    Raises DataFileError naming file and entry for whatever is unknown or missing.
    """
    entries = read_entries(folder / SIGNS)
    rules = {name: build(SignRule, SIGNS, name, entry, id=name) for name, entry in entries.items()}
    check_signs(rules, load_guidance(folder), load_settings())
    return rules
