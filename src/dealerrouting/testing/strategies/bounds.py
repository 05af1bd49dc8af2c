"""The boundaries of a plan: what lies inside of each of its boxes, and what lies one step outside of each side.

May know: boxes, the values beside a constant, how a lead is read. May not know: Hypothesis, how often what is drawn.

A *side* is what leads may say of one coordinate of a box. Sides are made when they are first asked for, and shared by
the boxes that ask the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from functools import cached_property
from itertools import chain
from typing import Any

from attrs import define, field, frozen

from dealerrouting.model import Company, Lead, in_force
from dealerrouting.rules import Plan
from dealerrouting.rules.binding import Leaf
from dealerrouting.rules.fields import ATTRIBUTE_TYPES, FIELDS
from dealerrouting.testing.strategies.boxes import NO_SPAN, Answer, Box, Limit, Literal, Span, boxes_of
from dealerrouting.testing.strategies.values import Said, beside, edges

__all__ = ["Bounds", "Side", "as_lead", "bounds_of", "kinds_of"]

_MOST_PLANS = 16
_MOST_EXTRAS = 64


@frozen
class Side:
    """What a lead may say of one coordinate to lie inside, what lies beside it, and what does not tell."""

    inside: tuple[Said, ...]
    outside: tuple[Said, ...]
    vague: tuple[Said, ...]


def as_lead(said: Said, id: object = "L1", company: Company | None = None) -> Lead:
    """The lead that says this; a company's own fields are put beside those of `company`."""
    given = {name: value for name, value in said.items() if "." not in name and not name.startswith("x_")}
    own = {name[2:]: value for name, value in said.items() if name.startswith("x_")}
    of_company = {name.partition(".")[2]: value for name, value in said.items() if name.startswith("company.")}
    if of_company:
        base = company or Company()
        known = {name: getattr(base, name) for name in _COMPANY_FIELDS}
        company = Company(**{**known, **of_company})
    known_as = given.pop("id", id)
    return Lead(known_as, company, **given, attributes=own)


_COMPANY_FIELDS = ("name", "number", "vat", "lei", "domain", "country", "postcode", "city")


