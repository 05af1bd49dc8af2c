"""A contest in which nothing hangs on what could only be tried: what never happens there never happens.

May know: contests, spaces, axes. May not know: what is asked, findings.

Circles that touch, and long lists, are cut by trying, so that a class may have been missed. Here such an attribute has
two classes: the lead leaves it out, or says it; and whatever asks for it may be true, and may be false, wherever it is
said. A source that asks for it is *loose*: where its region lies it may match, and may not.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from attrs import define, evolve, field, frozen

from dealerrouting.rules.binding import Leaf, implies, leaves
from dealerrouting.verify.axes import ABSENT, Axis, Sampled, Truth
from dealerrouting.verify.contest import Contest, Entry, Met
from dealerrouting.verify.sharing import boxes_of
from dealerrouting.verify.space import Space

__all__ = ["MAX_LOOSE", "Rough", "roughly"]

MAX_LOOSE = 6
"""The most loose sources in one cell of which every choice is looked at."""


@frozen(eq=False)
class _Either(Axis):
    """An attribute that is left out, or said."""

    real: Axis = Axis("", ())
    joint: bool = False  # several fields, so that a lead may say one of them and leave out another

    def truth(self, plan: int, leaf: Leaf) -> Truth:
        """Where it is said, either; but for whether it is."""
        yes, no = self.real.truth(plan, leaf)
        exists = leaf.op == "exists" and not self.joint
        return yes & 1 | 2, no & 1 | (0 if exists else 2)


@define(eq=False)
class Rough:
    """Such a contest, with the same entries by the same numbers, and which of them are loose."""

    asked: Contest
    loose: frozenset[int]
    _implied: dict[tuple[int, int], bool] = field(factory=dict)

    def choices(self, met: Met, entry: Entry) -> Iterator[Met] | None:
        """Every choice of who may really match in a cell in which `entry` does; None where there are too many."""
        free = [n for n in met.entries if n in self.loose and n != entry.number and not self._follows(entry, n)]
        if len(free) > MAX_LOOSE:
            return None
        self.asked.budget.step(1 << len(free))
        out = (set(some) for size in range(len(free) + 1) for some in combinations(free, size))
        return (evolve(met, entries=tuple(n for n in met.entries if n not in some)) for some in out)

    def _follows(self, entry: Entry, other: int) -> bool:
        """Whether the other is true wherever this one is; both are in force in one cell."""
        key = (entry.number, other)
        if key not in self._implied:
            self._implied[key] = implies(entry.source.condition, self.asked.entries[other].source.condition)
        return self._implied[key]


def roughly(asked: Contest) -> Rough | None:
    """The contest of one plan without what could only be tried; None where nothing was tried."""
    here = asked.space
    fields = {axis: [name for name, at in here.fields.items() if at == axis] for axis in set(here.fields.values())}
    tried = {axis for axis in fields if isinstance(here.axes[axis], Sampled) and not here.axes[axis].exact}
    if not tried:
        return None
    axes = list(here.axes[: max(fields) + 1])  # what comes then is asked anew
    for at in tried:
        real = axes[at]
        axes[at] = _Either(real.name, (ABSENT, {real.name: "said"}), real=real, joint=len(fields[at]) > 1)
    rough = Space(here.plans, here.place, axes, here.fields)
    asks = {entry.number: _asks(here, entry, tried) for entry in asked.entries}
    entries = tuple(_entry(rough, entry, bool(asks[entry.number]), len(axes)) for entry in asked.entries)
    loose = {n for n, some in asks.items() if any(leaf.op != "exists" or _joint(rough, leaf) for leaf in some)}
    return Rough(Contest(rough, entries, asked.ladders, asked.standings, asked.budget), frozenset(loose))


def _asks(here: Space, entry: Entry, tried: set[int]) -> list[Leaf]:
    """What a source asks of what could only be tried."""
    found = (leaf for leaf in leaves(entry.source.condition) if isinstance(leaf, Leaf))
    return [leaf for leaf in found if here.fields.get(leaf.field) in tried]


def _joint(rough: Space, leaf: Leaf) -> bool:
    axis = rough.axes[rough.fields[leaf.field]]
    return isinstance(axis, _Either) and axis.joint


def _entry(rough: Space, entry: Entry, asks: bool, known: int) -> Entry:
    """The entry with its boxes as they are here."""
    strange = asks or any(axis >= known for box in entry.boxes for axis, _ in box.sides)
    return evolve(entry, boxes=boxes_of(rough, min(entry.sources), entry.source)) if strange else entry
