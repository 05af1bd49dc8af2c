"""The companies with an account, as two plans see them: who holds them when.

May know: spaces, plans, keys of companies. May not know: outcomes, regions.

An account is one thing that may have happened besides the lead. A company may be several accounts: all that its keys
find are offered, as when it is routed. A lead seldom says all by which an account is known, and what it leaves out may
decide which accounts it finds: so each choice of what it may say is asked, where accounts have something in common.
Leads that say what two accounts are known by apart are not asked.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import combinations

from attrs import frozen

from dealerrouting.identity import Key, findable, match
from dealerrouting.model import Account, Company, Lead
from dealerrouting.rules.plan import Plan
from dealerrouting.verify.outcome import Scenario
from dealerrouting.verify.scenarios import stand, standing
from dealerrouting.verify.space import Space

__all__ = ["Held", "companies", "held", "known", "mixed", "tellings", "while_known"]


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
    known: dict[tuple[Scenario, Scenario], int] = {}
    for company in _companies(here.plans, _beside(here)):
        found = [tuple(_of(plan, company)) for plan in here.plans]
        for pair, mask in _by_offers(here, found, company).items():
            mine = mask & ~known.get(pair, 0)
            if mine:
                known[pair] = known.get(pair, 0) | mine
                holders = frozenset(dealer for one in pair for _, dealer in one.offers)
                ids = tuple(sorted({one.id for accounts in found for one in accounts}))
                yield Held(pair, mine, ids, holders, before == {()})


def _beside(here: Space) -> Iterator[Account]:
    """The accounts that are unlike, and those that a company can be as well."""
    keys = {key for account in _unlike(here) for key in findable(account.keys)}
    return (one for plan in here.plans for one in plan.accounts if not keys.isdisjoint(one.keys))


def mixed(here: Space) -> bool:
    """Whether a lead that says what two accounts are known by apart could tell the plans from each other: not asked."""
    known = _by_key(here.plans)
    return any(_near(account, known) for account in _unlike(here))


def _unlike(here: Space) -> list[Account]:
    """The accounts that only one plan has, or whose holder is not there in both alike; all if accounts are not asked
    alike."""
    active, planned = here.plans
    alike = all(_asking(plan) == _asking(active) for plan in here.plans)
    both = set(active.accounts) & set(planned.accounts) if alike else set()
    every = (one for plan in here.plans for one in plan.accounts)
    return [one for one in every if one not in both or _moved(here, one.holder)]


def _asking(plan: Plan) -> tuple[object, ...]:
    """How a plan asks for accounts: where, by which pick, and by which domains."""
    return stand(plan, "accounts"), plan.rung("accounts"), plan.terms.claims


def companies(here: Space) -> Iterator[tuple[Scenario, int]]:
    """What the accounts of one plan offer a company, each offer once, and the classes of time in which they do."""
    plan = here.plans[0]
    found: dict[tuple[tuple[str, ...], int], Scenario] = {}
    for company in _companies([plan], plan.accounts):
        mine = tuple(_of(plan, company))
        for (scenario, _), mask in _by_offers(here, [mine, mine], company).items():
            if scenario.offers:
                found.setdefault((tuple(sorted({dealer for _, dealer in scenario.offers})), mask), scenario)
    return ((scenario, mask) for (_, mask), scenario in found.items())


def known(here: Space, lead: Lead) -> list[tuple[Account, int]]:
    """The accounts of one plan that a lead's company is, and the classes of time in which each is in force."""
    return [(one, here.when.valid(one.valid_from, one.valid_until)) for one in _found(here.plans[0], lead)]


def while_known(here: Space, scenario: Scenario, lead: Lead, by: str) -> int:
    """The classes of time in which the lead's company has accounts with just those dealers that the scenario says.

    All of them where `by`, the rung that decides, comes before accounts are asked.
    """
    names = [rung.name for rung in here.plans[0].precedence]
    reached = here.plans[0].precedence[: names.index(by) + 1 if by in names else None]
    if all(rung.kind != "accounts" for rung in reached):
        return here.when.full
    wanted = {dealer for _, dealer in scenario.offers} if scenario.kind == "accounts" else set()
    masks = dict.fromkeys(wanted, 0)
    for account, when in known(here, lead):
        masks[account.holder] = masks.get(account.holder, 0) | when
    times = here.when.full
    for dealer, when in masks.items():
        times &= when if dealer in wanted else ~when
    return times


# ------------------------------------------------------------------------------------- what a lead may say


def _companies(plans: Iterable[Plan], accounts: Iterable[Account]) -> Iterator[Company]:
    """The companies of these accounts, as leads may tell them; what says the same comes once."""
    known = _by_key(plans)
    said: dict[frozenset[Key], Company] = {}
    for account in accounts:
        for company in tellings(account.company) if _near(account, known) else (account.company,):
            said.setdefault(company.keys(), company)
    yield from said.values()


def _by_key(plans: Iterable[Plan]) -> Mapping[Key, set[frozenset[Key]]]:
    """By each key the keys of the companies that have it."""
    known: dict[Key, set[frozenset[Key]]] = {}
    for one in (one for plan in plans for one in plan.accounts):
        for key in findable(one.keys):
            known.setdefault(key, set()).add(one.keys)
    return known


def _near(account: Account, known: Mapping[Key, set[frozenset[Key]]]) -> bool:
    """Whether another account has a key in common with this one, and is known by others too."""
    return any(known[key] != {account.keys} for key in findable(account.keys))


_SAID = ("number", "vat", "lei", "domain", "postcode")
"""What a company is known by; with its postcode it is by its name."""


_COMPANY = ("name", "country", "city", *_SAID)


def tellings(company: Company) -> Iterator[Company]:
    """The company as leads may tell it: with all that it is known by, then with less and less."""
    known = [name for name in _SAID if getattr(company, name) is not None]
    for count in range(len(known), 0, -1):
        for chosen in combinations(known, count):
            told = _saying(company, chosen)
            if told.keys():
                yield told


def _saying(company: Company, chosen: tuple[str, ...]) -> Company:
    left_out = [name for name in _SAID if name not in chosen]
    nameless = "postcode" in left_out and company.postcode is not None  # a lead's own would take its place
    dropped = {*left_out, *(("city", "name") if nameless else ())}
    said = {name: getattr(company, name) for name in _COMPANY if name not in dropped}
    return Company(**said)


def _of(plan: Plan, company: Company) -> Iterator[Account]:
    """The accounts that the keys of a company find."""
    if plan.rung("accounts") is not None:
        yield from _found(plan, Lead("witness", company))


def _found(plan: Plan, lead: Lead) -> Iterator[Account]:
    keys = plan.recognised(lead.identity)[0].keys
    return (one for one in plan.accounts_of(keys) if match(keys, one.keys).routes)


def _by_offers(here: Space, found: list[tuple[Account, ...]], company: Company) -> dict[tuple[Scenario, Scenario], int]:
    """The classes of time by what each plan offers the company then."""
    when = here.when
    times = [[(one, when.valid(one.valid_from, one.valid_until)) for one in accounts] for accounts in found]
    masks: dict[tuple[Scenario, Scenario], int] = {}
    for at in range(when.size):
        one, two = (
            Scenario("accounts", tuple((a.id, a.holder) for a, mask in mine if mask >> at & 1), company)
            for mine in times
        )
        masks[one, two] = masks.get((one, two), 0) | 1 << at
    return masks


def _moved(here: Space, dealer: str) -> bool:
    """Whether a dealer is not there in both plans alike."""
    active, planned = here.plans
    return standing(active, dealer) != standing(planned, dealer)
