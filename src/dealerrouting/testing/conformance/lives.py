"""Leads that have lived: states, events, effects, made by the SLA machine itself from seeded histories.

May know: the SLA machine, events, terms. May not know: stores.
A store is not asked to keep what nobody ever has, but whatever the machine comes to.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from functools import cache
from random import Random
from typing import Any

from attrs import frozen

from dealerrouting.calendar import Business, BusinessDays, Calendar, Elapsed
from dealerrouting.errors import TransitionNotAllowed
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
    Tick,
    Updated,
    Withdrawn,
)
from dealerrouting.sla import Effect, SlaState, begin, step
from dealerrouting.terms import HouseTerms, Policy, Terms

__all__ = ["AT", "DEALERS", "HOUSE", "POLICY", "Life", "begun", "closed", "held", "life"]

AT = datetime(2027, 3, 1, 9, 30, 15, 123_457, tzinfo=UTC)
"""The instant around which everything happens."""
HOUSE, DEALERS = "inside-sales", ("delta", "maas", "Œuvre & Fils")
_OFFICE = Calendar("Europe/Brussels", {"mon-fri": ["09:00-12:30", "13:00-17:30"]}, holidays=["2027-03-29"])
POLICY = Policy(Terms(), HOUSE)
POLICIES = (
    POLICY,
    Policy(Terms(accept_within=Elapsed(hours=4), escalate_after=Elapsed(days=2), late_answer="restore"), HOUSE),
    Policy(
        Terms(
            remind_after=Business(hours=8),
            withdraw_after=BusinessDays(4),
            notice=Business(hours=4),
            calendar="office",
            house=HouseTerms(BusinessDays(1), BusinessDays(2)),
        ),
        HOUSE,
        {"office": _OFFICE},
    ),
)
_GAPS = (timedelta(microseconds=1), timedelta(hours=1), timedelta(hours=7), timedelta(days=1), timedelta(days=3))


@frozen
class Life:
    """One lead's life so far: where it stands, what happened in order, what that asked for."""

    lead: str
    state: SlaState
    log: tuple[Event | Tick, ...]
    effects: tuple[Effect, ...]

    @property
    def records(self) -> tuple[Effect, ...]:
        """What was to be written down."""
        return tuple(one for one in self.effects if one.does == "record")

    @property
    def messages(self) -> tuple[Effect, ...]:
        """What is to leave, each key once."""
        return tuple({one.key: one for one in self.effects if one.does in _SENT}.values())


_SENT = ("remind", "escalate", "withdraw", "return_to_house", "notify")


def begun(lead: str, at: datetime, followers: tuple[str, ...] = ()) -> SlaState:
    """A lead that nobody holds yet and that is due at the very instant `at`."""
    return begin(lead, POLICY, at=at, claimants=followers)


def held(lead: str, holder: str = DEALERS[0], at: datetime = AT) -> SlaState:
    """A lead that a dealer, or the house, has held since `at`."""
    outcome = "house" if holder == HOUSE else "assigned"
    given = Assigned(f"{lead}/1"[:200], lead, assignment=1, holder=holder, outcome=outcome, received_at=at)
    return _stepped(begun(lead, at), given, Tick(at))


def closed(lead: str, status: str, at: datetime = AT) -> SlaState:
    """A lead that was `won` or `lost`."""
    said = Updated(f"{lead}/2"[:200], lead, assignment=1, status=status, received_at=at)
    return _stepped(held(lead, at=at), said, Tick(at))


def _stepped(state: SlaState, *events: Event | Tick) -> SlaState:
    for one in events:
        state, _ = step(state, one, POLICY)
    return state


@cache
def life(lead: str, seed: int, at: datetime = AT, steps: int = 9) -> Life:
    """The life of a lead by seeded chance: the same seed gives the same life."""
    chance = Random(f"life {seed}")  # noqa: S311  # examples, not secrets
    policy = POLICIES[seed % len(POLICIES)]
    state = begin(lead, policy, at=at, claimants=("maas",) if seed % 2 else ())
    log: list[Event | Tick] = []
    effects: list[Effect] = []
    for number in range(steps):
        at += chance.choice(_GAPS)
        for one in _happens(chance, f"e{seed}-{number}", state, at, effects):
            try:
                state, more = step(state, one, policy)
            except TransitionNotAllowed:
                continue
            log.append(one)
            effects += more
    return Life(lead, state, tuple(log), tuple(effects))


def _happens(chance: Random, id: str, state: SlaState, at: datetime, effects: list[Effect]) -> Iterator[Event | Tick]:
    """Something that fits where the lead stands, mostly settled by a tick."""
    now = state.standing
    kinds = _LIKELY.get(now.phase, _LIKELY["working"])
    unsent = [one for one in effects if one.does == "remind" and one.assignment == now.assignment]
    if unsent:
        sent = unsent[-1]
        yield ReminderSent(f"{id}-s", state.lead, assignment=sent.assignment, effect=sent.key, received_at=at)
    said = at - timedelta(minutes=1, microseconds=7)
    yield chance.choice(kinds)(id, state.lead, max(now.assignment, 1), at, said, chance)
    if chance.random() < 0.8:
        yield Tick(at + chance.choice(_GAPS[:3]))


def _assigned(id: str, lead: str, number: int, at: datetime, said: datetime, chance: Random) -> Event:
    who = chance.choice((*DEALERS, HOUSE))
    outcome = "house" if who == HOUSE else "assigned"
    extra: dict[str, Any] = chance.choice(({}, {"by_hand": True, "actor": "Zoë", "reason": 'said "please"'}))
    return Assigned(id, lead, assignment=chance.choice((1, 2, 3)), holder=who, outcome=outcome, received_at=at, **extra)


def _updated(id: str, lead: str, number: int, at: datetime, said: datetime, chance: Random) -> Event:
    status = chance.choice(("contacted", "contacted", "qualified", "quoted", "uncontactable", "won", "lost"))
    return Updated(
        id, lead, assignment=number, status=status, evidence="note-😀", received_at=at, occurred_at=said, actor="p-1"
    )


def _paused(id: str, lead: str, number: int, at: datetime, said: datetime, chance: Random) -> Event:
    until = at + timedelta(days=1, microseconds=1)
    return Paused(id, lead, assignment=number, until=until, reason="customer's holiday", received_at=at)


def _reasoned(kind: Any) -> Any:
    def made(id: str, lead: str, number: int, at: datetime, said: datetime, chance: Random) -> Event:
        event: Event = kind(id, lead, assignment=number, reason="too far away", received_at=at, actor="p-2")
        return event

    return made


def _plain(kind: Any) -> Any:
    def made(id: str, lead: str, number: int, at: datetime, said: datetime, chance: Random) -> Event:
        event: Event = kind(id, lead, assignment=number, received_at=at, occurred_at=said)
        return event

    return made


_Made = Callable[[str, str, int, datetime, datetime, Random], Event]
_WORK: tuple[_Made, ...] = (
    _updated,
    _updated,
    _paused,
    _plain(Accepted),
    _plain(Resumed),
    _reasoned(Declined),
    _reasoned(Referred),
    _reasoned(Withdrawn),
)
_LIKELY: dict[str, tuple[_Made, ...]] = {
    "waiting": (_assigned,),
    "working": _WORK,
    "won": (_reasoned(Reopened), _updated),
    "lost": (_reasoned(Reopened), _updated),
    "uncontactable": (_reasoned(Reopened),),
}
