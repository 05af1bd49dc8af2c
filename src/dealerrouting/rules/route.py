"""`route`: who gets the lead. This page is the meaning; everything faster is held against it.

May know: plans, leads, facts. May not know: a clock, chance, files, or what happens next.

1. The rungs of the precedence are asked in order. A rung offers candidates: a dealer and the
   source that offers it (a registration, an account, a rule, a territory, the dealer itself). A
   source offers only where its condition is true, not where it is unknown.
2. Candidates that cannot have the lead are barred, each for its first reason.
3. The rung's pick chain narrows those that are left.
4. One dealer left: it holds the lead. None: the next rung. Several: the house, in `conflict`.
5. After the last rung: the house, and why.

    claims ──▶ accounts ──▶ incumbent ──▶ rules ──▶ territories ──▶ nearest ──▶ the house
      └ offered ─ barred ─ picked: one dealer? ┘ no: next

Source of the shape: decision tables' hit policies (OMG, Decision Model and Notation 1.5).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime, timedelta

from attrs import field, frozen

from dealerrouting import geo
from dealerrouting.calendar import instant
from dealerrouting.identity import STRENGTHS, Key, match, sealed
from dealerrouting.mapping import FrozenMap
from dealerrouting.model import Changes, Dealer, Decision, Facts, Lead, PassedOver, Retry, in_force
from dealerrouting.rules.binding import Asked
from dealerrouting.rules.picks import Candidate, Draw, Kept, Pick, keep
from dealerrouting.rules.plan import Plan, Source
from dealerrouting.rules.reading import Reading
from dealerrouting.rules.rungs import Rung

__all__ = ["NO_FACTS", "Case", "Course", "Heard", "barred", "consider", "offers", "route"]

NO_FACTS = Facts()
_OWN = frozenset({"registrations", "accounts", "incumbent", "territories"})  # what a dealer calls its own
_WAITS = {
    "inactive": "active",
    "max_open": "max_open",
    "max_per_30_days": "max_per_30_days",
    "share": "share",
}


def route(lead: Lead, plan: Plan, facts: Facts = NO_FACTS, *, at: datetime) -> Decision:
    """The one holder of `lead` under `plan`, given `facts`, at the instant `at`, and why.

    The same arguments give the same decision, everywhere and always. `at` is an aware datetime
    (`TypeError` otherwise). Nothing about the lead or the facts raises.
    """
    return consider(lead, plan, facts, at=at).decision


@frozen
class Case:
    """One lead before one plan: everything the rungs may look at."""

    lead: Lead
    plan: Plan
    facts: Facts
    at: datetime
    keys: frozenset[Key]
    reading: Reading
    asked: Asked
    opaque: set[str] = field(factory=set)  # the sources that a raising custom left unknown

    def dealer(self, name: str) -> Dealer | None:
        """The dealer of this id, if the plan knows it."""
        return self.plan.dealer(name)

    @property
    def exhausted(self) -> bool:
        """Whether the lead has been with as many dealers as the terms allow."""
        held = sum(why != "excluded" for why in self.facts.past(self.lead.id).values())
        return held > self.plan.terms.max_reassignments

    def metres(self, name: str) -> int | None:
        """How far the dealer is from the lead, in whole metres, where both places are known."""
        dealer = self.dealer(name)
        if self.lead.point is None or dealer is None or dealer.point is None:
            return None
        return geo.distance_m(self.lead.point, dealer.point)


@frozen
class Heard:
    """What one rung said: whom it offered, who was barred and why, what each policy left."""

    rung: Rung
    offered: tuple[Candidate, ...]
    barred: Mapping[str, str]
    steps: tuple[tuple[str | Pick, Kept], ...]
    exclusive: bool  # an exclusive source met another

    @property
    def pool(self) -> tuple[Candidate, ...]:
        """The candidates that are left."""
        if self.steps and not self.exclusive:
            return self.steps[-1][1].pool
        return tuple(c for c in self.offered if c.dealer not in self.barred)

    @property
    def left(self) -> tuple[str, ...]:
        """The distinct dealers that are left."""
        return tuple(sorted({candidate.dealer for candidate in self.pool}))

    @property
    def conflict(self) -> bool:
        """Whether this rung ended with a quarrel."""
        return self.exclusive or len(self.left) > 1


@frozen
class Course:
    """The whole way of one lead: what every rung said, and the decision."""

    case: Case
    heard: tuple[Heard, ...]
    decided: Heard | None
    decision: Decision


def consider(lead: Lead, plan: Plan, facts: Facts = NO_FACTS, *, at: datetime) -> Course:
    """The decision and everything that led to it."""
    at = instant(at)
    reading = plan.lens.read(lead, at)
    case = Case(lead, plan, facts, at, lead.keys(), reading, Asked(reading.facts))
    heard = tuple(_hear(rung, case) for rung in plan.precedence)
    decided = next((one for one in heard if one.pool), None)
    return Course(case, heard, decided, _decide(case, heard, decided))


def _hear(rung: Rung, case: Case) -> Heard:
    offered = tuple(offers(rung, case))
    reasons = {c.dealer: barred(c.dealer, rung, case) for c in offered}
    out = {dealer: reason for dealer, reason in sorted(reasons.items()) if reason}
    pool = tuple(c for c in offered if c.dealer not in out)
    exclusive = bool(pool) and any(c.exclusive for c in offered) and len({c.source for c in offered}) > 1
    steps: list[tuple[str | Pick, Kept]] = []
    if pool and not exclusive:
        draw = Draw(case.lead, case.facts, case.plan.by_id, case.metres, rung.name)
        for policy in rung.pick:
            kept = keep(policy, pool, draw)
            steps.append((policy, kept))
            pool = kept.pool
    return Heard(rung, offered, out, tuple(steps), exclusive)


# Step 1: what a rung offers.


def offers(rung: Rung, case: Case) -> Iterator[Candidate]:
    """The candidates of one rung, before anybody is barred."""
    return _OFFERS[rung.kind](rung, case)


def _claims(_: Rung, case: Case) -> Iterator[Candidate]:
    """Standing registrations by key strength, then named product, then the first submitted, then id."""
    for claim in case.facts.claims_on(case.keys):
        strength = match(case.keys, claim.keys).strength
        covered = not claim.products or case.reading.facts.get("product") in claim.products
        if strength and covered and claim.stands(case.at):
            rank = (STRENGTHS.index(strength), not claim.products, claim.submitted_at, claim.id)
            yield Candidate(claim.id, claim.dealer, rank=rank)


def _accounts(_: Rung, case: Case) -> Iterator[Candidate]:
    for account in case.plan.accounts_of(case.keys):
        within = in_force(account.valid_from, account.valid_until, case.at)
        if match(case.keys, account.keys).strength and within:
            yield Candidate(account.id, account.holder)


def _incumbents(rung: Rung, case: Case) -> Iterator[Candidate]:
    """Who has an open lead of the company, or won one not too long ago: the latest first; never the house."""
    mine = frozenset(map(sealed, case.keys))
    for record in case.facts.incumbents_of(case.keys):
        strength = match(mine, frozenset(record.company)).strength
        dealer = case.dealer(record.dealer)
        since = case.at - record.since
        recent = record.status == "open" or (rung.won_within is not None and since < rung.won_within.delta)
        if strength and recent and since >= timedelta(0) and (dealer is None or dealer.kind == "dealer"):
            rank = (STRENGTHS.index(strength), since, record.dealer, record.status)
            yield Candidate(record.dealer, record.dealer, rank=rank)


def _sources(rung: Rung, case: Case) -> Iterator[Candidate]:
    for source in case.plan.sources[rung.name]:
        if source.in_force(case.at) and holds(source, case):
            for dealer, weight in source.dealers.items():
                yield Candidate(
                    source.id,
                    dealer,
                    weight,
                    source.condition,
                    source.priority,
                    source.order,
                    source.ledger,
                    source.exclusive,
                )


def holds(source: Source, case: Case) -> bool:
    """Whether the source's condition is true; where a custom that raised left it unknown, say so."""
    answer = case.asked.holds(source.condition)
    if answer is None and case.asked.raised and case.asked.opaque(source.condition):
        case.opaque.add(source.id)
    return answer is True


