"""What differs between two plans beside their sources: ladders, dealers, settings.

May know: plans, dealers, rungs. May not know: regions, outcomes.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from attrs import fields

from dealerrouting.model import Dealer
from dealerrouting.rules.plan import Plan
from dealerrouting.rules.rungs import Rung
from dealerrouting.terms import Terms
from dealerrouting.verify.outcome import named

__all__ = ["dealers_unlike", "ladders_unlike", "routes", "settings"]


def ladders_unlike(active: Plan, planned: Plan) -> bool:
    """Whether the rungs that give, their order or their picks differ, or whose house it is."""
    ladders = [[_rung(rung) for rung in plan.precedence if rung.gives] for plan in (active, planned)]
    return ladders[0] != ladders[1] or active.house != planned.house


def _rung(rung: Rung) -> tuple[Any, ...]:
    return rung.kind, rung.name, tuple(named(step) for step in rung.pick), rung.within_metres


_ROUTES = ("kind", "active_from", "active_until", "paused", "serves_languages", "serves_products", "lat", "lon")
_CAPS = ("max_open", "max_per_30_days")
_ELSEWHERE = ("precedence", "won_within", "claims", "max_reassignments", "attributes", "pick")


def dealers_unlike(active: Plan, planned: Plan) -> frozenset[str]:
    """The dealers that are not the same in both plans, as far as it decides who gets a lead."""
    one, two = active.by_id, planned.by_id
    moved = (name for name in one.keys() & two.keys() if _what(one[name]) != _what(two[name]))
    return frozenset((*(one.keys() ^ two.keys()), *moved))


def _what(dealer: Dealer) -> tuple[Any, ...]:
    never = 0 in (dealer.max_open, dealer.max_per_30_days)
    return (*(getattr(dealer, name) for name in _ROUTES), never)


def routes(name: str) -> bool:
    """Whether a setting that says nothing about regions can still send a lead elsewhere."""
    return name.rpartition(".")[2] in (*_CAPS, *_ELSEWHERE)


def settings(active: Plan, planned: Plan) -> Iterator[str]:
    """What differs and says nothing about regions, by name."""
    for name in ("timezone", "currency", "calendars", "attributes"):
        if getattr(active, name) != getattr(planned, name):
            yield name
    for term in fields(Terms):
        if getattr(active.terms, term.name) != getattr(planned.terms, term.name):
            yield f"terms.{term.name}"
    if active.taxonomy != planned.taxonomy:
        yield "taxonomy"
    if [rung.name for rung in active.precedence] != [rung.name for rung in planned.precedence]:
        yield "precedence"
    for dealer in active.dealers:
        other = planned.by_id.get(dealer.id)
        if other is not None:
            yield from (f"{dealer.id}.{n}" for n in ("calendar", *_CAPS) if getattr(dealer, n) != getattr(other, n))
    won = [rung.won_within for plan in (active, planned) for rung in plan.precedence if rung.kind == "incumbent"]
    if len(won) == 2 and won[0] != won[1]:
        yield "incumbent.won_within"
    picks = [[named(step) for step in rung.pick] for plan in (active, planned) if (rung := plan.rung("accounts"))]
    if len(picks) == 2 and picks[0] != picks[1]:
        yield "accounts.pick"
