"""Cells: the parts of a region in which just the same boxes hold, and what no box holds.

May know: boxes, masks, runs. May not know: plans, who is behind a box, what is asked.

Along the places everything is swept: between two places at which some box begins or ends, the same few are active.
Inside such a stretch the other axes are gone through one after the other. Classes of an axis that leave the same boxes
alive are one branch; what is below a branch depends on the boxes alive only, so it is worked out once.

Every step is counted. When the budget is used up, `Exhausted` is raised, and whoever asked says what is unknown.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from typing import TypeAlias

from attrs import define, field, frozen

from dealerrouting.errors import Fault, Faulty, quoted
from dealerrouting.verify.boxes import Box, Sides
from dealerrouting.verify.place import EVERYWHERE, Runs

__all__ = ["Budget", "Exhausted", "Stretch", "cells", "holes", "stretches"]

Alive: TypeAlias = int
"""Which of a few boxes hold: a bit for each."""


class Exhausted(Exception):
    """The budget is used up."""


@define
class Budget:
    """How many steps one question may take, in all and in one stretch.

    Both are whole numbers from 1; `Faulty`, a `ValueError`, with everything that is wrong with them. Asking uses it up.
    """

    left: int = 20_000_000
    stretch: int = 200_000
    _here: int = field(init=False, default=0)

    def __attrs_post_init__(self) -> None:
        faults = [
            Fault(f"Budget.{name}", f"{quoted(steps)} is not a number of steps", "give a whole number from 1", (name,))
            for name, steps in (("left", self.left), ("stretch", self.stretch))
            if isinstance(steps, bool) or not isinstance(steps, int) or steps < 1
        ]
        if faults:
            raise Faulty(faults)

    def begin(self) -> None:
        """A new stretch."""
        self._here = min(self.stretch, self.left)

    def step(self, steps: int = 1) -> None:
        """So many steps more; `Exhausted` when there are none left."""
        self._here -= steps
        self.left -= steps
        if self._here < 0:
            raise Exhausted


@frozen
class Stretch:
    """Classes of places from first to last, and the numbers of the boxes that are active there."""

    first: int
    last: int
    active: tuple[int, ...]

    @property
    def runs(self) -> Runs:
        """The same as runs."""
        return ((self.first, self.last),)


def stretches(boxes: Sequence[Box], size: int) -> Iterator[Stretch]:
    """All stretches of places from 0 to `size` - 1, with the boxes that are active; those everywhere are in each."""
    always = [at for at, box in enumerate(boxes) if box.place is EVERYWHERE]
    begins: dict[int, list[int]] = {}
    ends: dict[int, list[int]] = {}
    for at, box in enumerate(boxes):
        for first, last in () if box.place is EVERYWHERE else box.place:
            begins.setdefault(first, []).append(at)
            ends.setdefault(last + 1, []).append(at)
    cuts = sorted({0, size, *begins, *ends})
    active = set(always)
    for at, end in pairwise(cuts):
        active.difference_update(ends.get(at, ()))
        active.update(begins.get(at, ()))
        if at < size:
            yield Stretch(at, min(end, size) - 1, tuple(sorted(active)))


# ------------------------------------------------------------------------------------ inside a stretch


def _levels(sides: Sequence[Sides], within: Sides) -> list[int]:
    """The axes that limit any of the boxes, those that limit the most first."""
    counts: dict[int, int] = dict.fromkeys((axis for axis, _ in within), 0)
    for mine in sides:
        for axis, _ in mine:
            counts[axis] = counts.get(axis, 0) + 1
    return sorted(counts, key=lambda axis: (-counts[axis], axis))


Branches: TypeAlias = list[tuple[int, Alive]]


def _branches(alive: Alive, limits: Sequence[tuple[int, int]], whole: int, budget: Budget) -> Branches:
    """The classes of one axis by the boxes that they leave alive; `limits` are pairs of a box's bit and its mask."""
    parts: list[tuple[int, Alive]] = [(whole, alive)]
    for bit, mask in limits:
        if alive & bit:
            parts = list(_split(parts, bit, mask))
            budget.step(len(parts))
    return parts


