"""`explain_due`: why something is due when it is, in data and in words.

May know: states, how messages are told. May not know: policies, calendars; the state holds what they said.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from attrs import frozen

from dealerrouting.calendar import Business, BusinessDays, Length
from dealerrouting.sla.state import Due, Leg, SlaState
from dealerrouting.telling import Telling, tell

__all__ = ["Reckoning", "explain_due"]


@frozen
class Reckoning:
    """What is done next with a lead if nothing happens, and how its instant was reckoned.

    `due` holds the rule, the instant, and the clocks it hangs on: where each began, how much of its own unit
    went by between its pauses, and the version of the calendar it runs on.
    """

    lead: str
    assignment: int
    holder: str | None
    due: Due

    def text(self, lang: str = "en", timezone: str | None = None) -> str:
        """The same in words; wall times in `timezone`, else in the zone of the calendar, else in UTC."""
        named = timezone or next((leg.timezone for leg in self.due.legs if leg.timezone), None) or "UTC"
        return "\n".join(tell(lang, _told(self, ZoneInfo(named))))


def explain_due(state: SlaState) -> Reckoning | None:
    """Why the next thing is due when it is; None where time alone changes nothing.

    It speaks of what is known: events that no tick has settled are in it.
    """
    if not state.dues:
        return None
    return Reckoning(state.lead, state.assignment, state.holder, state.dues[0])


def _told(why: Reckoning, zone: ZoneInfo) -> Iterator[Telling]:
    due = why.due
    rule, _, about = due.rule.partition(":")
    head = {"lead": why.lead, "number": why.assignment, "holder": why.holder, "rule": about or rule}
    yield Telling(0, f"due.{rule if about else due.does}", {**head, "when": _wall(due.at, zone)})
    for leg in due.legs:
        yield from _told_leg(leg, leg.due == due.at, zone)


def _told_leg(leg: Leg, decides: bool, zone: ZoneInfo) -> Iterator[Telling]:
    start, end = _wall(leg.start, zone), _wall(leg.due, zone)
    clock = leg.name.partition(":")[0]
    if leg.kept:
        yield Telling(1, "due.kept", {"clock": clock, "start": start, "when": end})
        return
    amount = {"clock": clock, "length": _length(leg.length), "start": start, "when": end}
    yield Telling(1, "due.clock", amount)
    before: datetime | None = None
    for one in leg.segments:
        begin = _wall(one.start, zone)
        if before is not None:
            yield Telling(2, "due.paused", {"start": before, "when": begin})
        before = _wall(one.end, zone)
        if len(leg.segments) > 1:
            yield Telling(2, "due.ran", {"start": begin, "when": before, "used": _amount(one.used)})
    if leg.calendar is not None:
        yield Telling(2, "due.calendar", {"calendar": leg.calendar, "version": (leg.version or "")[:19]})
    if not decides:
        yield Telling(2, "due.earlier", {})


def _wall(when: datetime, zone: ZoneInfo) -> datetime:
    """The wall time there; at the end of time, where there may be none, that of UTC."""
    try:
        return when.astimezone(zone)
    except OverflowError:
        return when


def _length(length: Length | None) -> tuple[str, str]:
    """Which kind of time, and how much: a word for the catalogue and an amount."""
    if isinstance(length, BusinessDays):
        return "business_days", str(length.days)
    kind = "business" if isinstance(length, Business) else "elapsed"
    return kind, _amount(length.delta) if length is not None else ""


def _amount(used: timedelta | int) -> str:
    """`2d 3h 10m`, exact."""
    if isinstance(used, int):
        return str(used)
    rest, parts = used, []
    for unit, size in (("d", timedelta(days=1)), ("h", timedelta(hours=1)), ("m", timedelta(minutes=1))):
        count, rest = divmod(rest, size)
        parts += [f"{count}{unit}"] if count else []
    seconds = f"{rest.total_seconds():f}".rstrip("0").rstrip(".")
    return " ".join([*parts, f"{seconds}s"] if rest or not parts else parts)
