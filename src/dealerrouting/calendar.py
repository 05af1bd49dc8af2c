"""Instants and lengths of time.

May know: the standard library. May not know: the present time, plans, leads.
An instant is always an aware datetime and is held in UTC, because `aware + timedelta` in any
other zone is wall-clock arithmetic: forty-eight hours over a change of clocks would be 47 or 49.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import TYPE_CHECKING

from attrs import field, frozen

if TYPE_CHECKING:
    from typing import TypeGuard

__all__ = ["NEVER", "Elapsed", "instant", "is_instant", "midnight", "parse_instant"]

NEVER = datetime.min.replace(tzinfo=UTC)
"""Before every instant there is."""


def is_instant(value: object) -> TypeGuard[datetime]:
    """Whether `value` is a datetime that says which instant it is."""
    return isinstance(value, datetime) and value.utcoffset() is not None


def instant(value: object) -> datetime:
    """`value` in UTC; `TypeError` unless it is an aware datetime."""
    if not is_instant(value):
        raise TypeError(f"an instant is an aware datetime, for example datetime(..., tzinfo=UTC), not {value!r}")
    try:
        return value.astimezone(UTC)
    except OverflowError:  # within a day of either end of time
        return NEVER if value.year == 1 else datetime.max.replace(tzinfo=UTC)


def midnight(day: date, zone: tzinfo) -> datetime:
    """The instant at which `day` begins in `zone`.

    Where clocks skip midnight the day begins when they start again; where midnight comes twice,
    the first counts.
    """
    return datetime.combine(day, time.min, tzinfo=zone).astimezone(UTC)


def parse_instant(text: str, zone: tzinfo | None = None) -> datetime | None:
    """ISO 8601 text as an instant, or None.

    Text without an offset is a wall time in `zone`, and unreadable where none is given; a bare
    date is the beginning of that day.
    """
    try:
        value = datetime.fromisoformat(text.strip())
        if value.utcoffset() is None:
            return value.replace(tzinfo=zone).astimezone(UTC) if zone else None
        return value.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _positive(_self: object, _attribute: object, value: timedelta) -> None:
    if value <= timedelta(0):
        raise ValueError(f"a length of time is more than nothing, not {value}")


@frozen(order=True, init=False)
class Elapsed:
    """Real time that goes by, in whole microseconds, whatever the clocks on the wall do.

    `Elapsed(hours=48)`, `Elapsed(days=5)`; parts add up. `ValueError` unless it is positive.
    """

    delta: timedelta = field(validator=_positive)

    def __init__(self, *, days: int = 0, hours: int = 0, minutes: int = 0, seconds: int = 0) -> None:
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
            return datetime.max.replace(tzinfo=UTC)


def _elapsed(seconds: int) -> Elapsed:
    return Elapsed(seconds=seconds)
