"""What an entry of the guidance may not contradict: the codebook, the word lists, the other entries."""

import re
from collections.abc import Iterable, Iterator, Mapping

from pipelines.codebook import Codebook
from pipelines.datafiles import refuse
from pipelines.guidance.model import DIRECTIONS, POSITIONS, TESTABLE, Claim, Guidance, Literature

CLAIMS, LITERATURE, ARTICLE, PUBLISHED = "claims.toml", "literature.toml", "article.toml", "published.toml"
NO_SOURCE = "the source is missing"


def _unknown(what: str, names: Iterable[str], known: Iterable[str]) -> Iterator[str]:
    return (f"unknown {what} '{name}'" for name in names if name not in set(known))


def _level_problems(claim: Claim, codebook: Codebook) -> Iterator[str]:
    """What is wrong with a claim's contrast, its low end, or the group that it is restricted to."""
    if claim.contrast and (len(claim.contrast) != 2 or not claim.factors):
        yield "a contrast is a level and a reference of the first factor"
    elif claim.compared and claim.factors[0] in codebook.factors:
        level, reference = claim.compared
        codes = {known.code for known in codebook.factors[claim.factors[0]].levels}
        yield from _unknown(f"level of {claim.factors[0]}", level + reference, codes)
        yield from (f"level '{code}' stands on both sides" for code in level if code in reference)
    low = (*claim.factors[:1], *claim.low_end) if claim.points_at_low_end else claim.low_end
    for name in low:
        if name in codebook.factors and not codebook.factors[name].is_numeric:
            yield f"'{name}' has levels and so no low end; name the level in a contrast"
    if claim.among:
        factor = codebook.factors.get(claim.among[0])
        yield from _unknown("factor", claim.among[:1], codebook.factors)
        yield from _unknown(
            "level", claim.among[1:], [known.code for known in (factor.levels if factor else ())]
        )


def _repeat_problems(claim: Claim, claims: Mapping[str, Claim]) -> Iterator[str]:
    """What is wrong with what a claim repeats: it must end, in one step, at a finding or a text of its own."""
    for position, repeat in enumerate(claim.repeats):
        target = claims.get(repeat.of)
        if target is None:
            yield f"repeats the unknown claim '{repeat.of}'"
        elif target is claim or claim.id in {further.of for further in target.repeats}:
            yield f"repeats '{repeat.of}' in a circle"
        elif target.repeats:
            yield f"repeats '{repeat.of}', which repeats another claim itself"
        elif position == 0 and claim.testable != "no" and not target.carries_finding:
            yield f"repeats '{repeat.of}', which has no finding"


def _claim_problems(claim: Claim, guidance: Guidance, codebook: Codebook) -> Iterator[str]:
    """Everything that contradicts the word lists, the codebook or the other entries."""
    yield from _unknown("section", [claim.section], guidance.sections)
    yield from _unknown("theme", [claim.theme], codebook.themes)
    yield from _unknown("direction", [claim.direction], DIRECTIONS)
    yield from _unknown("testable", [claim.testable], TESTABLE)
    yield from _unknown("factor", claim.factors + claim.low_end, codebook.factors)
    yield from _unknown("literature", [claim.literature or "-"], ["-", *guidance.literature])
    yield from _unknown(
        "expert", [claim.expert or "-"], ["-", *(opinion.id for opinion in guidance.opinions)]
    )
    measure = "volume_ratio" if claim.direction.endswith("volume") else "odds_ratio"
    if claim.measure != measure:
        yield f"measure '{claim.measure}' does not fit the direction, which needs {measure}"
    if claim.testable == "no" and not claim.reason:
        yield "the reason why it cannot be tested is missing"
    if claim.carries_finding and not claim.factors:
        yield "a claim with a finding of its own needs a factor"
    yield from _level_problems(claim, codebook)
    yield from _repeat_problems(claim, guidance.claims)


def _literature_problems(entry: Literature, codebook: Codebook) -> Iterator[str]:
    yield from _unknown("position", [entry.position], POSITIONS)
    yield from _unknown("factor", entry.factors, codebook.factors)
    if not entry.sources and entry.position != "no_evidence":
        yield NO_SOURCE
    if not entry.checked and re.search(r"\d", entry.summary):
        yield "the summary shows a figure although not everything was checked"


def _article_problems(guidance: Guidance, codebook: Codebook) -> Iterator[tuple[str, list[str]]]:
    """Entry and problems of the tables, tips, answers, signs and opinions."""
    mentions: list[tuple[str, tuple[str, ...], tuple[str, ...]]] = [
        *((f"pumps.{row.id}", row.claims, ()) for row in guidance.pumps),
        *((f"techniques.{row.id}", row.claims, (row.factor,)) for row in guidance.techniques),
        *((f"tips.{tip.id}", (tip.claim, *tip.also), (tip.factor,)) for tip in guidance.tips),
        *((f"answers.{answer.id}", answer.claims, ()) for answer in guidance.answers),
        *((f"opinions.{opinion.id}", opinion.claims, ()) for opinion in guidance.opinions),
        *((f"warning_signs.{sign.id}", (sign.claim,), ()) for sign in guidance.warning_signs),
    ]
    for entry, claims, factors in mentions:
        yield entry, [*_unknown("claim", claims, guidance.claims)]
        yield entry, [*_unknown("factor", factors, codebook.factors)]
    kinds = [level.code for level in codebook.factors["pump_type"].levels]
    for row in guidance.pumps:
        yield f"pumps.{row.id}", [*_unknown("level of pump_type", row.pump_types, kinds)]
    for sign in guidance.warning_signs:
        yield f"warning_signs.{sign.id}", [*_unknown("section", [sign.list], guidance.sections)]
        if guidance.claims[sign.claim].sign != sign.sign:
            yield f"warning_signs.{sign.id}", [f"sign '{sign.sign}' is not that of its claim"]
    yield "urgent_signs", [] if guidance.urgent_signs else ["is empty"]
    for shortfall in guidance.shortfalls:
        yield f"shortfalls.{shortfall.id}", [] if shortfall.source else [NO_SOURCE]


def check(guidance: Guidance, codebook: Codebook) -> None:
    """Raise DataFileError at the first entry that contradicts the codebook, the word lists or another entry."""
    for claim in guidance.claims.values():
        if problems := [*_claim_problems(claim, guidance, codebook)]:
            refuse(CLAIMS, claim.id, problems)
    for study in guidance.literature.values():
        if problems := [*_literature_problems(study, codebook)]:
            refuse(LITERATURE, study.id, problems)
    for entry, problems in _article_problems(guidance, codebook):
        if problems:
            refuse(ARTICLE, entry, problems)
    for volume in guidance.published:
        if not volume.source:
            refuse(PUBLISHED, volume.id, [NO_SOURCE])
