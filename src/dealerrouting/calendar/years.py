"""A year of opening, as a table: from the clock on the wall to instants, once.

May know: instants, shifts, a time zone. May not know: how hours are written, lengths of time.

A *span* is a stretch of open time, a *day* goes from the first to the last open instant of one business
day. Both are pairs of instants, in order, and neither overlaps its neighbour.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator
from datetime import MAXYEAR, UTC, date, datetime, timedelta, tzinfo
from typing import NamedTuple, TypeAlias

from dealerrouting.calendar.instants import END, NEVER
from dealerrouting.calendar.shifts import DAY, Shift, Shifts, merged

__all__ = ["NOTHING", "Opening", "Pairs", "Year", "moment", "opening", "shared", "tabled"]

Pairs: TypeAlias = tuple[tuple[datetime, datetime], ...]

NOTHING = timedelta(0)

_MARGIN = 8
"""Days on both sides of a year: a shift lasts less than two, clocks jump by less than one."""


class Opening(NamedTuple):
    """What is open in a year and some days around it."""

    spans: Pairs
    days: Pairs


class Year(NamedTuple):
    """One year by UTC: the spans that lie in it, the days that touch it.

    `before[i]` is the open time of the year before span `i`, and its last entry that of the whole year. A
    day counts where it closes; one that only opens in this year is last in `opens` and not in `closes`.
    """

    starts: list[datetime]
    ends: list[datetime]
    before: list[timedelta]
    opens: list[datetime]
    closes: list[datetime]

    def until(self, at: datetime) -> timedelta:
        """The open time from the beginning of the year to `at`."""
        number = bisect_right(self.starts, at)
        if not number:
            return NOTHING
        return self.before[number - 1] + (min(at, self.ends[number - 1]) - self.starts[number - 1])

    def spans(self, start: datetime, end: datetime) -> Iterator[tuple[datetime, datetime]]:
        """The spans from `start` until `end`, cut off at both."""
        for number in range(bisect_right(self.ends, start), bisect_left(self.starts, end)):
            yield max(start, self.starts[number]), min(end, self.ends[number])

    def at(self, open_time: timedelta) -> datetime:
        """The first instant until which it was open for that long, more than nothing and at most the year's."""
        number = bisect_left(self.before, open_time) - 1
        return self.starts[number] + (open_time - self.before[number])


def moment(wall: int, midnight: datetime) -> datetime:
    """The instant at which clocks show `wall`, in minutes since `midnight`, the first of their zone.

    A time that clocks skip is moved forward by as much as they skip; of one that comes twice the
    first counts. That is what a datetime without `fold` means.
    """
    try:
        return (midnight + timedelta(minutes=wall)).astimezone(UTC)
    except OverflowError:  # within a day of either end of time
        return NEVER if wall < DAY else END


def opening(year: int, zone: tzinfo, shifts_of: Callable[[int], Shifts]) -> Opening:
    """The spans and days of a year, given the shifts that open on each date (an ordinal)."""
    first = max(date(year, 1, 1).toordinal() - _MARGIN, 1)
    last = min(date(year, 12, 31).toordinal() + _MARGIN, date.max.toordinal())
    walls: list[list[Shift]] = []
    for day in range(first, last + 1):
        if shifts := shifts_of(day):
            since = (day - 1) * DAY
            walls.append([(start + since, end + since) for start, end in shifts])
    midnight = NEVER.replace(tzinfo=zone)
    when = {wall: moment(wall, midnight) for shifts in walls for shift in shifts for wall in shift}
    line = merged(shift for shifts in walls for shift in shifts)
    spans = merged((when[start], when[end]) for start, end in line if when[start] < when[end])
    return Opening(spans, _within(spans, _days(walls, when)))


def _days(walls: Iterable[list[Shift]], when: dict[int, datetime]) -> Iterator[tuple[datetime, datetime]]:
    """From where to where each date opens by itself, after all earlier dates have closed."""
    done = NEVER
    for shifts in walls:
        pairs = ((max(when[start], done), when[end]) for start, end in shifts)
        own = [(start, end) for start, end in pairs if start < end]
        if own:
            done = max(end for _, end in own)
            yield min(own)[0], done


def _within(spans: Pairs, days: Iterable[tuple[datetime, datetime]]) -> Pairs:
    """Each day from its first open instant to its last; without one it is no business day."""
    starts, ends = [start for start, _ in spans], [end for _, end in spans]
    found: list[tuple[datetime, datetime]] = []
    for opens, closes in days:
        first, last = bisect_right(ends, opens), bisect_left(starts, closes) - 1
        if first <= last:
            found.append((max(opens, starts[first]), min(closes, ends[last])))
    return tuple(found)


def shared(one: Opening, other: Opening) -> Opening:
    """What is open in both; the days are those of `one`."""
    spans = tuple(_both(one.spans, other.spans))
    return Opening(spans, _within(spans, one.days))


def _both(one: Pairs, other: Pairs) -> Iterator[tuple[datetime, datetime]]:
    """The overlaps of two lists of spans."""
    mine = theirs = 0
    while mine < len(one) and theirs < len(other):
        start, end = max(one[mine][0], other[theirs][0]), min(one[mine][1], other[theirs][1])
        if start < end:
            yield start, end
        if one[mine][1] == end:
            mine += 1
        else:
            theirs += 1


def tabled(year: int, opening: Opening) -> Year:
    """What of an opening lies in the year itself, with its running totals."""
    first = datetime(year, 1, 1, tzinfo=UTC)
    last = datetime(year + 1, 1, 1, tzinfo=UTC) if year < MAXYEAR else END
    inside = [(max(start, first), min(end, last)) for start, end in opening.spans if start < last and end > first]
    before = [NOTHING]
    for start, end in inside:
        before.append(before[-1] + (end - start))
    return Year(
        [start for start, _ in inside],
        [end for _, end in inside],
        before,
        [opens for opens, closes in opening.days if opens < last and closes >= first],
        [closes for _, closes in opening.days if first <= closes < last],
    )
