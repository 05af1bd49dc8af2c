"""From boxes to regions that people can read.

May know: spaces, boxes, regions. May not know: what a region was found for.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from fractions import Fraction
from math import prod
from typing import Any

from dealerrouting.verify.axes import Axis, Sampled, Sectors, Texts, bits
from dealerrouting.verify.boxes import Box, Sides
from dealerrouting.verify.ordered import Ordered
from dealerrouting.verify.place import EVERYWHERE, Block, Runs, overlap
from dealerrouting.verify.region import Band, Region, Side
from dealerrouting.verify.space import WHEN, Space
from dealerrouting.verify.times import times

__all__ = ["part_of", "plain", "region", "regions", "volume"]

_MOST = 50


def regions(here: Space, told: Sequence[tuple[Box, tuple[str, ...]]]) -> tuple[Region, ...]:
    """Boxes, each with the sources whose regions are no part of it, as regions: the largest first, at most fifty."""
    ordered = sorted(told, key=lambda one: (-volume(here, [one[0]]), one[0].place, one[0].sides))
    return tuple(region(here, box, but_for) for box, but_for in ordered[:_MOST])


def plain(boxes: Iterable[Box]) -> list[tuple[Box, tuple[str, ...]]]:
    """Boxes of which everything is meant."""
    return [(box, ()) for box in boxes]


def volume(here: Space, boxes: Iterable[Box]) -> Fraction:
    """How much of the space boxes that do not overlap hold: countries' worth of codes times part of each other axis."""
    parts: dict[int, int] = {}  # numerators by denominator: fractions are slow to add
    known: dict[Runs, Fraction] = {}
    for box in boxes:
        if box.place not in known:
            known[box.place] = here.place.weight(here.place.everywhere if box.place is EVERYWHERE else box.place)
        weight = known[box.place]
        top = weight.numerator * prod(mask.bit_count() for _, mask in box.sides)
        bottom = weight.denominator * prod(here.axes[axis].size for axis, _ in box.sides)
        parts[bottom] = parts.get(bottom, 0) + top
    return sum((Fraction(top, bottom) for bottom, top in parts.items()), Fraction(0))


def part_of(here: Space, boxes: Iterable[Box]) -> Fraction:
    """How much of the leads that say a postcode boxes that do not overlap hold."""
    return volume(here, boxes) / (volume(here, [Box(here.place.named)]) or 1)


def region(here: Space, box: Box, but_for: tuple[str, ...] = ()) -> Region:
    """One box as a region."""
    bands = () if box.place in (EVERYWHERE, here.place.everywhere) else tuple(_bands(here, box.place))
    return Region(bands, tuple(_sides(here, box.sides)), but_for)


# ------------------------------------------------------------------------------------------- places


def _bands(here: Space, runs: Runs) -> Iterator[Band]:
    last = -1
    for block in here.place.blocks.values():
        last = block.last
        mine = overlap(runs, ((block.first, block.last),))
        if mine == ((block.first, block.last),):
            yield Band(block.country, "country")
        elif mine:
            yield from _in_country(here, block, mine)
    end = here.place.size - 1
    kinds = {1: "elsewhere_no_code", 2: "elsewhere_code", 3: "elsewhere"}
    inside = sum(1 << n for n, at in enumerate(range(last + 1, end)) if overlap(runs, ((at, at),)))
    if inside:
        yield Band("", kinds[inside])
    if overlap(runs, ((end, end),)):
        yield Band("", "nowhere")


def _in_country(here: Space, block: Block, runs: Runs) -> Iterator[Band]:
    if runs[0][0] == block.first:
        yield Band(block.country, "no_code")
    lo = hi = -1
    coarse = []
    for first, last in overlap(runs, block.codes):
        for at in range(first, last + 1):
            start, end = here.place.numbers(block, at)
            if at in block.wide:
                coarse.append(Band(block.country, "coarse", start, end, here.place.code(block, at)))
            elif start == hi + 1 and lo >= 0:
                hi = end
            else:
                if lo >= 0:
                    yield Band(block.country, "codes", lo, hi)
                lo, hi = start, end
    if lo >= 0:
        yield Band(block.country, "codes", lo, hi)
    yield from coarse


# -------------------------------------------------------------------------------------------- sides


