"""Clocks that end where nobody works: elapsed time that runs out on a day without opening hours.

May know: a plan's terms and calendars, contests, findings. May not know: how a cell is found.

Reminders are sent in opening hours whatever the terms say; these clocks take a lead away, or tell on somebody.

A clock is taken to start at any instant at which whoever it is for is open. Days on which that one is closed, moved
back by the clock's length, are the starts from which it ends there; where they meet open time there is a finding, if a
lead can come to somebody with that calendar then. A year of days is looked at, and every date that the calendar names.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Set
from datetime import date, datetime, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

from attrs import define, field

from dealerrouting.calendar import Calendar, Elapsed, midnight
from dealerrouting.mapping import FrozenMap
from dealerrouting.model import Facts, Lead, PastHolder
from dealerrouting.rules.plan import Plan
from dealerrouting.rules.route import consider
from dealerrouting.terms.agreed import length_data
from dealerrouting.verify.boxes import Sides
from dealerrouting.verify.cells import Exhausted, Stretch
from dealerrouting.verify.contest import Contest, contest
from dealerrouting.verify.finding import CODES, Finding, Witness
from dealerrouting.verify.proof import Lost, unknown
from dealerrouting.verify.scenarios import claimed, incumbents
from dealerrouting.verify.space import WHEN
from dealerrouting.verify.when import START
from dealerrouting.verify.witness import but_for, facts_of, sample

__all__ = ["deadlines", "deadlines_of"]

CLOCKS = ("accept_within", "withdraw_after", "escalate_after")
"""The clocks of a dealer that do something to it."""
_MONDAY = datetime.fromisoformat("2027-01-11T00:00:00+00:00")
_DAY = timedelta(days=1)
_YEAR = 366
_DOORS = 2
_FIRST, _LAST = date.min.toordinal() + 3, date.max.toordinal() - 3


def deadlines(plan: Plan, *, at: datetime | None = None) -> tuple[Finding, ...]:
    """Clocks in elapsed time that can end on a day on which whoever they are for is closed all day."""
    return tuple(deadlines_of(contest(plan, since=at)))


def deadlines_of(asked: Contest) -> Iterator[Finding]:
    """The same of a contest: one finding for each clock, with the calendars it is so for."""
    plan = asked.plans[0]
    kept: dict[str, set[str]] = {}
    for dealer in plan.dealers:
        name = plan.policy.calendar_id(dealer.id)
        if dealer.kind == "dealer" and name is not None:
            kept.setdefault(name, set()).add(dealer.id)
    held = {name: _Held(asked, frozenset(dealers)) for name, dealers in sorted(kept.items())}
    for clock in CLOCKS:
        length = getattr(plan.terms, clock)
        if isinstance(length, Elapsed):
            found = {name: shown for name, one in held.items() if (shown := _closed(one, name, length)) is not None}
            if found:
                yield _told(plan, clock, length, found)
    yield from unknown(asked, "closed-deadline", [lost for one in held.values() for lost in one.lost])


def _closed(held: _Held, name: str, length: Elapsed) -> Witness | None:
    """The first lead for somebody with this calendar whose clock ends on a closed day."""
    asked = held.asked
    for start in _starts(asked.plans[0].calendars[name], length.delta, asked.space.when.cuts[0]):
        witness = held.at(start)
        if witness is not None:
            return witness
    return None


def _told(plan: Plan, clock: str, length: Elapsed, found: Mapping[str, Witness]) -> Finding:
    name, witness = next(iter(found.items()))
    zone = ZoneInfo(plan.calendars[name].timezone)
    values = {
        "length": next(iter(length_data(length).items())),
        "calendars": tuple(found),
        "start": witness.at.astimezone(zone),
        "when": length.after(witness.at).astimezone(zone),
    }
    level = CODES["closed-deadline"].level
    return Finding("closed-deadline", (f"terms.{clock}",), level, witness=witness, values=FrozenMap(values))


# ---------------------------------------------------------------------------------------- the calendar


def _starts(calendar: Calendar, length: timedelta, since: datetime) -> Iterator[datetime]:
    """By closed day on which a clock can end, in order, the first open instant from `since` on from which it does."""
    zone = ZoneInfo(calendar.timezone)
    for day in sorted(set(_days(calendar, length, since))):
        first, end = (midnight(date.fromordinal(one), zone) for one in (day, day + 1))
        try:
            window = max(first - length, since), end - length
        except OverflowError:  # before time
            continue
        start = next((start for start, _ in calendar.spans(*window)), None)
        if start is not None and not any(True for _ in calendar.spans(first, end)):
            yield start


def _days(calendar: Calendar, length: timedelta, since: datetime) -> Iterator[int]:
    """The days on which clocks can end that start within a year, or near a date that the calendar names."""
    begin = Elapsed(seconds=int(length.total_seconds())).after(_MONDAY if since <= START else since).toordinal()
    named = {day.toordinal() for one in (calendar, *calendar.also) for day in (*one.holidays, *dict(one.dates))}
    near = {day + step for day in named for step in (-1, 0, 1)}  # the same day somewhere else
    later = {day + length.days + step for day in near for step in (0, 1)}
    yield from (day for day in {*range(begin - 1, begin + _YEAR), *near, *later} if _FIRST <= day <= _LAST)


# -------------------------------------------------------------------------------------------- the leads


@define(eq=False)
class _Held:
    """The leads that some dealers can have, by instant."""

    asked: Contest
    dealers: frozenset[str]
    lost: list[Lost] = field(factory=list)
    _never: set[int] = field(factory=set)  # classes of time in which they can have none

    @cached_property
    def _mine(self) -> set[int]:
        """The entries that name one of them."""
        return {entry.number for entry in self.asked.entries if self.dealers & set(entry.source.dealers)}

    def _stretches(self) -> Iterator[tuple[Stretch, list[int]]]:
        """Where an entry names one of them, with those entries."""
        for stretch in self.asked.stretches:
            here = sorted({self.asked.owner[box] for box in stretch.active} & self._mine)
            if here:
                yield stretch, here

    def at(self, start: datetime) -> Witness | None:
        """A lead that one of them is given then; None where there is none."""
        kind = self.asked.space.when.at(start)
        if kind is None or kind in self._never:
            return None
        witness = self._by_region(start, kind) or self._by_company(start)
        if witness is None:
            self._never.add(kind)
        return witness

    def _by_region(self, start: datetime, kind: int) -> Witness | None:
        asked = self.asked
        for stretch, entries in self._stretches():
            asked.budget.begin()
            try:
                found = asked.cells(stretch, within=((WHEN, 1 << kind),), need=[[n] for n in entries])
                for sides, met in found:
                    pool = asked.outcome(met).pool.keys()
                    witness = self._in_cell(stretch, sides, start, pool) if pool & self.dealers else None
                    if witness is not None:
                        return witness
            except Exhausted:
                self.lost.append(Lost(stretch))
        return None

    def _in_cell(self, stretch: Stretch, sides: Sides, start: datetime, pool: Set[str]) -> Witness | None:
        """A lead of the cell that one of them is given, if need be because the others cannot have it.

        All leads of a cell have one outcome, so its plainest will do; where the nearest is asked, at somebody's door.
        """
        plan = self.asked.plan_at(stretch.first)
        others = Facts(past_holders=[PastHolder("witness", name, "excluded") for name in sorted(pool - self.dealers)])
        lead, _ = sample(self.asked.space, stretch.first, sides)
        tries = [(lead, Facts()), (lead, others)]
        doors = [one.point for name in sorted(pool & self.dealers) if (one := plan.by_id[name]).point is not None]
        tries += [(but_for(lead, lat=lat, lon=lon), Facts()) for lat, lon in doors[:_DOORS]]
        return next((shown for lead, facts in tries if (shown := self._routed(plan, lead, facts, start))), None)

    def _by_company(self, start: datetime) -> Witness | None:
        """Through an account, a claim or an open lead."""
        plan = self.asked.plans[0]
        tries = [(Lead("witness", one.company), Facts()) for one in plan.accounts if one.holder in self.dealers]
        known = (one for one in (*claimed(plan), *incumbents(plan)) if one.dealer in self.dealers)
        tries += [facts_of(Lead("witness"), one, plan, None, start) for one in known]
        return next((shown for lead, facts in tries if (shown := self._routed(plan, lead, facts, start))), None)

    def _routed(self, plan: Plan, lead: Lead, facts: Facts, at: datetime) -> Witness | None:
        decision = consider(lead, plan, facts, at=at).decision
        return Witness(lead, facts, at, decision) if decision.holder in self.dealers else None
