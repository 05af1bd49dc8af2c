"""`Facts`: what has happened and may matter for a lead.

May know: the other nouns, identity. May not know: plans, rules, or where facts are kept.
Facts are sets: order and repetition mean nothing, and two that contradict each other are an error.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import takewhile
from typing import Any, TypeVar

from attrs import define, field, frozen

from dealerrouting.calendar import NEVER, instant, is_instant
from dealerrouting.errors import FactsError, Fault, did_you_mean, quoted
from dealerrouting.identity import Claims, Identity, Key, sealed
from dealerrouting.mapping import FrozenMap
from dealerrouting.model.decision import Decision
from dealerrouting.model.definition import Definition
from dealerrouting.model.lead import Company
from dealerrouting.model.registration import Choice, Registration

__all__ = ["MILLION", "PARTS", "Count", "Facts", "Incumbent", "PastHolder"]

PARTS = ("registrations", "incumbents", "counts", "ledgers", "shares", "past_holders", "choices")
"""What facts are made of, by name."""

T = TypeVar("T")
MILLION = 1_000_000
_MONTH = timedelta(days=30)


@define(frozen=True, init=False)
class Incumbent:
    """The dealer that has an `open` lead of a company, or `won` one, `since` an instant.

    The company is held by its sealed keys: an incumbent record names nobody.
    """

    company: tuple[Key, ...]
    dealer: str
    since: datetime
    status: str

    def __init__(self, company: Company | Iterable[Key], dealer: str, *, since: datetime, status: str = "open") -> None:
        read = Definition("incumbent", dealer)
        keys = tuple(company.keys() if isinstance(company, Company) else company)
        if not all(isinstance(key, Key) for key in keys):
            read.wrong("company", f"{quoted(company)} is neither a Company nor keys", "write Company(...)")
            keys = ()
        start = read.moment("since", since)
        if since is None:
            read.wrong("since", "is missing", "give the instant since when the dealer has it")
        self.__attrs_init__(
            company=tuple(sorted({sealed(key) for key in keys}, key=str)),
            dealer=read.ident("dealer", dealer),
            since=start or NEVER,
            status=read.choice("status", status, ("open", "won")),
        )
        read.done()


def _instants(given: Iterable[datetime]) -> tuple[datetime, ...]:
    """Instants in order; `FactsError` for what is none."""
    known = tuple(given)
    bad = [quoted(str(value)) for value in known if not is_instant(value)]
    if bad:
        cure = "give aware datetimes"
        raise FactsError([Fault("counts.assigned_at", f"{text} is not an instant", cure) for text in bad])
    return tuple(sorted(map(instant, known)))


@frozen
class Count:
    """How many leads a dealer has open, and how many it was given in the last thirty days.

    `assigned_at` are those among the thirty days' whose instant is known: they leave the count by
    themselves as time goes on, the others stay until the caller counts again.
    """

    dealer: str
    open: int = 0
    last_30_days: int = 0
    assigned_at: tuple[datetime, ...] = field(default=(), converter=_instants)

    def in_30_days(self, at: datetime) -> int:
        """How many of the counted leads lie in the thirty days that end at `at`."""
        return self.last_30_days - self._aged(at)

    def _aged(self, at: datetime) -> int:
        """How many of the known instants are thirty days old; they are in order, the oldest first."""
        return sum(1 for _ in takewhile(lambda given: at - given >= _MONTH, self.assigned_at))

    def given(self, at: datetime) -> Count:
        """This count with one more lead, given at `at`."""
        aged = self._aged(at)
        recent = list(self.assigned_at[aged:])
        insort(recent, at)
        counted = {"dealer": self.dealer, "open": self.open + 1, "last_30_days": self.last_30_days - aged + 1}
        new: Count = object.__new__(Count)  # thousands of instants are in order already: not read again
        for name, value in {**counted, "assigned_at": tuple(recent)}.items():
            object.__setattr__(new, name, value)
        return new


@frozen
class PastHolder:
    """A dealer that had this lead, or that shall not have it.

    `why` is `declined`, `withdrawn`, `returned`, or `excluded` (by the caller: it never had it).
    """

    lead: str
    dealer: str
    why: str = "withdrawn"


_Wrong = Callable[[str, str, str], None]
_WHY = ("declined", "withdrawn", "returned", "excluded")


def _share(name: str, value: object, wrong: _Wrong) -> Decimal:
    try:
        share = Decimal(str(value))
    except ArithmeticError:
        share = Decimal(-1)
    if not share.is_finite() or not 0 <= share <= MILLION or -int(share.as_tuple().exponent) > 6:
        wrong(f"shares.{name}", f"{quoted(value)} is not a share", "a number from 0, with at most six decimals")
        return Decimal(0)
    return share.normalize() + 0


@define(frozen=True, init=False)
class Facts:
    """What has happened, for the leads and dealers that `needs(lead, plan)` names.

    `registrations` and `incumbents` as nouns; `counts` a `Count` a dealer; `ledgers` the credit in
    millionths of a lead, by ledger and dealer; `shares` a factor on a dealer's weight (1 where not
    given, 0 is given nothing); `past_holders` by lead; `choices` the customers' written choices of a dealer, at
    most one a lead. `FactsError` with everything that contradicts itself.
    """

    registrations: tuple[Registration, ...]
    incumbents: tuple[Incumbent, ...]
    counts: FrozenMap[Count]
    ledgers: FrozenMap[FrozenMap[int]]
    shares: FrozenMap[Decimal]
    past_holders: tuple[PastHolder, ...]
    choices: FrozenMap[Choice]
    _claims: Claims[Registration] = field(eq=False, repr=False, init=False)
    _near: list[Claims[Registration]] = field(eq=False, repr=False, init=False)  # made when it is first asked for
    _served: dict[Key, tuple[Incumbent, ...]] = field(eq=False, repr=False, init=False)
    _past: dict[str, dict[str, str]] = field(eq=False, repr=False, init=False)

    def __init__(
        self,
        registrations: Iterable[Registration] = (),
        incumbents: Iterable[Incumbent] = (),
        counts: Iterable[Count] | Mapping[str, Count] = (),
        ledgers: Mapping[str, Mapping[str, int]] | None = None,
        shares: Mapping[str, Any] | None = None,
        past_holders: Iterable[PastHolder] = (),
        choices: Iterable[Choice] | Mapping[str, Choice] = (),
    ) -> None:
        faults: list[Fault] = []

        def wrong(place: str, what: str, cure: str) -> None:
            faults.append(Fault(place, what, cure, tuple(place.split("."))))

        registrations = _only(registrations, Registration, "registrations", wrong)
        incumbents = _only(incumbents, Incumbent, "incumbents", wrong)
        past_holders = _only(past_holders, PastHolder, "past_holders", wrong)
        counts = _only(counts.values() if isinstance(counts, Mapping) else counts, Count, "counts", wrong)
        choices = _only(choices.values() if isinstance(choices, Mapping) else choices, Choice, "choices", wrong)
        chosen = _once(choices, lambda c: c.lead, "choices", wrong)
        claims = _once(registrations, lambda r: r.id, "registrations", wrong)
        tallies = _once(counts, lambda c: c.dealer, "counts", wrong)
        past = _once(past_holders, lambda p: (p.lead, p.dealer), "past_holders", wrong)
        _check(tallies, past, wrong)
        known = sorted(dict.fromkeys(incumbents), key=_by_time)
        self._fill(
            tuple(claims),
            tuple(known),
            FrozenMap({c.dealer: c for c in tallies}),
            _ledgers(ledgers or {}, wrong),
            FrozenMap({name: _share(name, value, wrong) for name, value in (shares or {}).items()}),
            tuple(past),
            FrozenMap({choice.lead: choice for choice in chosen}),
        )
        if faults:
            raise FactsError(faults)

    def _fill(
        self,
        registrations: tuple[Registration, ...],
        incumbents: tuple[Incumbent, ...],
        counts: FrozenMap[Count],
        ledgers: FrozenMap[FrozenMap[int]],
        shares: FrozenMap[Decimal],
        past_holders: tuple[PastHolder, ...],
        choices: FrozenMap[Choice],
    ) -> None:
        self.__attrs_init__(registrations, incumbents, counts, ledgers, shares, past_holders, choices)
        past: dict[str, dict[str, str]] = {}
        for record in past_holders:
            past.setdefault(record.lead, {})[record.dealer] = record.why
        claims = Claims(registrations, ident=_id, identify=_keys)
        self._index(past, claims, _by_key(incumbents, lambda i: i.company), [])

    def _index(
        self,
        past: dict[str, dict[str, str]],
        claims: Claims[Registration],
        served: dict[Key, tuple[Incumbent, ...]],
        near: list[Claims[Registration]],
    ) -> None:
        object.__setattr__(self, "_past", past)
        object.__setattr__(self, "_claims", claims)
        object.__setattr__(self, "_served", served)
        object.__setattr__(self, "_near", near)

    def claims_on(self, keys: Iterable[Key]) -> Iterator[Registration]:
        """The registrations that share a key, each once, by id."""
        return self._claims.find(keys)

    def claims_near(self, hints: Iterable[Key]) -> Iterator[Registration]:
        """The registrations whose names may be alike, each once, by id."""
        if not self._near:
            self._near.append(Claims(self.registrations, ident=_id, identify=_hinted, hints=True))
        return self._near[0].find(hints)

    def incumbents_of(self, keys: Iterable[Key]) -> list[Incumbent]:
        """The incumbents that share a key, each once; `keys` are not sealed."""
        return sorted({i for key in keys for i in self._served.get(sealed(key), ())}, key=_by_time)

    def past(self, lead: str) -> Mapping[str, str]:
        """Why each of these dealers shall not have this lead (again)."""
        return self._past.get(lead, {})

    def count(self, dealer: str) -> Count:
        """This dealer's count; nothing where none is known."""
        return self.counts.get(dealer) or Count(dealer)

    def share(self, dealer: str) -> Decimal:
        """This dealer's share; 1 where none is known."""
        return self.shares.get(dealer, Decimal(1))

    def after(self, decision: Decision) -> Facts:
        """The facts for the next lead: counts, ledger and incumbent as the decision changed them."""
        changes, facts = decision.changes, self
        if changes.opened:
            counts = self.counts.updated({changes.opened: self.count(changes.opened).given(decision.at)})
            facts = facts._with(counts=counts)
        if changes.ledger and changes.credits:
            entry = self.ledgers.get(changes.ledger, FrozenMap()).updated(changes.credits)
            facts = facts._with(ledgers=self.ledgers.updated({changes.ledger: entry}))
        if changes.opened and changes.incumbent:
            facts = facts._serving(Incumbent(changes.incumbent, changes.opened, since=decision.at))
        return facts

    def _with(self, **changed: Any) -> Facts:
        """A copy that shares the indexes; they do not look at what may change here."""
        facts = object.__new__(type(self))
        facts.__attrs_init__(*(changed.get(name, getattr(self, name)) for name in PARTS))
        facts._index(self._past, self._claims, changed.get("served", self._served), self._near)
        return facts

    def _serving(self, new: Incumbent) -> Facts:
        """With `new`, which takes the place of an older record of the same dealer and company."""
        old = [i for i in self._served.get(new.company[0], ()) if _same(i, new)]
        if any(i.since >= new.since for i in old):
            return self
        kept = list(self.incumbents)  # in order of time, so an older record is found by halving
        for record in old:
            del kept[bisect_left(kept, _by_time(record), key=_by_time)]
        insort(kept, new, key=_by_time)
        served = dict(self._served)
        for key in new.company:
            served[key] = (*(i for i in served.get(key, ()) if i not in old), new)
        return self._with(incumbents=tuple(kept), served=served)


