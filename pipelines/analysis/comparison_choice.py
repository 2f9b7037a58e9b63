"""Which comparison may answer a claim: the factor, the levels, and the component that respects time order."""

from collections.abc import Collection, Container
from dataclasses import dataclass, field

from pipelines.codebook import Codebook, Factor
from pipelines.guidance import Claim
from pipelines.results import Association

# Items that stand in for a factor that was not asked: (stand-in, level, reference) in the sense of the good level.
STAND_INS = {
    "setting": (
        "distracted",
        "no",
        "yes",
        "Asked as being distracted, which stands for a place that is not calm.",
    ),
    "warm_compress": (
        "warm_massage",
        "yes",
        "no",
        "Warmth and massage were asked as one and are not told apart.",
    ),
    "breast_massage": (
        "warm_massage",
        "yes",
        "no",
        "Warmth and massage were asked as one and are not told apart.",
    ),
}


@dataclass(frozen=True)
class Wanted:
    """One comparison: a factor's level (levels joined by "+") against a reference, one component, among whom."""

    factor: str
    level: str | None
    reference: str | None
    component: str
    among: tuple[str, ...] = ()
    note: str = field(default="", compare=False)


def component_for(claim: Claim, factor: Factor) -> str:
    """The component that may answer the claim; "" where no time order protects it.

    Fixed traits: between people, adjusted. What varies: within the person; where the day's own report can follow
    from the output, only yesterday's value, and nothing where there is no such value.
    """
    if not factor.varies:
        fair = claim.testable == "yes" or (
            claim.testable == "only_if_time_order" and factor.order == "before"
        )
        return "total" if fair else ""
    if claim.testable == "yes":
        return "within"
    if factor.use_previous_day:
        return "within_lagged"
    return "within" if factor.order == "before" or not factor.output_changes_it else ""


def wanted_comparisons(claim: Claim, codebook: Codebook, collected: Collection[str]) -> tuple[Wanted, ...]:
    """The comparisons that could answer a claim with the factors a study has, the claim's first factor first."""
    found = []
    restricting = claim.among[:1]
    for position, name in enumerate(claim.factors):
        if name in restricting and position:
            continue
        factor = codebook.factors[name]
        component = component_for(claim, factor)
        if not component:
            continue
        if name not in collected and name in STAND_INS:
            found += _stand_in(name, component, claim.among, collected)
        elif name in collected:
            level, reference = _levels(claim, factor, is_first=position == 0)
            found.append(Wanted(name, level, reference, component, claim.among, claim.reason))
    return tuple(found)


def among(claim: Claim, found: Association, codebook: Codebook, columns: Container[str]) -> tuple[str, ...]:
    """The people, as (factor, level), to whom the comparison behind an association was limited; () for all."""
    key = (found.factor, found.level, found.reference, found.component)
    for wanted in wanted_comparisons(claim, codebook, [found.factor]):
        if (wanted.factor, wanted.level, wanted.reference, wanted.component) == key:
            return wanted.among if wanted.among and wanted.among[0] in columns else ()
    return ()


def _stand_in(name: str, component: str, among: tuple[str, ...], collected: Collection[str]) -> list[Wanted]:
    stand_in, level, reference, note = STAND_INS[name]
    return [Wanted(stand_in, level, reference, component, among, note)] if stand_in in collected else []


def _levels(claim: Claim, factor: Factor, is_first: bool) -> tuple[str | None, str | None]:
    """The claim's own contrast for its first factor; else presence: every level but the reference, taken together."""
    if not factor.levels:
        return None, None
    if claim.contrast and is_first:
        return claim.contrast[0], claim.contrast[1]
    present = [level.code for level in factor.levels if level.code not in (factor.reference, "unsure")]
    return "+".join(present), factor.reference


def is_plain(wanted: Wanted, codebook: Codebook) -> bool:
    """Whether the ordinary associations already hold this comparison."""
    factor = codebook.factors[wanted.factor]
    one_level = wanted.level is None or "+" not in wanted.level
    return one_level and wanted.reference == factor.reference and not wanted.among
