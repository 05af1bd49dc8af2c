"""What may have happened besides the lead: a standing claim, an account, an open lead of the same company.

May know: plans, outcomes. May not know: regions, what is asked.

Each offers the lead to one dealer on its own rung. Where rungs stand alike in two plans and the dealer is the same, it
changes nothing that is not seen without it; so only what differs has to be looked at.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from dealerrouting.rules.plan import Plan
from dealerrouting.verify.outcome import Scenario

__all__ = ["claimed", "differing", "incumbents", "stand", "standing"]


def claimed(plan: Plan, *, teams: bool = False) -> Iterator[Scenario]:
    """A standing claim of each dealer, where the plan asks for claims; of the house's `teams` too if asked."""
    if plan.rung("registrations") is not None:
        names = (dealer.id for dealer in plan.dealers if teams or dealer.kind == "dealer")
        yield from (Scenario("registrations", (("claim", name),)) for name in names)


def incumbents(plan: Plan) -> Iterator[Scenario]:
    """An open lead of the company with each dealer, where the plan asks for it; never with a team of the house."""
    if plan.rung("incumbent") is not None:
        yield from (Scenario("incumbent", ((d.id, d.id),)) for d in plan.dealers if d.kind == "dealer")


def differing(active: Plan, planned: Plan) -> Iterator[Scenario]:
    """Claims and open leads that have to be looked at in both plans, because something about them differs."""
    for kind, of in (("registrations", partial(claimed, teams=True)), ("incumbent", incumbents)):
        moved = stand(active, kind) != stand(planned, kind)
        for scenario in dict.fromkeys((*of(active), *of(planned))):
            if moved or standing(active, scenario.dealer) != standing(planned, scenario.dealer):
                yield scenario


def stand(plan: Plan, kind: str) -> tuple[str, ...] | None:
    """The rungs that give and are asked before the one of this kind; None where the plan has none."""
    kinds = [rung.kind for rung in plan.precedence]
    if kind not in kinds:
        return None
    return tuple(rung.name for rung in plan.precedence[: kinds.index(kind)] if rung.gives)


def standing(plan: Plan, name: str) -> tuple[object, ...] | None:
    """What a dealer is and when it is there, as far as a claim or an open lead cares."""
    dealer = plan.by_id.get(name)
    return None if dealer is None else (dealer.kind, dealer.active_from, dealer.active_until, dealer.paused)
