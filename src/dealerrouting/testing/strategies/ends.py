"""Where a plan ends: corners one step outside of a source, where no other source holds.

May know: boxes and their sides. May not know: Hypothesis, rungs, dealers; the checks of a plan, which this must not
lean on: what is drawn here is held against them.

Every box stands for one bit. For each value of one coordinate there is a mask of the boxes that it lies in; the boxes
that hold a corner are the *and* of its masks. Only few boxes are asked for a postcode or a sector: those that an
index names.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from itertools import chain, islice, product

from dealerrouting.postcode import Postcode, PostcodeSet, parse
from dealerrouting.rules.fields import Under
from dealerrouting.testing.strategies.bounds import Bounds
from dealerrouting.testing.strategies.boxes import Box, Limit
from dealerrouting.testing.strategies.values import Said

__all__ = ["ends_of"]

_MOST_BOXES = 4_096
_MOST_ENDS = 4_096
_MOST_OTHERS = 16
_FEW = 3
_LISTED = {"text", "language", "country", "bool", "list"}


@lru_cache(maxsize=16)
def ends_of(bounds: Bounds) -> tuple[Said, ...]:
    """The corners that nobody holds, each once; none for a plan of more than some thousand boxes."""
    whole = [box for box in bounds.boxes if box.whole]
    if len(whole) > _MOST_BOXES:
        return ()
    cover = _Cover(bounds, whole)
    corners = (corner for box in whole for corner in _around(box, bounds) if not cover.holds(corner))
    found = ({key: value for one in corner.values() for key, value in one.items()} for corner in corners)
    return tuple({repr(said): said for said in islice(found, _MOST_ENDS)}.values())


def _around(box: Box, bounds: Bounds) -> Iterator[dict[str, Said]]:
    """One step outside in one coordinate, the others at their first or their last value inside."""
    for out in box.coordinates:
        rows: dict[str, tuple[Said, ...]] = {}
        for at, name in enumerate(box.coordinates):
            inside = bounds.side(box, name).inside
            rows[name] = inside[:1] if at >= _FEW or len(inside) == 1 else (*inside[:1], *inside[-1:])
        rows[out] = tuple(_steps(box, out, bounds))
        yield from (dict(zip(rows, corner, strict=True)) for corner in product(*rows.values()))


def _steps(box: Box, name: str, bounds: Bounds) -> Iterable[Said]:
    """Where there is an order, what is beside it; else what other sources ask for.

    In the same words as inside: another country is no step from a postcode.
    """
    limit, side = box.limit(name), bounds.side(box, name)
    kinds = {bounds.kinds[leaf.field] for leaf, _ in limit[0]}
    if kinds and kinds <= _LISTED:
        others = chain.from_iterable(bounds.side(one, name).inside[:1] for one in bounds.apart[name][:_MOST_OTHERS])
        return (said for said in others if bounds.answer(said, limit) is False)
    words = side.inside[0].keys() if side.inside else ()
    return (said for said in side.outside if said.keys() == words)


class _Cover:
    """Which boxes hold a corner, or part of it where it is coarse."""

    def __init__(self, bounds: Bounds, boxes: list[Box]) -> None:
        self.bounds = bounds
        self.all = (1 << len(boxes)) - 1
        self.limits: dict[str, dict[Limit, int]] = {}
        for at, box in enumerate(boxes):
            for name in box.coordinates:
                row, limit = self.limits.setdefault(name, {}), box.limit(name)
                row[limit] = row.get(limit, 0) | 1 << at
        limited = {name: _union(row.values()) for name, row in self.limits.items()}
        self.free = {name: self.all & ~mask for name, mask in limited.items()}
        self.index = {name: _Index(row) for name, row in self.limits.items()}
        self.masks: dict[tuple[str, str], int] = {}

    def holds(self, corner: Mapping[str, Said]) -> bool:
        """Whether any box does."""
        mask = self.all
        for name in self.limits:
            mask &= self._mask(name, corner.get(name, {}))
        return mask != 0

    def _mask(self, name: str, said: Said) -> int:
        key = (name, repr(said))
        if key not in self.masks:
            row = self.limits[name]
            asked = self.index[name].asked(said, self.bounds) if said else ()
            maybe = (limit for limit in asked if self.bounds.answer(said, limit) is not False)
            self.masks[key] = self.free[name] | _union(row[limit] for limit in maybe)
        return self.masks[key]


def _union(masks: Iterable[int]) -> int:
    found = 0
    for mask in masks:
        found |= mask
    return found


class _Index:
    """Which limits of one coordinate may hold a value: by sector and stretch of postcodes, or else all of them."""

    def __init__(self, row: Iterable[Limit]) -> None:
        self.sectors: dict[str, list[Limit]] = {}
        self.within: dict[str, list[Limit]] = {}
        self.others: list[Limit] = []
        stretches: dict[str, list[tuple[int, int, Limit]]] = {}
        for key in row:
            consts = [leaf.const for leaf, wanted in key[0] if wanted]
            under = next((one for one in consts if isinstance(one, Under)), None)
            codes = next((one for one in consts if isinstance(one, PostcodeSet)), None)
            if under is not None:
                for sector in under.codes:
                    self.sectors.setdefault(sector, []).append(key)
                    for above in under.taxonomy.ancestors(sector)[1:]:
                        self.within.setdefault(above, []).append(key)
            elif codes is not None:
                stretches.setdefault(codes.country, []).extend((lo, hi, key) for lo, hi in codes.intervals)
            else:
                self.others.append(key)
        self.stretches = {country: _swept(found) for country, found in stretches.items()}

    def asked(self, said: Said, bounds: Bounds) -> list[Limit]:
        """The limits to ask about this value."""
        found = list(self.others)
        if self.sectors and "sector" in said:
            tree = bounds.plan.lens.taxonomy
            sector = tree.read(said["sector"]) or ""
            found += chain.from_iterable(self.sectors.get(one, ()) for one in tree.ancestors(sector))
            found += self.within.get(sector, ())
        code: Postcode | None = parse(said.get("country"), said.get("postcode")) if self.stretches else None
        if code is not None and code.country in self.stretches:
            cuts, rows = self.stretches[code.country]
            first, last = max(0, bisect_right(cuts, code.lo) - 1), bisect_right(cuts, code.hi)
            found += chain.from_iterable(rows[first:last])
        return found


def _swept(stretches: list[tuple[int, int, Limit]]) -> tuple[list[int], list[tuple[Limit, ...]]]:
    """The numbers at which something begins or ends, and what holds from each to the next."""
    begins: dict[int, list[tuple[int, Limit]]] = {}
    for lo, hi, key in stretches:
        begins.setdefault(lo, []).append((1, key))
        begins.setdefault(hi + 1, []).append((-1, key))
    now: dict[Limit, int] = {}
    cuts, rows = sorted(begins), []
    for cut in cuts:
        for step, key in begins[cut]:
            now[key] = now.get(key, 0) + step
            if not now[key]:
                del now[key]
        rows.append(tuple(now))
    return cuts, rows
