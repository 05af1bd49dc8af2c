"""The boxes of a plan: the ways to meet each of its sources, by what they limit.

May know: plans, their bound conditions. May not know: Hypothesis, values, who gets a lead.

A source (a rule, a part of a territory, an account, a dealer's service and circle) is a few *boxes*; a box asks some
questions in each *coordinate* that it limits: the place, the sector, the time...
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import chain, islice, product

from attrs import frozen

from dealerrouting.model import Company
from dealerrouting.rules import Plan
from dealerrouting.rules.binding import All, Any_, Bound, Flip, Leaf, leaves
from dealerrouting.rules.conditions import Test
from dealerrouting.rules.fields import Around
from dealerrouting.testing.strategies.values import coordinate

__all__ = ["NO_SPAN", "Answer", "Box", "Limit", "Literal", "Span", "boxes_of"]

_MOST_BOXES = 64
Answer = bool | None
Literal = tuple[Leaf, bool]
Span = tuple[datetime | None, datetime | None]
Limit = tuple[frozenset[Literal], Span]
"""What a box asks in one coordinate."""
NO_SPAN: Span = (None, None)


@frozen
class Box:
    """One way to meet a source: for each coordinate that it limits, the questions and how they must be answered.

    `whole`: whoever meets the box meets the source.
    """

    source: str
    limits: tuple[tuple[str, frozenset[Literal]], ...]
    span: Span = NO_SPAN
    company: Company | None = None
    whole: bool = False

    @property
    def coordinates(self) -> tuple[str, ...]:
        """The coordinates that it limits."""
        names = tuple(name for name, _ in self.limits)
        return names if "time" in names or self.span == NO_SPAN else (*names, "time")

    def limit(self, name: str) -> Limit:
        """The questions that it asks in one coordinate; for `time`, its validity too."""
        return dict(self.limits).get(name, frozenset()), self.span if name == "time" else NO_SPAN


# From a condition to boxes


def _terms(bound: Bound, wanted: bool) -> Iterator[tuple[Literal, ...]]:
    """The ways in which a condition gets this answer, each as the answers of its leaves."""
    match bound:
        case Leaf():
            yield ((bound, wanted),)
        case Flip(part):
            yield from _terms(part, not wanted)
        case All(parts) | Any_(parts) if isinstance(bound, All) is wanted:
            ways = [list(islice(_terms(part, wanted), _MOST_BOXES)) for part in parts]
            yield from (tuple(chain.from_iterable(way)) for way in product(*ways))
        case All(parts) | Any_(parts):
            for part in parts:
                yield from _terms(part, wanted)
        case _:
            yield ()


def _boxes(source: str, bound: Bound, span: Span) -> Iterator[Box]:
    """Some boxes of one source, and one more for every question that none of them asks."""
    found = dict.fromkeys(islice(_terms(bound, True), _MOST_BOXES), True)
    asked = {leaf for term in found for leaf, _ in term}
    for leaf in leaves(bound):
        if isinstance(leaf, Leaf) and leaf not in asked:
            found.setdefault(((leaf, True),), False)
    yield from (Box(source, _limits(term), span, whole=whole) for term, whole in found.items())


def _limits(term: Iterable[Literal]) -> tuple[tuple[str, frozenset[Literal]], ...]:
    found: dict[str, set[Literal]] = {}
    for leaf, wanted in term:
        found.setdefault(coordinate(leaf.field), set()).add((leaf, wanted))
    return tuple((name, frozenset(found[name])) for name in sorted(found))


# From a plan to boxes


def _service(plan: Plan) -> Iterator[Box]:
    """Where dealers' own limits lie: languages, products, and the circle of the rung `nearest`."""
    rung = plan.rung("nearest")
    for dealer in plan.dealers:
        leafs = [
            Leaf(name, "in", frozenset(words), Test(name, "in", words))
            for name, words in (("language", dealer.serves_languages), ("product", dealer.serves_products))
            if words
        ]
        if rung is not None and dealer.point and dealer.kind == "dealer":
            circle = Around(*dealer.point, 0 if rung.within_metres is None else rung.within_metres)
            leafs.append(Leaf("location", "within_km", circle, Test("location", "within_km", dealer.point)))
        if leafs:
            yield Box(dealer.id, _limits((leaf, True) for leaf in leafs), (dealer.active_from, dealer.active_until))


def boxes_of(plan: Plan) -> Iterator[Box]:
    """Every box of a plan; the first one limits nothing."""
    yield Box("", ())
    for rung in plan.precedence:
        for source in plan.sources[rung.name]:
            yield from _boxes(source.id, source.condition, (source.valid_from, source.valid_until))
    for account in plan.accounts:
        yield Box(account.id, (), (account.valid_from, account.valid_until), account.company)
    yield from _service(plan)
