"""The companies with an account, as two plans see them: who holds them when.

May know: spaces, plans, keys of companies. May not know: outcomes, regions.

An account is one thing that may have happened besides the lead. A company may be several accounts: all that its keys
find are offered, as when it is routed.
"""

from __future__ import annotations

from collections.abc import Iterator

from attrs import frozen

from dealerrouting.identity import match
from dealerrouting.model import Account, Lead
from dealerrouting.rules.plan import Plan
from dealerrouting.verify.outcome import Scenario
from dealerrouting.verify.scenarios import stand, standing
from dealerrouting.verify.space import Space

__all__ = ["Held", "companies", "held"]


@frozen
class Held:
    """A company in some classes of time: what each plan offers it by accounts, and whose accounts they are."""

    scenarios: tuple[Scenario, Scenario]
    when: int
    accounts: tuple[str, ...]
    holders: frozenset[str]
    early: bool  # accounts are asked before anything is given, in both plans


def held(here: Space) -> Iterator[Held]:
    """Every company with an account in two plans, where the plans do not see it alike."""
    before = {stand(plan, "accounts") or () for plan in here.plans}
    for account in {one.keys: one for plan in here.plans for one in plan.accounts}.values():
        found = [tuple(_of(plan, account)) for plan in here.plans]
        for pair, mask in _by_offers(here, found, account).items():
            holders = frozenset(dealer for one in pair for _, dealer in one.offers)
            if len(before) > 1 or pair[0] != pair[1] or any(_moved(here, name) for name in holders):
                ids = tuple(sorted({one.id for accounts in found for one in accounts}))
                yield Held(pair, mask, ids, holders, before == {()})


def companies(here: Space) -> Iterator[tuple[Scenario, int]]:
    """What the accounts of one plan offer a company, each offer once, and the classes of time in which they do."""
    plan = here.plans[0]
    found: dict[tuple[tuple[str, ...], int], Scenario] = {}
    for account in {one.keys: one for one in plan.accounts}.values():
        mine = tuple(_of(plan, account))
        for (scenario, _), mask in _by_offers(here, [mine, mine], account).items():
            if scenario.offers:
                found.setdefault((tuple(sorted({dealer for _, dealer in scenario.offers})), mask), scenario)
    return ((scenario, mask) for (_, mask), scenario in found.items())


def _of(plan: Plan, account: Account) -> Iterator[Account]:
    """The accounts that the keys of an account's company find."""
    if plan.rung("accounts") is not None:
        keys = plan.recognised(Lead("witness", account.company).identity)[0].keys
        yield from (one for one in plan.accounts_of(keys) if match(keys, one.keys).routes)


def _by_offers(here: Space, found: list[tuple[Account, ...]], account: Account) -> dict[tuple[Scenario, Scenario], int]:
    """The classes of time by what each plan offers the company then."""
    when = here.when
    times = [[(one, when.valid(one.valid_from, one.valid_until)) for one in accounts] for accounts in found]
    masks: dict[tuple[Scenario, Scenario], int] = {}
    for at in range(when.size):
        one, two = (
            Scenario("accounts", tuple((a.id, a.holder) for a, mask in mine if mask >> at & 1), account.company)
            for mine in times
        )
        masks[one, two] = masks.get((one, two), 0) | 1 << at
    return masks


def _moved(here: Space, dealer: str) -> bool:
    """Whether a dealer is not there in both plans alike."""
    active, planned = here.plans
    return standing(active, dealer) != standing(planned, dealer)