def _sides(here: Space, sides: Sides) -> Iterator[Side]:
    for number, mask in sides:
        axis = here.axes[number]
        if number == WHEN:
            zone = here.plans[0].lens.zone
            yield Side("when", tuple(times(here.when, mask, zone)), zone=zone)
        elif not axis.samples[-1]:  # an opaque one: true, false, unknown
            yield Side(axis.name, tuple(word for at, word in enumerate(("true", "false", "unknown")) if mask >> at & 1))
        else:
            yield _side(here, axis, mask)


def _side(here: Space, axis: Axis, mask: int) -> Side:
    absent = axis.full & ~axis.present
    said = mask & axis.present
    name = axis.name
    if not said or said == axis.present:
        return Side(name, (), absent=not said)
    if isinstance(axis, Sectors):
        values, others = tuple(_codes(here, axis, said)), tuple(_codes(here, axis, axis.present & ~said))
        but = len(others) < len(values)
        return Side(name, others if but else values, bool(mask & absent), but)
    if isinstance(axis, Ordered):
        return Side(name, tuple(_ranges(axis, said)), bool(mask & absent))
    outside = axis.present & ~said
    stand_ins = _others(axis)
    but = any(said >> at & 1 for at, prefix in stand_ins.items() if not prefix) or (
        not stand_ins and _more(said, outside)
    )
    told = tuple(_words(axis, outside if but else said, stand_ins))
    return Side(name, told, bool(mask & absent), but, items=_items(axis))


def _items(axis: Axis) -> tuple[str, ...]:
    """The items that conditions name, of an axis of lists."""
    leaves = (leaf for mine in axis.leaves for leaf in mine) if isinstance(axis, Sampled) else ()
    return tuple(sorted({leaf.const for leaf in leaves if leaf.op == "has"}))


def _others(axis: Axis) -> dict[int, str]:
    """The classes that stand for all other words, and what those begin with."""
    if not isinstance(axis, Texts):
        return {}
    return {at: prefix for prefix, (_, at) in zip(axis.prefixes, axis.others, strict=True)}


def _more(a: int, b: int) -> bool:
    return a.bit_count() > b.bit_count()


def _words(axis: Axis, mask: int, others: Mapping[int, str]) -> Iterator[str]:
    for at in bits(mask):
        yield f"{others[at]}*" if at in others else ", ".join(_text(value) for value in axis.samples[at].values())


def _text(value: Any) -> str:
    if isinstance(value, list):
        return "+".join(map(str, value))
    return ("true" if value else "false") if isinstance(value, bool) else str(value)


def _codes(here: Space, axis: Sectors, mask: int) -> Iterator[str]:
    """The highest codes whose whole subtrees are inside; others by themselves, with `=` before them."""
    tree = here.plans[0].taxonomy
    todo = list(reversed(tree.children()))
    while todo:
        code = todo.pop()
        if not axis.below[code] & ~mask:
            yield tree.display(code)
            continue
        if mask >> axis.places[code] & 1:
            yield f"={tree.display(code)}"
        if axis.below[code] & mask:
            todo += reversed(tree.children(code))


def _ranges(axis: Ordered, mask: int) -> Iterator[str]:
    """Runs of classes as `10..49`; an end that is not held is written `<50`, an open one left out."""
    for first, last in _runs(mask):
        low, high = _end(axis, first, -1), _end(axis, last, 1)
        yield low if low and low == high else f"{low}..{high}"


def _end(axis: Ordered, at: int, step: int) -> str:
    """The end of a run: a constant that is held, or the next one outside, marked."""
    n = at - axis.first
    if axis.values[n] in axis.cuts:
        return _value(axis.values[n])
    beyond = n + step
    if not 0 <= beyond < len(axis.values):
        return ""
    return f"{'>' if step < 0 else '<'}{_value(axis.values[beyond])}"


def _value(value: Any) -> str:
    if isinstance(value, datetime):
        return value.isoformat()
    return format(value, "f") if hasattr(value, "normalize") else str(value)


def _runs(mask: int) -> Iterator[tuple[int, int]]:
    first = last = -2
    for at in bits(mask):
        if at != last + 1:
            if first >= 0:
                yield first, last
            first = at
        last = at
    if first >= 0:
        yield first, last
