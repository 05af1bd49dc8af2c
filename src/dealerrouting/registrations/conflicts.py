"""What speaks against a claim: the rules that decide between claims, asked in one order.

May know: claims, terms, what stands. May not know: how a claim moves.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from attrs import evolve, frozen

from dealerrouting.identity import Identity, Key, Match, match, sealed
from dealerrouting.model import Account, Incumbent, Registration, in_force
from dealerrouting.registrations.now import Now
from dealerrouting.registrations.table import OVER, RULES
from dealerrouting.terms import ClaimTerms

__all__ = [
    "Objection",
    "Prospect",
    "by_account",
    "by_claim",
    "by_customer",
    "by_group",
    "is_active",
    "is_over",
    "objections",
    "overlap",
]


@frozen
class Objection:
    """One rule that speaks against a claim, and the ids of what it rests on: for the house, never for another
    dealer.
    """

    rule: str
    because: tuple[str, ...] = ()

    @property
    def does(self) -> str:
        """What the rule does: `rejects`, `waits` or `asks`."""
        return RULES[self.rule].does


@frozen
class Prospect:
    """Whom a claim is on, as the terms see it: `shared` are the domains that many companies have in common."""

    known: Identity
    shared: frozenset[Key]

    @staticmethod
    def of(claim: Registration, terms: ClaimTerms) -> Prospect:
        """The prospect of a claim."""
        return Prospect(*terms.recognised(claim.identity))

    def meets(self, other: Identity | frozenset[Key], terms: ClaimTerms) -> Match:
        """What this prospect and another company say of each other."""
        asks = evolve(self.known, keys=self.known.keys | self.shared)
        return match(asks, other, fuzzy=terms.review_alike, shared=self.shared)

    @property
    def search(self) -> frozenset[Key]:
        """Where to look for others."""
        return self.known.keys | self.shared | self.known.hints


def is_over(claim: Registration, at: datetime) -> bool:
    """Whether a claim has come to its end, whoever has taken note of that.

    One that was approved a moment later than `at` is not: two requests may be served in another order than their
    clocks.
    """
    return claim.status in OVER or (claim.status == "approved" and _ended(claim, at))


def _ended(claim: Registration, at: datetime) -> bool:
    return claim.expires_at is not None and claim.expires_at <= at


def overlap(a: Registration, b: Registration) -> bool:
    """Whether two claims are on a product in common; naming none means all."""
    return not a.products or not b.products or not set(a.products).isdisjoint(b.products)


def objections(claim: Registration, now: Now) -> tuple[Objection, ...]:
    """Everything that speaks against the claim now, the weightiest first, then by rule."""
    prospect = Prospect.of(claim, now.terms)
    found: dict[str, set[str]] = {}
    for rule, ident in _all(claim, prospect, now):
        found.setdefault(rule, set()).add(ident)
    listed = [Objection(rule, tuple(sorted(ids - {""}))) for rule, ids in found.items()]
    return tuple(sorted(listed, key=lambda one: (_WEIGHT.index(one.does), _ORDER.index(one.rule))))


_WEIGHT = ("rejects", "waits", "asks")
_ORDER = tuple(RULES)


def _all(claim: Registration, prospect: Prospect, now: Now) -> Iterator[tuple[str, str]]:
    yield from _accounts(claim, prospect, now)
    yield from _customers(claim, prospect, now)
    yield from _claims(claim, prospect, now)
    yield from by_group(claim, now)
    if not is_active(claim.dealer, now):
        yield "inactive_dealer", ""
    if claim.source == "list":
        yield "list_import", ""
    if sum(key.kind == "domain" for key in prospect.known.keys) > 1:
        yield "two_domains", ""
    share = now.terms.max_share_of_territory
    for market in now.standing.markets:
        if share is not None and market.too_much(share):
            yield "share_of_market", market.territory


def _accounts(claim: Registration, prospect: Prospect, now: Now) -> Iterator[tuple[str, str]]:
    for account in now.standing.accounts.find(prospect.search):
        if rule := by_account(account, claim, prospect, now):
            yield rule, account.id


def _customers(claim: Registration, prospect: Prospect, now: Now) -> Iterator[tuple[str, str]]:
    for customer in now.standing.customers.find(map(sealed, prospect.search)):
        if rule := by_customer(customer, claim, prospect, now):
            yield rule, customer.dealer


def _claims(claim: Registration, prospect: Prospect, now: Now) -> Iterator[tuple[str, str]]:
    for other in now.standing.claims.find(prospect.search):
        if rule := by_claim(other, claim, prospect, now) or _again(other, claim, prospect, now):
            yield rule, other.id


def is_active(dealer: str, now: Now) -> bool:
    """Whether a dealer may act, as far as is known."""
    known = now.standing.dealers and now.standing.dealers.get(dealer)
    return not known or known.active(now.at)


def by_group(claim: Registration, now: Now) -> Iterator[tuple[str, str]]:
    """The rule by which claims on companies of the prospect's group speak against a claim, and their ids."""
    rule = "parent_group" if now.terms.covers_group else "parent_company"
    for other in now.standing.claims.find(now.standing.related):
        if other.id != claim.id and other.dealer != claim.dealer and other.stands(now.at) and overlap(claim, other):
            yield rule, other.id