def _near(rung: Rung, case: Case) -> Iterator[Candidate]:
    if case.lead.point is None:
        return
    for dealer in case.plan.dealers:
        metres = case.metres(dealer.id) if dealer.kind == "dealer" else None
        if metres is not None and (rung.within_metres is None or metres <= rung.within_metres):
            yield Candidate(dealer.id, dealer.id)


_OFFERS: Mapping[str, Callable[[Rung, Case], Iterator[Candidate]]] = {
    "registrations": _claims,
    "accounts": _accounts,
    "incumbent": _incumbents,
    "rules": _sources,
    "territories": _sources,
    "nearest": _near,
}


# Step 2: who cannot have it.


def barred(name: str, rung: Rung, case: Case) -> str | None:
    """The first reason why this dealer cannot have the lead from this rung, or None."""
    return next(_bars(name, rung, case), None)


def _bars(name: str, rung: Rung, case: Case) -> Iterator[str]:
    dealer = case.dealer(name)
    if dealer is None:
        yield "unknown_dealer"
        return
    past = case.facts.past(case.lead.id)
    if not dealer.active(case.at):
        yield "inactive"
    if name in past:
        yield past[name] if past[name] in ("excluded", "declined") else "past_holder"
    if rung.gives:
        yield from _bars_to_giving(dealer, case)


