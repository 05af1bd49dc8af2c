"""What may have happened besides the lead: a standing claim, an account, an open lead of the same company.

May know: plans, outcomes. May not know: regions, what is asked.

Each offers the lead to one dealer on its own rung. Where rungs stand alike in two plans and the dealer is the same, it
changes nothing that is not seen without it; so only what differs has to be looked at.
"""

from __future__ import annotations

from collections.abc import Iterator

from dealerrouting.rules.plan import Plan
from dealerrouting.verify.outcome import Scenario

__all__ = ["claimed", "differing", "held", "incumbents"]


def claimed(plan: Plan) -> Iterator[Scenario]:
    """A standing claim of each dealer, where the plan asks for claims."""
    if plan.rung("registrations") is not None:
        yield from (Scenario("registrations", dealer.id, "claim") for dealer in plan.dealers if dealer.kind == "dealer")


def incumbents(plan: Plan) -> Iterator[Scenario]:
    """An open lead of the company with each dealer, where the plan asks for it."""
    if plan.rung("incumbent") is not None:
        yield from (Scenario("incumbent", d.id, d.id) for d in plan.dealers if d.kind == "dealer")


def held(plan: Plan) -> Iterator[Scenario]:
    """Each account."""
    if plan.rung("accounts") is not None:
        yield from (Scenario("accounts", account.holder, account.id) for account in plan.accounts)


def differing(active: Plan, planned: Plan) -> Iterator[Scenario]:
    """What has to be looked at in both plans because something about it differs."""
    ladders = [[(rung.kind, rung.name) for rung in plan.precedence] for plan in (active, planned)]
    same = ladders[0] == ladders[1]
    known: dict[Scenario, None] = {}
    for plan in (active, planned):
        for scenario in (*claimed(plan), *incumbents(plan)):
            known[scenario] = None
    for scenario in known:
        if not same or (scenario.dealer in active.by_id) != (scenario.dealer in planned.by_id):
            yield scenario
