"""One postcode, the intervals of numbers that codes stand for, and the error of this room.

May know: the errors of the house. May not know: how a country builds or numbers its codes, how people write
them.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from typing import TypeAlias

from attrs import frozen

from dealerrouting.errors import Faulty

__all__ = ["Interval", "Piece", "Postcode", "PostcodeError", "holds", "merged"]

Interval: TypeAlias = tuple[int, int]
"""The first and the last number, both held."""

_ABOVE_ALL = 1 << 128


class PostcodeError(Faulty):
    """A postcode definition that cannot mean anything; `faults` holds all of them at once."""


@frozen
class Postcode:
    """One postcode, coarse or fine.

    `text` is the normal form as people write it (`3011 AB`, `SW1A 1AA`, `00-001`), without a country sign.
    `lo` and `hi` are the first and the last of the finest codes that it covers, both held, numbered in its
    country's order; they mean nothing across countries, or across values of `TABLE_VERSION`.
    """

    country: str
    text: str
    lo: int
    hi: int


@frozen
class Piece:
    """One readable item of a set: its normal form, and the numbers it stands for."""

    text: str
    intervals: tuple[Interval, ...]


def holds(intervals: tuple[Interval, ...], lo: int, hi: int) -> bool | None:
    """Are all numbers from `lo` to `hi` inside these merged intervals? None: a part of them is."""
    at = bisect_right(intervals, (hi, _ABOVE_ALL)) - 1
    if at < 0 or intervals[at][1] < lo:
        return False
    return True if intervals[at][0] <= lo and hi <= intervals[at][1] else None


def merged(intervals: Iterable[Interval]) -> tuple[Interval, ...]:
    """The same numbers in sorted intervals that never touch."""
    done: list[Interval] = []
    for lo, hi in sorted(intervals):
        if done and lo <= done[-1][1] + 1:
            done[-1] = (done[-1][0], max(hi, done[-1][1]))
        else:
            done.append((lo, hi))
    return tuple(done)
