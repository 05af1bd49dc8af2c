"""What a lead or a claim is held against, loaded; and the router asked.

May know: the core, what is loaded. May not know: what is written afterwards.
A store knows companies by sealed keys only. For the core, a key that was asked for is given back as the core seals it;
one that was not asked for stays under the desk's own pseudonym: it cannot be equal to any that was asked for, so the
core comes to the same answer.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime

from attrs import evolve, field, frozen

from dealerrouting.desk.config import Config
from dealerrouting.desk.look import Look
from dealerrouting.desk.sealing import Sealer
from dealerrouting.desk.steps import Call, Steps
from dealerrouting.identity import Key, findable, match, sealed
from dealerrouting.model import Company, Count, Decision, Facts, Incumbent, Lead, PastHolder, Registration
from dealerrouting.ports import Case, Claimed, Counter, Ref
from dealerrouting.registrations import Standing
from dealerrouting.rules import Needs, Plan, needs, route

__all__ = ["Near", "decide", "keys_of", "near", "past_holders", "pseudonymous", "standing_for"]


def keys_of(lead: Lead, plan: Plan) -> frozenset[Key]:
    """The keys by which the company that asks is found under this plan."""
    return findable(plan.recognised(lead.identity)[0].keys)


# What is near


@frozen
class Near:
    """What shares a key with a company: cases and claims, each once, by id; and how to say its keys to the core.

    `own` are the keys by which the company itself is found, sealed by the desk. `primaries` are the leads that linked
    ones go with.
    """

    cases: tuple[Case, ...]
    claims: tuple[Registration, ...]
    plain: Mapping[Key, Key] = field(repr=False)
    own: tuple[Key, ...] = ()
    primaries: Mapping[str, Case] = field(factory=dict, repr=False)

    def incumbents(self, but: str = "") -> Iterator[Incumbent]:
        """The dealers that have an open lead of the company, or won one; never the house."""
        for keys, case in self._standing():
            if case.lead == but or case.state is None or case.state.standing.kind != "assigned" or not case.holder:
                continue
            company = [self.plain.get(key, key) for key in keys]
            if case.served:
                yield Incumbent(company, case.holder, since=case.state.standing.since)
            elif case.phase == "won" and case.over_since:
                yield Incumbent(company, case.holder, since=case.over_since, status="won")

    def same(self, holder: str, but: str) -> Case | None:
        """The oldest open lead of the same company that this one holds."""
        mine = frozenset(self.own)
        found = [
            case
            for keys, case in self._standing()
            if case.lead != but and case.open and case.holder == holder and match(mine, frozenset(keys)).routes
        ]
        return min(found, key=lambda case: (case.received_at, case.lead), default=None)

    def _standing(self) -> Iterator[tuple[tuple[Key, ...], Case]]:
        """Each lead by its keys; a linked one by its own, and as the one it goes with."""
        for case in self.cases:
            yield case.keys, self.primaries.get(case.linked or "", case)


def near(look: Look, keys: Iterable[Key]) -> Steps[Near]:
    """Everything that shares one of these keys."""
    seal = look.seal
    plain = {seal.key(key): sealed(key) for key in keys}
    prospects = [Ref("prospect", str(key)) for key in sorted(plain, key=str)]
    yield from look.load(prospects)
    leads = sorted({name for ref in prospects for name in look.values[ref].leads})
    claims = sorted({name for ref in prospects for name in look.values[ref].claims})
    yield from look.load([*(Ref("lead", name) for name in leads), *(Ref("claim", name) for name in claims)])
    cases: list[Case | None] = [look.values[Ref("lead", name)] for name in leads]
    found: list[Claimed | None] = [look.values[Ref("claim", name)] for name in claims]
    others = [Ref("lead", case.linked) for case in cases if case is not None and case.linked]
    yield from look.load(others)
    primaries = {ref.id: look.values[ref] for ref in others if look.values[ref] is not None}
    known = tuple(one for one in cases if one)
    return Near(known, tuple(one.claim for one in found if one), plain, primaries=primaries)


# A lead


def decide(
    config: Config, look: Look, plan: Plan, lead: Lead, at: datetime, past: Iterable[PastHolder] = ()
) -> Steps[tuple[Decision, Facts, Near]]:
    """What the plan says of a lead now, and the facts that it was said on."""
    asked = needs(lead, plan)
    own = keys_of(lead, plan)
    found = yield from near(look, {*own, *asked.registration_keys, *asked.company_keys})
    found = evolve(found, own=look.seal.keys(own))
    counted = tuple(_counted(plan, asked))
    yield from look.load(
        [
            *(Ref("ledger", name) for name in asked.ledgers),
            *(Ref(kind, name) for name in counted for kind in ("dealer", "recent")),
        ]
    )
    told = yield from _told(config, asked)
    facts = Facts(
        registrations={one.id: one for one in (*told.registrations, *found.claims)}.values(),
        incumbents=[*told.incumbents, *found.incumbents(but=lead.id)],
        counts={**told.counts, **{name: _count(look, name) for name in counted}},
        ledgers={name: look.values[Ref("ledger", name)] for name in asked.ledgers},
        shares=told.shares,
        past_holders={(one.lead, one.dealer): one for one in (*told.past_holders, *past)}.values(),
        choices=told.choices,
    )
    return route(lead, plan, facts, at=at), facts, found


def _counted(plan: Plan, asked: Needs) -> Iterator[str]:
    """The dealers whose counts can matter: of others nothing is read, so that nobody waits for them."""
    everybody = any("least_loaded" in rung.pick for rung in plan.precedence)
    for name in asked.dealers:
        dealer = plan.dealer(name)
        if dealer is not None and (everybody or dealer.max_open is not None or dealer.max_per_30_days is not None):
            yield name


def _count(look: Look, name: str) -> Count:
    recent = look.values[Ref("recent", name)]
    return Count(name, look.values[Ref("dealer", name)], len(recent), recent)


def _told(config: Config, asked: Needs) -> Steps[Facts]:
    """What the caller's own facts add: shares, customers' choices, who served a company before there was a desk."""
    if not config.has_facts:
        return Facts()
    found: Facts = yield Call("facts", "facts", (asked,))
    return found


_WHY = {"declined": "declined", "silence": "withdrawn", "withdrawn": "withdrawn"}


def past_holders(case: Case) -> Iterator[PastHolder]:
    """The dealers that have had this lead, and why they have it no more."""
    for over in case.state.standing.past if case.state else ():
        if over.kind == "assigned":
            yield PastHolder(case.lead, over.holder, _WHY.get(over.why, "returned"))
    held = {over.holder for over in case.state.standing.past} if case.state else set()
    yield from (PastHolder(case.lead, dealer, "returned") for dealer in case.had if dealer not in held)


def pseudonymous(facts: Facts, found: Near, seal: Sealer) -> Facts:
    """The facts as they are kept beside a decision: ids, and keys under the desk's pseudonym.

    The caller's facts may tell of companies that were not asked for: their keys come sealed with no secret.
    """
    mine = {plain: ours for ours, plain in found.plain.items()}
    mine |= {key: key for case in found.cases for key in case.keys}
    claims = [evolve(claim, company=Company(), email=None) for claim in facts.registrations]
    served = [
        Incumbent(
            (mine.get(key) or seal.key(key) for key in one.company), one.dealer, since=one.since, status=one.status
        )
        for one in facts.incumbents
    ]
    ledgers = dict(facts.ledgers)
    return Facts(claims, served, facts.counts, ledgers, facts.shares, facts.past_holders, facts.choices)


# A claim


def standing_for(config: Config, look: Look, plan: Plan, claim: Registration, at: datetime) -> Steps[Standing]:
    """What a claim is held against."""
    known, shared = plan.recognised(claim.identity)
    keys = {*findable(known.keys), *shared, *known.hints}
    found = yield from near(look, keys)
    claimant = Ref("claimant", claim.dealer)
    yield from look.load([claimant, Ref("claim", claim.id)])
    counter: Counter = look.values[claimant]
    itself: Claimed | None = look.values[Ref("claim", claim.id)]
    claims = {one.id: one for one in (*found.claims, *([itself.claim] if itself else []))}
    return Standing(
        claims.values(),
        list(plan.accounts_of(sorted(findable(known.keys), key=str))),
        list(found.incumbents()),
        plan.by_id,
        markets=list(config.markets(claim)),  # type: ignore[arg-type]
        made=len(counter.claimed(at)),
    )
