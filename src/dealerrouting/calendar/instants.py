"""Instants: which one a datetime means, and when a day begins.

May know: the standard library. May not know: the present time, opening hours, plans, leads.
An instant is always an aware datetime and is held in UTC, because `aware + timedelta` in any
other zone is wall-clock arithmetic: forty-eight hours over a change of clocks would be 47 or 49.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, tzinfo
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import TypeGuard

__all__ = ["END", "NEVER", "instant", "is_instant", "midnight", "parse_instant"]

NEVER = datetime.min.replace(tzinfo=UTC)
"""Before every instant there is."""

END = datetime.max.replace(tzinfo=UTC)
"""The end of time: no instant is later."""


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
        return NEVER if value.year == 1 else END


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
