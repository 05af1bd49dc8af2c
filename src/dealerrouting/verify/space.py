"""The space of leads as the constants of one or two plans cut it: its axes, and conditions as boxes in it.

May know: plans, their conditions, axes. May not know: who wins where, questions, findings.

Three values are kept apart without a third set: the region where a condition is true is put together from the regions
where its leaves are true or false, with every *not* moved down to the leaves. What cannot be cut into classes (a
function of the caller's own, a condition in too many parts) is an axis of its own with the classes true, false and
unknown: nothing is lost, and what depends on it is called inexact.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from itertools import chain
from typing import Any, TypeAlias

from attrs import define, field

from dealerrouting.model import Lead
from dealerrouting.rules.binding import Any_, Asked, Bound, Flip, Leaf, Opaque, leaves
from dealerrouting.rules.conditions import Test
from dealerrouting.rules.fields import ATTRIBUTE_TYPES
from dealerrouting.rules.fields import FIELDS as _KNOWN
from dealerrouting.rules.plan import Plan, Source
from dealerrouting.verify import axes as make
from dealerrouting.verify import ordered
from dealerrouting.verify.axes import ABSENT, Axis
from dealerrouting.verify.boxes import ALL, Box, meet, merged, sides_within
from dealerrouting.verify.place import Place, place
from dealerrouting.verify.spot import spots
from dealerrouting.verify.when import When, when

__all__ = ["MAX_BOXES", "NEAR", "WHEN", "Space", "near", "space"]

MAX_BOXES = 500
"""The most boxes that one condition is cut into."""
MAX_ITEMS = 8
"""The most items of one list of which every choice is told apart."""
WHEN = 0
"""The number of the axis of time."""

_IDENTITY = frozenset({"company", "company_number", "vat", "lei", "domain", "email"})
_MATCHED = frozenset({"registrations", "accounts", "incumbent"})


Spot: TypeAlias = tuple[int, Mapping[int, int | None]]
"""Where a lead lies: its class of places, and its class on each axis, None where that cannot be told."""


class TooMany(Exception):
    """A condition that would be cut into too many boxes."""


@define(eq=False)
class Space:
    """The axes for some plans, and the regions of their conditions."""

    plans: tuple[Plan, ...]
    place: Place
    axes: list[Axis]
    fields: Mapping[str, int]  # the axis of each field
    full: dict[int, int] = field(init=False)  # all classes of each axis
    _opaque: dict[tuple[Any, ...], int] = field(factory=dict)
    _asked: dict[int, tuple[int, Bound]] = field(factory=dict)
    _truths: dict[tuple[int, Leaf, bool], list[Box]] = field(factory=dict)

    @property
    def when(self) -> When:
        """The axis of time."""
        axis = self.axes[WHEN]
        assert isinstance(axis, When)  # the first axis, by construction
        return axis

    @full.default
    def _full(self) -> dict[int, int]:
        return {at: axis.full for at, axis in enumerate(self.axes)}

    def locate(self, lead: Lead, at: datetime) -> Spot:
        """Where a lead lies: its class of places, and its class on each axis, None where that cannot be told."""
        readings = [plan.lens.read(lead, at).facts for plan in self.plans]
        known = {n: self._on(n, readings, at) for n in range(len(self.axes))}
        return self.place.locate(readings[0]), known

    def _on(self, axis: int, readings: Sequence[Mapping[str, Any]], at: datetime) -> int | None:
        if axis == WHEN:
            return self.when.at(at)
        if axis in self._asked:
            plan, bound = self._asked[axis]
            answer = Asked(readings[plan]).holds(bound)
            return 2 if answer is None else 0 if answer else 1
        return self.axes[axis].locate(readings)

    def inside(self, box: Box, spot: Spot) -> bool:
        """Whether a lead that was located lies in the box."""
        here, known = spot
        if not any(first <= here <= last for first, last in box.place):
            return False
        return all((n := known[axis]) is not None and mask >> n & 1 for axis, mask in box.sides)

    def behind(self, axis: int) -> Bound | None:
        """The condition that an axis stands for which no sample can show; None for any other axis."""
        return self._asked[axis][1] if axis in self._asked else None

    def tried(self, fields: Iterable[str]) -> tuple[str, ...]:
        """Which of these fields were cut by trying, so that a class may have been missed."""
        found = {self.axes[self.fields[name]] for name in fields if name in self.fields}
        return tuple(sorted(axis.name for axis in found if not axis.exact))

    def boxes(self, plan: int, bound: Bound, name: str, *, yes: bool = True) -> tuple[Box, ...]:
        """Where a condition of that plan is true (or false); `name` says whose it is, should it be too large."""
        try:
            return tuple(self._boxes(plan, bound, yes))
        except TooMany:
            axis = self._opaque_axis((plan, name, repr(bound)), f"condition:{name}", bound)
            return (Box(sides=((axis, 0b001 if yes else 0b010),)),)

    def _boxes(self, plan: int, bound: Bound, yes: bool) -> list[Box]:
        match bound:
            case Leaf():
                return self._leaf(plan, bound, yes)
            case Flip(part):
                return self._boxes(plan, part, not yes)
            case Opaque(custom):
                axis = self._opaque_axis((plan, custom.name, custom.version), f"custom:{custom.name}", bound)
                return [Box(sides=((axis, 0b001 if yes else 0b010),))]
        parts = [self._boxes(plan, part, yes) for part in bound.parts]
        return self._either(parts) if isinstance(bound, Any_) is yes else self._both(parts)

    def _both(self, parts: Sequence[list[Box]]) -> list[Box]:
        found = [ALL]
        for part in sorted(parts, key=len):
            if len(found) == 1 and len(part) == 1:
                both = meet(found[0], part[0])
                found = [] if both is None else [both]
                continue
            found = self._fewer([both for a in found for b in part if (both := meet(a, b)) is not None])
        return found

    def _either(self, parts: Sequence[list[Box]]) -> list[Box]:
        return self._fewer([box for part in parts for box in part])

    def _fewer(self, boxes: list[Box]) -> list[Box]:
        if len(boxes) > MAX_BOXES * 20:
            raise TooMany
        found = merged(boxes, self.full) if len(boxes) > 1 else boxes
        if any(box.place is ALL.place and not box.sides for box in found):
            return [ALL]
        if 1 < len(found) <= _FEW:
            found = [a for at, a in enumerate(found) if not _redundant(a, at, found)]
        if len(found) > MAX_BOXES:
            raise TooMany
        return found

    def _leaf(self, plan: int, leaf: Leaf, yes: bool) -> list[Box]:
        if leaf.field == "postcode":  # hardly two are alike, and hashing long lists of codes takes longer
            return self._truth(plan, leaf, yes)
        key = (plan, leaf, yes)
        if key not in self._truths:
            self._truths[key] = self._truth(plan, leaf, yes)
        return self._truths[key]

    def _truth(self, plan: int, leaf: Leaf, yes: bool) -> list[Box]:
        if leaf.field in ("country", "postcode"):
            runs = self.place.true(leaf) if yes else self.place.false(leaf)
            return [ALL] if runs == self.place.everywhere else [Box(runs)] if runs else []
        at = self.fields.get(leaf.field)
        if at is None:  # a field of a company, where companies are recognised too: it cannot vary by itself
            at = self._opaque_axis((plan, leaf), f"where.{leaf.field}", leaf)
            return [Box(sides=((at, 0b001 if yes else 0b010),))]
        return self._side(at, self.axes[at].truth(plan, leaf)[0 if yes else 1])

    def _side(self, axis: int, mask: int) -> list[Box]:
        return [ALL] if mask == self.full[axis] else [Box(sides=((axis, mask),))] if mask else []

    def _opaque_axis(self, key: tuple[Any, ...], name: str, bound: Bound) -> int:
        """An axis with the classes true, false and unknown, that no sample can show."""
        if key not in self._opaque:
            self._opaque[key] = len(self.axes)
            self.axes.append(Axis(name, (ABSENT, ABSENT, ABSENT), exact=False))
            self.full[self._opaque[key]] = 0b111
            self._asked[self._opaque[key]] = key[0], bound
        return self._opaque[key]


_FEW = 64


def _redundant(a: Box, at: int, boxes: list[Box]) -> bool:
    """Whether another of the boxes holds all of this one; of two equal ones the second is."""
    return any(at != n and _within(a, b) and (a != b or n < at) for n, b in enumerate(boxes))


def _within(a: Box, b: Box) -> bool:
    return (b.place is ALL.place or a.place == b.place) and sides_within(a.sides, b.sides)


# ---------------------------------------------------------------------------------------- making one


def space(
    plans: Sequence[Plan],
    *,
    also: Iterable[Leaf] = (),
    since: datetime | None = None,
    sources: Sequence[Iterable[Source]] | None = None,
) -> Space:
    """The space that the constants of the plans cut, and those of further leaves (of the first plan).

    `sources` by plan, where it is known which of them several plans share.
    """
    told = sources if sources is not None else [chain.from_iterable(plan.sources.values()) for plan in plans]
    asked = [_asked(plan, told[at], also if at == 0 else ()) for at, plan in enumerate(plans)]
    by_field: dict[str, list[list[Leaf]]] = {}
    for at, mine in enumerate(asked):
        for leaf in mine:
            by_field.setdefault(leaf.field, [[] for _ in plans])[at].append(leaf)
    return _Maker(tuple(plans), by_field, since).space()


_HALF = Decimal("0.5")

NEAR = Leaf("location", "exists", None, Test("location", "exists"))
"""Where the rung `nearest` may have somebody: for leads that say where they are."""


def near(plan: Plan) -> tuple[str, ...]:
    """The dealers among whom the rung `nearest` chooses."""
    return tuple(dealer.id for dealer in plan.dealers if dealer.kind == "dealer" and dealer.point is not None)


def _asked(plan: Plan, sources: Iterable[Source], also: Iterable[Leaf]) -> list[Leaf]:
    """Every leaf of the conditions of a plan's sources; those about postcodes may come several times."""
    found: dict[Leaf, None] = {}
    codes: list[Leaf] = []
    found.update(dict.fromkeys(also))
    for source in sources:
        for leaf in leaves(source.condition):
            if not isinstance(leaf, Leaf):
                continue
            if leaf.field == "postcode":
                codes.append(leaf)
            else:
                found.setdefault(leaf)
    if plan.rung("nearest") is not None:
        found.setdefault(NEAR)
    return [*found, *codes]


