"""`may_claim`: a dealer asks whether a company is free, and learns nothing else.

May know: claims, terms, what stands. May not know: what becomes of the answer.

The answer is one of three words, written to one length. Every key is looked up, also once the answer is known, and for
each the same number of records is compared, real or blank; claims that are over are stepped over. Where more records
share a key than that, a person is asked. Names that are only alike are not looked for here; that is done when the claim
is made. And every question counts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from functools import cache
from itertools import islice
from typing import TypeVar

from attrs import frozen

from dealerrouting.calendar import NEVER, Elapsed
from dealerrouting.identity import findable, rank, sealed
from dealerrouting.model import Account, Company, Incumbent, Registration
from dealerrouting.registrations.conflicts import (
    Prospect,
    by_account,
    by_claim,
    by_customer,
    by_group,
    is_over,
)
from dealerrouting.registrations.now import Now, Reason, Refusal
from dealerrouting.registrations.standing import Standing
from dealerrouting.registrations.table import RULES
from dealerrouting.terms import ClaimTerms, Terms

__all__ = ["ANSWERS", "Answer", "may_claim"]

T = TypeVar("T")

ANSWERS = ("free", "taken", "ask")
_DEPTH = 4  # how many records are compared for each key
_DAY = Elapsed(hours=24)


@cache
def _blanks() -> tuple[Registration, Account, Incumbent]:
    """A claim, an account and a customer that never speak against anybody."""
    return (
        Registration("blank", "nobody", Company(), status="expired", submitted_at=NEVER),
        Account("blank", "nobody", Company(domain="blank.example"), valid_until=NEVER),
        Incumbent((), "nobody", since=NEVER),
    )


@frozen
class Answer:
    """`free`, `taken` or `ask`, and the instants of the dealer's questions in the last 24 hours, to be kept for the
    next.
    """

    word: str
    asked: tuple[datetime, ...]

    def __str__(self) -> str:
        """The word, always five characters long."""
        return f"{self.word:<5}"


def may_claim(
    company: Company,
    standing: Standing | Iterable[Registration],
    terms: Terms | ClaimTerms,
    *,
    dealer: str,
    at: datetime,
    asked: Iterable[datetime] = (),
    products: Iterable[str] = (),
) -> Answer | Refusal:
    """Whether a dealer may claim a company: `free`, `taken`, or `ask` a person.

    `asked` are the dealer's earlier questions; beyond `asks_per_dealer_per_day` in 24 hours there is a `Refusal` by
    `quota`. Free is no promise: a claim is decided when it is made.
    """
    now = Now.of(standing, terms, at)
    recent = tuple(sorted(when for when in asked if when <= now.at < _DAY.after(when)))
    most = now.terms.asks_per_dealer_per_day
    if len(recent) >= most:
        return Refusal("", "ask", now.at, (Reason("quota", "dealer", f"at most {most:,} questions in 24 hours"),))
    draft = Registration("draft", dealer, company, submitted_at=now.at, products=tuple(products))
    words = {RULES[rule].dealer for rule in _rules(draft, now)}
    word = "taken" if "taken" in words else "ask" if words else "free"
    return Answer(word, (*recent, now.at))


def _rules(draft: Registration, now: Now) -> Iterator[str]:
    """The rules that speak against a claim, as far as exact keys go; `alike` where nobody can tell."""
    prospect, standing = Prospect.of(draft, now.terms), now.standing
    claim, account, customer = _blanks()
    keys = sorted(findable(prospect.known.keys | prospect.shared), key=rank)
    if not prospect.known.keys:
        yield "alike"
    for key in keys:
        alive = (one for one in standing.claims.at(key) if not is_over(one, now.at))
        yield from _compared(alive, claim, lambda one: by_claim(one, draft, prospect, now))
        named, served = standing.accounts.at(key), standing.customers.at(sealed(key))
        yield from _compared(named, account, lambda one: by_account(one, draft, prospect, now))
        yield from _compared(served, customer, lambda one: by_customer(one, draft, prospect, now))
    yield from (rule for rule, _ in by_group(draft, now))


def _compared(records: Iterable[T], blank: T, rule: Callable[[T], str | None]) -> Iterator[str]:
    """What the records under one key say: always as many of them, blank ones where there are fewer."""
    found = list(islice(records, _DEPTH + 1))
    told = [rule(one) for one in (*found, *[blank] * _DEPTH)[:_DEPTH]]
    if len(found) > _DEPTH:
        yield "alike"
    yield from (one for one in told if one)
