"""`load_facts`: what has happened, from a folder of CSV tables.

May know: facts, nouns, places, files. May not know: what the facts decide.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from datetime import datetime, tzinfo
from decimal import Decimal
from pathlib import Path
from typing import Any

from attrs import define, field

from dealerrouting.documents import nouns
from dealerrouting.documents.csv_text import read_header, read_table
from dealerrouting.documents.files import MOST_TABLE, Say, bytes_of, silent
from dealerrouting.documents.places import Places, Rows, Trail, Unreadable, Wrongs
from dealerrouting.errors import FactsError, Fault, PlanError, did_you_mean, quoted
from dealerrouting.model import Count, Facts, Incumbent, PastHolder, Registration
from dealerrouting.rules import Plan

__all__ = ["TABLES", "load_facts"]

_COMPANY = ("company", "country", "company_number", "vat", "domain", "email", "postcode", "city")
TABLES = {
    "registrations": (
        ("id", "dealer", *_COMPANY, "products", "status", "submitted_at", "decided_at", "expires_at"),
        ("id", "dealer", "status", "submitted_at"),
    ),
    "incumbents": ((*_COMPANY, "dealer", "since", "status"), ("dealer", "since")),
    "counts": (("dealer", "open", "last_30_days"), ("dealer",)),
    "ledgers": (("ledger", "dealer", "credit"), ("ledger", "dealer", "credit")),
    "shares": (("dealer", "share"), ("dealer", "share")),
    "past_holders": (("lead", "dealer", "why"), ("lead", "dealer", "why")),
}
"""The columns of each table, and those it cannot do without."""

Row = dict[str, Any]


def load_facts(folder: str | Path, plan: Plan, *, say: Say = silent) -> Facts:
    """The facts in a folder.

    Its tables are `registrations.csv`, `incumbents.csv`, `counts.csv`, `ledgers.csv`, `shares.csv` and
    `past_holders.csv`; any may be missing. Instants without an offset are read on the plan's clock. `say`
    hears what was noticed and is not wrong: other files in the folder, dealers that the plan does not have,
    claims without a key. `FactsError` with everything that is wrong at once, each with file, line and column.
    """
    place = Path(folder)
    try:
        names = sorted(os.listdir(place))
    except (OSError, ValueError) as error:
        what = f"cannot be read: {getattr(error, 'strerror', None) or error}"
        raise FactsError([Fault(str(folder), what, "give a folder with registrations.csv, counts.csv, ...")]) from None
    files = {f"{name}.csv": name for name in TABLES}
    for name in names:
        if name not in files and not name.startswith("."):
            say(f"{place / name}: is no table of facts and is left alone; {did_you_mean(name, files)}")
    folderful = _Folder(place, plan, say)
    return folderful.facts([files[name] for name in files if name in names])


@define
class _Folder:
    """One folder of facts being read."""

    path: Path
    plan: Plan
    say: Say
    wrongs: Wrongs = field(init=False)
    zone: tzinfo = field(init=False)

    def __attrs_post_init__(self) -> None:
        """Times without an offset are those of the plan's clock."""
        self.wrongs = Wrongs(Places(str(self.path)))
        self.zone = self.plan.lens.zone

    def facts(self, tables: list[str]) -> Facts:
        claims: dict[str, Registration] = {}
        served: list[Incumbent] = []
        counts: dict[str, Count] = {}
        ledgers: dict[str, dict[str, int]] = {}
        shares: dict[str, Decimal] = {}
        past: dict[tuple[str, str], PastHolder] = {}
        takes: dict[str, Callable[[Row, Trail], None]] = {
            "registrations": lambda row, at: self.once(claims, self.claim(row, at), lambda c: c.id, at),
            "incumbents": lambda row, at: served.extend(self.incumbent(row, at)),
            "counts": lambda row, at: self.once(counts, self.count(row, at), lambda c: c.dealer, at),
            "ledgers": lambda row, at: self.credit(ledgers, row, at),
            "shares": lambda row, at: self.share(shares, row, at),
            "past_holders": lambda row, at: self.once(past, self.past(row, at), lambda p: (p.lead, p.dealer), at),
        }
        for table in tables:
            for trail, row in self.rows(table):
                takes[table](row, trail)
        if self.wrongs.faults:
            raise FactsError(self.wrongs.sorted())
        return Facts(claims.values(), served, counts.values(), ledgers, shares, past.values())

    def rows(self, table: str) -> Iterator[tuple[Trail, Row]]:
        """Each row's trail and the columns that say something."""
        path = self.path / f"{table}.csv"
        known, needed = TABLES[table]
        try:
            found = read_table(bytes_of(path, MOST_TABLE), str(path), self.say)
        except Unreadable as error:
            line, column = error.mark
            self.wrongs.faults.append(Fault(f"{path}:{line}:{column}", error.what, error.cure, (table,)))
            return
        header = read_header(found.names, known, needed)
        for column, what, cure in header.wrong:
            self.wrongs.faults.append(Fault(f"{path}:1:{column}", what, cure, (table,)))
        if header.missing:
            return
        lines: dict[str | int, int] = {}
        self.wrongs.places.tables[(table,)] = Rows(str(path), lines)
        for index, row in enumerate(found.rows()):
            lines[index] = row.line
            trail: Trail = (table, index)
            if len(row.cells) > len(header.columns) or row.loose:
                what = "a quote that does not close" if row.loose else "more cells than columns"
                self.wrongs.add((*trail, "row"), what, "quote a cell that holds the delimiter")
            cells = {column: nouns.typed(column, cell) for column, cell in header.cells(row).items()}
            for name in needed:
                if name not in cells:
                    self.wrongs.add((*trail, name), f"`{name}` is missing")
            self.known_dealer(cells.get("dealer"), trail)
            yield trail, cells

    def known_dealer(self, name: Any, trail: Trail) -> None:
        """Facts may name a dealer that has left; a slip of the pen looks the same, so it is said."""
        if name is not None and self.plan.dealer(name) is None:
            cure = did_you_mean(name, self.plan.by_id)
            self.say(f"{self.wrongs.places.of((*trail, 'dealer'))}: {quoted(name)} is no dealer of this plan; {cure}")

    def complain(self, trail: Trail) -> nouns.Complain:
        return lambda column, what, cure: self.wrongs.add((*trail, column), what, cure)

    def moment(self, row: Row, column: str, trail: Trail) -> datetime | None:
        return nouns.moment(row, column, self.zone, self.complain(trail))

    def once(self, known: dict[Any, Any], one: Any, ident: Callable[[Any], Any], trail: Trail) -> None:
        """Keep it; the same again says nothing new, and the same id with other content is wrong."""
        if one is None:
            return
        name = ident(one)
        if known.setdefault(name, one) != one:
            text = name if isinstance(name, str) else " ".join(name)
            column = TABLES[str(trail[0])][0][0]
            self.wrongs.add((*trail, column), f"{quoted(text)} is given twice, and differs", "give each once")

    def made(self, trail: Trail, make: Callable[[], Any]) -> Any:
        """What could be made, or None and what the core says."""
        try:
            return make()
        except PlanError as error:
            for fault in error.faults:
                self.wrongs.say((*trail, *fault.path), fault.what, fault.cure)
            return None

    # Rows

    def claim(self, row: Row, trail: Trail) -> Registration | None:
        company = nouns.company(row, self.complain(trail))
        moments: dict[str, Any] = {n: self.moment(row, n, trail) for n in ("submitted_at", "decided_at", "expires_at")}
        claim: Registration | None = self.made(
            trail,
            lambda: Registration(
                row.get("id", ""),
                row.get("dealer", ""),
                company,
                status=row.get("status", ""),
                products=row.get("products"),
                email=row.get("email"),
                **moments,
            ),
        )
        self.keyed(claim is None or bool(claim.keys), trail)
        return claim

    def keyed(self, has_key: bool, trail: Trail) -> None:
        if not has_key:
            where = self.wrongs.places.of((*trail, "company"))
            self.say(
                f"{where}: has no key, so no lead will meet it; give a number or VAT with its country, or a domain"
            )

    def incumbent(self, row: Row, trail: Trail) -> list[Incumbent]:
        company = nouns.company(row, self.complain(trail))
        since = self.moment(row, "since", trail)
        keys = company.keys(email=row.get("email"))
        self.keyed(bool(keys), trail)
        one = self.made(
            trail,
            lambda: Incumbent(keys, row.get("dealer", ""), since=since, status=row.get("status", "open")),  # type: ignore[arg-type]
        )
        return [one] if one else []

    def count(self, row: Row, trail: Trail) -> Count | None:
        opened, recent = (self.whole(row, column, trail, least=0) for column in ("open", "last_30_days"))
        return Count(row.get("dealer", ""), opened, recent)

    def whole(self, row: Row, column: str, trail: Trail, least: int | None = None) -> int:
        value = row.get(column, 0)
        if not isinstance(value, int) or (least is not None and value < least):
            cure = "write whole millionths of a lead" if column == "credit" else ""
            self.wrongs.add(
                (*trail, column),
                f"{quoted(value)} is not a whole number{'' if least is None else f' from {least}'}",
                cure,
            )
            return 0
        return value

    def credit(self, ledgers: dict[str, dict[str, int]], row: Row, trail: Trail) -> None:
        credit = self.whole(row, "credit", trail)
        ledger, dealer = row.get("ledger", ""), row.get("dealer", "")
        if ledgers.setdefault(ledger, {}).setdefault(dealer, credit) != credit:
            self.wrongs.add((*trail, "credit"), f"{quoted(dealer)} is given twice, and differs", "give each once")

    def share(self, shares: dict[str, Decimal], row: Row, trail: Trail) -> None:
        dealer = row.get("dealer", "")
        try:
            share = Decimal(row.get("share", "1"))
            Facts(shares={dealer: share})
        except (ArithmeticError, FactsError):
            what = f"{quoted(row.get('share'))} is not a share"
            self.wrongs.add((*trail, "share"), what, "write a number from 0, with at most six decimals")
            return
        if shares.setdefault(dealer, share) != share:
            self.wrongs.add((*trail, "dealer"), f"{quoted(dealer)} is given twice, and differs", "give each once")

    def past(self, row: Row, trail: Trail) -> PastHolder | None:
        one = PastHolder(row.get("lead", ""), row.get("dealer", ""), row.get("why", ""))
        try:
            Facts(past_holders=[one])
        except FactsError as error:
            for fault in error.faults:
                self.wrongs.say((*trail, "why"), fault.what, fault.cure)
            return None
        return one
