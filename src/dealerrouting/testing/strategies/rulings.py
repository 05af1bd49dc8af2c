"""Conditions, rules, and whole plans.

May know: nouns, conditions, plans, how the strategies draw. May not know: leads, facts.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from dealerrouting.calendar import Calendar, Elapsed
from dealerrouting.errors import Fault
from dealerrouting.model import Dealer
from dealerrouting.rules import Plan, Rule, by, where
from dealerrouting.rules.binding import Binder
from dealerrouting.rules.conditions import AllOf, AnyOf, Condition, Not, Test
from dealerrouting.rules.rungs import Rung
from dealerrouting.terms import HouseTerms, Terms
from dealerrouting.testing.strategies.bounds import kinds_of
from dealerrouting.testing.strategies.drawing import EDGES, one_of, plan_of
from dealerrouting.testing.strategies.network import DEALERS, accounts, dealers, spans, territories

__all__ = ["ATTRIBUTES", "conditions", "plans", "rules"]

ATTRIBUTES = {"fleet": "int", "segment": "str", "vip": "bool", "since": "date", "tags": "list", "score": "number"}
"""The attributes that drawn plans declare, one of each type."""

_NL, _BE = where.country == "NL", where.country == "BE"
_LEAVES: tuple[Condition, ...] = (
    _NL,
    where.sector.under("C25"),
    where.product == "press",
    where.employees >= 10,
    where.country != "NL",
    where.country.in_(["BE", "NL"]),
    where.country.exists(),
    _NL & where.postcode.between("3000", "3399"),
    _NL & where.postcode.under("3011"),
    _NL & (where.postcode == "3011 AB"),
    _BE & where.postcode.startswith("26"),
    where.sector.under("C25.6", "G"),
    where.sector == "C25.61",
    where.sector.in_(["C25.61", "G47.12"]),
    where.product.in_(["press", "lathe"]),
    where.product.exists(),
    where.language == "nl",
    where.employees.between(9, 10),
    where.employees <= 9,
    where.value >= 250_000,
    where.value.lte(Decimal("12.5")),
    where.currency == "EUR",
    where.city.startswith("Rot"),
    where.source != "web",
    where.email.exists(),
    where.company == "Jansen Metaal BV",
    where.location.within_km(51.92, 4.48, 2),
    where.location.within_km(0, 180, 1),
    where.location.under("u15"),
    where.lat.between(0, 52),
    where.month.in_([4]),
    where.month.between(1, 3),
    where.weekday == "wed",
    where.date >= "2027-04-01",
    where.received_at.lte(EDGES[1]),
    where.fleet >= 10,
    where.fleet.between(9, 10),
    where.segment == "gold",
    Test("vip", "eq", True),
    where.since.lte("2027-03-31"),
    where.tags.has("new"),
    where.score == Decimal("1.5"),
)


def conditions(plan: Plan | None = None) -> st.SearchStrategy[Condition]:
    """Conditions of every kind of field and comparison, nested a few deep.

    With a plan: of the questions that its own rules ask, put together anew. Without one: of fields that every lead
    has and of the attributes that drawn plans declare (`fleet segment vip since tags score`).
    """
    return _conditions(_LEAVES if plan is None else _asked(plan_of(plan)), 2)


def _asked(plan: Plan) -> tuple[Condition, ...]:
    """The questions of a plan's rules that can stand alone: a postcode's only beside its country."""
    every = (one for rung in plan.precedence for rule in rung.rules for one in _parts(rule.when))
    return tuple(one for one in every if _stands(one, plan)) or _LEAVES[:4]


def _parts(condition: Condition) -> Iterator[Condition]:
    yield condition
    match condition:
        case AllOf(parts) | AnyOf(parts):
            for part in parts:
                yield from _parts(part)
        case Not(part):
            yield from _parts(part)


def _stands(condition: Condition, plan: Plan) -> bool:
    faults: list[Fault] = []
    Binder(plan.taxonomy, kinds_of(plan), faults.append).bind(condition, "", ())
    return not faults


@st.composite
def _conditions(draw: st.DrawFn, options: Sequence[Condition], depth: int) -> Condition:
    shape = draw(st.integers(0, 5)) if depth else 0
    if shape <= 2:
        return one_of(draw, options)
    if shape == 3:
        return Not(draw(_conditions(options, depth - 1)))
    parts = tuple(draw(_conditions(options, depth - 1)) for _ in range(draw(st.integers(1, 3))))
    return (AllOf if shape == 4 else AnyOf)(parts)


@st.composite
def rules(
    draw: st.DrawFn,
    dealers: Sequence[str] = DEALERS,
    ids: Sequence[str] = ("u1", "u2", "u3"),
    when: st.SearchStrategy[Condition] | None = None,
) -> Rule:
    """Rules that give to some of `dealers` what `when` means (any of `conditions()` where it is not given)."""
    first, last = draw(spans())
    return Rule(
        one_of(draw, ids),
        draw(conditions() if when is None else when),
        {one_of(draw, dealers): one_of(draw, (1, 2)), one_of(draw, dealers): 1},
        priority=one_of(draw, (0, 0, 1)),
        ledger=one_of(draw, (None, None, "shared")),
        valid_from=first,
        valid_until=last,
    )


# Whole plans

_OFFICE = Calendar("Europe/Amsterdam", {"mon-fri": ["09:00-12:30", "13:00-17:30"]}, holidays=["2027-04-27"])
_TERMS = (
    Terms(),
    Terms(max_reassignments=0),
    Terms(remind_after=Elapsed(hours=47), house=HouseTerms()),
    Terms(calendar="office"),
)
_CHAINS: dict[str, tuple[Any, ...]] = {
    "accounts": ("unique", "rotation"),
    "rules": (
        "first",
        ("priority", "rotation"),
        "rotation",
        "hashed",
        ("specific", "first"),
        ("least_loaded", "unique"),
    ),
    "territories": (
        ("specific", "priority", "rotation"),
        "specific",
        ("priority", "hashed"),
        ("least_loaded", "nearest", "rotation"),
        ("specific", "unique"),
    ),
    "nearest": (("nearest", "rotation"), "nearest", ("least_loaded", "hashed")),
}


@st.composite
def plans(draw: st.DrawFn) -> Plan:
    """Whole plans, small and valid: a house, up to three dealers, four territories, two accounts, some rules."""
    ids = DEALERS[: draw(st.integers(1, len(DEALERS)))]
    lands = [draw(territories(ids, ids=(f"t{number}",))) for number in range(1, 1 + draw(st.integers(0, 4)))]
    named = [draw(accounts(ids, ids=(f"a{number}",))) for number in range(1, 1 + draw(st.integers(0, 2)))]
    return Plan(
        "drawn",
        house="inside-sales",
        dealers=[Dealer("inside-sales", kind="house"), *(draw(dealers((name,))) for name in ids)],
        territories=lands,
        accounts=named,
        precedence=_rungs(draw, ids),
        timezone=one_of(draw, ("UTC", "Europe/Brussels", "America/New_York")),
        currency=one_of(draw, (None, "EUR")),
        attributes=ATTRIBUTES,
        terms=one_of(draw, _TERMS),
        calendars={"office": _OFFICE},
    )


def _rungs(draw: st.DrawFn, ids: Sequence[str]) -> list[Rung]:
    """Registrations first, if at all; then every kind that may be needed, in any order."""
    kinds = ["territories", "accounts", "rules", "incumbent", "nearest"]
    if draw(st.booleans()):
        kinds = [*draw(st.permutations(kinds)), "rules"]
    claims = [by.registrations()] if draw(st.booleans()) else []
    number = iter(range(1, 10))
    return [*claims, *(_rung(draw, kind, ids, number) for kind in kinds)]


def _rung(draw: st.DrawFn, kind: str, ids: Sequence[str], number: Any) -> Rung:
    chain = one_of(draw, _CHAINS.get(kind, ((),)))
    match kind:
        case "accounts":
            return by.accounts(pick=chain)
        case "incumbent":
            return by.incumbent(won_within=one_of(draw, (None, Elapsed(days=30))))
        case "rules":
            mine = [draw(rules(ids, ids=(f"u{next(number)}",))) for _ in range(draw(st.integers(0, 2)))]
            return by.rules(*mine, pick=chain)
        case "territories":
            return by.territories(pick=chain)
    return by.nearest(within_km=one_of(draw, (None, 0, 2, 20_000)), pick=chain)
