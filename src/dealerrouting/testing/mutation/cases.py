"""A golden case that tells a plan from a mutant: a lead, facts and an instant, all as plain as they can be.

May know: plans, routing, golden cases. May not know: tests, what came of a mutant.

Whoever reads the case decides whether the plan is right in it. So it stands on a working day at nine wherever such an
instant shows the difference, and nothing has happened that it can do without.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from itertools import chain, islice, permutations, product
from typing import Any

from attrs import evolve, frozen

from dealerrouting import verify
from dealerrouting.model import MILLION, Company, Decision, Facts, Incumbent, Lead, PastHolder, Territory
from dealerrouting.rules import Plan, route
from dealerrouting.rules.route import consider
from dealerrouting.testing.golden import case_text
from dealerrouting.testing.mutation.mutants import mutants

__all__ = ["Case", "beyond", "case_of", "hops"]

_STEP = MILLION // 24
"""How finely a rotation's ledger is tried, in millionths of a lead."""
_FEW = 4
"""How many dealers are tried as incumbents: two differ from any holder, and one may be a team of the house."""
_MANY = 64
_PROSPECT = Company(domain="prospect.example")
_MONDAY = date(2027, 1, 4)
_WORKING = 5


@frozen
class Case:
    """A lead, facts and an instant that a plan and a mutant decide differently; `decision` is the plan's."""

    lead: Lead
    at: datetime
    facts: Facts
    decision: Decision

    def text(self, name: str) -> str:
        """A golden case, as it stands under `cases:` in a golden file."""
        return case_text(name, self.lead, self.at, self.decision, facts=self.facts)


def case_of(plan: Plan, other: Plan, witness: Any) -> Case | None:
    """The plainest case that shows what the witness does; None where no single lead shows it."""
    instants = _instants(plan, witness.at)
    working = len(_mornings(plan, witness.at)[0])
    found = _plain(plan, other, witness, instants[:working]) or _plain(plan, other, witness, instants[working:])
    return found or _owed(plan, other, witness, instants)


def _mornings(plan: Plan, near: datetime | None) -> tuple[list[datetime], list[datetime]]:
    """Nine o'clock on the plan's clock, on some Monday and in the week from `near` on: on working days, on others."""
    found: tuple[list[datetime], list[datetime]] = ([], [])
    for day in (_MONDAY, *_week(plan, near)):
        at = datetime.combine(day, time(9), plan.lens.zone).astimezone(UTC)
        found[day.isoweekday() > _WORKING].append(at)
    return found


def _week(plan: Plan, near: datetime | None) -> Iterable[date]:
    try:
        day = _MONDAY if near is None else near.astimezone(plan.lens.zone).date()
        return [day + timedelta(days=n) for n in range(7)]
    except OverflowError:  # the first and the last days of time have no week
        return ()


def _instants(plan: Plan, near: datetime | None) -> list[datetime]:
    """The plainest first, and `near` itself last."""
    working, rest = _mornings(plan, near)
    return [*working, *rest, *([] if near is None else [near])]


def _plain(plan: Plan, other: Plan, witness: Any, instants: Iterable[datetime]) -> Case | None:
    """With nothing before; with what the witness has before; with one more dealer away."""
    lead = witness.lead
    known = (Facts(), witness.facts) if witness.facts != Facts() else (Facts(),)
    before = [(_later(facts, at - witness.at), at) for facts in known for at in instants]
    away = (
        (_away(facts, lead.id, name), at)
        for facts, at in before
        for name in sorted(_offered(plan, lead, facts, at) | _offered(other, lead, facts, at))
    )
    return _first(plan, other, lead, chain(before, away))


def _later(facts: Facts, by: timedelta) -> Facts:
    """The same, as much later: a claim that stood stands."""
    if not (facts.registrations or facts.incumbents):
        return facts
    moments = ("submitted_at", "decided_at", "expires_at", "protected_until")
    claims = [
        evolve(claim, **{name: was + by for name in moments if (was := getattr(claim, name)) is not None})
        for claim in facts.registrations
    ]
    return evolve(
        facts, registrations=claims, incumbents=[evolve(one, since=one.since + by) for one in facts.incumbents]
    )


def _offered(plan: Plan, lead: Lead, facts: Facts, at: datetime) -> set[str]:
    """The dealers that some rung offered: whether any other is there makes no difference."""
    return {one.dealer for heard in consider(lead, plan, facts, at=at).heard for one in heard.offered}


def _away(facts: Facts, lead: str, dealer: str) -> Facts:
    past = {(one.lead, one.dealer): one for one in facts.past_holders}
    return evolve(facts, past_holders=(past | {(lead, dealer): PastHolder(lead, dealer, "excluded")}).values())


