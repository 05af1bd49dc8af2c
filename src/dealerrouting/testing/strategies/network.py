"""The nouns of a plan and of claims: companies, dealers, territories, accounts, registrations.

May know: the nouns, how the strategies draw. May not know: conditions, whole plans, facts.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from dealerrouting.model import Account, Company, Dealer, Registration, Territory
from dealerrouting.postcode import PostcodeSet, parse_set
from dealerrouting.rules import Plan
from dealerrouting.testing.strategies.bounds import bounds_of
from dealerrouting.testing.strategies.drawing import COMPANIES, EDGES, companies_of, one_of, plan_of, some_of

__all__ = ["DEALERS", "accounts", "companies", "dealers", "postcode_sets", "registrations", "spans", "territories"]

DEALERS = ("delta", "maas", "schelde")
"""The ids of drawn dealers."""
_TICK = timedelta(microseconds=1)
_NO_SPAN = (None, None)
_SPANS: tuple[tuple[datetime | None, datetime | None], ...] = (
    _NO_SPAN,
    _NO_SPAN,
    (EDGES[1], None),
    (None, EDGES[1]),
    (EDGES[0], EDGES[2]),
    (EDGES[1], EDGES[1] + _TICK),
)
_POINTS = ((None, None), (51.92, 4.48), (0.0, 0.0), (0.0, 180.0), (90.0, 12.0))
_WEIGHTS = (1, 2, "0.5", 1_000_000, "0.000001")
_CODES: dict[str, tuple[str, ...]] = {
    "NL": ("3011", "3000..3399", "3011 AB", "30*; 3399"),
    "BE": ("2000", "2000..2660", "26*"),
    "GB": ("SW1", "SW1; SW11"),
    "DE": ("01067", "01000..01999"),
}
_CELLS = ("u15", "u15j", "s0")
_SECTORS = ("C", "C25", "C25.6", "C25.61", "G")
_PRODUCTS, _LANGUAGES = ("press", "lathe"), ("nl", "fr")


def spans() -> st.SearchStrategy[tuple[datetime | None, datetime | None]]:
    """Validities: none, open at one end, closed, one microsecond long."""
    return st.sampled_from(_SPANS)


def companies() -> st.SearchStrategy[Company]:
    """Fictitious companies: some the same by another key, some that contradict, one without any key."""
    return st.sampled_from(COMPANIES)


@st.composite
def dealers(draw: st.DrawFn, ids: Sequence[str] = DEALERS) -> Dealer:
    """Dealers with one of `ids`: with or without a place, caps, dates, pauses, languages and products."""
    lat, lon = one_of(draw, _POINTS)
    first, last = draw(spans())
    return Dealer(
        one_of(draw, ids),
        lat=lat,
        lon=lon,
        max_open=one_of(draw, (None, None, 0, 1, 2)),
        max_per_30_days=one_of(draw, (None, None, 0, 1, 2)),
        active_from=first,
        active_until=last,
        paused=one_of(draw, ((), (), ((EDGES[0], EDGES[1]),))),
        serves_languages=some_of(draw, _LANGUAGES, 1),
        serves_products=some_of(draw, _PRODUCTS, 1),
    )


@st.composite
def postcode_sets(draw: st.DrawFn, country: str | None = None) -> PostcodeSet:
    """Sets of postcodes: one code, a range, a prefix, several."""
    known = tuple(_CODES) if country is None else (country,)
    where = one_of(draw, known)
    return parse_set(where, one_of(draw, _CODES[where]))


def _weights(draw: st.DrawFn, ids: Sequence[str]) -> dict[str, Any]:
    chosen = [one_of(draw, ids), *some_of(draw, ids, 2)]
    return {name: one_of(draw, _WEIGHTS) for name in dict.fromkeys(chosen)}


@st.composite
def territories(
    draw: st.DrawFn,
    dealers: Sequence[str] = DEALERS,
    countries: Sequence[str] = ("NL", "BE", "GB", "DE"),
    ids: Sequence[str] = ("t1", "t2", "t3", "t4"),
) -> Territory:
    """Territories of some of `dealers`, in some of `countries`: by country, postcodes, cells, sectors and the rest."""
    return Territory(one_of(draw, ids), _weights(draw, dealers), **_region(draw, countries), **_agreed(draw))


def _region(draw: st.DrawFn, countries: Sequence[str]) -> dict[str, Any]:
    here = one_of(draw, countries)
    known = _CODES.get(here, ())
    return {
        "country": one_of(draw, ([here], [here], sorted({here, *countries[:1]}), [])),
        "sectors": some_of(draw, _SECTORS, 2),
        "products": some_of(draw, _PRODUCTS, 1),
        "languages": some_of(draw, _LANGUAGES, 1),
    } | one_of(
        draw,
        (
            {},
            *({"country": [here], "postcodes": cell} for cell in known),
            {"country": [here], "geohashes": list(_CELLS[:1])},
            *({"country": [here], "postcodes": cell, "geohashes": list(_CELLS[1:])} for cell in known[:1]),
        ),
    )


def _agreed(draw: st.DrawFn) -> dict[str, Any]:
    first, last = draw(spans())
    return {
        "priority": one_of(draw, (0, 0, 1, -1)),
        "exclusive": one_of(draw, (False, False, False, True)),
        "ledger": one_of(draw, (None, None, "shared")),
        "valid_from": first,
        "valid_until": last,
    }


@st.composite
def accounts(
    draw: st.DrawFn,
    dealers: Sequence[str] = DEALERS,
    ids: Sequence[str] = ("a1", "a2", "a3"),
    companies: Sequence[Company] = COMPANIES,
) -> Account:
    """Accounts of `dealers`, of those of `companies` that have a key."""
    keyed = [one for one in companies if one.keys()] or [COMPANIES[0]]
    first, last = draw(spans())
    return Account(one_of(draw, ids), one_of(draw, dealers), one_of(draw, keyed), valid_from=first, valid_until=last)


def registrations(plan: Plan | None = None, ids: Sequence[str] = ("R1", "R2", "R3")) -> st.SearchStrategy[Registration]:
    """Claims of the plan's dealers (and of one that it does not have) on the companies that `leads(plan)` come from.

    Most are approved; some end at an instant at which the plan changes, and some are on a product that it asks for.
    """
    plan = plan_of(plan)
    return _registrations(plan, ids, companies_of(plan))


@st.composite
def _registrations(draw: st.DrawFn, plan: Plan, ids: Sequence[str], of: Sequence[Company]) -> Registration:
    return _registration(draw, plan, ids, of)


def _registration(draw: st.DrawFn, plan: Plan, ids: Sequence[str], of: Sequence[Company]) -> Registration:
    known = [dealer.id for dealer in plan.dealers if dealer.kind == "dealer"] or [plan.house]
    submitted = one_of(draw, (EDGES[0] - timedelta(days=30), EDGES[0]))
    bounds = bounds_of(plan)
    asked = dict.fromkeys(said["product"] for said in reversed(bounds.extras) if "product" in said)
    return Registration(
        one_of(draw, ids),
        one_of(draw, (*known, *known, plan.house, "stranger")),
        one_of(draw, of),
        status=one_of(draw, ("approved", "approved", "approved", "submitted", "expired", "withdrawn")),
        submitted_at=submitted,
        decided_at=one_of(draw, (None, None, EDGES[0], EDGES[1])),
        expires_at=one_of(draw, (None, None, *EDGES[1:], EDGES[1] + _TICK, *bounds.instants[:32])),
        products=some_of(draw, tuple(asked), 1),
        email=one_of(draw, (None, None, "sales@jansen.example", "someone@gmail.com")),
    )
