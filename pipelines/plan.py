"""A study's plan: what is to be tested, fixed before the data, with a hash that shows any later change."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from hashlib import sha256

from pipelines.codebook import Codebook

HASH_LENGTH = 12


@dataclass(frozen=True)
class AnalysisPlan:
    """What `[plan]` of a study file fixes.

    `adjustment` has the factors to adjust for by planned factor: those that the file names, else the codebook's rule
    as it was when the plan was read. `registered` says where the plan is deposited.
    """

    outcome: str
    low_output_ml: float | None
    factors: tuple[str, ...]
    adjustment: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    exact: bool = False
    registered: str = ""

    @property
    def hash(self) -> str:
        """A short fingerprint of everything that the plan fixes."""
        return sha256(json.dumps(asdict(self), sort_keys=True).encode()).hexdigest()[:HASH_LENGTH]

    def covers(
        self, factor: str, outcome: str, low_output_ml: float | None, adjusted_for: tuple[str, ...]
    ) -> bool:
        """Whether a finding is the one that was planned: same outcome and limit, factor and adjustment.

        Where the codebook's rule was planned, what a study has no answers to, or too few people for, may be left out.
        """
        if factor not in self.factors or outcome != self.outcome:
            return False
        if outcome == "low_output" and low_output_ml != self.low_output_ml:
            return False
        planned, used = set(self.adjustment[factor]) - {factor}, set(adjusted_for)
        return used == planned if self.exact else used <= planned


def codebook_adjustment(factor: str, codebook: Codebook) -> tuple[str, ...]:
    """What the codebook says to adjust a factor for, as it stands now."""
    entry = codebook.factors[factor]
    wanted = dict.fromkeys((*codebook.base_adjustment, *entry.adjust_for))
    return tuple(name for name in wanted if name not in {factor, *entry.never_adjust_for})


@dataclass(frozen=True)
class PlanVersion:
    """The plan from one data version on; None where it was taken back."""

    version: int
    plan: AnalysisPlan | None


def history_text(history: tuple[PlanVersion, ...]) -> str:
    """Every plan a study had, as the store keeps it; "" where there never was one."""
    entries = [{"version": each.version, "plan": each.plan and asdict(each.plan)} for each in history]
    return json.dumps(entries, sort_keys=True) if entries else ""


def read_history(text: str) -> tuple[PlanVersion, ...]:
    """The plans of a store, oldest first."""
    return tuple(
        PlanVersion(each["version"], _plan(each["plan"]) if each["plan"] else None)
        for each in (json.loads(text) if text else ())
    )


def _plan(content: dict) -> AnalysisPlan:
    adjustment = {name: tuple(factors) for name, factors in content["adjustment"].items()}
    return AnalysisPlan(**(content | {"factors": tuple(content["factors"]), "adjustment": adjustment}))


def extended(text: str, plan: AnalysisPlan | None, version: int) -> str:
    """The plans of a store with the one that a study file has now; unchanged where it is the last one."""
    history = read_history(text)
    last = history[-1].plan if history else None
    if (last.hash if last else "") == (plan.hash if plan else ""):
        return text
    return history_text((*history, PlanVersion(version, plan)))
