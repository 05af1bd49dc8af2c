"""`SlaState`: where one lead stands.

May know: events, time. May not know: terms, calendars, what anything leads to.
A state is a value: whoever keeps it may write it down and read it back. It holds what has been
settled, the events that no tick has settled yet, and what both together come to. The due instants in
it were worked out by whoever knows the policy, so that a store can index them without one.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from attrs import field, frozen

from dealerrouting.calendar import END, Length
from dealerrouting.events import Event
from dealerrouting.mapping import FrozenMap

__all__ = [
    "Breach",
    "Due",
    "Leg",
    "Past",
    "Pause",
    "Reminder",
    "Segment",
    "SlaState",
    "Standing",
    "Told",
]

MOMENT = timedelta(microseconds=1)
"""The smallest step of time there is here."""


@frozen
class Past:
    """One assignment that is over. `why`: `silence declined withdrawn referred reassigned reopened`."""

    assignment: int
    holder: str
    kind: str
    why: str


@frozen
class Pause:
    """The clock stands still from `start`, and goes on at `until` at the latest."""

    start: datetime
    until: datetime
    reason: str


@frozen
class Reminder:
    """A reminder of this assignment: decided at `at`, to leave from `send_from`, gone at `sent_at`."""

    rule: str
    key: str
    at: datetime
    send_from: datetime
    sent_at: datetime | None = None


@frozen
class Told:
    """A person was told because of `rule`, `count` times by now, the last time at `at`."""

    rule: str
    count: int
    at: datetime


@frozen
class Breach:
    """A promise that was not kept: its due instant, exact, whenever that was noticed."""

    assignment: int
    rule: str
    due: datetime


@frozen
class Segment:
    """A stretch in which a clock ran, and how much of its own unit went by in it."""

    start: datetime
    end: datetime
    used: timedelta | int


@frozen
class Leg:
    """One clock: from `start`, after `length` of its own unit, at `due`.

    `calendar`, `version` and `timezone` are those of the calendar it runs on, if it runs on one. `kept`:
    the instant was taken over from another policy as it was. Between two segments the clock was paused.
    """

    name: str
    start: datetime
    length: Length | None
    due: datetime
    segments: tuple[Segment, ...] = ()
    calendar: str | None = None
    version: str | None = None
    timezone: str | None = None
    kept: bool = False


@frozen
class Due:
    """What will be done, for which rule, and the last instant that is still in time: the latest of its legs."""

    rule: str
    does: str
    at: datetime
    legs: tuple[Leg, ...] = ()

    @property
    def acts(self) -> datetime | None:
        """The first instant at which a tick acts; none for what is due at the end of time."""
        return None if self.at == END else self.at + MOMENT


@frozen
class Standing:
    """What is so at one moment.

    `phase`, `holder` and `kind` (`assigned` or `house`) belong to the assignment with the number
    `assignment`; `since` is when it began, `clock_from` when the running clock did. `hops`: how often
    the lead has moved on to another dealer. `past`: the assignments that are over. `resets`: how often the
    holder has started its clock anew. `changes` counts changes of status. `followers` hear of each.
    `kept`: by clock, where it began and the instant that a migration at `kept_at` has kept: the end of it,
    were nothing paused from then on. `asked_at`: when the router was asked.
    """

    phase: str
    since: datetime
    clock_from: datetime
    assignment: int = 0
    holder: str | None = None
    kind: str | None = None
    status: str | None = None
    hops: int = 0
    past: tuple[Past, ...] = ()
    resets: int = 0
    reopens: int = 0
    pause: Pause | None = None
    pauses: tuple[tuple[datetime, datetime], ...] = ()
    reminders: tuple[Reminder, ...] = ()
    told: tuple[Told, ...] = ()
    breached: tuple[Breach, ...] = ()
    changes: int = 0
    followers: tuple[str, ...] = ()
    kept: FrozenMap[tuple[datetime, datetime]] | None = None
    kept_at: datetime | None = None
    asked_at: datetime | None = None

    def reminder(self, rule: str) -> Reminder | None:
        """The reminder that this assignment has had for a rule."""
        return next((one for one in self.reminders if one.rule == rule), None)

    def told_of(self, rule: str) -> Told | None:
        """When a person was last told because of a rule, in this assignment."""
        return next((one for one in self.told if one.rule == rule), None)

    def had(self) -> frozenset[str]:
        """The dealers that have had this lead and have it no more."""
        return frozenset(one.holder for one in self.past if one.kind == "assigned")

    def stretches(self) -> tuple[tuple[datetime, datetime], ...]:
        """When the clock of this assignment stood still, the running pause to its bound."""
        return (*self.pauses, (self.pause.start, self.pause.until)) if self.pause else self.pauses


@frozen
class SlaState:
    """Where the lead `lead` stands, under the policy with the digest `policy`.

    `standing` is what is known by now; `settled` is what the last tick that did anything has made
    definite, and `inbox` what has come since, in order of receipt. `dues` is what comes next, `ticks` how many
    ticks have changed something. `settled_due` is the first instant at which a tick acts on what is settled.
    """

    lead: str
    policy: str
    settled: Standing
    standing: Standing
    settled_due: datetime | None
    inbox: tuple[Event, ...] = ()
    seen: frozenset[str] = field(default=frozenset(), repr=False)
    dues: tuple[Due, ...] = ()
    legs: tuple[Leg, ...] = field(default=(), repr=False)
    wake: datetime | None = None
    ticks: int = 0

    @property
    def phase(self) -> str:
        """Where the lead is, by what is known."""
        return self.standing.phase

    @property
    def holder(self) -> str | None:
        """Who holds it, or None while nobody does."""
        return self.standing.holder

    @property
    def assignment(self) -> int:
        """The number of the latest assignment; it only grows."""
        return self.standing.assignment
