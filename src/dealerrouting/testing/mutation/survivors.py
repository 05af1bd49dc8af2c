"""Survivors: what no test noticed, told from what nobody can notice, each with a case that would notice it.

May know: mutants, what the tests made of them, how two plans are told apart, cases. May not know: pytest.
"""

from __future__ import annotations

from attrs import frozen

from dealerrouting import verify
from dealerrouting.rules import Plan
from dealerrouting.testing.mutation.cases import Case, beyond, case_of, hops
from dealerrouting.testing.mutation.mutant import Mutant
from dealerrouting.testing.mutation.running import Run

__all__ = ["Judged", "judged"]


@frozen
class Judged:
    """What came of one mutant.

    `fate` is `killed` (`by` says which test), `survived`, `equivalent` (it decides every lead as the plan does),
    `undecided` (it survived, and whether it is equivalent could not be decided) or `invalid` (no valid plan). `case`
    would kill it, where one was found.
    """

    mutant: Mutant
    fate: str
    by: str = ""
    case: Case | None = None

    @property
    def survives(self) -> bool:
        """Whether there is something that no test covers, as far as is known."""
        return self.fate in ("survived", "undecided")


def judged(plan: Plan, mutant: Mutant, run: Run) -> Judged:
    """What came of a mutant of `plan` that the tests were run on."""
    if run.fate != "survived":
        return Judged(mutant, run.fate, run.by)
    other = mutant.plan
    if other is None or other.digest == plan.digest:
        return Judged(mutant, "invalid" if other is None else "equivalent")
    if mutant.kind == "terms":  # not about who gets a lead, but for how often it may move on
        return Judged(mutant, "survived", case=hops(plan, other))
    verdict = verify.equal(plan, other)
    if verdict.holds is True:
        return Judged(mutant, "equivalent")
    case = None if verdict.witness is None else case_of(plan, other, verdict.witness)
    if case is None and mutant.where.slug.startswith("rung/"):
        case = beyond(plan, other)
    return Judged(mutant, "undecided" if verdict.holds is None and case is None else "survived", case=case)
