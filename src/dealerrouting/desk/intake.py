"""`receive`, `adopt`: a lead comes in, from the world or from a CRM that had it before.

May know: deciding, following. May not know: what happens to a lead afterwards.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from attrs import evolve

from dealerrouting.calendar import instant
from dealerrouting.desk.change import Change
from dealerrouting.desk.config import Config
from dealerrouting.desk.deciding import Near, decide, keys_of, near
from dealerrouting.desk.following import Follower
from dealerrouting.desk.linking import link
from dealerrouting.desk.look import Look
from dealerrouting.desk.once import Asked, Done, once
from dealerrouting.desk.outcome import Outcome, with_effects
from dealerrouting.desk.steps import Steps
from dealerrouting.desk.waiting import give_first, offer_freed
from dealerrouting.documents.values import to_data
from dealerrouting.errors import Fault, LeadRefused, did_you_mean
from dealerrouting.events import STATUSES, Assigned, Updated
from dealerrouting.model import Decision, Facts, Lead
from dealerrouting.ports import Case, Ref
from dealerrouting.rules import Plan
from dealerrouting.sla import Effect, begin

__all__ = ["CLOCKS", "adopt", "receive"]

MOST_ID = 120
CLOCKS = ("fresh", "since")
"""From when the clock of a lead runs that is taken over: from now, or from when its holder got it."""


def receive(config: Config, lead: Lead, *, key: str | None = None, referred_by: str | None = None) -> Steps[Outcome]:
    """A new lead: decided, begun, and told to its holder, in one commit.

    A lead of a company with an open lead that the same holder has goes with that one (`linked`), and is nobody's second
    clock. Leads that wait for the dealer that this one would go to are offered first. `referred_by` is the dealer that
    brought it in: it hears of every change. Sent again with the same content it gives the first answer; with other
    content it is `refused:repeated_id`, or under a `key` of the caller's `KeyReused`.
    """
    _fits(lead)
    content = {"lead": to_data(lead), "referred_by": referred_by}
    asked = Asked.of_new("receive", Ref("lead", lead.id), content, key)
    tried: dict[str, tuple[Effect, ...]] = {}

    def work(look: Look) -> Steps[Done]:
        found = yield from _known(config, look, lead)
        if found is not None:
            return found
        plan = yield from look.active()
        decision, facts, close = yield from decide(config, look, plan, lead, look.now)
        yield from give_first(config, look, plan, decision, tried)
        change = Change(look.now, contents=[lead])
        followers, primary = _followers(plan, decision, referred_by), close.same(decision.holder, lead.id)
        if primary is not None:
            follower = Follower(config, look, change, Case(lead.id, change.at, plan.digest))
            return _with(follower, decision, facts, close, primary, followers)
        state = begin(lead.id, plan.policy, at=change.at, claimants=followers)
        case = Case(lead.id, change.at, plan.digest, state, close.own, followers=followers)
        follower = Follower(config, look, change, case, None, plan.policy, lead)
        follower.keep(decision, facts, close, 1)
        given = _given(lead.id, decision.holder, decision.outcome, change.at)
        case = yield from follower.hear(given)
        return _outcome(case, decision.outcome, change.decisions[0].decision), change  # as it is kept: sealed

    outcome, _ = yield from once(config, asked, work)
    return with_effects(outcome, *tried.values())


def _fits(lead: Lead) -> None:
    """An id that keys of events and messages can be made of; `LeadRefused` for another."""
    if len(lead.id) > MOST_ID or not lead.id.isprintable():
        cure = f"give at most {MOST_ID} printable characters"
        raise LeadRefused([Fault("id", "is too long for a desk, or not printable", cure, ("id",))])


def _known(config: Config, look: Look, lead: Lead) -> Steps[Done | None]:
    """A lead of this id that is there already: its key was another one, or the store keeps none; then it is looked
    whether it says the same.
    """
    case: Case | None = look.values[Ref("lead", lead.id)]
    if case is None:
        return None
    same = False
    if not config.keeps_answers and case.erased_at is None:
        content = Ref("content", lead.id)
        yield from look.load([content])
        same = look.values[content] == lead
    word = "erased" if case.erased_at else "repeated" if same else "refused:repeated_id"
    outcome = Outcome(Ref("lead", lead.id), word, case.holder, phase=case.phase, linked=case.linked, repeated=same)
    return outcome, Change(look.now)


def _followers(plan: Plan, decision: Decision, referred_by: str | None) -> tuple[str, ...]:
    """Who hears of every change: the dealer that brought it in, and those whose claim gave way."""
    if referred_by is not None and plan.dealer(referred_by) is None:
        cure = did_you_mean(referred_by, plan.by_id)
        raise LeadRefused([Fault("referred_by", "the active plan has no such dealer", cure, ("referred_by",))])
    claimants = {one.dealer for one in decision.passed_over if one.by == "registrations"}
    return tuple(sorted({*claimants, *([referred_by] if referred_by else [])}))


def _given(lead: str, holder: str, outcome: str, at: datetime) -> Assigned:
    return Assigned(f"{lead}/received", lead, assignment=1, holder=holder, outcome=outcome, received_at=at)


def _outcome(case: Case, word: str, decision: Decision | None = None) -> Outcome:
    number = case.state.assignment if case.state else 0
    return Outcome(Ref("lead", case.lead), word, case.holder, number, case.phase, case.linked, decision)


def _with(
    follower: Follower, decision: Decision, facts: Facts, close: Near, primary: Case, followers: tuple[str, ...]
) -> Done:
    """It goes with the open lead of its company: the same holder, no clock of its own."""
    number = primary.state.assignment if primary.state else 0
    follower.keep(decision, facts, close, number)
    case = evolve(follower.case, keys=close.own, followers=followers)
    linked = link(follower.change, case, primary, decision)
    kept = follower.change.decisions[0].decision
    outcome = Outcome(Ref("lead", case.lead), "linked", primary.holder, number, "linked", linked.linked, kept)
    return outcome, follower.change


# From a CRM that had it before


def adopt(
    config: Config,
    lead: Lead,
    *,
    holder: str,
    actor: str,
    since: datetime | None = None,
    clock: str = "fresh",
    status: str | None = None,
    key: str | None = None,
) -> Steps[Outcome]:
    """An open lead of the CRM there was before: it stays with its holder, and nobody is told. Where the holder has an
    open lead of the same company already, it goes with that one.

    `since` is when the holder got it. `clock`: `fresh` starts its clock now, so that day one reminds nobody; `since`
    lets it run from then, and what is overdue is reminded in the next sweeps, as many a dealer as they are allowed.
    `status` is the last that is known. The plan is not asked; a past holder is none here. `LeadRefused` for what
    cannot be taken over.
    """
    _fits(lead)
    start = _checked(since, clock, status)
    said = {"holder": holder, "since": str(start), "clock": clock, "status": status}
    content = {"lead": to_data(lead), **said}
    asked = Asked.of_new("adopt", Ref("lead", lead.id), content, key)

    def work(look: Look) -> Steps[Done]:
        found = yield from _known(config, look, lead)
        if found is not None:
            return found
        plan = yield from look.active()
        dealer = plan.dealer(holder)
        if dealer is None:
            cure = did_you_mean(holder, plan.by_id)
            raise LeadRefused([Fault("holder", "the active plan has no such dealer", cure, ("holder",))])
        keys = keys_of(lead, plan)
        close = yield from near(look, keys)
        close = evolve(close, own=look.seal.keys(keys))
        change = Change(look.now, contents=[lead])
        change.act("adopt", str(asked.about), actor)
        case = Case(lead.id, min(start or change.at, change.at), plan.digest, keys=close.own)
        primary = close.same(holder, lead.id)
        if primary is not None:
            link(change, case, primary, None)
            return Outcome(asked.about, "linked", holder, phase="linked", linked=primary.lead), change
        from_then = min(start, change.at) if start and clock == "since" else change.at
        case = evolve(case, state=begin(lead.id, plan.policy, at=from_then))
        follower = Follower(config, look, change, case, None, plan.policy, lead)
        kind = "assigned" if dealer.kind == "dealer" else "house"
        events = _taken_over(lead.id, holder, kind, actor, status, from_then)
        case = yield from follower.hear(*events, at=from_then)
        return _outcome(case, "adopted"), change

    outcome, change = yield from once(config, asked, work)
    return with_effects(outcome, (yield from offer_freed(config, change)))


def _taken_over(
    lead: str, holder: str, kind: str, actor: str, status: str | None, at: datetime
) -> Iterator[Assigned | Updated]:
    """What the machine has to know of a lead that somebody has already: who, and the last status."""
    told: dict[str, Any] = {"assignment": 1, "received_at": at, "actor": actor}
    yield Assigned(f"{lead}/adopted", lead, holder=holder, outcome=kind, by_hand=True, reason="adopted", **told)
    if status is not None:
        yield Updated(f"{lead}/adopted-status", lead, status=status, evidence="adopted", **told)


def _checked(since: datetime | None, clock: str, status: str | None) -> datetime | None:
    faults = []
    if clock not in CLOCKS:
        faults.append(Fault("clock", f"unknown clock {clock!r}", did_you_mean(clock, CLOCKS), ("clock",)))
    if clock == "since" and since is None:
        faults.append(
            Fault("since", "is missing", "say since when the holder has it, or take clock='fresh'", ("since",))
        )
    if status is not None and status not in STATUSES:
        faults.append(Fault("status", f"unknown status {status!r}", did_you_mean(status, STATUSES), ("status",)))
    if faults:
        raise LeadRefused(faults)
    return instant(since) if since is not None else None
