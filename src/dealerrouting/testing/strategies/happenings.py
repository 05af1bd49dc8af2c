"""Facts, instants, and whole cases: a lead, a plan, facts and an instant that have to do with each other.

May know: plans, leads, claims, how the strategies draw. May not know: what is decided.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from dealerrouting.model import Choice, Company, Count, Dealer, Facts, Incumbent, Lead, PastHolder, Registration
from dealerrouting.rules import Plan
from dealerrouting.testing.strategies.bounds import bounds_of
from dealerrouting.testing.strategies.drawing import EDGES, companies_of, one_of, plan_of, some_of
from dealerrouting.testing.strategies.inquiries import IDS, leads
from dealerrouting.testing.strategies.network import _registration
from dealerrouting.testing.strategies.rulings import plans

__all__ = ["cases", "facts", "instants"]

_MONTH, _TICK = timedelta(days=30), timedelta(microseconds=1)
_CREDITS = (0, 1, -1, 333_333, 999_999, -999_999, 1_000_000, -1_500_000)


def instants(plan: Plan | None = None) -> st.SearchStrategy[datetime]:
    """Every instant at which `plan` changes what it says, one microsecond before and after; and some between."""
    return st.sampled_from(_times(plan_of(plan)))


def _times(plan: Plan) -> tuple[datetime, ...]:
    usual = [edge + step for edge in EDGES for step in (timedelta(0), -_TICK, _TICK, timedelta(days=40))]
    return tuple(dict.fromkeys((EDGES[0], *bounds_of(plan).instants, *usual)))


def facts(plan: Plan | None = None, leads: Iterable[Lead] | None = None) -> st.SearchStrategy[Facts]:
    """What has happened under `plan`: claims, incumbents, counts, ledgers, shares, past holders, choices.

    Claims and incumbents are of the companies that `leads(plan)` come from, and of the companies of `leads` where
    some are given: they really hit. Counts lie at, below and above the caps.
    """
    plan = plan_of(plan)
    given = tuple(leads or ())
    of = tuple(dict.fromkeys((*(lead.company for lead in given), *companies_of(plan))))
    return _facts(plan, of, tuple(lead.id for lead in given) or IDS)


@st.composite
def _facts(draw: st.DrawFn, plan: Plan, of: Sequence[Company], ids: Sequence[str]) -> Facts:
    people = [dealer.id for dealer in plan.dealers if dealer.id != plan.house][:64] or [plan.house]
    anybody = (*people, "stranger")
    return Facts(
        registrations=_claims(draw, plan, of),
        incumbents=[_incumbent(draw, one_of(draw, of), anybody) for _ in range(draw(st.integers(0, 2)))],
        counts=[_count(draw, plan.dealer(name) or Dealer(name)) for name in some_of(draw, anybody, 3)],
        ledgers={name: _credit(draw, people) for name in some_of(draw, _ledgers(plan), 2)},
        shares={name: one_of(draw, (0, "0.25", 1, "2.5")) for name in some_of(draw, anybody, 2)},
        past_holders=_past(draw, ids, anybody),
        choices=_choices(draw, ids, anybody),
    )


def _claims(draw: st.DrawFn, plan: Plan, of: Sequence[Company]) -> list[Registration]:
    return [_registration(draw, plan, (f"R{number}",), of) for number in range(1, 1 + draw(st.integers(0, 3)))]


def _incumbent(draw: st.DrawFn, company: Company, people: Sequence[str]) -> Incumbent:
    keyed = company if company.keys() else Company(number="24123456", country="NL")
    since = one_of(draw, (EDGES[0], EDGES[0] - _MONTH, EDGES[1], EDGES[1] + _TICK))
    return Incumbent(keyed, one_of(draw, people), since=since, status=one_of(draw, ("open", "won")))


def _count(draw: st.DrawFn, dealer: Dealer) -> Count:
    """At the dealer's caps, one below and one above; some of its leads leave the thirty days at an edge."""
    open, recent = (_near(draw, cap) for cap in (dealer.max_open, dealer.max_per_30_days))
    edges = [edge - _MONTH + step for edge in EDGES for step in (timedelta(0), _TICK)]
    return Count(dealer.id, open, recent, tuple(some_of(draw, edges, min(2, recent))))


def _near(draw: st.DrawFn, cap: int | None) -> int:
    return one_of(draw, (0, 1)) if cap is None else one_of(draw, (cap, cap + 1, max(0, cap - 1)))


def _ledgers(plan: Plan) -> tuple[str, ...]:
    own = [land.ledger for land in plan.territories] + [rule.ledger for rung in plan.precedence for rule in rung.rules]
    return tuple(dict.fromkeys((*(rung.name for rung in plan.precedence if rung.gives), *filter(None, own))))[:64] or (
        "-",
    )


def _credit(draw: st.DrawFn, people: Sequence[str]) -> dict[str, int]:
    return {name: one_of(draw, _CREDITS) for name in some_of(draw, people, 3)}


def _past(draw: st.DrawFn, ids: Sequence[str], people: Sequence[str]) -> list[PastHolder]:
    pairs = {(one_of(draw, ids), one_of(draw, people)) for _ in range(draw(st.integers(0, 2)))}
    whys = ("excluded", "declined", "withdrawn", "returned")
    return [PastHolder(lead, dealer, one_of(draw, whys)) for lead, dealer in sorted(pairs)]


def _choices(draw: st.DrawFn, ids: Sequence[str], people: Sequence[str]) -> list[Choice]:
    if draw(st.integers(0, 5)) < 5:
        return []
    lead, when = one_of(draw, ids), one_of(draw, EDGES)
    return [Choice("C1", lead, one_of(draw, people), evidence="letter-1", actor="desk", chosen_at=when)]


def cases(plan: Plan | None = None) -> st.SearchStrategy[tuple[Lead, Plan, Facts, datetime]]:
    """A lead, a plan (drawn where none is given), facts and an instant, to `route(lead, plan, facts, at=at)`."""
    return _cases(None if plan is None else plan_of(plan))


@st.composite
def _cases(draw: st.DrawFn, given: Plan | None) -> tuple[Lead, Plan, Facts, datetime]:
    plan = draw(plans()) if given is None else given
    lead: Any = draw(leads(plan))
    at = draw(instants(plan)) if lead.received_at is None else lead.received_at
    return lead, plan, draw(facts(plan, [lead])), at
