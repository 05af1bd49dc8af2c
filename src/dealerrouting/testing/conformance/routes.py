"""Random worlds of routing: a plan in which everything that facts hold can decide, leads, and facts about them.

May know: plans, the nouns. May not know: stores, sources.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from functools import cache, lru_cache
from random import Random
from typing import Any

from attrs import frozen

from dealerrouting.calendar import Elapsed
from dealerrouting.identity import Key
from dealerrouting.model import (
    Account,
    Choice,
    Company,
    Count,
    Dealer,
    Facts,
    Incumbent,
    Lead,
    PastHolder,
    Registration,
    Territory,
)
from dealerrouting.rules import Plan, Rule, by, where
from dealerrouting.terms import ClaimTerms, Terms
from dealerrouting.testing.conformance.lives import AT, HOUSE

__all__ = ["COMPANIES", "DEALERS", "World", "a_plan", "a_world"]

DEALERS = ("delta", "Delta", "maas", "Œuvre & Fils")
COMPANIES = (
    Company("Jansen Metaal BV", number="24123456", country="NL"),
    Company("Jansen", domain="jansen.example"),
    Company("Peeters NV", vat="BE 0403.170.701", country="BE"),
    Company("Dekker", lei="724500VNNHZHYDLFMO70"),
    Company("Metaal Groep", country="NL", postcode="3011 AB"),
    Company("Jansen Metaal", number="24123456", country="NL", domain="jansen.example"),
    Company("No keys at all"),
)
_LEADS = ("L1", "l1", "é😀", "L2")
_MOMENT, _DAY = timedelta(microseconds=1), timedelta(days=1)
_AROUND = (AT, AT - _MOMENT, AT + _MOMENT, AT - _DAY, AT - 30 * _DAY, AT - 30 * _DAY + _MOMENT, AT - 400 * _DAY)


@frozen
class World:
    """A plan, everything that has happened, and a lead to be routed by both."""

    plan: Plan
    facts: Facts
    lead: Lead


@cache
def a_plan(seed: int = 0, *, alike: bool = False) -> Plan:
    """A plan that asks for every part of the facts; its caps, rungs and picks by seeded chance."""
    chance = Random(f"plan {seed}")  # noqa: S311  # examples, not secrets
    caps = (None, None, 0, 1, 2)
    people = [
        Dealer(name, max_open=chance.choice(caps), max_per_30_days=chance.choice(caps), lat=51.9, lon=4.4 + n)
        for n, name in enumerate(DEALERS)
    ]
    rungs = [
        by.accounts(),
        by.incumbent(won_within=chance.choice((None, Elapsed(days=365)))),
        by.rules(Rule("big", where.employees >= 100, list(DEALERS[:2])), pick=chance.choice(("first", "least_loaded"))),
        by.territories(pick=chance.choice((["specific", "rotation"], ["least_loaded", "rotation"], ["hashed"]))),
        by.nearest(within_km=100),
    ]
    kept = [rung for rung in rungs if rung.kind == "territories" or chance.random() < 0.7]
    return Plan(
        f"plan-{seed}",
        house=HOUSE,
        dealers=[*people, Dealer(HOUSE, kind="house")],
        territories=[
            Territory("south", {"delta": 2, "maas": 1, "Delta": 1}, country="NL", postcodes="3000..3399"),
            Territory("all", list(DEALERS), country=["NL", "BE"], ledger=chance.choice((None, "é"))),
        ],
        accounts=[Account("a1", "maas", COMPANIES[3])] if any(rung.kind == "accounts" for rung in kept) else [],
        precedence=[by.registrations(), *kept] if chance.random() < 0.8 else kept,
        terms=Terms(claims=ClaimTerms(review_alike=alike)),
    )


@lru_cache(1_000)
def a_world(seed: int) -> World:
    """A world by seeded chance: most of what is in it is about other leads and companies."""
    chance = Random(f"world {seed}")  # noqa: S311  # examples, not secrets
    lead = Lead(
        chance.choice(_LEADS),
        chance.choice(COMPANIES),
        received_at=AT,
        country=chance.choice(("NL", "NL", "BE", None)),
        postcode=chance.choice(("3011 AB", "1012", None)),
        employees=chance.choice((None, 99, 100)),
        email=chance.choice((None, "x@jansen.example", "x@gmail.com")),
        product=chance.choice((None, "press")),
        lat=51.9,
        lon=chance.choice((4.4, 5.4)),
    )
    return World(a_plan(chance.randrange(12)), _facts(chance), lead)


def _facts(chance: Random) -> Facts:
    past = {(chance.choice(_LEADS), chance.choice(DEALERS)) for _ in range(chance.randint(0, 4))}
    return Facts(
        registrations=[_claim(chance, f"R{n}") for n in range(chance.randint(0, 4))],
        incumbents=list(_served(chance)),
        counts=[_count(chance, name) for name in chance.sample(DEALERS, chance.randint(0, 4))],
        ledgers={
            name: {who: chance.choice((0, 1, -(10**6), 10**24, 999_999)) for who in chance.sample(DEALERS, 3)}
            for name in chance.sample(("territories", "nearest", "rules", "é", "É"), chance.randint(0, 4))
        },
        shares={name: chance.choice((0, 1, "0.25", "2.5", "0.000001")) for name in chance.sample(DEALERS, 2)},
        past_holders=[
            PastHolder(lead, who, chance.choice(("declined", "excluded", "withdrawn"))) for lead, who in past
        ],
        choices=[
            Choice(f"C{n}", lead, chance.choice(DEALERS), evidence="letter", actor="p", chosen_at=AT - _DAY)
            for n, lead in enumerate(chance.sample(_LEADS, chance.choice((0, 0, 1, 2))))
        ],
    )


def _claim(chance: Random, name: str) -> Registration:
    more: dict[str, Any] = {
        "products": chance.choice(((), (), ("press",))),
        "email": chance.choice((None, "x@jansen.example")),
    }
    return Registration(
        name,
        chance.choice(DEALERS),
        chance.choice(COMPANIES),
        status=chance.choice(("approved", "approved", "approved", "submitted", "expired")),
        submitted_at=AT - 60 * _DAY,
        decided_at=chance.choice((None, AT, AT + _MOMENT, AT - _DAY)),
        expires_at=chance.choice((None, AT, AT + _MOMENT)),
        **more,
    )


def _served(chance: Random) -> Iterator[Incumbent]:
    for _ in range(chance.randint(0, 4)):
        company = chance.choice(COMPANIES[:6])
        keys: Company | list[Key] = company if chance.random() < 0.7 else sorted(company.keys(), key=str)[:1]
        status, since = chance.choice(("open", "won")), chance.choice((*_AROUND, AT - 365 * _DAY))
        yield Incumbent(keys, chance.choice(DEALERS), since=since, status=status)


def _count(chance: Random, dealer: str) -> Count:
    given = tuple(sorted(chance.choices(_AROUND, k=chance.randint(0, 3))))
    return Count(dealer, chance.randint(0, 3), len(given) + chance.choice((0, 1)), given)
