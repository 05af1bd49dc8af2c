"""The life of one lead, written as a test reads: who says what, when it ticks, what comes of it.

Everything happens after `T0`, a Monday morning; numbers and ids are filled in.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from dealerrouting.calendar import Calendar
from dealerrouting.events import Assigned, Migrate, ReminderSent, Tick
from dealerrouting.mapping import FrozenMap
from dealerrouting.sla import Effect, begin, step
from dealerrouting.terms import Policy, Terms

T0 = datetime(2026, 6, 1, 8, tzinfo=UTC)
"""A Monday, 10:00 in Brussels."""
MOMENT = timedelta(microseconds=1)
REMINDER = "L1/1/remind:first_status"
BY_EVE = {"actor": "eve", "reason": "asked"}
OFFICE = Calendar("Europe/Brussels", {"mon-fri": ["09:00-17:00"]})


def at(days=0, hours=0, minutes=0, late=0):
    """So long after `T0`, and so many microseconds."""
    return T0 + timedelta(days=days, hours=hours, minutes=minutes, microseconds=late)


class Life:
    """One lead under one policy; by default the terms as they come, and a house `hq` without a calendar."""

    def __init__(self, *, calendars=(), keeps=(), claimants=(), referred_by=None, begun=T0, **terms):
        self.policy = Policy(Terms(**terms), "hq", calendars, keeps)
        self.state = begin("L1", self.policy, at=begun, claimants=claimants, referred_by=referred_by)
        self.effects, self.events = [], 0

    def step(self, event):
        """Step anything; what it brings about."""
        self.state, effects = step(self.state, event, self.policy)
        self.effects += effects
        return list(effects)

    def event(self, kind, when, number=None, **said):
        """An event with the next id, about the assignment that there is; the router's is about the next."""
        self.events += 1
        number = self.state.assignment + (kind is Assigned) if number is None else number
        return kind(f"e{self.events}", "L1", assignment=number, received_at=when, **said)

    def hears(self, kind, when, number=None, **said):
        """An event comes; nothing is settled yet."""
        assert self.step(self.event(kind, when, number, **said)) == []

    def ticks(self, when):
        """What a tick asks for, its records and its wake left out."""
        return [one for one in self.step(Tick(when)) if one.does not in ("record", "wake")]

    def told(self, when):
        """The same, by their keys."""
        return [one.key.removeprefix("L1/") for one in self.ticks(when)]

    def settles(self, kind, when, number=None, **said):
        """An event comes and is settled at once: what the record says came of it."""
        self.hears(kind, when, number, **said)
        self.ticks(when)
        return self.outcome(f"e{self.events}")

    def sent(self, when, effect=REMINDER, **more):
        """The relay says that a reminder has left."""
        return self.settles(ReminderSent, when, effect=effect, **more)

    def outcome(self, id):
        """What the record of an event says."""
        return next(one.detail["outcome"] for one in self.effects if one.key == f"L1/record:{id}")

    def migrates(self, when, how, **terms):
        """To other terms; the calendars stay."""
        self.policy = Policy(Terms(**terms), "hq", self.policy.calendars, self.policy.keeps)
        self.events += 1
        return self.step(Migrate(f"e{self.events}", "L1", received_at=when, to=self.policy.digest, how=how))

    def dues(self):
        """What comes next: (rule, what is done, the last instant in time)."""
        return [(due.rule, due.does, due.at) for due in self.state.dues]


def effect(does, key, number, when, to=None, role=None, rule=None, due=None, send_from=None, exclude=(), **detail):
    """An effect on the lead; what is left over is its detail."""
    return Effect(does, f"L1/{key}", "L1", number, when, to, role, rule, due, send_from, exclude, FrozenMap(detail))


def record(key, number, when, before, after, due=None, **detail):
    """The record of an event that was received at `due`, or of a tick."""
    detail |= {"from": before, "to": after}
    return Effect("record", f"L1/record:{key}", "L1", number, when, due=due, detail=FrozenMap(detail))


def offered(holder="ann", when=T0, **more):
    """A lead that a dealer has since `when`."""
    life = Life(**more)
    life.settles(Assigned, when, holder=holder)
    return life


def reminded(**terms):
    """A dealer that was silent, was reminded in time, and got the reminder an hour later."""
    life = offered(**terms)
    life.ticks(at(hours=48, late=1))
    life.sent(at(hours=49))
    return life
