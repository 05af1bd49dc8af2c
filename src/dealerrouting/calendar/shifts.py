"""Shifts: hours of opening as minutes from the midnight of the day on which they open.

May know: the standard library. May not know: dates, time zones, instants, faults.
A shift is half-open, `start <= minute < end`; it starts on its own day (0..1439) and may end on the next (up
to 2879). Shifts are kept in order and apart: those that touch or overlap are one.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TypeAlias, TypeVar

__all__ = ["DAY", "WEEK", "Shift", "Shifts", "clock", "merged", "read_shift", "without", "written"]

Shift: TypeAlias = tuple[int, int]
Shifts: TypeAlias = tuple[Shift, ...]

T = TypeVar("T", int, datetime)

DAY = 24 * 60
"""Minutes on the clock of one day."""

WEEK = 7 * DAY


def clock(text: str) -> int | None:
    """`HH:MM` from 00:00 to 24:00 as minutes from midnight, or None."""
    hours, minutes = text[:2], text[3:]
    if len(text) != 5 or text[2] != ":" or not text.isascii() or not (hours + minutes).isdigit():
        return None
    minute = int(hours) * 60 + int(minutes)
    return minute if int(minutes) < 60 and minute <= DAY else None


def read_shift(text: str) -> Shift | None:
    """`HH:MM-HH:MM` as a shift, or None; an end before the start is on the next day.

    Where both are equal the shift has no length: that is for the caller to refuse.
    """
    first, _, last = text.partition("-")
    start, end = clock(first), clock(last)
    if start is None or end is None or start == DAY:
        return None
    return start, end + DAY if end < start else end


def merged(pairs: Iterable[tuple[T, T]]) -> tuple[tuple[T, T], ...]:
    """The same time, minutes or instants, in order, with pairs that touch or overlap made one."""
    found: list[tuple[T, T]] = []
    for start, end in sorted(pairs):
        if found and start <= found[-1][1]:
            found[-1] = found[-1][0], max(found[-1][1], end)
        else:
            found.append((start, end))
    return tuple(found)


def without(shifts: Shifts, holes: Iterable[Shift]) -> Shifts:
    """The minutes of `shifts` that are in none of the `holes`."""
    left = shifts
    for first, last in holes:
        pieces = (cut for start, end in left for cut in ((start, min(end, first)), (max(start, last), end)))
        left = tuple((start, end) for start, end in pieces if start < end)
    return left


def written(shifts: Shifts) -> tuple[list[str], Shifts]:
    """Shifts as text that `read_shift` reads, and the breaks that must be taken out of it.

    A piece that begins after midnight cannot be written by itself; it belongs to this day only because
    a break cut it from a shift that was open at 23:59, or would have been. So that shift is written
    whole, and what is missing from it as breaks.
    """
    evening = [shift for shift in shifts if shift[0] < DAY]
    night = [shift for shift in shifts if shift[0] >= DAY]
    if not night:
        return [text for shift in shifts for text in _texts(shift)], ()
    start, end = evening.pop() if evening and evening[-1][1] >= DAY else (DAY - 1, DAY - 1)
    whole = (start, night[-1][1])
    return [text for shift in (*evening, whole) for text in _texts(shift)], without(((end, whole[1]),), night)


def _texts(shift: Shift) -> list[str]:
    """One shift as text; in two parts where it is a whole day long or longer."""
    start, end = shift
    if end - start > DAY or (end - start == DAY and start):
        return [*_texts((start, DAY)), *_texts((DAY - 1, end))]
    return [f"{_clock(start)}-{_clock(end if end <= DAY else end - DAY)}"]


def _clock(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"
