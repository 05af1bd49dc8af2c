"""Whom a rung offers a lead, and who of them cannot have it.

May know: one case. May not know: the other rungs, picks, decisions.
Offers ask whose condition is true; bars ask whether the dealer can act, in a fixed order, so that
the first reason is always the same one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta

from attrs import evolve

from dealerrouting.identity import STRENGTHS, match, sealed
from dealerrouting.model import Dealer, Registration, in_force
from dealerrouting.rules.case import Case, Reviewed
from dealerrouting.rules.picks import Candidate
from dealerrouting.rules.plan import Source
from dealerrouting.rules.rungs import Rung

__all__ = ["CHOICE", "barred", "offered_by", "offers", "reviews"]

CHOICE = (-1,)
"""The rank of the customer's own choice, before every claim."""


def offers(rung: Rung, case: Case) -> Iterator[Candidate]:
    """The candidates of one rung, before anybody is barred."""
    return _OFFERS[rung.kind](rung, case)


def _claims(_: Rung, case: Case) -> Iterator[Candidate]:
    """The customer's own choice; then standing registrations by key strength, named product, the first submitted,
    id.
    """
    choice = case.facts.choices.get(case.lead.id)
    if choice is not None and choice.chosen_at <= case.at:
        yield Candidate(choice.id, choice.dealer, rank=CHOICE)
    for claim in case.facts.claims_on(case.keys):
        strength = match(case.keys, claim.keys).strength
        if strength in STRENGTHS and _covers(claim, case):
            rank = (STRENGTHS.index(strength), not claim.products, claim.submitted_at, claim.id)
            yield Candidate(claim.id, claim.dealer, rank=rank)


def _covers(claim: Registration, case: Case) -> bool:
    """Whether the claim stands, and is on what the lead asks for."""
    return claim.stands(case.at) and claim.covers(case.reading.facts.get("product"))


def reviews(case: Case) -> Iterator[Reviewed]:
    """Standing registrations on what may be the same company, for a person to look at; strongest first.

    Keys that agree while a VAT number or a legal form contradicts; a domain that many share; and, where the plan asks
    for it, names that are alike at one place.
    """
    fuzzy = case.plan.terms.claims.review_alike
    found = {claim.id: claim for claim in case.facts.claims_on(case.keys | case.hinted)}
    if fuzzy:
        found |= {claim.id: claim for claim in case.facts.claims_near(case.known.hints)}
    asks = evolve(case.known, keys=case.keys | case.hinted)
    seen = (
        Reviewed(claim, match(asks, claim.identity if fuzzy else claim.keys, fuzzy=fuzzy, shared=case.hinted))
        for claim in found.values()
        if _covers(claim, case)
    )
    doubtful = [one for one in seen if one.match.review]
    return iter(sorted(doubtful, key=lambda one: (-(one.match.likeness or 100), one.claim.id)))


def _accounts(_: Rung, case: Case) -> Iterator[Candidate]:
    for account in case.plan.accounts_of(case.keys):
        within = in_force(account.valid_from, account.valid_until, case.at)
        if match(case.keys, account.keys).routes and within:
            yield Candidate(account.id, account.holder)


def _incumbents(rung: Rung, case: Case) -> Iterator[Candidate]:
    """Who has an open lead of the company, or won one not too long ago: the latest first; never the house."""
    mine = frozenset(map(sealed, case.keys))
    for record in case.facts.incumbents_of(case.keys):
        strength = match(mine, frozenset(record.company)).strength
        dealer = case.dealer(record.dealer)
        since = case.at - record.since
        recent = record.status == "open" or (rung.won_within is not None and since < rung.won_within.delta)
        if strength in STRENGTHS and recent and since >= timedelta(0) and (dealer is None or dealer.kind == "dealer"):
            rank = (STRENGTHS.index(strength), since, record.dealer, record.status)
            yield Candidate(record.dealer, record.dealer, rank=rank)


def _sources(rung: Rung, case: Case) -> Iterator[Candidate]:
    for source in case.plan.sources[rung.name]:
        if source.in_force(case.at) and _holds(source, rung, case):
            yield from offered_by(source)


def offered_by(source: Source) -> Iterator[Candidate]:
    """Each dealer that a rule or a territory offers, where it is true."""
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


def _holds(source: Source, rung: Rung, case: Case) -> bool:
    """Whether the source's condition is true; where a custom that raised left it unknown, say so."""
    answer = case.asked.holds(source.condition)
    if answer is None and case.asked.opaque:
        case.opaque.add((rung.name, source.id))
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
    if dealer.max_open is not None and count.open >= dealer.max_open:
        yield "max_open"
    if dealer.max_per_30_days is not None and count.in_30_days(case.at) >= dealer.max_per_30_days:
        yield "max_per_30_days"
    if case.facts.share(dealer.id) == 0:
        yield "share"
    for field_name, served in (("language", dealer.serves_languages), ("product", dealer.serves_products)):
        if served and facts.get(field_name) is not None and facts[field_name] not in served:
            yield "does_not_serve"
    if dealer.kind == "dealer" and case.exhausted:
        yield "hops_exhausted"  # last: a dealer's own reasons must not depend on who else had the lead