@define
class _Maker:
    """A space being made."""

    plans: tuple[Plan, ...]
    asked: dict[str, list[list[Leaf]]]
    since: datetime | None
    axes: list[Axis] = field(factory=list)
    fields: dict[str, int] = field(factory=dict)
    served: dict[str, set[str]] = field(factory=dict)

    def space(self) -> Space:
        self._when()
        self._serves()
        here = place(leaf for name in ("country", "postcode") for leaf in self._all(name))
        self._joint(("location", "lat", "lon"), lambda leaves: spots(self.plans, leaves))
        if self._all("value") and (self._all("currency") or len({plan.currency for plan in self.plans}) > 1):
            self._joint(("value", "currency"), self._money)
        companies = any(rung.kind in _MATCHED for plan in self.plans for rung in plan.precedence)
        done = {*self.fields, "country", "postcode", "location", "lat", "lon", *(_IDENTITY if companies else ())}
        for name in sorted(set(self.asked) - done):
            self._add((name,), self._axis(name))
        return Space(self.plans, here, self.axes, self.fields)

    def _all(self, name: str) -> list[Leaf]:
        return [leaf for mine in self.asked.get(name, ()) for leaf in mine]

    def _add(self, names: Iterable[str], axis: Axis) -> None:
        for name in names:
            self.fields[name] = len(self.axes)
        self.axes.append(axis)

    def _joint(self, names: tuple[str, ...], axis: Any) -> None:
        """Fields that mean something together only, on one axis."""
        leaves = [[leaf for name in names for leaf in self._of(name, at)] for at in range(len(self.plans))]
        if any(leaves):
            self._add(names, axis(leaves))

    def _of(self, name: str, plan: int) -> list[Leaf]:
        return self.asked[name][plan] if name in self.asked else []

    def _when(self) -> None:
        zones = [plan.lens.zone for plan in self.plans]
        fields = ("month", "weekday", "date")
        leaves = [[leaf for name in fields for leaf in self._of(name, at)] for at in range(len(self.plans))]
        self._add(fields, when(zones, (b for plan in self.plans for b in _bounds(plan)), leaves, self.since))

    def _serves(self) -> None:
        """What dealers serve cuts languages and products too."""
        self.served = {
            "language": {word for plan in self.plans for dealer in plan.dealers for word in dealer.serves_languages},
            "product": {word for plan in self.plans for dealer in plan.dealers for word in dealer.serves_products},
        }
        for name, words in self.served.items():
            if words:
                self.asked.setdefault(name, [[] for _ in self.plans])

    def _axis(self, name: str) -> Axis:
        leaves, kind, own = self._all(name), self._kind(name), name not in _KNOWN
        if kind is None:
            return self._by_trying(name)
        constants = list(_constants(leaves))
        match kind:
            case "sector" if len({plan.taxonomy for plan in self.plans}) == 1:
                return make.sectors(self.plans[0])
            case "number":
                return ordered.numbers(name, constants, own=own, whole=self._whole(name))
            case "date":
                return ordered.days(name, constants, own=own)
            case "instant":
                return ordered.moments(name, constants)
            case "bool":
                samples = [ABSENT, {f"x_{name}": True}, {f"x_{name}": False}]
                return make.sampled(name, self.plans, samples, self.asked[name], exact=True)
            case "list":
                items = {leaf.const for leaf in leaves if leaf.op == "has"}
                return make.sampled(
                    name,
                    self.plans,
                    make.listed(name, items, MAX_ITEMS),
                    self.asked[name],
                    exact=len(items) <= MAX_ITEMS,
                )
            case "text" | "language":
                prefixes = {leaf.const for leaf in leaves if leaf.op == "startswith"}
                words = {word for leaf in leaves if leaf.op in ("eq", "ne", "in") for word in _constants([leaf])}
                return make.texts(name, words | self.served.get(name, set()), prefixes, own=own)
        return self._by_trying(name)

    def _kind(self, name: str) -> str | None:
        """The kind of a field; None where the plans do not agree about it."""
        kinds = {_KNOWN.get(name) or ATTRIBUTE_TYPES.get(plan.attributes.get(name, ""), "") for plan in self.plans}
        kinds.discard("")
        types = {plan.attributes[name] for plan in self.plans if name in plan.attributes}
        return kinds.pop() if len(kinds) == 1 and len(types) <= 1 and self._declared(name) else None

    def _declared(self, name: str) -> bool:
        return name in _KNOWN or all(name in plan.attributes for plan in self.plans)

    def _whole(self, name: str) -> bool:
        return name == "employees" or any(plan.attributes.get(name) == "int" for plan in self.plans)

    def _by_trying(self, name: str) -> Axis:
        """Fields that two plans read differently: every constant, and what lies around it."""
        own = name not in _KNOWN
        values: list[Any] = []
        for constant in _constants(self._all(name)):
            values += [constant, *_around(constant)]
        if name == "sector":
            values += [plan.taxonomy.display(code) for plan in self.plans for code in plan.taxonomy.codes()]
        if own:
            values += _OF_EVERY_TYPE
        samples = [ABSENT, *(make.sample_of(name, value, own) for value in values)]
        return make.sampled(name, self.plans, samples, self.asked[name], exact=False)

    def _money(self, leaves: list[list[Leaf]]) -> Axis:
        amounts = ordered.numbers("value", _constants(self._all("value")), own=False, whole=False)
        named = {*_constants(self._all("currency")), *(plan.currency for plan in self.plans if plan.currency)}
        prefixes = {leaf.const for leaf in self._all("currency") if leaf.op == "startswith"}
        coins = make.texts("currency", {c for c in named if isinstance(c, str)}, prefixes, own=False)
        samples = [{**a, **c} for a in amounts.samples for c in coins.samples]
        return make.sampled("value", self.plans, samples, leaves, exact=coins.exact)


