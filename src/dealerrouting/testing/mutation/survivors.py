"""Survivors: what no test noticed, told from what nobody can notice, each with a case that would notice it.

May know: mutants, what the tests made of them, how two plans are told apart, golden cases. May not know: pytest.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import permutations, product
from typing import Any

from attrs import evolve, frozen

from dealerrouting import verify
from dealerrouting.model import MILLION, Company, Decision, Facts, Incumbent, Lead, PastHolder, Territory
from dealerrouting.rules import Plan, route
from dealerrouting.testing.golden import case_text
from dealerrouting.testing.mutation.mutant import Mutant
from dealerrouting.testing.mutation.running import Run

__all__ = ["Case", "Judged", "judged"]

_STEP = MILLION // 24
"""How finely a rotation's ledger is tried, in millionths of a lead."""
_FEW = 4
"""How many dealers are tried as incumbents: two differ from any holder, and one may be a team of the house."""
_PROSPECT = Company(domain="prospect.example")
_SOME_TIME = datetime(2027, 1, 4, 9, tzinfo=UTC)


@frozen
class Case:
    """A lead, facts and an instant that a plan and a mutant decide differently; `decision` is the plan's."""

    lead: Lead
    at: datetime
    facts: Facts
    decision: Decision

    def text(self, name: str) -> str:
        """A golden case, as it stands under `cases:` in a golden file."""
        return case_text(name, self.lead, self.at, self.decision, facts=self.facts)


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
        return Judged(mutant, "survived", case=_hops(plan, other))
    beyond = _beyond(plan, other) if mutant.where.slug.startswith("rung/") else None
    if beyond is not None:
        return Judged(mutant, "survived", case=beyond)
    verdict = verify.equal(plan, other)
    if verdict.holds is True:
        return Judged(mutant, "equivalent")
    case = None if verdict.witness is None else _case(plan, other, verdict.witness)
    return Judged(mutant, "undecided" if verdict.holds is None and case is None else "survived", case=case)


def _case(plan: Plan, other: Plan, witness: Any) -> Case | None:
    """The witness, or what shows the difference when a dealer is away or is owed more."""
    found = (_differing(plan, other, witness.lead, facts, witness.at) for facts in _ways(plan, witness))
    return next((case for case in found if case is not None), None)


def _ways(plan: Plan, witness: Any) -> Iterator[Facts]:
    """The facts of the witness; then with one dealer away; then with every pair of a rotation owed more and less."""
    lead, facts, at = witness.lead, witness.facts, witness.at
    yield facts
    for dealer in plan.dealers:
        yield _away(facts, lead.id, dealer.id)
    changes = route(lead, plan, facts, at=at).changes
    if changes.ledger:
        for one, two in permutations(sorted(changes.credits or ()), 2):
            for credit in range(_STEP, MILLION, _STEP):
                yield evolve(facts, ledgers={changes.ledger: {one: credit, two: -credit}})


def _beyond(plan: Plan, other: Plan) -> Case | None:
    """What the scenarios of `verify.equal` leave out: a lead won long ago, an account that has an incumbent."""
    reaches = [rung.won_within for one in (plan, other) if (rung := one.rung("incumbent")) and rung.won_within]
    ages = [timedelta(hours=1), *(reach.delta - timedelta(seconds=1) for reach in reaches)]
    companies = [_PROSPECT, *(account.company for account in plan.accounts[:1])]
    at = next((account.valid_from for account in plan.accounts[:1] if account.valid_from), _SOME_TIME)
    for company, dealer, age in product(companies, plan.dealers[:_FEW], ages):
        for status in ("open", "won"):
            facts = Facts(incumbents=[Incumbent(company.keys(), dealer.id, since=at - age, status=status)])
            case = _differing(plan, other, Lead("lead", company=company), facts, at)
            if case is not None:
                return case
    return None


def _away(facts: Facts, lead: str, *dealers: str) -> Facts:
    past = {(one.lead, one.dealer): one for one in facts.past_holders}
    past |= {(lead, dealer): PastHolder(lead, dealer, "excluded") for dealer in dealers}
    return evolve(facts, past_holders=past.values())


def _differing(plan: Plan, other: Plan, lead: Lead, facts: Facts, at: datetime) -> Case | None:
    """The case, where both plans decide it differently in what a golden case tells."""
    mine, theirs = route(lead, plan, facts, at=at), route(lead, other, facts, at=at)
    return Case(lead, at, facts, mine) if _told(mine) != _told(theirs) else None


def _told(decision: Decision) -> tuple[object, ...]:
    return decision.holder, decision.by, frozenset(decision.because), frozenset(decision.flags)


def _hops(plan: Plan, other: Plan) -> Case | None:
    """A lead that has been with as many dealers as one of the two allows, and one too many for the other."""
    held = max(plan.terms.max_reassignments, other.terms.max_reassignments)
    if plan.terms.max_reassignments == other.terms.max_reassignments:
        return None
    for territory in plan.territories:
        lead, at = _inside(territory), territory.valid_from or _SOME_TIME
        holder = route(lead, plan, at=at).holder
        others = [one.id for one in plan.dealers if one.kind == "dealer" and one.id != holder][:held]
        facts = Facts(past_holders=[PastHolder(lead.id, name, "withdrawn") for name in others])
        case = _differing(plan, other, lead, facts, at)
        if case is not None:
            return case
    return None


def _inside(territory: Territory) -> Lead:
    """A plain lead from this territory."""
    first: dict[str, Any] = {
        "country": territory.country,
        "sector": territory.sectors,
        "product": territory.products,
        "language": territory.languages,
    }
    said = {name: values[0] for name, values in first.items() if values}
    return Lead("lead", postcode=territory.postcodes.sample() if territory.postcodes else None, **said)