def _owed(plan: Plan, other: Plan, witness: Any, instants: Iterable[datetime]) -> Case | None:
    """With every pair of a rotation owed more and less; at a plain instant, where what shows it then shows it too."""
    lead, changes = witness.lead, route(witness.lead, plan, witness.facts, at=witness.at).changes
    if not changes.ledger:
        return None
    found = _first(plan, other, lead, ((facts, witness.at) for facts in _ledgers(witness.facts, changes)))
    if found is None:
        return None
    return _first(plan, other, lead, ((_later(found.facts, at - found.at), at) for at in instants))


def _ledgers(facts: Facts, changes: Any) -> Iterator[Facts]:
    for one, two in permutations(sorted(changes.credits or ()), 2):
        for credit in range(_STEP, MILLION, _STEP):
            yield evolve(facts, ledgers={changes.ledger: {one: credit, two: -credit}})


def _first(plan: Plan, other: Plan, lead: Lead, tries: Iterable[tuple[Facts, datetime]]) -> Case | None:
    """The first that the two decide differently in what a golden case tells."""
    for facts, at in tries:
        mine, theirs = route(lead, plan, facts, at=at), route(lead, other, facts, at=at)
        if _told(mine) != _told(theirs):
            return Case(lead, at, facts, mine)
    return None


def _told(decision: Decision) -> tuple[object, ...]:
    return decision.holder, decision.by, frozenset(decision.because), frozenset(decision.flags)


# What no witness shows


def beyond(plan: Plan, other: Plan) -> Case | None:
    """What the scenarios of `verify.equal` leave out: a lead won long ago, an account that has an incumbent."""
    rungs = [rung for one in (plan, other) if (rung := one.rung("incumbent"))]
    if not rungs:
        return None
    reaches = [rung.won_within for rung in rungs if rung.won_within]
    ages = [timedelta(hours=1), *(reach.delta - timedelta(seconds=1) for reach in reaches)]
    companies = [_PROSPECT, *(account.company for account in plan.accounts[:1])]
    instants = _instants(plan, next((account.valid_from for account in plan.accounts[:1]), None))
    for company, dealer, age, status in product(companies, plan.dealers[:_FEW], ages, ("open", "won")):
        held = Incumbent(company.keys(), dealer.id, since=instants[0], status=status)
        tries = ((Facts(incumbents=[evolve(held, since=at - age)]), at) for at in instants)
        case = _first(plan, other, Lead("lead", company=company), tries)
        if case is not None:
            return case
    return None


def hops(plan: Plan, other: Plan) -> Case | None:
    """A lead that has been with as many dealers as one of the two allows, and one too many for the other."""
    allowed = plan.terms.max_reassignments, other.terms.max_reassignments
    if allowed[0] == allowed[1]:
        return None
    for lead, near in _given(plan):
        tries = ((facts, at) for at in _instants(plan, near) for facts in _been(plan, lead, at, max(allowed)))
        case = _first(plan, other, lead, tries)
        if case is not None:
            return case
    return None


def _been(plan: Plan, lead: Lead, at: datetime, held: int) -> Iterator[Facts]:
    """So many have had the lead: others than the dealer that would get it; or that one too; or teams of the house."""
    holder = route(lead, plan, at=at).holder
    dealers = [one.id for one in plan.dealers if one.kind == "dealer"]
    teams = [one.id for one in plan.dealers if one.kind == "house"]
    others = [name for name in dealers if name != holder]
    for names in (others, dealers, [*dealers, *teams]):
        if len(names) >= held:
            yield Facts(past_holders=[PastHolder(lead.id, name, "withdrawn") for name in names[:held]])


def _given(plan: Plan) -> Iterator[tuple[Lead, datetime | None]]:
    """Leads that a rung gives to a dealer, and when: from a territory; from a dealer's doorstep; of a rule."""
    yield from ((_inside(territory), territory.valid_from) for territory in plan.territories[:_MANY])
    if plan.rung("nearest"):
        yield from ((Lead("lead", lat=one.lat, lon=one.lon), None) for one in plan.dealers[:_MANY] if one.point)
    drops = (one for one in mutants(plan, only=["drop"]) if one.where.slug.startswith("rule/"))
    for without in (made for one in islice(drops, _FEW) if (made := one.plan) is not None):
        witness = verify.equal(plan, without).witness
        if witness is not None:
            yield witness.lead, witness.at


def _inside(territory: Territory) -> Lead:
    """A plain lead from this territory."""
    first: dict[str, Any] = {
        "country": territory.country,
        "sector": territory.sectors,
        "product": territory.products,
        "language": territory.languages,
    }
    said = {name: values[0] for name, values in first.items() if values}
    return Lead("lead", postcode=territory.postcodes.sample() if territory.postcodes else None, **said)
