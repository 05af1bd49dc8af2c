"""Other leads and facts to try, where the plainest lead of a cell does not show what was found there.

May know: plans, outcomes, spaces, leads, facts. May not know: what is to be shown.

Which dealer of a pool a ledger, a load, a distance or a hash chooses is nothing that a cell holds: the facts, or the
lead, are made so that it is the one who is wanted. And where a plan recognises companies, what a company is called is
on no axis that has samples: the words are tried that the conditions name.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import combinations, islice, product
from math import atan2, cos, degrees, hypot, radians, sin
from typing import Any, TypeAlias

from attrs import frozen

from dealerrouting.geo import distance_m
from dealerrouting.model import MILLION, Company, Count, Facts, Lead
from dealerrouting.rules.binding import Bound, Leaf, leaves
from dealerrouting.rules.plan import Plan
from dealerrouting.verify.axes import lead_of, texts
from dealerrouting.verify.boxes import Sides
from dealerrouting.verify.outcome import Outcome, Scenario
from dealerrouting.verify.space import Space
from dealerrouting.verify.witness import PROSPECT, but_for, facts_of

__all__ = ["Turn", "callers", "may_tie"]

Point: TypeAlias = tuple[float, float]
_IDS = 300
_WORDS = 6
_CALLERS = 40
_TOTAL = ("rotation", "hashed")
_BY_NUMBER = Company("Prospect", number="24000001", country="NL")


def may_tie(outcome: Outcome) -> bool:
    """Whether the picks that are left may leave several dealers, who then quarrel."""
    return len(outcome.pool) > 1 and bool(outcome.left) and outcome.left[-1] not in _TOTAL


# ------------------------------------------------------------------------------------------- the company


def callers(here: Space, sides: Sides, scenario: Scenario, asked: Iterable[Bound] = ()) -> Iterator[Mapping[str, Any]]:
    """Who may ask, as fields of a lead: as usual, then with each word that conditions on companies name."""
    yield {}
    named = [*asked, *(bound for axis, _ in sides if (bound := here.behind(axis)) is not None)]
    words = dict(_words(here, [leaf for bound in named for leaf in leaves(bound) if isinstance(leaf, Leaf)]))
    if words:
        found = product(_usual(scenario), product(*words.values()))
        yield from (_called(usual, said) for usual, said in islice(found, _CALLERS))


def _words(here: Space, asked: Sequence[Leaf]) -> Iterator[tuple[str, Sequence[Mapping[str, Any]]]]:
    """By field of a company that is on no axis: what a lead may say there."""
    for name in sorted({leaf.field for leaf in asked} - {*here.fields, "country", "postcode"}):
        mine = [leaf for leaf in asked if leaf.field == name]
        starts = [leaf.const for leaf in mine if leaf.op == "startswith"]
        known = [word for leaf in mine if leaf.op in ("eq", "ne", "in") for word in _constants(leaf)]
        known += [f"{start}.example" for start in starts] if name == "domain" else []
        first = list(dict.fromkeys(known))[:_WORDS]
        yield name, texts(name, first, starts[:_WORDS], own=False).samples


def _constants(leaf: Leaf) -> Iterable[Any]:
    return sorted(leaf.const) if leaf.op == "in" else (leaf.const,)


def _usual(scenario: Scenario) -> tuple[Company, ...]:
    if scenario.kind == "none":
        return (Company(),)
    return (PROSPECT, _BY_NUMBER) if scenario.company is None else (scenario.company,)


def _called(usual: Company, said: Iterable[Mapping[str, Any]]) -> Mapping[str, Any]:
    """The company that usually asks, but for what is said."""
    lead = lead_of({name: word for one in said for name, word in one.items()})
    names = [name for name in Company.__slots__ if name not in ("unreadable", "__weakref__")]
    company = Company(**{name: getattr(lead.company, name) or getattr(usual, name) for name in names})
    return {"company": company} if lead.email is None else {"company": company, "email": lead.email}


# ---------------------------------------------------------------------------------------------- the picks


@frozen
class Turn:
    """A pool, and the dealer of it on whom the picks that are left are to come down.

    With the house they are to come down on nobody: all are alike, or nobody is near.
    """

    plan: Plan
    outcome: Outcome
    dealer: str
    scenario: Scenario
    away: str | None

    def tries(self, lead: Lead, at: datetime, who: Mapping[str, Any]) -> Iterator[tuple[Lead, Facts]]:
        """Leads like this one of whoever asks, each with facts with which it may be so."""
        said = {name: value for name, value in who.items() if name != "company"}
        for spot in _spots(self.plan, self.outcome, self.dealer):
            for ident in _idents(self.outcome, lead):
                one = but_for(lead, id=ident, **spot, **said)
                asking, facts = facts_of(one, self.scenario, self.plan, self.away, at, who.get("company"))
                yield asking, _favoured(facts, self.plan, self.outcome, self.dealer)


def _favoured(facts: Facts, plan: Plan, outcome: Outcome, dealer: str) -> Facts:
    """The facts with a whole lead to the dealer's credit, and one lead open with every other that may have one more."""
    if dealer not in outcome.pool:
        return facts
    ledgers = {outcome.ledger or outcome.rung: {dealer: MILLION}} if "rotation" in outcome.left else {}
    busy = [name for name in outcome.pool if name != dealer and plan.by_id[name].max_open != 1]
    counts = [Count(name, open=1) for name in busy] if "least_loaded" in outcome.left else []
    return Facts(facts.registrations, facts.incumbents, counts, ledgers, past_holders=facts.past_holders)


def _idents(outcome: Outcome, lead: Lead) -> Iterator[str]:
    """The lead's id; others too where a hash, or a pick of the caller's own, may look at it."""
    yield lead.id
    known = ("specific", "priority", "first", "unique", "nearest", "least_loaded", "rotation")
    if any(step not in known for step in outcome.left):
        yield from (f"witness-{n}" for n in range(1, _IDS))


def _spots(plan: Plan, outcome: Outcome, dealer: str) -> Iterator[Mapping[str, Any]]:
    """Where the lead may come from, where distances matter: as it is, from the dealer, from nowhere, from afar."""
    yield {}
    if "nearest" not in outcome.left and outcome.rung != "nearest":
        return
    points = [point for name in outcome.pool if (point := plan.by_id[name].point) is not None]
    mine = plan.by_id[dealer].point if dealer in outcome.pool else None
    if mine is not None:
        yield _at(mine)
        return
    yield {"lat": None, "lon": None}
    if points:
        yield _at(max(_ENDS, key=lambda end: min(distance_m(end, point) for point in points)))
    yield from (_at(_between(a, b)) for a, b in islice(combinations(points, 2), _WORDS))


def _at(point: Point) -> Mapping[str, Any]:
    return {"lat": point[0], "lon": point[1]}


_ENDS: tuple[Point, ...] = ((90, 0), (-90, 0), (0, 0), (0, 90), (0, -90), (0, 180))


def _between(a: Point, b: Point) -> Point:
    """Halfway over the great circle."""
    vectors = [
        (cos(radians(lat)) * cos(radians(lon)), cos(radians(lat)) * sin(radians(lon)), sin(radians(lat)))
        for lat, lon in (a, b)
    ]
    x, y, z = (sum(parts) for parts in zip(*vectors, strict=True))
    return degrees(atan2(z, hypot(x, y))), degrees(atan2(y, x))
