"""The sources of two plans beside each other: what they share, and what can meet something that they do not.

May know: plans, sources, spaces, places. May not know: cells, outcomes, what is asked.

Between two versions of a large plan hardly anything differs. A source that shares no place with any that differs can
be left out when the two are compared: no lead knows both.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from decimal import Decimal
from typing import Any

from attrs import define

from dealerrouting.mapping import FrozenMap
from dealerrouting.rules.binding import All, Bound, Leaf
from dealerrouting.rules.plan import Plan, Source
from dealerrouting.verify.boxes import ALL, Box, meet, merged
from dealerrouting.verify.place import EVERYWHERE, Runs, union
from dealerrouting.verify.space import NEAR, WHEN, Space, near

__all__ = ["Shared", "beside", "boxes_of", "shared"]


@define(eq=False)
class Shared:
    """A source on a rung, and the same in every plan that has it."""

    rung: str
    content: tuple[Any, ...]
    sources: dict[int, Source]  # by plan

    @property
    def first(self) -> int:
        """The first plan that has it."""
        return min(self.sources)

    @property
    def source(self) -> Source:
        """As that plan has it."""
        return self.sources[self.first]


def shared(plans: Sequence[Plan], more: Callable[[int, Source], Any] | None = None) -> list[Shared]:
    """The sources of the rungs that give, found again by rung and id, and compared by what they say.

    `more` is what else makes a source of a plan what it is, where the same words do not mean the same.
    """
    alone, in_order = len(plans) == 1, _same_order(plans)
    known: dict[tuple[str, str], list[Shared]] = {}
    for at, plan in enumerate(plans):
        for rung in plan.precedence:
            for source in _sources(plan, rung.kind, rung.name):
                content = () if alone else _content(rung.name, source, in_order)
                if more is not None:
                    content = (*content, more(at, source))
                same = known.setdefault((rung.name, source.id), [])
                twin = None if alone else next((one for one in same if one.content == content), None)
                if twin is None:
                    same.append(Shared(rung.name, content, {at: source}))
                else:
                    twin.sources[at] = source
    return [one for same in known.values() for one in same]


def _sources(plan: Plan, kind: str, name: str) -> Iterable[Source]:
    if kind != "nearest":
        return plan.sources[name]
    dealers = near(plan)
    return [Source("nearest", NEAR, FrozenMap(dict.fromkeys(dealers, Decimal(1))))] if dealers else []


def _content(rung: str, source: Source, in_order: bool) -> tuple[Any, ...]:
    """What makes two sources the same: all but the order among rules, where that is the same anyway."""
    return (
        rung,
        source.id,
        source.condition,
        source.dealers,
        source.priority,
        0 if in_order else source.order,
        source.ledger,
        source.exclusive,
        source.valid_from,
        source.valid_until,
    )


def _same_order(plans: Sequence[Plan]) -> bool:
    """Whether the rules that the plans have in common stand in one order."""
    known = [[source.id for rung in plan.precedence for source in plan.sources[rung.name]] for plan in plans]
    both = set(known[0]).intersection(*known)
    orders = [[name for name in mine if name in both] for mine in known]
    return all(order == orders[0] for order in orders)


def boxes_of(here: Space, plan: int, source: Source) -> tuple[Box, ...]:
    """Where a source of that plan is true and in force."""
    mask = here.when.valid(source.valid_from, source.valid_until)
    if not mask:
        return ()
    valid = ALL if mask == here.when.full else Box(sides=((WHEN, mask),))
    found = [both for box in here.boxes(plan, source.condition, source.id) if (both := meet(box, valid)) is not None]
    return tuple(found if len(found) < 2 else merged(found, here.full))


# ------------------------------------------------------------------------------------ beside what differs


def beside(here: Space, found: Sequence[Shared], moved: Collection[str]) -> list[Shared]:
    """The sources that only one plan has or whose dealers have `moved`, and all that share a place with one of them."""
    alone = [one for one in found if len(one.sources) < len(here.plans) or not _stay(one, moved)]
    boxes = [box for one in alone for box in boxes_of(here, one.first, one.source)]
    if any(box.place is EVERYWHERE for box in boxes):
        return list(found)
    places = union(run for box in boxes for run in box.place)
    kept = set(map(id, alone))
    return [one for one in found if id(one) in kept or _touches(here, one.source.condition, places)]


def _stay(one: Shared, moved: Collection[str]) -> bool:
    return not any(name in moved for name in one.source.dealers)


def _touches(here: Space, condition: Bound, places: Runs) -> bool:
    """Whether a condition may be true in some places; yes, too, where that is not plain from its parts."""
    return all(here.place.meets(leaf, places) for leaf in _located(condition))


def _located(condition: Bound) -> Iterator[Leaf]:
    """What a condition asks of place whatever else it asks."""
    for part in condition.parts if isinstance(condition, All) else (condition,):
        if isinstance(part, Leaf) and part.field in ("country", "postcode"):
            yield part
