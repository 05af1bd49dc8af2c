"""How a calendar is read: strictly, with all its faults at once.

May know: errors, shifts, the names of time zones. May not know: instants, how time is counted.
Every fault has a path (`("hours", "mon-fri", 0)`), so that a reader of files can point at it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from itertools import islice
from typing import TypeAlias
from zoneinfo import ZoneInfo, available_timezones

from dealerrouting.calendar.shifts import DAY, WEEK, Shifts, merged, read_shift, without
from dealerrouting.errors import Fault, PlanError, did_you_mean, quoted

__all__ = ["WEEKDAYS", "Reading", "Week", "read_date"]

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

Week: TypeAlias = tuple[Shifts, ...]
"""The shifts of Monday to Sunday."""

_Path: TypeAlias = tuple[str | int, ...]

_MOST_DATES = 10_000
_MOST_SHIFTS = 100
_INTERVAL = "write `09:00-17:30`, from 00:00 to 24:00"


def read_date(value: object) -> date | None:
    """A date, or its text `2027-05-05`, as a date; None for anything else."""
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    try:
        day = date.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None
    return day if day and day.isoformat() == value else None


_OF_THE_MACHINE = frozenset({"localtime", "posixrules", "Factory"})
"""Names under which machines keep a zone of their own: two of them would not mean the same."""


class Reading:
    """The reader of one calendar: every method returns a value and notes what is wrong with it."""

    def __init__(self, place: str = "calendar") -> None:
        self.place = place
        self.faults: list[Fault] = []

    def wrong(self, path: _Path, what: str, cure: str) -> None:
        """Note one fault."""
        steps = (f"[{step}]" if isinstance(step, int) else f".{quoted(step)[1:-1]}" for step in path)
        self.faults.append(Fault(self.place + "".join(steps), what, cure, path))

    def done(self) -> None:
        """Raise `PlanError` with everything that was noted."""
        if self.faults:
            raise PlanError(self.faults)

    def zone(self, name: object) -> str:
        """The name of an IANA time zone."""
        try:
            if name in _OF_THE_MACHINE:
                raise KeyError(name)
            return ZoneInfo(name).key  # type: ignore[arg-type]  # what is no text is caught
        except (KeyError, ValueError, TypeError, OSError, AttributeError):
            cure = did_you_mean(name, available_timezones() - _OF_THE_MACHINE) if isinstance(name, str) else ""
            near = cure if cure.startswith("did") else "an IANA name: Europe/Brussels"
            self.wrong(("timezone",), f"unknown time zone {quoted(name)}", near)
            return "UTC"

    def week(self, hours: object, breaks: object) -> Week:
        """The weekly shifts with the breaks taken out, wherever on the clock these fall."""
        sound = len(self.faults)
        opened, closed = self._weekly("hours", hours), self._weekly("breaks", {} if breaks is None else breaks)
        holes = merged(
            (start + day * DAY + turn, end + day * DAY + turn)
            for day, shifts in enumerate(closed)
            for start, end in shifts
            for turn in (-WEEK, 0, WEEK)
        )
        week = tuple(
            without(shifts, ((start - day * DAY, end - day * DAY) for start, end in holes))
            for day, shifts in enumerate(opened)
        )
        if len(self.faults) == sound and not any(week):
            left = "is left open after the breaks" if any(opened) else "is open"
            self.wrong(("hours",), f"no hour of the week {left}", 'open at least one: {"mon-fri": ["09:00-17:30"]}')
        return week

    def _weekly(self, column: str, value: object) -> Week:
        """Shifts by weekday, as written."""
        week: dict[int, Shifts] = {}
        if not isinstance(value, Mapping):
            self.wrong((column,), f"{quoted(value)} is not a mapping", 'write {"mon-fri": ["09:00-17:30"]}')
            return ((),) * 7
        for key, items in value.items():
            path = (column, key if isinstance(key, str) else str(quoted(key)))
            shifts = self._shifts(path, items)
            for day in self._weekdays(path, key):
                if day in week:
                    self.wrong(path, f"`{WEEKDAYS[day]}` comes twice", "name each weekday once, with all its hours")
                week[day] = shifts
        return tuple(week.get(day, ()) for day in range(7))

    def _weekdays(self, path: _Path, key: object) -> list[int]:
        """`mon`, `mon-fri`, `sat-mon`, `mon,wed`: the weekdays that a key names, Monday is 0."""
        found: list[int] = []
        for part in key.split(",") if isinstance(key, str) else [key]:
            ends = [end.strip() for end in part.split("-", 1)] if isinstance(part, str) else [part]
            unknown = [end for end in ends if end not in WEEKDAYS]
            for end in unknown:
                self.wrong(path, f"unknown weekday {quoted(end)}", did_you_mean(end, WEEKDAYS))
            if not unknown:
                first, last = WEEKDAYS.index(ends[0]), WEEKDAYS.index(ends[-1])
                found += [(first + more) % 7 for more in range((last - first) % 7 + 1)]
        return found

    def _shifts(self, path: _Path, items: object) -> Shifts:
        """A list of intervals."""
        if isinstance(items, (str, Mapping)) or not isinstance(items, Iterable):
            self.wrong(path, f"{quoted(items)} is not a list of hours", 'write ["09:00-17:30"], or [] where closed')
            return ()
        texts = list(islice(items, _MOST_SHIFTS + 1))
        if len(texts) > _MOST_SHIFTS:
            self.wrong(path, f"there are more than {_MOST_SHIFTS} intervals", "write the hours of one day")
            return ()
        found = [self._shift((*path, number), text) for number, text in enumerate(texts)]
        return merged(shift for shift in found if shift)

    def _shift(self, path: _Path, text: object) -> tuple[int, int] | None:
        shift = read_shift(text) if isinstance(text, str) else None
        if shift is None:
            self.wrong(path, f"{quoted(text)} is not an interval", _INTERVAL)
        elif shift[0] == shift[1]:
            self.wrong(path, f"{quoted(text)} closes when it opens", "write `00:00-24:00` for a whole day")
            return None
        return shift

    def dates(self, value: object) -> tuple[tuple[date, Shifts], ...]:
        """Dates with hours of their own, in order."""
        found: dict[date, Shifts] = {}
        if value is None:
            return ()
        if not isinstance(value, Mapping):
            self.wrong(("dates",), f"{quoted(value)} is not a mapping", 'write {"2027-05-05": ["10:00-12:00"]}')
            return ()
        if len(value) > _MOST_DATES:
            self.wrong(("dates",), f"there are {len(value):,} dates", f"write at most {_MOST_DATES:,}")
            return ()
        for key, items in value.items():
            path = ("dates", key if isinstance(key, str) else str(key) if isinstance(key, date) else quoted(key))
            day, shifts = self._date(path, key), self._shifts(path, items)
            if day in found:
                self.wrong(path, f"`{day}` comes twice", "name each date once")
            if day:
                found[day] = shifts
        return tuple(sorted(found.items()))

    def days(self, column: str, value: object) -> tuple[date | None, ...]:
        """A list of dates, as it stands; None for what is no date."""
        if isinstance(value, (str, Mapping)) or not isinstance(value, Iterable):
            self.wrong((column,), f"{quoted(value)} is not a list of dates", 'write ["2027-12-25"]')
            return ()
        items = list(islice(value, _MOST_DATES + 1))
        if len(items) > _MOST_DATES:
            self.wrong((column,), f"there are more than {_MOST_DATES:,} dates", "write fewer")
            return ()
        return tuple(self._date((column, number), item) for number, item in enumerate(items))

    def _date(self, path: _Path, value: object) -> date | None:
        day = read_date(value)
        if day is None:
            self.wrong(path, f"{quoted(value)} is not a date", "write `2027-05-05`")
        return day
