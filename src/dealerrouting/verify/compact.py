"""Many cells told in few words: an outline, and the sources that take what inside it is not meant.

May know: contests, cells, drawing. May not know: what the cells were found for.

`NL 3000..3399 but for what big-machines serves` says more than the dozen boxes that are left of a territory when a
rule has been cut out of it. It is only said where it is exactly the same region; else the boxes are told as they are.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from math import prod
from typing import TypeAlias

from dealerrouting.verify.boxes import Box, Sides, merged, sides_meet
from dealerrouting.verify.cells import Exhausted, Stretch, holes
from dealerrouting.verify.contest import Contest, Met
from dealerrouting.verify.place import union
from dealerrouting.verify.space import WHEN, Space

__all__ = ["Told", "compact", "hull_of", "outline", "plainness"]

Told: TypeAlias = list[tuple[Box, tuple[str, ...]]]
"""Boxes, each with the sources whose regions are no part of it."""


def hull_of(parts: Sequence[Sides]) -> Sides:
    """The smallest sides around all parts."""
    first, *others = parts
    hull = dict(first)
    for part in others:
        theirs = dict(part)
        hull = {axis: mask | theirs[axis] for axis, mask in hull.items() if axis in theirs}
    return tuple(sorted(hull.items()))


def outline(here: Space, parts: Sequence[Sides]) -> Sides:
    """The hull of some parts, but only where it says something: a side that leads may leave out says nothing."""
    return tuple(
        (axis, mask)
        for axis, mask in hull_of(parts)
        if mask != here.full[axis] and (axis == WHEN or not mask & 1 or bool(here.axes[axis].samples[0]))
    )


def plainness(here: Space, sides: Sides) -> tuple[int, int]:
    """How plain a lead of these sides can be: how few attributes it has to say, then how few are limited."""
    left_out = sum(1 for axis, mask in sides if mask & 1 and not here.axes[axis].samples[0])
    return left_out - len(sides), -len(sides)


def compact(asked: Contest, places: Iterable[tuple[Stretch, Sequence[tuple[Sides, Met]]]]) -> Told:
    """The cells of some stretches, each with what meets there, in as few words as are exact."""
    groups: dict[tuple[Sides, tuple[str, ...]], list[tuple[int, int]]] = {}
    loose: list[Box] = []
    for stretch, cells in places:
        parts = [sides for sides, _ in cells]
        hull = outline(asked.space, parts)
        others, kept = _others(asked, stretch, hull, {n for _, met in cells for n in met.entries})
        names = tuple(sorted({name for name, _ in others}))
        if kept.isdisjoint(names) and _same(asked, parts, hull, [sides for _, sides in others]):
            key = (hull, names)
            groups.setdefault(key, []).extend(stretch.runs)
        else:
            loose += [Box(stretch.runs, sides) for sides in parts]
    told: Told = [(Box(union(runs), hull), names) for (hull, names), runs in groups.items()]
    return told + [(box, ()) for box in merged(loose, asked.space.full)]


def _others(asked: Contest, stretch: Stretch, hull: Sides, met: set[int]) -> tuple[list[tuple[str, Sides]], set[str]]:
    """The boxes inside the hull of sources that are never met in the cells; and the ids of those that may be."""
    found, kept = [], set()
    depth = max((asked.depth[n] for n in met), default=1 << 30)
    for box in stretch.active:
        entry = asked.entries[asked.owner[box]]
        name = entry.rung if entry.rung == "nearest" else entry.id
        both = sides_meet(asked.boxes[box].sides, hull)
        if both is None:
            continue
        if entry.number in met or asked.depth[entry.number] > depth:  # the latter is asked after it was decided
            kept.add(name)
        else:
            found.append((name, both))
    return found, kept


def _same(asked: Contest, parts: Sequence[Sides], hull: Sides, others: Sequence[Sides]) -> bool:
    """Whether the hull without the others is just the parts, which lie inside it and do not overlap."""
    full = asked.space.full
    asked.budget.begin()
    try:
        left = holes(others, full, asked.budget, within=hull) if others else (hull,)
    except Exhausted:
        return False
    return _size(full, left) == _size(full, parts)


def _size(full: dict[int, int], parts: Sequence[Sides]) -> Fraction:
    """How much of everything the parts hold, which do not overlap."""
    sizes: dict[int, int] = {}  # numerators by denominator: fractions are slow to add
    for sides in parts:
        bottom = prod(full[axis].bit_length() for axis, _ in sides)
        sizes[bottom] = sizes.get(bottom, 0) + prod(mask.bit_count() for _, mask in sides)
    return sum((Fraction(top, bottom) for bottom, top in sizes.items()), Fraction(0))
