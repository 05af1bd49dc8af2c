"""`step`: one event, one new state.

May know: everything in this room. May not know: leads, plans, how anything is delivered or stored.
Pure: the same state, event and policy give the same state and the same effects.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from attrs import evolve

from dealerrouting.calendar import instant
from dealerrouting.errors import EventError, Fault, PolicyMismatch, TransitionNotAllowed, quoted
from dealerrouting.events import Answer, Assigned, Event, Migrate, Tick
from dealerrouting.mapping import FrozenMap
from dealerrouting.sla import answers
from dealerrouting.sla.clocks import keep, missed, schedule
from dealerrouting.sla.deadlines import act, acts_at, consequences, ready
from dealerrouting.sla.effects import Effect
from dealerrouting.sla.state import Breach, Due, SlaState, Standing
from dealerrouting.sla.table import ANSWERS
from dealerrouting.terms import Policy

__all__ = ["begin", "next_due", "run", "step"]

Stepped = tuple[SlaState, tuple[Effect, ...]]


def begin(
    lead: str, policy: Policy, *, at: datetime, referred_by: str | None = None, claimants: Iterable[str] = ()
) -> SlaState:
    """A lead that nobody holds yet, from `at` on.

    The dealer that referred it and those that claim it will hear of every change of status. The answer of
    the router is to come as `Assigned` with the number 1; the first tick asks for it where it has not come.
    """
    since = instant(at)
    claims = (claimants,) if isinstance(claimants, str) else tuple(claimants)
    followers = tuple(sorted({*claims, *([referred_by] if referred_by else [])}))
    now = Standing(phase="waiting", since=since, clock_from=since, followers=followers)
    return SlaState(lead, policy.digest, now, now, since)


def step(state: SlaState, event: Event | Tick, policy: Policy) -> Stepped:
    """The state after `event`, and what the caller must do.

    An event changes what is known and has no effects; a `Tick` settles it and does what is due. A repeated
    event changes nothing. What cannot be believed is settled as a recorded refusal.

    `TransitionNotAllowed` for an event that the table does not have in this phase; `PolicyMismatch` for a
    policy that this lead is not pinned to; `EventError` for an event of another lead. None changes anything.
    """
    if not isinstance(event, Tick) and event.lead != state.lead:
        cure = "load the state of that lead"
        raise EventError([Fault(f"{event.type} {quoted(event.id)}.lead", f"is not {quoted(state.lead)}", cure)])
    if isinstance(event, Migrate):
        return _migrate(state, event, policy)
    if state.policy != policy.digest:
        what = (
            f"lead {quoted(state.lead)} is pinned to {state.policy[:15]}..., and this policy is {policy.digest[:15]}..."
        )
        raise PolicyMismatch(f"{what}: give that one, or step a Migrate event")
    return _tick(state, event.at, policy) if isinstance(event, Tick) else _hear(state, event, policy)


def run(state: SlaState, events: Iterable[Event | Tick], policy: Policy) -> Stepped:
    """Step all the events in turn; all their effects."""
    effects: list[Effect] = []
    for event in events:
        state, more = step(state, event, policy)
        effects += more
    return state, tuple(effects)


def next_due(state: SlaState) -> datetime | None:
    """The first instant at which a tick would change something; None where none ever will.

    While events wait to be settled, that is the receipt of the earliest, or what is due before it.
    """
    when = [event.received_at for event in state.inbox[:1]]
    when += [state.settled_due] if state.settled_due is not None else []
    return min(when, default=None)


# Events


def _hear(state: SlaState, event: Event, policy: Policy) -> Stepped:
    """Note an event among those that no tick has settled, in order of receipt, and see what that comes to."""
    if event.id in state.seen or any(event.id == one.id for one in state.inbox):
        return state, ()
    inbox = tuple(sorted((*state.inbox, event), key=_order))
    now = state.settled
    for one in inbox:
        now, outcome = _fold(now, one, policy)
        if one is event and outcome == "not_allowed":
            raise TransitionNotAllowed(state, event)
    legs, dues = schedule(now, policy)
    return evolve(state, standing=now, inbox=inbox, dues=dues, legs=legs), ()


def _order(event: Event) -> tuple[datetime, str]:
    return event.received_at, event.id


def _fold(now: Standing, event: Event, policy: Policy) -> answers.Said:
    """One event on a standing: what is so after it, and a word for the record."""
    at = answers.counting_time(event, policy.terms)
    if now.pause is not None and now.pause.until <= at:
        now = answers.closed(now, at)
    after, outcome = _answer(now, event, at, policy)
    if (after.phase, after.clock_from, after.assignment) != (now.phase, now.clock_from, now.assignment):
        after = _with_breaches(after, now, missed(now, policy, at))
    return after, outcome


def _answer(now: Standing, event: Event, at: datetime, policy: Policy) -> answers.Said:
    said = event.occurred_at
    if said is not None and said - event.received_at > policy.terms.skew_tolerance.delta:
        return now, "refused:from_the_future"
    if isinstance(event, Assigned):
        if event.assignment <= now.assignment:
            return now, "late"
    elif isinstance(event, Answer):
        if event.assignment > now.assignment:
            return now, "refused:unknown_assignment"
        if event.assignment < now.assignment or now.phase == "waiting":
            return answers.late(now, event, at, policy)
    answer = ANSWERS.get((now.phase, event.type))
    return answer(now, event, at, policy) if answer else (now, "not_allowed")


def _with_breaches(after: Standing, now: Standing, dues: Iterable[Due]) -> Standing:
    known = {(one.assignment, one.rule) for one in after.breached}
    fresh = [Breach(now.assignment, due.rule, due.at) for due in dues if (now.assignment, due.rule) not in known]
    return evolve(after, breached=(*after.breached, *fresh)) if fresh else after


# Ticks


def _tick(state: SlaState, at: datetime, policy: Policy) -> Stepped:
    """Settle what was received by `at`, then do what is due by then."""
    first = next_due(state)
    if first is None or at < first:  # most leads of a sweep
        return state, ()
    come = tuple(event for event in state.inbox if event.received_at <= at)
    later = state.inbox[len(come) :]
    settled, effects = _settle(state, come, policy, at)
    now, did, more = _do(state.lead, settled, policy, at)
    effects += [*more, _ticked(state, now, did, at)]
    seen = state.seen | {event.id for event in come}
    after = evolve(_known(state, now, later, policy), seen=seen, ticks=state.ticks + 1)
    return _woken(after, effects, at)


def _settle(state: SlaState, come: tuple[Event, ...], policy: Policy, at: datetime) -> tuple[Standing, list[Effect]]:
    """What the events come to, in order, and what has to be said of each."""
    now, effects = state.settled, list[Effect]()
    for event in come:
        before = now
        now, outcome = _fold(before, event, policy)
        effects += consequences(state.lead, before, now, event, at)
        effects.append(_record(state.lead, before, now, event, outcome, at))
    return now, effects


def _do(lead: str, now: Standing, policy: Policy, at: datetime) -> tuple[Standing, list[str], list[Effect]]:
    """Do the earliest thing that is due, until nothing is."""
    did, effects = list[str](), list[Effect]()
    while (due := ready(now, schedule(now, policy)[1], at)) is not None:
        now, more = act(lead, now, due, policy, at)
        effects += more
        did.append(f"{due.does}:{due.rule}")
    return now, did, effects


def _known(state: SlaState, settled: Standing, inbox: tuple[Event, ...], policy: Policy) -> SlaState:
    """The state with this settled and these events waiting, and what comes next worked out."""
    known = settled
    for event in inbox:
        known, _ = _fold(known, event, policy)
    legs, dues = schedule(known, policy)
    first = acts_at(settled, schedule(settled, policy)[1] if inbox else dues)
    return evolve(state, settled=settled, standing=known, settled_due=first, inbox=inbox, legs=legs, dues=dues)


_SAID = ("actor", "holder", "status", "reason", "evidence", "until", "then", "how")
"""What the record of an event tells of it, where it says so: ids and words."""


def _record(lead: str, before: Standing, after: Standing, event: Event, outcome: str, at: datetime) -> Effect:
    """The one record of an event: what it was, what came of it."""
    detail = {"event": event.id, "type": event.type, "outcome": outcome, "from": before.phase, "to": after.phase}
    detail |= {name: _word(said) for name in _SAID if (said := getattr(event, name, None)) is not None}
    return Effect(
        "record",
        f"{lead}/record:{event.id}",
        lead,
        after.assignment,
        at,
        due=event.received_at,
        detail=FrozenMap(detail),
    )


def _word(said: str | datetime) -> str:
    return said.isoformat() if isinstance(said, datetime) else said


def _ticked(state: SlaState, after: Standing, did: list[str], at: datetime) -> Effect:
    """The one record of a tick that changed something; two may come at one instant, so they are numbered."""
    detail = {"type": "tick", "did": " ".join(did) or "settle", "from": state.settled.phase, "to": after.phase}
    name = f"{state.lead}/tick:{state.ticks + 1}"
    return Effect("record", name, state.lead, after.assignment, at, detail=FrozenMap(detail))


def _woken(state: SlaState, effects: list[Effect], at: datetime) -> Stepped:
    """Ask to be woken when something is due, where that has changed."""
    wake = next_due(state)
    if wake is not None and wake != state.wake:
        name = f"{state.lead}/wake:{wake.isoformat()}"
        effects.append(Effect("wake", name, state.lead, state.assignment, at, due=wake))
    return evolve(state, wake=wake), tuple(effects)


# Migration


def _migrate(state: SlaState, event: Migrate, policy: Policy) -> Stepped:
    """Pin the lead to another policy, and do with its running clock what the event says."""
    if event.id in state.seen:
        return state, ()
    if event.to != policy.digest:
        raise PolicyMismatch(f"this migration is of lead {quoted(event.lead)} to {event.to[:15]}...: give that policy")
    if state.inbox:
        raise PolicyMismatch("events have come that no tick has settled: tick under the old policy first")
    at, now = event.received_at, state.settled
    if event.how == "keep_due":
        now = evolve(now, kept=keep(state.legs, now, at), kept_at=at)
    else:
        now = evolve(now, kept=None, kept_at=None)
    if event.how == "recompute_from_now":
        now = evolve(now, clock_from=at, asked_at=at if now.asked_at else None)
    effects = [_record(state.lead, state.settled, now, event, "applied", at)]
    after = evolve(_known(state, now, (), policy), policy=policy.digest, seen=state.seen | {event.id})
    return _woken(after, effects, at)
