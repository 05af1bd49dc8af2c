"""Leads that wait for a dealer: offered again when what they wait for has come, before newer ones.

May know: deciding, following. May not know: why a dealer has room now.
"""

from __future__ import annotations

import logging

from dealerrouting.desk.change import Change
from dealerrouting.desk.config import Config
from dealerrouting.desk.following import Follower, at_of
from dealerrouting.desk.look import Look
from dealerrouting.desk.once import Asked, Done, once
from dealerrouting.desk.outcome import Outcome
from dealerrouting.desk.steps import Steps
from dealerrouting.errors import Conflict, StoreUnavailable
from dealerrouting.events import Assigned
from dealerrouting.model import Decision
from dealerrouting.ports import Case, Ref
from dealerrouting.rules import Plan
from dealerrouting.sla import Effect

__all__ = ["give_first", "offer", "offer_freed", "offered"]

LOG = logging.getLogger("dealerrouting")


def give_first(
    config: Config, look: Look, plan: Plan, decision: Decision, tried: dict[str, tuple[Effect, ...]]
) -> Steps[None]:
    """Older leads that wait for the dealer that a new one would go to come first; then the new one is decided again.

    `tried` are those that were offered already for this new lead, each once, with what is to be told of it.
    """
    if decision.outcome != "assigned" or not _ever_waits(config, look, plan, decision.holder):
        return
    waiting = Ref("waiting", decision.holder)
    yield from look.load([waiting])
    older = [lead for lead in look.values[waiting] if lead not in tried and lead != decision.lead]
    if not older:
        return
    for lead in older:
        tried[lead] = (yield from _tried(config, lead)).effects
    raise Conflict("older leads came first")


def _ever_waits(config: Config, look: Look, plan: Plan, holder: str) -> bool:
    """Whether there is, or under an earlier plan was, anything about this dealer that a lead could wait for."""
    dealer = plan.dealer(holder)
    if config.has_facts or dealer is None or len(look.desk.activations) > 1:
        return True
    caps = dealer.max_open is not None or dealer.max_per_30_days is not None
    return caps or bool(dealer.paused) or dealer.active_from is not None


def offer_freed(config: Config, change: Change) -> Steps[tuple[Effect, ...]]:
    """After a commit: whoever has an open lead less may have one that waits. What is to be told of it.

    What was asked for is done by then: should the store fail here, that is logged, and `retry_every` will see to it.
    """
    told: list[Effect] = []
    try:
        for dealer in sorted(change.freed):
            look = Look(config)
            waiting = Ref("waiting", dealer)
            yield from look.load([waiting])
            for lead in look.values[waiting]:
                outcome = yield from _tried(config, lead)
                told += outcome.effects
                if outcome.outcome == "house":
                    break  # the others wait for the same
    except StoreUnavailable as error:
        LOG.warning("leads that wait could not be offered: %s", error.reason)
    return tuple(told)


def _tried(config: Config, lead: str) -> Steps[Outcome]:
    """Offer one of those that wait, and say what came of it. One that fails stops nobody else; a sweep notes it."""
    try:
        return (yield from offer(config, lead))
    except StoreUnavailable:
        raise
    except Exception as error:  # by its kind alone: its text may hold what a lead says
        LOG.warning("lead:%s could not be offered: %s", lead, type(error).__name__)
        return Outcome(Ref("lead", lead), "failed")


def offer(config: Config, lead: str) -> Steps[Outcome]:
    """Ask the router again for a lead that the house holds for want of a dealer."""

    def work(look: Look) -> Steps[Done]:
        case = look.case(lead)
        change = Change(at_of(look, case))
        if any(look.desk.held(what) for what in ("all", f"lead:{lead}", f"dealer:{case.holder}")):
            return Outcome(Ref("lead", lead), "nothing", case.holder, phase=case.phase), change
        return (yield from offered(config, look, case, change))

    outcome, _ = yield from once(config, Asked("offer", Ref("lead", lead), None), work)
    return outcome


def offered(config: Config, look: Look, case: Case, change: Change) -> Steps[Done]:
    """The same, as part of a command that has loaded the case."""
    if not case.waits_for or case.phase != "house" or case.state is None:
        return Outcome(Ref("lead", case.lead), "nothing", case.holder, phase=case.phase), change
    follower = yield from Follower.of(config, look, change, case)
    decision, facts, found = yield from follower.decided()
    number = case.state.assignment + 1
    if decision.outcome != "assigned":
        follower.wait_on(decision)
        change.put(case, follower.case)
        return Outcome(Ref("lead", case.lead), "house", case.holder, number - 1, case.phase), change
    follower.keep(decision, facts, found, number)
    given = Assigned(
        f"{case.lead}/offered:{number}",
        case.lead,
        assignment=number,
        holder=decision.holder,
        received_at=change.at,
    )
    after = yield from follower.hear(given)
    return Outcome(Ref("lead", case.lead), "assigned", after.holder, number, after.phase, decision=decision), change
