"""Lengths of time: real time, open time, and business days. Never a bare number.

May know: instants, errors. May not know: when anything is open; a calendar counts the last two.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TypeAlias

from attrs import field, frozen

from dealerrouting.calendar.instants import END, instant
from dealerrouting.errors import quoted

__all__ = ["Business", "BusinessDays", "Elapsed", "Length"]

_MOST_SECONDS = 1_000_000 * 3_600
_MOST_DAYS = 100_000


def _positive(_self: object, _attribute: object, value: timedelta) -> None:
    if value <= timedelta(0):
        raise ValueError(f"a length of time is more than nothing, not {value}")


def _bounded(_self: object, _attribute: object, value: int) -> None:
    if not _whole(value) or not 1 <= value <= _MOST_DAYS:
        raise ValueError(f"business days are a whole number from 1 to {_MOST_DAYS:,}, not {quoted(value)}")


def _whole(value: object) -> bool:
    """Whether `value` is a whole number; True and False are none."""
    return isinstance(value, int) and not isinstance(value, bool)


@frozen(order=True, init=False)
class Elapsed:
    """Real time that goes by, in whole seconds, whatever the clocks on the wall do.

    `Elapsed(hours=48)`, `Elapsed(days=5)`; parts add up. `ValueError` unless all parts are whole numbers and
    together more than nothing.
    """

    delta: timedelta = field(validator=_positive)

    def __init__(self, *, days: int = 0, hours: int = 0, minutes: int = 0, seconds: int = 0) -> None:
        for part in (days, hours, minutes, seconds):
            if not _whole(part):
                raise ValueError(
                    f"a length of time is made of whole days, hours, minutes and seconds, not {quoted(part)}"
                )
        try:
            length = timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds)
        except OverflowError:
            raise ValueError("a length of time is less than a billion days") from None
        self.__attrs_init__(length)

    def __reduce__(self) -> tuple[object, tuple[int]]:
        return _elapsed, (self.seconds,)

    @property
    def seconds(self) -> int:
        """The whole length in seconds."""
        return self.delta.days * 86_400 + self.delta.seconds

    def after(self, start: datetime) -> datetime:
        """The instant this long after `start`; the end of time where that is later still."""
        try:
            return instant(start) + self.delta
        except OverflowError:
            return END


def _elapsed(seconds: int) -> Elapsed:
    return Elapsed(seconds=seconds)


@frozen(order=True, init=False)
class Business:
    """Open time of a calendar: the clock stands still while it is closed.

    `Business(hours=16)`, `Business(hours=7, minutes=30)`; parts add up. `ValueError` unless every
    part is a whole number, none is negative, and all together are more than nothing and at most a
    million hours.
    """

    delta: timedelta = field(validator=_positive)

    def __init__(self, *, hours: int = 0, minutes: int = 0, seconds: int = 0) -> None:
        for part in (hours, minutes, seconds):
            if not _whole(part) or part < 0:
                raise ValueError(f"business time is made of whole hours, minutes and seconds, not {quoted(part)}")
        total = hours * 3_600 + minutes * 60 + seconds
        if total > _MOST_SECONDS:
            raise ValueError(f"business time is at most {_MOST_SECONDS // 3_600:,} hours")
        self.__attrs_init__(timedelta(seconds=total))

    def __reduce__(self) -> tuple[object, tuple[int]]:
        return _business, (self.seconds,)

    @property
    def seconds(self) -> int:
        """The whole length in seconds."""
        return self.delta.days * 86_400 + self.delta.seconds


def _business(seconds: int) -> Business:
    return Business(seconds=seconds)


@frozen(order=True)
class BusinessDays:
    """So many days of a calendar that open after the start, each to its close.

    `BusinessDays(5)`. `ValueError` unless it is a whole number from 1 to 100,000.
    """

    days: int = field(validator=_bounded)


Length: TypeAlias = Elapsed | Business | BusinessDays
"""Every way to say how long."""
