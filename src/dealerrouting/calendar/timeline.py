"""Time counted by what is open: look-ups in tables of years, and sums of the years in between.

May know: instants, the tables of years. May not know: how hours are written, zones, lengths of time.

A table is made when first asked for and then kept. What is kept never changes an answer, so a timeline
may be shared and thrown away at will.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator
from datetime import MAXYEAR, MINYEAR, datetime, timedelta

from dealerrouting.calendar.instants import END
from dealerrouting.calendar.years import Opening, Year, tabled

__all__ = ["Timeline"]

_KEPT = 16
"""Tables of so many years are kept, of up to a hundred kilobytes each; the totals of all."""

_SETTLED = 1600, 2500
"""Outside these years the data of no time zone has a change of rules."""

_CYCLE = 400
"""After so many years every date falls on the same weekday again."""

_PATIENCE = 100
"""So many years in a row without an open hour are taken for ever."""


class Timeline:
    """The open time of all years, given how to find that of one.

    `odd` are the years that are like no other. The rest, far enough away, come round every 400 years, so
    that a distance of thousands of years needs a few hundred tables and no more.
    """

    __slots__ = ("_odd", "_opening", "_totals", "_years")

    def __init__(self, opening: Callable[[int], Opening], odd: Iterable[int]) -> None:
        self._opening = opening
        self._odd = frozenset((MINYEAR, *odd, MAXYEAR))  # the first and the last are cut off
        self._years: dict[int, Year] = {}
        self._totals: dict[int, tuple[timedelta, int]] = {}

    def year(self, number: int) -> Year:
        """The table of a year."""
        found = self._years.get(number)
        if found is None:
            if len(self._years) >= _KEPT:
                self._years.clear()
            found = self._years[number] = tabled(number, self._opening(number))
        return found

    def total(self, number: int) -> tuple[timedelta, int]:
        """The open time of a year, and the business days that close in it."""
        alike = self._alike(number)
        found = self._totals.get(alike)
        if found is None:
            year = self.year(alike)
            found = self._totals[alike] = year.before[-1], len(year.closes)
        return found

    def _alike(self, number: int) -> int:
        """A year just like this one, the same for all that are alike."""
        first, last = _SETTLED
        if first <= number <= last or number in self._odd:
            return number
        step = _CYCLE if number > last else -_CYCLE
        alike = last + (number - last) % step if number > last else first + (number - first) % step
        while alike in self._odd:
            alike += step
        return alike

    def _from(self, number: int) -> Iterator[tuple[int, timedelta, int]]:
        """The totals of this year and the later ones, for as long as there is hope of an open hour."""
        idle = 0
        while number <= MAXYEAR and idle < _PATIENCE:
            total, days = self.total(number)
            yield number, total, days
            idle = 0 if total else idle + 1
            number += 1

    def is_open(self, at: datetime) -> bool:
        """Whether `at` lies in a span."""
        year = self.year(at.year)
        number = bisect_right(year.starts, at)
        return number > 0 and at < year.ends[number - 1]

    def next_open(self, at: datetime) -> datetime:
        """`at` or the first start of a span after it."""
        if self.is_open(at):
            return at
        starts = self.year(at.year).starts
        number = bisect_right(starts, at)
        if number < len(starts):
            return starts[number]
        return next((self.year(later).starts[0] for later, total, _ in self._from(at.year + 1) if total), END)

    def spans(self, start: datetime, end: datetime) -> Iterator[tuple[datetime, datetime]]:
        """The spans from `start` until `end`, cut off at both."""
        held: tuple[datetime, datetime] | None = None  # it may go on in the next year
        for number in range(start.year, end.year + 1 if start < end else 0):
            for span in self.year(number).spans(start, end):
                if held and held[1] < span[0]:
                    yield held
                    held = None
                held = (held[0] if held else span[0]), span[1]
        if held:
            yield held

    def open_for(self, start: datetime, left: timedelta) -> datetime:
        """The first instant until which it was open for `left` since `start`."""
        left += self.year(start.year).until(start)
        for number, total, _ in self._from(start.year):
            if left <= total:
                return self.year(number).at(left)
            left -= total
        return END

    def close_of(self, start: datetime, left: int) -> datetime:
        """The closing of the last of `left` days that open at or after `start`."""
        left += bisect_left(self.year(start.year).opens, start)
        for number, _, days in self._from(start.year):
            if left <= days:
                return self.year(number).closes[left - 1]
            left -= days
        return END

    def between(self, start: datetime, end: datetime) -> timedelta:
        """The open time from `start` until `end`, which is not earlier."""
        found = self.year(end.year).until(end) - self.year(start.year).until(start)
        for number in range(start.year, end.year):
            found += self.total(number)[0]
        return found

    def days(self, start: datetime, end: datetime) -> int:
        """The days that open at or after `start` and have closed by `end`, which is not earlier."""
        found = bisect_right(self.year(end.year).closes, end) - bisect_left(self.year(start.year).opens, start)
        for number in range(start.year, end.year):
            found += self.total(number)[1]
        return max(found, 0)
