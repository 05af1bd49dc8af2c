"""Where in `verify`'s own space a lead of the small world lies: which classes of each axis, whether in a box.

Knows: the axes, boxes and cells of `verify`. Does not know: how boxes are found or put together.

A lead lies in the classes that answer every question as the lead itself does: `axis.truth` is held against
`leaf.truth`. Where no class does, the axis is wrong, and that is an error here.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from typing import Any

from attrs import define, field

from dealerrouting import Plan, postcode
from dealerrouting.rules.binding import Leaf
from dealerrouting.verify.boxes import Box
from dealerrouting.verify.place import EVERYWHERE, Place
from dealerrouting.verify.space import WHEN, Space
from verify_plans import leaves_of
from verify_world import Case


class Misplaced(AssertionError):
    """A lead that no class is for, or that two parts of one answer disagree about."""


def place_of(place: Place, country: str | None, code: str | None) -> int:
    """The class of a place."""
    if country is None:
        return place.size - 1
    block = place.blocks.get(country)
    if block is None:
        if place.other is None:
            raise Misplaced(f"{country} is no class of its own and there is none for others")
        return place.size - (2 if code and postcode.parse(country, code) else 3)
    parsed = postcode.parse(country, code) if code else None
    if parsed is None:
        return block.first
    for at in range(block.first + 1, block.last + 1):  # a coarse code that has a class of its own
        if at in block.wide and place.numbers(block, at) == (parsed.lo, parsed.hi):
            return at
    for at in range(block.first + 1, block.last + 1):
        lo, hi = place.numbers(block, at)
        if at not in block.wide and lo <= parsed.lo and parsed.hi <= hi:
            return at
    raise Misplaced(f"{country} {code} lies in no class")


@define(eq=False)
class Located:
    """The classes of leads, each worked out once."""

    here: Space
    plans: tuple[Plan, ...]
    also: tuple[Leaf, ...] = ()  # further questions, of the first plan
    _known: dict[Any, Any] = field(factory=dict)
    _leaves: list[tuple[int, int, Any, int, int]] = field(init=False)

    @_leaves.default
    def _asked(self) -> list[tuple[int, int, Any, int, int]]:
        found = []
        for n, plan in enumerate(self.plans):
            for leaf in (*leaves_of(plan), *(self.also if n == 0 else ())):
                if leaf.field in self.here.fields:
                    axis = self.here.fields[leaf.field]
                    found.append((axis, n, leaf, *self.here.axes[axis].truth(n, leaf)))
        return found

    def classes(self, case: Case) -> tuple[int, dict[int, int]]:
        """The class of the place, and by axis the mask of the classes that the lead may lie in."""
        key = (id(case.lead), case.at)
        if key not in self._known:
            self._known[key] = (case, self._classes(case))
        return self._known[key][1]

    def _classes(self, case: Case) -> tuple[int, dict[int, int]]:
        here = self.here
        masks = dict(here.full)
        cuts = here.when.cuts
        stretch = bisect_right(cuts, case.at) - 1
        end = here.when.starts[stretch + 1] if stretch + 1 < len(cuts) else here.when.size
        masks[WHEN] = ((1 << end) - 1) & ~((1 << here.when.starts[stretch]) - 1)
        facts = [plan.lens.read(case.lead, case.at).facts for plan in self.plans]
        for axis, plan, leaf, yes, no in self._leaves:
            truth = leaf.truth(facts[plan], lambda _: None)
            masks[axis] &= yes if truth is True else no if truth is False else here.full[axis] & ~yes & ~no
        self._serving(facts, masks)
        for axis, mask in masks.items():
            if not mask:
                raise Misplaced(f"no class of {here.axes[axis].name} answers like {case.lead} at {case.at}")
        return place_of(here.place, case.lead.country, case.lead.postcode), masks

    def _serving(self, facts: list[Any], masks: dict[int, int]) -> None:
        """What dealers serve tells words apart too."""
        for n, plan in enumerate(self.plans):
            for name in ("language", "product"):
                words = {s for d in plan.dealers for s in getattr(d, f"serves_{name}s")}
                if words:
                    axis: Any = self.here.axes[self.here.fields[name]]
                    said = facts[n].get(name)
                    absent = axis.full & ~axis.present
                    mine = absent if said is None else axis.of([said]) or axis.present & ~axis.of(words)
                    masks[self.here.fields[name]] &= mine

    def inside(self, box: Box, case: Case) -> bool:
        """Whether the lead lies in the box."""
        place, _ = self.classes(case)
        if box.place is not EVERYWHERE and not any(first <= place <= last for first, last in box.place):
            return False
        return self.within(box.sides, case)

    def within(self, sides: Iterable[tuple[int, int]], case: Case) -> bool:
        """Whether the lead lies within these sides."""
        _, masks = self.classes(case)
        found = True
        for axis, mask in sides:
            both = masks[axis] & mask
            if both and both != masks[axis]:
                raise Misplaced(f"{self.here.axes[axis].name}: alike to every question, and yet apart: {case.lead}")
            found = found and bool(both)
        return found

    def holding(self, boxes: Iterable[Box], case: Case) -> Iterator[Box]:
        """The boxes that hold the lead."""
        return (box for box in boxes if self.inside(box, case))
