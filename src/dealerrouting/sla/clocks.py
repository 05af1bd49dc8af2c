"""When things are due.

May know: standings, calendars, the table. May not know: events, what is done when something is due.
Due instants are worked out from facts (where the clock began, when it was paused, when a reminder
left) and from the policy, never carried along and corrected.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from dealerrouting.calendar import END, BusinessDays, Calendar, Elapsed, Length
from dealerrouting.mapping import FrozenMap
from dealerrouting.sla.state import Due, Leg, Reminder, Segment, Standing
from dealerrouting.sla.table import CLOCKS_OF, DEADLINES_OF, Clock, Deadline
from dealerrouting.terms import Policy

__all__ = ["keep", "missed", "numbered", "schedule"]

Spans = tuple[tuple[datetime, datetime], ...]
_NUMBERED = ("stale", "house")


def numbered(rule: str, now: Standing) -> str:
    """A rule that starts anew with each status has the number of the status in its name."""
    return f"{rule}-{now.resets}" if rule in _NUMBERED else rule


def rules_of(now: Standing) -> frozenset[str]:
    """The rules that hold in this phase."""
    return frozenset(numbered(one.rule, now) for one in DEADLINES_OF[now.phase])


def schedule(now: Standing, policy: Policy) -> tuple[tuple[Leg, ...], tuple[Due, ...]]:
    """The clocks that run, and what is due by them, the earliest first."""
    legs = {leg.name: leg for leg in _legs(now, policy)}
    dues = [_pause_ends(now)] if now.pause is not None else _dues(now, legs)
    return tuple(legs.values()), tuple(sorted(dues, key=lambda due: due.at))  # stable: then by the table


def missed(now: Standing, policy: Policy, at: datetime) -> Iterator[Due]:
    """The promises that were broken before `at`: what the holder would have been reminded of, paused by now or not."""
    dues = _dues(now, {leg.name: leg for leg in _legs(now, policy)})
    return (due for due in dues if due.does == "remind" and due.at < at)


# Clocks


def _legs(now: Standing, policy: Policy) -> Iterator[Leg]:
    for clock in CLOCKS_OF[now.phase]:
        length, start = clock.length(policy.terms), _start(clock, now)
        if start is None:
            continue
        if _was_kept(now, clock.name, start):
            yield _kept(clock.name, start, now)
        elif length is not None and (now.kept is None or clock.name in now.kept):
            # (a clock that did not run when the dues were kept does not begin now)
            yield _leg(clock.name, start, length, now, policy)
    for one in now.reminders:
        yield _after(one, now, policy)


def _start(clock: Clock, now: Standing) -> datetime | None:
    """Where a clock of this phase begins; one that may run out again begins anew each time."""
    if clock.name == "routing":
        return now.asked_at
    told = now.told_of(numbered(clock.again, now)) if clock.again else None
    return max(told.at, now.clock_from) if told else now.clock_from


def _after(one: Reminder, now: Standing, policy: Policy) -> Leg:
    """What runs from a reminder: notice once it has left, and until then the bound on its delivery."""
    told = now.told_of(f"undelivered:{one.rule}")
    if one.sent_at is not None:
        name, start = f"notice:{one.rule}", max(one.sent_at, one.send_from)
    else:
        name, start = f"delivery:{one.rule}", told.at if told else one.send_from
    if _was_kept(now, name, start):
        return _kept(name, start, now)
    return _leg(name, start, policy.terms.notice if one.sent_at else policy.terms.delivery_bound, now, policy)


def _was_kept(now: Standing, name: str, start: datetime) -> bool:
    """Whether this very run of a clock was going when a migration kept the dues."""
    return now.kept is not None and name in now.kept and now.kept[name][0] == start


def _leg(name: str, start: datetime, length: Length, now: Standing, policy: Policy) -> Leg:
    if isinstance(length, Elapsed):
        due, segments = _run(None, start, length, now.stretches())
        return Leg(name, start, length, due, segments)
    known = policy.calendar_id(now.holder)
    calendar = policy.calendar_of(now.holder)
    due, segments = _run(calendar, start, length, now.stretches())
    version, zone = (calendar.version, calendar.timezone) if calendar else (None, None)
    return Leg(name, start, length, due, segments, known, version, zone)


def keep(legs: Iterable[Leg], now: Standing, at: datetime) -> FrozenMap[tuple[datetime, datetime]] | None:
    """For each clock that runs, where it began and when it would end if nothing were paused from `at` on."""
    return FrozenMap({leg.name: (leg.start, _unpaused(leg, now, at)) for leg in legs}) or None


def _unpaused(leg: Leg, now: Standing, at: datetime) -> datetime:
    due, since = leg.due, max(leg.start, at)
    for begin, end in reversed(now.stretches()):
        if begin < due and end > since:
            due -= end - max(begin, since)
    return due


def _kept(name: str, start: datetime, now: Standing) -> Leg:
    """An instant taken over as it was; what is paused from then on moves it in real time."""
    due = now.kept[name][1] if now.kept is not None else END
    since = max(start, now.kept_at or start)
    for begin, end in now.stretches():
        if begin < due and end > since:
            due = _plus(due, end - max(begin, since))
    return Leg(name, start, None, due, kept=True)


def _run(
    calendar: Calendar | None, start: datetime, length: Length, pauses: Spans
) -> tuple[datetime, tuple[Segment, ...]]:
    """Run a clock from `start` around its pauses until `length` is used up.

    Each pause takes out as much of the clock's own unit as lies in it. A business day that is touched by
    a pause does not count.
    """
    left: timedelta | int = length.days if isinstance(length, BusinessDays) else length.delta
    segments: list[Segment] = []
    for begin, end in pauses:
        if end <= start:
            continue
        used = _used(calendar, start, begin, left)
        if used >= left:  # type: ignore[operator]  # both are of the clock's one unit
            break
        if begin > start:
            segments.append(Segment(start, begin, used))
            left -= used  # type: ignore[operator]
        start = max(start, end)
    due = _reach(calendar, start, left)
    return due, (*segments, Segment(start, due, left))


def _used(calendar: Calendar | None, start: datetime, end: datetime, unit: timedelta | int) -> timedelta | int:
    """How much of a clock's unit goes by; nothing where the end comes first."""
    if end <= start:
        return 0 if isinstance(unit, int) else timedelta(0)
    if calendar is None:
        return end - start
    return calendar.days(start, end) if isinstance(unit, int) else calendar.between(start, end)


