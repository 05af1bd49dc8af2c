"""Small plans whose bounds touch, and what they ask of a lead.

Knows: `verify_palette`, `verify_conditions`, bound conditions. Does not know: `dealerrouting.verify`, which is held
against them.

`a_plan(rng)` makes a plan of one to six territories and up to three rules over few fields: ranges that touch, nest,
overlap by one or cut inside a coarse code; sectors on three levels; texts, numbers, dates, validities that meet.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from random import Random
from typing import Any

from attrs import evolve

from dealerrouting import Account, Company, Custom, Dealer, Rule, Territory, by, where
from dealerrouting import Plan as RealPlan
from dealerrouting.rules.binding import Leaf, leaves
from dealerrouting.rules.conditions import Condition
from dealerrouting.rules.rungs import Rung
from verify_conditions import a_condition
from verify_palette import (
    DEALERS,
    LANGUAGES,
    OWN,
    PRODUCTS,
    RULE_CHAINS,
    SECTORS,
    TERRITORY_CHAINS,
    Palette,
    a_palette,
    a_span,
    some_dealers,
)


def a_territory(rng: Random, palette: Palette, name: str) -> Territory:
    columns: dict[str, Any] = {}
    if palette.has("place") and rng.random() < 0.9:
        country = rng.choice(palette.countries)
        if rng.random() < 0.8:
            columns |= {"country": country, "postcodes": rng.choice(palette.items[country])}
        else:
            columns["country"] = rng.choice((country, palette.countries))
    if palette.has("sector") and rng.random() < 0.7:
        columns["sectors"] = rng.sample(SECTORS.codes(), rng.choice((1, 1, 2)))
    if palette.has("product") and rng.random() < 0.6:
        columns["products"] = rng.sample(PRODUCTS, rng.choice((1, 2)))
    if palette.has("language") and rng.random() < 0.6:
        columns["languages"] = rng.sample(LANGUAGES, rng.choice((1, 2)))
    return Territory(
        name,
        some_dealers(rng, palette),
        **columns,
        priority=rng.choice((0, 0, 0, 1, -1)),
        exclusive=rng.random() < 0.1,
        ledger=rng.choice((None, None, None, "own")),
        **a_span(rng, palette),
    )


def a_rule(rng: Random, palette: Palette, name: str) -> Rule:
    return Rule(
        name,
        a_condition(rng, palette),
        some_dealers(rng, palette),
        priority=rng.choice((0, 0, 1)),
        ledger=rng.choice((None, None, None, "own")),
        **a_span(rng, palette, 0.3),
    )


def a_dealer(rng: Random, palette: Palette, name: str, kind: str = "dealer") -> Dealer:
    more: dict[str, Any] = {}
    if palette.has("language") and rng.random() < 0.25:
        more["serves_languages"] = rng.sample(LANGUAGES, rng.choice((1, 2)))
    if palette.has("product") and rng.random() < 0.25:
        more["serves_products"] = rng.sample(PRODUCTS, rng.choice((1, 2)))
    dice = rng.random()
    if palette.edges and dice < 0.25:
        span = a_span(rng, palette, 1.0)
        more |= {"active_from": span.get("valid_from"), "active_until": span.get("valid_until")}
    elif len(palette.edges) == 2 and dice < 0.4:
        more["paused"] = [palette.edges]
    elif dice > 0.96:
        more["max_open"] = 0
    elif dice > 0.93:
        more["max_per_30_days"] = 0
    return Dealer(name, kind=kind, **more)


PROSPECTS = tuple(Company(domain=f"{name}.example") for name in ("anvil", "brick"))
ASKED_FOR = Company(domain="known.example")
"""The company of whom the facts say something."""


def an_account(rng: Random, palette: Palette, name: str) -> Account:
    return Account(name, rng.choice((*palette.dealers, "team")), rng.choice(PROSPECTS), **a_span(rng, palette, 0.3))


def a_precedence(rng: Random, palette: Palette, rules: tuple[Rule, ...], accounts: bool) -> list[Rung]:
    rungs: list[Rung] = []
    if rules:
        at = rng.randint(1, len(rules))
        rungs = [by.rules(*part, pick=rng.choice(RULE_CHAINS)) for part in (rules[:at], rules[at:]) if part]
    rungs.insert(rng.randint(0, len(rungs)), by.territories(pick=rng.choice(TERRITORY_CHAINS)))
    if accounts:
        rungs.insert(rng.randint(0, len(rungs)), by.accounts(pick=rng.choice(("unique", "rotation"))))
    if rng.random() < 0.15:
        rungs.insert(rng.randint(0, len(rungs)), by.incumbent())
    return [by.registrations(), *rungs] if rng.random() < 0.3 else rungs


def a_plan(rng: Random, *, sizes: tuple[int, int] = (6, 3)) -> RealPlan:
    """A small plan, valid by construction; nothing in it is opaque."""
    palette = a_palette(rng)
    territories, most = [], sizes[0]
    for number in range(rng.choice((1, 2, 2, 3, 3, 4, most))):
        name = f"t{number}" if number == 0 or rng.random() > 0.35 else f"t{number - 1}"
        territories.append(a_territory(rng, palette, name))
    rules = tuple(a_rule(rng, palette, f"r{n}") for n in range(rng.choice((0, 0, 1, 2, sizes[1]))))
    accounts = [an_account(rng, palette, f"k{n}") for n in range(rng.choice((0, 0, 0, 0, 1, 2)))]
    dealers = [Dealer("house", kind="house"), a_dealer(rng, palette, "team", "house")]
    dealers += [a_dealer(rng, palette, name) for name in palette.dealers]
    own = {name: kind for name, kind in OWN.items() if name in palette.fields}
    return built(
        dealers=dealers,
        territories=apart(territories),
        accounts=accounts,
        precedence=a_precedence(rng, palette, rules, bool(accounts)),
        timezone=rng.choice(("UTC", "Europe/Brussels", "America/New_York")),
        currency="EUR" if "value" in palette.fields and rng.random() < 0.4 else None,
        attributes=own,
    )


def built(**parts: Any) -> RealPlan:
    return RealPlan("small", house="house", taxonomy=SECTORS, **parts)


def apart(territories: Iterable[Territory]) -> list[Territory]:
    """Parts of one territory may not be equal at one time: such a one gets an id of its own."""
    seen: set[tuple[Any, ...]] = set()
    found = []
    for number, one in enumerate(territories):
        region = (one.id, *one.region, frozenset(one.sectors))
        found.append(evolve(one, id=f"t{number}x") if region in seen else one)
        seen.add(region)
    return found


def an_opaque_plan(rng: Random) -> RealPlan:
    """A small plan in which some things cannot be cut into cells: customs, circles, cells of the map, the nearest."""
    plan = a_plan(rng)
    strange: tuple[Condition, ...] = (
        where.location.within_km(51.9, 4.5, 20),
        Custom(
            "odd",
            lambda lead: None if lead["product"] is None else len(lead["product"]) % 2 == 1,
            reads=("product",),
            version="1",
        ),
        where.location.under("u15"),
    )
    rule = Rule("odd", rng.choice(strange), {rng.choice(DEALERS[:1]): 1})
    rungs = [by.rules(rule), *plan.precedence] if rng.random() < 0.6 else [*plan.precedence, by.nearest(within_km=50)]
    if rungs[1].kind == "registrations":
        rungs[0], rungs[1] = rungs[1], rungs[0]
    placed = [evolve(d, lat=51.9, lon=4.5) if d.id == "a" else d for d in plan.dealers]
    return remade(plan, precedence=rungs, dealers=placed)


# The same plan with other parts.


def remade(plan: RealPlan, **changes: Any) -> RealPlan:
    kept = ("dealers", "territories", "accounts", "precedence", "timezone", "currency", "attributes")
    return built(**{name: getattr(plan, name) for name in kept} | changes)


def without(items: tuple[Any, ...], at: int) -> tuple[Any, ...]:
    return items[:at] + items[at + 1 :]


def replaced(items: tuple[Any, ...], at: int, one: Any) -> tuple[Any, ...]:
    return (*items[:at], one, *items[at + 1 :])


# What a plan asks.


def leaves_of(plan: RealPlan) -> tuple[Leaf, ...]:
    """Every question at the bottom of the plan's conditions."""
    bound = (source.condition for sources in plan.sources.values() for source in sources)
    return tuple(dict.fromkeys(leaf for one in bound for leaf in leaves(one) if isinstance(leaf, Leaf)))


def bounds(plan: RealPlan) -> tuple[datetime, ...]:
    """Every instant at which the plan says something else than before."""
    found: set[datetime | None] = set()
    for one in (*plan.territories, *plan.accounts, *(r for rung in plan.precedence for r in rung.rules)):
        found |= {one.valid_from, one.valid_until}
    for dealer in plan.dealers:
        found |= {dealer.active_from, dealer.active_until, *(edge for span in dealer.paused for edge in span)}
    return tuple(sorted(found - {None}))


def constants_of(asked: Iterable[Leaf]) -> Iterator[Any]:
    for leaf in asked:
        if isinstance(leaf.const, frozenset | tuple):
            yield from leaf.const
        elif leaf.const is not None:
            yield leaf.const


def countries_of(leaf: Leaf) -> Iterator[str]:
    if leaf.field == "country":
        yield from constants_of([leaf])
    if leaf.field == "postcode":
        for const in (leaf.const,) if not isinstance(leaf.const, frozenset) else leaf.const:
            if const is not None:
                yield const.country
