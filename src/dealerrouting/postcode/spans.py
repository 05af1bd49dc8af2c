"""From numbers back to codes: which coarse codes hold a number, and how a run of numbers is written.

May know: orders of codes, how a code is read. May not know: what the runs are of.
"""

from __future__ import annotations

from dealerrouting.postcode.codes import Postcode
from dealerrouting.postcode.reading import parse
from dealerrouting.postcode.trees import PlainOrder, order_of

__all__ = ["coarse_across", "finest", "told", "whole"]


def finest(country: str, number: int) -> str:
    """The finest code with this number, in normal form: well-formed, not always in use."""
    return order_of(country).write(number)


def whole(country: str) -> tuple[int, int]:
    """The first and the last number of the country's finest codes; in a country without a structure, of all texts."""
    order = order_of(country)
    return (1, order.last) if isinstance(order, PlainOrder) else (0, order.sizes[0] - 1)


def coarse_across(country: str, number: int) -> tuple[Postcode, ...]:
    """The coarse codes that begin before this number and hold it: those that a cut before it would halve.

    `3011` for the number of `3011 AB`, not for that of `3011 AA`.
    """
    order = order_of(country)
    if isinstance(order, PlainOrder):
        return ()
    if not order.elastic and number % order.sizes[min(order.stops)] == 0:
        return ()
    text = order.write(number)
    codes = {parse(country, text[:end]) for end in range(1, len(text))}
    halved = (code for code in codes if code is not None and code.lo < number <= code.hi)
    return tuple(sorted(halved, key=lambda code: (code.lo, -code.hi)))


def _plain(order: PlainOrder, lo: int, hi: int) -> str:
    first, last = order.write(lo), order.write(hi)
    piece = order.begins(first) if first else None
    if lo != hi and piece is not None and piece.intervals == ((lo, hi),):
        return piece.text
    return first if lo == hi else f"{first}..{last}"


def told(country: str, lo: int, hi: int) -> str:
    """A run of numbers as people write it, with the coarsest codes that say it exactly: `4382..4389`."""
    order = order_of(country)
    if isinstance(order, PlainOrder):
        return _plain(order, lo, hi)
    for depth in sorted(order.stops):
        first, last = (parse(country, order.write(end, depth)) for end in (lo, hi))
        if first is not None and last is not None and first.lo == lo and hi in (first.hi, last.hi):
            return first.text if hi == first.hi else f"{first.text}..{last.text}"
    return f"{order.write(lo)}..{order.write(hi)}"
