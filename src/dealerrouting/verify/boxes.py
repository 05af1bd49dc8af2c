"""Boxes: regions of lead space that limit each axis by itself.

May know: masks and runs. May not know: what the axes are, plans, leads.

A box is a few runs of places and, by axis, the mask of classes that it lets through; an axis that is not named is not
limited. A box never holds an empty mask: what would be empty is no box.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TypeAlias

from attrs import frozen

from dealerrouting.verify.place import EVERYWHERE, Runs, overlap, union

__all__ = ["ALL", "Box", "Sides", "meet", "merged", "sides_meet", "sides_minus", "sides_within"]

Sides: TypeAlias = tuple[tuple[int, int], ...]
"""Pairs of axis and mask, by axis; every axis once."""


@frozen
class Box:
    """Some places, and the classes of some other axes."""

    place: Runs = EVERYWHERE
    sides: Sides = ()


ALL = Box()


def meet(a: Box, b: Box) -> Box | None:
    """What lies in both, or None."""
    place = b.place if a.place is EVERYWHERE else a.place if b.place is EVERYWHERE else overlap(a.place, b.place)
    sides = sides_meet(a.sides, b.sides)
    return None if not place or sides is None else Box(place, sides)


def sides_meet(a: Sides, b: Sides) -> Sides | None:
    """The sides of what lies in both, or None where an axis leaves nothing."""
    if not a or not b:
        return a or b
    if a[-1][0] < b[0][0]:
        return a + b
    found = dict(a)
    for axis, mask in b:
        both = found.get(axis, mask) & mask
        if not both:
            return None
        found[axis] = both
    return tuple(sorted(found.items()))


def sides_within(a: Sides, b: Sides) -> bool:
    """Whether all that `a` lets through `b` lets through."""
    mine = dict(a)
    return all(axis in mine and not mine[axis] & ~mask for axis, mask in b)


def sides_minus(a: Sides, b: Sides, full: dict[int, int]) -> Iterator[Sides]:
    """What of `a` lies outside `b`, in parts that do not overlap; `full` has all classes of each axis."""
    inside = dict(a)
    for axis, mask in b:
        mine = inside.get(axis, full[axis])
        if outside := mine & ~mask:
            yield tuple(sorted({**inside, axis: outside}.items()))
        if not mine & mask:
            return
        inside[axis] = mine & mask


def merged(boxes: Iterable[Box], full: dict[int, int]) -> list[Box]:
    """The same region in fewer boxes: equal but for one axis, they become one. In a fixed order."""
    by_sides: dict[Sides, Runs] = {}
    for box in boxes:
        known = by_sides.get(box.sides, ())
        by_sides[box.sides] = EVERYWHERE if EVERYWHERE in (known, box.place) else union((*known, *box.place))
    found = [Box(place, sides) for sides, place in by_sides.items()]
    for axis in sorted({axis for box in found for axis, _ in box.sides}):
        found = _along(found, axis, full[axis])
    return found


def _along(boxes: list[Box], axis: int, full: int) -> list[Box]:
    """Boxes that differ along one axis only, as one."""
    masks: dict[tuple[Runs, Sides], int] = {}
    for box in boxes:
        rest = tuple(side for side in box.sides if side[0] != axis)
        mask = dict(box.sides).get(axis, full)
        masks[box.place, rest] = masks.get((box.place, rest), 0) | mask
    return [
        Box(place, rest if mask == full else tuple(sorted((*rest, (axis, mask)))))
        for (place, rest), mask in masks.items()
    ]