@define(eq=False, slots=False)
class Bounds:
    """All boundaries of one plan."""

    plan: Plan
    boxes: tuple[Box, ...]
    kinds: Mapping[str, str]
    _sides: dict[Limit, Side] = field(factory=dict, init=False)
    _read: dict[str, Mapping[str, Any]] = field(factory=dict, init=False)

    def side(self, box: Box, name: str) -> Side:
        """The side of a box in one coordinate."""
        limit = box.limit(name)
        if limit not in self._sides:
            found: dict[Answer, list[Said]] = {True: [], False: [], None: []}
            for said in self._candidates(*limit):
                found[self.answer(said, limit)].append(said)
            self._sides[limit] = Side(*(tuple(found[answer]) for answer in (True, False, None)))
        return self._sides[limit]

    def _candidates(self, literals: frozenset[Literal], span: Span) -> Iterable[Said]:
        """What may be said, each once; postcodes first, since they say the country too."""
        ordered = sorted((leaf for leaf, _ in literals), key=lambda leaf: (leaf.field != "postcode", *_written(leaf)))
        found = (beside(leaf.field, leaf.const, self.kinds[leaf.field], self.plan.lens) for leaf in ordered)
        times = edges("received_at", [edge for edge in span if edge], self.plan.lens)
        every = chain(chain.from_iterable(found), ({"received_at": one} for one in times))
        return {repr(said): said for said in every}.values()

    def answer(self, said: Said, limit: Limit) -> Answer:
        """Whether what is said meets the questions of one coordinate; None where it does not tell."""
        literals, span = limit
        facts = self._facts(said)
        answers: set[Answer] = set()
        for leaf, wanted in literals:
            told = leaf.truth(facts, lambda _: None)
            answers.add(None if told is None else told is wanted)
        if span != NO_SPAN:
            answers.add(None if "received_at" not in facts else in_force(*span, facts["received_at"]))
        return False if False in answers else None if None in answers else True

    def _facts(self, said: Said) -> Mapping[str, Any]:
        """What the plan reads of it, at the instant at which the lead is received."""
        known = repr(said)
        if known not in self._read:
            lead = as_lead(said)
            self._read[known] = self.plan.lens.read(lead, lead.received_at).facts
        return self._read[known]

    def sharing(self, box: Box, name: str) -> tuple[Box, ...]:
        """The boxes that limit this coordinate in the same way, itself among them."""
        return self._sharing.get((name, box.limit(name)), (box,))

    @cached_property
    def _sharing(self) -> Mapping[tuple[str, Limit], tuple[Box, ...]]:
        found: dict[tuple[str, Limit], list[Box]] = {}
        for box in self.boxes:
            for name in box.coordinates:
                found.setdefault((name, box.limit(name)), []).append(box)
        return {key: tuple(boxes) for key, boxes in found.items()}

    @cached_property
    def apart(self) -> Mapping[str, tuple[Box, ...]]:
        """For each coordinate, one box of each way to limit it."""
        found: dict[str, dict[Limit, Box]] = {}
        for box in self.boxes:
            for name in box.coordinates:
                found.setdefault(name, {}).setdefault(box.limit(name), box)
        return {name: tuple(boxes.values()) for name, boxes in found.items()}

    @cached_property
    def extras(self) -> tuple[Said, ...]:
        """What leads may say besides: values of every field that the plan asks about, and of its attributes."""
        plain: list[Said] = [{"product": "other"}, {"language": "nl"}, {"employees": 10}, {"city": "Elders"}]
        own = [{f"x_{name}": one} for name, kind in self.plan.attributes.items() for one in _EXAMPLES[kind]]
        other = (name for name in sorted(self.apart) if name not in ("place", "sector", "time"))
        sides = (self.side(box, name) for name in other for box in self.apart[name][:_MOST_EXTRAS])
        return (*plain, *own, *(said for side in sides for said in (*side.inside, *side.outside, *side.vague)))

    @cached_property
    def instants(self) -> tuple[datetime, ...]:
        """Every instant at which the plan changes what it says, one microsecond before and after it."""
        asked = {leaf for box in self.boxes for name, literals in box.limits if name == "time" for leaf, _ in literals}
        said = (
            beside(leaf.field, leaf.const, self.kinds[leaf.field], self.plan.lens)
            for leaf in sorted(asked, key=_written)
        )
        spans = chain.from_iterable(_spans(self.plan))
        valid = edges("received_at", sorted({edge for edge in spans if edge}), self.plan.lens)
        return tuple(dict.fromkeys((*valid, *(one["received_at"] for one in chain.from_iterable(said)))))


_EXAMPLES: Mapping[str, tuple[Any, ...]] = {
    "str": ("alpha", "beta"),
    "int": (0, 1, -1),
    "number": (0, "0.5", -1),
    "bool": (True, False),
    "date": ("2027-01-01", "2026-12-31"),
    "list": (("alpha",), ("alpha", "beta")),
}


def _written(leaf: Leaf) -> tuple[str, str, str]:
    """An order that does not change from process to process."""
    return leaf.field, leaf.op, repr(leaf.test.value)


def _spans(plan: Plan) -> Iterator[Span]:
    yield from ((one.valid_from, one.valid_until) for one in plan.territories)
    yield from ((one.valid_from, one.valid_until) for one in plan.accounts)
    yield from ((one.valid_from, one.valid_until) for rung in plan.precedence for one in rung.rules)
    for dealer in plan.dealers:
        yield from ((dealer.active_from, dealer.active_until), *dealer.paused)


_KNOWN: dict[str, Bounds] = {}


def bounds_of(plan: Plan) -> Bounds:
    """The boundaries of a plan; those of the last few plans are kept."""
    if plan.digest not in _KNOWN:
        while len(_KNOWN) >= _MOST_PLANS:
            del _KNOWN[next(iter(_KNOWN))]
        _KNOWN[plan.digest] = Bounds(plan, tuple(boxes_of(plan)), kinds_of(plan))
    return _KNOWN[plan.digest]


def kinds_of(plan: Plan) -> Mapping[str, str]:
    """The kind of every field that the plan's conditions may ask about."""
    return {**FIELDS, **{name: ATTRIBUTE_TYPES[kind] for name, kind in plan.attributes.items()}}
