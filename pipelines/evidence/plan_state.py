"""Which findings were planned before the data: confirmatory; all else is exploratory."""

from collections.abc import Sequence
from dataclasses import replace

from pipelines.evidence import words
from pipelines.evidence.filters import Filters
from pipelines.plan import PlanVersion, read_history
from pipelines.results import ClaimFinding, PlanState
from pipelines.store.tables import StoreInfo

FIRST = 1


def plan_state(info: StoreInfo) -> PlanState:
    """The plan as it stands, and the data versions at which it was written or changed after the first data."""
    history = read_history(info.plan)
    if not history:
        return PlanState(
            words="No plan was fixed in the study file before the data, so everything here is exploratory."
        )
    last = history[-1]
    changed = tuple(each.version for each in history if each.version > FIRST)
    return PlanState(last.plan.hash if last.plan else "", last.version, changed, _words(history, changed))


def _words(history: tuple[PlanVersion, ...], changed: tuple[int, ...]) -> str:
    plan = history[-1].plan
    if plan is None:
        return f"The plan was taken back at data version {history[-1].version}, so everything here is exploratory."
    about = f"{words.counted(len(plan.factors), 'factor')} (plan {plan.hash}"
    about += f", {plan.registered})" if plan.registered else ")"
    if not changed:
        return f"Fixed before the data: {about}. Findings on these are confirmatory, all others exploratory."
    at = words.listed([str(version) for version in changed])
    if history[0].version > FIRST and len(history) == 1:
        return f"The plan for {about} was written at data version {at}, after the first data: everything is exploratory."
    return (
        f"The plan changed at data version {at}. It now names {about}; confirmatory is only what every plan since the "
        "first data names."
    )


def marked(claims: Sequence[ClaimFinding], info: StoreInfo, filters: Filters) -> tuple[ClaimFinding, ...]:
    """The findings with what was planned called confirmatory: whole study, and in every plan since the first data."""
    history = read_history(info.plan)
    plans = [each.plan for each in history]
    if not history or history[0].version > FIRST or not filters.is_everyone:
        return tuple(claims)

    def is_planned(claim: ClaimFinding) -> bool:
        found = claim.association
        return found is not None and all(
            plan is not None
            and plan.covers(found.factor, filters.outcome, info.low_output_ml, found.adjusted_for)
            for plan in plans
        )

    return tuple(replace(claim, plan="confirmatory") if is_planned(claim) else claim for claim in claims)
