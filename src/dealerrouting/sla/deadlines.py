"""What a tick does when something is due, and what follows from every change.

May know: standings, clocks, effects. May not know: events, the table of answers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

from attrs import evolve

from dealerrouting.events import Assigned, Event
from dealerrouting.mapping import FrozenMap
from dealerrouting.sla import answers
from dealerrouting.sla.clocks import rules_of
from dealerrouting.sla.effects import Effect, key
from dealerrouting.sla.state import Breach, Due, Reminder, SlaState, Standing, Told
from dealerrouting.terms import Policy

__all__ = ["act", "acts_at", "consequences", "ready", "wanted"]

Acted = tuple[Standing, list[Effect]]


def ready(now: Standing, dues: tuple[Due, ...], at: datetime) -> Due | None:
    """The earliest thing that is due before `at`; asking the router waits for nothing but a tick."""
    if _unasked(now):
        return Due("routing", "ask", now.since)
    return next((due for due in dues if at > due.at), None)


def acts_at(now: Standing, dues: tuple[Due, ...]) -> datetime | None:
    """The first instant at which a tick acts on this standing."""
    return now.since if _unasked(now) else min((due.acts for due in dues if due.acts is not None), default=None)


def _unasked(now: Standing) -> bool:
    return now.phase == "waiting" and now.asked_at is None


def act(lead: str, now: Standing, due: Due, policy: Policy, at: datetime) -> Acted:
    """Do what is due: the standing after it, and its effects."""
    after, effects = _ACTS[due.does](lead, now, due, policy, at)
    return after, [*effects, *consequences(lead, now, after, None, at)]


def _ask(lead: str, now: Standing, due: Due, policy: Policy, at: datetime) -> Acted:
    """The router is asked for the next holder; its answer carries the next number."""
    name = key(lead, now.assignment, "request_next")
    detail = FrozenMap({"next": str(now.assignment + 1)})
    ask = Effect("request_next", name, lead, now.assignment, at, exclude=tuple(sorted(now.had())), detail=detail)
    return evolve(now, asked_at=at), [ask]


def _remind(lead: str, now: Standing, due: Due, policy: Policy, at: datetime) -> Acted:
    """One reminder; with it the promise counts as broken, at the instant that it was due."""
    name, opens = key(lead, now.assignment, "remind", due.rule), _opens(now.holder, policy, at)
    reminders = (*now.reminders, Reminder(due.rule, name, at, opens))
    breached = now.breached
    if not any((one.assignment, one.rule) == (now.assignment, due.rule) for one in breached):
        breached = (*breached, Breach(now.assignment, due.rule, due.at))
    told = Effect("remind", name, lead, now.assignment, at, now.holder, "inbox", due.rule, due.at, opens)
    return evolve(now, reminders=reminders, breached=breached), [told]


def _escalate(lead: str, now: Standing, due: Due, policy: Policy, at: datetime) -> Acted:
    """A person is told: the holder's manager, or the house's where the holder could not be reached."""
    before = now.told_of(due.rule)
    count = before.count + 1 if before else 1
    to = policy.house if due.rule.startswith("undelivered:") else now.holder
    name = key(lead, now.assignment, "escalate", f"{due.rule}:{count}")
    opens = _opens(to, policy, at)
    told = Effect("escalate", name, lead, now.assignment, at, to, "manager", due.rule, due.at, opens)
    others = tuple(one for one in now.told if one is not before)
    return evolve(now, told=(*others, Told(due.rule, count, at))), [told]


def _withdraw(lead: str, now: Standing, due: Due, policy: Policy, at: datetime) -> Acted:
    """Silence: another dealer or the house, as the terms say."""
    return answers.let_go(now, "silence", policy.terms.on_silence[0], at, policy), []


def _return(lead: str, now: Standing, due: Due, policy: Policy, at: datetime) -> Acted:
    """Nobody could say who is next."""
    return answers.let_go(now, "routing", "return", at, policy), []


def _resume(lead: str, now: Standing, due: Due, policy: Policy, at: datetime) -> Acted:
    """A pause ends at its bound, whenever the tick comes."""
    return answers.closed(now, at), []


_ACTS: dict[str, Callable[[str, Standing, Due, Policy, datetime], Acted]] = {
    "ask": _ask,
    "remind": _remind,
    "escalate": _escalate,
    "withdraw": _withdraw,
    "return": _return,
    "resume": _resume,
}


def _opens(holder: str | None, policy: Policy, at: datetime) -> datetime:
    """When a message may reach the recipient: in its opening hours."""
    calendar = policy.calendar_of(holder)
    return at if calendar is None else calendar.next_open(at)


def wanted(state: SlaState, effect: Effect) -> bool:
    """Whether a message that has not left yet still has something to say.

    A reminder, or word to a manager, is for nothing once its assignment is over or its rule has been met in the
    meantime. Everything else is told however late it is.
    """
    if effect.does not in ("remind", "escalate") or effect.rule is None:
        return True
    rule = effect.rule.removeprefix("undelivered:")
    reminder = state.standing.reminder(rule)
    if rule != effect.rule and reminder is not None and reminder.sent_at is not None:
        return False  # it has left by now
    return effect.assignment == state.assignment and rule in rules_of(state.standing)


# What follows from a change, whoever made it


def consequences(lead: str, before: Standing, after: Standing, cause: Event | None, at: datetime) -> list[Effect]:
    """What has to be said because the standing changed: to the dealer that lost it, the house, the followers."""
    return [
        *_lost(lead, before, after, at),
        *_returned(lead, before, after, cause, at),
        *_told(lead, before, after, at),
    ]


def _lost(lead: str, before: Standing, after: Standing, at: datetime) -> Iterator[Effect]:
    for over in after.past[len(before.past) :]:
        if over.why in ("silence", "withdrawn", "reassigned"):
            name, detail = key(lead, over.assignment, "withdraw"), FrozenMap({"why": over.why})
            yield Effect("withdraw", name, lead, over.assignment, at, over.holder, "inbox", detail=detail)


def _returned(lead: str, before: Standing, after: Standing, cause: Any, at: datetime) -> Iterator[Effect]:
    """The house is told where it was not the router that said so."""
    if after.phase != "house" or before.assignment == after.assignment or isinstance(cause, Assigned):
        return
    why = after.past[-1].why if len(after.past) > len(before.past) else "routing"
    name, detail = key(lead, after.assignment, "return_to_house"), FrozenMap({"why": why})
    yield Effect("return_to_house", name, lead, after.assignment, at, after.holder, "inbox", detail=detail)


def _told(lead: str, before: Standing, after: Standing, at: datetime) -> Iterator[Effect]:
    """Whoever referred or claimed the lead hears of each change, unless it is its own."""
    if after.changes == before.changes:
        return
    said = {"phase": after.phase, "status": after.status}
    detail = FrozenMap({name: word for name, word in said.items() if word is not None})
    for dealer in after.followers:
        if dealer != after.holder:
            name = key(lead, after.assignment, "notify", f"{dealer}:{after.changes}")
            yield Effect("notify", name, lead, after.assignment, at, dealer, "inbox", detail=detail)
