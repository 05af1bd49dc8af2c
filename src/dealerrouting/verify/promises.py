"""What the user holds of a plan: that some leads always come out so, or never.

May know: plans, scenarios, conditions. May not know: how what breaks it is found, what is usual.

    verify.never(plan, where.sector.under("C21"), by="nearest")
    verify.always(plan, where.country == "LU", holder=["lux-lu"])
    verify.never(plan, ANY_LEAD, kind="house", claimed=True)     # a standing registration never goes to the house
    verify.always(plan, where.country == "LU", holder=["lux-lu"], open_lead=True)        # whoever else has one open
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from attrs import frozen

from dealerrouting.errors import Fault, PlanError, did_you_mean, quoted
from dealerrouting.rules.binding import Leaf, leaves
from dealerrouting.rules.conditions import AllOf, Condition
from dealerrouting.rules.plan import Plan, Source
from dealerrouting.verify.accounts import companies
from dealerrouting.verify.breaches import Promise, Wanted
from dealerrouting.verify.cells import Budget
from dealerrouting.verify.contest import contest
from dealerrouting.verify.finding import Finding
from dealerrouting.verify.given import plan_of
from dealerrouting.verify.outcome import Scenario
from dealerrouting.verify.proof import bind
from dealerrouting.verify.scenarios import claimed as claims
from dealerrouting.verify.scenarios import incumbents
from dealerrouting.verify.space import Space

__all__ = ["ANY_LEAD", "always", "never"]

ANY_LEAD: Condition = AllOf(())
"""The condition of every lead."""


def always(
    plan: Plan,
    when: Condition,
    *,
    holder: str | Iterable[str] | None = None,
    by: str | Iterable[str] | None = None,
    kind: str | None = None,
    accounts: bool = True,
    claimed: bool = False,
    open_lead: bool = False,
    away: bool = False,
    at: datetime | None = None,
    budget: Budget | None = None,
) -> tuple[Finding, ...]:
    """That every lead for which `when` is true ends up so: nothing is found where the promise holds.

    `holder`: with one of these dealers, whoever of the pool it is; `by`: decided by one of these rungs (or `house`);
    `kind`: with a `dealer` or the `house`; what is given has to hold together. Several whom no pick parts go to the
    house.

    It is asked of leads of companies of which nothing is known and, unless `accounts` is False, of those with an
    account in the plan. It says nothing of others: ask again with `claimed` for leads instead on which a dealer has a
    standing registration, with `open_lead` for leads instead of a company that has an open lead with a dealer, each
    for every dealer; with both, for either. In a plan without that rung such a lead is like any other. `away`: it must
    hold also with any single dealer away.

    It says nothing of a lead that names two accounts apart, the number of one and the domain of another: such a lead
    is offered to both holders, which is a conflict where accounts are `unique`. Accounts that share nothing can be
    named so by one lead.

    Each way to break it is a `broken-promise` with a lead that does, and the facts (credits, open leads) with which it
    does; what could not be worked out, or only tried, is an `unknown-region`. `PlanError` for what the plan does not
    know.
    """
    wanted = _wanted(plan, holder, by, kind, yes=True)
    return _asked(plan, when, wanted, _Asking(accounts, claimed, open_lead, away), at, budget)


def never(
    plan: Plan,
    when: Condition,
    *,
    holder: str | Iterable[str] | None = None,
    by: str | Iterable[str] | None = None,
    kind: str | None = None,
    accounts: bool = True,
    claimed: bool = False,
    open_lead: bool = False,
    away: bool = False,
    at: datetime | None = None,
    budget: Budget | None = None,
) -> tuple[Finding, ...]:
    """That no lead for which `when` is true can end up so: the arguments are those of `always`.

    Like `always` it says nothing of a lead that names two accounts apart, the number of one and the domain of another.
    """
    wanted = _wanted(plan, holder, by, kind, yes=False)
    return _asked(plan, when, wanted, _Asking(accounts, claimed, open_lead, away), at, budget)


def _wanted(plan: Plan, holder: Any, by: Any, kind: str | None, *, yes: bool) -> Wanted:
    """The arguments of a promise; `PlanError` with everything that is wrong with them."""
    known = {"house", *(rung.name for rung in plan_of(plan).precedence)}
    faults: list[Fault] = []
    holders, rungs = _names("holder", holder, faults), _names("by", by, faults)
    faults += [_unknown("holder", name, plan.by_id) for name in holders or () if name not in plan.by_id]
    faults += [_unknown("by", name, known) for name in rungs or () if name not in known]
    if kind not in (None, "dealer", "house"):
        faults.append(Fault("kind", f"{quoted(kind)} is no kind of dealer", "write `dealer` or `house`"))
    if holders is None and rungs is None and kind is None:
        faults.append(Fault("promise", "says nothing of the outcome", "give `holder`, `by` or `kind`"))
    if faults:
        raise PlanError(faults)
    kinds = None if kind is None else frozenset(d.id for d in plan.dealers if d.kind == kind)
    return Wanted(holders, rungs, plan.house, kinds, yes)


def _names(place: str, value: str | Iterable[str] | None, faults: list[Fault]) -> frozenset[str] | None:
    """One name or several; a promise that names none would always hold, or never."""
    several = [value] if isinstance(value, str) or not isinstance(value, Iterable) else list(value)
    if value is not None and not all(isinstance(name, str) for name in several):
        faults.append(Fault(place, f"{quoted(value)} is no id", "give one id, or a list of ids"))
    if not several:
        faults.append(Fault(place, "names nobody", "give one id, or a list of ids"))
    return None if value is None else frozenset(name for name in several if isinstance(name, str))


def _unknown(place: str, name: str, known: Iterable[str]) -> Fault:
    return Fault(place, f"the plan has no {quoted(name)}", did_you_mean(name, known))


# --------------------------------------------------------------------------------------------- asking


@frozen
class _Asking:
    """Of which leads it is asked besides, or instead."""

    accounts: bool
    claimed: bool
    open_lead: bool
    away: bool

    def scenarios(self, here: Space) -> Iterator[tuple[Scenario, int]]:
        """What is taken to have happened, and the classes of time in which it can have."""
        plan, whole = here.plans[0], here.when.full
        told = [list(of(plan)) for of, is_so in ((claims, self.claimed), (incumbents, self.open_lead)) if is_so]
        yield from ((one, whole) for found in told for one in found)
        if not told or [] in told:  # the plan does not ask for it, so that such a lead is like any other
            yield Scenario(), whole
            yield from companies(here) if self.accounts else ()


def _asked(
    plan: Plan, when: Condition, wanted: Wanted, asking: _Asking, at: datetime | None, budget: Budget | None
) -> tuple[Finding, ...]:
    bound = bind(plan, when)
    asked = contest(plan, also=[x for x in leaves(bound) if isinstance(x, Leaf)], since=at, budget=budget)
    scenarios = list(dict.fromkeys(asking.scenarios(asked.space)))
    parts = (leaf for source in _sources(plan) for leaf in leaves(source.condition))
    tried = asked.space.tried({leaf.field for leaf in parts if isinstance(leaf, Leaf)})
    where = list(asked.space.boxes(0, bound, "promise"))
    return tuple(Promise(asked, wanted, bound, scenarios, asking.away, where, tried).findings())


def _sources(plan: Plan) -> Iterator[Source]:
    return (source for found in plan.sources.values() for source in found)
