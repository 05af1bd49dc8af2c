"""`Standing`: everything that a claim is held against.

May know: the nouns, the key index. May not know: plans, how anything is decided, where this is kept.
The caller loads it: what shares a key with the claim, and what counts towards the dealer's quota.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from decimal import Decimal

from attrs import field, frozen

from dealerrouting.calendar import Elapsed
from dealerrouting.identity import Claims, Identity, Key
from dealerrouting.model import Account, Dealer, Incumbent, Registration

__all__ = ["Market", "Standing", "index"]

_MONTH = Elapsed(days=30)


def index(claims: Iterable[Registration] = (), *, alike: bool = True) -> Claims[Registration]:
    """An index of claims by their keys; with `alike`, also of where names that are alike are to be looked for."""
    return Claims(claims, ident=_id, identify=_claim if alike else _keys, hints=alike)


def _id(one: Registration | Account) -> str:
    return one.id


def _claim(claim: Registration) -> Identity:
    return claim.identity


def _keys(claim: Registration) -> frozenset[Key]:
    return claim.keys


def _account(account: Account) -> Identity:
    return account.company.identity()


def _record(one: Incumbent) -> str:
    return " ".join((one.dealer, one.status, one.since.isoformat(), *map(str, one.company)))


def _served(one: Incumbent) -> frozenset[Key]:
    return frozenset(one.company)


def _indexed(claims: Iterable[Registration] | Claims[Registration]) -> Claims[Registration]:
    return claims if isinstance(claims, Claims) else index(claims)


def _accounts(given: Iterable[Account] | Claims[Account]) -> Claims[Account]:
    return given if isinstance(given, Claims) else Claims(given, ident=_id, identify=_account, hints=True)


def _customers(given: Iterable[Incumbent] | Claims[Incumbent]) -> Claims[Incumbent]:
    return given if isinstance(given, Claims) else Claims(given, ident=_record, identify=_served)


def _dealers(given: Iterable[Dealer] | Mapping[str, Dealer] | None) -> Mapping[str, Dealer] | None:
    return given if given is None or isinstance(given, Mapping) else {dealer.id: dealer for dealer in given}


@frozen
class Market:
    """A territory in which the prospect lies.

    `prospects`: how many are known there; `claimed`: how many of them the dealer's standing claims hold.
    """

    territory: str
    prospects: int
    claimed: int

    def too_much(self, share: Decimal) -> bool:
        """Whether one more claim would be more than this share."""
        return self.claimed + 1 > share * self.prospects


@frozen
class Standing:
    """What stands when a claim is looked at.

    `claims`: those that share a key or a hint with it (`findable` says by which keys to query), and where `made` does
    not say, all that the dealer has made in the last thirty days. Those of other dealers that are over may be left out,
    but for one of the same id; those of the dealer itself are asked for as long as `rest`. `accounts` and
    `customers` (open or won leads): those that share a key, each with all its keys, or a number that contradicts is
    not heard. `dealers`: who may claim; None where the caller has checked that. `related`: keys of companies of the
    prospect's group, where the caller knows it. `markets`: the territories in which the prospect lies. `made`: how many
    claims the dealer has made in the last thirty days, counted by the caller.
    """

    claims: Claims[Registration] = field(factory=tuple, converter=_indexed)
    accounts: Claims[Account] = field(factory=tuple, converter=_accounts)
    customers: Claims[Incumbent] = field(factory=tuple, converter=_customers)
    dealers: Mapping[str, Dealer] | None = field(default=None, converter=_dealers)
    related: frozenset[Key] = field(factory=frozenset, converter=frozenset)
    markets: tuple[Market, ...] = field(default=(), converter=tuple)
    made: int | None = None

    def is_house(self, holder: str) -> bool:
        """Whether a holder is a team of the house."""
        dealer = self.dealers.get(holder) if self.dealers else None
        return dealer is not None and dealer.kind == "house"

    def made_by(self, dealer: str, at: datetime) -> int:
        """How many claims the dealer has made in the thirty days that end at `at`, or since: clocks differ a little."""
        if self.made is not None:
            return self.made
        return sum(1 for claim in self._of(dealer) if at < _MONTH.after(claim.made_at))

    def _of(self, dealer: str) -> Iterator[Registration]:
        return (claim for claim in self.claims if claim.dealer == dealer)
