"""Lengths of time as documents write them: `{elapsed: 48h}`, `{business: 16h}`, `{business_days: 5}`.

May know: lengths of time, places. May not know: what they are lengths of.
The kind is always said: two days are not two working days, and `48` alone is neither.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from dealerrouting.calendar import Business, BusinessDays, Elapsed, Length
from dealerrouting.documents.checks import shown
from dealerrouting.documents.places import Trail, Wrongs
from dealerrouting.errors import did_you_mean, quoted

__all__ = ["ANY_TIME", "REAL_TIME", "read_length"]

REAL_TIME = ("elapsed",)
ANY_TIME = ("elapsed", "business", "business_days")
_EXAMPLES = {"elapsed": "{elapsed: 48h}", "business": "{business: 16h}", "business_days": "{business_days: 5}"}
_UNITS = {"s": 1, "m": 60, "h": 3_600, "d": 86_400}


def read_length(value: Any, trail: Trail, wrongs: Wrongs, kinds: tuple[str, ...] = ANY_TIME) -> Length | None:
    """The length at `trail`, of one of `kinds`; None where it is none, and then that is told."""
    if not isinstance(value, dict) or len(value) != 1:
        wrongs.add(trail, _why_none(value), _write(kinds))
        return None
    ((kind, amount),) = value.items()
    if kind not in ANY_TIME:
        wrongs.add((*trail, kind), f"unknown key {quoted(kind)}", did_you_mean(kind, kinds), key=True)
    elif kind not in kinds:
        wrongs.add((*trail, kind), f"only real time can stand here, not {quoted(kind)}", _write(kinds), key=True)
    else:
        length = _READERS[kind](amount)
        if length is None:
            wrongs.add((*trail, kind), f"{shown(amount)} is not {_NAMES[kind]}", _CURES[kind])
        return length
    return None


def _why_none(value: Any) -> str:
    if isinstance(value, dict) and value:
        return f"a length of time is one thing, and here are {', '.join(quoted(key) for key in list(value)[:4])}"
    if isinstance(value, str) and _seconds(value, "smhd"):
        return f"{quoted(value)} does not say which time: all of it, or open hours only"
    return f"{'an empty mapping' if value == {} else shown(value)} is not a length of time"


def _write(kinds: tuple[str, ...]) -> str:
    *first, last = (_EXAMPLES[kind] for kind in kinds)
    return f"write {', '.join(first)} or {last}" if first else f"write {last}"


def _seconds(text: Any, units: str) -> int:
    """`48h` in seconds; 0 where it is not a whole number and one of the units."""
    digits, unit = (text.strip()[:-1], text.strip()[-1:]) if isinstance(text, str) else ("", "")
    sound = digits.isascii() and digits.isdigit() and len(digits) <= 14 and unit in tuple(units)
    return int(digits) * _UNITS[unit] if sound else 0


def _elapsed(text: Any) -> Length | None:
    seconds = _seconds(text, "smhd")
    try:
        return Elapsed(seconds=seconds)
    except ValueError:
        return None


def _business(text: Any) -> Length | None:
    seconds = _seconds(text, "smh")
    try:
        return Business(seconds=seconds)
    except ValueError:
        return None


def _business_days(days: Any) -> Length | None:
    try:
        return BusinessDays(days)
    except ValueError:
        return None


_READERS: Mapping[str, Callable[[Any], Length | None]] = {
    "elapsed": _elapsed,
    "business": _business,
    "business_days": _business_days,
}
_NAMES = {"elapsed": "a length of time", "business": "a length of open time", "business_days": "a number of days"}
_CURES = {
    "elapsed": "write 48h: a number with s, m, h or d",
    "business": "write 16h: a number with s, m or h; whole days are {business_days: 5}",
    "business_days": "write a whole number from 1 to 100,000",
}
