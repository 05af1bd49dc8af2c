"""`Registration`: a dealer's claim on a prospect; `Choice`: the customer's own word.

May know: the instruments, companies, how definitions are read. May not know: how a claim moves through its life.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from attrs import define, field, frozen

from dealerrouting.calendar import NEVER
from dealerrouting.identity import Identity, Key
from dealerrouting.mapping import FrozenMap
from dealerrouting.model.definition import Definition
from dealerrouting.model.lead import Company
from dealerrouting.model.network import in_force

__all__ = ["SOURCES", "STATUSES", "Choice", "Registration", "Transition"]

STATUSES = ("submitted", "returned", "approved", "rejected", "expired", "withdrawn", "converted")
"""Where a claim can be in its life."""
SOURCES = ("dealer", "list")
"""How a claim came: made by the dealer one by one, or with others in a list."""


@frozen
class Transition:
    """One step in the life of a claim: what was done, the status since, when, by whom, by which rule, on what evidence.

    `actor` is an id, `evidence` are ids of notes or documents by what they show; both may be empty where time did it.
    """

    do: str
    status: str
    at: datetime
    actor: str
    rule: str
    evidence: FrozenMap[str] = FrozenMap()


@define(frozen=True, init=False)
class Registration:
    """A dealer's time-limited claim on a prospect.

    It stands while its status is `approved`, from `decided_at` (or `submitted_at` where that is
    not known) and before `expires_at`. `products` limits it to some; empty is all. `email` is a
    contact's address at the prospect: only its own domain is a key.

    `source` is `dealer` or `list`. `evidence` are ids of notes or documents by what they show (`meeting:note-17`).
    `protected_until` is the end of the protection, where `expires_at` may come sooner for want of activity.
    `history` is every step so far, the first first; claims from elsewhere may have none.
    """

    id: str
    dealer: str
    company: Company
    status: str
    submitted_at: datetime
    decided_at: datetime | None
    expires_at: datetime | None
    products: tuple[str, ...]
    email: str | None = field(repr=False)
    source: str
    evidence: FrozenMap[str]
    protected_until: datetime | None
    history: tuple[Transition, ...] = field(repr=False)
    keys: frozenset[Key] = field(eq=False, repr=False, init=False)

    def __init__(
        self,
        id: str,
        dealer: str,
        company: Company,
        *,
        status: str = "submitted",
        submitted_at: datetime,
        decided_at: datetime | None = None,
        expires_at: datetime | None = None,
        products: str | Iterable[str] | None = None,
        email: str | None = None,
        source: str = "dealer",
        evidence: str | Mapping[str, str] | None = None,
        protected_until: datetime | None = None,
        history: Iterable[Transition] = (),
    ) -> None:
        read = Definition("registration", id)
        asked = read.moment("submitted_at", submitted_at)
        if submitted_at is None:
            read.wrong("submitted_at", "is missing", "give the instant at which the claim was made")
        moments = {"decided_at": decided_at, "expires_at": expires_at, "protected_until": protected_until}
        if not isinstance(company, Company):
            read.wrong("company", "is not a Company", "write Company(...)")
        mail = read.text("email", email)
        keys = company.keys(email=mail) if isinstance(company, Company) else frozenset()
        self.__attrs_init__(
            id=read.ident("id", id),
            dealer=read.ident("dealer", dealer),
            company=company,
            status=read.choice("status", status, STATUSES),
            submitted_at=asked or NEVER,
            **{name: read.moment(name, value) for name, value in moments.items()},
            products=read.words("products", products),
            email=mail,
            source=read.choice("source", source, SOURCES),
            evidence=read.evidence("evidence", evidence),
            history=_steps(read, history),
        )
        object.__setattr__(self, "keys", keys)
        read.done()

    @property
    def identity(self) -> Identity:
        """All that the prospect is known by: the keys, and what it is called and where."""
        return self.company.identity(email=self.email)

    @property
    def made_at(self) -> datetime:
        """When the claim was first made: that it was completed later does not make it another one."""
        return self.history[0].at if self.history else self.submitted_at

    def stands(self, at: datetime) -> bool:
        """Whether this claim protects its dealer at the instant `at`."""
        return self.status == "approved" and in_force(self.decided_at or self.submitted_at, self.expires_at, at)

    def covers(self, product: Any) -> bool:
        """Whether the claim is on this product; a claim on some products does not cover one that is not said."""
        return not self.products or product in self.products


def _steps(read: Definition, history: Iterable[Transition]) -> tuple[Transition, ...]:
    steps = tuple(history)
    if not all(isinstance(step, Transition) for step in steps):
        read.wrong("history", "holds what is not a Transition", "write Transition(...)")
        return ()
    return steps


@define(frozen=True, init=False)
class Choice:
    """The customer's written choice of a dealer for one lead: it goes before every claim.

    `evidence` is the id of the document in which the customer says so, `actor` who took it in, `chosen_at` when.
    """

    id: str
    lead: str
    dealer: str
    evidence: str
    actor: str
    chosen_at: datetime

    def __init__(self, id: str, lead: str, dealer: str, *, evidence: str, actor: str, chosen_at: datetime) -> None:
        read = Definition("choice", id)
        when = read.moment("chosen_at", chosen_at)
        if chosen_at is None:
            read.wrong("chosen_at", "is missing", "give the instant at which the choice was taken in")
        self.__attrs_init__(
            id=read.ident("id", id),
            lead=lead if isinstance(lead, str) else "",
            dealer=read.ident("dealer", dealer),
            evidence=read.ident("evidence", evidence),
            actor=read.ident("actor", actor),
            chosen_at=when or NEVER,
        )
        if not isinstance(lead, str) or not lead:
            read.wrong("lead", "is missing", "give the id of the lead that was chosen for")
        read.done()
