"""How the strategies draw: one of some, and a small plan for whoever gives none.

May know: plans, Hypothesis. May not know: any particular noun.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from functools import lru_cache
from os import PathLike
from typing import TypeVar

from hypothesis import strategies as st

from dealerrouting.calendar import Elapsed
from dealerrouting.model import Account, Company, Dealer, Territory
from dealerrouting.rules import Plan, Rule, by, where

__all__ = ["COMPANIES", "EDGES", "companies_of", "example", "one_of", "plan_of", "some_of"]

T = TypeVar("T")

EDGES = (
    datetime(2027, 1, 1, tzinfo=UTC),
    datetime(2027, 3, 31, 22, tzinfo=UTC),  # midnight in Brussels; the clocks changed on the 28th
    datetime(2027, 7, 1, 6, 30, tzinfo=UTC),
)
"""Instants at which the validities of drawn plans begin and end."""

COMPANIES = (
    Company("Jansen Metaal BV", number="24123456", country="NL"),
    Company("Jansen", number="KvK 24.12.34.56", country="NL", domain="www.jansen.example"),
    Company("Jansen", domain="https://jansen.example/over-ons"),
    Company("Peeters NV", vat="BE 0403.170.701", country="BE"),
    Company("Peeters", number="0403170701", country="BE", domain="peeters.example"),
    Company("Jansen Twee", number="24123457", country="NL", domain="jansen.example"),
    Company("Without keys"),
)
"""Fictitious companies that are alike by number, by domain, by VAT number, or contradict each other."""


def one_of(draw: st.DrawFn, options: Sequence[T]) -> T:
    """One of them; it shrinks to the first."""
    return options[0] if len(options) == 1 else options[draw(st.integers(0, len(options) - 1))]


def some_of(draw: st.DrawFn, options: Sequence[T], most: int) -> list[T]:
    """At most so many of them, each once; it shrinks to none."""
    left = list(options)
    many = range(draw(st.integers(0, min(most, len(left)))))
    return [left.pop(draw(st.integers(0, len(left) - 1))) for _ in many]


def plan_of(plan: Plan | None) -> Plan:
    """The plan, or the small example where none is given; `TypeError` for anything else."""
    if plan is None:
        return example()
    if not isinstance(plan, Plan):
        cure = "; load it with `load_plan`" if isinstance(plan, (str, PathLike)) else ""
        raise TypeError(f"strategies draw at the boundaries of a Plan, and this is a {type(plan).__name__}{cure}")
    return plan


@lru_cache(maxsize=1)
def example() -> Plan:
    """A small fictitious plan with boundaries of every kind."""
    april = EDGES[1]
    return Plan(
        "example",
        house="inside-sales",
        timezone="Europe/Brussels",
        currency="EUR",
        attributes={"fleet": int, "segment": str},
        dealers=[
            Dealer("inside-sales", kind="house"),
            Dealer("antwerp", lat=51.22, lon=4.4, max_open=2),
            Dealer("delta", lat=51.92, lon=4.48, serves_languages=["nl"]),
            Dealer("maas", max_per_30_days=1, active_until=EDGES[2]),
        ],
        territories=[
            Territory("nl-south", ["delta"], country="NL", postcodes="3000..3399"),
            Territory("nl-metal", {"delta": 2, "maas": 1}, country="NL", sectors=["C25"], valid_from=april),
            Territory("antwerp", ["antwerp"], country="BE", postcodes="2000..2660"),
        ],
        accounts=[Account("jansen", "maas", COMPANIES[0])],
        precedence=[
            by.registrations(),
            by.accounts(),
            by.incumbent(won_within=Elapsed(days=365)),
            by.rules(
                Rule("big", (where.value >= 250_000) & where.product.in_(["press"]), ["maas"]),
                Rule("fleet", (where.fleet >= 10) & where.month.in_([8]) & (where.segment == "gold"), ["delta"]),
            ),
            by.territories(),
            by.nearest(within_km=25),
        ],
    )


def companies_of(plan: Plan) -> tuple[Company, ...]:
    """The companies that leads and claims under a plan are drawn from: its accounts' and a few more."""
    known = (account.company for account in plan.accounts[:64])
    claims = plan.terms.claims
    shared = (Company("Shared", domain=name) for name in (*claims.shared_domains[:4], *claims.mailbox_domains[:4]))
    return tuple(dict.fromkeys((*COMPANIES[:2], *known, *shared, *COMPANIES)))
