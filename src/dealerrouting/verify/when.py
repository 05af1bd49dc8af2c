"""The axis of time: the instant that is decided for, cut by validities, dates, months and weekdays.

May know: instants, time zones, leaves about month, weekday and date. May not know: what is valid in which stretch.

Between two cuts nothing begins or ends; inside such a stretch the classes differ in month and weekday only, and only
as far as some condition asks for them. The first and the last days of time are left out: there clocks have no date.
To ask from before the first date is to ask from there; to ask from after the last one is refused.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import Any

from attrs import field, frozen

from dealerrouting.calendar import END, NEVER, instant, midnight
from dealerrouting.errors import Fault, Faulty
from dealerrouting.rules.binding import Leaf
from dealerrouting.verify.axes import Axis, Mask, Truth, answers, bits, span

__all__ = ["When", "when"]

_DAY = timedelta(days=1)
_YEAR = 400  # days in which every month has every weekday, from whatever day on
START, STOP = NEVER + 2 * _DAY, END - 2 * _DAY


@frozen(eq=False)
class When(Axis):
    """Instants. `cuts` are where stretches begin, the first of them where time does; `starts` their first classes."""

    cuts: Sequence[datetime] = ()
    starts: Sequence[int] = ()
    zones: tuple[tzinfo, ...] = ()
    walls: Sequence[Sequence[datetime]] = field(default=())  # by plan, then by class: the sample on its wall
    asked: Sequence[Sequence[Leaf]] = ()  # by plan: the leaves about month and weekday
    kinds: Sequence[tuple[Any, ...]] = ()  # by class: how it answers them
    alike: Mapping[tuple[Any, ...], Mask] = field(factory=dict)  # by kind: all its classes

    def truth(self, plan: int, leaf: Leaf) -> Truth:
        """Month, weekday and date of each sample."""
        if leaf.op == "exists":
            return self.full, 0
        read = {"month": _month, "weekday": datetime.isoweekday, "date": datetime.date}[leaf.field]
        yes = 0
        for at, wall in enumerate(self.walls[plan]):
            if leaf.truth({leaf.field: read(wall)}, _nobody):
                yes |= 1 << at
        return yes, self.full & ~yes

    def valid(self, start: datetime | None, end: datetime | None) -> Mask:
        """The classes of the half-open stretch `start <= at < end`."""
        first = 0 if start is None else self._class(start)
        return span(first, (self.size if end is None else self._class(end)) - 1)

    def _class(self, cut: datetime) -> int:
        at = bisect_left(self.cuts, cut)
        return self.starts[at] if at < len(self.starts) else self.size

    def at(self, moment: datetime) -> int | None:
        """The class of an instant; None before the first."""
        n = bisect_right(self.cuts, moment) - 1
        if n < 0:
            return None
        kind = _kind(moment, self.zones, self.asked)
        return next((at for at in bits(self.span_of(n)) if self.kinds[at] == kind), None)

    def before(self, at: int) -> int | None:
        """The last class of the same kind in an earlier stretch; None where there is none."""
        earlier = self.alike[self.kinds[at]] & ((1 << at) - 1)
        return earlier.bit_length() - 1 if earlier else None

    def stretch_of(self, at: int) -> int:
        """The stretch in which a class is."""
        return bisect_right(self.starts, at) - 1

    def span_of(self, stretch: int) -> Mask:
        """The classes of one stretch."""
        end = self.starts[stretch + 1] if stretch + 1 < len(self.starts) else self.size
        return span(self.starts[stretch], end - 1)


def _month(wall: datetime) -> int:
    return wall.month


def _nobody(_: object) -> None:
    return None


def when(
    zones: Sequence[tzinfo], bounds: Iterable[datetime], leaves: Sequence[Iterable[Leaf]], since: datetime | None
) -> When:
    """The axis for plans in these zones, cut at these instants and by these leaves, from `since` on."""
    asked = [[leaf for leaf in mine if leaf.field in ("month", "weekday")] for mine in leaves]
    cuts = {instant(bound) for bound in bounds}
    for zone, mine in zip(zones, leaves, strict=True):
        cuts |= {begin for leaf in mine if leaf.field == "date" for begin in _days(leaf, zone)}
    start = START if since is None else _within_time(since)
    ordered = [start, *sorted(cut for cut in cuts if start < cut < STOP)]
    samples: list[dict[str, Any]] = []
    starts: list[int] = []
    for begin, end in zip(ordered, [*ordered[1:], STOP], strict=True):
        starts.append(len(samples))
        samples += [{"at": at} for at in _kinds(begin, end, zones, asked)]
    walls = tuple(tuple(sample["at"].astimezone(zone) for sample in samples) for zone in zones)
    kinds = tuple(_kind(sample["at"], zones, asked) for sample in samples)
    alike: dict[tuple[Any, ...], Mask] = {}
    for at, kind in enumerate(kinds):
        alike[kind] = alike.get(kind, 0) | 1 << at
    return When("when", tuple(samples), True, tuple(ordered), tuple(starts), tuple(zones), walls, asked, kinds, alike)


def _within_time(since: datetime) -> datetime:
    """The instant asked from, or the first that has a date; `Faulty` after the last."""
    if instant(since) >= STOP:
        last = f"{STOP + _DAY:%Y-%m-%d}"
        raise Faulty([Fault("at", f"nothing can be asked from {last} on: there clocks have no date", "ask earlier")])
    return max(START, instant(since))


def _days(leaf: Leaf, zone: tzinfo) -> Iterator[datetime]:
    """Where the days begin and end that a leaf about dates names."""
    days: Iterable[date] = leaf.const if leaf.op in ("in", "between") else (leaf.const,)
    for day in days if leaf.op != "exists" else ():
        for offset in (0, 1):
            if date.min.toordinal() + 2 < day.toordinal() + offset < date.max.toordinal() - 2:
                yield midnight(day + offset * _DAY, zone)


def _kinds(begin: datetime, end: datetime, zones: Sequence[tzinfo], asked: Sequence[list[Leaf]]) -> Iterator[datetime]:
    """An instant of each kind in the stretch: those that no leaf about month or weekday can tell apart are one."""
    if not any(asked):
        yield begin if begin > START else min(end - _DAY, _PLAIN) if end - _DAY > begin else begin
        return
    seen = set()
    early = end - _YEAR * _DAY if end - START > _YEAR * _DAY else START
    for at in _mornings(begin if begin > START else min(early, _PLAIN), end, zones):
        if (kind := _kind(at, zones, asked)) not in seen:
            seen.add(kind)
            yield at


def _kind(at: datetime, zones: Sequence[tzinfo], asked: Sequence[Iterable[Leaf]]) -> tuple[Any, ...]:
    """How an instant answers the leaves about month and weekday, on each wall."""
    walls = [at.astimezone(zone) for zone in zones]
    return answers(asked, [{"month": wall.month, "weekday": wall.isoweekday()} for wall in walls])


_PLAIN = datetime(2027, 1, 4, 8, tzinfo=UTC)


def _mornings(begin: datetime, end: datetime, zones: Sequence[tzinfo]) -> Iterator[datetime]:
    """The first instant, and the first of every day in each zone, for as long as anything new can come."""
    yield begin
    for zone in dict.fromkeys(zones):
        day = begin.astimezone(zone).date()
        for offset in range(1, min(_YEAR, date.max.toordinal() - day.toordinal())):
            at = midnight(day + offset * _DAY, zone)
            if at >= end:
                break
            if at > begin:
                yield at