def _again(other: Registration, claim: Registration, prospect: Prospect, now: Now) -> str | None:
    """Whether a claim of the dealer itself on the prospect has ended so lately that a person has to be asked."""
    lapsed = other.dealer == claim.dealer and other.id != claim.id and is_over(other, now.at)
    if not lapsed or other.status in ("rejected", "converted") or not overlap(claim, other):
        return None
    noted = max((step.at for step in other.history), default=other.submitted_at)
    end = other.expires_at if other.status == "approved" and other.expires_at else noted
    recent = now.at < now.terms.rest.after(end)
    return "claimed_before" if recent and prospect.meets(other.keys, now.terms).routes else None


# One record against a claim. The companies are compared first, whatever else there is to ask, so that the work done
# does not tell what the answer rests on.


def by_account(account: Account, claim: Registration, prospect: Prospect, now: Now) -> str | None:
    """The rule by which an account speaks against a claim, if it does."""
    met = prospect.meets(account.company.identity(), now.terms)
    if account.holder == claim.dealer or not in_force(account.valid_from, account.valid_until, now.at):
        return None
    return _by(met, "house_account" if now.standing.is_house(account.holder) else "account")


def by_customer(customer: Incumbent, claim: Registration, prospect: Prospect, now: Now) -> str | None:
    """The rule by which a company that somebody serves already speaks against a claim, if it does."""
    met = prospect.meets(frozenset(customer.company), now.terms)
    return None if customer.dealer == claim.dealer or customer.since > now.at else _by(met, "customer")


def by_claim(other: Registration, claim: Registration, prospect: Prospect, now: Now) -> str | None:
    """The rule by which another claim speaks against a claim, if it does; one's own is not in doubt."""
    met = prospect.meets(other.identity if now.terms.review_alike else other.keys, now.terms)
    ahead = _ahead(other, claim, now)
    if other.id == claim.id or ahead is None or not overlap(claim, other):
        return None
    return _by(met, ahead) if met.routes or other.dealer != claim.dealer else None


def _by(met: Match, rule: str) -> str | None:
    """The rule, where it is the same company; else why only a person can say: a number that differs may be invented."""
    return rule if met.routes else "alike" if met.review else "another_number" if met.disputed else None


def _ahead(other: Registration, claim: Registration, now: Now) -> str | None:
    """The rule by which another claim goes before this one, if it does; a dealer that is gone holds up nobody."""
    if other.status == "approved":
        return None if _ended(other, now.at) else "first_valid"
    if other.status != "submitted" or not is_active(other.dealer, now):
        return None
    if (other.submitted_at, other.id) >= (claim.submitted_at, claim.id):
        return None
    return "same_instant" if other.submitted_at == claim.submitted_at else "first_valid"