def _reach(calendar: Calendar | None, start: datetime, left: timedelta | int) -> datetime:
    if isinstance(left, int):
        return calendar.add(start, BusinessDays(left)) if calendar else END
    return calendar.add_open(start, left) if calendar else _plus(start, left)


def _plus(start: datetime, length: timedelta) -> datetime:
    try:
        return start + length
    except OverflowError:
        return END


# Deadlines


def _pause_ends(now: Standing) -> Due:
    until = now.pause.until if now.pause else END
    return Due("pause", "resume", until)


def _dues(now: Standing, legs: dict[str, Leg]) -> list[Due]:
    found = [due for one in DEADLINES_OF[now.phase] for due in _due(one, now, legs)]
    rules = rules_of(now)
    for leg in legs.values():
        what, _, rule = leg.name.partition(":")
        if what == "delivery" and rule in rules:
            found.append(Due(f"undelivered:{rule}", "escalate", leg.due, (leg,)))
    return found


def _due(one: Deadline, now: Standing, legs: dict[str, Leg]) -> Iterator[Due]:
    rule = numbered(one.rule, now)
    done = now.reminder(rule) if one.does == "remind" else now.told_of(rule) if one.does == "escalate" else None
    if done and not one.again:
        return
    needed = [legs.get(one.clock), *([legs.get(f"notice:{rule}")] if one.noticed else [])]
    found = tuple(leg for leg in needed if leg is not None)
    if len(found) == len(needed):
        yield Due(rule, one.does, max(leg.due for leg in found), found)