def _id(claim: Registration) -> str:
    return claim.id


def _keys(claim: Registration) -> frozenset[Key]:
    return claim.keys


def _hinted(claim: Registration) -> Identity:
    """Only where a claim's name is to be looked for: its keys have an index of their own."""
    return Identity(called=claim.identity.called)


def _same(a: Incumbent, b: Incumbent) -> bool:
    return (a.company, a.dealer, a.status) == (b.company, b.dealer, b.status)


def _by_time(record: Incumbent) -> tuple[datetime, str, str, tuple[str, ...]]:
    return record.since, record.dealer, record.status, tuple(map(str, record.company))


def _by_key(records: Iterable[T], keys: Callable[[T], Iterable[Key]]) -> dict[Key, tuple[T, ...]]:
    index: dict[Key, list[T]] = {}
    for record in records:
        for key in keys(record):
            index.setdefault(key, []).append(record)
    return {key: tuple(found) for key, found in index.items()}


def _only(given: Iterable[Any], kind: type[T], name: str, wrong: _Wrong) -> list[T]:
    """The records that are of the kind; what is not is an error."""
    records = list(given)
    for record in records:
        if not isinstance(record, kind):
            wrong(name, f"{quoted(record)} is not a {kind.__name__}", f"write {kind.__name__}(...)")
    return [record for record in records if isinstance(record, kind)]


