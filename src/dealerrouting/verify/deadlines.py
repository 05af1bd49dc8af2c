"""Clocks that end where nobody works: elapsed time that runs out on a day without opening hours.

May know: a plan's terms and calendars, findings. May not know: regions, who wins.

Reminders are sent in opening hours whatever the terms say; these clocks take a lead away, or tell on somebody.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from dealerrouting.calendar import Calendar, Elapsed, midnight
from dealerrouting.mapping import FrozenMap
from dealerrouting.model import Facts
from dealerrouting.rules.plan import Plan
from dealerrouting.rules.route import consider
from dealerrouting.terms.agreed import length_data
from dealerrouting.verify.contest import Contest, contest
from dealerrouting.verify.finding import CODES, Finding, Witness
from dealerrouting.verify.place import EVERYWHERE
from dealerrouting.verify.witness import sample

__all__ = ["deadlines", "deadlines_of"]

CLOCKS = ("accept_within", "withdraw_after", "escalate_after")
"""The clocks of a dealer that do something to it."""
_MONDAY = datetime.fromisoformat("2027-01-11T00:00:00+00:00")
_DAY = timedelta(days=1)


def deadlines(plan: Plan, *, at: datetime | None = None) -> tuple[Finding, ...]:
    """Clocks in elapsed time that can end on a day on which whoever they are for is closed all day."""
    return tuple(deadlines_of(contest(plan, since=at)))


def deadlines_of(asked: Contest) -> Iterator[Finding]:
    """The same of a contest: one finding for each clock, with the calendars it is so for."""
    plan = asked.plans[0]
    since = max(_MONDAY, asked.space.when.cuts[0])
    for clock in CLOCKS:
        length = getattr(plan.terms, clock)
        if isinstance(length, Elapsed):
            found = _closed(plan, length, since)
            if found:
                yield _told(asked, clock, length, found)


def _closed(plan: Plan, length: Elapsed, since: datetime) -> dict[str, tuple[datetime, datetime]]:
    """By calendar that somebody keeps, when a lead is assigned and when the clock then ends on a closed day."""
    kept = {plan.policy.calendar_id(dealer.id) for dealer in plan.dealers if dealer.kind == "dealer"} - {None}
    found = {}
    for name in sorted(name for name in kept if name is not None):
        pair = _first(plan.calendars[name], length, since)
        if pair is not None:
            found[name] = pair
    return found


def _first(calendar: Calendar, length: Elapsed, since: datetime) -> tuple[datetime, datetime] | None:
    """The first opening within a fortnight from which the clock ends on a closed day."""
    for day in range(14):
        start = calendar.next_open(since + day * _DAY)
        end = start + length.delta
        if start < since + (day + 1) * _DAY and _closed_all_day(calendar, end):
            return start, end
    return None


def _closed_all_day(calendar: Calendar, at: datetime) -> bool:
    zone = ZoneInfo(calendar.timezone)
    day = at.astimezone(zone).date()
    return not any(True for _ in calendar.spans(midnight(day, zone), midnight(day + _DAY, zone)))


def _told(asked: Contest, clock: str, length: Elapsed, found: Mapping[str, tuple[datetime, datetime]]) -> Finding:
    plan = asked.plans[0]
    name, (start, end) = next(iter(found.items()))
    zone = ZoneInfo(plan.calendars[name].timezone)
    values = {
        "length": next(iter(length_data(length).items())),
        "calendars": tuple(found),
        "start": start.astimezone(zone),
        "when": end.astimezone(zone),
    }
    at = (f"terms.{clock}",)
    level = CODES["closed-deadline"].level
    return Finding("closed-deadline", at, level, witness=_witness(asked, name, start), values=FrozenMap(values))


def _witness(asked: Contest, calendar: str, start: datetime) -> Witness | None:
    """A lead that somebody who keeps this calendar is offered then."""
    plan = asked.plans[0]
    keeps = {dealer.id for dealer in plan.dealers if plan.policy.calendar_id(dealer.id) == calendar}
    for entry in asked.entries:
        if keeps & set(entry.source.dealers) and entry.boxes and entry.source.in_force(start):
            box = entry.boxes[0]
            lead, _ = sample(asked.space, 0 if box.place is EVERYWHERE else box.place[0][0], box.sides)
            decision = consider(lead, plan, Facts(), at=start).decision
            if decision.holder in keeps:
                return Witness(lead, Facts(), start, decision)
    return None