_OF_EVERY_TYPE: tuple[Any, ...] = (1, Decimal("1.5"), True, False, "other", "2027-01-04", ["other"])
"""What one type of attribute can read and another cannot."""


def _constants(leaves: Iterable[Leaf]) -> Iterator[Any]:
    for leaf in leaves:
        if leaf.op == "exists":
            continue
        many = leaf.op == "in" or (leaf.op == "between" and isinstance(leaf.const, tuple))
        yield from leaf.const if many else (leaf.const,)


def _around(constant: Any) -> Iterator[Any]:
    if isinstance(constant, str):
        yield from (constant + "x", "other")
    elif not isinstance(constant, bool) and hasattr(constant, "__add__") and not hasattr(constant, "year"):
        yield from (constant + 1, constant - 1, constant + _HALF if isinstance(constant, (int, Decimal)) else constant)
    else:
        yield from (True, False)


def _bounds(plan: Plan) -> Iterator[datetime]:
    """Every instant at which something of the plan begins or ends."""
    for sources in plan.sources.values():
        for source in sources:
            yield from (bound for bound in (source.valid_from, source.valid_until) if bound is not None)
    for account in plan.accounts:
        yield from (bound for bound in (account.valid_from, account.valid_until) if bound is not None)
    for dealer in plan.dealers:
        yield from (bound for bound in (dealer.active_from, dealer.active_until) if bound is not None)
        for pause in dealer.paused:
            yield from pause
