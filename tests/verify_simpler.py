"""The plainest small plan that still shows something, and how a failure shows it.

Knows: `verify_plans`. Does not know: `dealerrouting.verify`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from attrs import evolve

from dealerrouting import Company, PlanError, Rule, Territory, postcode
from dealerrouting import Plan as RealPlan
from dealerrouting.rules.conditions import AllOf, AnyOf, Condition, Not
from verify_plans import remade, replaced, without

_PLAIN = {
    "postcodes": None, "sectors": (), "products": (), "languages": (), "country": (), "priority": 0, "exclusive": False,
    "ledger": None, "valid_from": None, "valid_until": None, "serves_languages": (), "serves_products": (),
    "max_open": None, "max_per_30_days": None, "active_from": None, "active_until": None, "paused": (),
}  # fmt: skip


def _plainer(one: Any) -> Iterator[Callable[[], Any]]:
    for name, plain in _PLAIN.items():
        if getattr(one, name, plain) != plain:
            yield lambda name=name, plain=plain: evolve(one, **{name: plain})
    dealers = getattr(one, "dealers", {})
    for gone in dealers if len(dealers) > 1 else ():
        yield lambda gone=gone: evolve(one, dealers={n: w for n, w in dealers.items() if n != gone})
    if any(weight != 1 for weight in dealers.values()):
        yield lambda: evolve(one, dealers=dict.fromkeys(dealers, 1))
    if isinstance(one, Rule):
        for when in _plainer_conditions(one.when):
            yield lambda when=when: evolve(one, when=when)
    if isinstance(one, Territory) and one.postcodes is not None and len(one.postcodes.items) > 1:
        for item in one.postcodes.items:
            yield lambda item=item: evolve(one, postcodes=item)


def _plainer_conditions(when: Condition) -> Iterator[Condition]:
    match when:
        case Not(part):
            yield part
        case AllOf(parts) | AnyOf(parts):
            yield from parts
            if len(parts) > 2:
                yield from (type(when)(without(parts, at)) for at in range(len(parts)))


def _simpler_parts(plan: RealPlan) -> Iterator[Callable[[], RealPlan]]:
    for name in ("territories", "accounts", "precedence", "dealers"):
        items = getattr(plan, name)
        for at in range(len(items)):
            yield lambda name=name, items=items, at=at: remade(plan, **{name: without(items, at)})
    for number, rung in enumerate(plan.precedence):
        for at in range(len(rung.rules) if len(rung.rules) > 1 else 0):
            less = evolve(rung, rules=without(rung.rules, at))
            yield lambda number=number, less=less: remade(plan, precedence=replaced(plan.precedence, number, less))
    yield from (
        (lambda n=n, v=v: remade(plan, **{n: v}))
        for n, v in (("timezone", "UTC"), ("currency", None), ("attributes", {}))
        if getattr(plan, n) != v
    )
    for name in ("territories", "dealers", "accounts"):
        for at, one in enumerate(getattr(plan, name)):
            for make_it in _plainer(one):
                yield lambda n=name, at=at, m=make_it: remade(plan, **{n: replaced(getattr(plan, n), at, m())})
    for number, rung in enumerate(plan.precedence):
        for at, rule in enumerate(rung.rules):
            for make_it in _plainer(rule):
                yield lambda n=number, r=rung, at=at, m=make_it: remade(
                    plan, precedence=replaced(plan.precedence, n, evolve(r, rules=replaced(r.rules, at, m())))
                )
        if len(rung.pick) > 1:
            for at in range(len(rung.pick)):
                less = evolve(rung, pick=without(rung.pick, at))
                yield lambda number=number, less=less: remade(plan, precedence=replaced(plan.precedence, number, less))


def smaller(plan: RealPlan) -> Iterator[RealPlan]:
    """Plans that are one step simpler."""
    for make_it in _simpler_parts(plan):
        try:
            yield make_it()
        except (PlanError, ValueError):
            continue


def shrunk(plan: RealPlan, bad: Callable[[RealPlan], bool]) -> RealPlan:
    """The plainest plan to be found, step by step, that is still bad."""
    while simpler := next((one for one in smaller(plan) if one.digest != plan.digest and bad(one)), None):
        plan = simpler
    return plan


def shown(plan: RealPlan) -> str:
    """A plan in as few words as will do, for a failure's text."""
    lines = []
    for one in (*plan.dealers, *plan.territories, *plan.accounts):
        names = [n for n in getattr(one, "__attrs_attrs__", ()) if n.init]
        said = {n.name: getattr(one, n.name) for n in names}
        plain = {
            n: v for n, v in said.items() if v is not False and v not in (None, ()) and (n, v) != ("kind", "dealer")
        }
        lines.append(f"{type(one).__name__} " + ", ".join(f"{n}={_said(v)}" for n, v in plain.items()))
    for rung in plan.precedence:
        lines.append(f"by.{rung.kind} pick={list(rung.pick)}")
        for r in rung.rules:
            more = {n: getattr(r, n) for n in ("priority", "ledger", "valid_from", "valid_until") if getattr(r, n)}
            lines.append(f"    Rule {r.id} {r.when} -> {_said(r.dealers)} {more or ''}")
    lines.append(f"timezone={plan.timezone} currency={plan.currency} attributes={dict(plan.attributes)}")
    return "\n".join(lines)


def _said(value: Any) -> str:
    if isinstance(value, postcode.PostcodeSet):
        return repr("; ".join(value.items))
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{k}: {v}" for k, v in value.items()) + "}"
    return f"Company({value.domain})" if isinstance(value, Company) else str(value)