def _split(parts: Branches, bit: Alive, mask: int) -> Iterator[tuple[int, Alive]]:
    for classes, left in parts:
        inside = classes & mask
        if inside == classes:
            yield classes, left
        elif not inside:
            yield classes, left & ~bit
        else:
            yield inside, left
            yield classes & ~mask, left & ~bit


def _merged(parts: Branches) -> Branches:
    by_alive: dict[Alive, int] = {}
    for classes, alive in parts:
        by_alive[alive] = by_alive.get(alive, 0) | classes
    return [(classes, alive) for alive, classes in by_alive.items()]


@define
class _Walk:
    """Some boxes by their sides, gone through axis by axis."""

    levels: list[int]
    whole: list[int]  # by level: the classes to go through
    limits: list[list[tuple[int, int]]]  # by level: bit and mask of each box that it limits
    full: dict[int, int]
    budget: Budget
    _known: dict[tuple[int, Alive], Branches] = field(factory=dict)

    def branches(self, level: int, alive: Alive) -> Branches:
        """The branches of one level, worked out once for the same boxes alive."""
        key = (level, alive)
        if key not in self._known:
            parts = _branches(alive, self.limits[level], self.whole[level], self.budget)
            self._known[key] = _merged(parts)
        self.budget.step()
        return self._known[key]

    def side(self, level: int, classes: int) -> Sides:
        """One side of a cell; none where the axis is not limited."""
        axis = self.levels[level]
        return () if classes == self.full[axis] else ((axis, classes),)


def _walk(sides: Sequence[Sides], within: Sides, full: dict[int, int], budget: Budget) -> _Walk:
    levels = _levels(sides, within)
    inside = dict(within)
    at = {axis: level for level, axis in enumerate(levels)}
    limits: list[list[tuple[int, int]]] = [[] for _ in levels]
    for number, mine in enumerate(sides):
        for axis, mask in mine:
            limits[at[axis]].append((1 << number, mask))
    return _Walk(levels, [inside.get(axis, full[axis]) for axis in levels], limits, full, budget)


def cells(
    sides: Sequence[Sides],
    full: dict[int, int],
    budget: Budget,
    *,
    within: Sides = (),
    matters: Callable[[Alive], bool] = bool,
) -> Iterator[tuple[Sides, Alive]]:
    """The cells inside `within`, each with the boxes that hold there; none where nothing that `matters` is alive.

    Cells do not overlap; several may have the same boxes alive.
    """
    walk = _walk(sides, within, full, budget)
    stack: list[tuple[int, Sides, Alive]] = [(0, (), (1 << len(sides)) - 1)]
    while stack:
        level, path, alive = stack.pop()
        if not matters(alive):
            continue
        if level == len(walk.levels):
            yield tuple(sorted(path)), alive
            continue
        for classes, left in walk.branches(level, alive):
            stack.append((level + 1, (*path, *walk.side(level, classes)), left))


def holes(sides: Sequence[Sides], full: dict[int, int], budget: Budget, *, within: Sides = ()) -> tuple[Sides, ...]:
    """What of `within` no box holds, in parts that do not overlap."""
    if () in sides:
        return ()
    walk = _walk(sides, within, full, budget)
    last = [max(walk.levels.index(axis) for axis, _ in mine) for mine in sides]
    done = [sum(1 << n for n, end in enumerate(last) if end < level) for level in range(len(walk.levels) + 1)]
    found: dict[tuple[int, Alive], tuple[Sides, ...]] = {}

    def below(level: int, alive: Alive) -> tuple[Sides, ...]:
        if alive & done[level]:
            return ()
        if level == len(walk.levels):
            return ((),)
        if (level, alive) not in found:
            found[level, alive] = tuple(
                (*walk.side(level, classes), *rest)
                for classes, left in walk.branches(level, alive)
                for rest in below(level + 1, left)
            )
            budget.step(len(found[level, alive]))
        return found[level, alive]

    return tuple(tuple(sorted(part)) for part in below(0, (1 << len(sides)) - 1))