def _bars_to_giving(dealer: Dealer, case: Case) -> Iterator[str]:
    """Caps, shares and service limit what is given; they never take away what is a dealer's already."""
    count = case.facts.count(dealer.id)
    facts = case.reading.facts
    if dealer.kind == "dealer" and case.exhausted:
        yield "hops_exhausted"
    if dealer.max_open is not None and count.open >= dealer.max_open:
        yield "max_open"
    if dealer.max_per_30_days is not None and count.in_30_days(case.at) >= dealer.max_per_30_days:
        yield "max_per_30_days"
    if case.facts.share(dealer.id) == 0:
        yield "share"
    for field_name, served in (("language", dealer.serves_languages), ("product", dealer.serves_products)):
        if served and facts.get(field_name) is not None and facts[field_name] not in served:
            yield "does_not_serve"


# Steps 4 and 5: what it comes to.


def _decide(case: Case, heard: tuple[Heard, ...], decided: Heard | None) -> Decision:
    house = case.plan.house
    holder = house if decided is None or decided.conflict else decided.left[0]
    dealer = case.plan.by_id[holder]
    flags = {f"unreadable:{name}" for name in case.reading.unreadable}
    flags |= set(_flags(case, heard, decided, dealer))
    if case.opaque or any(kept.raised for one in heard for _, kept in one.steps):
        flags.add("opaque_error")
    return Decision(
        lead=case.lead.id,
        at=case.at,
        outcome="house" if dealer.kind == "house" else "assigned",
        holder=holder,
        by=decided.rung.name if decided else "house",
        because=_because(decided),
        flags=tuple(sorted(flags)),
        changes=_changes(case, decided, dealer),
        retry=_retry(case, heard) if "no_dealer_available" in flags else (),
        passed_over=tuple(_passed_over(case, heard, decided, holder)),
        plan=case.plan.digest,
    )


def _because(decided: Heard | None) -> tuple[str, ...]:
    if decided is None:
        return ()
    named = decided.offered if decided.exclusive else decided.pool
    return tuple(sorted({candidate.source for candidate in named}))


