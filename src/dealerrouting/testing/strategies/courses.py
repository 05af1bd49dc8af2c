"""`histories`: what happens to one lead after it was assigned, as events that the SLA machine can run.

May know: events, terms, the SLA machine. May not know: plans' rules, facts, how a story should end.
"""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime, timedelta
from functools import partial
from types import NoneType
from typing import Any

from hypothesis import strategies as st

from dealerrouting.errors import TransitionNotAllowed
from dealerrouting.events import EVENTS, STATUSES, Event, Tick
from dealerrouting.rules import Plan
from dealerrouting.sla import FINAL, SlaState, begin, step
from dealerrouting.terms import Policy, Terms
from dealerrouting.testing.strategies.drawing import EDGES, one_of

__all__ = ["histories"]

LEAD, HOUSE, DEALERS = "L1", "inside-sales", ("delta", "maas", "schelde")
_TICK, _HOUR, _DAY = timedelta(microseconds=1), timedelta(hours=1), timedelta(days=1)


def histories(terms: Terms | Policy | Plan | None = None) -> st.SearchStrategy[list[Event | Tick]]:
    """What arrives for the lead `L1` in order of time, events and ticks, from its assignment on.

    `sla.run(sla.begin("L1", policy, at=...), history, policy)` folds it. Times lie at, one microsecond before and
    after what the machine says is due. `terms` whose lengths are in business time need the plan that has their
    calendars, or its policy.
    """
    if isinstance(terms, Plan):
        return _histories(terms.policy)
    if not isinstance(terms, (Terms, Policy, NoneType)):
        raise TypeError(f"histories are of Terms, a Policy or a Plan, and this is a {type(terms).__name__}")
    return _histories(terms if isinstance(terms, Policy) else Policy(terms or Terms(), HOUSE))


@st.composite
def _histories(draw: st.DrawFn, policy: Policy) -> list[Event | Tick]:
    now = one_of(draw, EDGES)
    state = begin(LEAD, policy, at=now)
    found: list[Event | Tick] = []
    for number in range(draw(st.integers(1, 12))):
        now = now if number == 0 else _later(draw, state, now)
        one = Tick(now) if number % 2 else _event(draw, f"e{number}", state, now)
        with suppress(TransitionNotAllowed):  # then it does not arrive
            state = step(state, one, policy)[0]
            found.append(one)
    return found


def _later(draw: st.DrawFn, state: SlaState, now: datetime) -> datetime:
    """At what is due next, around it, or some time later."""
    gap = one_of(draw, (None, None, None, _TICK, _HOUR, _DAY, 10 * _DAY))
    due = [one.at for one in state.dues if one.at > now]
    if gap is not None or not due:
        return now + (gap or _HOUR)
    return max(now, min(due) + one_of(draw, (_TICK, timedelta(0), -_TICK)))


def _event(draw: st.DrawFn, id: str, state: SlaState, now: datetime) -> Event:
    """An event that fits where the lead stands, and now and then one that does not."""
    phase = state.standing.phase
    fits = "assigned" if phase == "waiting" else "reopened" if phase in FINAL else None
    odd = _LIKELY if state.assignment else ()
    kind = one_of(draw, (*[fits] * 16, *odd) if fits else odd)
    given: dict[str, Any] = _GIVEN[kind](draw, now)
    if kind == "reminder_sent":
        unsent = [one.key for one in state.standing.reminders if one.sent_at is None]
        given["effect"] = one_of(draw, unsent or [f"{LEAD}/1/remind:first_status"])
    given["assignment"] = max(1, state.assignment + (kind == "assigned"))
    return EVENTS[kind](id, LEAD, received_at=now, **given)


_LIKELY = ("updated", "accepted", "reminder_sent", "paused", "resumed", "declined", "withdrawn", "referred")


def _word(name: str, word: str, draw: st.DrawFn, now: datetime) -> dict[str, Any]:
    return {name: word}


_GIVEN: dict[str, Any] = {
    "assigned": lambda draw, _: one_of(
        draw, [*({"holder": one} for one in DEALERS), {"holder": HOUSE, "outcome": "house"}]
    ),
    "accepted": lambda *_: {},
    "resumed": lambda *_: {},
    "reminder_sent": lambda *_: {},
    "declined": partial(_word, "reason", "busy"),
    "referred": partial(_word, "reason", "too-big"),
    "reopened": partial(_word, "reason", "called-back"),
    "withdrawn": lambda draw, _: {"reason": "asked", "actor": "desk", "then": one_of(draw, ("reassign", "return"))},
    "paused": lambda draw, now: {"reason": "holiday", "until": now + one_of(draw, (_DAY, _HOUR, 10 * _DAY))},
    "updated": lambda draw, _: {"status": one_of(draw, STATUSES), "evidence": one_of(draw, (None, "call-7"))},
}