def _once(records: Iterable[T], ident: Callable[[T], Any], name: str, wrong: _Wrong) -> list[T]:
    """The records sorted by id, each once; the same id with other content is an error."""
    found: dict[Any, T] = {}
    for record in records:
        known = found.setdefault(ident(record), record)
        if known != record:
            known_as = ident(record)
            text = " and ".join(known_as) if isinstance(known_as, tuple) else known_as
            wrong(name, f"{quoted(text)} is given twice, and differs", "give each once")
    return [found[key] for key in sorted(found, key=str)]


def _check(counts: Iterable[Count], past: Iterable[PastHolder], wrong: _Wrong) -> None:
    for count in counts:
        numbers = (count.open, count.last_30_days, count.last_30_days - len(count.assigned_at))
        if not all(isinstance(n, int) and n >= 0 for n in numbers):
            wrong(
                "counts",
                f"{quoted(count.dealer)} has a negative or broken count",
                "give whole numbers from 0",
            )
    for record in past:
        if not isinstance(record.lead, str) or not isinstance(record.dealer, str):
            wrong("past_holders", f"{quoted(record)} has no ids", "give the lead's and the dealer's")
        if record.why not in _WHY:
            wrong("past_holders", f"unknown why {quoted(record.why)}", did_you_mean(record.why, _WHY))


def _ledgers(given: Mapping[str, Mapping[str, int]], wrong: _Wrong) -> FrozenMap[FrozenMap[int]]:
    for ledger, credits in given.items():
        for dealer, credit in credits.items():
            if not isinstance(credit, int) or isinstance(credit, bool):
                wrong(
                    f"ledgers.{ledger}",
                    f"{quoted(credit)} of {quoted(dealer)} is not a credit",
                    "whole millionths",
                )
    return FrozenMap({name: FrozenMap(credits) for name, credits in given.items() if credits})