def _flags(case: Case, heard: tuple[Heard, ...], decided: Heard | None, holder: Dealer) -> Iterator[str]:
    if decided is None:
        yield _nobody(case, heard)
    elif decided.conflict:
        yield "conflict"
    elif holder.kind == "house":
        yield "by_plan"
    if _claimant_unavailable(heard):
        yield "claimant_unavailable"
        if holder.kind == "house":
            yield "review"


def _nobody(case: Case, heard: Iterable[Heard]) -> str:
    """Why no rung had a dealer."""
    if not any(one.barred for one in heard):
        return "nobody_serves"
    given = any(one.barred for one in heard if one.rung.gives)
    return "hops_exhausted" if given and case.exhausted else "no_dealer_available"


def _claimant_unavailable(heard: Iterable[Heard]) -> bool:
    """Whether the claim that stands first is of a dealer that cannot act."""
    for one in heard:
        if one.rung.kind == "registrations" and one.offered:
            return min(one.offered, key=lambda candidate: candidate.rank).dealer in one.barred
    return False


def _changes(case: Case, decided: Heard | None, holder: Dealer) -> Changes:
    drawn = [kept for _, kept in decided.steps if kept.ledger] if decided and not decided.conflict else []
    served = holder.kind == "dealer" and case.plan.rung("incumbent") is not None
    return Changes(
        opened=holder.id,
        ledger=drawn[-1].ledger if drawn else None,
        credits=drawn[-1].credits if drawn else FrozenMap(),
        incumbent=tuple(sorted(map(sealed, case.keys), key=str)) if served else (),
    )


def _retry(case: Case, heard: Iterable[Heard]) -> tuple[Retry, ...]:
    """The dealers that would have had it but for a condition that time or the caller can lift."""
    found: dict[str, Retry] = {}
    for one in heard:
        for name, reason in one.barred.items():
            dealer = case.plan.by_id.get(name)
            if dealer is None or name in found or reason not in _WAITS:
                continue
            when = _when(reason, dealer, case)
            if reason != "inactive" or when is not None:
                found[name] = Retry(name, _WAITS[reason], when)
    return tuple(found[name] for name in sorted(found))


def _when(reason: str, dealer: Dealer, case: Case) -> datetime | None:
    """The first instant at which the reason is gone by itself, where that is known."""
    if reason == "inactive":
        ends = [end for end in (dealer.active_from, *(end for _, end in dealer.paused)) if end and end > case.at]
        return min((end for end in ends if dealer.active(end)), default=None)
    if reason == "max_per_30_days" and dealer.max_per_30_days:
        count = case.facts.count(dealer.id)
        over = count.in_30_days(case.at) - dealer.max_per_30_days
        freed = [given + timedelta(days=30) for given in count.assigned_at if given + timedelta(days=30) > case.at]
        return sorted(freed)[over] if over < len(freed) else None
    return None


def _passed_over(case: Case, heard: Iterable[Heard], decided: Heard | None, holder: str) -> Iterator[PassedOver]:
    """Dealers that may call this lead their own and did not get it; sharing by turns passes nobody over."""
    for one in heard:
        if one.rung.kind not in _OWN:
            continue
        for name in sorted({candidate.dealer for candidate in one.offered}):
            dealer = case.plan.by_id.get(name)
            reason = _why_passed(one, name, decided)
            if reason and name != holder and dealer is not None and dealer.kind == "dealer":
                ids = tuple(sorted({c.source for c in one.offered if c.dealer == name}))
                yield PassedOver(name, one.rung.name, ids, reason)


def _why_passed(one: Heard, name: str, decided: Heard | None) -> str | None:
    if name in one.barred:
        return one.barred[name]
    if one is not decided:
        return "outranked"
    if one.conflict:
        return "conflict"
    return "outranked" if one.rung.pick == ("ranked",) else None
