"""Calendars: when somebody is open, and time counted by that.

May know: instants, lengths, time zones, how a calendar is read and counted. May not know: plans, leads,
dealers, deadlines, the present time.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, timedelta
from functools import reduce
from hashlib import sha256
from json import dumps
from typing import Any
from zoneinfo import ZoneInfo

from attrs import evolve, field, frozen

from dealerrouting.calendar.instants import instant
from dealerrouting.calendar.lengths import Business, BusinessDays, Elapsed, Length
from dealerrouting.calendar.reading import WEEKDAYS, Reading, Week
from dealerrouting.calendar.shifts import DAY, Shift, Shifts, merged, written
from dealerrouting.calendar.timeline import Timeline
from dealerrouting.calendar.years import Opening, opening, shared
from dealerrouting.errors import PlanError, quoted

__all__ = ["Calendar"]

_PROBED = range(2020, 2038)
"""In these years calendars must be open together at some time."""


@frozen(init=False)
class Calendar:
    """When somebody is open: weekly hours on the clocks of an IANA time zone, and dates that differ.

    `Calendar("Europe/Brussels", {"mon-fri": ["09:00-12:30", "13:00-17:30"], "sat": ["10:00-14:00"]})`.

    Weekdays are `mon` to `sun`, `mon-fri`, `mon,wed`; times go from 00:00 to 24:00. Hours that end before
    they start are overnight, and belong to the weekday on which they open. `breaks`, written in the same
    way, are taken out of the weekly hours, also of those that began the day before. `dates` gives a date
    hours of its own in place of weekly hours, breaks and holiday; an empty list closes it. `holidays`
    cancels what opens on those dates. With `also` it is open only while all of these are: what `&` makes.
    `PlanError` with all faults at once; a week without an open hour is one.

    Every end of opening hours becomes an instant once: a time that clocks skip is moved forward by as
    much as they skip, and of one that comes twice the first counts. Open time is real time, so a doubled
    hour counts twice. All results are in UTC. A *business day* is a date that has open time of its own.

    Calendars are equal when they say the same, in whatever order and pieces it was written: `version` is the
    digest of that. It has the name of the time zone in it, not the machine's data on time zones.
    """

    timezone: str = field(eq=False)
    week: Week = field(eq=False, repr=False)
    dates: tuple[tuple[date, Shifts], ...] = field(eq=False, repr=False)
    holidays: tuple[date, ...] = field(eq=False, repr=False)
    also: tuple[Calendar, ...] = field(eq=False, repr=False)
    version: str = field(init=False)
    _special: dict[int, Shifts] = field(init=False, eq=False, repr=False)
    _timeline: Timeline = field(init=False, eq=False, repr=False)

    def __init__(
        self,
        timezone: str,
        hours: Mapping[str, Iterable[str]],
        *,
        breaks: Mapping[str, Iterable[str]] | None = None,
        dates: Mapping[date, Iterable[str]] | Mapping[str, Iterable[str]] | None = None,
        holidays: Iterable[date | str] = (),
        also: Iterable[Calendar | Mapping[str, Any]] = (),
    ) -> None:
        draft = Reading()
        zone, week = draft.zone(timezone), draft.week(hours, breaks)
        special = draft.dates(dates)
        closed = tuple(sorted({day for day in draft.days("holidays", holidays) if day}))
        others = _others(draft, also)
        draft.done()
        self.__attrs_init__(zone, week, special, closed, ())
        if others:
            self.__attrs_init__(zone, week, special, closed, reduce(Calendar.intersect, others, self).also)

    @version.default
    def _digest(self) -> str:
        says = {
            "timezone": self.timezone,
            "week": self.week,
            "dates": {day.isoformat(): shifts for day, shifts in self.dates},
            "holidays": [day.isoformat() for day in self.holidays],
            "also": [one.version for one in self.also],
        }
        return "sha256:" + sha256(dumps(says, sort_keys=True, separators=(",", ":")).encode()).hexdigest()

    @_special.default
    def _by_ordinal(self) -> dict[int, Shifts]:
        closed: dict[int, Shifts] = {day.toordinal(): () for day in self.holidays}
        return closed | {day.toordinal(): shifts for day, shifts in self.dates}

    @_timeline.default
    def _counted(self) -> Timeline:
        days = (day for one in (self, *self.also) for day in (*one.holidays, *(day for day, _ in one.dates)))
        return Timeline(self._opening, {day.year + more for day in days for more in (-1, 0, 1)})

    def __reduce__(self) -> tuple[object, tuple[dict[str, Any]]]:
        return _calendar, (self.data(),)

    def data(self) -> dict[str, Any]:
        """The calendar as a plan file writes it: `Calendar(**calendar.data()) == calendar`."""
        hours, breaks = _weekly(self.week)
        said = {
            "breaks": breaks,
            "dates": {day.isoformat(): written(shifts)[0] for day, shifts in self.dates},
            "holidays": [day.isoformat() for day in self.holidays],
            "also": [one.data() for one in self.also],
        }
        return {"timezone": self.timezone, "hours": hours} | {key: value for key, value in said.items() if value}

    # Two calendars

    def intersect(self, other: Calendar) -> Calendar:
        """What is open in both, also written `self & other`; their zones may differ.

        Its business days are those of `self` on which both are open at some time, from the first shared
        instant to the last. `PlanError` unless that is some time in the years 2020 to 2037.
        """
        if not isinstance(other, Calendar):
            raise TypeError(f"a calendar is intersected with a calendar, not {quoted(other)}")
        alone, *more = self._parts()
        also = {one.version: one for one in (*more, *other._parts()) if one != alone}
        both = self._with(tuple(also[version] for version in sorted(also)))
        if not any(both._timeline.total(year)[0] for year in _PROBED):
            draft = Reading()
            draft.wrong(("also",), f"never open together from {_PROBED[0]} to {_PROBED[-1]}", "compare their hours")
            draft.done()
        return both

    __and__ = intersect

    def _parts(self) -> tuple[Calendar, ...]:
        """This calendar by itself, then those that must be open as well."""
        return (self._with(()), *self.also) if self.also else (self,)

    def _with(self, also: tuple[Calendar, ...]) -> Calendar:
        made: Calendar = object.__new__(Calendar)
        made.__attrs_init__(self.timezone, self.week, self.dates, self.holidays, also)
        return made

    def _opening(self, year: int) -> Opening:
        """What is open around a year: the calendar's own hours, less what the others are closed."""

        def shifts_of(day: int) -> Shifts:
            return self._special.get(day, self.week[(day - 1) % 7])

        own = opening(year, ZoneInfo(self.timezone), shifts_of)
        return reduce(shared, (one._opening(year) for one in self.also), own)

    # When it is open

    def is_open(self, at: datetime) -> bool:
        """Whether it is open at this instant; at the instant of closing it is not."""
        return self._timeline.is_open(instant(at))

    def next_open(self, at: datetime) -> datetime:
        """`at` itself where it is open, else the next instant of opening; `END` where there is none."""
        return self._timeline.next_open(instant(at))

    def spans(self, start: datetime, end: datetime) -> Iterator[tuple[datetime, datetime]]:
        """The stretches of open time from `start` until `end`, cut off at both; none where `end` is earlier."""
        return self._timeline.spans(instant(start), instant(end))

    # How time is counted

    def add(self, start: datetime, length: Length) -> datetime:
        """The instant so much later than `start`; `END` where that is later than all time.

        `Elapsed` is real time, open or not. With `Business` it is the first instant until which it was
        open for that long: what is used up exactly at closing is due at closing. With `BusinessDays` it
        is the closing of the last of so many business days that open at or after `start`.
        """
        start = instant(start)
        if isinstance(length, Elapsed):
            return length.after(start)
        if isinstance(length, Business):
            return self.add_open(start, length.delta)
        if isinstance(length, BusinessDays):
            return self._timeline.close_of(start, length.days)
        raise TypeError(f"a length is Elapsed, Business or BusinessDays, not {quoted(length)}")

    def add_open(self, start: datetime, open_time: timedelta) -> datetime:
        """The first instant until which it was open for `open_time` since `start`, to the microsecond.

        What is left of a `Business` length after a part of it is such a time. `ValueError` unless it is
        positive.
        """
        if open_time <= timedelta(0):
            raise ValueError(f"open time is more than nothing, not {open_time}")
        return self._timeline.open_for(instant(start), open_time)

    def between(self, start: datetime, end: datetime) -> timedelta:
        """The open time from `start` until `end`, to the microsecond; negative where `end` is earlier."""
        start, end = instant(start), instant(end)
        return self._timeline.between(start, end) if start <= end else -self._timeline.between(end, start)

    def days(self, start: datetime, end: datetime) -> int:
        """The business days that open at or after `start` and have closed by `end`.

        Negative where `end` is earlier.
        """
        start, end = instant(start), instant(end)
        return self._timeline.days(start, end) if start <= end else -self._timeline.days(end, start)


