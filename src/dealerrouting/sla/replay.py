"""`replay`: a whole log of events, lead by lead, and what the machine makes of it.

May know: this room. May not know: files, how anything is shown.
What a log does not hold is supplied as if all went well, and only then: without ticks in it the sweep
comes at every instant at which something is due; without `ReminderSent` each reminder leaves as soon as
it may. Nobody answers for the router: a lead that it does not assign goes to the house in time. A lead of which nothing
is heard for a year is not followed any further until something is: a mistyped year is no eternity of reminders.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta

from attrs import frozen

from dealerrouting.calendar import NEVER, instant
from dealerrouting.errors import PolicyMismatch, TransitionNotAllowed
from dealerrouting.events import Event, Migrate, ReminderSent, Tick
from dealerrouting.sla.effects import Effect
from dealerrouting.sla.state import SlaState
from dealerrouting.sla.step import begin, next_due, step
from dealerrouting.terms import Policy

__all__ = ["Story", "replay"]

_LONG = timedelta(days=366)


@frozen
class Story:
    """What happened to one lead: where it stands at the end, every effect in order, and the events that were refused.

    `refused` are pairs of an event and why: those that the table does not allow, and migrations to a policy
    that is not at hand. Events that were settled as a refusal are among the records.
    """

    lead: str
    state: SlaState
    effects: tuple[Effect, ...]
    refused: tuple[tuple[Event, str], ...] = ()

    def count(self, does: str) -> int:
        """How many effects of one kind there were."""
        return sum(effect.does == does for effect in self.effects)


def replay(
    log: Iterable[Event | Tick], policy: Policy, *, until: datetime | None = None, policies: Iterable[Policy] = ()
) -> Iterator[Story]:
    """The story of each lead in `log`, by id.

    Events are stepped in order of receipt, then id, whatever their order in the log; time runs to
    `until`, by default the last instant in the log. `policies` are those that a `Migrate` may go to.
    """
    facts, ticks = _sorted_out(log)
    last = max([*ticks, *(event.received_at for events in facts.values() for event in events)], default=NEVER)
    end = last if until is None else instant(until)
    supplied = not any(isinstance(event, ReminderSent) for events in facts.values() for event in events)
    known = {one.digest: one for one in (policy, *policies)}
    for lead in sorted(facts):
        yield _Teller(lead, policy, known, supplied).tell(facts[lead], ticks, end)


def _sorted_out(log: Iterable[Event | Tick]) -> tuple[dict[str, list[Event]], list[datetime]]:
    """The events of each lead in order, and the instants of the ticks, which are for all."""
    facts: dict[str, list[Event]] = {}
    ticks: set[datetime] = set()
    for event in log:
        if isinstance(event, Tick):
            ticks.add(event.at)
        else:
            facts.setdefault(event.lead, []).append(event)
    for events in facts.values():
        events.sort(key=lambda event: (event.received_at, event.id))
    return facts, sorted(ticks)


class _Teller:
    """One lead being replayed."""

    def __init__(self, lead: str, policy: Policy, policies: Mapping[str, Policy], supplied: bool) -> None:
        self.lead, self.policy, self.policies, self.supplied = lead, policy, policies, supplied
        self.effects: list[Effect] = []
        self.refused: list[tuple[Event, str]] = []
        self.relayed: list[Event] = []
        self.heard = NEVER

    def tell(self, events: list[Event], ticks: list[datetime], end: datetime) -> Story:
        """Step everything that comes by `end`; of one instant, the events before the tick."""
        self.heard = events[0].received_at
        self.state = begin(self.lead, self.policy, at=self.heard)
        waiting = events[::-1]
        while True:
            queue = min((q for q in (waiting, self.relayed) if q), key=lambda q: q[-1].received_at, default=None)
            heard = queue[-1].received_at if queue else None
            ticked = self._tick_at(ticks)
            at = min((when for when in (heard, ticked) if when is not None), default=None)
            if at is None or at > end:
                return Story(self.lead, self.state, tuple(self.effects), tuple(self.refused))
            self._step(queue.pop() if queue and heard == at else Tick(at))

    def _tick_at(self, ticks: list[datetime]) -> datetime | None:
        """The next tick that may change something: one of the log's, or where it has none as soon as it is due."""
        due = next_due(self.state)
        if due is None or not ticks:
            return max(due, self.heard) if due is not None and due - self.heard <= _LONG else None
        index = bisect_left(ticks, due)
        return ticks[index] if index < len(ticks) else None

    def _step(self, event: Event | Tick) -> None:
        self.heard = self.heard if isinstance(event, Tick) else max(self.heard, event.received_at)
        policy = self.policies.get(event.to, self.policy) if isinstance(event, Migrate) else self.policy
        try:
            self.state, effects = step(self.state, event, policy)
        except (TransitionNotAllowed, PolicyMismatch) as error:
            self.refused.append((event, str(error)))  # type: ignore[arg-type]  # a tick is never refused
            return
        self.policy = policy
        self.effects += effects
        if self.supplied:
            self.relayed += [_sent(effect) for effect in effects if effect.does == "remind"]
            self.relayed.sort(key=lambda one: one.received_at, reverse=True)


def _sent(effect: Effect) -> ReminderSent:
    """What a relay that goes well says: the reminder left as soon as it might."""
    return ReminderSent(
        f"sent:{effect.key}",
        effect.lead,
        assignment=effect.assignment,
        effect=effect.key,
        received_at=effect.send_from or effect.at,
    )
