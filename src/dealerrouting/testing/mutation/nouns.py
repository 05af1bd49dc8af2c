"""Changes of a territory, a rule, an account: dropped, wider, narrower, to another dealer, on other dates.

May know: the nouns of a plan. May not know: rungs, terms, tests.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from itertools import pairwise
from typing import Any, TypeVar

from attrs import evolve

from dealerrouting.mapping import FrozenMap
from dealerrouting.model import Account, Territory
from dealerrouting.rules import Plan, Rule
from dealerrouting.rules.binding import Bound
from dealerrouting.telling import moment
from dealerrouting.testing.mutation.conditions import changed
from dealerrouting.testing.mutation.mutant import Change
from dealerrouting.testing.mutation.stepping import DAY, stepped_cells, stepped_codes, stepped_sectors, without_one

__all__ = ["account_changes", "rule_changes", "territory_changes"]

N = TypeVar("N", Territory, Rule, Account)
S = TypeVar("S", Territory, Rule)


def territory_changes(territory: Territory, plan: Plan) -> Iterator[Change[Territory]]:
    """Every single change of one part of a territory, but for dropping it."""
    yield from _columns(territory, plan)
    rung = plan.rung("territories")
    yield from _shared(territory, plan, priority=rung is not None and "priority" in rung.pick)
    word = "off" if territory.exclusive else "on"
    yield Change(
        "exclusive",
        "exclusive",
        f"mutant.exclusive_{word}",
        {},
        partial(evolve, territory, exclusive=not territory.exclusive),
    )
    yield from _dates(territory, plan)


def rule_changes(rule: Rule, bound: Bound, plan: Plan, *, priority: bool) -> Iterator[Change[Rule]]:
    """Every single change of one rule, but for dropping it; `bound` is what the plan has read its condition as."""
    for change in changed(rule.when, bound):
        yield change.inside(partial(_when, rule), "when.")
    yield from _shared(rule, plan, priority=priority)
    yield from _dates(rule, plan)


def _when(rule: Rule, condition: Any) -> Rule:
    return evolve(rule, when=condition)


def account_changes(account: Account, plan: Plan) -> Iterator[Change[Account]]:
    """Every single change of one account, but for dropping it."""
    other = _other(account.holder, {account.holder}, plan)
    if other is not None:
        told = {"was": account.holder, "now": other}
        yield Change("holder", "dealer", "mutant.dealer", told, partial(evolve, account, holder=other))
    yield from _dates(account, plan)


# Regions


def _columns(territory: Territory, plan: Plan) -> Iterator[Change[Territory]]:
    """Each column wider and narrower, and without its limit."""
    steps: dict[str, Iterator[Change[Any]]] = {
        "country": without_one("country", territory.country),
        "geohashes": stepped_cells("geohashes", territory.geohashes),
        "sectors": stepped_sectors("sectors", territory.sectors, plan.taxonomy),
        "products": without_one("products", territory.products),
        "languages": without_one("languages", territory.languages),
    }
    if territory.postcodes is not None:
        steps["postcodes"] = stepped_codes("postcodes", territory.postcodes)
    for column, changes in steps.items():
        for change in changes:
            yield change.inside(partial(_column, territory, column))
        placeless = column != "country" or not (territory.postcodes or territory.geohashes)
        if getattr(territory, column) and placeless:
            yield _unlimited(territory, column)


def _column(territory: Territory, column: str, value: Any) -> Territory:
    return evolve(territory, **{column: value})


def _unlimited(territory: Territory, column: str) -> Change[Territory]:
    """A column left empty. Postcodes and cells are one place: without one of the two less is left."""
    both = territory.postcodes is not None and bool(territory.geohashes)
    narrower = both and column in ("postcodes", "geohashes")
    kind, message = ("narrow", "mutant.without_column") if narrower else ("widen", "mutant.unlimited")
    empty = None if column == "postcodes" else ()
    return Change(f"{column}.any", kind, message, {"column": column}, partial(_column, territory, column, empty))


# Dealers and weights


def _shared(source: S, plan: Plan, *, priority: bool) -> Iterator[Change[S]]:
    """What territories and rules have in common."""
    for name in source.dealers:
        other = _other(name, set(source.dealers), plan)
        if other is not None:
            weights = {other if known == name else known: weight for known, weight in source.dealers.items()}
            told = {"was": name, "now": other}
            make = partial(_dealers, source, weights)
            yield Change(f"dealers.{name}.other", "dealer", "mutant.dealer", told, make)
        left = {known: weight for known, weight in source.dealers.items() if known != name}
        if left:
            make = partial(_dealers, source, left)
            yield Change(f"dealers.{name}.drop", "dealer", "mutant.without_dealer", {"was": name}, make)
    for (one, mine), (two, theirs) in pairwise(source.dealers.items()):
        if mine != theirs:
            make = partial(_dealers, source, {**source.dealers, one: theirs, two: mine})
            yield Change(f"weights.{one}", "weight", "mutant.weights", {"was": one, "now": two}, make)
    for way in (1, -1) if priority else ():
        told = {"column": "priority", "was": str(source.priority), "now": str(source.priority + way)}
        make = partial(evolve, source, priority=source.priority + way)
        yield Change(f"priority{'+' if way > 0 else '-'}", "priority", "mutant.instead", told, make)


def _dealers(source: S, weights: Any) -> S:
    return evolve(source, dealers=FrozenMap(weights))


def _other(name: str, taken: set[str], plan: Plan) -> str | None:
    """The dealer after this one, going round, that is not taken; a team of the house only where there is no other."""
    for kind in ("dealer", "house"):
        free = [dealer.id for dealer in plan.dealers if dealer.kind == kind and dealer.id not in taken]
        if free:
            return next((known for known in free if known > name), free[0])
    return None


# Dates


def _dates(noun: N, plan: Plan) -> Iterator[Change[N]]:
    """Each date a day earlier, a day later, and left out; told on the plan's clock."""
    for column in ("valid_from", "valid_until"):
        was = getattr(noun, column)
        if was is None:
            continue
        for sign, way in (("-", -1), ("+", 1)):
            was_told, now_told = (moment(at, plan.lens.zone) for at in (was, was + way * DAY))
            told = {"column": column, "was": was_told, "now": now_told}
            make = partial(_dated, noun, column, was + way * DAY)
            yield Change(f"{column}{sign}", "date", "mutant.instead", told, make)
        make = partial(_dated, noun, column, None)
        yield Change(f"{column}.drop", "date", "mutant.without_column", {"column": column}, make)


def _dated(noun: N, column: str, value: Any) -> N:
    return evolve(noun, **{column: value})
