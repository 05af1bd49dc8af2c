"""Where a gap may have been missed, because what decides it could only be tried.

May know: contests, spaces, axes, findings. May not know: which gaps were found, who wins among several.

A gap that hangs on a circle or on a long list is found only where one of the choices tried lies in it. Here such an
attribute has two classes: the lead leaves it out, or says it. Of a lead that says it, a condition on it is held once
for what it may be, once for what it is in any case. What somebody may serve and nobody serves in any case is not known.
The rung `nearest` serves nobody in any case. Where a lead that does not say where it is has nobody either, that gap is
told, but for what is near; so it hides one only where such a lead is served.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from attrs import evolve, field, frozen

from dealerrouting.mapping import FrozenMap
from dealerrouting.rules.binding import Bound, Leaf, leaves
from dealerrouting.verify.axes import ABSENT, Axis, Truth
from dealerrouting.verify.boxes import Box, meet, sides_meet
from dealerrouting.verify.contest import Contest, Entry
from dealerrouting.verify.drawing import plain, regions
from dealerrouting.verify.finding import Finding
from dealerrouting.verify.place import overlap
from dealerrouting.verify.sharing import boxes_of
from dealerrouting.verify.space import Space

__all__ = ["Doubt", "doubt", "untold"]

_SAID = 0b10


@frozen(eq=False)
class _Said(Axis):
    """An attribute that is left out, or said; then a condition on it may be true and may be false, or is neither."""

    real: Axis = Axis("", ())
    joint: bool = False  # several of its fields are asked for, so that a lead may say one and leave out another
    sure: bool = True

    def truth(self, plan: int, leaf: Leaf) -> Truth:
        """Where it is left out, as it is; where it is said, what is so in any case, or all that may be."""
        yes, no = self.real.truth(plan, leaf)
        if leaf.op == "exists" and not self.joint:
            return yes & 1 | _SAID, no & 1
        more = 0 if self.sure else _SAID
        return yes & 1 | more, no & 1 | more


@frozen(eq=False)
class Doubt:
    """A contest of what serves in any case, and by what could only be tried, where it may be otherwise."""

    asked: Contest
    boxes: Sequence[tuple[str, Box]] = field(factory=tuple)

    def within(self, where: Iterable[Box]) -> Doubt:
        """The same of these leads only."""
        found = ((name, meet(one, box)) for one in where for name, box in self.boxes)
        return evolve(self, boxes=tuple((name, box) for name, box in found if box is not None))


def doubt(asked: Contest, among: Bound | None = None) -> Doubt | None:
    """What is not certain about who serves, of all leads or of those `among`; None where nothing was tried."""
    here = asked.space
    tried = _tried(here)
    if not tried and not any(entry.rung == "nearest" for entry in asked.entries):
        return None
    asks = {entry.number: _asks(here, entry.source.condition, tried) for entry in asked.entries}
    wanted = set() if among is None else _asks(here, among, tried)
    known = max(here.fields.values()) + 1  # what comes then is asked anew
    axes = _axes(here, tried, _fields(asked, among), known)
    sure = Space(here.plans, here.place, axes, here.fields)
    entries = tuple(_entry(sure, entry, asks[entry.number], known) for entry in asked.entries)
    loose = evolve(sure, axes=[evolve(a, sure=False) if isinstance(a, _Said) else a for a in sure.axes], truths={})
    where = [Box(here.place.named)] if among is None else list(loose.boxes(0, among, "among"))
    may = [(at, box) for entry in asked.entries if asks[entry.number] for at, box in _may(asked, loose, entry, asks)]
    may += [(at, Box()) for at in wanted]
    said = ((axes[at].name, meet(box, Box(sides=((at, _SAID),)))) for at, box in may)
    certain = Contest(loose, entries, asked.ladders, asked.standings, asked.budget)
    boxes = [*said, *(("nearest", box) for box in _near(asked, certain, among))]
    return Doubt(certain, tuple((name, box) for name, box in boxes if box is not None)).within(where)


def _tried(here: Space) -> set[int]:
    """The axes that were cut by trying, of those that a lead can leave out."""
    found = ((at, here.axes[at]) for at in set(here.fields.values()))
    return {at for at, axis in found if not axis.exact and axis.samples and not axis.samples[0]}


def _asks(here: Space, condition: Bound, tried: set[int]) -> set[int]:
    """What of it a condition asks for."""
    if not tried:
        return set()
    found = (leaf for leaf in leaves(condition) if isinstance(leaf, Leaf))
    return {here.fields[leaf.field] for leaf in found if here.fields.get(leaf.field) in tried}


def _fields(asked: Contest, among: Bound | None) -> set[str]:
    conditions = [entry.source.condition for entry in asked.entries] + ([] if among is None else [among])
    return {leaf.field for one in conditions for leaf in leaves(one) if isinstance(leaf, Leaf)}


def _axes(here: Space, tried: set[int], asked: set[str], known: int) -> list[Axis]:
    axes = list(here.axes[:known])
    for at in tried:  # an axis of several fields may be asked for one of them only
        real, several = axes[at], sum(here.fields.get(name) == at for name in asked) > 1
        axes[at] = _Said(real.name, (ABSENT, {real.name: "said"}), False, real, several)
    return axes


def _entry(sure: Space, entry: Entry, asks: set[int], known: int) -> Entry:
    """The entry where it is true, and serves, in any case."""
    if entry.rung == "nearest":
        return evolve(entry, boxes=())
    strange = asks or any(axis >= known for box in entry.boxes for axis, _ in box.sides)
    return evolve(entry, boxes=boxes_of(sure, min(entry.sources), entry.source)) if strange else entry


def _may(asked: Contest, loose: Space, entry: Entry, asks: dict[int, set[int]]) -> Iterator[tuple[int, Box]]:
    """Where somebody may serve by this entry, by what it asks for that was tried."""
    wide = evolve(entry, boxes=boxes_of(loose, min(entry.sources), entry.source))
    if entry.rung != "nearest":
        yield from ((at, box) for box in asked.served(wide) for at in sorted(asks[entry.number]))


def _near(asked: Contest, certain: Contest, among: Bound | None) -> Iterator[Box | None]:
    """Where somebody may be near, and a lead that does not say where it is has somebody, or is not asked about."""
    if not any(box for entry in asked.entries if entry.rung == "nearest" for box in entry.boxes):
        return
    at = asked.space.fields["location"]
    said = Box(sides=((at, certain.space.full[at] & ~1),))
    if among is not None and _asks(asked.space, among, {at}):
        yield said
        return
    placed = (e for e in certain.entries if any(axis == at for box in e.boxes for axis, _ in box.sides))
    for box in (box for entry in placed for box in certain.served(entry)):
        if dict(box.sides).get(at, 0) & 1:
            yield meet(Box(box.place, tuple(side for side in box.sides if side[0] != at)), said)


def untold(question: str, asked: Doubt, found: Iterable[Box]) -> Iterator[Finding]:
    """What may be missing among the answers to a question, as one note, if anything is left in doubt.

    Of what was tried nothing more than the name can be told.
    """
    left = list(found)
    names = {name for name, box in asked.boxes if any(_meet(box, one) for one in left)}
    space = asked.asked.space
    hidden = {at for at, axis in enumerate(space.axes) if isinstance(axis, _Said)}
    hidden |= {space.fields["location"]} if "nearest" in names else set()
    places = dict.fromkeys(Box(one.place, tuple(side for side in one.sides if side[0] not in hidden)) for one in left)
    if left:
        where = regions(space, plain(places))
        values = FrozenMap({"question": question})
        opaque = tuple(sorted(names))
        yield Finding("unknown-region", (question,), "note", where, values=values, exact=False, opaque=opaque)


def _meet(a: Box, b: Box) -> bool:
    return bool(overlap(a.place, b.place)) and sides_meet(a.sides, b.sides) is not None
