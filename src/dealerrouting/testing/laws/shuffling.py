"""The same plan and the same facts, written otherwise: in another order, twice, with functions that say nothing.

May know: plans, facts. May not know: laws.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from random import Random
from typing import Any, TypeVar

from attrs import evolve

from dealerrouting.model import Facts, Lead
from dealerrouting.rules import Condition, Custom, Pick, Plan, Rung
from dealerrouting.rules.conditions import AllOf, AnyOf, Not

__all__ = ["failing_plan", "quiet_plan", "shuffled_facts", "shuffled_plan"]

T = TypeVar("T")


def _shuffled(things: Iterable[T], rng: Random) -> list[T]:
    known = list(things)
    return rng.sample(known, len(known))


def shuffled_plan(plan: Plan, rng: Random) -> Plan:
    """The same plan, written in another order."""

    def rung_of(rung: Rung) -> Rung:
        rules = list(rung.rules) if "first" in rung.pick else _shuffled(rung.rules, rng)
        return evolve(rung, rules=tuple(evolve(rule, when=_condition(rule.when, rng)) for rule in rules))

    lands = _shuffled(plan.territories, rng)
    return evolve(
        plan,
        dealers=_shuffled(plan.dealers, rng),
        territories=[evolve(land, dealers=dict(_shuffled(land.dealers.items(), rng))) for land in lands],
        accounts=_shuffled(plan.accounts, rng),
        precedence=[rung_of(rung) for rung in plan.precedence],
        attributes=dict(_shuffled(plan.attributes.items(), rng)),
        calendars=dict(_shuffled(plan.calendars.items(), rng)),
    )


def _condition(condition: Condition, rng: Random) -> Condition:
    """*and* and *or* with their parts in another order."""
    if isinstance(condition, AllOf | AnyOf):
        return type(condition)(tuple(_condition(part, rng) for part in _shuffled(condition.parts, rng)))
    return Not(_condition(condition.part, rng)) if isinstance(condition, Not) else condition


def shuffled_facts(facts: Facts, rng: Random) -> Facts:
    """The same facts in another order, some of them told twice."""

    def told(things: Iterable[T]) -> list[T]:
        known = list(things)
        return _shuffled(known + rng.sample(known, len(known) // 2), rng)

    ledgers = _shuffled(facts.ledgers.items(), rng)
    return Facts(
        registrations=told(facts.registrations),
        incumbents=told(facts.incumbents),
        counts=told(facts.counts.values()),
        ledgers={name: dict(_shuffled(ledger.items(), rng)) for name, ledger in ledgers},
        shares=dict(_shuffled(facts.shares.items(), rng)),
        past_holders=told(facts.past_holders),
        choices=told(facts.choices.values()),
    )


# Functions of the caller's own


def quiet_plan(plan: Plan) -> Plan:
    """The plan with functions that answer nothing where its own fail."""
    return _with_functions(plan, _or_nothing, _or_all)


def failing_plan(plan: Plan) -> Plan:
    """The plan with functions that always fail."""

    def fails(*_: Any) -> Any:
        raise RuntimeError("planted by the laws")

    return _with_functions(plan, lambda _: fails, lambda _: fails)


Rewrite = Callable[[Callable[..., Any]], Callable[..., Any]]


def _with_functions(plan: Plan, customs: Rewrite, chosen: Rewrite) -> Plan:
    known = {custom.name: evolve(custom, fn=customs(custom.fn)) for custom in plan.customs}
    picks = {step.name: step for rung in plan.precedence for step in rung.pick if isinstance(step, Pick)}
    picks = {name: evolve(step, fn=chosen(step.fn)) for name, step in picks.items()}

    def settled(condition: Any) -> Any:
        if isinstance(condition, Custom):
            return known[condition.name]
        if isinstance(condition, Not):
            return Not(settled(condition.part))
        return type(condition)(tuple(map(settled, condition.parts))) if hasattr(condition, "parts") else condition

    def rewritten(rung: Rung) -> Rung:
        chain = tuple(picks[step.name] if isinstance(step, Pick) else step for step in rung.pick)
        return evolve(rung, pick=chain, rules=tuple(evolve(rule, when=settled(rule.when)) for rule in rung.rules))

    return evolve(plan, precedence=[rewritten(rung) for rung in plan.precedence])


def _or_nothing(fn: Callable[[Any], Any]) -> Callable[[Any], bool | None]:
    def quiet(said: Any) -> bool | None:
        try:
            answer = fn(said)
        except Exception:  # whatever it raises is what is being asked about
            return None
        return answer if isinstance(answer, bool) else None

    return quiet


def _or_all(fn: Callable[[Lead, tuple[str, ...]], Iterable[str]]) -> Callable[[Lead, tuple[str, ...]], Iterable[str]]:
    def quiet(lead: Lead, dealers: tuple[str, ...]) -> Iterable[str]:
        try:
            kept = set(fn(lead, dealers)) & set(dealers)
        except Exception:  # whatever it raises is what is being asked about
            kept = set()
        return kept or dealers

    return quiet
