"""`ClaimTerms`: what a dealer may register, for how long, and how much.

May know: time, errors, what a domain is. May not know: plans, routing, any claim.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from typing import Any

from attrs import evolve, field, frozen

from dealerrouting.calendar import Elapsed, Length
from dealerrouting.errors import Fault, quoted
from dealerrouting.identity import Identity, Key, own_domain
from dealerrouting.terms.agreed import Agreed, words

__all__ = ["ClaimTerms"]

_MOST_CLAIMS = 1_000_000
_MOST_DOMAINS = 10_000
_MOST_NAME = 100
_DECIMALS = 6


def _part(value: Any) -> Any:
    """A part from 0 to 1 as a decimal; anything else stays, to be refused."""
    if isinstance(value, bool) or not isinstance(value, (int, float, str, Decimal)):
        return value
    try:
        return Decimal(str(value)).normalize() + 0
    except InvalidOperation:
        return value


def _sorted(value: Any) -> Any:
    found = words(value)
    return tuple(sorted(set(found))) if isinstance(found, tuple) and all(isinstance(d, str) for d in found) else found


def _is_name(text: str) -> bool:
    """Whether a cell could hold it as the name of a piece of evidence."""
    return (
        0 < len(text) <= _MOST_NAME and text == text.strip() and text.isprintable() and not set(";:,`\"'") & set(text)
    )


@frozen
class ClaimTerms(Agreed):
    """What holds for every registration under a plan. `PlanError` with all faults at once.

    `protects`: how long an approved claim stands. `extensions`: how often it may be extended, each time by `extends`
    and with evidence. `activity_within`: how long it stands without activity of the dealer (None: no activity is
    asked for). `complete_within`: how long a claim that was returned for missing data may wait, `decide_within`: one
    that is to be decided. `rest`: how long after a claim of its own has ended a dealer that claims the same prospect
    again has to wait for a person.

    `auto_approve`: a claim that nothing speaks against is approved at once; never one that came in a list.
    `needs_evidence`: what every claim must show, by name. `per_dealer_per_30_days`: how many claims one dealer may make
    in any thirty days. `asks_per_dealer_per_day`: how often it may ask in any 24 hours whether a company is
    free. `max_share_of_territory`: the largest part, from 0 to 1, of a territory's known prospects that one dealer may
    hold claims on (None: no limit).

    `credit`: the part of the commission, from 0 to 1, that a claimant is owed when the customer chose somebody else.
    `covers_group`: whether a claim on a company keeps others off the companies that belong to it.

    `mailbox_domains`: further domains of mailbox providers, which are no key. `shared_domains`: domains known to serve
    many companies, which are only a hint. `review_alike`: whether names that are only alike are shown to a person, for
    which the extra `match` is needed.
    """

    protects: Elapsed = Elapsed(days=90)
    extensions: int = 1
    extends: Elapsed = Elapsed(days=60)
    activity_within: Elapsed | None = None
    complete_within: Elapsed = Elapsed(days=14)
    decide_within: Elapsed = Elapsed(days=180)
    rest: Elapsed = Elapsed(days=30)
    auto_approve: bool = False
    needs_evidence: tuple[str, ...] = field(default=(), converter=_sorted)
    per_dealer_per_30_days: int = 50
    asks_per_dealer_per_day: int = 20
    max_share_of_territory: Decimal | None = field(default=None, converter=_part)
    credit: Decimal = field(default=Decimal(0), converter=_part)
    covers_group: bool = False
    mailbox_domains: tuple[str, ...] = field(default=(), converter=_sorted)
    shared_domains: tuple[str, ...] = field(default=(), converter=_sorted)
    review_alike: bool = False
    _shared: frozenset[str | None] = field(init=False, eq=False, repr=False)
    _mailboxes: frozenset[str | None] = field(init=False, eq=False, repr=False)
    _place = "terms.claims"

    def __attrs_post_init__(self) -> None:
        """Check, and read the domains once."""
        super().__attrs_post_init__()
        object.__setattr__(self, "_shared", frozenset(map(own_domain, self.shared_domains)))
        object.__setattr__(self, "_mailboxes", frozenset(map(own_domain, self.mailbox_domains)))

    @staticmethod
    def of(terms: Any) -> ClaimTerms:
        """The terms of claims, of all terms or of themselves."""
        found: ClaimTerms = terms if isinstance(terms, ClaimTerms) else terms.claims
        return found

    def recognised(self, known: Identity) -> tuple[Identity, frozenset[Key]]:
        """What a company is known by under these terms, and apart the domains that many companies share.

        The domains of further mailbox providers are neither.
        """
        shared = frozenset(key for key in known.keys if key.kind == "domain" and key.value in self._shared)
        none = {key for key in known.keys if key.kind == "domain" and key.value in self._mailboxes}
        return (evolve(known, keys=known.keys - shared - none), shared) if shared or none else (known, shared)

    def lengths(self) -> Iterator[Length]:
        """None: no deadline of a lead hangs on the terms of claims."""
        return iter(())

    def _faults(self) -> Iterator[Fault]:
        yield from self._lengths("protects", "extends", "activity_within", "complete_within", real=True)
        yield from self._lengths("decide_within", "rest", real=True)
        yield from self._whole("extensions", 0, "a number of extensions")
        yield from self._whole("per_dealer_per_30_days", 0, "a number of claims", _MOST_CLAIMS)
        yield from self._whole("asks_per_dealer_per_day", 0, "a number of questions", _MOST_CLAIMS)
        for name in ("auto_approve", "covers_group", "review_alike"):
            if not isinstance(getattr(self, name), bool):
                yield self._fault(name, f"{quoted(getattr(self, name))} is neither true nor false")
        yield from self._parts()
        yield from self._named()
        for name in ("mailbox_domains", "shared_domains"):
            yield from self._domain_faults(name)

    def _parts(self) -> Iterator[Fault]:
        for name in ("max_share_of_territory", "credit"):
            value = getattr(self, name)
            if value is None and name != "credit":
                continue
            fits = isinstance(value, Decimal) and value.is_finite() and 0 <= value <= 1
            if not fits or -int(value.as_tuple().exponent) > _DECIMALS:
                cure = f"give a number from 0 to 1, with at most {_DECIMALS} decimals"
                yield self._fault(name, f"{quoted(str(value))} is not a part of a whole", cure)

    def _named(self) -> Iterator[Fault]:
        names = self.needs_evidence
        sound = isinstance(names, tuple) and all(isinstance(name, str) and _is_name(name) for name in names)
        if not sound:
            yield self._fault("needs_evidence", f"{quoted(names)} is not a list of names", "write [meeting, quote]")

    def _domain_faults(self, name: str) -> Iterator[Fault]:
        given = getattr(self, name)
        if not isinstance(given, tuple) or len(given) > _MOST_DOMAINS:
            yield self._fault(name, "is not a list of domains", f"give at most {_MOST_DOMAINS:,}")
            return
        for domain in given:
            if own_domain(domain) is None:
                cure = "write `jansen.example`; those of mailbox providers and shared hosts are known already"
                yield self._fault(name, f"{quoted(domain)} is no domain that could be a key", cure)
