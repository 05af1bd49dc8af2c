"""Rows of the tables of facts as what they say.

May know: facts, registrations, nouns, places. May not know: files, what the facts decide.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime, tzinfo
from decimal import Decimal
from typing import Any

from attrs import define, field

from dealerrouting.documents import nouns
from dealerrouting.documents.claimed import doubtful_numbers, early, impossible
from dealerrouting.documents.files import Say
from dealerrouting.documents.histories import read_history, unnoted
from dealerrouting.documents.places import Trail, Wrongs
from dealerrouting.documents.values.names import MOMENTS
from dealerrouting.errors import FactsError, PlanError, quoted
from dealerrouting.model import Choice, Company, Count, Facts, Incumbent, PastHolder, Registration, Transition

__all__ = ["TABLES", "FactRows", "Row"]

_COMPANY = ("company", "country", "company_number", "vat", "domain", "email", "postcode", "city")
_CLAIM = ("products", "status", "submitted_at", "decided_at", "expires_at")
_SINCE = ("lei", "source", "evidence", "protected_until", "history")  # older files have none of these
TABLES = {
    "registrations": (("id", "dealer", *_COMPANY, *_CLAIM, *_SINCE), ("id", "dealer", "status", "submitted_at")),
    "incumbents": ((*_COMPANY, "dealer", "since", "status", "lei"), ("dealer", "since")),
    "counts": (("dealer", "open", "last_30_days"), ("dealer",)),
    "ledgers": (("ledger", "dealer", "credit"), ("ledger", "dealer", "credit")),
    "shares": (("dealer", "share"), ("dealer", "share")),
    "past_holders": (("lead", "dealer", "why"), ("lead", "dealer", "why")),
    "choices": (("id", "lead", "dealer", "evidence", "actor", "chosen_at"),) * 2,
}
"""The columns of each table, and those it cannot do without."""

_NO_KEY = (
    "has no key, so no lead will meet it",
    "give a number or VAT number with its country, an LEI, a domain, or a name with country and whole postcode",
)

Row = dict[str, Any]


@define
class FactRows:
    """Takes rows one by one, notes what is wrong with each, and keeps the facts they say."""

    wrongs: Wrongs
    zone: tzinfo
    say: Say
    claims: dict[str, Registration] = field(factory=dict)
    served: list[Incumbent] = field(factory=list)
    counts: dict[str, Count] = field(factory=dict)
    ledgers: dict[str, dict[str, int]] = field(factory=dict)
    shares: dict[str, Decimal] = field(factory=dict)
    past: dict[tuple[str, str], PastHolder] = field(factory=dict)
    chosen: dict[str, Choice] = field(factory=dict)

    def take(self, row: Row, trail: Trail) -> None:
        """One row of the table that its trail begins with."""
        _TAKES[str(trail[0])](self, row, trail)

    def facts(self) -> Facts:
        """What was said."""
        return Facts(
            self.claims.values(),
            self.served,
            self.counts.values(),
            self.ledgers,
            self.shares,
            self.past.values(),
            self.chosen.values(),
        )

    # What all rows have in common

    def complain(self, trail: Trail) -> nouns.Complain:
        """Hears of one column of a row."""
        return lambda column, what, cure: self.wrongs.add((*trail, column), what, cure)

    def moment(self, row: Row, column: str, trail: Trail) -> datetime | None:
        """A column's instant; without an offset it is of the plan's clock."""
        return nouns.moment(row, column, self.zone, self.complain(trail))

    def once(self, known: dict[Any, Any], name: Any, one: Any, place: Trail) -> None:
        """Keep it; the same again says nothing new, and the same name with other content is wrong."""
        if known.setdefault(name, one) != one:
            text = name if isinstance(name, str) else " ".join(name)
            self.wrongs.add(place, f"{quoted(text)} is given twice, and differs", "give each once")

    def made(self, trail: Trail, make: Callable[[], Any]) -> Any:
        """What could be made, or None and what the core says."""
        try:
            return make()
        except PlanError as error:
            for fault in error.faults:
                self.wrongs.say((*trail, *fault.path), fault.what, fault.cure)
            return None

    def remark(self, odd: Iterable[tuple[str, str, str]], trail: Trail) -> None:
        """Say what is odd about some columns and may be right all the same."""
        for column, what, cure in odd:
            self.say(f"{self.wrongs.places.of((*trail, column))}: {what}; {cure}")

    def keyed(self, company: Company, has_key: bool, trail: Trail) -> None:
        """Say by what nothing will ever meet it."""
        self.remark(doubtful_numbers(company), trail)
        if not has_key:
            self.remark([("company", *_NO_KEY)], trail)

    # Rows

    def claim(self, row: Row, trail: Trail) -> None:
        """A registration."""
        company = nouns.company(row, self.complain(trail))
        moments: dict[str, Any] = {name: self.moment(row, name, trail) for name in MOMENTS}
        for what, cure in unnoted(row["evidence"].split(";")) if "evidence" in row else ():
            self.wrongs.add((*trail, "evidence"), what, cure)
        history = self.history(row, trail)
        for column, what, cure in impossible(moments, history):
            self.wrongs.say((*trail, column), what, cure)
        claim = self.made(
            trail,
            lambda: Registration(
                row.get("id", ""),
                row.get("dealer", ""),
                company,
                status=row.get("status", ""),
                products=row.get("products"),
                email=row.get("email"),
                source=row.get("source", "dealer"),
                evidence=row.get("evidence"),
                history=history,
                **moments,
            ),
        )
        if claim is not None:
            self.keyed(company, bool(claim.keys), trail)
            self.remark(early(claim), trail)
            self.once(self.claims, claim.id, claim, (*trail, "id"))

    def history(self, row: Row, trail: Trail) -> tuple[Transition, ...]:
        """The steps of a claim; every fault in the cell is told."""
        told: list[tuple[str, str]] = []
        steps = read_history(row["history"], self.zone, lambda *one: told.append(one)) if "history" in row else ()
        for what, cure in told:
            self.wrongs.say((*trail, "history"), what, cure)
        return steps

    def incumbent(self, row: Row, trail: Trail) -> None:
        """Who has a company already."""
        company = nouns.company(row, self.complain(trail))
        since: Any = self.moment(row, "since", trail)
        keys = company.keys(email=row.get("email"))
        self.keyed(company, bool(keys), trail)
        dealer, status = row.get("dealer", ""), row.get("status", "open")
        one = self.made(trail, lambda: Incumbent(keys, dealer, since=since, status=status))
        if one is not None:
            self.served.append(one)

    def count(self, row: Row, trail: Trail) -> None:
        """How much a dealer has."""
        opened, recent = (self.whole(row, column, trail, least=0) for column in ("open", "last_30_days"))
        dealer = row.get("dealer", "")
        self.once(self.counts, dealer, Count(dealer, opened, recent), (*trail, "dealer"))

    def whole(self, row: Row, column: str, trail: Trail, least: int | None = None) -> int:
        """A column's whole number, 0 where there is none."""
        value = row.get(column, 0)
        if not isinstance(value, int) or (least is not None and value < least):
            what = f"{quoted(value)} is not a whole number{'' if least is None else f' from {least}'}"
            cure = "write whole millionths of a lead" if column == "credit" else ""
            self.wrongs.add((*trail, column), what, cure)
            return 0
        return value

    def credit(self, row: Row, trail: Trail) -> None:
        """What a dealer is owed in one rotation."""
        credit = self.whole(row, "credit", trail)
        ledger = self.ledgers.setdefault(row.get("ledger", ""), {})
        self.once(ledger, row.get("dealer", ""), credit, (*trail, "credit"))

    def share(self, row: Row, trail: Trail) -> None:
        """A factor on a dealer's weight."""
        dealer = row.get("dealer", "")
        try:
            share = Decimal(row.get("share", "1"))
            Facts(shares={dealer: share})
        except (ArithmeticError, FactsError):
            what = f"{quoted(row.get('share'))} is not a share"
            self.wrongs.add((*trail, "share"), what, "write a number from 0, with at most six decimals")
            return
        self.once(self.shares, dealer, share, (*trail, "dealer"))

    def past_holder(self, row: Row, trail: Trail) -> None:
        """A dealer that shall not have a lead again."""
        one = PastHolder(row.get("lead", ""), row.get("dealer", ""), row.get("why", ""))
        try:
            Facts(past_holders=[one])
        except FactsError as error:
            for fault in error.faults:
                self.wrongs.say((*trail, "why"), fault.what, fault.cure)
            return
        self.once(self.past, (one.lead, one.dealer), one, (*trail, "lead"))

    def choice(self, row: Row, trail: Trail) -> None:
        """A customer's written choice: at most one a lead."""
        chosen: Any = self.moment(row, "chosen_at", trail)
        texts: dict[str, Any] = {name: row.get(name, "") for name in ("id", "lead", "dealer", "evidence", "actor")}
        choice = self.made(trail, lambda: Choice(**texts, chosen_at=chosen))
        if choice is not None:
            self.once(self.chosen, choice.lead, choice, (*trail, "lead"))


_TAKES: dict[str, Callable[[FactRows, Row, Trail], None]] = {
    "registrations": FactRows.claim,
    "incumbents": FactRows.incumbent,
    "counts": FactRows.count,
    "ledgers": FactRows.credit,
    "shares": FactRows.share,
    "past_holders": FactRows.past_holder,
    "choices": FactRows.choice,
}
