"""Which strategy `st.from_type` gives for which of our types.

May know: all strategies. May not know: how Hypothesis came to ask.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from hypothesis import strategies as st

from dealerrouting.events import Event
from dealerrouting.model import (
    Account,
    Choice,
    Company,
    Count,
    Dealer,
    Decision,
    Facts,
    Incumbent,
    Lead,
    PastHolder,
    Registration,
    Territory,
)
from dealerrouting.postcode import Postcode, PostcodeSet, parse
from dealerrouting.rules import Plan, Rule, route
from dealerrouting.rules.conditions import Condition
from dealerrouting.terms import Terms
from dealerrouting.testing import strategies

__all__ = ["STRATEGIES", "register", "strategy_of"]

_Strategy = st.SearchStrategy[Any]


def _one_of(name: str) -> Callable[[], _Strategy]:
    """One of the records of this part of drawn facts."""

    def records() -> _Strategy:
        parts = strategies.facts().map(lambda facts: _listed(getattr(facts, name)))
        return parts.filter(bool).flatmap(st.sampled_from)

    return records


def _listed(part: Any) -> list[Any]:
    return list(part.values()) if isinstance(part, Mapping) else list(part)


def _postcodes() -> _Strategy:
    return strategies.postcode_sets().map(lambda codes: parse(codes.country, codes.sample()))


def _decisions() -> _Strategy:
    return strategies.cases().map(lambda case: route(case[0], case[1], case[2], at=case[3]))


def _events() -> _Strategy:
    told = strategies.histories().map(lambda history: [one for one in history if isinstance(one, Event)])
    return told.flatmap(st.sampled_from)


STRATEGIES: Mapping[type, Callable[[], _Strategy]] = {
    Account: strategies.accounts,
    Choice: _one_of("choices"),
    Company: strategies.companies,
    Condition: strategies.conditions,
    Count: _one_of("counts"),
    Dealer: strategies.dealers,
    Decision: _decisions,
    Event: _events,
    Facts: strategies.facts,
    Incumbent: _one_of("incumbents"),
    Lead: strategies.leads,
    PastHolder: _one_of("past_holders"),
    Plan: strategies.plans,
    Postcode: _postcodes,
    PostcodeSet: strategies.postcode_sets,
    Registration: strategies.registrations,
    Rule: strategies.rules,
    Territory: strategies.territories,
    Terms: lambda: strategies.plans().map(lambda plan: plan.terms),
}
"""The strategy of each type that has one."""


def strategy_of(thing: Any) -> _Strategy | None:
    """The strategy of one of our types; None where it has none of its own."""
    return STRATEGIES[thing]() if isinstance(thing, type) and thing in STRATEGIES else None


def register() -> None:
    """Register every strategy with Hypothesis at once, for a Hypothesis that does not ask by itself."""
    for kind in STRATEGIES:
        st.register_type_strategy(kind, lambda thing: STRATEGIES[thing]())