def _calendar(data: dict[str, Any]) -> Calendar:
    return Calendar(**data)


def _others(draft: Reading, also: Iterable[Calendar | Mapping[str, Any]]) -> list[Calendar]:
    """The further calendars, given as such or as their data."""
    found: list[Calendar] = []
    if isinstance(also, Mapping) or not isinstance(also, Iterable):
        draft.wrong(("also",), f"{quoted(also)} is not a list of calendars", "give a list of them")
        return found
    for number, one in enumerate(also):
        try:
            found.append(one if isinstance(one, Calendar) else Calendar(**one))
        except TypeError:
            draft.wrong(("also", number), f"{quoted(one)} is not a calendar", "give a Calendar, or its data")
        except PlanError as error:
            for fault in error.faults:
                place = fault.place.replace("calendar", f"calendar.also[{number}]", 1)
                draft.faults.append(evolve(fault, place=place, path=("also", number, *fault.path)))
    return found


def _weekly(week: Week) -> tuple[dict[str, list[str]], dict[str, list[str]]]:
    """Weekly shifts as text: the hours, and the breaks without which they cannot be written."""
    hours: dict[str, list[str]] = {}
    holes: dict[int, list[Shift]] = {}
    for day, shifts in enumerate(week):
        hours[WEEKDAYS[day]], missing = written(shifts)
        for start, end in missing:
            later = start // DAY
            holes.setdefault((day + later) % 7, []).append((start - later * DAY, end - later * DAY))
    breaks = {WEEKDAYS[day]: written(merged(found))[0] for day, found in sorted(holes.items())}
    return {day: texts for day, texts in hours.items() if texts}, breaks
