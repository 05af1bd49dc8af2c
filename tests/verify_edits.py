"""A small plan after a small edit, for what compares two plans.

Knows: `verify_plans` and what these are made of. Does not know: `dealerrouting.verify`.
"""

from __future__ import annotations

from random import Random

from attrs import evolve

from dealerrouting import Plan as RealPlan
from dealerrouting import PlanError
from dealerrouting.postcode.trees import order_of
from verify_conditions import a_condition
from verify_palette import (
    EDGES,
    NUMBERS,
    PLACES,
    RULE_CHAINS,
    SECTORS,
    TERRITORY_CHAINS,
    TEXTS,
    Palette,
    a_span,
    some_dealers,
)
from verify_plans import a_dealer, a_territory, an_account, bounds, countries_of, leaves_of, remade, replaced, without


def edited(rng: Random, plan: RealPlan) -> RealPlan:
    """The plan after one small edit, some of which change nothing that routes."""
    for _ in range(40):
        try:
            return _EDITS[rng.randrange(len(_EDITS))](rng, plan)
        except (PlanError, IndexError, ValueError):
            continue
    return plan


def palette_of(plan: RealPlan) -> Palette:
    spoken = {leaf.field for leaf in leaves_of(plan)}
    fields = {("place" if name in ("country", "postcode") else name) for name in spoken} or {"place"}
    countries = tuple(sorted({c for leaf in leaves_of(plan) for c in countries_of(leaf)} & set(PLACES))) or ("NL",)
    dealers = tuple(d.id for d in plan.dealers if d.kind == "dealer")
    edges = tuple(b for b in bounds(plan) if b in EDGES)
    if not dealers:
        raise ValueError("nobody is left")
    fields &= {"place", "sector", "language", "month", "weekday", "date", *TEXTS, *NUMBERS, *plan.attributes}
    return Palette(countries, {c: PLACES[c] for c in countries}, frozenset(fields or {"place"}), edges, dealers)


def _edit_territory(rng: Random, plan: RealPlan) -> RealPlan:
    at = rng.randrange(len(plan.territories))
    one, palette = plan.territories[at], palette_of(plan)
    how = rng.choice(("drop", "postcodes", "sectors", "priority", "dealers", "dates", "split", "exclusive", "weights"))
    match how:
        case "drop":
            return remade(plan, territories=without(plan.territories, at))
        case "postcodes" if one.postcodes is not None:
            new = [evolve(one, postcodes=rng.choice(PLACES[one.country[0]]))]
        case "split" if one.postcodes is not None:  # the same region in two parts
            (lo, hi), *rest = one.postcodes.intervals
            if lo == hi or rest:
                raise ValueError("nothing to split")
            middle = rng.randrange(lo, hi)
            order = order_of(one.country[0])
            cut = [f"{order.write(a)}..{order.write(b)}" for a, b in ((lo, middle), (middle + 1, hi))]
            new = [evolve(one, postcodes=cell) for cell in cut]
        case "sectors" if one.sectors:
            new = [evolve(one, sectors=rng.sample(SECTORS.codes(), 1))]
        case "priority":
            new = [evolve(one, priority=one.priority + rng.choice((-1, 1)))]
        case "dates" if palette.edges:
            new = [evolve(one, **{"valid_from": None, "valid_until": None} | a_span(rng, palette, 1.0))]
        case "exclusive":
            new = [evolve(one, exclusive=not one.exclusive)]
        case "weights":
            new = [evolve(one, dealers={n: w * 2 for n, w in one.dealers.items()})]
        case _:
            new = [evolve(one, dealers=some_dealers(rng, palette))]
    return remade(plan, territories=[*without(plan.territories, at), *new])


def _edit_more(rng: Random, plan: RealPlan) -> RealPlan:
    palette = palette_of(plan)
    return remade(plan, territories=[*plan.territories, a_territory(rng, palette, "new")])


def _edit_rules(rng: Random, plan: RealPlan) -> RealPlan:
    at = rng.choice([n for n, rung in enumerate(plan.precedence) if rung.kind == "rules"])
    rung, palette = plan.precedence[at], palette_of(plan)
    here = rng.randrange(len(rung.rules))
    rule = rung.rules[here]
    match rng.choice(("drop", "swap", "when", "dealers", "double", "pick", "priority")):
        case "drop" if len(rung.rules) > 1:
            rules = without(rung.rules, here)
        case "swap":
            rules = tuple(rng.sample(rung.rules, len(rung.rules)))
        case "when":
            rules = replaced(rung.rules, here, evolve(rule, when=a_condition(rng, palette)))
        case "double":
            rules = (*rung.rules, evolve(rule, id="twice"))
        case "pick":
            return remade(
                plan, precedence=replaced(plan.precedence, at, evolve(rung, pick=tuple(rng.choice(RULE_CHAINS))))
            )
        case "priority":
            rules = replaced(rung.rules, here, evolve(rule, priority=rule.priority + 1))
        case _:
            rules = replaced(rung.rules, here, evolve(rule, dealers=some_dealers(rng, palette)))
    return remade(plan, precedence=replaced(plan.precedence, at, evolve(rung, rules=rules)))


def _edit_rungs(rng: Random, plan: RealPlan) -> RealPlan:
    kept = [rung for rung in plan.precedence if rung.kind != "registrations"]
    first = [rung for rung in plan.precedence if rung.kind == "registrations"]
    if rng.random() < 0.6:
        return remade(plan, precedence=[*first, *rng.sample(kept, len(kept))])
    at = next(n for n, rung in enumerate(plan.precedence) if rung.kind == "territories")
    other = evolve(plan.precedence[at], pick=tuple(rng.choice(TERRITORY_CHAINS)))
    return remade(plan, precedence=replaced(plan.precedence, at, other))


def _edit_dealer(rng: Random, plan: RealPlan) -> RealPlan:
    at = rng.choice([n for n, one in enumerate(plan.dealers) if one.id != "house"])
    one = plan.dealers[at]
    return remade(plan, dealers=replaced(plan.dealers, at, a_dealer(rng, palette_of(plan), one.id, one.kind)))


def _edit_account(rng: Random, plan: RealPlan) -> RealPlan:
    at = rng.randrange(len(plan.accounts))
    if rng.random() < 0.3:
        return remade(plan, accounts=without(plan.accounts, at))
    other = an_account(rng, palette_of(plan), plan.accounts[at].id)
    return remade(plan, accounts=replaced(plan.accounts, at, other))


def _edit_settings(rng: Random, plan: RealPlan) -> RealPlan:
    if plan.currency is not None or rng.random() < 0.3:
        return remade(plan, currency=rng.choice((None, "USD")))
    return remade(plan, timezone=rng.choice(("UTC", "Europe/Brussels", "America/New_York")))


_EDITS = (
    _edit_account,
    _edit_account,
    _edit_settings,
    _edit_territory,
    _edit_territory,
    _edit_territory,
    _edit_more,
    _edit_rules,
    _edit_rules,
    _edit_rungs,
    _edit_dealer,
)
