"""Axes of values in order: numbers, dates, the instants that a lead itself says.

May know: axes, leaves of conditions. May not know: plans, when a lead is decided, questions.

Each constant of a plan is a class of its own, and so is what lies between two of them; what a comparison says is a
stretch of classes, found by halving.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from decimal import ROUND_FLOOR, Decimal, localcontext
from itertools import pairwise
from typing import Any

from attrs import frozen

from dealerrouting.calendar import END, NEVER
from dealerrouting.rules.binding import Leaf
from dealerrouting.verify.axes import ABSENT, Axis, Mask, Truth, sample_of, span, union

__all__ = ["Ordered", "days", "moments", "numbers"]


@frozen(eq=False)
class Ordered(Axis):
    """Values in order: each constant a class of its own, and one for what lies between two of them."""

    values: Sequence[Any] = ()  # of the present classes, rising
    cuts: frozenset[Any] = frozenset()  # those of the values that are constants; the others stand for all between
    first: int = 1  # the class of values[0]

    def truth(self, plan: int, leaf: Leaf) -> Truth:
        """By halving: the samples are in order."""
        if leaf.op == "exists":
            return self.present, self.full & ~self.present
        yes = self._true(leaf)
        return yes, self.present & ~yes

    def _true(self, leaf: Leaf) -> Mask:
        match leaf.op:
            case "eq":
                return self.between(leaf.const, leaf.const)
            case "ne":
                return self.present & ~self.between(leaf.const, leaf.const)
            case "in":
                return union(self.between(value, value) for value in leaf.const)
            case "gte":
                return self.between(leaf.const, None)
            case "lte":
                return self.between(None, leaf.const)
        return self.between(*leaf.const)

    def locate(self, facts: Sequence[Mapping[str, Any]]) -> int | None:
        """By halving: the constant itself, or what stands for all between two of them."""
        value = facts[0].get(self.name)
        if value is None:
            return 0
        at = bisect_left(self.values, value)
        near = [n for n in (at, at - 1) if 0 <= n < len(self.values)]
        here = [n for n in near if self.values[n] == value or self.values[n] not in self.cuts]
        return self.first + here[0] if here else None

    def between(self, low: Any, high: Any) -> Mask:
        """The classes from one value to another, both held; None is no bound."""
        start = 0 if low is None else bisect_left(self.values, low)
        end = len(self.values) if high is None else bisect_right(self.values, high)
        return span(self.first + start, self.first + end - 1)


def numbers(name: str, constants: Iterable[Decimal], *, own: bool, whole: bool) -> Ordered:
    """An axis of numbers; a lead's own are never below nothing."""
    least = None if own else Decimal(0)
    cuts = {c for c in constants if least is None or c >= least}
    values = list(_between({c for c in cuts if not whole or c == int(c)}, cuts, least, whole))
    text: Callable[[Decimal], Any] = int if whole else lambda n: str(n) if own else n
    return Ordered(
        name, (ABSENT, *(sample_of(name, text(v), own) for v in values)), True, tuple(values), frozenset(cuts)
    )


_END = Decimal(10**15)


def _between(points: set[Decimal], cuts: set[Decimal], least: Decimal | None, whole: bool) -> Iterator[Decimal]:
    """Each point, and a number of every stretch between two cuts that has one."""
    with localcontext(prec=80):
        edges = sorted(cuts | {_END})
        low = -_END if least is None else least
        lowest = edges[0].to_integral_value(ROUND_FLOOR) - 1 if least is None else low
        if low not in cuts and low <= lowest < edges[0]:
            yield lowest
        for left, right in pairwise(edges):
            if left in points:
                yield left
            if (inside := _inside(left, right, whole)) is not None:
                yield inside


def _inside(low: Decimal, high: Decimal, whole: bool) -> Decimal | None:
    """A number between the two: the nearest whole one above the lower, where there is one."""
    above = low.to_integral_value(ROUND_FLOOR) + 1
    return above if above < high else None if whole else (low + high) / 2


def days(name: str, constants: Iterable[date], *, own: bool) -> Ordered:
    """An axis of the caller's own dates."""
    cuts = frozenset(constants)
    ordinals = _whole_between({d.toordinal() for d in cuts}, date.min.toordinal(), date.max.toordinal())
    values = [date.fromordinal(n) for n in ordinals]
    return Ordered(name, (ABSENT, *(sample_of(name, v, own) for v in values)), True, tuple(values), cuts)


_TICK = timedelta(microseconds=1)


def moments(name: str, constants: Iterable[datetime]) -> Ordered:
    """An axis of instants that the lead itself says."""
    cuts = frozenset(constants)
    steps = {round((c - NEVER) / _TICK) for c in cuts}
    values = [NEVER + n * _TICK for n in _whole_between(steps, 0, round((END - NEVER) / _TICK))]
    return Ordered(name, (ABSENT, *({name: v} for v in values)), True, tuple(values), cuts)


def _whole_between(points: set[int], first: int, last: int) -> Iterator[int]:
    at = first
    for point in sorted(p for p in points if first <= p <= last):
        if at < point:
            yield at
        yield point
        at = point + 1
    if at <= last:
        yield at
