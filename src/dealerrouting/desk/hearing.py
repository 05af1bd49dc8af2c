"""What holders and people of the house say of a lead: accepted, declined, a status, referred, given by hand.

May know: following. May not know: how a lead came in, sweeps.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from dealerrouting.desk.change import Change
from dealerrouting.desk.config import Config
from dealerrouting.desk.following import Follower, at_of, outcome_of
from dealerrouting.desk.look import Look
from dealerrouting.desk.once import Asked, Done, once, short
from dealerrouting.desk.outcome import Outcome, with_effects
from dealerrouting.desk.steps import Steps
from dealerrouting.desk.waiting import offer_freed
from dealerrouting.errors import EventError, Fault, did_you_mean
from dealerrouting.events import (
    Accepted,
    Assigned,
    Declined,
    Event,
    Paused,
    Referred,
    ReminderSent,
    Reopened,
    Resumed,
    Updated,
    Withdrawn,
)
from dealerrouting.ports import Case, Ref
from dealerrouting.sla import Effect

__all__ = ["accept", "decline", "pause", "reassign", "refer", "reopen", "resume", "sent", "update"]

_Made = Callable[..., Event]


def accept(config: Config, lead: str, *, assignment: int, actor: str, key: str | None = None) -> Steps[Outcome]:
    """The holder of this assignment takes the lead on."""
    return (yield from _say(config, "accept", Accepted, lead, key, assignment=assignment, actor=actor))


def decline(
    config: Config, lead: str, *, assignment: int, reason: str, actor: str, key: str | None = None
) -> Steps[Outcome]:
    """The holder of this assignment does not want it: the router is asked, and another has it in the same commit."""
    told = {"assignment": assignment, "reason": reason, "actor": actor}
    return (yield from _say(config, "decline", Declined, lead, key, **told))


def update(
    config: Config,
    lead: str,
    *,
    assignment: int,
    status: str,
    actor: str,
    evidence: str | None = None,
    occurred_at: datetime | None = None,
    key: str | None = None,
) -> Steps[Outcome]:
    """The holder of this assignment says how it stands. `evidence` is the id of what shows it."""
    told = {"assignment": assignment, "status": status, "actor": actor, "evidence": evidence}
    return (yield from _say(config, "update", Updated, lead, key, occurred_at=occurred_at, **told))


def refer(
    config: Config, lead: str, *, assignment: int, reason: str, actor: str, key: str | None = None
) -> Steps[Outcome]:
    """The holder of this assignment hands the lead to the house, and will hear what becomes of it."""
    told = {"assignment": assignment, "reason": reason, "actor": actor}
    return (yield from _say(config, "refer", Referred, lead, key, **told))


def pause(
    config: Config, lead: str, *, assignment: int, until: datetime, reason: str, actor: str, key: str | None = None
) -> Steps[Outcome]:
    """The clock stands still until then, as far as the terms allow it."""
    told = {"assignment": assignment, "until": until, "reason": reason, "actor": actor}
    return (yield from _say(config, "pause", Paused, lead, key, **told))


def resume(config: Config, lead: str, *, assignment: int, actor: str, key: str | None = None) -> Steps[Outcome]:
    """The clock goes on before the pause is over."""
    return (yield from _say(config, "resume", Resumed, lead, key, assignment=assignment, actor=actor))


def reopen(
    config: Config, lead: str, *, assignment: int, reason: str, actor: str, key: str | None = None
) -> Steps[Outcome]:
    """A closed lead is alive again, with whoever held it."""
    told = {"assignment": assignment, "reason": reason, "actor": actor}
    return (yield from _say(config, "reopen", Reopened, lead, key, **told))


def reassign(
    config: Config, lead: str, *, to: str | None = None, reason: str, actor: str, key: str | None = None
) -> Steps[Outcome]:
    """By hand: the lead goes to `to`, a past holder or not; or without it to whomever the plan says, but not back.

    Needs an actor and a reason. `EventError` where the active plan has no such dealer.
    """
    asked = Asked("reassign", Ref("lead", lead), {"to": to, "reason": reason, "actor": actor}, key)

    def event(case: Case, at: datetime, ident: str, look: Look) -> Steps[Event]:
        told: dict[str, Any] = {"received_at": at, "actor": actor, "reason": reason}
        assert case.state is not None
        if to is None:
            return Withdrawn(ident, lead, assignment=case.state.assignment, **told)
        plan = yield from look.active()
        dealer = plan.dealer(to)
        if dealer is None:
            cure = did_you_mean(to, plan.by_id)
            raise EventError([Fault("to", "the active plan has no such dealer", cure, ("to",))])
        kind = "assigned" if dealer.kind == "dealer" else "house"
        number = case.state.assignment + 1
        return Assigned(ident, lead, assignment=number, holder=to, outcome=kind, by_hand=True, **told)

    return (yield from _heard(config, asked, event))


def sent(config: Config, message: Effect) -> Steps[Outcome]:
    """A message has left. Where it was a reminder, notice runs from now on. Said twice, it is as said once."""
    asked = Asked("sent", Ref("lead", message.lead), message.key, short(f"sent:{message.key}"))

    def event(case: Case, at: datetime, ident: str, look: Look) -> Steps[Event | None]:
        yield from ()  # a step like the others, that asks nothing
        if message.does != "remind":
            return None
        told: dict[str, Any] = {"assignment": message.assignment, "effect": message.key, "received_at": at}
        return ReminderSent(short(f"sent:{message.key}"), message.lead, **told)

    return (yield from _heard(config, asked, event, left=message.key))


# All of them alike


def _say(config: Config, command: str, made: _Made, lead: str, key: str | None, **told: Any) -> Steps[Outcome]:
    """An event about one assignment of the lead."""
    asked = Asked(command, Ref("lead", lead), {name: str(value) for name, value in told.items()}, key)

    def event(case: Case, at: datetime, ident: str, look: Look) -> Steps[Event]:
        yield from ()  # a step like the others, that asks nothing
        return made(ident, lead, received_at=at, **told)

    return (yield from _heard(config, asked, event))


def _heard(config: Config, asked: Asked, event: Callable[..., Steps[Event | None]], left: str = "") -> Steps[Outcome]:
    """Load the case, make the event with the time of the store, follow it, commit; then whoever has room gets more.

    `NotFound` for an unknown lead, `TransitionNotAllowed` for what has no place in its phase.
    """

    def work(look: Look) -> Steps[Done]:
        case = look.case(asked.about.id)
        change = Change(at_of(look, case), left=[left] if left else [])
        if case.erased_at is not None or case.state is None:
            return _elsewhere(asked, case), change
        version = look.versions[asked.about]
        # The ends keep ids of events that come from keys apart from all others.
        ident = f"{asked.key}/key" if asked.key else f"{case.lead}/v{version + 1}"
        made = yield from event(case, change.at, ident, look)
        if made is None:
            return Outcome(asked.about, "applied", case.holder, case.state.assignment, case.phase), change
        follower = yield from Follower.of(config, look, change, case)
        after = yield from follower.hear(made)
        word, number = outcome_of(change, made), after.state.assignment if after.state else 0
        if isinstance(made, Assigned) and word == "applied":
            change.messages += _given_by_hand(made, change.at)
        decision = change.decisions[-1].decision if change.decisions else None
        return Outcome(asked.about, word, after.holder, number, after.phase, decision=decision), change

    outcome, change = yield from once(config, asked, work)
    return with_effects(outcome, (yield from offer_freed(config, change)))


def _elsewhere(asked: Asked, case: Case) -> Outcome:
    """A lead that is no more, or that goes with another: that one is to be spoken of."""
    word = "erased" if case.erased_at is not None else "refused:linked" if case.linked else "refused:watched"
    return Outcome(asked.about, word, case.holder, phase=case.phase, linked=case.linked)


def _given_by_hand(event: Assigned, at: datetime) -> list[Effect]:
    """Who is given a lead by hand is told as well as who is given it by the plan."""
    name = f"{event.lead}/{event.assignment}/offer"
    return [Effect("offer", name, event.lead, event.assignment, at, event.holder, "inbox")]
